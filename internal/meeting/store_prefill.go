package meeting

import (
	"context"
	"fmt"

	"sochibo/internal/database"
	"sochibo/internal/org"
)

// lastSession returns the session of the body that was held before the one that is prepared, nil where the caller sees none.
func lastSession(ctx context.Context, tx *database.Tx, sight org.Sight, in Preparation) (*Meeting, error) {
	where, args := sight.WhereRecords("meeting.organization_id", "meeting.status")
	rows, err := database.Of[Meeting](database.Gorm(ctx, tx)).Where(where, args...).
		Where("organization_id = ? AND body = ? AND started_at < ? AND status IN ?", in.OrganizationID, in.Body, instant(in.StartedAt),
			[]Status{Held, Submitted, Accepted}).
		Order("started_at DESC, id DESC").Limit(1).Find(ctx)
	return firstOf(rows, err, "last session")
}

// committeeSession returns the session of the cell's committee for the month, the last one that was not cancelled, nil where the caller
// sees none.
func committeeSession(ctx context.Context, tx *database.Tx, sight org.Sight, in Preparation) (*Meeting, error) {
	where, args := sight.WhereRecords("meeting.organization_id", "meeting.status")
	rows, err := database.Of[Meeting](database.Gorm(ctx, tx)).Where(where, args...).
		Where("organization_id = ? AND body = ? AND period_month = ? AND status <> ?", in.OrganizationID, org.CellCommittee, in.PeriodMonth,
			Cancelled).
		Order("started_at DESC, id DESC").Limit(1).Find(ctx)
	return firstOf(rows, err, "session of the committee")
}

func firstOf(rows []Meeting, err error, what string) (*Meeting, error) {
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}
