package warning

import (
	"context"
	"fmt"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// chunk is how many organisations are looked at with one set of statements.
const chunk = 50

// place is where a page of organisations begins.
type place struct{ sortKey, id string }

// listOrganizations returns up to chunk organisations that a condition leaves, from the place on, in the order of their names.
func listOrganizations(ctx context.Context, tx *database.Tx, where string, args []any, from place, limit int) ([]org.Organization, error) {
	query := database.Of[org.Organization](database.Gorm(ctx, tx)).Where(where, args...)
	if from.id != "" {
		query = query.Where("(sort_key, id) >= (?, ?)", from.sortKey, from.id)
	}
	found, err := query.Order("sort_key, id").Limit(limit).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("organisations to warn of: %w", err)
	}
	return found, nil
}

// rows runs a query about the organisations, with further arguments behind their ids.
func rows[T any](ctx context.Context, tx *database.Tx, sql string, args ...any) ([]T, error) {
	var found []T
	if err := database.Gorm(ctx, tx).Raw(sql, args...).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("%T for warnings: %w", *new(T), err)
	}
	return found, nil
}

// The first version tells when a record that somebody handed in first came; of an imported one nobody knows.
const sessionRows = `SELECT m.id AS meeting_id, m.organization_id, m.body, m.forms, m.period_month, m.held_on, m.started_at, m.ended_at,
		m.break_minutes, m.status, m.returned_reason, m.prepared_by_id, m.self_score, m.totals_only, m.record_version, m.version,
		CASE WHEN v.submitted_by IS NOT NULL THEN v.recorded_at END AS submitted_at,
		(SELECT min(n.posted_at) FROM meeting_notice n WHERE n.meeting_id = m.id) AS notice_at
	FROM meeting m LEFT JOIN record_version v ON v.meeting_id = m.id AND v.number = 1
	WHERE m.organization_id IN ? AND m.period_month BETWEEN ? AND ? AND m.status <> 'cancelled'
	ORDER BY m.held_on, m.started_at, m.id`

const rollRows = `SELECT a.meeting_id, a.member_id, a.status, a.standing
	FROM attendance a JOIN meeting m ON m.id = a.meeting_id
	WHERE m.organization_id IN ? AND m.period_month BETWEEN ? AND ? AND m.status IN ('submitted', 'accepted') AND m.body <> 'conference'
		AND a.standing IS NOT NULL
	ORDER BY a.meeting_id, a.member_id`

const totalRows = `SELECT t.* FROM meeting_totals t JOIN meeting m ON m.id = t.meeting_id
	WHERE m.organization_id IN ? AND m.period_month BETWEEN ? AND ? AND m.status IN ('submitted', 'accepted') AND m.totals_only`

const registrationRows = `SELECT id, organization_id, month, status, registered_at, version FROM registration
	WHERE organization_id IN ? AND month BETWEEN ? AND ? ORDER BY registered_at, id`

const taskRows = `SELECT t.id, m.organization_id, t.meeting_id, m.body, t.assignee_id, t.due_on, t.version FROM task t JOIN meeting m ON m.id = t.meeting_id
	WHERE m.organization_id IN ? AND m.status IN ('submitted', 'accepted') AND t.status = 'open' AND t.due_on BETWEEN ? AND ? ORDER BY t.due_on, t.id`

const homeRows = `SELECT id, member_id, organization_id, 'cell' AS body, valid_from, valid_to FROM membership
	WHERE organization_id IN ? ORDER BY valid_from, id`

const officeRows = `SELECT id, member_id, organization_id, body, valid_from, valid_to FROM office
	WHERE organization_id IN ? ORDER BY valid_from, id`

const termRows = `SELECT organization_id, valid_from, valid_to FROM body_term
	WHERE organization_id IN ? AND body = 'cell_committee' ORDER BY valid_from, id`

// Whoever ever belonged to the organisations or stands on one of their rolls in the months.
const personRows = `SELECT id, full_name, official_on FROM member WHERE id IN (
		SELECT member_id FROM membership WHERE organization_id IN ?
		UNION SELECT member_id FROM office WHERE organization_id IN ?
		UNION SELECT a.member_id FROM attendance a JOIN meeting m ON m.id = a.meeting_id WHERE m.organization_id IN ? AND m.period_month BETWEEN ? AND ?
		UNION SELECT t.assignee_id FROM task t JOIN meeting m ON m.id = t.meeting_id WHERE m.organization_id IN ? AND t.assignee_id IS NOT NULL)`

const ratingRows = `SELECT r.id, r.meeting_id, r.number, r.stage, r.record_version, r.rule_set, r.grade, r.created_at
	FROM rating r JOIN meeting m ON m.id = r.meeting_id
	WHERE m.organization_id IN ? AND m.period_month BETWEEN ? AND ? AND m.status IN ('submitted', 'accepted') ORDER BY r.meeting_id, r.number`

// Texts of minutes that are in, as long as they say something, and that another record of the organisation has too.
const textRows = `WITH line AS (SELECT m.organization_id, l.meeting_id, l.text FROM minutes_line l JOIN meeting m ON m.id = l.meeting_id
		WHERE m.organization_id IN ? AND m.period_month BETWEEN ? AND ? AND m.status IN ('submitted', 'accepted') AND length(l.text) >= ?)
	SELECT DISTINCT line.organization_id, line.meeting_id, line.text FROM line JOIN (
		SELECT organization_id, text FROM line GROUP BY organization_id, text HAVING count(DISTINCT meeting_id) > 1
	) again ON again.organization_id = line.organization_id AND again.text = line.text`

const followRows = `SELECT d.id AS delegate_id, m.id AS meeting_id, d.member_id, d.version, CASE WHEN a.id IS NULL THEN FALSE ELSE TRUE END AS recorded
	FROM meeting m JOIN organization o ON o.id = m.organization_id
	JOIN delegate d ON d.organization_id = m.organization_id AND d.valid_from <= m.held_on AND (d.valid_to IS NULL OR d.valid_to >= m.held_on)
	LEFT JOIN delegate_attendance a ON a.delegate_id = d.id AND a.meeting_id = m.id
	WHERE m.organization_id IN ? AND m.period_month BETWEEN ? AND ? AND m.status <> 'cancelled'
		AND m.body = CASE WHEN o.kind IN ('base_cell', 'cell') THEN 'cell' ELSE 'party_committee' END
	ORDER BY m.held_on, m.id, d.id`

// term is when a cell committee was in office.
type term struct {
	OrganizationID org.ID
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date
}
