package httpapi

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// accessLog writes one line for each request: ids, the route as it is declared, and how it ended. Addresses, query strings and names
// stay out of it.
func accessLog(config Config) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Next()
		state := of(c)
		attributes := []slog.Attr{
			slog.String("request_id", state.id),
			slog.String("method", c.Request.Method),
			slog.String("route", c.FullPath()),
			slog.Int("status", c.Writer.Status()),
			slog.Int64("duration_us", config.Now().Sub(state.now).Microseconds()),
			slog.Int("bytes", max(c.Writer.Size(), 0)),
		}
		if state.principal != "" {
			attributes = append(attributes, slog.String("principal", state.principal))
		}
		level, failure := describe(state)
		config.Logger.LogAttrs(c.Request.Context(), level, "request", append(attributes, failure...)...)
	}
}

// describe says how a request failed: the code of a fault the caller has to mend, the whole chain of one that is ours, without the
// values in it.
func describe(state *request) (slog.Level, []slog.Attr) {
	if state.err == nil {
		return slog.LevelInfo, nil
	}
	f := fault.Classify(state.err)
	attributes := []slog.Attr{slog.String("code", f.Code)}
	if f.Kind.Status() < http.StatusInternalServerError {
		return slog.LevelInfo, attributes
	}
	attributes = append(attributes, slog.String("error", database.LogText(state.err)))
	if state.stack != nil {
		attributes = append(attributes, slog.String("stack", string(state.stack)))
	}
	return slog.LevelError, attributes
}

// recovery turns a panic into an opaque problem; the log line holds the stack.
func recovery(c *gin.Context) {
	defer func() {
		thrown := recover()
		if thrown == nil {
			return
		}
		if err, ok := thrown.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(thrown) //nolint:forbidigo // net/http closes the connection
		}
		err := panicked(thrown)
		noteFailure(c, err, true)
		if c.Writer.Written() {
			panic(http.ErrAbortHandler) //nolint:forbidigo // half an answer must not look whole
		}
		renderProblem(c, err)
	}()
	c.Next()
}

// panicked makes an error of what was thrown; a value that is no text may be a record, and only its type is told.
func panicked(thrown any) error {
	switch value := thrown.(type) {
	case error:
		return errors.New("panic: " + database.LogText(value)) // not wrapped: a fault that is thrown is still our mistake
	case string:
		return errors.New("panic: " + value)
	default:
		return fmt.Errorf("panic: a %T", thrown)
	}
}

// sameOrigin refuses what a page of another site would have a browser do with the session of its user. Pages of the origins that may
// call are no strangers.
func sameOrigin(origins []string) (gin.HandlerFunc, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("origin: %w", err)
		}
	}
	return func(c *gin.Context) {
		if protection.Check(c.Request) == nil {
			c.Next()
			return
		}
		noteFailure(c, ErrCrossOrigin, false)
		renderProblem(c, ErrCrossOrigin)
	}, nil
}

// securityHeaders are on every answer; a page that needs more sets its own Content-Security-Policy.
func securityHeaders(c *gin.Context) {
	header := c.Writer.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	if c.Request.TLS != nil {
		header.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// knownMethods refuses, at every address, methods that no address has, TRACE among them.
func knownMethods(c *gin.Context) {
	switch c.Request.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		c.Next()
	default:
		c.Header("Allow", corsMethods+", OPTIONS")
		noteFailure(c, ErrNoMethod, false)
		renderProblem(c, ErrNoMethod)
	}
}

const (
	corsMethods = "GET, POST, PUT, PATCH, DELETE"
	corsTaken   = "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id"
	corsShown   = "Content-Disposition, ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, Sochibo-Dry-Run, X-Request-Id"
)

// cors lets the pages of the named origins call. Origins are compared whole, and none is ever reflected unseen.
func cors(origins []string) gin.HandlerFunc {
	return func(c *gin.Context) {
		origin := c.GetHeader("Origin")
		if len(origins) == 0 || origin == "" {
			c.Next()
			return
		}
		header := c.Writer.Header()
		header.Add("Vary", "Origin")
		if !slices.Contains(origins, origin) {
			c.Next()
			return
		}
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Expose-Headers", corsShown)
		if c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != "" {
			header.Set("Access-Control-Allow-Methods", corsMethods)
			header.Set("Access-Control-Allow-Headers", corsTaken)
			header.Set("Access-Control-Max-Age", "600")
			c.AbortWithStatus(http.StatusNoContent)
			return
		}
		c.Next()
	}
}
