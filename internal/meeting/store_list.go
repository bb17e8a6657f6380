package meeting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/text"
	"sochibo/internal/topic"
)

// Sort is the order of a list of meetings.
type Sort string

// The orders; each ends with the id, so that it is the same on every page.
const (
	ByPeriod      Sort = "period"
	ByPeriodDown  Sort = "-period"
	ByHeld        Sort = "held"
	ByHeldDown    Sort = "-held"
	ByUpdated     Sort = "updated"
	ByUpdatedDown Sort = "-updated"
)

// Sorts returns every order.
func Sorts() []Sort {
	return []Sort{ByPeriod, ByPeriodDown, ByHeld, ByHeldDown, ByUpdated, ByUpdatedDown}
}

// Filter narrows a list of meetings; zero values leave it wide. UpdatedSince orders by updated and adds removed drafts.
type Filter struct {
	Organization org.ID
	Scope        string
	CountedFor   org.ID // with Scope and Basis: the meetings behind that organisation's figures
	Basis        ledger.Basis
	Code         string
	Body         org.Body
	Form         Form
	Status       Status
	PeriodFrom   calendar.Month
	PeriodTo     calendar.Month
	HeldFrom     calendar.Date
	HeldTo       calendar.Date
	Topic        topic.ID
	Directive    directive.ID
	Search       string
	UpdatedSince time.Time
	Sort         Sort
}

// order returns the sort that applies: what was asked for, but by updated where changes are followed.
func (f Filter) order() Sort {
	switch {
	case !f.UpdatedSince.IsZero():
		return ByUpdated
	case f.Sort == "":
		return ByPeriod
	default:
		return f.Sort
	}
}

// columns returns the columns of the order.
func (s Sort) columns() []string {
	switch Sort(strings.TrimPrefix(string(s), "-")) {
	case ByHeld:
		return []string{"held_on", "id"}
	case ByUpdated:
		return []string{"updated_at", "id"}
	default:
		return []string{"period_month", "held_on", "id"}
	}
}

func (s Sort) down() bool { return strings.HasPrefix(string(s), "-") }

// keys returns the sort keys of a row, as a cursor holds them.
func (s Sort) keys(m Meeting) []string {
	keys := make([]string, 0, 3)
	for _, column := range s.columns() {
		switch column {
		case "period_month":
			keys = append(keys, m.PeriodMonth.String())
		case "held_on":
			keys = append(keys, m.HeldOn.String())
		case "updated_at":
			keys = append(keys, m.UpdatedAt.UTC().Format(time.RFC3339Nano))
		default:
			keys = append(keys, m.ID.String())
		}
	}
	return keys
}

// clauses returns the condition that begins after the cursor, and the order.
func (s Sort) clauses(after httpapi.Cursor) (where string, args []any, order string) {
	columns := s.columns()
	direction, beyond := "", ">"
	if s.down() {
		direction, beyond = " DESC", "<"
	}
	order = strings.Join(columns, direction+", ") + direction
	if after == nil {
		return "TRUE", nil, order
	}
	where = "(" + strings.Join(columns, ", ") + ") " + beyond + " (?" + strings.Repeat(", ?", len(columns)-1) + ")"
	for i, column := range columns {
		args = append(args, cursorValue(column, after[i]))
	}
	return where, args, order
}

// cursorValue turns a key of a cursor, which httpapi has checked, into what the column is compared with.
func cursorValue(column, key string) any {
	if column != "updated_at" {
		return key
	}
	instant, err := time.Parse(time.RFC3339Nano, key)
	if err != nil {
		return time.Time{}
	}
	return instant.UTC()
}

// Change is one row of a list: a meeting, the trace of a removed draft, or the stub of a meeting that counts in figures
// the caller may read while the meeting itself is out of the caller's reach.
type Change struct {
	Meeting Meeting
	Removed bool
	Stub    *ledger.Counters
}

