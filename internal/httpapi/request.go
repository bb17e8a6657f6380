package httpapi

import (
	"context"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/database"
)

// request is what the shell keeps about the request being served.
type request struct {
	id        string
	principal string
	scope     string
	again     func(ctx context.Context, tx *database.Tx) error
	maxBody   int64
	limits    *limits
	now       time.Time

	route    Route
	base     string // before the route's path
	disclose func(*gin.Context, Disclosure) error

	body     []byte
	bodyErr  error
	bodyRead bool
	query    *Query
	format   bool

	err   error // how it failed, for the log
	stack []byte
}

const requestKey = "httpapi.request"

// of returns the state of the request; handlers run only behind begin, except in an engine that New did not make.
func of(c *gin.Context) *request {
	if kept, ok := c.Get(requestKey); ok {
		if state, ok := kept.(*request); ok {
			return state
		}
	}
	state := &request{maxBody: DefaultMaxBody, limits: &limits{}}
	c.Set(requestKey, state)
	return state
}

// saneID is what we take over as a request id: a UUID, or the same 32 digits as tracing writes them. It ends up in logs, so that
// anything in which a name, a number of a card or a token fits is replaced.
var saneID = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-?)[0-9A-Fa-f]{4}(-?)[0-9A-Fa-f]{4}(-?)[0-9A-Fa-f]{4}(-?)[0-9A-Fa-f]{12}$`)

func begin(config Config) gin.HandlerFunc {
	shared := newLimits(config)
	return func(c *gin.Context) {
		state := &request{id: c.GetHeader("X-Request-Id"), maxBody: config.MaxBody, limits: shared, now: config.Now(), disclose: config.Disclose}
		if !saneID.MatchString(state.id) {
			state.id = newID()
		}
		c.Set(requestKey, state)
		c.Header("X-Request-Id", state.id)
		c.Next()
	}
}

func newID() string {
	id, err := uuid.NewV7()
	if err != nil {
		return "no-entropy" // the request is still worth serving
	}
	return id.String()
}

// RequestID returns the id of the request, which the caller sees and the log holds.
func RequestID(c *gin.Context) string { return of(c).id }

// SetPrincipal notes who is calling; the id is logged, and idempotency keys belong to it.
func SetPrincipal(c *gin.Context, id string) { of(c).principal = id }

// Principal returns who is calling, empty for a stranger.
func Principal(c *gin.Context) string { return of(c).principal }

// SetReplay says for whom an answer is kept and who gets it again: scope names the rights the caller came with, and only the same rights
// find the answer; again decides whether the caller may still have it.
func SetReplay(c *gin.Context, scope string, again func(ctx context.Context, tx *database.Tx) error) {
	of(c).scope, of(c).again = scope, again
}

// Began returns the instant at which the request arrived.
func Began(c *gin.Context) time.Time { return of(c).now }

// SetMaxBody changes the largest body this request may bring, for uploads.
func SetMaxBody(c *gin.Context, bytes int64) { of(c).maxBody = bytes }

func noteFailure(c *gin.Context, err error, withStack bool) {
	state := of(c)
	state.err = err
	if withStack {
		state.stack = debug.Stack()
	}
}
