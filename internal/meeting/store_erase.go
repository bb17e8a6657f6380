package meeting

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/member"
	"sochibo/internal/resolution"
)

// ForgetMember takes out of rolls, minutes and record versions what is told of a member beside what counts: the reasons of absence and
// the texts of the member's opinions. It looks through the bytes of all versions, since the member may stand in one that was replaced.
func ForgetMember(ctx context.Context, tx *database.Tx, who member.ID, erasure uuid.UUID) error {
	const told = `UPDATE meeting SET version = version + 1, updated_at = ? WHERE id IN (
			SELECT meeting_id FROM attendance WHERE member_id = ? AND (reason IS NOT NULL OR reason_kind IS NOT NULL)
			UNION SELECT meeting_id FROM minutes_line WHERE member_id = ? AND part = ?) RETURNING id`
	var meetings []ID
	if err := database.Gorm(ctx, tx).Raw(told, tx.Now, who, who, Opinion).Scan(&meetings).Error; err != nil { // it also locks them
		return fmt.Errorf("forget member %s: %w", who, err)
	}
	audit.Touch(tx, Sealed(), meetings...)
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{"UPDATE attendance SET reason = NULL, reason_kind = NULL WHERE member_id = ?", []any{who}},
		{"UPDATE minutes_line SET text = ? WHERE member_id = ? AND part = ?", []any{erasedText, who, Opinion}},
	} {
		if err := database.Gorm(ctx, tx).Exec(q.sql, q.args...).Error; err != nil {
			return fmt.Errorf("forget member %s: %w", who, err)
		}
	}
	versions, err := database.Of[RecordVersion](database.Gorm(ctx, tx)).Where(database.Contains(tx, "content"), who.String()).
		Select("meeting_id, number").Order("meeting_id, number").Find(ctx)
	if err != nil {
		return fmt.Errorf("versions that name member %s: %w", who, err)
	}
	for _, v := range versions {
		if err := bury(ctx, tx, v.MeetingID, v.Number, erasure, func(r Record) (Record, bool) { return r.WithoutMember(who) }); err != nil {
			return err
		}
	}
	return nil
}

// ForgetTexts takes every free text out of one version of a record, and out of the rows of the meeting where it is the last one.
//
// Faults: meeting_unknown, record_version_unknown.
func ForgetTexts(ctx context.Context, tx *database.Tx, id ID, number int, erasure uuid.UUID) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := bury(ctx, tx, id, number, erasure, func(r Record) (Record, bool) { return r.WithoutTexts(), true }); err != nil {
		return err
	}
	if number < m.RecordVersion {
		return nil
	}
	m.Title, m.Place, m.SearchKey = nil, nil, ""
	if err := save(ctx, tx, &m); err != nil {
		return err
	}
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{"UPDATE attendance SET reason = NULL, reason_kind = NULL WHERE meeting_id = ?", []any{id}},
		{"UPDATE minutes_line SET text = ? WHERE meeting_id = ? AND text IS NOT NULL", []any{erasedText, id}},
		{"UPDATE meeting_vote SET subject = ? WHERE meeting_id = ? AND subject IS NOT NULL", []any{erasedText, id}},
		{"UPDATE meeting_totals SET reason = ? WHERE meeting_id = ?", []any{erasedText, id}},
	} {
		if err := database.Gorm(ctx, tx).Exec(q.sql, q.args...).Error; err != nil {
			return fmt.Errorf("erase texts of meeting %s: %w", id, err)
		}
	}
	return resolution.ForgetTexts(ctx, tx, id.UUID, erasedText)
}

// bury puts a tombstone in the place of a version from which something has to go.
func bury(ctx context.Context, tx *database.Tx, id ID, number int, erasure uuid.UUID, left func(Record) (Record, bool)) error {
	v, err := findVersion(ctx, tx, id, number)
	if err != nil {
		return err
	}
	record, err := ReadRecord(v.Content)
	if err != nil {
		return err
	}
	record, changed := left(record)
	if !changed {
		return nil
	}
	if v, err = v.buried(erasure, record); err != nil {
		return err
	}
	audit.Touch(tx, Sealed(), id)
	_, err = database.Of[RecordVersion](database.Gorm(ctx, tx)).Where("meeting_id = ? AND number = ?", id, number).
		Select("content", "sha256", "erasure_id").Updates(ctx, v)
	if err != nil {
		return fmt.Errorf("bury version %d of meeting %s: %w", number, id, err)
	}
	return nil
}

// OrganizationOf returns whose meeting has the record version.
//
// Faults: meeting_unknown, record_version_unknown.
func OrganizationOf(ctx context.Context, tx *database.Tx, id ID, number int) (Meeting, error) {
	m, err := first[Meeting](database.Of[Meeting](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx))
	if err != nil {
		return m, err
	}
	_, err = findVersion(ctx, tx, id, number)
	return m, err
}

// ErasedVersions returns the versions that name an erasure, without their bytes.
func ErasedVersions(ctx context.Context, tx *database.Tx) ([]RecordVersion, error) {
	rows, err := database.Of[RecordVersion](database.Gorm(ctx, tx)).Where("erasure_id IS NOT NULL").
		Select("meeting_id, number, erasure_id").Order("meeting_id, number").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("erased versions: %w", err)
	}
	return rows, nil
}

// replacedAfter returns the versions that are not the last of their meeting, some at a time.
func replacedAfter(ctx context.Context, tx *database.Tx, after RecordVersion, limit int) ([]RecordVersion, error) {
	const q = `SELECT v.* FROM record_version v JOIN meeting m ON m.id = v.meeting_id WHERE v.number < m.record_version
		AND (v.meeting_id, v.number) > (?, ?) ORDER BY v.meeting_id, v.number LIMIT ?`
	var rows []RecordVersion
	return rows, database.Gorm(ctx, tx).Raw(q, after.MeetingID, after.Number, limit).Scan(&rows).Error
}
