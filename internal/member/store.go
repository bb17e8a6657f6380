package member

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// Find returns the member; fault: member_unknown.
func Find(ctx context.Context, tx *database.Tx, id ID) (Member, error) {
	m, err := database.Of[Member](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Member{}, ErrUnknown
	}
	if err != nil {
		return Member{}, fmt.Errorf("find member %s: %w", id, err)
	}
	return m, nil
}

// lookupChunk is how many ids one question names.
const lookupChunk = 500

// LookupAll returns those of the members that exist.
func LookupAll(ctx context.Context, tx *database.Tx, ids []ID) (map[ID]Member, error) {
	found := make(map[ID]Member, len(ids))
	for len(ids) > 0 {
		chunk := ids[:min(lookupChunk, len(ids))]
		ids = ids[len(chunk):]
		members, err := database.Of[Member](database.Gorm(ctx, tx)).Where("id IN ?", chunk).Find(ctx)
		if err != nil {
			return nil, fmt.Errorf("look up members: %w", err)
		}
		for _, m := range members {
			found[m.ID] = m
		}
	}
	return found, nil
}

// insert stores a new member; faults: id_taken, code_taken.
func insert(ctx context.Context, tx *database.Tx, m *Member) error {
	audit.Touch(tx, Sealed(), m.ID)
	same, err := database.Of[Member](database.Gorm(ctx, tx)).Where("id = ?", m.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for member %s: %w", m.ID, err)
	}
	if same > 0 {
		return ErrIDTaken
	}
	if err := database.Of[Member](database.Gorm(ctx, tx)).Create(ctx, m); err != nil {
		return fmt.Errorf("insert member %s: %w", m.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// save stores the member if its version is still the one that was read; faults: version_stale, code_taken.
func save(ctx context.Context, tx *database.Tx, m *Member) error {
	audit.Touch(tx, Sealed(), m.ID)
	match := m.Version
	m.Version, m.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Member](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", m.ID, match).
		Select("code", "full_name", "search_key", "sort_key", "gender", "born_on", "admitted_on", "official_on", "card_number",
			"version", "updated_at").
		Updates(ctx, *m)
	if err != nil {
		return fmt.Errorf("save member %s: %w", m.ID, database.Taken(err, ErrCodeTaken))
	}
	if n == 0 {
		return stale(ctx, tx, m.ID)
	}
	return nil
}

// AnyVersion is a match that every version meets.
const AnyVersion int64 = -1

const bump = `UPDATE member SET version = version + 1, updated_at = ?
	WHERE id = ? AND (CAST(? AS bigint) = -1 OR version = ?) RETURNING version`

// touch gives the member its next version because a part changed, and locks the row until the end of the transaction; AnyVersion
// takes every version. Faults: version_stale, member_unknown.
func touch(ctx context.Context, tx *database.Tx, id ID, match int64) (int64, error) {
	var versions []int64
	if err := database.Gorm(ctx, tx).Raw(bump, tx.Now, id, match, match).Scan(&versions).Error; err != nil {
		return 0, fmt.Errorf("touch member %s: %w", id, err)
	}
	if len(versions) == 0 {
		return 0, stale(ctx, tx, id)
	}
	audit.Touch(tx, Sealed(), id)
	return versions[0], nil
}

// stale says that the version asked for is not the current one, and names that.
func stale(ctx context.Context, tx *database.Tx, id ID) error {
	m, err := Find(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.WithETag(ErrStale, httpapi.ETag(m.Version))
}
