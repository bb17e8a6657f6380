package database

import (
	"context"
	"fmt"
)

const (
	manyFound = 2000 // so many hits are sorted to find the first of them; where there are more, a page in their order is soon full
	firstHits = 64   // so many are looked at first
)

// Ordered is a page of a list in the order of order_key and id.
type Ordered struct {
	Order  string   // the same order by the columns of the table, with its direction
	Down   bool     // from the last to the first
	After  []string // the order_key and the id of the row before, or nothing
	Beyond string   // the same by the columns of the table, with Values
	Values []any
	AtMost int // so many rows
}

// hit is a row of search_word that was found.
type hit struct{ OrderKey, ObjectID string }

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
	rows = holding(rows, s).Order(page.Order)
	if found <= manyFound {
		return hitsOf(ctx, tx, rows, s, page)
	}
	if rows, err = asked(ctx, tx, rows, s); err != nil {
		return nil, err
	}
	return rows.Where(page.Beyond, page.Values...).Limit(page.AtMost).Find(ctx)
}

// hitsOf reads the page by looking at some hits, and at twice as many until it is full.
func hitsOf[T searched](ctx context.Context, tx *Tx, rows Rows[T], s search, page Ordered) (found []T, err error) {
	after := page.After
	for size := firstHits; len(found) < page.AtMost; size *= 2 {
		hits, err := s.hits(ctx, tx, after, page.Down, size)
		if err != nil || len(hits) == 0 {
			return found, err
		}
		ids := make([]string, len(hits))
		for i, h := range hits {
			ids[i] = h.ObjectID
		}
		more, err := rows.Where(s.table+".id IN ?", Padded(ids)).Limit(page.AtMost - len(found)).Find(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		last := hits[len(hits)-1]
		after = []string{last.OrderKey, last.ObjectID}
	}
	return found, nil
}

// hits returns some hits after a position, in order.
func (s search) hits(ctx context.Context, tx *Tx, after []string, down bool, n int) (hits []hit, err error) {
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
