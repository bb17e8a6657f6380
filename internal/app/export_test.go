package app

import (
	"context"

	"sochibo/internal/httpapi"
)

// Base is where the API begins.
const Base = base

// Routes are those of all slices, for tests that mount them otherwise.
func (a *App) Routes() []httpapi.Route { return a.routes() }

// ServiceRoutes are those about the server itself.
func (a *App) ServiceRoutes() []httpapi.Route { return a.serviceRoutes() }

// CloseDays commits to the accesses of the days that have ended.
func (a *App) CloseDays(ctx context.Context) error { return a.closeDays(ctx) }

// Housekeeper returns what the server does each time it looks at the clock.
func (a *App) Housekeeper() func(context.Context) { return newHousekeeper(a).look }
