package amendment_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/summary"
	"sochibo/internal/testkit/apitest"
)

func zone(tb testing.TB) calendar.Zone {
	tb.Helper()
	zone, err := calendar.LoadZone("")
	must(tb, err)
	return zone
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// scene is a cell of four, with an accepted record of March 2018: one member excused, the others present.
type scene struct {
	apitest.World

	t         *testing.T
	people    []string
	secretary apitest.Caller
	superior  apitest.Caller
	path      string // of the meeting
	etag      string
}

// each runs fn on every engine over a fresh scene.
func each(t *testing.T, fn func(t *testing.T, s *scene)) {
	t.Helper()
	routes := func(db *database.DB) []httpapi.Route {
		z := zone(t)
		var all []httpapi.Route
		for _, of := range [][]httpapi.Route{
			meeting.New(db, z).Routes(), amendment.New(db, z).Routes(), summary.New(db, z).Routes(), member.New(db, z, rules.CountingOn).Routes(),
		} {
			all = append(all, of...)
		}
		return all
	}
	apitest.Each(t, routes, func(t *testing.T, w apitest.World) {
		s := &scene{World: w, t: t, secretary: w.As(t, auth.RoleSecretary, "a1"), superior: w.As(t, auth.RoleSuperior, "a")}
		settle(t, w)
		for i := range 4 {
			s.people = append(s.people, s.admit("a1", fmt.Sprintf("Nguyễn Văn %c", 'A'+i)))
		}
		s.path, s.etag = s.accepted("2018-03")
		fn(t, s)
	})
}

// settle posts what the organisations owe, as founding them would.
func settle(t *testing.T, w apitest.World) {
	t.Helper()
	_, err := database.Write(t.Context(), w.DB, func(tx *database.Tx) (int64, error) {
		if err := org.HoldTree(t.Context(), tx); err != nil {
			return 0, err
		}
		book, err := ledger.Open(t.Context(), tx)
		if err != nil {
			return 0, err
		}
		var all []org.ID
		for _, id := range w.Orgs {
			all = append(all, id)
		}
		if err := book.SettleAll(t.Context(), all); err != nil {
			return 0, err
		}
		return book.Close(t.Context())
	})
	must(t, err)
}

func (s *scene) admit(cell, name string) string {
	s.t.Helper()
	view, err := member.New(s.DB, zone(s.t), rules.CountingOn).Admit(s.t.Context(), auth.InstallationActor(), member.AdmissionInput{
		FullName: name, AdmittedOn: day("2009-01-01"), OfficialOn: day("2010-01-01"),
		Home: &member.MembershipInput{OrganizationID: s.Orgs[cell], From: *day("2010-01-01")},
	})
	must(s.t, err)
	return view.ID.String()
}

func day(text string) *calendar.Date {
	d := calendar.MustDate(text)
	return &d
}

// accepted makes an accepted record of the cell for a month and returns its address and entity tag.
func (s *scene) accepted(month string) (path, etag string) {
	s.t.Helper()
	made := s.secretary.Post(s.t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":%q,
		"started_at":"%s-03T14:00:00+07:00","ended_at":"%s-03T15:30:00+07:00","title":"Sinh hoạt","chair_id":%q,
		"opinions":[{"member_id":%q,"text":"Nhất trí với dự thảo"}],"tasks":[{"code":"NV-%s","title":"Báo cáo"}],
		"attendance":{"others":"present","rows":[{"member_id":%q,"status":"excused","reason_kind":"sick","reason":"Nằm viện"}]},"submit":true}`,
		s.Orgs["a1"].String(), month, month, month, s.people[0], s.people[1], month, s.people[3])).OK(s.t, http.StatusCreated)
	path = strings.TrimPrefix(made.Header.Get("Location"), "/api/v1")
	accepted := s.superior.Post(s.t, path+"/acceptance", "", "If-Match: "+made.ETag()).OK(s.t, http.StatusOK)
	return path, accepted.ETag()
}

// asked is the body of a request that changes what is given.
func asked(change string) string {
	return `{"reason_code":"wrong_roll","explanation":"Biên bản ghi nhầm người vắng mặt","basis":{"number":"12-CV/CB","date":"2018-05-02"},"change":` + change + `}`
}

func (s *scene) request(change string) apitest.Answer {
	s.t.Helper()
	return s.secretary.Post(s.t, s.path+"/amendments", asked(change), "If-Match: "+s.etag)
}

// requested asks for the change and returns the address of the amendment.
func (s *scene) requested(change string) string {
	s.t.Helper()
	answer := s.request(change).OK(s.t, http.StatusCreated)
	s.etag = answer.ETag()
	return strings.TrimPrefix(answer.Header.Get("Location"), "/api/v1")
}

func (s *scene) confirm(one string) {
	s.t.Helper()
	s.etag = s.superior.Post(s.t, one+"/confirmation", "", "If-Match: "+s.etag).OK(s.t, http.StatusOK).ETag()
}

// figures are those of the party above the cell for a month, as the API answers them.
func (s *scene) figures(month, more string) string {
	s.t.Helper()
	answer := s.superior.Get(s.t, "/organizations/"+s.Orgs["a"].String()+"/summary?from="+month+"&to="+month+more).OK(s.t, http.StatusOK)
	body := answer.JSON(s.t)
	text, err := json.Marshal(map[string]any{"sessions": body["sessions"], "attendance": body["attendance"], "compliance": body["compliance"]})
	must(s.t, err)
	return string(text)
}

// ratio is the attendance of the cells below the party in a month, as "present/base".
func (s *scene) ratio(month, more string) string {
	s.t.Helper()
	var figures struct {
		Attendance map[string]struct {
			Rate struct{ Numerator, Denominator int }
		}
	}
	must(s.t, json.Unmarshal([]byte(s.figures(month, more)), &figures))
	rate := figures.Attendance["cell"].Rate
	return fmt.Sprintf("%d/%d", rate.Numerator, rate.Denominator)
}

// entry is the last entry of the book.
func (s *scene) entry() int {
	s.t.Helper()
	return s.count("SELECT number FROM ledger_head WHERE id = 1")
}

func (s *scene) count(query string, args ...any) int {
	s.t.Helper()
	n, err := database.Read(s.t.Context(), s.DB, func(tx *database.Tx) (int, error) {
		var n int
		return n, database.Gorm(s.t.Context(), tx).Raw(query, args...).Scan(&n).Error
	})
	must(s.t, err)
	return n
}

// verify recounts the book and compares it with the records.
func (s *scene) verify() {
	s.t.Helper()
	book, err := ledger.New(s.DB, zone(s.t)).Verify(s.t.Context())
	must(s.t, err)
	records, err := meeting.New(s.DB, zone(s.t)).Verify(s.t.Context())
	must(s.t, err)
	for _, m := range append(book, records...) {
		s.t.Errorf("verify: %+v", m)
	}
}
