package summary_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/testkit/recount"
)

// story is a random history of one installation.
type story struct {
	*house

	t     *testing.T
	r     *rand.Rand
	size  recount.Size
	today recount.Date
	made  int
	log   []string
	kept  []memory

	done, refused map[string]int // how often, by act
}

// memory is an answer that has to stay the same for ever.
type memory struct {
	question recount.Query
	at       moment
	answer   string
}

func actor() auth.Actor { return auth.InstallationActor() }

// little is a folder that leaves room for a history: a year of few people, late enough that most of what is dated has begun.
func little() recount.Size {
	return recount.Size{Roots: 2, Cells: 4, MembersPerCell: 4, From: "2018-05", To: "2019-04", Today: "2019-06-15"}
}

func newStory(t *testing.T, engine database.Engine, r *rand.Rand) *story {
	t.Helper()
	s := &story{t: t, r: r, size: little(), done: map[string]int{}, refused: map[string]int{}}
	s.today = s.size.Today
	s.house = newHouse(t, engine, s.today)
	s.take(t, recount.RandomFolder(r, s.size))
	return s
}

// failed tells what led to a failure.
func (s *story) failed(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("%s\nafter\n%s", fmt.Sprintf(format, args...), strings.Join(s.log, "\n"))
}

// rows reads rows with the test's own SQL.
func rows[T any](s *story, query string, args ...any) []T {
	s.t.Helper()
	found, err := database.Read(s.t.Context(), s.db, func(tx *database.Tx) ([]T, error) {
		var found []T
		return found, database.Gorm(s.t.Context(), tx).Raw(query, args...).Scan(&found).Error
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

// dated is a row of a dated table with the codes and words it names.
type dated struct {
	Code, Other string
	Since       *calendar.Date
	Until       *calendar.Date
}

// text is the day as the recount writes it.
func text(day *calendar.Date) recount.Date {
	if day == nil {
		return ""
	}
	return recount.Date(day.String())
}

// facts puts together what a recount needs to know: the dated tables as they are, and of each meeting whose record is in
// the bytes of its last version.
func (s *story) facts() recount.Facts {
	s.t.Helper()
	facts := recount.Facts{Meetings: s.records(), Inspections: s.rounds()}
	for _, d := range rows[dated](s, "SELECT code, kind AS other, founded_on AS since, dissolved_on AS until FROM organization") {
		facts.Organizations = append(facts.Organizations, recount.Organization{
			Code: d.Code, Kind: d.Other, Founded: text(d.Since), Dissolved: text(d.Until),
		})
	}
	for _, d := range rows[dated](s, `SELECT o.code, u.code AS other, p.valid_from AS since, p.valid_to AS until
		FROM placement p JOIN organization o ON o.id = p.organization_id JOIN organization u ON u.id = p.parent_id`) {
		facts.Placements = append(facts.Placements, recount.Placement{Organization: d.Code, Parent: d.Other, From: text(d.Since), To: text(d.Until)})
	}
	for _, d := range rows[dated](s, `SELECT o.code, t.body AS other, t.valid_from AS since, t.valid_to AS until
		FROM body_term t JOIN organization o ON o.id = t.organization_id`) {
		facts.Bodies = append(facts.Bodies, recount.Term{Organization: d.Code, Body: d.Other, From: text(d.Since), To: text(d.Until)})
	}
	facts.Excused = rows[recount.ExcusedMonth](s, `SELECT o.code AS organization, e.body, e.month
		FROM excused_month e JOIN organization o ON o.id = e.organization_id`)
	return facts
}

// records reads the meetings that count from their last record versions.
func (s *story) records() []recount.Meeting {
	s.t.Helper()
	stored := rows[struct {
		ID, Code, Status string
		Content          []byte
	}](s, `SELECT CAST(m.id AS text) AS id, o.code, m.status, v.content FROM meeting m
		JOIN record_version v ON v.meeting_id = m.id AND v.number = (SELECT max(number) FROM record_version WHERE meeting_id = m.id)
		JOIN organization o ON o.id = m.organization_id WHERE m.status IN ('submitted', 'accepted')`)
	var found []recount.Meeting
	for _, row := range stored {
		var record struct {
			Body    string         `json:"body"`
			Forms   string         `json:"forms"`
			Period  recount.Month  `json:"period_month"`
			HeldOn  recount.Date   `json:"held_on"`
			Started string         `json:"started_at"`
			Guests  int            `json:"guests"`
			Roll    []frozenPerson `json:"roll"`
			Paper   *struct{}      `json:"paper_reference"`
			Totals  *struct {
				Roster    int `json:"roster"`
				Expected  int `json:"expected"`
				Present   int `json:"present"`
				Excused   int `json:"excused"`
				Unexcused int `json:"unexcused"`
				Temporary int `json:"temporary"`
			} `json:"totals"`
		}
		if err := json.Unmarshal(row.Content, &record); err != nil {
			s.t.Fatal(err)
		}
		m := recount.Meeting{
			Code: row.ID, Organization: row.Code, Body: record.Body, Forms: strings.Split(record.Forms, ";"), Period: record.Period,
			Date: must[recount.Date](s.t)(recount.LocalDate(record.Started)), Status: row.Status, Guests: record.Guests,
			OnPaper: record.Paper != nil,
		}
		if record.Totals != nil {
			totals := recount.Totals(*record.Totals)
			m.Totals = &totals
		}
		for _, p := range record.Roll {
			m.Roll = append(m.Roll, recount.Person(p))
		}
		found = append(found, m)
	}
	return found
}

// frozenPerson is one line of the roll in the bytes of a record.
type frozenPerson struct {
	Member   string `json:"member_id"`
	Standing string `json:"standing"`
	Status   string `json:"status"`
}

func (s *story) rounds() []recount.Inspection {
	s.t.Helper()
	var rounds []recount.Inspection
	for _, d := range rows[dated](s, `SELECT CAST(i.id AS text) AS code, o.code AS other, i.from_on AS since
		FROM inspection i JOIN organization o ON o.id = i.organization_id`) {
		rounds = append(rounds, recount.Inspection{Code: d.Code, Organization: d.Other, From: text(d.Since)})
	}
	objects := rows[struct{ Round, Type, Code string }](s, `SELECT CAST(inspection_id AS text) AS round, object_type AS type,
		CAST(coalesce(organization_id, member_id) AS text) AS code FROM inspection_object`)
	for i := range rounds {
		for _, o := range objects {
			if o.Round == rounds[i].Code {
				rounds[i].Objects = append(rounds[i].Objects, recount.Object{Type: o.Type, Code: o.Code})
			}
		}
	}
	return rounds
}

// unit is an organisation as the acts need it.
type unit struct {
	ID      org.ID
	Code    string
	Kind    org.Kind
	Version int64
}

func (s *story) units(where string, args ...any) []unit {
	return rows[unit](s, "SELECT id, code, kind, version FROM organization WHERE "+where+" ORDER BY code", args...)
}

// unit is any organisation that the condition leaves.
func (s *story) unit(where string, args ...any) (unit, bool) { return some(s, s.units(where, args...)) }

// some is one of the rows at random, if there are any.
func some[T any](s *story, from []T) (T, bool) {
	if len(from) == 0 {
		var none T
		return none, false
	}
	return pick(s.r, from), true
}

// person is a member as the acts need one.
type person struct {
	ID      member.ID
	Version int64
}

func (s *story) person() (person, bool) {
	return some(s, rows[person](s, "SELECT id, version FROM member ORDER BY code"))
}

// row is a dated row of an organisation or a member.
type row struct {
	ID      uuid.UUID
	Owner   uuid.UUID
	Version int64
	From    calendar.Date
}

// day is any day from so many days before today to so many after it; every third is an edge of its month.
func (s *story) day(before, after int) calendar.Date {
	day := s.today.Plus(between(s.r, -before, after))
	switch s.r.IntN(6) {
	case 0:
		day = day.Month().First()
	case 1:
		day = day.Month().Last()
	}
	return calendar.MustDate(string(day))
}

// month is any month of the history, at times the running or the next one.
func (s *story) month() calendar.Month {
	months := recount.Months(s.size.From, s.today.Month().Plus(1))
	return calendar.MustMonth(string(months[max(s.r.IntN(len(months)), s.r.IntN(len(months)))]))
}

// maybe is the day in some of a hundred cases, and open otherwise.
func (s *story) maybe(percent int, day calendar.Date) *calendar.Date {
	if !chance(s.r, percent) {
		return nil
	}
	return &day
}

// roll names most of those who may be on the roll of that day.
func (s *story) roll(organization org.ID, body org.Body, day calendar.Date) *meeting.RollInput {
	people, err := database.Read(s.t.Context(), s.db, func(tx *database.Tx) ([]member.Person, error) {
		roster, err := member.RosterOn(s.t.Context(), tx, organization, body, day)
		if err != nil {
			return nil, err
		}
		here, err := member.TemporaryOn(s.t.Context(), tx, organization, day)
		return append(roster, here...), err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	in := &meeting.RollInput{}
	if chance(s.r, 40) {
		in.Others = meeting.Present
	}
	named := map[member.ID]bool{}
	for _, p := range people {
		if chance(s.r, 70) && !named[p.Member.ID] {
			status := pick(s.r, []meeting.AttendanceStatus{meeting.Present, meeting.Present, meeting.Present, meeting.Excused, meeting.Unexcused})
			in.Rows = append(in.Rows, meeting.RollEntry{MemberID: p.Member.ID, Status: status})
			named[p.Member.ID] = true
		}
	}
	return in
}

// check compares figures with a recount, asks the book to verify itself, and asks again what was asked before.
func (s *story) check() {
	s.t.Helper()
	facts, whole := s.facts(), around(s.size)
	head := moment{entry: s.head(s.t)}
	all := choices()
	for _, o := range facts.Organizations {
		for range 3 {
			q := pick(s.r, all)
			over := whole
			if chance(s.r, 50) {
				over = whole.part(s.r)
			}
			q.Organization, q.From, q.To, q.Today = o.Code, over.from, over.to, s.today
			if s.differs(s.t, q, recount.Summary(facts, q).Normal()) {
				s.failed("figures differ")
			}
			if chance(s.r, 20) {
				s.remember(q, head)
			}
		}
	}
	s.recall()
	if s.verify(s.t); s.t.Failed() {
		s.failed("the book does not verify")
	}
}

// remember keeps an answer that the tree of the time gives; today's tree may change.
func (s *story) remember(q recount.Query, at moment) {
	s.t.Helper()
	q.Tree = "at_meeting"
	s.kept = append(s.kept, memory{q, at, string(s.ask(s.t, q, at))})
}

// recall asks again for some remembered answers, as of the entry or instant at which they were given.
func (s *story) recall() {
	s.t.Helper()
	for range min(len(s.kept), 25) {
		m := pick(s.r, s.kept)
		if answer := string(s.ask(s.t, m.question, m.at)); answer != m.answer {
			s.failed("as of %+v: %+v\nthen %s\nnow  %s", m.at, m.question, m.answer, answer)
		}
	}
}

// steps lets so many random acts succeed; those that are refused, which must be by a fault that says why, do not count.
func (s *story) steps(n int) {
	s.t.Helper()
	var bag []act
	for _, a := range acts() {
		bag = append(bag, slices.Repeat([]act{a}, a.weight)...)
	}
	for n > 0 {
		a := pick(s.r, bag)
		what, err := a.do(s)
		switch {
		case err != nil && !tolerable(err):
			s.failed("%s %s: %v", a.name, what, err)
		case err != nil:
			s.refused[a.name+": "+why(err)]++
		case what != "":
			s.done[a.name]++
			s.log = append(s.log, string(s.today)+" "+a.name+" "+what)
			n--
		}
	}
}

// why is the code of a fault with those of its fields.
func why(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	codes := []string{f.Code}
	for _, field := range f.Fields {
		codes = append(codes, field.Code)
	}
	return strings.Join(codes, " ")
}
