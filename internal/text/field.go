package text

import (
	"unicode/utf8"

	"sochibo/internal/fault"
)

// The longest texts that are taken, in characters.
const (
	MaxCode  = 64
	MaxTitle = 500
	MaxLines = 20000
)

// CleanAt cleans a text of the input in place; what is wrong with it is noted at the pointer. nil stays nil.
func CleanAt(f *fault.Fields, pointer string, s *string, limit int) {
	cleanAt(f, pointer, s, limit, Clean)
}

// CleanLinesAt is CleanAt for text of several lines.
func CleanLinesAt(f *fault.Fields, pointer string, s *string, limit int) {
	cleanAt(f, pointer, s, limit, CleanLines)
}

// OptionalAt is CleanAt for a text that may be unknown: an empty one becomes nil.
func OptionalAt(f *fault.Fields, pointer string, s **string, limit int) {
	optionalAt(f, pointer, s, limit, Clean)
}

// OptionalLinesAt is OptionalAt for text of several lines.
func OptionalLinesAt(f *fault.Fields, pointer string, s **string, limit int) {
	optionalAt(f, pointer, s, limit, CleanLines)
}

func optionalAt(f *fault.Fields, pointer string, s **string, limit int, clean func(string) (string, error)) {
	if *s == nil {
		return
	}
	own := **s // the caller's text stays as it is, so that a repeated transaction starts from the same input
	cleanAt(f, pointer, &own, limit, clean)
	if *s = &own; own == "" {
		*s = nil
	}
}

func cleanAt(f *fault.Fields, pointer string, s *string, limit int, clean func(string) (string, error)) {
	if s == nil {
		return
	}
	cleaned, err := clean(*s)
	if found, bad := fault.As(err); bad {
		f.Add(fault.Field{Pointer: pointer, Code: found.Code, Args: found.Args}) //fault:codes text_encoding text_control text_invisible
		return
	}
	f.Check(utf8.RuneCountInString(cleaned) <= limit, pointer, "text_too_long", fault.Args{"limit": limit})
	*s = cleaned
}
