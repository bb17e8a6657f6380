package schedule

import (
	"context"
	"fmt"
	"time"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// sitting is what this room needs of a meeting.
type sitting struct {
	ID             meeting.ID
	OrganizationID org.ID
	Kind           org.Kind
	Body           org.Body
	HeldOn         calendar.Date
	StartedAt      time.Time
	EndedAt        *time.Time
	Place          *string
	Status         meeting.Status
}

const sittingQuery = `
SELECT m.id, m.organization_id, o.kind, m.body, m.held_on, m.started_at, m.ended_at, m.place, m.status
FROM meeting m JOIN organization o ON o.id = m.organization_id WHERE m.id = ?`

// findSitting returns a meeting. Faults: meeting_unknown.
func findSitting(ctx context.Context, tx *database.Tx, id meeting.ID) (sitting, error) {
	var rows []sitting
	if err := database.Gorm(ctx, tx).Raw(sittingQuery, id).Scan(&rows).Error; err != nil {
		return sitting{}, fmt.Errorf("find meeting %s: %w", id, err)
	}
	if len(rows) == 0 {
		return sitting{}, meeting.ErrUnknown
	}
	return rows[0], nil
}

// noticesOf returns what was posted for a meeting, in the order in which it was recorded.
func noticesOf(ctx context.Context, tx *database.Tx, id meeting.ID) ([]Notice, error) {
	rows, err := database.Of[Notice](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Order("position").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("notices of meeting %s: %w", id, err)
	}
	return rows, nil
}

func insertNotices(ctx context.Context, tx *database.Tx, rows []Notice) error {
	for _, n := range rows {
		audit.Touch(tx, SealedNotice(), n.ID)
	}
	if err := database.Of[Notice](database.Gorm(ctx, tx)).CreateInBatches(ctx, &rows, maxItems); err != nil {
		return fmt.Errorf("insert notices: %w", err)
	}
	return nil
}
