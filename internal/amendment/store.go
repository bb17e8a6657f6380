package amendment

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
)

// Sealed is what the log commits to of an amendment.
func Sealed() audit.Kind {
	return audit.Kind{Name: "amendment", Parts: []audit.Part{{Model: Amendment{}, Key: "id"}}}
}

// find returns an amendment of a meeting. Faults: amendment_unknown.
func find(ctx context.Context, tx *database.Tx, of meeting.ID, id ID) (Amendment, error) {
	row, err := database.Of[Amendment](database.Gorm(ctx, tx)).Where("meeting_id = ? AND id = ?", of, id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, ErrUnknown
	}
	return row, err
}

// list returns the amendments of a meeting, the first one first.
func list(ctx context.Context, tx *database.Tx, of meeting.ID) ([]Amendment, error) {
	rows, err := database.Of[Amendment](database.Gorm(ctx, tx)).Where("meeting_id = ?", of).Order("requested_at, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("amendments of meeting %s: %w", of, err)
	}
	return rows, nil
}

// refuseSecond fails where an amendment of the meeting waits already. Faults: amendment_open.
func refuseSecond(ctx context.Context, tx *database.Tx, of meeting.ID) error {
	row, err := database.Of[Amendment](database.Gorm(ctx, tx)).Where("meeting_id = ? AND status = ?", of, Requested).Take(ctx)
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("open amendment of meeting %s: %w", of, err)
	default:
		return fault.With(ErrOpen, fault.Args{"amendment_id": row.ID.String()})
	}
}

// insert keeps an amendment. Faults: amendment_open.
func insert(ctx context.Context, tx *database.Tx, a *Amendment) error {
	audit.Touch(tx, Sealed(), a.ID)
	if err := database.Of[Amendment](database.Gorm(ctx, tx)).Create(ctx, a); err != nil {
		return database.Taken(fmt.Errorf("insert amendment of meeting %s: %w", a.MeetingID, err), ErrOpen)
	}
	return nil
}

// decide writes the decision of an amendment that waits. Faults: amendment_decided.
func decide(ctx context.Context, tx *database.Tx, a *Amendment) error {
	audit.Touch(tx, Sealed(), a.ID)
	n, err := database.Of[Amendment](database.Gorm(ctx, tx)).Where("id = ? AND status = ?", a.ID, Requested).
		Select("status", "decided_by", "decided_at", "decision_reason").Updates(ctx, *a)
	if err != nil {
		return fmt.Errorf("decide amendment %s: %w", a.ID, err)
	}
	if n == 0 {
		return ErrDecided
	}
	return nil
}

// ForgetMember takes out of what amendments propose what a record does not keep of an erased member.
func ForgetMember(ctx context.Context, tx *database.Tx, who member.ID) error {
	query := database.Of[Amendment](database.Gorm(ctx, tx)).Where(database.Contains(tx, "content"), who.String())
	return redact(ctx, tx, query, func(r meeting.Record) (meeting.Record, bool) { return r.WithoutMember(who) })
}

// ForgetTexts takes the texts out of the amendments that made the version of a record or began from it.
func ForgetTexts(ctx context.Context, tx *database.Tx, of meeting.ID, number int) error {
	query := database.Of[Amendment](database.Gorm(ctx, tx)).Where("meeting_id = ? AND base_version IN ?", of, []int{number, number - 1})
	return redact(ctx, tx, query, func(r meeting.Record) (meeting.Record, bool) { return r.WithoutTexts(), true })
}

func redact(ctx context.Context, tx *database.Tx, query database.Rows[Amendment], left func(meeting.Record) (meeting.Record, bool)) error {
	rows, err := query.Order("id").Find(ctx)
	if err != nil {
		return fmt.Errorf("amendments to erase from: %w", err)
	}
	for _, a := range rows {
		p, err := a.proposal()
		if err != nil {
			return err
		}
		record, changed := left(p.Record)
		if !changed {
			continue
		}
		if a.Content, err = meeting.Canonical(record); err != nil {
			return err
		}
		audit.Touch(tx, Sealed(), a.ID)
		if _, err := database.Of[Amendment](database.Gorm(ctx, tx)).Where("id = ?", a.ID).Select("content").Updates(ctx, a); err != nil {
			return fmt.Errorf("erase from amendment %s: %w", a.ID, err)
		}
	}
	return nil
}
