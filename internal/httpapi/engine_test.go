package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

func TestMountRefusesRoutesWithoutPermission(t *testing.T) {
	t.Parallel()
	for _, route := range []httpapi.Route{
		{Method: "GET", Path: "/a", Handler: ok},
		{Method: "GET", Path: "/a", Permission: httpapi.Public},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was mounted", route)
				}
			}()
			httpapi.Mount(newShell(t, nil).engine, "", nil, []httpapi.Route{route})
		}()
	}
}

func TestGuardStandsBeforeTheHandler(t *testing.T) {
	t.Parallel()
	s := newShell(t, nil)
	guard := func(c *gin.Context, p httpapi.Permission) error {
		if p != httpapi.SignedIn || c.Param("thing_id") != "7" {
			t.Errorf("permission %q, parameter %q", p, c.Param("thing_id"))
		}
		return fault.New(fault.Unauthenticated, "unauthenticated")
	}
	httpapi.Mount(s.engine, "/api/v1", guard, []httpapi.Route{{
		Method: "GET", Path: "/things/{thing_id}/parts", Permission: httpapi.SignedIn,
		Handler: func(*gin.Context) error { t.Error("the handler ran"); return nil },
	}})
	answer := s.call(t, "GET", "/api/v1/things/7/parts", "")
	if p := problem(t, answer); p.Status != 401 || answer.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("%+v", p)
	}
}

func TestRouterFailuresAreProblems(t *testing.T) {
	t.Parallel()
	s := newShell(t, nil)
	httpapi.Mount(s.engine, "", func(*gin.Context, httpapi.Permission) error { return nil },
		[]httpapi.Route{{Method: "GET", Path: "/one", Permission: httpapi.Public, Handler: ok}})
	if p := problem(t, s.call(t, "GET", "/nowhere", "")); p.Code != "route_not_found" || p.Status != 404 {
		t.Errorf("%+v", p)
	}
	if p := problem(t, s.call(t, "GET", "/one/", "")); p.Status != 404 {
		t.Errorf("%+v", p)
	}
	answer := s.call(t, "POST", "/one", "")
	if p := problem(t, answer); p.Code != "method_not_allowed" || p.Status != 405 || answer.Header().Get("Allow") != "GET" {
		t.Errorf("%+v, %v", p, answer.Header())
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	s := newShell(t, ok)
	for _, target := range []string{"/thing", "/nowhere", "/thing?odd=1"} {
		header := s.call(t, "GET", target, "").Header()
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
			"Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": "",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s = %q", target, name, got)
			}
		}
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	s := newShell(t, ok)
	for _, sane := range []string{"0198c0de-0000-7000-8000-000000000001", "4bf92f3577b34da6a3ce929d0e0e4736"} {
		if got := s.call(t, "GET", "/thing", "", "X-Request-Id: "+sane).Header().Get("X-Request-Id"); got != sane {
			t.Errorf("a sane id became %q", got)
		}
	}
	for _, odd := range []string{"", "a b", "abc-1", "079000000017", strings.Repeat("a", 65), "a\"b", "é"} {
		got := s.call(t, "GET", "/thing", "", "X-Request-Id: "+odd).Header().Get("X-Request-Id")
		if got == odd || len(got) != 36 {
			t.Errorf("%q became %q", odd, got)
		}
	}
}

func TestAccessLogHoldsNoContent(t *testing.T) {
	t.Parallel()
	s := newShell(t, ok)
	s.call(t, "GET", "/things/secret-id?q=Nguyen", "", "X-Test-Principal: user-1")
	if log := s.log.String(); strings.Contains(log, "secret-id") || strings.Contains(log, "Nguyen") || strings.Count(log, "\n") != 1 {
		t.Fatalf("logged: %s", log)
	}
	var line map[string]any
	if err := json.Unmarshal(s.log.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["route"] != "/things/:thing_id" || line["status"] != 400.0 || line["principal"] != "user-1" || line["code"] != "parameter_unknown" {
		t.Errorf("%v", line)
	}
}

func TestUnknownErrorsAreOpaqueAndLoggedOnce(t *testing.T) {
	t.Parallel()
	secret := errors.New("password of the database")
	handlers := map[string]httpapi.Handler{
		"error":    func(*gin.Context) error { return fmt.Errorf("save: %w", secret) },
		"internal": func(*gin.Context) error { return fault.Because(fault.New(fault.Internal, "odd_code"), secret) },
		"panic":    func(*gin.Context) error { panic(secret) },
		"json": func(c *gin.Context) error {
			return httpapi.JSON(c, 200, map[string]any{"f": func() {}, "s": secret.Error()})
		},
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShell(t, handler)
			answer := s.call(t, "GET", "/thing", "")
			if p := problem(t, answer); p.Status != 500 || p.Code != "internal" || strings.Contains(answer.Body.String(), "password") {
				t.Errorf("%+v", p)
			}
			log := s.log.String()
			if name != "json" && strings.Count(log, "password") != 1 || strings.Count(log, "\n") != 1 || !strings.Contains(log, `"ERROR"`) {
				t.Errorf("logged: %s", log)
			}
			if strings.Contains(log, `"stack"`) != (name == "panic") {
				t.Errorf("stack: %s", log)
			}
		})
	}
}

