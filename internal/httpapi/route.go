package httpapi

import (
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"
)

// Permission names what a caller must be allowed for a route.
type Permission string

// The permissions that need no grant.
const (
	Public   Permission = "public"    // anybody
	SignedIn Permission = "signed_in" // anybody who is known
)

// Handler serves one use case. It returns its error instead of writing it, so none can be forgotten.
type Handler func(*gin.Context) error

// Route is one entry of the API. Its path is written as the documentation writes it: /meetings/{meeting_id}.
type Route struct {
	Method     string
	Path       string
	Permission Permission
	Handler    Handler
	Always     bool // answered without limits, for those who watch whether the server lives
	Persons    bool // its answer shows data of persons: who reads it in a privileged role is recorded first
}

// Mount puts the routes below base, each behind the guard. It panics on a route without a permission: that is a mistake of the
// program, found when it starts.
func Mount(engine *gin.Engine, base string, guard func(c *gin.Context, p Permission) error, routes []Route) {
	for _, route := range routes {
		if route.Permission == "" || route.Handler == nil {
			//nolint:forbidigo // it stops the program before it serves anybody
			panic(fmt.Sprintf("route %s %s lacks a permission or a handler", route.Method, route.Path))
		}
		engine.Handle(route.Method, base+ginPath(route.Path), Handle(func(c *gin.Context) error {
			of(c).route, of(c).base = route, base
			leave, err := of(c).limits.admit(c, route, guard)
			defer leave()
			if err != nil {
				return err
			}
			return route.Handler(c)
		}))
	}
}

// ginPath turns {name} into :name.
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}
