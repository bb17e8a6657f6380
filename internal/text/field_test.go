package text_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/fault"
	"sochibo/internal/text"
)

func TestFieldsOfInput(t *testing.T) {
	t.Parallel()
	var f fault.Fields
	name := "  Nguyễn   Văn An "
	text.CleanAt(&f, "/name", &name, text.MaxTitle)
	given := "  "
	blank, lines := &given, ptr("một \r\nhai")
	text.OptionalAt(&f, "/blank", &blank, text.MaxTitle)
	text.OptionalLinesAt(&f, "/lines", &lines, text.MaxLines)
	var absent *string
	text.OptionalAt(&f, "/absent", &absent, text.MaxTitle)
	if name != "Nguyễn Văn An" || blank != nil || given != "  " || *lines != "một\nhai" || absent != nil || f.Len() != 0 {
		t.Errorf("%q %v %q %q %v", name, blank, given, *lines, f.All())
	}

	long, control := ptr(strings.Repeat("đ", text.MaxCode+1)), "a\x00b"
	text.OptionalAt(&f, "/long", &long, text.MaxCode)
	text.CleanLinesAt(&f, "/control", &control, text.MaxLines)
	want := []fault.Field{
		{Pointer: "/long", Code: "text_too_long", Args: fault.Args{"limit": text.MaxCode}},
		{Pointer: "/control", Code: "text_control", Args: fault.Args{"character": "U+0000"}},
	}
	if diff := cmp.Diff(want, f.All()); diff != "" {
		t.Error(diff)
	}
}

func ptr(s string) *string { return &s }
