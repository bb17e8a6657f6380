package schedule

import (
	"context"
	"fmt"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// reach is the sessions, or the organisations, that a view is about.
type reach struct {
	organizations string // the condition on the organisation o
	ids           []any
	period        calendar.Period
}

func reachOf(ctx context.Context, tx *database.Tx, sight org.Sight, id org.ID, scope string, period calendar.Period) reach {
	within, args := org.Narrow(ctx, tx, id, scope, "o.id")
	seen, more := sight.Where("o.id")
	return reach{within + " AND " + seen, append(args, more...), period}
}

// meetings is the condition on the meeting m of the organisation o, and its arguments.
func (r reach) meetings() (sql string, args []any) {
	return r.organizations + " AND m.held_on >= ? AND m.held_on <= ?", append(append([]any{}, r.ids...), r.period.First(), r.period.Last())
}

const sessionColumns = `m.id AS meeting_id, m.organization_id, o.name AS organization_name, o.kind AS organization_kind, m.body, m.forms,
	m.period_month, m.held_on, m.started_at, m.ended_at, m.mode, m.place, m.title, m.topic_id, t.title AS topic_title, m.chair_id,
	c.full_name AS chair_name, m.status, m.postponed, m.cancelled_reason, m.version, m.created_at, m.updated_at`

// sessionsOf returns the sessions of the reach, in the order of their start. Faults: schedule_too_large.
func sessionsOf(ctx context.Context, tx *database.Tx, r reach) ([]Session, error) {
	where, args := r.meetings()
	sql := "SELECT " + sessionColumns + ` FROM meeting m JOIN organization o ON o.id = m.organization_id
		LEFT JOIN topic t ON t.id = m.topic_id LEFT JOIN member c ON c.id = m.chair_id
		WHERE ` + where + " ORDER BY m.started_at, m.id LIMIT ?"
	var rows []Session
	if err := database.Gorm(ctx, tx).Raw(sql, append(args, largestSchedule+1)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	if len(rows) > largestSchedule {
		return nil, ErrTooLarge
	}
	return rows, nil
}

// perMeeting runs a query about the meetings of the reach; what stands between SELECT and WHERE is from.
func perMeeting[T any](ctx context.Context, tx *database.Tx, r reach, from, rest string) ([]T, error) {
	where, args := r.meetings()
	var rows []T
	if err := database.Gorm(ctx, tx).Raw("SELECT "+from+" WHERE "+where+rest, args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("%T of sessions: %w", *new(T), err)
	}
	return rows, nil
}

// registeredDates returns what was registered of the sessions, the last registration last.
func registeredDates(ctx context.Context, tx *database.Tx, r reach) ([]RegisteredDate, error) {
	return perMeeting[RegisteredDate](ctx, tx, r, `r.id AS registration_id, s.meeting_id, r.month, r.status, r.registered_at, s.started_at,
		s.ended_at, s.place FROM registered_session s JOIN registration r ON r.id = s.registration_id JOIN meeting m ON m.id = s.meeting_id
		JOIN organization o ON o.id = m.organization_id`, " ORDER BY r.registered_at, r.id")
}

// moment is when something of a meeting was done.
type moment struct {
	MeetingID meeting.ID
	At        time.Time
}

// firstNotices returns when the first thing was posted for the sessions; firstRecords when their records were first in.
func firstNotices(ctx context.Context, tx *database.Tx, r reach) ([]moment, error) {
	return perMeeting[moment](ctx, tx, r, `n.meeting_id, min(n.posted_at) AS at FROM meeting_notice n JOIN meeting m ON m.id = n.meeting_id
		JOIN organization o ON o.id = m.organization_id`, " GROUP BY n.meeting_id")
}

func firstRecords(ctx context.Context, tx *database.Tx, r reach) ([]moment, error) {
	return perMeeting[moment](ctx, tx, r, `e.meeting_id, min(e.recorded_at) AS at FROM meeting_event e JOIN meeting m ON m.id = e.meeting_id
		JOIN organization o ON o.id = m.organization_id`, " AND e.act = 'submitted' GROUP BY e.meeting_id")
}

// followedBody is the body whose sessions delegates attend, in SQL; the function followed says it in Go.
const followedBody = "m.body = CASE WHEN o.kind IN ('base_cell', 'cell') THEN 'cell' ELSE 'party_committee' END"

// delegatesAt returns who follows the sessions.
func delegatesAt(ctx context.Context, tx *database.Tx, r reach) ([]Following, error) {
	return perMeeting[Following](ctx, tx, r, `d.id AS delegate_id, m.id AS meeting_id, d.member_id, b.full_name, a.attended
		FROM meeting m JOIN organization o ON o.id = m.organization_id
		JOIN delegate d ON d.organization_id = m.organization_id AND d.valid_from <= m.held_on AND (d.valid_to IS NULL OR d.valid_to >= m.held_on)
		JOIN member b ON b.id = d.member_id
		LEFT JOIN delegate_attendance a ON a.delegate_id = d.id AND a.meeting_id = m.id`,
		" AND "+followedBody+" ORDER BY d.valid_from, d.id")
}

// cell is an organisation that may owe a session of its members.
type cell struct {
	ID          org.ID
	Name        string
	Kind        org.Kind
	FoundedOn   *calendar.Date
	DissolvedOn *calendar.Date
}

// cellsOf returns the cells of the reach. Faults: schedule_too_large.
func cellsOf(ctx context.Context, tx *database.Tx, r reach) ([]cell, error) {
	sql := "SELECT o.id, o.name, o.kind, o.founded_on, o.dissolved_on FROM organization o WHERE o.kind IN ('base_cell', 'cell') AND " +
		r.organizations + " ORDER BY o.sort_key, o.id LIMIT ?"
	var rows []cell
	if err := database.Gorm(ctx, tx).Raw(sql, append(append([]any{}, r.ids...), largestSchedule+1)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("cells: %w", err)
	}
	if len(rows) > largestSchedule {
		return nil, ErrTooLarge
	}
	return rows, nil
}

// monthOf is something of an organisation in a month.
type monthOf struct {
	OrganizationID org.ID
	Month          calendar.Month
	Status         RegistrationStatus
	RegisteredAt   time.Time
}

// registeredMonths returns the registrations of the reach, the last one of a month last.
func registeredMonths(ctx context.Context, tx *database.Tx, r reach) ([]monthOf, error) {
	return perMonth(ctx, tx, r, `r.organization_id, r.month, r.status, r.registered_at FROM registration r
		JOIN organization o ON o.id = r.organization_id WHERE r.month >= ? AND r.month <= ? AND `, " ORDER BY r.registered_at, r.id")
}

// excusedMonths returns the months of cells that were set aside.
func excusedMonths(ctx context.Context, tx *database.Tx, r reach) ([]monthOf, error) {
	return perMonth(ctx, tx, r, `x.organization_id, x.month FROM excused_month x JOIN organization o ON o.id = x.organization_id
		WHERE x.body = 'cell' AND x.month >= ? AND x.month <= ? AND `, "")
}

func perMonth(ctx context.Context, tx *database.Tx, r reach, from, rest string) ([]monthOf, error) {
	var rows []monthOf
	args := append([]any{r.period.From, r.period.To}, r.ids...)
	if err := database.Gorm(ctx, tx).Raw("SELECT "+from+r.organizations+rest, args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("months of organisations: %w", err)
	}
	return rows, nil
}

// counted is what delegates attended of an organisation's sessions of a month.
type counted struct {
	OrganizationID org.ID
	Name           string
	PeriodMonth    calendar.Month
	MeetingID      meeting.ID
	MemberID       *member.ID
	FullName       *string
	Attended       *bool
}

// countedVisits returns a row for each session of the months that was held and each delegate recorded at it; a session without one has
// one row without a delegate.
func countedVisits(ctx context.Context, tx *database.Tx, r reach) ([]counted, error) {
	sql := `SELECT m.organization_id, o.name, m.period_month, m.id AS meeting_id, d.member_id, b.full_name, a.attended
		FROM meeting m JOIN organization o ON o.id = m.organization_id
		LEFT JOIN delegate_attendance a ON a.meeting_id = m.id LEFT JOIN delegate d ON d.id = a.delegate_id
		LEFT JOIN member b ON b.id = d.member_id
		WHERE m.status IN ('held', 'submitted', 'accepted') AND m.forms NOT IN ('congress', 'other') AND ` + followedBody +
		" AND m.period_month >= ? AND m.period_month <= ? AND " + r.organizations + " ORDER BY o.sort_key, o.id, m.period_month, m.id, b.sort_key, d.id LIMIT ?"
	args := append([]any{r.period.From, r.period.To}, r.ids...)
	var rows []counted
	if err := database.Gorm(ctx, tx).Raw(sql, append(args, largestSchedule+1)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("attendance of delegates: %w", err)
	}
	if len(rows) > largestSchedule {
		return nil, ErrTooLarge
	}
	return rows, nil
}
