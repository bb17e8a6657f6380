package resolution

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// findTask returns the task; fault: task_unknown.
func findTask(ctx context.Context, tx *database.Tx, id TaskID) (Task, error) {
	t, err := database.Of[Task](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Task{}, ErrTaskUnknown
	}
	if err != nil {
		return Task{}, fmt.Errorf("find task %s: %w", id, err)
	}
	return t, nil
}

// insertTask stores a new task; faults: id_taken, code_taken.
func insertTask(ctx context.Context, tx *database.Tx, row *Task) error {
	audit.Touch(tx, SealedTask(), row.ID)
	if err := idFree[Task](ctx, tx, row.ID.UUID); err != nil {
		return err
	}
	if err := database.Of[Task](database.Gorm(ctx, tx)).Create(ctx, row); err != nil {
		return fmt.Errorf("insert task %s: %w", row.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// idFree refuses an id that a row has already: the store would not say whether id or code was taken.
func idFree[T Resolution | Task](ctx context.Context, tx *database.Tx, id uuid.UUID) error {
	same, err := database.Of[T](database.Gorm(ctx, tx)).Where("id = ?", id).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for id %s: %w", id, err)
	}
	if same > 0 {
		return ErrIDTaken
	}
	return nil
}

// saveTask stores the task if its version is still the one that was read; faults: version_stale, code_taken.
func saveTask(ctx context.Context, tx *database.Tx, t *Task) error {
	audit.Touch(tx, SealedTask(), t.ID)
	match := t.Version
	t.Version, t.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Task](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", t.ID, match).
		Select("code", "title", "assignee_id", "due_on", "status", "done_on", "result", "evidence", "evidence_address", "reported_by_id",
			"version", "updated_at").Updates(ctx, *t)
	if err != nil {
		return fmt.Errorf("save task %s: %w", t.ID, database.Taken(err, ErrCodeTaken))
	}
	if n == 0 {
		return staleTask(ctx, tx, t.ID)
	}
	return nil
}

// staleTask says that the version asked for is not the current one, and names that.
func staleTask(ctx context.Context, tx *database.Tx, id TaskID) error {
	t, err := findTask(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.WithETag(ErrStale, httpapi.ETag(t.Version))
}

// meeting is what this room needs to know of a meeting.
type meeting struct {
	ID             uuid.UUID
	OrganizationID org.ID
	Status         string
	Body           org.Body
	HeldOn         calendar.Date
	OnPaper        bool // its text is kept on paper
}

func (m meeting) sitting() Sitting { return Sitting{m.ID, m.OrganizationID, m.Body, m.HeldOn} }

const meetingByID = `SELECT id, organization_id, status, body, held_on, CASE WHEN paper_book IS NULL THEN FALSE ELSE TRUE END AS on_paper
	FROM meeting WHERE id = ?`

// findMeeting returns a meeting whose record the actor may see, and whether there is one.
func findMeeting(ctx context.Context, tx *database.Tx, actor auth.Actor, id uuid.UUID) (meeting, bool, error) {
	var rows []meeting
	if err := database.Gorm(ctx, tx).Raw(meetingByID, id).Scan(&rows).Error; err != nil {
		return meeting{}, false, fmt.Errorf("find meeting %s: %w", id, err)
	}
	if len(rows) == 0 {
		return meeting{}, false, nil
	}
	sees, err := org.SeesRecord(ctx, tx, actor, rows[0].OrganizationID, rows[0].Status == "accepted")
	return rows[0], sees, err
}

const (
	editDraft = `UPDATE meeting SET version = version + 1, updated_at = ?
		WHERE id = ? AND status IN ('scheduled', 'held') RETURNING id, organization_id, status`
	noteEditor = `INSERT INTO meeting_editor (meeting_id, user_id, edited_at) VALUES (?, ?, ?)
		ON CONFLICT (meeting_id, user_id) DO UPDATE SET edited_at = excluded.edited_at`
)

// editMeeting takes the next version of a draft for a change of what it decided, and notes the actor as one of its editors.
// Faults: meeting_counted, meeting_wrong_status.
func editMeeting(ctx context.Context, tx *database.Tx, actor auth.Actor, m meeting) error {
	var rows []meeting
	if err := database.Gorm(ctx, tx).Raw(editDraft, tx.Now, m.ID).Scan(&rows).Error; err != nil {
		return fmt.Errorf("edit meeting %s: %w", m.ID, err)
	}
	switch editor := actor.Editor(); {
	case len(rows) == 0 && m.Status == "cancelled":
		return fault.With(ErrMeetingStatus, fault.Args{"status": m.Status, "allowed": "scheduled, held"})
	case len(rows) == 0:
		return fault.With(ErrMeetingCounted, fault.Args{"status": m.Status})
	case editor == nil:
		return nil
	default:
		if err := database.Gorm(ctx, tx).Exec(noteEditor, m.ID, *editor, tx.Now).Error; err != nil {
			return fmt.Errorf("note editor of meeting %s: %w", m.ID, err)
		}
		return nil
	}
}
