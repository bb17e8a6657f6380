package database

import (
	"fmt"
	"strings"

	"sochibo/internal/text"
)

// Match is where a row stands in the order of matches: by the first in the order of words of its texts that begin with what was typed, then by
// the key of its whole text, then by its id.
type Match struct{ Word, Key, ID string }

// Keys are the sort keys of a match, for a cursor.
func (m Match) Keys() []string { return []string{m.Word, m.Key, m.ID} }

// ParseMatch reads the keys of a cursor; nil is before the first match.
func ParseMatch(keys []string) *Match {
	if len(keys) == 0 {
		return nil
	}
	return &Match{keys[0], keys[1], keys[2]}
}

// MatchOf returns where the row with this id and search key stands among those that a search for what was typed finds.
func MatchOf(typed, searchKey, id string) Match {
	start := cut(text.SearchStart(typed))
	at := Match{Key: searchKey, ID: id}
	for _, w := range wordsOf("", id, searchKey, "") {
		if strings.HasPrefix(w.Word, start) && (at.Word == "" || w.Word < at.Word) {
			at.Word = w.Word
		}
	}
	return at
}

const (
	matching = "%s.id = hit.object_id AND hit.source = ? AND hit.word >= ? AND hit.word < ?"
	// firstMatch leaves out a row that was shown already, since another of its words comes before.
	firstMatch = `NOT EXISTS (SELECT 1 FROM search_word e
		WHERE e.object_id = hit.object_id AND e.source = hit.source AND e.word >= ? AND e.word < hit.word` + PerRow + ")"
)

// Matches narrows as Search does to what was typed, which must not be nothing, and sorts: those first that hold exactly what was typed, then
// those in which it goes on. Only rows after the match are left, where one is given. It begins the conditions of a list, for tables whose words
// search_word keeps in this order.
//
// A page is read from the index of words, in its order, and costs what a page costs, however many match. Where the other conditions leave few
// rows, their words are looked up instead.
func Matches[T searched](rows Rows[T], typed string, after *Match, few bool) Rows[T] {
	var model T
	s := searchFor(model.TableName(), typed)
	db := rows.db.Table("search_word AS hit CROSS JOIN " + s.table) // SQLite joins in this order
	if few {
		db = rows.db.Joins("CROSS JOIN search_word AS hit")
	}
	rows = Rows[T]{apart(db.Select(s.table + ".*"))}.Order("hit.word, hit.order_key, hit.object_id")
	from := s.from
	if after != nil {
		from = max(from, after.Word)
		rows = rows.Where("(hit.word, hit.order_key, hit.object_id) > (?, ?, ?)", after.Word, after.Key, after.ID)
	}
	rows = rows.Where(fmt.Sprintf(matching, s.table), s.table, from, s.to).Where(firstMatch, s.from)
	if s.long {
		rows = holding(rows, s)
	}
	return rows
}