// stubs reports whether the list names meetings out of the caller's reach. It does where figures are followed, and only
// as long as no filter would tell more about such a meeting than its stub does.
func (f Filter) stubs() bool {
	telling := f.Code != "" || f.Search != "" || f.Status != "" || f.Topic != topic.ID{} || f.Directive != directive.ID{}
	dated := !f.HeldFrom.IsZero() || !f.HeldTo.IsZero() || !f.UpdatedSince.IsZero()
	return f.CountedFor != (org.ID{}) && !telling && !dated
}

// How many meetings a cell has, and rows of its rolls, about; and how few the meetings are where the index of those of an organisation
// decides about them alone.
const (
	ofOrganization = 30
	indexed        = 3
	rolledOf       = 300
)

// rows is how many meetings of the filter a cell has, about, by what it takes to read them.
func (f Filter) rows() int {
	rest, sort := f, f.order()
	rest.Organization, rest.Scope, rest.Sort = org.ID{}, "", ""
	rest.PeriodFrom, rest.PeriodTo, rest.HeldFrom, rest.HeldTo = calendar.Month{}, calendar.Month{}, calendar.Date{}, calendar.Date{}
	if rest == (Filter{}) && (sort == ByPeriod || sort == ByPeriodDown) {
		return indexed
	}
	return ofOrganization
}

// list returns up to limit+1 meetings the caller sees, or that the figures count.
func list(ctx context.Context, tx *database.Tx, sight org.Sight, f Filter, page httpapi.Page) ([]Meeting, error) {
	if f.stubs() {
		sight = org.Everywhere(tx)
	}
	sight, err := sight.Within(ctx, tx, f.Organization, f.Scope, f.rows())
	if err != nil {
		return nil, err
	}
	where, args := sight.WhereInspected("meeting.organization_id", "meeting.status", "meeting.period_month")
	query := database.Of[Meeting](database.Gorm(ctx, tx)).Where(where, args...)
	for _, c := range f.conditions() {
		query = query.Where(c.where, c.args...)
	}
	rows, err := f.page(ctx, tx, query, page, sight.Few())
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	return rows, nil
}

// page searches and sorts; few says that the other conditions leave few rows.
func (f Filter) page(ctx context.Context, tx *database.Tx, query database.Rows[Meeting], page httpapi.Page, few bool) ([]Meeting, error) {
	sort, after := f.order(), page.After
	where, args, order := sort.clauses(after)
	if byPeriod := sort == ByPeriod || sort == ByPeriodDown; byPeriod && !few && text.Searches(f.Search) {
		ordered := database.Ordered{Order: order, Down: sort.down(), Beyond: where, Values: args, AtMost: page.Limit + 1}
		if after != nil {
			ordered.After = []string{after[0] + " " + after[1], after[2]}
		}
		return database.SearchOrdered(ctx, tx, query, f.Search, ordered)
	}
	query, err := database.Search(ctx, tx, query, f.Search)
	if err != nil {
		return nil, err
	}
	return query.Where(where, args...).Order(order).Limit(page.Limit + 1).IDsFirst().Order(order).Find(ctx)
}

// inReach returns those of the meetings that the caller sees.
func inReach(ctx context.Context, tx *database.Tx, sight org.Sight, meetings []Meeting) (map[ID]bool, error) {
	ids := make([]ID, len(meetings))
	for i, m := range meetings {
		ids[i] = m.ID
	}
	where, args := sight.ForRow().WhereInspected("meeting.organization_id", "meeting.status", "meeting.period_month")
	seen, err := database.Of[Meeting](database.Gorm(ctx, tx)).Select("id").Where("id IN ?", ids).Where(where, args...).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("find meetings in reach: %w", err)
	}
	reach := make(map[ID]bool, len(seen))
	for _, m := range seen {
		reach[m.ID] = true
	}
	return reach, nil
}

type condition struct {
	where string
	args  []any
}

