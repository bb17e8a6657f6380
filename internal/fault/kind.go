package fault

import (
	"context"
	"errors"
	"net/http"
)

// Kind is the class of a failure; it decides the HTTP status.
type Kind int

// The kinds of failure. Internal is the zero value: what nobody classified is our own fault.
const (
	Internal             Kind = iota // everything else; the client sees an opaque text
	Malformed                        // not the JSON, id or month this endpoint takes
	Unauthenticated                  // no token or a bad one
	Forbidden                        // known, may see, may not do
	NotFound                         // absent, or may not be seen
	Conflict                         // duplicate, wrong state, still in use
	Stale                            // the version in If-Match is not the current one
	PreconditionRequired             // If-Match is missing
	TooLarge                         // the body is beyond the limit
	Invalid                          // well-formed, but breaks a rule
	NotAllowed                       // the address has no such method
	NotAcceptable                    // the answer does not exist in the format asked for
	Unsupported                      // the body's media type is not taken
	TooMany                          // the caller's share is used up
	Unavailable                      // the store cannot be reached now
	Timeout                          // the time for the request ran out
	Canceled                         // the caller has gone
)

// statusClientClosed is what proxies log for a caller who left before the answer.
const statusClientClosed = 499

// Status returns the HTTP status of the kind.
func (k Kind) Status() int {
	if k < 0 || int(k) >= len(statuses) {
		return http.StatusInternalServerError
	}
	return statuses[k]
}

var statuses = [...]int{
	Internal:             http.StatusInternalServerError,
	Malformed:            http.StatusBadRequest,
	Unauthenticated:      http.StatusUnauthorized,
	Forbidden:            http.StatusForbidden,
	NotFound:             http.StatusNotFound,
	Conflict:             http.StatusConflict,
	Stale:                http.StatusPreconditionFailed,
	PreconditionRequired: http.StatusPreconditionRequired,
	TooLarge:             http.StatusRequestEntityTooLarge,
	Invalid:              http.StatusUnprocessableEntity,
	NotAllowed:           http.StatusMethodNotAllowed,
	NotAcceptable:        http.StatusNotAcceptable,
	Unsupported:          http.StatusUnsupportedMediaType,
	TooMany:              http.StatusTooManyRequests,
	Unavailable:          http.StatusServiceUnavailable,
	Timeout:              http.StatusGatewayTimeout,
	Canceled:             statusClientClosed,
}

// Classify turns any error into a fault: one that is in the chain, the end of a context, or an internal one hiding the error.
func Classify(err error) *Fault {
	if f, ok := As(err); ok {
		return f
	}
	switch {
	case errors.Is(err, context.Canceled):
		return &Fault{Kind: Canceled, Code: "canceled", cause: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Fault{Kind: Timeout, Code: "timeout", cause: err}
	default:
		return &Fault{Kind: Internal, Code: "internal", cause: err}
	}
}

// KindOf returns the kind of an error; Internal for one that nobody classified.
func KindOf(err error) Kind { return Classify(err).Kind }

// CodeOf returns the stable code of an error; "internal" for one that nobody classified, empty for nil.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	return Classify(err).Code
}
