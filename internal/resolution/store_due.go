package resolution

import (
	"context"
	"fmt"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

const dueIn = `SELECT count(*) AS due, count(*) FILTER (WHERE t.status = 'done' AND t.done_on <= t.due_on) AS done
	FROM task t JOIN meeting m ON m.id = t.meeting_id
	WHERE m.organization_id = ? AND m.body = ? AND m.status IN ('submitted', 'accepted') AND t.status <> 'dropped' AND t.due_on BETWEEN ? AND ?`

// OnTime counts the tasks of the counted meetings of a body that were due from one day to the other, and those of them that were done
// by their day. Dropped ones are not among them.
func OnTime(ctx context.Context, tx *database.Tx, organization org.ID, body org.Body, from, to calendar.Date) (done, due int64, err error) {
	var counts struct{ Due, Done int64 }
	if err := database.Gorm(ctx, tx).Raw(dueIn, organization, body, from, to).Scan(&counts).Error; err != nil {
		return 0, 0, fmt.Errorf("tasks due of %s: %w", organization, err)
	}
	return counts.Done, counts.Due, nil
}
