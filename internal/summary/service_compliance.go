package summary

import (
	"context"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// Reach says which organisations are asked about: one of today, alone or with all below it.
type Reach struct {
	Organization org.ID
	Scope        string
}

// Compliance returns, for a page of organisations, how each of their bodies stands with each month.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Compliance(
	ctx context.Context, actor auth.Actor, of Reach, period calendar.Period, page httpapi.Page,
) ([]OrganizationRow, *string, error) {
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]OrganizationRow, error) {
		return s.rows(ctx, tx, actor, auth.SummaryRead, of, period, page)
	})
	data, next := httpapi.Cut(rows, page, OrganizationRow.keys)
	return data, next, err
}

// MissingRecords returns, for a page of organisations, the ended months without a record, with whom to remind.
//
// Faults: organization_unknown, forbidden.
func (s *Service) MissingRecords(
	ctx context.Context, actor auth.Actor, of Reach, period calendar.Period, page httpapi.Page,
) ([]Missing, *string, error) {
	var today calendar.Date
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]OrganizationRow, error) {
		today = tx.Today()
		return s.rows(ctx, tx, actor, auth.WarningRead, of, period, page)
	})
	data, next := httpapi.Cut(rows, page, OrganizationRow.keys)
	missing := []Missing{}
	for _, row := range data {
		missing = append(missing, row.missing(today)...)
	}
	return missing, next, err
}

// rows composes the map of up to limit+1 organisations. It takes a handful of statements, however many there are.
func (s *Service) rows(
	ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, of Reach, period calendar.Period, page httpapi.Page,
) ([]OrganizationRow, error) {
	sight, err := sightOf(ctx, tx, actor, permission, of.Organization)
	if err != nil {
		return nil, err
	}
	organizations, err := listBelow(ctx, tx, sight, of.Organization, of.Scope, page)
	if err != nil {
		return nil, err
	}
	ids := make([]org.ID, len(organizations))
	for i, o := range organizations {
		ids[i] = o.ID
	}
	m, err := s.mapOf(ctx, tx, ids, period)
	if err != nil {
		return nil, err
	}
	whom, err := secretaries(ctx, tx, ids, tx.Today())
	rows := make([]OrganizationRow, len(organizations))
	for i, o := range organizations {
		rows[i] = m.row(o)
		rows[i].Secretary = whom[o.ID]
	}
	return rows, err
}

func (s *Service) mapOf(ctx context.Context, tx *database.Tx, ids []org.ID, period calendar.Period) (mapOf, error) {
	book, err := rules.Embedded()
	if err != nil {
		return mapOf{}, err
	}
	m := mapOf{period: period, today: tx.Today(), zone: s.zone, due: book.RecordDue}
	if m.owed, err = ledger.OwedMonths(ctx, tx, ids, period, ledger.Submitted); err != nil {
		return m, err
	}
	m.sessions, err = regularSessions(ctx, tx, ids, period)
	return m, err
}

// keys are the sort keys of a row, for the cursor.
func (r OrganizationRow) keys() []string {
	return []string{r.Organization.SortKey, r.Organization.ID.String()}
}

func (a Awaiting) keys() []string {
	return []string{a.SubmittedAt.UTC().Format(time.RFC3339Nano), a.MeetingID.String()}
}

// Awaiting returns a page of the records that are in and that the superior has neither received nor returned.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Awaiting(ctx context.Context, actor auth.Actor, of Reach, page httpapi.Page) ([]Awaiting, *string, error) {
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]Awaiting, error) {
		sight, err := sightOf(ctx, tx, actor, auth.WarningRead, of.Organization)
		if err != nil {
			return nil, err
		}
		return listAwaiting(ctx, tx, sight, of.Organization, of.Scope, page)
	})
	data, next := httpapi.Cut(rows, page, Awaiting.keys)
	return data, next, err
}

func sightOf(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id org.ID) (org.Sight, error) {
	if err := org.Authorize(ctx, tx, actor, permission, id); err != nil {
		return org.Sight{}, err
	}
	return org.Scope(ctx, tx, actor, permission)
}
