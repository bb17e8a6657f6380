package erasure_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/erasure"
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

// scene is a cell of three with an accepted record of two versions, in which one member was absent, sick, and gave an opinion, and a
// submitted one in which the member came and spoke.
type scene struct {
	apitest.World

	t             *testing.T
	people        []string // the last one is the subject
	administrator apitest.Caller
	superior      apitest.Caller
	secretary     apitest.Caller
	path          string // of the meeting
}

const (
	reason  = "Nằm viện Bạch Mai"
	opinion = "Tôi xin rút khỏi danh sách"
	name    = "Hoàng Thị Kín"
	other   = "Nhất trí với dự thảo"
)

func routes(tb testing.TB) func(db *database.DB) []httpapi.Route {
	return func(db *database.DB) []httpapi.Route {
		z := zone(tb)
		var all []httpapi.Route
		for _, of := range [][]httpapi.Route{
			meeting.New(db, z).Routes(), amendment.New(db, z).Routes(), erasure.New(db, z).Routes(), summary.New(db, z).Routes(),
			member.New(db, z, rules.CountingOn).Routes(),
		} {
			all = append(all, of...)
		}
		return all
	}
}

// each runs fn on every engine over a fresh scene.
func each(t *testing.T, fn func(t *testing.T, s *scene)) {
	t.Helper()
	apitest.Each(t, routes(t), func(t *testing.T, w apitest.World) {
		s := &scene{
			World: w, t: t, administrator: w.As(t, auth.RoleAdministrator, "a"), superior: w.As(t, auth.RoleSuperior, "a"),
			secretary: w.As(t, auth.RoleSecretary, "a1"),
		}
		settle(t, w)
		for _, name := range []string{"Nguyễn Văn An", "Trần Văn Bình", name} {
			s.people = append(s.people, s.admit(name))
		}
		s.record()
		fn(t, s)
	})
}

func settle(t *testing.T, w apitest.World) {
	t.Helper()
	w.Write(t, func(ctx context.Context, tx *database.Tx) error {
		if err := org.HoldTree(ctx, tx); err != nil {
			return err
		}
		book, err := ledger.Open(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range w.Orgs {
			if err := book.SettleAll(ctx, []org.ID{id}); err != nil {
				return err
			}
		}
		_, err = book.Close(ctx)
		return err
	})
}

func (s *scene) admit(name string) string {
	s.t.Helper()
	day := func(text string) *calendar.Date {
		d := calendar.MustDate(text)
		return &d
	}
	code, card := "DV-"+name, "0123"
	view, err := member.New(s.DB, zone(s.t), rules.CountingOn).Admit(s.t.Context(), auth.InstallationActor(), member.AdmissionInput{
		Code: &code, CardNumber: &card, BornOn: day("1980-02-03"), FullName: name, AdmittedOn: day("2009-01-01"), OfficialOn: day("2010-01-01"),
		Home: &member.MembershipInput{OrganizationID: s.Orgs["a1"], From: *day("2010-01-01")},
	})
	must(s.t, err)
	return view.ID.String()
}

// record makes the record, accepts and amends it, and leaves one more amendment waiting.
func (s *scene) record() {
	s.t.Helper()
	subject := s.people[2]
	made := s.secretary.Post(s.t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-03",
		"started_at":"2018-03-03T14:00:00+07:00","title":"Sinh hoạt","opinions":[{"member_id":%q,"text":%q},{"member_id":%q,"text":%q}],
		"attendance":{"others":"present","rows":[{"member_id":%q,"status":"excused","reason_kind":"sick","reason":%q}]},"submit":true}`,
		s.Orgs["a1"].String(), subject, opinion, s.people[0], other, subject, reason)).OK(s.t, http.StatusCreated)
	s.path = strings.TrimPrefix(made.Header.Get("Location"), "/api/v1")
	s.secretary.Post(s.t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-02",
		"started_at":"2018-02-03T14:00:00+07:00","opinions":[{"member_id":%q,"text":%q}],"attendance":{"others":"present","rows":[]},"submit":true}`,
		s.Orgs["a1"].String(), subject, opinion)).OK(s.t, http.StatusCreated)
	etag := s.superior.Post(s.t, s.path+"/acceptance", "", "If-Match: "+made.ETag()).OK(s.t, http.StatusOK).ETag()
	for _, guests := range []int{1, 2} {
		asked := s.secretary.Post(s.t, s.path+"/amendments", fmt.Sprintf(`{"reason_code":"missing_fact","explanation":"Biên bản ghi thiếu khách mời",
			"basis":{"number":"1","date":"2018-05-02"},"change":{"guests":%d}}`, guests), "If-Match: "+etag).OK(s.t, http.StatusCreated)
		if etag = asked.ETag(); guests == 1 {
			one := strings.TrimPrefix(asked.Header.Get("Location"), "/api/v1")
			etag = s.superior.Post(s.t, one+"/confirmation", "", "If-Match: "+etag).OK(s.t, http.StatusOK).ETag()
		}
	}
}

