package org

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// Insert adds an organisation as it stands, with version 1; the keys for search and order are filled. Faults: id_taken, code_taken.
func Insert(ctx context.Context, tx *database.Tx, o *Organization) error {
	o.keys()
	o.Version, o.CreatedAt, o.UpdatedAt = 1, tx.Now, tx.Now
	if _, err := Find(ctx, tx, o.ID); !errors.Is(err, ErrUnknown) {
		return either(err, ErrIDTaken)
	}
	if err := codeFree(ctx, tx, o); err != nil {
		return err
	}
	audit.Touch(tx, Sealed(), o.ID)
	return database.Taken(database.Of[Organization](database.Gorm(ctx, tx)).Create(ctx, o), ErrCodeTaken)
}

// codeFree asks before the store does, since neither engine says which of two unique values was taken.
func codeFree(ctx context.Context, tx *database.Tx, o *Organization) error {
	if o.Code == nil {
		return nil
	}
	found, err := FindByCode(ctx, tx, *o.Code)
	switch {
	case errors.Is(err, ErrUnknown):
		return nil
	case err == nil && found.ID != o.ID:
		return ErrCodeTaken
	default:
		return err
	}
}

// either returns err, or the other one where err is nil.
func either(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// SaveUnchecked writes the organisation over its version match and gives it the next one; what the change means for terms, placements
// and counted meetings is the caller's. Faults: version_stale with the current ETag, organization_unknown, code_taken.
func SaveUnchecked(ctx context.Context, tx *database.Tx, o *Organization, match int64) error {
	o.keys()
	if err := codeFree(ctx, tx, o); err != nil {
		return err
	}
	o.Version, o.UpdatedAt = match+1, tx.Now
	rows, err := database.Of[Organization](database.Gorm(ctx, tx)).
		Where("id = ? AND version = ?", o.ID, match).
		Select("code", "kind", "cell_type", "name", "short_name", "search_key", "sort_key", "founded_on", "dissolved_on", "version", "updated_at").
		Updates(ctx, *o)
	if err != nil {
		return database.Taken(err, ErrCodeTaken)
	}
	if rows == 0 {
		return stale(ctx, tx, o.ID)
	}
	audit.Touch(tx, Sealed(), o.ID)
	return nil
}

// Touch gives the organisation the version after match, because a part of it changed, and returns it. Faults: version_stale with the
// current ETag, organization_unknown.
func Touch(ctx context.Context, tx *database.Tx, id ID, match int64) (int64, error) {
	const query = `UPDATE organization SET version = version + 1, updated_at = ? WHERE id = ? AND version = ?`
	result := database.Gorm(ctx, tx).Exec(query, tx.Now, id, match)
	if result.Error != nil {
		return 0, fmt.Errorf("touch organisation: %w", result.Error)
	}
	if result.RowsAffected == 0 {
		return 0, stale(ctx, tx, id)
	}
	audit.Touch(tx, Sealed(), id)
	return match + 1, nil
}

// stale says which version is the current one.
func stale(ctx context.Context, tx *database.Tx, id ID) error {
	current, err := Find(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.WithETag(ErrStale, httpapi.ETag(current.Version))
}

// InsertPlacement adds a placement without asking whether it overlaps another or makes a cycle.
func InsertPlacement(ctx context.Context, tx *database.Tx, p *Placement) error {
	fresh(&p.ID)
	p.CreatedAt = tx.Now
	audit.Touch(tx, Sealed(), p.OrganizationID)
	return database.Of[Placement](database.Gorm(ctx, tx)).Create(ctx, p)
}

// SavePlacementEnd changes the last day of a placement; nil leaves it open.
func SavePlacementEnd(ctx context.Context, tx *database.Tx, p Placement, to *calendar.Date) error {
	audit.Touch(tx, Sealed(), p.OrganizationID)
	return one(database.Of[Placement](database.Gorm(ctx, tx)).Where("id = ?", p.ID).Update(ctx, "valid_to", to))
}

// RemovePlacement removes a placement.
func RemovePlacement(ctx context.Context, tx *database.Tx, p Placement) error {
	audit.Touch(tx, Sealed(), p.OrganizationID)
	return one(database.Of[Placement](database.Gorm(ctx, tx)).Where("id = ?", p.ID).Delete(ctx))
}

// InsertTerm adds a term of a body without asking whether it overlaps another.
func InsertTerm(ctx context.Context, tx *database.Tx, t *BodyTerm) error {
	fresh(&t.ID)
	t.CreatedAt = tx.Now
	audit.Touch(tx, Sealed(), t.OrganizationID)
	return database.Of[BodyTerm](database.Gorm(ctx, tx)).Create(ctx, t)
}

// SaveTermEnd changes the last day of a term; nil leaves it open.
func SaveTermEnd(ctx context.Context, tx *database.Tx, t BodyTerm, to *calendar.Date) error {
	audit.Touch(tx, Sealed(), t.OrganizationID)
	return one(database.Of[BodyTerm](database.Gorm(ctx, tx)).Where("id = ?", t.ID).Update(ctx, "valid_to", to))
}

// RemoveTerm removes a term.
func RemoveTerm(ctx context.Context, tx *database.Tx, t BodyTerm) error {
	audit.Touch(tx, Sealed(), t.OrganizationID)
	return one(database.Of[BodyTerm](database.Gorm(ctx, tx)).Where("id = ?", t.ID).Delete(ctx))
}

// InsertExcused sets a month of a body aside. Fault: asTaken, where it is set aside already.
func InsertExcused(ctx context.Context, tx *database.Tx, m *ExcusedMonth, asTaken error) error {
	fresh(&m.ID)
	m.CreatedAt = tx.Now
	audit.Touch(tx, Sealed(), m.OrganizationID)
	return database.Taken(database.Of[ExcusedMonth](database.Gorm(ctx, tx)).Create(ctx, m), asTaken)
}

// RemoveExcused removes an excused month.
func RemoveExcused(ctx context.Context, tx *database.Tx, m ExcusedMonth) error {
	audit.Touch(tx, Sealed(), m.OrganizationID)
	return one(database.Of[ExcusedMonth](database.Gorm(ctx, tx)).Where("id = ?", m.ID).Delete(ctx))
}

// fresh fills an id the caller left open.
func fresh(id *uuid.UUID) {
	if *id == (uuid.UUID{}) {
		*id = uuid.Must(uuid.NewV7())
	}
}

// one turns a change of no row into an error: the caller has just read the row.
func one(rows int, err error) error {
	if err == nil && rows != 1 {
		return fmt.Errorf("changed %d rows instead of one", rows)
	}
	return err
}
