package auth

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestPlaintext(t *testing.T) {
	t.Parallel()
	for _, id := range []uuid.UUID{{}, uuid.Max, uuid.New(), uuid.Must(uuid.NewV7())} {
		plaintext, err := newPlaintext(id)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := idOf(plaintext); !ok || got != id {
			t.Errorf("%s: read as %s, %v", id, got, ok)
		}
		if len(plaintext) != len("scb_")+idDigits+1+secretDigits+1+sumDigits {
			t.Errorf("%d letters", len(plaintext))
		}
		for i := range plaintext {
			if _, ok := idOf(plaintext[:i] + "~" + plaintext[i+1:]); ok {
				t.Errorf("a slip at %d goes unseen", i)
			}
		}
	}
	one, _ := newPlaintext(uuid.UUID{})
	two, _ := newPlaintext(uuid.UUID{})
	if one == two {
		t.Error("the secret is not random")
	}
}

func TestNoPlaintext(t *testing.T) {
	t.Parallel()
	head := "scb_" + strings.Repeat("z", idDigits) + "_" + strings.Repeat("0", secretDigits) // an id beyond 128 bits
	minus := "scb_-" + strings.Repeat("1", idDigits-1) + "_" + strings.Repeat("0", secretDigits)
	for _, text := range []string{"", "scb", "scb___", "Bearer", head + "_" + sum(head), minus + "_" + sum(minus), strings.Repeat("_", 1000)} {
		if _, ok := idOf(text); ok {
			t.Errorf("%q was taken", text)
		}
	}
}
