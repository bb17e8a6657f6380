package database

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/text"
)

const (
	wordSigns = 40   // how much of a text search_word keeps from each word on
	someFound = 1000 // so many rows are named one by one; where more are found, a page in any order is soon full
)

// afterAll is the last sign there is: what begins with a text lies between the text and the text with it.
const afterAll = "\U0010ffff"

// PerRow ends a question that is asked of each row, EXISTS (SELECT …): without it PostgreSQL may answer it for all rows at once, which costs what
// the store costs where few rows are asked.
const PerRow = " LIMIT 1 OFFSET 0"

// LookedUp keeps the engines from finding rows by a condition, column IN (SELECT …), instead of reading them in the order of their list and looking
// each of them up.
func LookedUp(condition string) string { return "((" + condition + ") IS TRUE)" }

// searched is a table whose texts are found by search_word, which triggers fill: it has the columns id and search_key.
type searched interface{ TableName() string }

// search is what is looked for in search_word.
type search struct {
	table    string
	from, to string // the words lie from the one to before the other
	long     bool   // what is typed is longer than what search_word keeps
	pattern  string // of the whole text
}

func searchFor(table, typed string) search {
	start := text.SearchStart(typed)
	kept := cut(start)
	return search{table: table, from: kept, to: kept + afterAll, long: kept != start, pattern: text.LikePattern(start)}
}

// cut returns what search_word keeps of a text.
func cut(s string) string {
	signs := []rune(s)
	return string(signs[:min(len(signs), wordSigns)])
}

const (
	countWords = "SELECT count(*) FROM (SELECT 1 FROM search_word WHERE source = ? AND word >= ? AND word < ? LIMIT ?) AS found"
	wordsFrom  = "SELECT object_id FROM search_word WHERE source = ? AND word >= ? AND word < ?"
	wordOf     = "EXISTS (SELECT 1 FROM search_word w WHERE w.object_id = %s.id AND w.source = ? AND w.word >= ? AND w.word < ?" + PerRow + ")"
)

// Search narrows to the rows whose text holds what was typed: the same words one after another, the last of them perhaps only begun.
// Accents and case do not count, and where nothing was typed, all rows are left.
//
// Few rows are found by the index of words. Where many match, each row is asked, since a page of them is full before many have been
// asked. Both take about the same time however large the table is (docs/adr/0024).
func Search[T searched](ctx context.Context, tx *Tx, rows Rows[T], typed string) (Rows[T], error) {
	var model T
	s := searchFor(model.TableName(), typed)
	if s.from == "" {
		return rows, nil
	}
	found, err := s.count(ctx, tx, someFound+1)
	if err != nil {
		return Rows[T]{}, err
	}
	rows = holding(rows, s)
	if found <= someFound {
		ids, err := s.ids(ctx, tx)
		return rows.Where(s.table+".id IN ?", ids), err
	}
	return asked(rows, s), nil
}

// holding narrows to texts that hold what was typed anywhere.
func holding[T searched](rows Rows[T], s search) Rows[T] {
	return rows.Where(s.table+`.search_key LIKE ? ESCAPE '\'`, s.pattern)
}

// asked narrows by a question to each row, for a list that is read in its order until the page is full.
func asked[T searched](rows Rows[T], s search) Rows[T] {
	return rows.Where(fmt.Sprintf(wordOf, s.table), s.table, s.from, s.to)
}

// count returns how many words are found, at most so many.
func (s search) count(ctx context.Context, tx *Tx, most int) (found int, err error) {
	if err := Gorm(ctx, tx).Raw(countWords, s.table, s.from, s.to, most).Scan(&found).Error; err != nil {
		return 0, fmt.Errorf("search %s: %w", s.table, err)
	}
	return found, nil
}

// ids returns the rows that are found; one that no row has, where there are none.
func (s search) ids(ctx context.Context, tx *Tx) ([]string, error) {
	found := []string{}
	if err := Gorm(ctx, tx).Raw(wordsFrom, s.table, s.from, s.to).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("search %s: %w", s.table, err)
	}
	if len(found) == 0 {
		return []string{uuid.Nil.String()}, nil
	}
	return Padded(found), nil
}

// Padded repeats the last value until there are 1, 2, 4, 8 …, so that statements with lists differ little in their texts, which engines
// remember.
func Padded[T any](values []T) []T {
	if len(values) == 0 {
		return values
	}
	size := 1
	for size < len(values) {
		size *= 2
	}
	for len(values) < size {
		values = append(values, values[len(values)-1])
	}
	return values
}
