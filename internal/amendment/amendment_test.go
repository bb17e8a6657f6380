package amendment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
)

// came says that the member who was excused was present.
func (s *scene) came() string {
	return fmt.Sprintf(`{"attendance":{"rows":[{"member_id":%q,"status":"present"}]}}`, s.people[3])
}

func TestAmendmentCountsOnceConfirmed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		before, entry := s.figures("2018-03", ""), s.entry()
		if got := s.ratio("2018-03", ""); got != "3/4" {
			t.Fatalf("attendance before: %s", got)
		}
		one := s.requested(s.came())
		if diff := cmp.Diff(before, s.figures("2018-03", "")); diff != "" {
			t.Errorf("an amendment that waits changes figures: %s", diff)
		}
		if s.entry() != entry {
			t.Error("an amendment that waits posts")
		}
		s.verify()
		s.confirm(one)
		for _, basis := range []string{"submitted", "accepted"} {
			if got := s.ratio("2018-03", "&basis="+basis); got != "4/4" {
				t.Errorf("attendance after, %s: %s", basis, got)
			}
		}
		if diff := cmp.Diff(before, s.figures("2018-03", fmt.Sprintf("&as_of=%d", entry))); diff != "" {
			t.Errorf("what was answered before is answered differently: %s", diff)
		}
		s.verify()
		m := s.secretary.Get(t, s.path).OK(t, http.StatusOK)
		if m.Field(t, "status") != "accepted" || m.Field(t, "record_version") != "2" || m.ETag() != s.etag {
			t.Errorf("meeting after: %s", m)
		}
		if got := s.count("SELECT count(*) FROM attendance WHERE status = 'present' AND standing = 'base'"); got != 4 {
			t.Errorf("%d present in the rows of the roll", got)
		}
		if got := s.count("SELECT count(*) FROM ledger_entry WHERE cause = 'amendment' AND source = 'meeting'"); got != 4 {
			t.Errorf("%d entries of the amendment, want two reversals and two postings", got)
		}
		var acts []string
		for _, e := range m.JSON(t)["events"].([]any) {
			acts = append(acts, e.(map[string]any)["act"].(string))
		}
		if got := strings.Join(acts, " "); got != "submitted accepted amendment_requested amended" {
			t.Errorf("events: %s", got)
		}
	})
}

func TestVersionsSayWhatSupersedesThem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		first := s.secretary.Get(t, s.path+"/versions/1").OK(t, http.StatusOK).JSON(t)["content"]
		one := s.requested(`{"title":"Sinh hoạt tháng ba"}`)
		s.confirm(one)
		list := s.secretary.Get(t, s.path+"/versions").OK(t, http.StatusOK)
		if got := fmt.Sprint(list.Rows(t, "cause")); got != "[submission amendment]" {
			t.Errorf("causes: %s", got)
		}
		data := list.JSON(t)["data"].([]any)
		old, young := data[0].(map[string]any), data[1].(map[string]any)
		if old["superseded_by"] != 2.0 || young["superseded_by"] != nil || old["amendment_id"] != nil {
			t.Errorf("versions: %v", data)
		}
		if id, _ := young["amendment_id"].(string); !strings.HasSuffix(one, "/"+id) || id == "" {
			t.Errorf("amendment of the second version: %v", young["amendment_id"])
		}
		again := s.secretary.Get(t, s.path+"/versions/1").OK(t, http.StatusOK).JSON(t)
		if diff := cmp.Diff(first, again["content"]); diff != "" || again["superseded_by"] != 2.0 {
			t.Errorf("the superseded version: %v %s", again["superseded_by"], diff)
		}
	})
}

