package app

import (
	"context"

	"sochibo/internal/ledger"
)

// Verify recounts the ledger and compares its entries with the record versions they were counted from.
func (a *App) Verify(ctx context.Context) ([]ledger.Mismatch, error) {
	found, err := a.Ledger.Verify(ctx)
	if err != nil {
		return nil, err
	}
	records, err := a.Meetings.Verify(ctx)
	return append(found, records...), err
}
