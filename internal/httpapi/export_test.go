package httpapi

import (
	"net/http"
	"time"
)

// MostCallers is how many callers a limit keeps in mind.
const MostCallers = mostCallers

// Callers lets callers take a share of a new limit, one after the other, and returns how many it keeps in mind.
func Callers(r Rate, now time.Time, callers func(yield func(string) bool)) int {
	l := newLimiter("test", r)
	for caller := range callers {
		_ = l.take(http.Header{}, caller, now)
	}
	return len(l.callers)
}
