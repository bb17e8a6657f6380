package meeting

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// noteEditor remembers that the user wrote on the draft; the installation is nobody.
func noteEditor(ctx context.Context, tx *database.Tx, id ID, user *auth.UserID) error {
	if user == nil {
		return nil
	}
	audit.Touch(tx, Sealed(), id)
	editor := Editor{MeetingID: id, UserID: *user, EditedAt: tx.Now}
	return database.Of[Editor](database.Gorm(ctx, tx), clause.OnConflict{
		Columns: []clause.Column{{Name: "meeting_id"}, {Name: "user_id"}}, DoUpdates: clause.AssignmentColumns([]string{"edited_at"}),
	}).Create(ctx, &editor)
}

// editorsOf returns everybody who wrote on the draft.
func editorsOf(ctx context.Context, tx *database.Tx, id ID) ([]auth.UserID, error) {
	rows, err := database.Of[Editor](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).Order("user_id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("editors of meeting %s: %w", id, err)
	}
	users := make([]auth.UserID, len(rows))
	for i, row := range rows {
		users[i] = row.UserID
	}
	return users, nil
}

// noteEvent remembers an act.
func noteEvent(ctx context.Context, tx *database.Tx, m Meeting, act Act, user *auth.UserID, reason *string) error {
	audit.Touch(tx, Sealed(), m.ID)
	event := Event{
		ID: uuid.Must(uuid.NewV7()), MeetingID: m.ID, Act: act, UserID: user, Reason: reason, RecordedAt: tx.Now,
	}
	if m.RecordVersion > 0 && act != ActCancelled && act != ActPostponed {
		number := m.RecordVersion
		event.VersionNumber = &number
	}
	if err := database.Of[Event](database.Gorm(ctx, tx)).Create(ctx, &event); err != nil {
		return fmt.Errorf("note that meeting %s was %s: %w", m.ID, act, err)
	}
	return nil
}

// findVersion returns one record version. Faults: record_version_unknown.
func findVersion(ctx context.Context, tx *database.Tx, id ID, number int) (RecordVersion, error) {
	row, err := database.Of[RecordVersion](database.Gorm(ctx, tx)).Where("meeting_id = ? AND number = ?", id, number).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, ErrVersionUnknown
	}
	return row, err
}

// insertVersion keeps the bytes of a record; amendment is what made it, nil where it is handed in.
func insertVersion(ctx context.Context, tx *database.Tx, r Record, by *auth.UserID, amendment *uuid.UUID) error {
	audit.Touch(tx, Sealed(), r.MeetingID)
	row, err := NewVersion(r, by, tx.Now)
	if err != nil {
		return err
	}
	row.AmendmentID = amendment
	if err := database.Of[RecordVersion](database.Gorm(ctx, tx)).Create(ctx, &row); err != nil {
		return fmt.Errorf("keep version %d of meeting %s: %w", r.Number, r.MeetingID, err)
	}
	return nil
}

// listVersions returns the record versions of a meeting without their bytes.
func listVersions(ctx context.Context, tx *database.Tx, id ID) ([]RecordVersion, error) {
	rows, err := database.Of[RecordVersion](database.Gorm(ctx, tx)).Where("meeting_id = ?", id).
		Select("meeting_id, number, sha256, submitted_by, recorded_at, amendment_id, erasure_id").Order("number").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("versions of meeting %s: %w", id, err)
	}
	return rows, nil
}

// CountedOutside returns the meetings of the organisation whose records are in and that were held on a day in none of the spans: of
// the bodies named, or of every body when none is. A founding, dissolution or term that leaves any is refused with their list.
func CountedOutside(
	ctx context.Context, tx *database.Tx, organization org.ID, bodies []org.Body, spans []calendar.Span,
) ([]Meeting, error) {
	query := database.Of[Meeting](database.Gorm(ctx, tx)).
		Where("organization_id = ? AND status IN ?", organization, []Status{Submitted, Accepted})
	if len(bodies) > 0 {
		query = query.Where("body IN ?", bodies)
	}
	rows, err := query.Order("held_on, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("counted meetings of %s: %w", organization, err)
	}
	var outside []Meeting
	for _, m := range rows {
		if !within(m.HeldOn, spans) {
			outside = append(outside, m)
		}
	}
	return outside, nil
}

func within(day calendar.Date, spans []calendar.Span) bool {
	for _, span := range spans {
		if span.Contains(day) {
			return true
		}
	}
	return false
}
