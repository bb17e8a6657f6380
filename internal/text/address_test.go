package text_test

import (
	"testing"

	"sochibo/internal/text"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://example.org/tai-lieu.pdf": true, "https://example.org": true, "https://example.org:8443/a?b=c#d": true,
		"https://example.org/chuyên-đề": true, "HTTPS://example.org/": true,
		"http://example.org/": false, "javascript:alert(1)": false, "https:example.org": false, "https:///a": false, "//example.org/a": false,
		"https://user@example.org/": false, "https://u:p@example.org/": false, "https://example.org/a b": false, "https://example.org/<a>": false,
		"https://:443/": false, "ftp://example.org/": false, "tai-lieu.pdf": false, "https://exa\"mple.org/": false, "https://%zz/": false,
	} {
		if got := text.IsAddress(address); got != want {
			t.Errorf("%q: %t", address, got)
		}
	}
}
