package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Args are the values a message names.
type Args map[string]any

// Fault is one way in which a request fails.
type Fault struct {
	Kind       Kind
	Code       string
	Args       Args
	Fields     []Field
	RetryAfter time.Duration
	ETag       string

	cause error
}

// New makes a fault; sentinels are made with it. It returns error, so that a nil *Fault never hides in an error.
func New(kind Kind, code string) error {
	return &Fault{Kind: kind, Code: code}
}

// With returns a copy of the fault in err that carries message arguments beside those it has.
func With(err error, args Args) error {
	return change(err, func(f *Fault) {
		merged := maps.Clone(f.Args)
		if merged == nil {
			merged = make(Args, len(args))
		}
		maps.Copy(merged, args)
		f.Args = merged
	})
}

// Because returns a copy of the fault in err that keeps its cause for the log; clients never see the cause.
func Because(err, cause error) error {
	return change(err, func(f *Fault) {
		if f.cause != nil && cause != nil {
			cause = errors.Join(f.cause, cause)
		}
		f.cause = cause
	})
}

// Retry returns a copy of the fault in err that tells the caller when to try again.
func Retry(err error, after time.Duration) error {
	return change(err, func(f *Fault) { f.RetryAfter = after })
}

// WithETag returns a copy of the fault in err that names the version now current.
func WithETag(err error, etag string) error {
	return change(err, func(f *Fault) { f.ETag = etag })
}

// change copies the fault in err and alters the copy; the sentinel it came from stays as it is.
func change(err error, alter func(*Fault)) error {
	if err == nil {
		return nil
	}
	changed := *Classify(err)
	alter(&changed)
	return &changed
}

// As finds the fault in the chain of err.
func As(err error) (*Fault, bool) {
	var f *Fault
	if errors.As(err, &f) && f != nil {
		return f, true
	}
	return nil, false
}

// Is reports whether target is a fault of the same code, so that a copy still equals its sentinel.
func (f *Fault) Is(target error) bool {
	other, ok := target.(*Fault)
	return ok && other.Code == f.Code
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.cause }

// Error says code, fields and cause; it is for logs, while Message makes the text for people.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Code)
	for i, field := range f.Fields {
		if i == loggedFields {
			fmt.Fprintf(&b, " and %d more", len(f.Fields)-i)
			break
		}
		b.WriteString(" [" + field.String() + "]")
	}
	if f.cause != nil {
		b.WriteString(": " + f.cause.Error())
	}
	return b.String()
}

// loggedFields keeps one log line short when a folder has thousands of faults.
const loggedFields = 5
