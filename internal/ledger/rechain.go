package ledger

import (
	"context"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// MoveLimit is how many entries one request may move to another chain.
const MoveLimit = 20000

// ErrMoveTooLarge tells that a back-dated change touches more entries than one request may move.
var ErrMoveTooLarge = fault.With(fault.New(fault.Invalid, "move_too_large"), fault.Args{"limit": MoveLimit})

// Rechain follows a change of the tree at or below the organisation that holds from the day on: standing entries whose
// chain is no longer that of their day are reversed and posted again, and all obligations are settled. It fails with
// ErrMoveTooLarge. The caller holds the tree lock alone.
func (b *Book) Rechain(ctx context.Context, organization org.ID, from calendar.Date) error {
	below, err := everBelow(ctx, b.tx, organization)
	if err != nil {
		return err
	}
	if err := b.rechain(ctx, below, from, MoveLimit); err != nil {
		return err
	}
	return b.SettleAll(ctx, below)
}

func (b *Book) rechain(ctx context.Context, organizations []org.ID, from calendar.Date, limit int) error {
	for _, id := range organizations {
		if err := b.forest.grow(ctx, b.tx, id); err != nil {
			return err
		}
		entries, err := standingOf(ctx, b.tx, id, from)
		if err != nil {
			return err
		}
		if err := b.moveEntries(ctx, entries, limit); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) moveEntries(ctx context.Context, entries []Entry, limit int) error {
	for _, e := range entries {
		path := b.forest.pathOn(e.OrganizationID, e.Day)
		if path.ID == e.PathID {
			continue
		}
		if limit > 0 && len(b.entries) >= 2*limit {
			return ErrMoveTooLarge
		}
		if err := b.reverse(ctx, Structure, e); err != nil {
			return err
		}
		again := e
		again.Cause, again.Number = Structure, 0
		if err := b.add(ctx, again, path); err != nil {
			return err
		}
	}
	return nil
}
