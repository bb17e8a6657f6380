package warning_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rating"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/schedule"
	"sochibo/internal/structure"
	"sochibo/internal/summary"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/warning"
)

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func zone(tb testing.TB) calendar.Zone {
	tb.Helper()
	zone, err := calendar.LoadZone("")
	must(tb, err)
	return zone
}

func day(text string) *calendar.Date {
	d := calendar.MustDate(text)
	return &d
}

// scene is the cell a1 below a, on 10 May 2026 about noon, with a clock that can be set.
type scene struct {
	apitest.World

	t         *testing.T
	clock     *apitest.Clock
	people    []string
	secretary apitest.Caller
	superior  apitest.Caller
	auditor   apitest.Caller
}

// each runs fn on every engine over a fresh scene with so many official members.
func each(t *testing.T, members int, fn func(t *testing.T, s *scene)) {
	t.Helper()
	book, err := rules.Embedded()
	must(t, err)
	eachBy(t, book, members, fn)
}

func eachBy(t *testing.T, book *rules.Book, members int, fn func(t *testing.T, s *scene)) {
	t.Helper()
	routes := func(db *database.DB) []httpapi.Route {
		z := zone(t)
		return slices.Concat(
			meeting.New(db, z).Routes(), amendment.New(db, z).Routes(), resolution.New(db, meeting.Sealed(), meeting.Ballots).Routes(), structure.New(db, z).Routes(),
			schedule.New(db, z).Routes(), rating.New(db, z, book).Routes(), summary.New(db, z).Routes(), warning.New(db, z, book).Routes(),
			member.New(db, z, rules.CountingOn).Routes(), org.New(db, z).Routes(),
		)
	}
	apitest.EachClock(t, at("2026-05-10"), routes, func(t *testing.T, w apitest.World, clock *apitest.Clock) {
		s := &scene{
			World: w, t: t, clock: clock, secretary: w.As(t, auth.RoleSecretary, "a1"), superior: w.As(t, auth.RoleSuperior, "a"),
			auditor: w.As(t, auth.RoleAuditor, "a"),
		}
		s.settle()
		for i := range members {
			s.people = append(s.people, s.admit("a1", fmt.Sprintf("Nguyễn Văn %c", 'A'+i)))
		}
		fn(t, s)
	})
}

// at is about noon of the day in Vietnam.
func at(day string) time.Time { return calendar.MustDate(day).Time().Add(5 * time.Hour) }

// atOf is a clock that stands at noon of the day.
func atOf(day string) func() time.Time { return func() time.Time { return at(day) } }

func (s *scene) today(day string) { s.clock.Set(at(day)) }

// settle posts what the organisations owe, as founding them would.
func (s *scene) settle() {
	s.t.Helper()
	s.Write(s.t, func(ctx context.Context, tx *database.Tx) error {
		if err := org.HoldTree(ctx, tx); err != nil {
			return err
		}
		book, err := ledger.Open(ctx, tx)
		if err != nil {
			return err
		}
		var all []org.ID
		for _, id := range s.Orgs {
			all = append(all, id)
		}
		if err := book.SettleAll(ctx, all); err != nil {
			return err
		}
		_, err = book.Close(ctx)
		return err
	})
}

// term gives a cell a committee from a day on.
func (s *scene) term(cell, from string) {
	s.t.Helper()
	s.Write(s.t, func(ctx context.Context, tx *database.Tx) error {
		return org.InsertTerm(ctx, tx, &org.BodyTerm{
			ID: uuid.Must(uuid.NewV7()), OrganizationID: s.Orgs[cell], Body: org.CellCommittee, ValidFrom: calendar.MustDate(from), CreatedAt: tx.Now,
		})
	})
	s.settle()
}

func (s *scene) members() *member.Service { return member.New(s.DB, zone(s.t), rules.CountingOn) }

func (s *scene) admit(cell, name string) string { return s.admitOn(cell, name, "2010-01-01") }

func (s *scene) admitOn(cell, name, from string) string {
	s.t.Helper()
	view, err := s.members().Admit(s.t.Context(), auth.InstallationActor(), member.AdmissionInput{
		FullName: name, AdmittedOn: day("2009-01-01"), OfficialOn: day("2010-01-01"),
		Home: &member.MembershipInput{OrganizationID: s.Orgs[cell], From: *day(from)},
	})
	must(s.t, err)
	return view.ID.String()
}

