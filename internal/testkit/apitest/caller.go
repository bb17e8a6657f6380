package apitest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"sochibo/internal/auth"
)

// Caller sends requests as somebody. Every exchange is judged by the published contract.
type Caller struct {
	Actor auth.Actor

	handler http.Handler
	token   string
}

// NewCaller returns somebody with the token who sends requests to the handler; without a
// token it is a stranger.
func NewCaller(handler http.Handler, token string) Caller {
	return Caller{handler: handler, token: token}
}

// Do sends a request below /api/v1 and fails the test where the exchange is not as the contract says; headers are given as
// "Name: value".
func (c Caller) Do(tb testing.TB, method, path, body string, headers ...string) Answer {
	tb.Helper()
	return c.send(tb, method, "/api/v1"+path, body, headers...)
}

// Ask sends a GET to an address outside the API.
func (c Caller) Ask(tb testing.TB, target string) Answer {
	tb.Helper()
	return c.send(tb, http.MethodGet, target, "")
}

func (c Caller) send(tb testing.TB, method, target, body string, headers ...string) Answer {
	tb.Helper()
	request := httptest.NewRequestWithContext(tb.Context(), method, target, strings.NewReader(body))
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	request.Header.Set("Accept-Language", "en")
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, request)
	answer := Answer{Status: recorder.Code, Header: recorder.Header(), Text: recorder.Body.String()}
	answer.Operation = Judge(tb, request, body, recorder)
	if answer.Status >= http.StatusInternalServerError {
		tb.Errorf("%s %s: %s", method, target, answer)
	}
	return answer
}

// Get sends a GET.
func (c Caller) Get(tb testing.TB, path string) Answer {
	tb.Helper()
	return c.Do(tb, http.MethodGet, path, "")
}

// Post sends a POST.
func (c Caller) Post(tb testing.TB, path, body string, headers ...string) Answer {
	tb.Helper()
	return c.Do(tb, http.MethodPost, path, body, headers...)
}

// Patch sends a PATCH that rests on the version whose entity tag is given.
func (c Caller) Patch(tb testing.TB, path, etag, body string) Answer {
	tb.Helper()
	return c.Do(tb, http.MethodPatch, path, body, "If-Match: "+etag)
}

// Answer is what came back.
type Answer struct {
	Operation string // as the contract calls it
	Status    int
	Header    http.Header
	Text      string
}

// String returns status and body for messages of tests.
func (a Answer) String() string { return http.StatusText(a.Status) + " " + a.Text }

// ETag returns the entity tag.
func (a Answer) ETag() string { return a.Header.Get("ETag") }

// OK fails the test unless the status is the one given; it returns the answer.
func (a Answer) OK(tb testing.TB, status int) Answer {
	tb.Helper()
	if a.Status != status {
		tb.Fatalf("want status %d, got %d %s", status, a.Status, a.Text)
	}
	return a
}

// JSON reads the body as an object.
func (a Answer) JSON(tb testing.TB) map[string]any {
	tb.Helper()
	body := map[string]any{}
	if err := json.Unmarshal([]byte(a.Text), &body); err != nil {
		tb.Fatalf("%v: %s", err, a)
	}
	return body
}

// Field returns a member of the body as text; null and absent are empty.
func (a Answer) Field(tb testing.TB, name string) string {
	tb.Helper()
	switch value := a.JSON(tb)[name].(type) {
	case nil:
		return ""
	case string:
		return value
	default:
		text, err := json.Marshal(value)
		if err != nil {
			tb.Fatal(err)
		}
		return string(text)
	}
}

// Rows returns one member of every row of a list.
func (a Answer) Rows(tb testing.TB, name string) []string {
	tb.Helper()
	rows, _ := a.JSON(tb)["data"].([]any)
	found := make([]string, len(rows))
	for i, row := range rows {
		entry, _ := row.(map[string]any)
		found[i], _ = entry[name].(string)
	}
	return found
}

// Problem fails the test unless the answer is a problem of this status and code that names exactly these faults, each as
// "where code" with a pointer or a parameter, in any order.
func (a Answer) Problem(tb testing.TB, status int, code string, faults ...string) {
	tb.Helper()
	var problem struct {
		Code   string `json:"code"`
		Detail string `json:"detail"`
		Errors []struct{ Pointer, Parameter, Code string }
	}
	if err := json.Unmarshal([]byte(a.Text), &problem); err != nil {
		tb.Fatalf("want %d %s: %v: %s", status, code, err, a)
	}
	var got []string
	for _, e := range problem.Errors {
		got = append(got, strings.TrimSpace(e.Pointer+e.Parameter+" "+e.Code))
	}
	slices.Sort(got)
	slices.Sort(faults)
	if a.Status != status || problem.Code != code || !slices.Equal(got, faults) {
		tb.Errorf("want %d %s %v, got %s", status, code, faults, a)
	}
}
