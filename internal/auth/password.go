package auth

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go/data"
	"golang.org/x/text/unicode/norm"

	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// The lengths of a password, in code points.
const (
	MinPassword           = 15 // where it is all that is asked for
	MinPasswordWithFactor = 8  // where a one-time password is asked for as well
	MaxPassword           = 128
)

// policy is what a new password is measured by.
type policy struct {
	least int      // code points
	words []string // words that anybody would try here: they count for nothing
	now   time.Time
}

// normalPassword brings what was typed into one form: keyboards send the same letters composed or decomposed.
func normalPassword(typed string) string { return norm.NFKC.String(typed) }

// check says what is wrong with a new password in normal form. There are no rules about kinds of characters.
//
// Faults: password_invalid (password_short, password_long, password_common, password_context, text_encoding).
func (p policy) check(password string) error {
	var faults fault.Fields
	length := utf8.RuneCountInString(password)
	switch folded := fold(password); {
	case !utf8.ValidString(password):
		faults.Check(false, "/password", "text_encoding")
	case length < p.least:
		faults.Check(false, "/password", "password_short", fault.Args{"limit": p.least})
	case length > MaxPassword:
		faults.Check(false, "/password", "password_long", fault.Args{"limit": MaxPassword})
	case isCommon(password) || isCommon(unit(folded)) || utf8.RuneCountInString(unit(folded)) < MinPasswordWithFactor || isRun(folded):
		faults.Check(false, "/password", "password_common")
	case utf8.RuneCountInString(p.rest(folded)) < MinPasswordWithFactor:
		faults.Check(false, "/password", "password_context")
	}
	return faults.Err(fault.Invalid, "password_invalid")
}

// rest is what remains of a folded password without the words that anybody would try. A long password may contain some.
func (p policy) rest(folded string) string {
	year := p.now.Year()
	words := append([]string{"chibo", "danguy", "dangvien", "bithu", "sochibo", "dangbo"}, p.words...)
	for y := year - 1; y <= year+1; y++ {
		words = append(words, strconv.Itoa(y))
	}
	for i, word := range words {
		words[i] = fold(word)
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) }) // names before the words they are made of
	for _, word := range words {
		if utf8.RuneCountInString(word) >= 3 {
			folded = strings.ReplaceAll(folded, word, "")
		}
	}
	return folded
}

// fold makes a password comparable: small letters without marks, letters and digits alone.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) && r < unicode.MaxLatin1 {
			return -1
		}
		return r
	}, text.SearchKey(s))
}

// unit is the shortest text that a text repeats.
func unit(s string) string {
	runes := []rune(s)
	for size := 1; size <= len(runes)/2; size++ {
		if len(runes)%size == 0 && strings.Repeat(string(runes[:size]), len(runes)/size) == s {
			return string(runes[:size])
		}
	}
	return s
}

// isRun reports whether nearly every character follows from the one before: abcdefgh, 12345678901234567.
func isRun(s string) bool {
	runes := []rune(s)
	steps := 0
	for i := 1; i < len(runes); i++ {
		if d := runes[i] - runes[i-1]; d >= -1 && d <= 1 || d == '0'-'9' || d == '9'-'0' {
			steps++
		}
	}
	return len(runes) > 1 && steps*10 >= (len(runes)-1)*9
}

// commonPasswords are those that are tried first everywhere: the 7,141 of zxcvbn.
var commonPasswords = sync.OnceValue(func() map[string]bool {
	var list struct{ List []string }
	content, err := data.Asset("data/Passwords.json")
	if err == nil {
		err = json.Unmarshal(content, &list)
	}
	if err != nil || len(list.List) < leastCommon {
		panic(fmt.Sprintf("the list of common passwords: %v", err)) //nolint:forbidigo // it is part of the program
	}
	common := make(map[string]bool, len(list.List))
	for _, password := range list.List {
		common[strings.ToLower(password)] = true
	}
	return common
})

// leastCommon is how many common passwords must be known at least.
const leastCommon = 3000

func isCommon(password string) bool { return commonPasswords()[strings.ToLower(password)] }
