package httpapi_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"sochibo/internal/httpapi"
)

// shell is an engine with one route, and what it logged.
type shell struct {
	engine *gin.Engine
	log    *bytes.Buffer
}

// newShell serves every usual method of /thing and /things/:id with h.
func newShell(tb testing.TB, h httpapi.Handler, change ...func(*httpapi.Config)) *shell {
	tb.Helper()
	s := &shell{log: &bytes.Buffer{}}
	config := httpapi.Config{Logger: slog.New(slog.NewJSONHandler(s.log, nil))}
	for _, c := range change {
		c(&config)
	}
	engine, err := httpapi.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	s.engine = engine
	if h == nil {
		return s
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		for _, path := range []string{"/thing", "/things/{thing_id}"} {
			open := func(c *gin.Context, _ httpapi.Permission) error {
				httpapi.SetPrincipal(c, c.GetHeader("X-Test-Principal"))
				return nil
			}
			httpapi.Mount(engine, "", open, []httpapi.Route{{Method: method, Path: path, Permission: httpapi.Public, Handler: h}})
		}
	}
	return s
}

// call sends one request; headers are written "Name: value".
func (s *shell) call(tb testing.TB, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	request.Header.Set("Accept-Language", "en")
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if request.Header.Del(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	recorder := httptest.NewRecorder()
	s.engine.ServeHTTP(recorder, request)
	return recorder
}

// problem reads the problem of an answer and checks what every problem must have.
func problem(tb testing.TB, answer *httptest.ResponseRecorder) httpapi.Problem {
	tb.Helper()
	var p httpapi.Problem
	if err := json.Unmarshal(answer.Body.Bytes(), &p); err != nil {
		tb.Fatalf("status %d, body %q: %v", answer.Code, answer.Body, err)
	}
	if got := answer.Header().Get("Content-Type"); got != "application/problem+json" {
		tb.Errorf("content type %q", got)
	}
	if p.Status != answer.Code || p.Type != "urn:sochibo:problem:"+p.Code || p.RequestID != answer.Header().Get("X-Request-Id") ||
		p.Title == "" || p.Detail == "" || strings.Contains(p.Detail, "…") {
		tb.Errorf("status %d with %+v", answer.Code, p)
	}
	return p
}

func ok(c *gin.Context) error {
	return httpapi.JSON(c, http.StatusOK, map[string]string{"is": "well"})
}

// engineCall sends GET /thing with a raw query, which may be malformed.
func (s *shell) engineCall(tb testing.TB, query string) *httptest.ResponseRecorder {
	tb.Helper()
	request := httptest.NewRequest(http.MethodGet, "/thing", nil)
	request.URL.RawQuery = query
	request.Header.Set("Accept-Language", "en")
	recorder := httptest.NewRecorder()
	s.engine.ServeHTTP(recorder, request)
	return recorder
}
