package resolution

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Written is what one meeting decided: its resolutions and tasks, each in the order in which they were written.
type Written struct {
	Resolutions []Resolution
	Tasks       []Task
}

// InsertResolutions adds resolutions to a meeting; the caller has checked the drafts and holds the meeting. Faults: code_taken,
// id_taken, resolution_number_taken, resolution_series_full.
func InsertResolutions(ctx context.Context, tx *database.Tx, at Sitting, drafts []Draft) error {
	return writeResolutions(ctx, tx, at, nil, drafts)
}

// writeResolutions adds the rows of the drafts. A number that a present row had already stays as it is, even if another meeting has it.
func writeResolutions(ctx context.Context, tx *database.Tx, at Sitting, present []Resolution, drafts []Draft) error {
	if len(drafts) == 0 {
		return nil
	}
	n, err := newNumberer(ctx, tx, at)
	if err != nil {
		return err
	}
	for i := range drafts {
		row := drafts[i].over(present, at.MeetingID, tx.Now)
		kept := slices.ContainsFunc(present, func(old Resolution) bool { return old.ID == row.ID && same(old.Number, row.Number) })
		if err := n.insertNumbered(ctx, tx, &row, drafts[i].NextNumber, kept); err != nil {
			return err
		}
	}
	return nil
}

// InsertTasks adds tasks to a meeting; the caller has checked the drafts and holds the meeting. Faults: code_taken, id_taken.
func InsertTasks(ctx context.Context, tx *database.Tx, meetingID uuid.UUID, drafts []TaskDraft) error {
	for i := range drafts {
		row := drafts[i].row(meetingID, tx.Now)
		if err := insertTask(ctx, tx, &row); err != nil {
			return err
		}
	}
	return nil
}

