package meeting

import (
	"context"
	"fmt"

	"sochibo/internal/database"
)

// loadVotes adds the votes to the details, and the totals where there is no roll.
func (d *Details) loadVotes(ctx context.Context, tx *database.Tx) error {
	id := d.Meeting.ID
	var err error
	if d.Votes, err = database.Of[Vote](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Order("position").Find(ctx); err != nil {
		return fmt.Errorf("votes of meeting %s: %w", id, err)
	}
	if !d.Meeting.TotalsOnly {
		return nil
	}
	rows, err := database.Of[Totals](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Find(ctx)
	if err != nil {
		return fmt.Errorf("totals of meeting %s: %w", id, err)
	}
	if len(rows) != 1 {
		return fmt.Errorf("meeting %s has %d rows of totals", id, len(rows))
	}
	d.Totals = &rows[0]
	return nil
}