// asked is the body of a request to erase the subject.
func asked(subject string) string {
	return `{"subject":` + subject + `,"legal_basis":"Điều 14 Luật số 91/2025/QH15","explanation":"Gia đình đề nghị xóa thông tin",
		"basis":{"number":"12-QĐ/ĐU","date":"2018-05-02"}}`
}

func (s *scene) theMember() string { return fmt.Sprintf(`{"member_id":%q}`, s.people[2]) }
func (s *scene) theVersion() string {
	return fmt.Sprintf(`{"meeting_id":%q,"version":2}`, s.path[len("/meetings/"):])
}

// requested asks for an erasure and returns its address.
func (s *scene) requested(subject string) string {
	s.t.Helper()
	answer := s.administrator.Post(s.t, "/erasures", asked(subject)).OK(s.t, http.StatusCreated)
	return strings.TrimPrefix(answer.Header.Get("Location"), "/api/v1")
}

func (s *scene) erase(subject string) apitest.Answer {
	s.t.Helper()
	return s.superior.Post(s.t, s.requested(subject)+"/confirmation", "", `If-Match: "1"`).OK(s.t, http.StatusOK)
}

// figures are all figures of all organisations, of both bases, now and as of the first entries.
func (s *scene) figures() string {
	s.t.Helper()
	reader, all := s.As(s.t, auth.RoleAuditor, ""), strings.Builder{}
	for _, code := range []string{"province", "a", "a1", "b"} {
		for _, more := range []string{"", "&basis=accepted", "&group_by=month", "&base=roster", "&as_of=" + strconv.Itoa(s.count("SELECT max(number) - 1 FROM ledger_entry"))} {
			all.WriteString(reader.Get(s.t, "/organizations/"+s.Orgs[code].String()+"/summary?from=2018-01&to=2018-04"+more).OK(s.t, http.StatusOK).Text)
		}
	}
	return all.String()
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

// traces are the places of the store in which a text still stands.
func (s *scene) traces(text string) []string {
	s.t.Helper()
	found, err := database.Read(s.t.Context(), s.DB, func(tx *database.Tx) ([]string, error) {
		var found []string
		for table, columns := range map[string][]string{
			"record_version": {"content"}, "amendment": {"content"}, "attendance": {"reason"}, "minutes_line": {"text"},
			"member": {"full_name", "code", "search_key", "sort_key"}, "meeting": {"title", "search_key"}, "log_leaf": {"content"},
		} {
			for _, column := range columns {
				holds := column + " LIKE '%' || ? || '%'"
				if column == "content" {
					holds = database.Contains(tx, column)
				}
				var n int
				if err := database.Gorm(s.t.Context(), tx).Raw("SELECT count(*) FROM "+table+" WHERE "+holds, text).Scan(&n).Error; err != nil {
					return nil, err
				}
				if n > 0 {
					found = append(found, table+"."+column)
				}
			}
		}
		return found, nil
	})
	must(s.t, err)
	return found
}

// wrong is what verify finds.
func (s *scene) wrong() []string {
	s.t.Helper()
	found, err := ledger.New(s.DB, zone(s.t)).Verify(s.t.Context())
	must(s.t, err)
	records, err := meeting.New(s.DB, zone(s.t)).Verify(s.t.Context())
	must(s.t, err)
	var all []string
	for _, m := range append(append(found, records...), s.report().Wrong...) {
		all = append(all, m.Place+": "+m.Detail)
	}
	return all
}

func (s *scene) report() erasure.Report {
	s.t.Helper()
	report, err := erasure.New(s.DB, zone(s.t)).Verify(s.t.Context())
	must(s.t, err)
	return report
}