// CheckAssignees notes every task whose assignee does not exist, below the pointer of the list.
func CheckAssignees(ctx context.Context, tx *database.Tx, f *fault.Fields, pointer string, drafts []TaskDraft) error {
	var ids []member.ID
	for _, d := range drafts {
		if d.AssigneeID != nil {
			ids = append(ids, *d.AssigneeID)
		}
	}
	known, err := member.LookupAll(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i, d := range drafts {
		if d.AssigneeID == nil {
			continue
		}
		_, ok := known[*d.AssigneeID]
		f.Check(ok, pointer+"/"+strconv.Itoa(i)+"/assignee_id", "reference_unknown")
	}
	return nil
}

// ReplaceResolutions makes the drafts the resolutions of a meeting: a draft with the id or the code of a present row changes that row,
// any other is added, and rows no draft names are removed. The caller has checked the drafts and holds the meeting.
// Faults: code_taken, id_taken, resolution_number_taken, resolution_series_full.
func ReplaceResolutions(ctx context.Context, tx *database.Tx, at Sitting, drafts []Draft) error {
	meetingID := at.MeetingID
	present, err := database.Of[Resolution](database.Gorm(ctx, tx)).Where("meeting_id = ?", meetingID).Find(ctx)
	if err != nil {
		return fmt.Errorf("resolutions of meeting %s: %w", meetingID, err)
	}
	for _, row := range present {
		audit.Touch(tx, Sealed(), row.ID)
	}
	if _, err := database.Of[Resolution](database.Gorm(ctx, tx)).Where("meeting_id = ?", meetingID).Delete(ctx); err != nil {
		return fmt.Errorf("remove resolutions of meeting %s: %w", meetingID, err)
	}
	return writeResolutions(ctx, tx, at, present, drafts)
}

// ReplaceTasks makes the drafts the tasks of a meeting, in the way of ReplaceResolutions; a draft without a status leaves what
// became of a present task as it is. Faults: code_taken, id_taken.
func ReplaceTasks(ctx context.Context, tx *database.Tx, meetingID uuid.UUID, drafts []TaskDraft) error {
	present, err := database.Of[Task](database.Gorm(ctx, tx)).Where("meeting_id = ?", meetingID).Find(ctx)
	if err != nil {
		return fmt.Errorf("tasks of meeting %s: %w", meetingID, err)
	}
	for _, row := range present {
		audit.Touch(tx, SealedTask(), row.ID)
	}
	if _, err := database.Of[Task](database.Gorm(ctx, tx)).Where("meeting_id = ?", meetingID).Delete(ctx); err != nil {
		return fmt.Errorf("remove tasks of meeting %s: %w", meetingID, err)
	}
	for i := range drafts {
		row := drafts[i].over(present, meetingID, tx.Now)
		if err := insertTask(ctx, tx, &row); err != nil {
			return err
		}
	}
	return nil
}

// Remove removes what a meeting decided, before the meeting itself goes.
func Remove(ctx context.Context, tx *database.Tx, meetingID uuid.UUID) error {
	if err := ReplaceTasks(ctx, tx, meetingID, nil); err != nil {
		return err
	}
	return ReplaceResolutions(ctx, tx, Sitting{MeetingID: meetingID}, nil)
}

// OfMeetings returns what each of the meetings decided; a meeting that decided nothing is absent.
func OfMeetings(ctx context.Context, tx *database.Tx, ids []uuid.UUID) (map[uuid.UUID]Written, error) {
	found := make(map[uuid.UUID]Written)
	if len(ids) == 0 {
		return found, nil
	}
	resolutions, err := database.Of[Resolution](database.Gorm(ctx, tx)).Where("meeting_id IN ?", ids).Order("created_at, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("resolutions of meetings: %w", err)
	}
	tasks, err := database.Of[Task](database.Gorm(ctx, tx)).Where("meeting_id IN ?", ids).Order("created_at, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("tasks of meetings: %w", err)
	}
	for _, row := range resolutions {
		written := found[row.MeetingID]
		written.Resolutions = append(written.Resolutions, row)
		found[row.MeetingID] = written
	}
	for _, row := range tasks {
		written := found[row.MeetingID]
		written.Tasks = append(written.Tasks, row)
		found[row.MeetingID] = written
	}
	return found, nil
}

// over makes the row of the draft, which is that of a present resolution where id or code say so.
func (d *Draft) over(present []Resolution, meetingID uuid.UUID, now time.Time) Resolution {
	row := d.row(meetingID, now)
	for _, old := range present {
		if old.ID == d.ID || same(old.Code, row.Code) {
			row.ID, row.CreatedAt = old.ID, old.CreatedAt
		}
	}
	return row
}

// over makes the row of the draft, which is that of a present task where id or code say so.
func (d *TaskDraft) over(present []Task, meetingID uuid.UUID, now time.Time) Task {
	row := d.row(meetingID, now)
	for _, old := range present {
		if old.ID == d.ID || same(old.Code, row.Code) {
			row.ID, row.CreatedAt, row.Version = old.ID, old.CreatedAt, old.Version+1
			if d.Status == "" {
				row.Status, row.DoneOn, row.Report = old.Status, old.DoneOn, old.Report
			}
		}
	}
	return row
}

// Merged returns the resolutions that ReplaceResolutions would make of those present, without writing anything.
func Merged(present []Resolution, drafts []Draft) []Resolution {
	rows := make([]Resolution, len(drafts))
	for i := range drafts {
		rows[i] = drafts[i].over(present, uuid.Nil, time.Time{})
	}
	return rows
}

// MergedTasks returns the tasks that ReplaceTasks would make of those present, without writing anything.
func MergedTasks(present []Task, drafts []TaskDraft) []Task {
	rows := make([]Task, len(drafts))
	for i := range drafts {
		rows[i] = drafts[i].over(present, uuid.Nil, time.Time{})
	}
	return rows
}

// same reports whether both codes are known and equal.
func same(a, b *string) bool { return a != nil && b != nil && *a == *b }

// mostOpen is how many open tasks are told of at once.
const mostOpen = 200

// OpenBefore returns the tasks of sessions of the body held before the instant that are still open, the most urgent first.
func OpenBefore(ctx context.Context, tx *database.Tx, organization org.ID, body org.Body, before time.Time) ([]Task, error) {
	const q = `SELECT t.* FROM task t JOIN meeting m ON m.id = t.meeting_id
		WHERE t.status = 'open' AND m.organization_id = ? AND m.body = ? AND m.started_at < ? AND m.status IN ('held', 'submitted', 'accepted')
		ORDER BY coalesce(t.due_on, ?), t.id LIMIT ?`
	var rows []Task
	if err := database.Gorm(ctx, tx).Raw(q, organization, body, before.UTC(), noDay(), mostOpen).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("open tasks of %s: %w", organization, err)
	}
	return rows, nil
}
