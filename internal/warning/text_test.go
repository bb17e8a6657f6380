package warning

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryCodeHasItsTexts in both languages, with the same values in both, and no other code has any.
func TestEveryCodeHasItsTexts(t *testing.T) {
	t.Parallel()
	texts, err := readTexts()
	if err != nil {
		t.Fatal(err)
	}
	value := regexp.MustCompile(`{[a-z_]+}`)
	values := func(text string) string {
		found := value.FindAllString(text, -1)
		slices.Sort(found)
		return strings.Join(slices.Compact(found), " ")
	}
	for _, code := range Codes() {
		said := texts[string(code)]
		delete(texts, string(code))
		for _, s := range []sentence{said.Message, said.Rule} {
			if s.Vi == "" || s.En == "" || s.Vi == s.En || values(s.Vi) != values(s.En) {
				t.Errorf("%s: %q, %q", code, s.Vi, s.En)
			}
		}
		if code.Audience() == "" {
			t.Errorf("%s is for nobody", code)
		}
	}
	if left := slices.Collect(maps.Keys(texts)); len(left) > 0 {
		t.Errorf("texts of what there is not: %v", left)
	}
}
