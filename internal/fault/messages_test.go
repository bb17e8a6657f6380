package fault_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"sochibo/internal/fault"
)

// texts are the title and the detail of one code.
type texts struct {
	Title  string `yaml:"title"`
	Detail string `yaml:"detail"`
}

func readMessages(tb testing.TB, lang string) map[string]texts {
	tb.Helper()
	data, err := os.ReadFile("messages." + lang + ".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	found := map[string]texts{}
	if err := yaml.UnmarshalWithOptions(data, &found, yaml.Strict()); err != nil {
		tb.Fatalf("messages.%s.yaml: %v", lang, err)
	}
	return found
}

func TestMessagesMatchCodes(t *testing.T) {
	t.Parallel()
	found := scanModule(t, "../..")
	for _, where := range found.unknown {
		t.Errorf("%s: write the code as a literal, or name it with //fault:codes", where)
	}
	for _, lang := range fault.Languages() {
		written := readMessages(t, lang)
		for _, code := range sorted(found.codes) {
			if written[code].Title == "" || written[code].Detail == "" {
				t.Errorf("messages.%s.yaml lacks title or detail of %q, used at %s", lang, code, found.codes[code])
			}
		}
		for _, code := range sorted(written) {
			if _, used := found.codes[code]; !used {
				t.Errorf("messages.%s.yaml has texts for %q, which no code uses", lang, code)
			}
		}
	}
}

func TestMessagesNameTheSameArguments(t *testing.T) {
	t.Parallel()
	vi, en := readMessages(t, "vi"), readMessages(t, "en")
	if diff := cmp.Diff(sorted(vi), sorted(en)); diff != "" {
		t.Fatalf("codes differ (-vi +en):\n%s", diff)
	}
	for _, code := range sorted(vi) {
		if diff := cmp.Diff(arguments(vi[code]), arguments(en[code])); diff != "" {
			t.Errorf("%s names other arguments (-vi +en):\n%s", code, diff)
		}
		args := fault.Args{}
		for _, name := range arguments(vi[code]) {
			args[name] = "X"
		}
		for lang, text := range map[string]texts{"vi": vi[code], "en": en[code]} {
			title, detail := fault.Message(lang, code, args)
			if title != text.Title || strings.HasSuffix(title, ".") {
				t.Errorf("title of %s in %s: %q", code, lang, title)
			}
			if detail == code || !strings.HasSuffix(detail, ".") || strings.ContainsAny(detail, "{}…") {
				t.Errorf("detail of %s in %s: %q", code, lang, detail)
			}
			if _, bare := fault.Message(lang, code, nil); bare == code {
				t.Errorf("detail of %s in %s cannot be written without arguments", code, lang)
			}
		}
	}
}

var (
	action   = regexp.MustCompile(`{{.*?}}`)
	argument = regexp.MustCompile(`\.([a-z_]+)`)
)

func arguments(text texts) []string {
	var names []string
	for _, part := range action.FindAllString(text.Title+text.Detail, -1) {
		for _, match := range argument.FindAllStringSubmatch(part, -1) {
			names = append(names, match[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestMessageFallsBack(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, lang, code, title string }{
		{"known", "en", "timeout", "Out of time"},
		{"vietnamese", "vi", "timeout", "Quá thời gian xử lý"},
		{"other language", "fr", "timeout", "Quá thời gian xử lý"},
		{"unknown code", "en", "no_such_code", "Internal error"},
		{"hostile code", "en", "{{.x", "Internal error"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			title, detail := fault.Message(test.lang, test.code, nil)
			if title != test.title || detail == "" {
				t.Errorf("Message(%q, %q) = %q, %q", test.lang, test.code, title, detail)
			}
		})
	}
}
