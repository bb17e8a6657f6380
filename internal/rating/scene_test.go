package rating_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

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
	"sochibo/internal/testkit/apitest"
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

// scene is a cell of ten official members on 10 May 2026.
type scene struct {
	apitest.World

	t         *testing.T
	people    []string
	secretary apitest.Caller
	superior  apitest.Caller
}

// each runs fn on every engine over a fresh scene that rates by the sets of the country.
func each(t *testing.T, fn func(t *testing.T, s *scene)) {
	t.Helper()
	book, err := rules.Embedded()
	must(t, err)
	eachBy(t, book, fn)
}

func eachBy(t *testing.T, book *rules.Book, fn func(t *testing.T, s *scene)) {
	t.Helper()
	routes := func(db *database.DB) []httpapi.Route {
		z := zone(t)
		var all []httpapi.Route
		for _, of := range [][]httpapi.Route{
			meeting.New(db, z).Routes(), amendment.New(db, z).Routes(), resolution.New(db, meeting.Sealed(), meeting.Ballots).Routes(),
			rules.New(db, book).Routes(), rating.New(db, z, book).Routes(),
		} {
			all = append(all, of...)
		}
		return all
	}
	now := time.Date(2026, 5, 10, 5, 0, 0, 0, time.UTC)
	apitest.EachAt(t, now, routes, func(t *testing.T, w apitest.World) {
		s := &scene{World: w, t: t, secretary: w.As(t, auth.RoleSecretary, "a1"), superior: w.As(t, auth.RoleSuperior, "a")}
		s.settle()
		for i := range 10 {
			s.people = append(s.people, s.admit("a1", fmt.Sprintf("Nguyễn Văn %c", 'A'+i)))
		}
		fn(t, s)
	})
}

// settle posts what the organisations owe, as founding them would.
func (s *scene) settle() {
	s.t.Helper()
	_, err := database.Write(s.t.Context(), s.DB, func(tx *database.Tx) (int64, error) {
		if err := org.HoldTree(s.t.Context(), tx); err != nil {
			return 0, err
		}
		book, err := ledger.Open(s.t.Context(), tx)
		if err != nil {
			return 0, err
		}
		var all []org.ID
		for _, id := range s.Orgs {
			all = append(all, id)
		}
		if err := book.SettleAll(s.t.Context(), all); err != nil {
			return 0, err
		}
		return book.Close(s.t.Context())
	})
	must(s.t, err)
}

func (s *scene) members() *member.Service { return member.New(s.DB, zone(s.t), rules.CountingOn) }

func (s *scene) admit(cell, name string) string {
	s.t.Helper()
	view, err := s.members().Admit(s.t.Context(), auth.InstallationActor(), member.AdmissionInput{
		FullName: name, AdmittedOn: day("2009-01-01"), OfficialOn: day("2010-01-01"),
		Home: &member.MembershipInput{OrganizationID: s.Orgs[cell], From: *day("2010-01-01")},
	})
	must(s.t, err)
	return view.ID.String()
}

// session is a meeting as it is sent.
type session struct {
	held    string // the day; the month is its month unless given
	month   string
	forms   string
	minutes int
	absent  string // rows of the roll beside the others, who came
	more    string
}

const allItems = `"content_items":["last_month_tasks","member_thinking","propaganda","inspection_supervision","party_development",
	"political_task","next_month_tasks","ho_chi_minh_study","resolution_tw4_review"]`

// submitted sends a meeting in and returns its address and entity tag.
func (s *scene) submitted(in session) (path, etag string) {
	s.t.Helper()
	if in.month == "" {
		in.month = in.held[:7]
	}
	if in.forms == "" {
		in.forms = `"regular"`
	}
	start, err := time.Parse(time.RFC3339, in.held+"T08:00:00+07:00")
	must(s.t, err)
	made := s.secretary.Post(s.t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":[%s],"period_month":%q,
		"started_at":%q,"ended_at":%q,"chair_id":%q,"attendance":{"others":"present","rows":[%s]},"submit":true%s}`,
		s.Orgs["a1"].String(), in.forms, in.month, start.Format(time.RFC3339), start.Add(time.Duration(in.minutes)*time.Minute).Format(time.RFC3339),
		s.people[0], in.absent, in.more)).OK(s.t, 201)
	return strings.TrimPrefix(made.Header.Get("Location"), "/api/v1"), made.ETag()
}

func (s *scene) accept(path, etag string) string {
	s.t.Helper()
	return s.superior.Post(s.t, path+"/acceptance", "", "If-Match: "+etag).OK(s.t, 200).ETag()
}

func (s *scene) row(i int, status string) string {
	return fmt.Sprintf(`{"member_id":%q,"status":%q}`, s.people[i], status)
}

// good is a session that gets full marks for all that is computed: held yesterday, with a conclusion and a task.
func (s *scene) good() session {
	return session{held: "2026-05-09", minutes: 90, absent: s.row(9, "excused"),
		more: `,"conclusions":["Thống nhất"],"tasks":[{"title":"Báo cáo"}],` + allItems}
}

// answers are what people say: full marks but for the discussion.
func answers(discussion int) string {
	return fmt.Sprintf(`{"answers":[{"item":"documents","yes":true},{"item":"discussion","points":%d},{"item":"political_task","points":10},
		{"item":"resolution_kept","points":10}]}`, discussion)
}

// rated rates a session for its cell and returns the answer.
func (s *scene) rated(path, etag, body string) apitest.Answer {
	s.t.Helper()
	return s.secretary.Post(s.t, path+"/rating", body, "If-Match: "+etag).OK(s.t, 201)
}

// stage is "points/available grade rule_set" of a stage.
func stage(t *testing.T, a apitest.Answer, name string) string {
	t.Helper()
	j, _ := a.JSON(t)[name].(map[string]any)
	if j == nil {
		return "none"
	}
	return fmt.Sprintf("%v/%v %v %v", j["points"], j["available"], j["grade"], j["rule_set"])
}

// item is "points/max numerator/denominator" of an item of a stage.
func item(t *testing.T, a apitest.Answer, name, of string) string {
	t.Helper()
	j, _ := a.JSON(t)[name].(map[string]any)
	items, _ := j["items"].([]any)
	for _, one := range items {
		i, _ := one.(map[string]any)
		if i["item"] == of {
			return fmt.Sprintf("%v/%v %v/%v %v", i["points"], i["max"], i["numerator"], i["denominator"], i["available"])
		}
	}
	return "none"
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

// grant gives a user a role and returns the id of the grant.
func (s *scene) grant(user auth.UserID, role auth.Role, code string) string {
	s.t.Helper()
	id := s.Orgs[code]
	given, err := org.New(s.DB, calendar.Zone{}).AddGrant(s.t.Context(), auth.InstallationActor(), org.GrantInput{
		UserID: user, Role: role, OrganizationID: &id, Reach: org.ReachSubtree, From: *day("2010-01-01"),
	})
	must(s.t, err)
	return given.ID.String()
}
