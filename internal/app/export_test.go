package app

import "sochibo/internal/httpapi"

// Base is where the API begins.
const Base = base

// Routes are those of all slices, for tests that mount them otherwise.
func (a *App) Routes() []httpapi.Route { return a.routes() }

// ServiceRoutes are those about the server itself.
func (a *App) ServiceRoutes() []httpapi.Route { return a.serviceRoutes() }
