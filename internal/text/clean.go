package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sochibo/internal/fault"
)

// The faults of a text that may not be stored.
var (
	ErrEncoding  = fault.New(fault.Invalid, "text_encoding")
	ErrControl   = fault.New(fault.Invalid, "text_control")
	ErrInvisible = fault.New(fault.Invalid, "text_invisible")
)

// Clean returns one line of text as it is stored: NFC, trimmed, every run of spaces one space. It fails with ErrEncoding, ErrControl
// or ErrInvisible.
func Clean(s string) (string, error) {
	s, err := checked(s, "")
	return collapse(s), err
}

// CleanLines is Clean for text of several lines: line breaks, tabs and indents stay, and a line ends with \n alone.
func CleanLines(s string) (string, error) {
	s, err := checked(strings.ReplaceAll(s, "\r\n", "\n"), "\n\t")
	if err != nil {
		return "", err
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n"), nil
}

// checked normalises s and refuses what nobody can see.
func checked(s, controls string) (string, error) {
	if !utf8.ValidString(s) {
		return "", ErrEncoding
	}
	// Phones add variation selectors to signs such as ✔; they carry nothing worth a refusal.
	s = norm.NFC.String(strings.NewReplacer("\ufe0e", "", "\ufe0f", "").Replace(s))
	for _, r := range s {
		if err := refused(r, controls); err != nil {
			return "", fault.With(err, fault.Args{"character": fmt.Sprintf("U+%04X", r)})
		}
	}
	return s, nil
}

func refused(r rune, controls string) error {
	switch {
	case r == utf8.RuneError:
		return ErrEncoding // somebody has already lost a letter here
	case strings.ContainsRune(controls, r):
		return nil
	case unicode.IsControl(r):
		return ErrControl
	case !unicode.IsGraphic(r) || blank(r):
		return ErrInvisible
	}
	return nil
}

// blank reports letters and marks that show nothing, with which two names could look alike and differ.
func blank(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0':
		return true
	default:
		return unicode.Is(unicode.Variation_Selector, r)
	}
}

// collapse trims s and makes every run of spaces, no-break spaces among them, one space.
func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }
