package ledger

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// batch is how many entries a bulk book holds before it writes them.
const batch = 5000

// Bulk is a book for very many postings in one transaction that holds the tree alone: entries stream out while they are
// posted, with flat memory, and the balances are added up by the store.
type Bulk struct {
	book    *Book
	next    int64 // number of the next entry
	pending []Entry
	known   map[uuid.UUID]bool // the paths that are written
}

// OpenBulk begins a bulk of postings and holds the head from now on.
func OpenBulk(ctx context.Context, tx *database.Tx) (*Bulk, error) {
	book, err := Open(ctx, tx)
	if err != nil {
		return nil, err
	}
	next, _, err := advanceHead(ctx, tx, 0)
	if err != nil {
		return nil, err
	}
	b := &Bulk{book: book, next: next, known: map[uuid.UUID]bool{}}
	book.sink, book.summed = b.take, next-1
	return b, nil
}

// Post adds entries, each as Book.Post does; many at a time cost fewer questions about the tree.
func (b *Bulk) Post(ctx context.Context, postings ...Posting) error {
	organizations := make([]org.ID, len(postings))
	for i, p := range postings {
		organizations[i] = p.Organization
	}
	if err := b.book.forest.grow(ctx, b.book.tx, organizations...); err != nil {
		return err
	}
	for _, p := range postings {
		if err := b.book.Post(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// SettleAll posts the obligations of all bodies of the organisations, from the facts and everything posted so far.
func (b *Bulk) SettleAll(ctx context.Context, organizations []org.ID) error {
	if err := b.write(ctx); err != nil {
		return err
	}
	if err := analyze(ctx, b.book.tx); err != nil {
		return err
	}
	return b.book.SettleAll(ctx, organizations)
}

// Rechain moves the standing entries of the organisations, from the day on, to the chains of today's tree rows.
func (b *Bulk) Rechain(ctx context.Context, organizations []org.ID, from calendar.Date) error {
	return b.book.rechain(ctx, organizations, from, 0)
}

// Close writes the rest, adds everything up, and returns the number of the last entry.
func (b *Bulk) Close(ctx context.Context) (int64, error) {
	if err := b.write(ctx); err != nil {
		return 0, err
	}
	last := b.next - 1
	if b.book.summed == last {
		return last, nil
	}
	if err := sumIntoBalances(ctx, b.book.tx, b.book.summed); err != nil {
		return 0, err
	}
	b.book.summed = last
	return last, nil
}

func (b *Bulk) take(ctx context.Context, e Entry) error {
	e.Number = b.next
	b.next++
	b.pending = append(b.pending, e)
	if len(b.pending) < batch {
		return nil
	}
	return b.write(ctx)
}

// write sends the pending entries to the store; the balances come at the end, all at once.
func (b *Bulk) write(ctx context.Context) error {
	if len(b.pending) == 0 {
		return nil
	}
	var fresh []Path
	for _, p := range b.book.usedPaths(b.pending) {
		if !b.known[p.ID] {
			b.known[p.ID] = true
			fresh = append(fresh, p)
		}
	}
	if err := insertManyPaths(ctx, b.book.tx, fresh); err != nil {
		return err
	}
	_, recordedAt, err := advanceHead(ctx, b.book.tx, int64(len(b.pending)))
	if err != nil {
		return err
	}
	number(b.pending, b.pending[0].Number, recordedAt)
	if err := insertEntries(ctx, b.book.tx, b.pending); err != nil {
		return err
	}
	b.pending = b.pending[:0]
	return nil
}
