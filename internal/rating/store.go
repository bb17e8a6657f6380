package rating

import (
	"context"
	"fmt"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/meeting"
)

// Sealed is what the log commits to of a judgement.
func Sealed() audit.Kind {
	return audit.Kind{Name: "rating", Parts: []audit.Part{{Model: Rating{}, Key: "id"}}}
}

// list returns the judgements of a meeting, the first one first.
func list(ctx context.Context, tx *database.Tx, of meeting.ID) ([]Rating, error) {
	rows, err := database.Of[Rating](database.Gorm(ctx, tx)).Where("meeting_id = ?", of).Order("number").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("ratings of meeting %s: %w", of, err)
	}
	return rows, nil
}

// insert keeps a judgement. Faults: version_stale where another one came first.
func insert(ctx context.Context, tx *database.Tx, row *Rating) error {
	audit.Touch(tx, Sealed(), row.ID)
	if err := database.Of[Rating](database.Gorm(ctx, tx)).Create(ctx, row); err != nil {
		return database.Taken(fmt.Errorf("keep rating %d of meeting %s: %w", row.Number, row.MeetingID, err), ErrStale)
	}
	return nil
}
