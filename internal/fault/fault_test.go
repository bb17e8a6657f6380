package fault_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/fault"
)

var errSubmitted = fault.New(fault.Conflict, "meeting_submitted")

func TestCopiesEqualTheirSentinel(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk on fire")
	err := fault.With(errSubmitted, fault.Args{"number": 7})
	err = fault.Because(fault.Retry(fault.WithETag(err, `"7"`), time.Second), cause)
	err = fmt.Errorf("submit: %w", err)
	if !errors.Is(err, errSubmitted) || !errors.Is(err, cause) {
		t.Fatalf("%v is not its sentinel or lost its cause", err)
	}
	if errors.Is(err, fault.New(fault.Conflict, "other")) {
		t.Error("codes are not compared")
	}
	f, ok := fault.As(err)
	if !ok || f.RetryAfter != time.Second || f.ETag != `"7"` || f.Args["number"] != 7 {
		t.Errorf("As = %+v, %v", f, ok)
	}
	if sentinel, _ := fault.As(errSubmitted); sentinel.Args != nil || sentinel.ETag != "" || sentinel.Unwrap() != nil {
		t.Errorf("the sentinel changed: %+v", sentinel)
	}
	if got := f.Error(); got != "meeting_submitted: disk on fire" {
		t.Errorf("Error() = %q", got)
	}
}

func TestWithMerges(t *testing.T) {
	t.Parallel()
	first := fault.With(errSubmitted, fault.Args{"a": 1, "b": 1})
	second, _ := fault.As(fault.With(first, fault.Args{"b": 2}))
	if diff := cmp.Diff(fault.Args{"a": 1, "b": 2}, second.Args); diff != "" {
		t.Error(diff)
	}
	if f, _ := fault.As(first); f.Args["b"] != 1 {
		t.Error("With changed the fault it was given")
	}
	if fault.With(nil, fault.Args{}) != nil {
		t.Error("With(nil) is not nil")
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err    error
		code   string
		status int
	}{
		{errors.New("x"), "internal", http.StatusInternalServerError},
		{fmt.Errorf("x: %w", context.Canceled), "canceled", 499},
		{context.DeadlineExceeded, "timeout", http.StatusGatewayTimeout},
		{errSubmitted, "meeting_submitted", http.StatusConflict},
		{fault.Because(errSubmitted, context.Canceled), "meeting_submitted", http.StatusConflict},
		{fault.New(fault.Kind(99), "odd"), "odd", http.StatusInternalServerError},
	}
	for _, test := range tests {
		if got := fault.CodeOf(test.err); got != test.code {
			t.Errorf("CodeOf(%v) = %q", test.err, got)
		}
		if got := fault.KindOf(test.err).Status(); got != test.status {
			t.Errorf("status of %v = %d", test.err, got)
		}
	}
	if fault.CodeOf(nil) != "" {
		t.Error("nil has a code")
	}
}

func TestEveryKindHasAStatus(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for kind := fault.Internal; kind <= fault.Canceled; kind++ {
		status := kind.Status()
		if status < 400 || seen[status] {
			t.Errorf("kind %d has status %d", kind, status)
		}
		seen[status] = true
	}
}

func TestFieldsCollect(t *testing.T) {
	t.Parallel()
	var fields fault.Fields
	if err := fields.Err(fault.Invalid, "x"); err != nil {
		t.Fatalf("clean fields give %v", err)
	}
	if !fields.Check(true, "/a", "one") || fields.Check(false, "/a", "one") {
		t.Error("Check does not return ok")
	}
	fields.Param(false, "from", "two", fault.Args{"a": 1}, fault.Args{"b": 2})
	fields.At("members.csv:3: code", "three")
	f, _ := fault.As(fields.Err(fault.Invalid, "many"))
	want := []fault.Field{
		{Pointer: "/a", Code: "one"},
		{Parameter: "from", Code: "two", Args: fault.Args{"a": 1, "b": 2}},
		{Place: "members.csv:3: code", Code: "three"},
	}
	if diff := cmp.Diff(want, f.Fields); diff != "" || fields.Len() != 3 {
		t.Error(diff)
	}
	for range 10 {
		fields.At("a:1: b", "c")
	}
	if text := fields.Err(fault.Invalid, "many").Error(); !strings.Contains(text, "and 8 more") {
		t.Errorf("Error() = %q", text)
	}
}