// transfer moves a member to another cell from a day on.
func (s *scene) transfer(who, cell, from string) {
	s.t.Helper()
	id, err := member.ParseID(who)
	must(s.t, err)
	admin := s.As(s.t, auth.RoleAdministrator, "")
	tag := admin.Get(s.t, "/members/"+id.String()).OK(s.t, 200).ETag()
	admin.Post(s.t, "/members/"+id.String()+"/memberships", fmt.Sprintf(`{"organization_id":%q,"from":%q,"close_current":true}`, s.Orgs[cell].String(), from),
		"If-Match: "+tag).OK(s.t, 201)
}

// session is a meeting as it is sent.
type session struct {
	held   string // the day; the month is its month unless given
	month  string
	body   string
	forms  string
	absent string // rows of the roll beside the others, who came
	more   string
	draft  bool
	plan   bool // without a roll
}

// met records a session and returns its address below the API and its entity tag.
func (s *scene) met(in session) (path, etag string) {
	s.t.Helper()
	if in.month == "" {
		in.month = in.held[:7]
	}
	if in.forms == "" {
		in.forms = `"regular"`
	}
	if in.body == "" {
		in.body = "cell"
	}
	roll := fmt.Sprintf(`,"chair_id":%q,"attendance":{"others":"present","rows":[%s]}`, s.people[0], in.absent)
	if in.plan {
		roll = ""
	}
	made := s.secretary.Post(s.t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":%q,"forms":[%s],"period_month":%q,
		"started_at":"%sT08:00:00+07:00","ended_at":"%sT09:30:00+07:00","submit":%t%s%s}`,
		s.Orgs["a1"].String(), in.body, in.forms, in.month, in.held, in.held, !in.draft && !in.plan, roll, in.more)).OK(s.t, 201)
	return strings.TrimPrefix(made.Header.Get("Location"), "/api/v1"), made.ETag()
}

func (s *scene) row(i int, status string) string {
	return fmt.Sprintf(`{"member_id":%q,"status":%q}`, s.people[i], status)
}

// warned returns "month severity since" of every warning of the code about a1, as who asks sees them.
func (s *scene) warned(who apitest.Caller, code warning.Code, from, to string) []string {
	s.t.Helper()
	got := []string{}
	for _, w := range s.list(who, "code="+string(code), from, to) {
		got = append(got, fmt.Sprint(w["month"], " ", w["severity"], " ", w["since"]))
	}
	return got
}

func (s *scene) list(who apitest.Caller, filter, from, to string) []map[string]any {
	s.t.Helper()
	answer := who.Get(s.t, fmt.Sprintf("/warnings?organization_id=%s&from=%s&to=%s&limit=200&%s", s.Orgs["a1"], from, to, filter)).OK(s.t, 200)
	rows, _ := answer.JSON(s.t)["data"].([]any)
	var list []map[string]any
	for _, row := range rows {
		w, _ := row.(map[string]any)
		list = append(list, w)
	}
	return list
}

// expect fails the test unless the code warns of exactly this.
func (s *scene) expect(when string, code warning.Code, from, to string, want ...string) {
	s.t.Helper()
	who := s.auditor
	if code.Audience() == warning.ForSecretary {
		who = s.secretary
	}
	if got := s.warned(who, code, from, to); !slices.Equal(got, want) && len(got)+len(want) > 0 {
		s.t.Errorf("%s: %s: %q, want %q", when, code, got, want)
	}
}

// only returns the one warning that the filter leaves.
func (s *scene) only(who apitest.Caller, filter, from, to string) map[string]any {
	s.t.Helper()
	list := s.list(who, filter, from, to)
	if len(list) != 1 {
		s.t.Fatalf("%s: %d warnings", filter, len(list))
	}
	return list[0]
}

// withLocal is the book with one local set.
func withLocal(t *testing.T, text string) *rules.Book {
	t.Helper()
	book, err := rules.Embedded()
	must(t, err)
	book, err = book.With(fstest.MapFS{"local.yaml": {Data: []byte(text)}})
	must(t, err)
	return book
}
