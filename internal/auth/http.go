package auth

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"sochibo/internal/httpapi"
)

const actorKey = "sochibo/auth.actor"

// Guard returns the guard of all routes: public ones are open, the others need a token or a login session, and a fresh proof where a login
// session changes something by a weighty permission. Which grant permits the act on which organisation is decided inside the act's
// transaction.
//
// Faults: unauthenticated, fresh_proof_needed.
func Guard(s *Service) func(c *gin.Context, permission httpapi.Permission) error {
	return func(c *gin.Context, permission httpapi.Permission) error {
		if permission == httpapi.Public {
			return nil
		}
		if err := s.identify(c); err != nil || reads(c.Request.Method) || !Weighty(permission) {
			return err
		}
		return Current(c).CheckProof()
	}
}

func reads(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// Authenticate returns the guard as middleware, for routes that are mounted outside the API.
func Authenticate(s *Service) gin.HandlerFunc {
	return httpapi.Handle(func(c *gin.Context) error {
		err := s.identify(c)
		if err != nil {
			c.Abort()
		}
		return err
	})
}

// Current returns who is calling; behind the guard there is always somebody.
func Current(c *gin.Context) Actor {
	actor, _ := c.Value(actorKey).(Actor)
	return actor
}

// identify finds out who is calling: by the bearer token or session, or by the session's cookie where there is no such header.
func (s *Service) identify(c *gin.Context) error {
	plaintext, ok := bearer(c)
	if !ok && len(c.Request.Header.Values("Authorization")) == 0 {
		plaintext, ok = sessionCookie(c)
	}
	if !ok {
		return ErrUnauthenticated
	}
	actor, err := s.Authenticate(c.Request.Context(), plaintext)
	if err != nil {
		return err
	}
	c.Set(actorKey, actor)
	httpapi.SetPrincipal(c, actor.Principal())
	return nil
}

func bearer(c *gin.Context) (string, bool) {
	values := c.Request.Header.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimSpace(token)
	return token, strings.EqualFold(scheme, "Bearer") && token != ""
}

// sessionCookie returns the session in the cookie; a cookie is for sessions alone.
func sessionCookie(c *gin.Context) (string, bool) {
	cookie, err := c.Request.Cookie(sessionCookieName)
	if err != nil || !strings.HasPrefix(cookie.Value, sessionPrefix) {
		return "", false
	}
	return cookie.Value, true
}
