package ledger

import (
	"context"

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
	flushed int64 // the last entry that the balances hold
	pending []Entry
	known   map[string]bool // path ids that are written
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
	b := &Bulk{book: book, next: next, flushed: next - 1, known: map[string]bool{}}
	book.sink = b.take
	return b, nil
}

// Post adds one entry, as Book.Post does.
func (b *Bulk) Post(ctx context.Context, p Posting) error { return b.book.Post(ctx, p) }

// SettleAll posts the obligations of all bodies of the organisations, from the facts and everything posted so far.
func (b *Bulk) SettleAll(ctx context.Context, organizations []org.ID) error {
	if err := b.flush(ctx); err != nil {
		return err
	}
	return b.book.SettleAll(ctx, organizations)
}

// Rechain moves the standing entries of the organisations, from the day on, to the chains of today's tree rows.
func (b *Bulk) Rechain(ctx context.Context, organizations []org.ID, from calendar.Date) error {
	return b.book.rechain(ctx, organizations, from, 0)
}

// Close writes the rest and returns the number of the last entry.
func (b *Bulk) Close(ctx context.Context) (int64, error) {
	if err := b.flush(ctx); err != nil {
		return 0, err
	}
	return b.next - 1, nil
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

// write sends the pending entries to the store; the balances come later, many at a time.
func (b *Bulk) write(ctx context.Context) error {
	if len(b.pending) == 0 {
		return nil
	}
	var fresh []Path
	for _, p := range b.book.usedPaths(b.pending) {
		if !b.known[p.ID.String()] {
			b.known[p.ID.String()] = true
			fresh = append(fresh, p)
		}
	}
	if err := insertPaths(ctx, b.book.tx, fresh); err != nil {
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

func (b *Bulk) flush(ctx context.Context) error {
	if err := b.write(ctx); err != nil {
		return err
	}
	if b.flushed == b.next-1 {
		return nil
	}
	if err := sumIntoBalances(ctx, b.book.tx, b.flushed); err != nil {
		return err
	}
	b.flushed = b.next - 1
	return nil
}