func TestChangesArePointedAt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		one := s.requested(fmt.Sprintf(`{"title":null,"guests":2,"conclusions":["Thông qua"],"attendance":{"rows":[{"member_id":%q,"status":"present"}]}}`, s.people[3]))
		answer := s.superior.Get(t, one).OK(t, http.StatusOK)
		var got []string
		for _, change := range answer.JSON(t)["changes"].([]any) {
			c := change.(map[string]any)
			text, _ := json.Marshal([]any{c["before"], c["after"]})
			got = append(got, fmt.Sprint(c["pointer"], " ", string(text)))
		}
		roll := "/roll/" + s.people[3]
		want := []string{
			`/guests [null,2]`,
			`/minutes/1 [null,{"content_item":null,"member_id":null,"part":"conclusion","position":2,"text":"Thông qua"}]`,
			roll + `/reason ["Nằm viện",null]`, roll + `/reason_kind ["sick",null]`, roll + `/status ["excused","present"]`,
			`/title ["Sinh hoạt",null]`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		s.confirm(one)
		if diff := cmp.Diff(len(want), len(s.superior.Get(t, one).JSON(t)["changes"].([]any))); diff != "" {
			t.Errorf("changes of a confirmed amendment: %s", diff)
		}
	})
}

func TestAmendmentIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		stranger := s.admit("b1", "Lê Thị Xa")
		for change, want := range map[string][]string{
			`{"body":"cell_committee"}`: {"/change/body amendment_other_body"},
			`{"code":"HOP-1"}`:          {"/change/code amendment_code_fixed"},
			`{"resolutions":[{"title":"X","next_number":"resolution"}]}`: {"/change/resolutions/0/next_number amendment_number_open"},
			`{"organization_id":"` + s.Orgs["a2"].String() + `"}`:        {"/change/organization_id amendment_other_organization"},
			`{"started_at":"2009-03-03T14:00:00+07:00","ended_at":null,"period_month":"2009-03"}`: {
				"/change/attendance attendance_not_on_roster", "/change/attendance attendance_not_on_roster", "/change/attendance attendance_not_on_roster",
				"/change/attendance attendance_not_on_roster", "/change/body roster_empty", "/change/chair_id chair_not_on_roster",
				"/change/started_at outside_organization_life",
			},
			`{"attendance":{"rows":[{"member_id":"` + stranger + `","status":"present"}]}}`: {"/change/attendance/rows/0/member_id attendance_not_on_roster"},
		} {
			s.request(change).Problem(t, http.StatusUnprocessableEntity, "meeting_invalid", want...)
		}
		s.request(`{"title":"Sinh hoạt"}`).Problem(t, http.StatusUnprocessableEntity, "amendment_changes_nothing")
		s.secretary.Post(t, s.path+"/amendments", `{"reason_code":"typo","explanation":"ngắn","basis":{"number":" ","date":"2018-05-11"},"change":{}}`,
			"If-Match: "+s.etag).Problem(t, http.StatusUnprocessableEntity, "amendment_invalid",
			"/reason_code word_unknown", "/explanation text_too_short", "/basis/number field_required", "/basis/date date_in_future")
		s.superior.Post(t, s.path+"/amendments", asked(s.came()), "If-Match: "+s.etag).Problem(t, http.StatusForbidden, "forbidden")
		s.secretary.Post(t, s.path+"/amendments", asked(s.came())).Problem(t, http.StatusPreconditionRequired, "if_match_missing")
		s.secretary.Post(t, s.path+"/amendments", asked(s.came()), `If-Match: "1"`).Problem(t, http.StatusPreconditionFailed, "version_stale")
		s.As(t, auth.RoleSecretary, "b1").Post(t, s.path+"/amendments", asked(s.came()), "If-Match: "+s.etag).
			Problem(t, http.StatusNotFound, "meeting_unknown")
		if n := s.count("SELECT count(*) FROM amendment"); n != 0 {
			t.Errorf("%d amendments were kept", n)
		}

		draft := s.secretary.Post(t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-04",
			"started_at":"2018-04-03T14:00:00+07:00"}`, s.Orgs["a1"].String())).OK(t, http.StatusCreated)
		s.secretary.Post(t, strings.TrimPrefix(draft.Header.Get("Location"), "/api/v1")+"/amendments", asked(`{"title":"x"}`), "If-Match: "+draft.ETag()).
			Problem(t, http.StatusConflict, "meeting_wrong_status")

		s.requested(s.came())
		s.request(`{"title":"Khác"}`).Problem(t, http.StatusConflict, "amendment_open")
	})
}

// both makes a user who is secretary of the cell and superior of the party above it.
func (s *scene) both() auth.Actor {
	s.t.Helper()
	actor, party := s.Actor(s.t, auth.RoleSecretary, "a1"), s.Orgs["a"]
	_, err := org.New(s.DB, calendar.Zone{}).AddGrant(s.t.Context(), auth.InstallationActor(), org.GrantInput{
		UserID: actor.UserID, Role: auth.RoleSuperior, OrganizationID: &party, Reach: org.ReachSubtree, From: *day("2010-01-01"),
	})
	must(s.t, err)
	actor.GrantID = uuid.Nil // all grants
	return actor
}

func (s *scene) service() *amendment.Service { return amendment.New(s.DB, zone(s.t)) }

func (s *scene) id() meeting.ID {
	s.t.Helper()
	id, err := meeting.ParseID(strings.TrimPrefix(s.path, "/meetings/"))
	must(s.t, err)
	return id
}

// ask asks for a new title as somebody.
func (s *scene) ask(who auth.Actor, title string) amendment.Detail {
	s.t.Helper()
	d, err := s.service().Request(s.t.Context(), who, s.id(), s.version(), amendment.Input{
		ReasonCode: "clerical_error", Grounds: amendment.Grounds{Explanation: "Tiêu đề biên bản ghi không đúng", BasisNumber: "12-CV/CB", BasisDate: *day("2018-05-02")},
		Change: func(c *meeting.Content) { c.Title = &title },
	})
	must(s.t, err)
	return d
}

func (s *scene) version() int64 {
	s.t.Helper()
	return int64(s.count("SELECT version FROM meeting WHERE id = ?", s.id()))
}

func TestTwoPeopleDecide(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		ctx, amendments, both := t.Context(), s.service(), s.both()
		d := s.ask(both, "Sinh hoạt tháng 3")
		decide := func(who auth.Actor, want string) {
			t.Helper()
			_, err := amendments.Confirm(ctx, who, s.id(), d.ID, s.version())
			if got := fault.CodeOf(err); got != want {
				t.Errorf("confirming: %v, want %s", err, want)
			}
			_, err = amendments.Reject(ctx, who, s.id(), d.ID, s.version(), "không đúng")
			if got := fault.CodeOf(err); got != want {
				t.Errorf("rejecting: %v, want %s", err, want)
			}
		}
		decide(both, "own_amendment")
		decide(s.secretary.Actor, "forbidden")
		if _, err := amendments.Withdraw(ctx, s.secretary.Actor, s.id(), d.ID, s.version()); fault.CodeOf(err) != "amendment_not_yours" {
			t.Errorf("withdrawing another's: %v", err)
		}
		d, err := amendments.Withdraw(ctx, both, s.id(), d.ID, s.version())
		must(t, err)
		decide(s.superior.Actor, "amendment_decided")

		d = s.ask(s.secretary.Actor, "Sinh hoạt tháng Ba")
		_, err = amendments.Reject(ctx, s.superior.Actor, s.id(), d.ID, s.version(), " ")
		if fault.CodeOf(err) != "amendment_invalid" {
			t.Errorf("rejecting without a reason: %v", err)
		}
		d, err = amendments.Reject(ctx, s.superior.Actor, s.id(), d.ID, s.version(), "Chưa có văn bản")
		must(t, err)
		if d.Status != amendment.Rejected || *d.DecisionReason != "Chưa có văn bản" {
			t.Errorf("rejected: %+v", d.Amendment)
		}
	})
}

func TestEditorsDoNotDecide(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		ctx, amendments, both := t.Context(), s.service(), s.both()
		d := s.ask(both, "Sinh hoạt tháng 3")
		_, err := amendments.Confirm(ctx, s.superior.Actor, s.id(), d.ID, s.version())
		must(t, err)
		d = s.ask(s.secretary.Actor, "Sinh hoạt tháng Ba")
		for name, act := range map[string]func() error{
			"confirm": func() error { _, err := amendments.Confirm(ctx, both, s.id(), d.ID, s.version()); return err },
			"reject":  func() error { _, err := amendments.Reject(ctx, both, s.id(), d.ID, s.version(), "sai"); return err },
		} {
			if err := act(); fault.CodeOf(err) != "own_record" {
				t.Errorf("an editor of an amended version may %s: %v", name, err)
			}
		}
	})
}

func TestOneOfTwoConfirmationsWins(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		one := s.requested(s.came())
		callers := []apitest.Caller{s.superior}
		for range 3 {
			callers = append(callers, s.As(t, auth.RoleSuperior, "a"))
		}
		statuses := make([]int, len(callers))
		var wait sync.WaitGroup
		for i, c := range callers {
			wait.Go(func() { statuses[i] = c.Post(t, one+"/confirmation", "", "If-Match: "+s.etag).Status })
		}
		wait.Wait()
		slices.Sort(statuses)
		if fmt.Sprint(statuses) != "[200 412 412 412]" {
			t.Errorf("statuses: %v", statuses)
		}
		if n := s.count("SELECT count(*) FROM record_version WHERE amendment_id IS NOT NULL"); n != 1 {
			t.Errorf("%d versions of the amendment", n)
		}
		s.etag = s.superior.Get(t, s.path).ETag()
		s.superior.Post(t, one+"/confirmation", "", "If-Match: "+s.etag).Problem(t, http.StatusConflict, "amendment_decided")
		s.verify()
	})
}

// TestAChangedDayCountsInItsMonth moves a session to another day and month, which its figures follow; the roll is that of the new day.
func TestAChangedDayCountsInItsMonth(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		late := s.admit("a1", "Phạm Văn Mới")
		one := s.requested(`{"period_month":"2017-12","started_at":"2017-12-05T14:00:00+07:00","ended_at":null}`)
		s.confirm(one)
		if got := s.ratio("2018-03", "") + " " + s.ratio("2017-12", ""); got != "0/0 3/5" {
			t.Errorf("attendance of March and December: %s", got)
		}
		if n := s.count("SELECT count(*) FROM attendance WHERE member_id = ? AND status = 'not_recorded'", late); n != 1 {
			t.Error("the roster of the new day is not on the roll")
		}
		s.verify()
	})
}

// TestAFrozenRollStays changes one row of a roll; who has joined the roster of the day since, by a back-dated admission, is on the roll
// only when named.
func TestAFrozenRollStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		late := s.admit("a1", "Phạm Văn Mới")
		s.confirm(s.requested(s.came()))
		if got := s.ratio("2018-03", ""); got != "4/4" {
			t.Errorf("a row that nobody named came onto the roll: %s", got)
		}
		s.confirm(s.requested(fmt.Sprintf(`{"attendance":{"rows":[{"member_id":%q,"status":"unexcused"}]}}`, late)))
		if got := s.ratio("2018-03", ""); got != "4/5" {
			t.Errorf("the row named: %s", got)
		}
		s.confirm(s.requested(fmt.Sprintf(`{"attendance":{"rows":[{"member_id":%q,"status":null}]}}`, s.people[0])))
		if got := s.ratio("2018-03", ""); got != "3/5" {
			t.Errorf("a row taken off is not recorded: %s", got)
		}
		s.verify()
	})
}

// TestTasksKeepWhatBecameOfThem amends a record whose task was done meanwhile, once leaving the tasks alone and once changing them.
func TestTasksKeepWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		s.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec("UPDATE task SET status = 'done', version = 2").Error
		})
		s.confirm(s.requested(s.came()))
		done := func(title string) int {
			return s.count("SELECT count(*) FROM task WHERE status = 'done' AND code = 'NV-2018-03' AND title = ?", title)
		}
		if done("Báo cáo") != 1 {
			t.Error("an amendment of the roll changed the task")
		}
		s.confirm(s.requested(`{"tasks":[{"code":"NV-2018-03","title":"Báo cáo quý"},{"code":"NV-2","title":"Kiểm tra"}],
			"resolutions":[{"code":"NQ-9","number":"09-NQ/CB","title":"Nghị quyết"}]}`))
		if done("Báo cáo quý") != 1 || s.count("SELECT count(*) FROM task WHERE code = 'NV-2' AND status = 'open'") != 1 {
			t.Error("an amendment of the tasks lost what became of them, or a code")
		}
		if s.count("SELECT count(*) FROM resolution WHERE code = 'NQ-9'") != 1 {
			t.Error("no resolution")
		}
		s.verify()
	})
}

// TestFormsThatDoNotCount turns a session into one that counts in no figure, and back.
func TestFormsThatDoNotCount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		s.confirm(s.requested(`{"forms":["other"]}`))
		if got := s.ratio("2018-03", ""); got != "0/0" {
			t.Errorf("attendance: %s", got)
		}
		s.verify()
		s.confirm(s.requested(`{"forms":["regular","thematic"]}`))
		if got := s.ratio("2018-03", "&basis=accepted"); got != "3/4" {
			t.Errorf("attendance: %s", got)
		}
		s.verify()
	})
}

// TestMembersSeeNoProposals keeps what might become of a record from those who read accepted records only.
func TestMembersSeeNoProposals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		one := s.requested(s.came())
		plain := s.As(t, auth.RoleMember, "a1")
		plain.Get(t, s.path).OK(t, http.StatusOK)
		plain.Get(t, s.path+"/amendments").Problem(t, http.StatusForbidden, "forbidden")
		plain.Get(t, one).Problem(t, http.StatusForbidden, "forbidden")
		s.As(t, auth.RoleSuperior, "b").Get(t, one).Problem(t, http.StatusNotFound, "meeting_unknown")
		if rows := s.As(t, auth.RoleAuditor, "").Get(t, s.path+"/amendments").OK(t, http.StatusOK).Rows(t, "status"); fmt.Sprint(rows) != "[requested]" {
			t.Errorf("the auditor sees %v", rows)
		}
		s.superior.Get(t, s.path+"/amendments/"+uuid.NewString()).Problem(t, http.StatusNotFound, "amendment_unknown")
	})
}

func TestOneOfTwoRequestsWaits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		statuses := make([]int, 4)
		var wait sync.WaitGroup
		for i := range statuses {
			wait.Go(func() {
				statuses[i] = s.secretary.Post(t, s.path+"/amendments", asked(fmt.Sprintf(`{"guests":%d}`, i+1)), "If-Match: "+s.etag).Status
			})
		}
		wait.Wait()
		slices.Sort(statuses)
		if statuses[0] != http.StatusCreated || statuses[1] < http.StatusBadRequest {
			t.Errorf("statuses: %v", statuses)
		}
		if n := s.count("SELECT count(*) FROM amendment WHERE status = 'requested'"); n != 1 {
			t.Errorf("%d amendments wait", n)
		}
	})
}

// TestTheTreeMayHaveChangedMeanwhile confirms an amendment that the organisation's life no longer allows.
func TestTheTreeMayHaveChangedMeanwhile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		one := s.requested(`{"started_at":"2018-03-20T14:00:00+07:00","ended_at":null}`)
		s.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec("UPDATE organization SET dissolved_on = '2018-03-15' WHERE id = ?", s.Orgs["a1"]).Error
		})
		s.superior.Post(t, one+"/confirmation", "", "If-Match: "+s.etag).
			Problem(t, http.StatusUnprocessableEntity, "meeting_invalid", "/started_at outside_organization_life")
		if s.count("SELECT count(*) FROM amendment WHERE status = 'requested'") != 1 || s.count("SELECT count(*) FROM record_version") != 1 {
			t.Error("a refused confirmation left something")
		}
	})
}

// TestAnExportHasTheCurrentVersion exports an amended meeting while another amendment of it waits.
func TestAnExportHasTheCurrentVersion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		s.confirm(s.requested(`{"title":"Tiêu đề đã sửa"}`))
		s.requested(`{"title":"Tiêu đề còn chờ"}`)
		dir := filepath.Join(t.TempDir(), "out")
		_, err := exchange.New(s.DB, zone(t)).Export(t.Context(), auth.InstallationActor(), dir, exchange.ExportOptions{})
		must(t, err)
		meetings, err := os.ReadFile(filepath.Join(dir, "meetings.csv"))
		must(t, err)
		if text := string(meetings); !strings.Contains(text, "Tiêu đề đã sửa") || strings.Contains(text, "Tiêu đề còn chờ") {
			t.Errorf("meetings.csv:\n%s", text)
		}
	})
}
