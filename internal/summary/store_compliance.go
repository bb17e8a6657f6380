package summary

import (
	"context"
	"fmt"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// listBelow returns up to limit+1 organisations of today at and below one, in sight, in the order of their names.
func listBelow(
	ctx context.Context, tx *database.Tx, sight org.Sight, id org.ID, scope string, page httpapi.Page,
) ([]org.Organization, error) {
	within, args := org.Narrow(ctx, tx, id, scope, "organization.id")
	seen, more := sight.Where("organization.id")
	query := database.Of[org.Organization](database.Gorm(ctx, tx)).Where(within, args...).Where(seen, more...)
	if page.After != nil {
		query = query.Where("(sort_key, id) > (?, ?)", page.After[0], page.After[1])
	}
	found, err := query.Order("sort_key, id").Limit(page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("organisations below %s: %w", id, err)
	}
	return found, nil
}

// The first version of a record that somebody handed in tells when; of an imported one nobody knows.
const regularRows = `SELECT m.id AS meeting_id, m.organization_id, m.body, m.period_month, m.held_on, m.status, m.returned_reason, m.record_version,
		CASE WHEN v.submitted_by IS NOT NULL THEN v.recorded_at END AS submitted_at
	FROM meeting m LEFT JOIN record_version v ON v.meeting_id = m.id AND v.number = 1
	WHERE m.organization_id IN ? AND m.period_month BETWEEN ? AND ? AND m.status <> 'cancelled' AND m.forms IN ('regular', 'regular;thematic')
	ORDER BY m.period_month, m.held_on, m.id`

// regularSessions returns the regular sessions of the organisations for the months, the earliest first.
func regularSessions(
	ctx context.Context, tx *database.Tx, ids []org.ID, period calendar.Period,
) (map[ledger.OwedMonth][]regular, error) {
	found := map[ledger.OwedMonth][]regular{}
	if len(ids) == 0 {
		return found, nil
	}
	var rows []regular
	if err := database.Gorm(ctx, tx).Raw(regularRows, ids, period.From, period.To).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("regular sessions: %w", err)
	}
	for _, r := range rows {
		key := ledger.OwedMonth{Organization: r.OrganizationID, Body: r.Body, Month: r.PeriodMonth}
		found[key] = append(found[key], r)
	}
	return found, nil
}

// secretaries returns the secretaries in office on the day; where an organisation has several, of the body that is shown first.
func secretaries(ctx context.Context, tx *database.Tx, ids []org.ID, on calendar.Date) (map[org.ID]*Officer, error) {
	found := map[org.ID]*Officer{}
	if len(ids) == 0 {
		return found, nil
	}
	const q = `SELECT f.organization_id, f.member_id, b.full_name, f.body, f.office
		FROM office f JOIN member b ON b.id = f.member_id
		WHERE f.organization_id IN ? AND f.office = 'secretary' AND f.valid_from <= ? AND (f.valid_to IS NULL OR f.valid_to >= ?)
		ORDER BY CASE f.body WHEN 'cell' THEN 0 WHEN 'cell_committee' THEN 1 WHEN 'party_committee' THEN 2 ELSE 3 END DESC, f.valid_from, f.id`
	var rows []Officer
	if err := database.Gorm(ctx, tx).Raw(q, ids, on, on).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("secretaries: %w", err)
	}
	for i := range rows {
		found[rows[i].OrganizationID] = &rows[i]
	}
	return found, nil
}

// listAwaiting returns up to limit+1 records that wait for the superior, the longest waiting first.
func listAwaiting(
	ctx context.Context, tx *database.Tx, sight org.Sight, id org.ID, scope string, page httpapi.Page,
) ([]Awaiting, error) {
	within, args := org.Narrow(ctx, tx, id, scope, "o.id")
	seen, more := sight.Where("o.id")
	args = append(args, more...)
	q := `SELECT w.* FROM (SELECT m.id AS meeting_id, o.id AS organization_id, o.code AS organization_code, o.name AS organization_name, m.body,
			m.forms, m.period_month, m.held_on, m.version,
			coalesce((SELECT max(e.recorded_at) FROM meeting_event e WHERE e.meeting_id = m.id AND e.act = 'submitted'), m.updated_at) AS submitted_at
		FROM meeting m JOIN organization o ON o.id = m.organization_id
		WHERE m.status = 'submitted' AND ` + within + " AND " + seen + ") w"
	if page.After != nil {
		at, err := time.Parse(time.RFC3339Nano, page.After[0])
		if err != nil {
			return nil, fmt.Errorf("cursor: %w", err)
		}
		q += " WHERE (w.submitted_at, w.meeting_id) > (?, ?)"
		args = append(args, at.UTC(), page.After[1])
	}
	var rows []Awaiting
	if err := database.Gorm(ctx, tx).Raw(q+" ORDER BY w.submitted_at, w.meeting_id LIMIT ?", append(args, page.Limit+1)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("records that wait: %w", err)
	}
	return rows, nil
}
