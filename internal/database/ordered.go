package database

import (
	"context"
	"fmt"
	"strings"
)

const (
	manyFound = 2000 // so many hits are sorted to find the first of them; where there are more, a page in their order is soon full
	firstHits = 64   // so many are looked at first
	mostHits  = 1024 // and no more at once, since a statement names them
	someWords = 16   // in so many texts it is worth looking for where in the order they lie
)

const spanOf = `
WITH RECURSIVE w (word, n) AS (
	SELECT (SELECT min(s.word) FROM search_word s WHERE s.source = ? AND s.word >= ? AND s.word < ?), 1
	UNION ALL
	SELECT (SELECT min(s.word) FROM search_word s WHERE s.source = ? AND s.word > w.word AND s.word < ?), w.n + 1
	FROM w WHERE w.word IS NOT NULL AND w.n <= ?
)
SELECT count(word) AS words,
	min((SELECT min(s.order_key) FROM search_word s WHERE s.source = ? AND s.word = w.word)) AS first,
	max((SELECT max(s.order_key) FROM search_word s WHERE s.source = ? AND s.word = w.word)) AS last
FROM w`

// spanned is a searched table whose texts repeat, each within a span of the order of the named column, with which its order_key begins.
type spanned interface{ SearchSpan() (column string) }

// Ordered is a page of a list in the order of order_key and id.
type Ordered struct {
	Order  string   // the same order by the columns of the table, with its direction
	Down   bool     // from the last to the first
	After  []string // the order_key and the id of the row before, or nothing
	Beyond string   // the same by the columns of the table, with Values
	Values []any
	AtMost int // so many rows
}

// Candidate is a row that may belong to a list, by its id, and its place there.
type Candidate struct{ OrderKey, ObjectID string }

// Candidates returns up to n candidates of a list after a place in its order, where one is given.
type Candidates func(after []string, n int) ([]Candidate, error)

// SearchOrdered reads a page of those of the rows whose text holds what was typed, for tables whose order_key is the order of their list. It
// sorts the hits by search_word alone and reads no more rows than it takes to fill the page; where there are too many hits for that, it asks
// each row of the list.
func SearchOrdered[T searched](ctx context.Context, tx *Tx, rows Rows[T], typed string, page Ordered) ([]T, error) {
	var model T
	s := searchFor(model.TableName(), typed)
	found, err := s.count(ctx, tx, manyFound+1)
	if err != nil {
		return nil, err
	}
	rows = holding(rows, s)
	if found <= manyFound {
		hits := func(after []string, n int) ([]Candidate, error) { return s.hits(ctx, tx, after, page.Down, n) }
		return PageOf(ctx, rows, hits, page)
	}
	if rows, err = within(ctx, tx, rows, s); err != nil {
		return nil, err
	}
	return asked(rows, s).Order(page.Order).Where(page.Beyond, page.Values...).Limit(page.AtMost).Find(ctx)
}

// within narrows to where in the order the hits lie, where that can be said.
func within[T searched](ctx context.Context, tx *Tx, rows Rows[T], s search) (Rows[T], error) {
	var model T
	by, ok := any(model).(spanned)
	if !ok {
		return rows, nil
	}
	first, last, err := s.span(ctx, tx)
	if err != nil || last == "" {
		return rows, err
	}
	first, _, _ = strings.Cut(first, " ")
	last, _, _ = strings.Cut(last, " ")
	return rows.Where(by.SearchSpan()+" BETWEEN ? AND ?", first, last), nil
}

// PageOf reads the page by looking at some candidates, and at twice as many until it is full. The rows have the conditions of the list.
func PageOf[T searched](ctx context.Context, rows Rows[T], candidates Candidates, page Ordered) (found []T, err error) {
	var model T
	rows, after := rows.Order(page.Order), page.After
	for size := firstHits; len(found) < page.AtMost; size = min(2*size, mostHits) {
		some, err := candidates(after, size)
		if err != nil || len(some) == 0 {
			return found, err
		}
		ids := make([]string, len(some))
		for i, c := range some {
			ids[i] = c.ObjectID
		}
		more, err := rows.Where(model.TableName()+".id IN ?", Padded(ids)).Limit(page.AtMost - len(found)).Find(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		if len(some) < size {
			return found, nil
		}
		last := some[len(some)-1]
		after = []string{last.OrderKey, last.ObjectID}
	}
	return found, nil
}

// hits returns some hits after a position, in order.
func (s search) hits(ctx context.Context, tx *Tx, after []string, down bool, n int) (hits []Candidate, err error) {
	beyond, direction := ">", ""
	if down {
		beyond, direction = "<", " DESC"
	}
	q := "SELECT order_key, object_id FROM search_word WHERE source = ? AND word >= ? AND word < ?"
	args := []any{s.table, s.from, s.to}
	if after != nil {
		q += " AND (order_key, object_id) " + beyond + " (?, ?)"
		args = append(args, after[0], after[1])
	}
	q += " ORDER BY order_key" + direction + ", object_id" + direction + " LIMIT ?"
	if err := Gorm(ctx, tx).Raw(q, append(args, n)...).Scan(&hits).Error; err != nil {
		return nil, fmt.Errorf("search %s: %w", s.table, err)
	}
	return hits, nil
}

// span returns between which keys of the order the rows that are found lie; nothing where their texts are too many to look.
func (s search) span(ctx context.Context, tx *Tx) (first, last string, err error) {
	var span struct {
		Words       int
		First, Last string
	}
	args := []any{s.table, s.from, s.to, s.table, s.to, someWords, s.table, s.table}
	if err := Gorm(ctx, tx).Raw(spanOf, args...).Scan(&span).Error; err != nil {
		return "", "", fmt.Errorf("search %s: %w", s.table, err)
	}
	if span.Words > someWords {
		return "", "", nil
	}
	return span.First, span.Last, nil
}
