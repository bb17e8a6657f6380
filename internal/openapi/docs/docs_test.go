package docs_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"sochibo/internal/openapi/docs"
)

const spec = `{"openapi":"3.0.3"}`

func get(t *testing.T, method, target string, header ...string) *http.Response {
	t.Helper()
	handler, err := docs.Handler([]byte(spec))
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestHandler(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, target        string
		status                int
		contentType, location string
	}{
		{"GET", "/openapi.json", 200, "application/json; charset=utf-8", ""},
		{"HEAD", "/openapi.json", 200, "application/json; charset=utf-8", ""},
		{"GET", "/docs", 200, "text/html; charset=utf-8", ""},
		{"GET", "/docs/swagger-ui.css", 200, "text/css; charset=utf-8", ""},
		{"GET", "/docs/", 301, "text/html; charset=utf-8", "/docs"},
		{"GET", "/swagger/index.html", 301, "text/html; charset=utf-8", "/docs"},
		{"GET", "/docs/absent.js", 404, "text/plain; charset=utf-8", ""},
		{"POST", "/openapi.json", 405, "text/plain; charset=utf-8", ""},
	} {
		t.Run(test.method+" "+test.target, func(t *testing.T) {
			t.Parallel()
			answer := get(t, test.method, test.target)
			defer answer.Body.Close()
			if answer.StatusCode != test.status || answer.Header.Get("Content-Type") != test.contentType ||
				answer.Header.Get("Location") != test.location {
				t.Errorf("got %d %v", answer.StatusCode, answer.Header)
			}
		})
	}
}

// The page may load only what the binary holds.
func TestPageStandsAlone(t *testing.T) {
	t.Parallel()
	answer := get(t, "GET", "/docs")
	defer answer.Body.Close()
	page := body(t, answer.Body)
	if !strings.Contains(page, "<title>sochibo API</title>") {
		t.Error("the page has no title")
	}
	links := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 5 {
		t.Fatalf("found only %d links", len(links))
	}
	for _, link := range links {
		asset := get(t, "GET", link[1])
		if asset.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", link[1], asset.StatusCode)
		}
		if policy := asset.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("%s: policy %q", link[1], policy)
		}
		asset.Body.Close()
	}
}

func TestCompressedAndUnchanged(t *testing.T) {
	t.Parallel()
	answer := get(t, "GET", "/openapi.json", "Accept-Encoding", "br, gzip")
	defer answer.Body.Close()
	unzipped, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, unzipped); got != spec {
		t.Errorf("got %q", got)
	}
	again := get(t, "GET", "/openapi.json", "Accept-Encoding", "gzip", "If-None-Match", answer.Header.Get("ETag"))
	defer again.Body.Close()
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("got %d, want 304", again.StatusCode)
	}
}
