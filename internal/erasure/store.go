package erasure

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Sealed is what the log commits to of an erasure.
func Sealed() audit.Kind {
	return audit.Kind{Name: "erasure", Parts: []audit.Part{{Model: Erasure{}, Key: "id"}}}
}

// insert keeps a request. Faults: erasure_exists.
func insert(ctx context.Context, tx *database.Tx, e *Erasure) error {
	audit.Touch(tx, Sealed(), e.ID)
	if err := database.Of[Erasure](database.Gorm(ctx, tx)).Create(ctx, e); err != nil {
		return database.Taken(fmt.Errorf("insert erasure: %w", err), ErrExists)
	}
	return nil
}

// decide writes the decision if the erasure still has the version, and gives it the next one. Faults: version_stale.
func decide(ctx context.Context, tx *database.Tx, e *Erasure, match int64) error {
	audit.Touch(tx, Sealed(), e.ID)
	e.Version = match + 1
	n, err := database.Of[Erasure](database.Gorm(ctx, tx)).Where("id = ? AND version = ? AND status = ?", e.ID, match, Requested).
		Select("status", "confirmed_by", "confirmed_at", "pseudonym", "ended_by", "ended_at", "decision_reason", "version").Updates(ctx, *e)
	if err != nil {
		return fmt.Errorf("decide erasure %s: %w", e.ID, err)
	}
	if n == 0 {
		return ErrStale
	}
	return nil
}

// sighted is the condition under which an erasure is in sight: its organisation is; one without an organisation only to those who see
// the whole installation.
func sighted(sight org.Sight) (sql string, args []any) {
	if sight.All() {
		return "TRUE", nil
	}
	sql, args = sight.Where("erasure.organization_id")
	return "(erasure.organization_id IS NOT NULL AND " + sql + ")", args
}

// visible returns an erasure in the caller's scope. Faults: erasure_unknown.
func visible(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Erasure, error) {
	sight, err := org.Scope(ctx, tx, actor, auth.ErasureRead)
	if err != nil {
		return Erasure{}, err
	}
	where, args := sighted(sight.ForRow())
	row, err := database.Of[Erasure](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, ErrUnknown
	}
	return row, err
}

// list returns a page and one row more.
func list(ctx context.Context, tx *database.Tx, sight org.Sight, page httpapi.Page) ([]Erasure, error) {
	sight, err := sight.ForPage(ctx, tx, 1)
	if err != nil {
		return nil, err
	}
	where, args := sighted(sight)
	query := database.Of[Erasure](database.Gorm(ctx, tx)).Where(where, args...)
	if page.After != nil {
		query = query.Where("id > ?", page.After[0])
	}
	rows, err := query.Order("id").Limit(page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return rows, nil
}

// confirmedByID returns every confirmed erasure.
func confirmedByID(ctx context.Context, tx *database.Tx) (map[ID]Erasure, error) {
	rows, err := database.Of[Erasure](database.Gorm(ctx, tx)).Where("status = ?", Confirmed).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("confirmed erasures: %w", err)
	}
	byID := make(map[ID]Erasure, len(rows))
	for _, e := range rows {
		byID[e.ID] = e
	}
	return byID, nil
}
