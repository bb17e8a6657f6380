package httpapi

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/fault"
)

// DefaultMaxBody is the largest JSON body that is read.
const DefaultMaxBody = 1 << 20

// Config is what the shell needs to know.
type Config struct {
	Logger         *slog.Logger
	MaxBody        int64    // bytes of a body; DefaultMaxBody if 0
	TrustedProxies []string // whose X-Forwarded-For counts; nobody's by default
	CORSOrigins    []string // exact origins whose pages may call; none by default
	Rates          Rates    // how often one caller may call; no limit by default
	MaxConcurrent  int      // requests worked on at once; no limit if 0
	Now            func() time.Time

	// Disclose is told of each answer that shows data of persons before it leaves; an error keeps it from leaving. Nobody is told if nil.
	Disclose func(*gin.Context, Disclosure) error
}

// The faults of addresses that are not there, and of pages of other origins.
var (
	ErrNoRoute  = fault.New(fault.NotFound, "route_not_found")
	ErrNoMethod = fault.New(fault.NotAllowed, "method_not_allowed")
	// ErrCrossOrigin refuses a change that a page of another site asks for.
	ErrCrossOrigin = fault.New(fault.Forbidden, "cross_origin_request")
)

// New returns an engine without routes that answers every failure with a problem.
func New(config Config) (*gin.Engine, error) {
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.MaxBody == 0 {
		config.MaxBody = DefaultMaxBody
	}
	if config.Now == nil {
		config.Now = time.Now //nolint:forbidigo // the shell measures how long requests take
	}
	gin.SetMode(gin.ReleaseMode) // gin would print routes to standard output
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.ContextWithFallback = true
	if err := engine.SetTrustedProxies(config.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	protection, err := sameOrigin(config.CORSOrigins)
	if err != nil {
		return nil, err
	}
	engine.Use(begin(config), accessLog(config), recovery, securityHeaders, knownMethods, cors(config.CORSOrigins), protection)
	engine.NoRoute(Handle(func(*gin.Context) error { return ErrNoRoute }))
	engine.NoMethod(Handle(func(*gin.Context) error { return ErrNoMethod }))
	return engine, nil
}
