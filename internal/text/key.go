package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// SearchKey returns s without accents, in lower case and with single spaces, so that "nguyen van a" finds "Nguyễn Văn A".
func SearchKey(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case strings.ContainsRune("đĐðÐɖƉ", r):
			b.WriteByte('d')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return collapse(b.String())
}

// SearchStart returns what a search key holds, parted, where its text holds s.
func SearchStart(s string) string { return strings.TrimSpace(Parted(SearchKey(s))) }

// Searches reports whether what was typed narrows a search.
func Searches(typed string) bool { return SearchStart(typed) != "" }

// Parted writes a space for each sign that parts the words of a search key as a space does.
func Parted(searchKey string) string {
	return strings.NewReplacer("-", " ", "/", " ", ".", " ", ",", " ", ":", " ", "(", " ").Replace(searchKey)
}

// LikePattern returns the pattern that finds a SearchStart anywhere in a search key, for LIKE … ESCAPE '\'; a space stands for any sign.
func LikePattern(start string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, " ", "_").Replace(start) + "%"
}

// NameKey returns the key by which two spellings of one name are equal: case, tone placement (hoà, hòa), the wrong letters Ð and Ɖ and
// spaces do not count; tones do, since Hòa and Hoa are two names.
func NameKey(s string) string {
	folded := cases.Fold().String(norm.NFC.String(s))
	folded = strings.NewReplacer("ð", "đ", "ɖ", "đ").Replace(folded)
	words := strings.Fields(norm.NFC.String(folded))
	for i, word := range words {
		words[i] = placeTone(word)
	}
	return strings.Join(words, " ")
}

// MixedScripts reports whether a name that should be Latin holds letters of another script, which may only look like it. Such names
// are refused where members are entered, never merged.
func MixedScripts(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Common, unicode.Inherited)
	})
}
