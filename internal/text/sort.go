package text

import (
	"encoding/base32"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// SortKey returns a text whose binary order is the Vietnamese order of names: by given name, which comes last, then by the whole name.
func SortKey(fullName string) string {
	words := strings.Fields(norm.NFC.String(fullName))
	if len(words) == 0 {
		return ""
	}
	given := words[len(words)-1]
	return TitleKey(given) + levelEnd + TitleKey(strings.Join(words, " "))
}

// TitleKey returns a text whose binary order is the Vietnamese order of titles, read from their first word.
func TitleKey(title string) string {
	sorter, _ := sorters.Get().(*sorter)
	defer sorters.Put(sorter)
	sorter.buffer.Reset()
	return base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sorter.collator.KeyFromString(&sorter.buffer, title))
}

// levelEnd parts given name and whole name; it sorts before all that a key consists of.
const levelEnd = "!"

// sorter is a collator with its buffer; neither may be shared, and making one is dear.
type sorter struct {
	collator *collate.Collator
	buffer   collate.Buffer
}

var sorters = sync.Pool{New: func() any { return &sorter{collator: collate.New(language.Vietnamese)} }}
