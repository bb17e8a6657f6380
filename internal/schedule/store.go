package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// otherwise puts a fault in the place of a row that is not there.
func otherwise(err, unknown error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return unknown
	}
	return err
}

// fresh says that an id is free, or fails with id_taken.
func fresh[T any](ctx context.Context, tx *database.Tx, id uuid.UUID) error {
	taken, err := database.Of[T](database.Gorm(ctx, tx)).Where("id = ?", id).Count(ctx, "id")
	if err == nil && taken > 0 {
		err = ErrIDTaken
	}
	return err
}

// findRegistration returns a registration of the organisation. Faults: registration_unknown.
func findRegistration(ctx context.Context, tx *database.Tx, organization org.ID, id uuid.UUID) (Registration, error) {
	r, err := database.Of[Registration](database.Gorm(ctx, tx)).Where("organization_id = ? AND id = ?", organization, id).Take(ctx)
	return r, otherwise(err, ErrRegistrationUnknown)
}

// current returns the registration of a month that counts, the last one. Faults: registration_unknown.
func current(ctx context.Context, tx *database.Tx, organization org.ID, month calendar.Month) (Registration, error) {
	r, err := database.Of[Registration](database.Gorm(ctx, tx)).Where("organization_id = ? AND month = ?", organization, month).
		Order("registered_at DESC, id DESC").Limit(1).Take(ctx)
	return r, otherwise(err, ErrRegistrationUnknown)
}

// insertRegistration keeps a registration with its sessions. Faults: id_taken, code_taken.
func insertRegistration(ctx context.Context, tx *database.Tx, r *Registration, sessions []RegisteredSession) error {
	audit.Touch(tx, SealedRegistration(), r.ID)
	if err := fresh[Registration](ctx, tx, r.ID); err != nil {
		return err
	}
	if err := database.Of[Registration](database.Gorm(ctx, tx)).Create(ctx, r); err != nil {
		return fmt.Errorf("insert registration %s: %w", r.ID, database.Taken(err, ErrCodeTaken))
	}
	if err := database.Of[RegisteredSession](database.Gorm(ctx, tx)).CreateInBatches(ctx, &sessions, maxSessions); err != nil {
		return fmt.Errorf("insert sessions of registration %s: %w", r.ID, err)
	}
	return nil
}

// saveDecision writes what the superior said. Faults: version_stale.
func saveDecision(ctx context.Context, tx *database.Tx, r *Registration) error {
	audit.Touch(tx, SealedRegistration(), r.ID)
	match := r.Version
	r.Version, r.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Registration](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", r.ID, match).
		Select("status", "decided_by", "decided_at", "reason", "version", "updated_at").Updates(ctx, *r)
	if err != nil {
		return fmt.Errorf("save registration %s: %w", r.ID, err)
	}
	if n == 0 {
		return ErrStale
	}
	return nil
}

// RegistrationFilter narrows a list of registrations.
type RegistrationFilter struct {
	Organization org.ID
	Scope        string
	From         calendar.Month
	To           calendar.Month
	Status       RegistrationStatus
	Page         httpapi.Page
}

// ofOrganization is how many months a cell registers in a year, about.
const ofOrganization = 12

// inSight is the condition, for a page, that a column is in sight and within the filter's reach.
func inSight(ctx context.Context, tx *database.Tx, column string, sight org.Sight, id org.ID, scope string) (where string, args []any, err error) {
	if sight, err = sight.Within(ctx, tx, id, scope, ofOrganization); err != nil {
		return "", nil, err
	}
	where, args = sight.Where(column)
	return where, args, nil
}

// listRegistrations returns up to limit+1 registrations of the filter in sight, by month and organisation.
func listRegistrations(ctx context.Context, tx *database.Tx, sight org.Sight, f RegistrationFilter) ([]Registration, error) {
	where, args, err := inSight(ctx, tx, "registration.organization_id", sight, f.Organization, f.Scope)
	if err != nil {
		return nil, err
	}
	query := database.Of[Registration](database.Gorm(ctx, tx)).Where(where, args...)
	if !f.From.IsZero() {
		query = query.Where("month >= ?", f.From)
	}
	if !f.To.IsZero() {
		query = query.Where("month <= ?", f.To)
	}
	if f.Status != "" {
		query = query.Where("status = ?", f.Status)
	}
	if after := f.Page.After; after != nil {
		query = query.Where("(month, id) > (?, ?)", after[0], after[1])
	}
	rows, err := query.Order("month, id").Limit(f.Page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list registrations: %w", err)
	}
	return rows, nil
}

// Planned is a registered session with what has become of it.
type Planned struct {
	RegisteredSession `gorm:"embedded"`

	NowStartedAt time.Time
	NowEndedAt   *time.Time
	NowPlace     *string
	NowStatus    meeting.Status
}

// changed reports whether date, planned end or place are no longer those that were registered.
func (p Planned) changed() bool {
	return !p.StartedAt.Equal(p.NowStartedAt) || !equal(p.Place, p.NowPlace)
}

const plannedQuery = `
SELECT s.*, m.started_at AS now_started_at, m.ended_at AS now_ended_at, m.place AS now_place, m.status AS now_status
FROM registered_session s JOIN meeting m ON m.id = s.meeting_id
WHERE s.registration_id IN ? ORDER BY s.started_at, s.meeting_id`

// plannedOf returns the sessions of registrations, by registration.
func plannedOf(ctx context.Context, tx *database.Tx, ids []uuid.UUID) (map[uuid.UUID][]Planned, error) {
	found := make(map[uuid.UUID][]Planned, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []Planned
	if err := database.Gorm(ctx, tx).Raw(plannedQuery, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("registered sessions: %w", err)
	}
	for _, row := range rows {
		found[row.RegistrationID] = append(found[row.RegistrationID], row)
	}
	return found, nil
}
