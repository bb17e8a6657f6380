package app_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// required are the headers of every answer, whatever it is; an empty value stands for any.
var required = map[string]string{
	"Cache-Control": "", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "", "Referrer-Policy": "no-referrer",
	"Cross-Origin-Resource-Policy": "same-origin", "X-Request-Id": "",
}

// surface collects what is wrong with answers.
type surface struct {
	testing.TB

	handler http.Handler
	asked   int
	wrong   int
}

func (s *surface) complain(format string, args ...any) {
	s.Helper()
	s.wrong++
	s.Errorf(format, args...)
}

// ask sends a request and looks at what every answer must have.
func (s *surface) ask(method, target string, headers ...string) *httptest.ResponseRecorder {
	s.Helper()
	request := httptest.NewRequestWithContext(s.Context(), method, target, http.NoBody)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	s.asked++
	header := recorder.Header()
	for name, value := range required {
		if got := header.Get(name); got == "" || value != "" && got != value {
			s.complain("%s %s: %d with %s: %q", method, target, recorder.Code, name, got)
		}
	}
	for name := range header {
		if name == "Server" || name == "X-Powered-By" || strings.HasPrefix(name, "Access-Control-") {
			s.complain("%s %s: %s: %s", method, target, name, header.Get(name))
		}
	}
	if recorder.Code >= 400 && header.Get("Content-Type") != "application/problem+json" {
		s.complain("%s %s: %d of type %q", method, target, recorder.Code, header.Get("Content-Type"))
	}
	return recorder
}

// TestE36Surface asks every documented address, and many that are not, in every method and as a page of another site.
func TestE36Surface(t *testing.T) {
	t.Parallel()
	eachInstallation(t, func(t *testing.T, in installation) {
		s := &surface{TB: t, handler: in.handler}
		token := "Authorization: Bearer " + in.as(t, auth.RoleAuditor, "").token
		f := newFuzzer(t, in, 1)
		for _, o := range f.operations {
			target := f.fillPath(o.path, nil)
			for _, method := range []string{o.method, "TRACE", "CONNECT", "PROPFIND", "get", "FOO"} {
				answer := s.ask(method, target, token)
				if method != o.method && answer.Code != http.StatusMethodNotAllowed {
					s.complain("%s %s: %d", method, target, answer.Code)
				}
			}
			s.ask(o.method, target)
			s.ask(http.MethodOptions, target, "Origin: https://evil.example", "Access-Control-Request-Method: PUT")
			if o.method != http.MethodGet {
				answer := s.ask(o.method, target, token, "Sec-Fetch-Site: cross-site", "Origin: https://evil.example", "Cookie: sid=1")
				if answer.Code != http.StatusForbidden {
					s.complain("%s %s from another site: %d", o.method, target, answer.Code)
				}
			}
		}
		for _, hidden := range hiddenAddresses() {
			if answer := s.ask(http.MethodGet, hidden, token); answer.Code != http.StatusNotFound {
				s.complain("%s: %d", hidden, answer.Code)
			}
			for _, method := range []string{"TRACE", "PROPFIND"} {
				if answer := s.ask(method, hidden, token); answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") == "" {
					s.complain("%s %s: %d", method, hidden, answer.Code)
				}
			}
		}
		for _, page := range []string{"/", "/docs", "/openapi.json", "/health/live", "/health/ready", "/version"} {
			if answer := s.ask(http.MethodGet, page); answer.Code >= 400 {
				s.complain("%s: %d", page, answer.Code)
			}
		}
		experiment.Report(t, experiment.Result{ID: "E-36", Engine: string(in.DB().Engine()), N: s.asked, Observed: s.wrong, Pass: s.wrong == 0})
	})
}

func hiddenAddresses() []string {
	return []string{
		"/debug/pprof/", "/debug/pprof/heap", "/debug/vars", "/metrics", "/.git/config", "/.env", "/sochibo.db", "/api/v1", "/api/v1/", "/admin",
		"/api/v1/members/..%2f..%2fdebug/pprof", "/docs/../../etc/passwd", "/docs/%2e%2e/%2e%2e/etc/passwd", "//docs", "/swagger.json/..",
	}
}

// TestE36SpoofedAddress gives a stranger a new false address with each request: the share of the true one has to be used up.
func TestE36SpoofedAddress(t *testing.T) {
	t.Parallel()
	for proxies, want := range map[string]int{"": 5, "192.0.2.1": 60} { // httptest requests come from 192.0.2.1
		c := config.Config{RateStranger: config.Rate{Count: 1, Per: 1 << 40, Burst: 5}}
		if proxies != "" {
			c.TrustedProxies = []string{proxies}
		}
		handler, err := app.Over(dbtest.Open(t, database.SQLite, database.Options{}), c, "test", slog.New(slog.DiscardHandler)).Handler()
		if err != nil {
			t.Fatal(err)
		}
		s := &surface{TB: t, handler: handler}
		passed := 0
		for i := range 60 {
			answer := s.ask(http.MethodGet, "/version", fmt.Sprintf("X-Forwarded-For: 10.0.0.%d", i), fmt.Sprintf("X-Real-Ip: 10.1.0.%d", i))
			if answer.Code == http.StatusOK {
				passed++
			}
		}
		if passed != want {
			s.complain("with the proxy %q trusted %d of 60 requests passed, want %d", proxies, passed, want)
		}
		experiment.Report(t, experiment.Result{ID: "E-36", Engine: "sqlite", N: 60, Observed: s.wrong, Pass: s.wrong == 0})
	}
}

// TestE36Wire speaks to the socket in ways no client library would.
func TestE36Wire(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, s server) {
		wrong := 0
		requests := []string{
			"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", "FOO /version HTTP/1.1\r\nHost: x\r\n\r\n", "GET /version HTTP/1.1\r\n\r\n",
			"GET /api/v1/topics?q=\x00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /version HTTP/1.1\r\nHost: x\r\nX-A: b\x00c\r\n\r\n",
			"GET /version HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
			"GET /version HTTP/9.9\r\nHost: x\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		}
		for _, request := range requests {
			status, header := raw(t, strings.TrimPrefix(s.url, "http://"), request)
			if status < 400 && !strings.HasPrefix(request, "GET /version HTTP/1.1\r\nHost: x\r\nContent-Length") || status >= 500 && status != 505 || slices.Contains(header, "Server") {
				wrong++
				t.Errorf("%q: %d %v", request, status, header)
			}
		}
		experiment.Report(t, experiment.Result{ID: "E-36", Engine: string(s.DB().Engine()), N: len(requests), Observed: wrong, Pass: wrong == 0})
	})
}

// raw sends bytes and returns status and names of the headers of what comes back.
func raw(tb testing.TB, address, request string) (int, []string) {
	tb.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close() // the answer is read
	if _, err := conn.Write([]byte(request + "\r\n\r\n")); err != nil {
		tb.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 400, nil // closed without a word
	}
	defer response.Body.Close()
	var names []string
	for name := range response.Header {
		names = append(names, name)
	}
	return response.StatusCode, names
}

// TestE36MonitoringIsApart: metrics and profiles stand on a listener of their own, which takes no address beyond the machine.
func TestE36MonitoringIsApart(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:9090", ":9090", "192.0.2.1:9090"} {
		if _, err := config.Load([]string{"SOCHIBO_ADMIN_LISTEN=" + address}); err == nil {
			t.Errorf("%s was taken", address)
		}
	}
}
