package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/testkit/dbtest"
)

func TestIfMatch(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		version, err := httpapi.IfMatch(c)
		if err != nil {
			return err
		}
		return httpapi.Respond(c, httpapi.OK(version, map[string]int64{"version": version}))
	})
	for header, want := range map[string]string{
		"": "428 if_match_missing", `"7"`: "200", `W/"7"`: "400 if_match_malformed", `*`: "400 if_match_malformed",
		`"7", "8"`: "400 if_match_malformed", `7`: "400 if_match_malformed", `"07"`: "400 if_match_malformed",
		`"-1"`: "400 if_match_malformed", `"+7"`: "400 if_match_malformed", `"99999999999999999999"`: "400 if_match_malformed", `""`: "400 if_match_malformed",
	} {
		answer := s.call(t, "PUT", "/thing", "", "If-Match: "+header)
		got := strconv.Itoa(answer.Code)
		if answer.Code != 200 {
			got += " " + problem(t, answer).Code
		} else if answer.Header().Get("ETag") != `"7"` {
			t.Errorf("ETag %q", answer.Header().Get("ETag"))
		}
		if got != want {
			t.Errorf("If-Match %s: %s", header, got)
		}
	}
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		if httpapi.NotModified(c, 7) {
			return nil
		}
		return ok(c)
	})
	for header, status := range map[string]int{
		"": 200, `"7"`: 304, `W/"7"`: 304, `"6", "7"`: 304, `*`: 304, `"6"`: 200, `7`: 200,
	} {
		answer := s.call(t, "GET", "/thing", "", "If-None-Match: "+header)
		if answer.Code != status || answer.Header().Get("ETag") != `"7"` || status == 304 && answer.Body.Len() != 0 {
			t.Errorf("%s: %d %v %q", header, answer.Code, answer.Header(), answer.Body)
		}
	}
}

type made struct {
	Name string `json:"name"`
	Time int64  `json:"time"`
}

// writer is a shell whose POST makes a thing, once for each key.
func writer(t *testing.T, db *database.DB, effects *atomic.Int64) *shell {
	t.Helper()
	return newShell(t, func(c *gin.Context) error {
		var request struct {
			Name string `json:"name"`
		}
		if err := httpapi.Bind(c, &request); err != nil {
			return err
		}
		return httpapi.Write(c, func(ctx context.Context) (made, error) {
			return database.Write(ctx, db, func(*database.Tx) (made, error) {
				if request.Name == "" {
					return made{}, fault.New(fault.Timeout, "timeout")
				}
				return made{request.Name, effects.Add(1)}, nil
			})
		}, func(m made) httpapi.Answer { return httpapi.Created("/things/"+m.Name, 1, m) })
	})
}

func TestWriteHappensOnceForAKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		var effects atomic.Int64
		s := writer(t, db, &effects)
		key := []string{"Idempotency-Key: k1", "X-Test-Principal: u1"}
		if failed := s.call(t, "POST", "/thing", `{"name":""}`, key...); failed.Code != 504 {
			t.Fatalf("status %d", failed.Code)
		}
		first := s.call(t, "POST", "/thing", `{"name":"Đảng <&>"}`, key...)
		again := s.call(t, "POST", "/thing", `{"name":"Đảng <&>"}`, key...)
		if first.Code != 201 || !strings.Contains(first.Body.String(), `"Đảng <&>"`) || first.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("first: %d %s %v", first.Code, first.Body, first.Header())
		}
		if again.Code != 201 || !bytes.Equal(again.Body.Bytes(), first.Body.Bytes()) || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("again: %d %s %v", again.Code, again.Body, again.Header())
		}
		for _, name := range []string{"ETag", "Location", "Content-Type"} {
			if first.Header().Get(name) == "" || first.Header().Get(name) != again.Header().Get(name) {
				t.Errorf("%s: %q, then %q", name, first.Header().Get(name), again.Header().Get(name))
			}
		}
		if p := problem(t, s.call(t, "POST", "/thing", `{"name":"other"}`, key...)); p.Code != "idempotency_key_reused" || p.Status != 422 {
			t.Errorf("%+v", p)
		}
		if other := s.call(t, "POST", "/thing", `{"name":"b"}`, "Idempotency-Key: k1", "X-Test-Principal: u2"); other.Code != 201 {
			t.Errorf("the key of another caller: %d", other.Code)
		}
		if effects.Load() != 2 {
			t.Errorf("%d effects", effects.Load())
		}
	})
}

func TestParallelRetriesOfOneKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		var effects atomic.Int64
		s := writer(t, db, &effects)
		var bodies sync.Map
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				answer := s.call(t, "POST", "/thing", `{"name":"one"}`, "Idempotency-Key: k", "X-Test-Principal: u")
				if answer.Code != 201 {
					t.Errorf("status %d %s", answer.Code, answer.Body)
				}
				bodies.Store(answer.Body.String(), true)
			})
		}
		group.Wait()
		distinct := 0
		bodies.Range(func(any, any) bool { distinct++; return true })
		if distinct != 1 || effects.Load() != 1 {
			t.Errorf("%d answers, %d effects", distinct, effects.Load())
		}
	})
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		var effects atomic.Int64
		s := writer(t, db, &effects)
		headers := []string{"Idempotency-Key: k", "X-Test-Principal: u"}
		answer := s.call(t, "POST", "/thing?dry_run=true", `{"name":"a"}`, headers...)
		header := answer.Header()
		if answer.Code != 200 || header.Get("Sochibo-Dry-Run") != "true" || header.Get("Location")+header.Get("ETag") != "" {
			t.Errorf("%d %v", answer.Code, header)
		}
		if p := problem(t, s.call(t, "POST", "/thing?dry_run=true", `{"name":""}`)); p.Status != 504 {
			t.Errorf("%+v", p)
		}
		answer = s.call(t, "POST", "/thing?dry_run=false", `{"name":"a"}`, headers...)
		if answer.Code != 201 || answer.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("the dry run used up the key: %d %v", answer.Code, answer.Header())
		}
	})
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		return httpapi.Write(c, func(context.Context) (int, error) {
			return 0, errors.New("it ran")
		}, func(int) httpapi.Answer { return httpapi.Deleted() })
	})
	tests := []struct{ target, key, code string }{
		{"/thing?dry_run=yes", "", "parameter_value"},
		{"/thing?odd=1", "", "parameter_unknown"},
		{"/thing", "a b", "idempotency_key_malformed"},
		{"/thing", "é", "idempotency_key_malformed"},
		{"/thing", strings.Repeat("k", 201), "idempotency_key_malformed"},
	}
	for _, test := range tests {
		p := problem(t, s.call(t, "POST", test.target, "", "Idempotency-Key: "+test.key, "X-Test-Principal: u"))
		if p.Code != test.code || p.Status != 400 {
			t.Errorf("%+v: %+v", test, p)
		}
	}
}

func TestWriteWithoutKeyOrBody(t *testing.T) {
	t.Parallel()
	s := newShell(t, func(c *gin.Context) error {
		return httpapi.Write(c, func(ctx context.Context) (int, error) {
			if database.IsDryRun(ctx) {
				return 0, errors.New("a dry run nobody asked for")
			}
			return 0, nil
		}, func(int) httpapi.Answer { return httpapi.Deleted() })
	})
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		answer := s.call(t, method, "/thing", "")
		if diff := cmp.Diff([]any{http.StatusNoContent, "", ""}, []any{answer.Code, answer.Body.String(), answer.Header().Get("Content-Type")}); diff != "" {
			t.Errorf("%s:\n%s", method, diff)
		}
	}
}
