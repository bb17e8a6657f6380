package app

import (
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"sochibo/api"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/openapi/docs"
	"sochibo/internal/org"
)

// base is where the API begins.
const base = "/api/v1"

// routes are those of all slices, in the order of the rooms.
func (a *App) routes() []httpapi.Route {
	return slices.Concat(
		a.Auth.Routes(),
		a.Org.Routes(),
		a.Accounts.Routes(),
		a.Identities.Routes(),
		a.Members.Routes(),
		a.Rules.Routes(),
		a.Ledger.Routes(),
		a.Topics.Routes(),
		a.Directives.Routes(),
		a.Briefings.Routes(),
		a.Resolutions.Routes(),
		a.Meetings.Routes(),
		a.Schedules.Routes(),
		a.Amendments.Routes(),
		a.Erasures.Routes(),
		a.Structure.Routes(),
		a.Studies.Routes(),
		a.Activities.Routes(),
		a.Inspections.Routes(),
		a.Warnings.Routes(),
		a.Summaries.Routes(),
		a.Ratings.Routes(),
		a.Proofs.Routes(),
	)
}

// serviceRoutes are those about the server itself; they need no token.
func (a *App) serviceRoutes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/health/live", Permission: httpapi.Public, Handler: a.live, Always: true},
		{Method: http.MethodGet, Path: "/health/ready", Permission: httpapi.Public, Handler: a.ready, Always: true},
		{Method: http.MethodGet, Path: "/version", Permission: httpapi.Public, Handler: a.getVersion},
	}
}

// Handler returns the HTTP interface: the API, the contract and its page, and the questions about the server.
func (a *App) Handler() (http.Handler, error) {
	engine, err := a.engine()
	if err != nil {
		return nil, err
	}
	return engine, nil
}

func (a *App) engine() (*gin.Engine, error) {
	if a.broken != nil {
		return nil, a.broken
	}
	engine, err := httpapi.New(httpapi.Config{
		Logger: a.logger, TrustedProxies: a.config.TrustedProxies, CORSOrigins: a.config.CORSOrigins, Now: a.db.Now,
		Disclose:      recordAccess(a.db),
		MaxConcurrent: a.config.MaxConcurrent, Rates: httpapi.Rates{
			Read: httpapi.Rate(a.config.RateRead), Write: httpapi.Rate(a.config.RateWrite),
			Export: httpapi.Rate(a.config.RateExport), Stranger: httpapi.Rate(a.config.RateStranger),
		},
	})
	if err != nil {
		return nil, err
	}
	guard := rightsAgain(auth.Guard(a.Auth))
	httpapi.Mount(engine, base, guard, a.routes())
	httpapi.Mount(engine, "", guard, a.serviceRoutes())
	page, err := docs.Handler(api.OpenAPI())
	if err != nil {
		return nil, err
	}
	for _, path := range docs.Paths() {
		engine.GET(path, httpapi.Handle(showPage(page)))
	}
	engine.GET("/", func(c *gin.Context) { c.Redirect(http.StatusFound, "/docs") })
	return engine, nil
}

// rightsAgain has the rights remembered with which a request is decided, and lets the guard say who gets an answer that was kept for a
// repeated request: the caller with the same grant, as long as that still permits, somewhere, what the route asks for.
func rightsAgain(guard func(*gin.Context, httpapi.Permission) error) func(*gin.Context, httpapi.Permission) error {
	return func(c *gin.Context, permission httpapi.Permission) error {
		if err := guard(c, permission); err != nil {
			return err
		}
		actor := auth.Current(c)
		c.Request = c.Request.WithContext(org.WatchRights(c.Request.Context(), actor))
		if permission == httpapi.Public || permission == httpapi.SignedIn {
			return nil
		}
		httpapi.SetReplay(c, actor.GrantID.String(), func(ctx context.Context, tx *database.Tx) error {
			return org.AuthorizeAnywhere(ctx, tx, actor, permission)
		})
		return nil
	}
}

// showPage serves the page; an address that it does not have is refused as any other.
func showPage(page *http.ServeMux) httpapi.Handler {
	return func(c *gin.Context) error {
		handler, pattern := page.Handler(c.Request)
		if pattern == "" {
			return httpapi.ErrNoRoute
		}
		handler.ServeHTTP(c.Writer, c.Request)
		return nil
	}
}