func TestCanceledIsLoggedOnly(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(*gin.Context) error { return fmt.Errorf("read: %w", context.Canceled) })
	answer := s.call(t, "GET", "/thing", "")
	if answer.Code != 499 || answer.Body.Len() != 0 || strings.Contains(s.log.String(), "ERROR") {
		t.Errorf("%d %q, log %s", answer.Code, answer.Body, s.log)
	}
}

func TestFaultHeaders(t *testing.T) {
	t.Parallel()
	err := fault.WithETag(fault.Retry(fault.New(fault.Stale, "version_stale"), 1500*time.Millisecond), `"8"`)
	answer := newShell(t, func(c *gin.Context) error {
		c.Header("Location", "/gone")
		return err
	}).call(t, "PUT", "/thing", "")
	header := answer.Header()
	if answer.Code != 412 || header.Get("Retry-After") != "2" || header.Get("ETag") != `"8"` || header.Get("Location") != "" {
		t.Errorf("%d %v", answer.Code, header)
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(*gin.Context) error { return fault.New(fault.Timeout, "timeout") })
	for accept, want := range map[string]string{
		"": "vi", "en": "en", "en-GB,en;q=0.9": "en", "vi-VN,en;q=0.5": "vi", "fr": "vi", "fr,en;q=0.4": "en", ";;": "vi",
		strings.Repeat("en,", 200): "vi",
	} {
		answer := s.call(t, "GET", "/thing", "", "Accept-Language: "+accept)
		if got := answer.Header().Get("Content-Language"); got != want {
			t.Errorf("%q gives %q", accept, got)
		}
		title, _ := fault.Message(want, "timeout", nil)
		if p := problem(t, answer); p.Title != title {
			t.Errorf("%q gives %q", accept, p.Title)
		}
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	s := newShell(t, ok, func(c *httpapi.Config) { c.CORSOrigins = []string{"https://so.example"} })
	tests := []struct {
		method, origin, allowed string
		status                  int
	}{
		{"GET", "https://so.example", "https://so.example", 200},
		{"GET", "https://so.example.evil", "", 200},
		{"GET", "null", "", 200},
		{"OPTIONS", "https://so.example", "https://so.example", 204},
		{"OPTIONS", "https://evil.example", "", 405},
	}
	for _, test := range tests {
		answer := s.call(t, test.method, "/thing", "", "Origin: "+test.origin, "Access-Control-Request-Method: PUT")
		header := answer.Header()
		if answer.Code != test.status || header.Get("Access-Control-Allow-Origin") != test.allowed || header.Get("Vary") == "" {
			t.Errorf("%+v: %d %v", test, answer.Code, header)
		}
		if header.Get("Access-Control-Allow-Credentials") != "" {
			t.Error("credentials are allowed")
		}
	}
	if answer := s.call(t, "GET", "/thing", ""); strings.Contains(answer.Header().Get("Vary"), "Origin") {
		t.Errorf("without an origin: %v", answer.Header())
	}
}

func TestForwardedAddressIsNotBelieved(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		return httpapi.JSON(c, 200, map[string]string{"ip": c.ClientIP()})
	})
	if body := s.call(t, "GET", "/thing", "", "X-Forwarded-For: 6.6.6.6").Body.String(); strings.Contains(body, "6.6.6.6") {
		t.Error(body)
	}
	if _, err := httpapi.New(httpapi.Config{TrustedProxies: []string{"no address"}}); err == nil {
		t.Error("a malformed proxy was taken")
	}
}

func TestServeFinishesWhatIsRunning(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	entered, release := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		if r.Context().Err() != nil {
			t.Error("the running request was cut off")
		}
		w.WriteHeader(http.StatusNoContent)
	})
	served := make(chan error, 1)
	go func() { served <- httpapi.Serve(ctx, listener, handler, slog.New(slog.DiscardHandler)) }()
	answered := make(chan int, 1)
	go func() {
		response, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			answered <- 0
			return
		}
		_ = response.Body.Close()
		answered <- response.StatusCode
	}()
	<-entered
	stop()
	close(release)
	if status, err := <-answered, <-served; status != http.StatusNoContent || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
	if err := httpapi.Serve(t.Context(), listener, handler, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a closed listener was served")
	}
}

func TestEngineOfOthersStillWorks(t *testing.T) {
	t.Parallel()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/thing", httpapi.Handle(func(*gin.Context) error { return httpapi.ErrNoRoute }))
	recorder := httptest.NewRecorder()
	engine.ServeHTTP(recorder, httptest.NewRequest("GET", "/thing", nil))
	if recorder.Code != 404 {
		t.Errorf("status %d", recorder.Code)
	}
}
