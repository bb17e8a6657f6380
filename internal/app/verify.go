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
	if err != nil {
		return nil, err
	}
	erasures, err := a.Erasures.Verify(ctx)
	return append(append(found, records...), erasures.Wrong...), err
}

// Erased says what was erased and under which decision, which is nothing wrong.
func (a *App) Erased(ctx context.Context) ([]string, error) {
	erasures, err := a.Erasures.Verify(ctx)
	return erasures.Erased, err
}
