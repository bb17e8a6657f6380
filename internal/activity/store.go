package activity

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/summary"
)

// atOnce is how many records are in memory at a time.
const atOnce = 500

// counted is the condition that meeting m is counted in the query's figures.
func (q Query) counted() (where string, args []any) {
	where, args = ledger.CountedFor(q.Organization, q.Scope == summary.OwnOnly, q.Basis, "m.id")
	return "m.period_month BETWEEN ? AND ? AND " + where, append([]any{q.Period.From, q.Period.To}, args...)
}

// checkSize refuses a question that rests on too many sessions. Fault: activity_too_large.
func checkSize(ctx context.Context, tx *database.Tx, q Query) error {
	where, args := q.counted()
	var n int64
	if err := database.Gorm(ctx, tx).Raw("SELECT count(*) FROM meeting m WHERE "+where, args...).Scan(&n).Error; err != nil {
		return fmt.Errorf("count sessions of %s: %w", q.Organization, err)
	}
	if n > maxSessions {
		return fault.With(ErrTooLarge, fault.Args{"sessions": n, "most": maxSessions})
	}
	return nil
}

// eachRecord calls fn with the frozen record of every meeting that the query counts, in batches.
func eachRecord(ctx context.Context, tx *database.Tx, q Query, fn func(meeting.Record)) error {
	where, args := q.counted()
	statement := `SELECT v.meeting_id, v.content FROM meeting m JOIN record_version v ON v.meeting_id = m.id AND v.number = m.record_version
		WHERE ` + where + ` AND m.id > ? ORDER BY m.id LIMIT ?`
	after := uuid.Nil
	for {
		var rows []meeting.RecordVersion
		if err := database.Gorm(ctx, tx).Raw(statement, append(args[:len(args):len(args)], after, atOnce)...).Scan(&rows).Error; err != nil {
			return fmt.Errorf("records of %s: %w", q.Organization, err)
		}
		for _, row := range rows {
			record, err := meeting.ReadRecord(row.Content)
			if err != nil {
				return err
			}
			fn(record)
			after = row.MeetingID.UUID
		}
		if len(rows) < atOnce {
			return nil
		}
	}
}

// taskCount is what became of the tasks due in a month that came through a child.
type taskCount struct {
	ViaID   org.ID
	Month   calendar.Month
	Due     int64
	OnTime  int64
	Late    int64
	Undated int64
	Overdue int64
	Open    int64
	Dropped int64
}

// The day is cut as text, since that is the same on both engines.
const tasksDue = `SELECT s.via_id, substr(CAST(t.due_on AS text), 1, 7) AS month, count(*) FILTER (WHERE t.status <> 'dropped') AS due,
		count(*) FILTER (WHERE t.status = 'done' AND t.done_on <= t.due_on) AS on_time,
		count(*) FILTER (WHERE t.status = 'done' AND t.done_on > t.due_on) AS late,
		count(*) FILTER (WHERE t.status = 'done' AND t.done_on IS NULL) AS undated,
		count(*) FILTER (WHERE t.status = 'open' AND t.due_on < ?) AS overdue, count(*) FILTER (WHERE t.status = 'open' AND t.due_on >= ?) AS open,
		count(*) FILTER (WHERE t.status = 'dropped') AS dropped
	FROM task t JOIN ledger_entry e ON e.source_id = t.meeting_id AND e.source = 'meeting' JOIN ledger_path_step s ON s.path_id = e.path_id
	WHERE t.due_on BETWEEN ? AND ? AND s.organization_id = ? AND e.basis = ? AND e.reverses IS NULL
		AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses = e.number)`

// tasksOf counts the tasks of counted meetings that were due in the period, by month and by the child they came through.
func tasksOf(ctx context.Context, tx *database.Tx, q Query) ([]taskCount, error) {
	today := tx.Today()
	args := []any{today, today, q.Period.First(), q.Period.Last(), q.Organization, q.Basis}
	var statement strings.Builder
	statement.WriteString(tasksDue)
	if q.Scope == summary.OwnOnly {
		statement.WriteString(" AND s.via_id = s.organization_id")
	}
	statement.WriteString(" GROUP BY s.via_id, substr(CAST(t.due_on AS text), 1, 7)")
	var rows []taskCount
	if err := database.Gorm(ctx, tx).Raw(statement.String(), args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("tasks due of %s: %w", q.Organization, err)
	}
	return rows, nil
}
