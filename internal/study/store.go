package study

import (
	"context"
	"fmt"
	"strings"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// counted is the rule of the figures: the record is in, and the forms count. m is the meeting.
const counted = "m.status IN ('submitted', 'accepted') AND m.forms NOT IN ('congress', 'other')"

// thematic narrows to sittings that hold a thematic session.
const thematic = "m.forms IN ('thematic', 'regular;thematic')"

const sessionColumns = `m.id AS meeting_id, m.organization_id, m.body, m.forms, m.period_month, m.held_on, m.status`

// condition is a part of a statement with its arguments.
type condition struct {
	where string
	args  []any
}

// reach returns what the actor may read of meetings: records, and figures, which name counted meetings as stubs.
func reach(ctx context.Context, tx *database.Tx, actor auth.Actor) (records, figures condition, err error) {
	sight, err := org.Scope(ctx, tx, actor, auth.MeetingRead)
	if err != nil {
		return records, figures, err
	}
	wide, err := org.Scope(ctx, tx, actor, auth.SummaryRead)
	if err != nil {
		return records, figures, err
	}
	records.where, records.args = sight.WhereRecords("m.organization_id", "m.status")
	figures.where, figures.args = wide.Where("m.organization_id")
	figures.where = "(" + counted + " AND " + figures.where + ")"
	return records, figures, nil
}

// listSessions returns up to limit+1 of the meetings that the conditions leave and the actor may know of, by month.
func listSessions(ctx context.Context, tx *database.Tx, actor auth.Actor, page httpapi.Page, narrow ...condition) ([]Session, error) {
	records, figures, err := reach(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	args := append([]any{}, records.args...)
	parts := []string{"(" + records.where + " OR " + figures.where + ")", "m.status <> 'cancelled'"}
	args = append(append(args, records.args...), figures.args...)
	for _, c := range narrow {
		parts, args = append(parts, c.where), append(args, c.args...)
	}
	if page.After != nil {
		parts, args = append(parts, "(m.period_month, m.id) > (?, ?)"), append(args, page.After[0], page.After[1])
	}
	q := "SELECT " + sessionColumns + ", CASE WHEN " + records.where + " THEN TRUE ELSE FALSE END AS seen FROM meeting m WHERE " +
		strings.Join(parts, " AND ") + " ORDER BY m.period_month, m.id"
	if page.Limit > 0 {
		q, args = q+" LIMIT ?", append(args, page.Limit+1)
	}
	var found []Session
	if err := database.Gorm(ctx, tx).Raw(q, args...).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return found, nil
}

// countedThematic returns the counted thematic sessions of organisations, named by a condition on the column m.organization_id, in months,
// all of them where the period is zero.
func countedThematic(
	ctx context.Context, tx *database.Tx, actor auth.Actor, of condition, period calendar.Period,
) ([]Thematic, error) {
	records, _, err := reach(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	q := "SELECT " + sessionColumns + ", CASE WHEN " + records.where + ` THEN TRUE ELSE FALSE END AS seen, m.topic_id, coalesce(t.category, '') AS category
		FROM meeting m LEFT JOIN topic t ON t.id = m.topic_id WHERE ` + counted + " AND " + thematic + " AND " + of.where
	args := append(append([]any{}, records.args...), of.args...)
	if period != (calendar.Period{}) {
		q, args = q+" AND m.period_month BETWEEN ? AND ?", append(args, period.From, period.To)
	}
	var found []Thematic
	if err := database.Gorm(ctx, tx).Raw(q+" ORDER BY m.period_month, m.held_on, m.id", args...).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("thematic sessions: %w", err)
	}
	return found, nil
}

// studiedBy returns the counted sessions that studied the directive, of today's organisations at and below one.
func studiedBy(ctx context.Context, tx *database.Tx, actor auth.Actor, id directive.ID, of org.ID, scope string) ([]Session, error) {
	records, _, err := reach(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	where, narrow := org.Narrow(ctx, tx, of, scope, "m.organization_id")
	q := "SELECT " + sessionColumns + ", CASE WHEN " + records.where + ` THEN TRUE ELSE FALSE END AS seen
		FROM meeting m JOIN meeting_directive d ON d.meeting_id = m.id WHERE d.directive_id = ? AND ` + counted + " AND " + where +
		" ORDER BY m.held_on, m.id"
	args := append(append(append([]any{}, records.args...), id), narrow...)
	var found []Session
	if err := database.Gorm(ctx, tx).Raw(q, args...).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("sessions that studied directive %s: %w", id, err)
	}
	return found, nil
}

// cellsBelow returns today's organisations with a cell at and below one, in the order of their names.
func cellsBelow(ctx context.Context, tx *database.Tx, of org.ID, scope string) ([]org.Organization, error) {
	where, args := org.Narrow(ctx, tx, of, scope, "organization.id")
	found, err := database.Of[org.Organization](database.Gorm(ctx, tx)).Where(where, args...).Where("kind IN ?", cellKinds()).
		Where("(founded_on IS NULL OR founded_on <= ?) AND (dissolved_on IS NULL OR dissolved_on >= ?)", tx.Today(), tx.Today()).
		Order("sort_key, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("cells below %s: %w", of, err)
	}
	return found, nil
}

// cellKinds are the kinds of organisation that have a cell.
func cellKinds() []org.Kind {
	var kinds []org.Kind
	for _, kind := range org.Kinds() {
		if kind.May(org.Cell) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// through joins the entries that were posted through an organisation, by the tree of their day.
const through = ` FROM ledger_entry e JOIN ledger_path_step s ON s.path_id = e.path_id `

// heldThrough counts the thematic sessions of cells that were posted through an organisation, by child, category and month. Entries and
// reversals are added up, as the balances of the figures are.
func heldThrough(ctx context.Context, tx *database.Tx, id org.ID, period calendar.Period, basis ledger.Basis) ([]held, error) {
	const q = `SELECT s.via_id, coalesce(t.category, '') AS category, e.month, CAST(sum(e.thematic) AS bigint) AS sessions` + through + `
		JOIN meeting m ON m.id = e.source_id LEFT JOIN topic t ON t.id = m.topic_id
		WHERE s.organization_id = ? AND e.source = 'meeting' AND e.basis = ? AND e.body = 'cell' AND e.month BETWEEN ? AND ?
		GROUP BY s.via_id, coalesce(t.category, ''), e.month HAVING sum(e.thematic) <> 0`
	var found []held
	if err := database.Gorm(ctx, tx).Raw(q, id, basis, period.From, period.To).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("thematic sessions through %s: %w", id, err)
	}
	return found, nil
}

// owedThrough returns what the cells below an organisation owe of thematic quarters, as far as it was posted up to a month.
func owedThrough(ctx context.Context, tx *database.Tx, id org.ID, to calendar.Month, basis ledger.Basis) ([]owed, error) {
	const q = `SELECT s.via_id, e.organization_id, e.month, CAST(sum(e.quarters_due1) AS bigint) AS due1, CAST(sum(e.quarters_due2) AS bigint) AS due2,
		CAST(sum(e.quarters_due) AS bigint) AS due3, CAST(sum(e.quarters_covered1) AS bigint) AS covered1,
		CAST(sum(e.quarters_covered2) AS bigint) AS covered2, CAST(sum(e.quarters_covered) AS bigint) AS covered3` + through + `
		WHERE s.organization_id = ? AND e.source = 'obligation' AND e.basis IN ? AND e.body = 'cell' AND e.month <= ?
		GROUP BY s.via_id, e.organization_id, e.month`
	var found []owed
	if err := database.Gorm(ctx, tx).Raw(q, id, []ledger.Basis{basis, ledger.Both}, to).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("thematic quarters through %s: %w", id, err)
	}
	return found, nil
}

// sistersOf is the condition that a meeting is of an organisation that stands beside one on a day: below the same parent.
func sistersOf(id org.ID, on calendar.Date) condition {
	const where = `m.organization_id IN (SELECT b.organization_id FROM placement a JOIN placement b ON b.parent_id = a.parent_id
		WHERE a.organization_id = ? AND a.valid_from <= ? AND (a.valid_to IS NULL OR a.valid_to >= ?)
		AND b.valid_from <= ? AND (b.valid_to IS NULL OR b.valid_to >= ?) AND b.organization_id <> ?)`
	return condition{where, []any{id, on, on, on, on, id}}
}

// heldOn is the condition that a meeting which was held names the topic.
func heldOn(id topic.ID) condition {
	return condition{"m.topic_id = ? AND m.status <> 'scheduled'", []any{id}}
}

// within is the condition that a meeting is of today's organisations at and below one, or of one alone.
func within(ctx context.Context, tx *database.Tx, id org.ID, scope string) condition {
	where, args := org.Narrow(ctx, tx, id, scope, "m.organization_id")
	return condition{where, args}
}