// conditions are those on the meeting alone.
func (f Filter) conditions() (list []condition) {
	add := func(applies bool, where string, args ...any) {
		if applies {
			list = append(list, condition{where, args})
		}
	}
	if f.CountedFor != (org.ID{}) {
		where, args := ledger.CountedFor(f.CountedFor, f.Scope == org.ScopeOwn, f.Basis, "meeting.id")
		add(true, where, args...)
	}
	add(f.Code != "", "code = ?", f.Code)
	add(f.Body != "", "body = ?", f.Body)
	add(f.Form != "", "forms IN ?", formsWith(f.Form))
	add(f.Status != "", "status = ?", f.Status)
	add(!f.PeriodFrom.IsZero(), "period_month >= ?", f.PeriodFrom)
	add(!f.PeriodTo.IsZero(), "period_month <= ?", f.PeriodTo)
	add(!f.HeldFrom.IsZero(), "held_on >= ?", f.HeldFrom)
	add(!f.HeldTo.IsZero(), "held_on <= ?", f.HeldTo)
	add(f.Topic != topic.ID{}, "topic_id = ?", f.Topic)
	add(f.Directive != directive.ID{}, "id IN (SELECT meeting_id FROM meeting_directive WHERE directive_id = ?)", f.Directive)
	add(!f.UpdatedSince.IsZero(), "updated_at >= ?", f.UpdatedSince)
	return list
}

// formsWith returns the sets of forms that hold the form.
func formsWith(form Form) []Forms {
	sets := []Forms{Forms(form)}
	if RegularThematic.Has(form) {
		sets = append(sets, RegularThematic)
	}
	return sets
}

// listRemoved returns up to limit+1 traces of removed drafts in sight, in the order of their removal.
func listRemoved(ctx context.Context, tx *database.Tx, sight org.Sight, f Filter, page httpapi.Page) ([]Tombstone, error) {
	sight, err := sight.Within(ctx, tx, f.Organization, f.Scope, 1)
	if err != nil {
		return nil, err
	}
	where, args := sight.WhereRecords("tombstone.organization_id", "'removed'")
	query := database.Of[Tombstone](database.Gorm(ctx, tx)).
		Where("kind = ? AND removed_at >= ?", tombstoneKind, f.UpdatedSince).Where(where, args...)
	if page.After != nil {
		query = query.Where("(removed_at, id) > (?, ?)", cursorValue("updated_at", page.After[0]), page.After[1])
	}
	rows, err := query.Order("removed_at, id").Limit(page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list removed meetings: %w", err)
	}
	return rows, nil
}

// woven merges meetings and traces in the order of their instants.
func woven(meetings []Meeting, removed []Tombstone) []Change {
	changes := make([]Change, 0, len(meetings)+len(removed))
	for _, m := range meetings {
		changes = append(changes, Change{Meeting: m})
	}
	for _, t := range removed {
		changes = append(changes, Change{Meeting: Meeting{ID: ID{t.ID}, UpdatedAt: t.RemovedAt}, Removed: true})
	}
	if len(removed) > 0 {
		slices.SortFunc(changes, func(a, b Change) int {
			if by := a.Meeting.UpdatedAt.Compare(b.Meeting.UpdatedAt); by != 0 {
				return by
			}
			return slices.Compare(a.Meeting.ID.UUID[:], b.Meeting.ID.UUID[:])
		})
	}
	return changes
}

// AttendanceFilter narrows a list of attendance rows; zero values leave it wide.
type AttendanceFilter struct {
	Meeting      ID
	Member       member.ID
	Organization org.ID
	Scope        string
	Body         org.Body
	Status       AttendanceStatus
	From         calendar.Month
	To           calendar.Month
}

// AttendanceRow is a row of a roll with what is needed to read it alone.
type AttendanceRow struct {
	Attendance
	OrganizationID org.ID
	Body           org.Body
	Forms          Forms
	PeriodMonth    calendar.Month
	HeldOn         calendar.Date
	MeetingStatus  Status
	FullName       string `gorm:"-"`
}

// TableName names the table.
func (AttendanceRow) TableName() string { return "attendance" }

func (r AttendanceRow) keys() []string {
	return []string{r.HeldOn.String(), r.MeetingID.String(), r.MemberID.String()}
}

// attendanceColumns are those of an AttendanceRow, from tables m and a.
const attendanceColumns = "SELECT a.*, m.organization_id, m.body, m.forms, m.period_month, m.held_on, m.status AS meeting_status "

// reading is a way to read rows of rolls: a query with places for the conditions, the order and the limit, the tables in the order in which SQLite
// reads them; and its columns.
type reading struct {
	query                                                                  string
	organization, day, month, body, meeting, member, status, meetingStatus string
}

func (r reading) order() string { return r.day + ", " + r.meeting + ", " + r.member }

// reading returns how the rows of the filter are found: from the member, from those who were not present, or from the meetings.
func (f AttendanceFilter) reading() reading {
	rolls := reading{
		attendanceColumns + "FROM meeting m CROSS JOIN attendance a WHERE m.id = a.meeting_id AND %s ORDER BY %s LIMIT ?",
		"m.organization_id", "m.held_on", "m.period_month", "m.body", "m.id", "a.member_id", "a.status", "m.status",
	}
	switch {
	case f.Member != (member.ID{}):
		rolls.query = attendanceColumns + "FROM attendance a CROSS JOIN meeting m WHERE m.id = a.meeting_id AND %s ORDER BY %s LIMIT ?"
	case f.Status != "" && f.Status != Present && f.Meeting == (ID{}):
		return reading{
			attendanceColumns + `FROM (SELECT x.meeting_id, x.member_id FROM attendance_absent x WHERE %s ORDER BY %s LIMIT ?) AS found
				CROSS JOIN meeting m CROSS JOIN attendance a
				WHERE m.id = found.meeting_id AND a.meeting_id = found.meeting_id AND a.member_id = found.member_id
				ORDER BY m.held_on, m.id, a.member_id`,
			"x.organization_id", "x.held_on", "x.period_month", "x.body", "x.meeting_id", "x.member_id", "x.status",
			"(SELECT s.status FROM meeting s WHERE s.id = x.meeting_id)",
		}
	}
	return rolls
}

// listAttendance returns up to limit+1 rows of rolls the caller sees, in the order of the days.
func listAttendance(
	ctx context.Context, tx *database.Tx, sight org.Sight, f AttendanceFilter, page httpapi.Page,
) ([]AttendanceRow, error) {
	sight, err := sight.Within(ctx, tx, f.Organization, f.Scope, rolledOf)
	if err != nil {
		return nil, err
	}
	way := f.reading()
	where, args := sight.WhereInspected(way.organization, way.meetingStatus, way.month)
	parts := []string{where}
	add := func(applies bool, where string, more ...any) {
		if applies {
			parts, args = append(parts, where), append(args, more...)
		}
	}
	add(f.Meeting != ID{}, way.meeting+" = ?", f.Meeting)
	add(f.Member != member.ID{}, way.member+" = ?", f.Member)
	add(f.Body != "", way.body+" = ?", f.Body)
	add(f.Status != "", way.status+" = ?", f.Status)
	add(!f.From.IsZero(), way.month+" >= ?", f.From)
	add(!f.To.IsZero(), way.month+" <= ?", f.To)
	if known := f.Meeting != (ID{}) || f.Member != (member.ID{}); !known && (!f.From.IsZero() || !f.To.IsZero()) {
		first, last, err := heldIn(ctx, tx, f.From, f.To)
		if err != nil {
			return nil, err
		}
		add(true, way.day+" BETWEEN ? AND ?", first, last)
	}
	if page.After != nil {
		add(true, "("+way.order()+") > (?, ?, ?)", page.After[0], page.After[1], page.After[2])
	}
	q := fmt.Sprintf(way.query, strings.Join(parts, " AND "), way.order())
	var rows []AttendanceRow
	if err := database.Gorm(ctx, tx).Raw(q, append(args, page.Limit+1)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list attendance: %w", err)
	}
	return rows, nameRows(ctx, tx, rows)
}

// nameRows fills in the full names.
func nameRows(ctx context.Context, tx *database.Tx, rows []AttendanceRow) error {
	seen := make(map[member.ID]bool)
	var ids []member.ID
	for _, row := range rows {
		if !seen[row.MemberID] {
			seen[row.MemberID], ids = true, append(ids, row.MemberID)
		}
	}
	known, err := member.LookupAll(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].FullName = known[rows[i].MemberID].FullName
	}
	return nil
}
