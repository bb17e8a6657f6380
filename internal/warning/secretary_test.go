package warning_test

import (
	"fmt"
	"strings"
	"testing"

	"sochibo/internal/warning"
)

func TestMonthNotRegistered(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.today("2026-05-25") // the last day
		s.expect("on the day", warning.MonthNotRegistered, "2026-06", "2026-06")
		s.today("2026-05-26")
		s.expect("the day after", warning.MonthNotRegistered, "2026-06", "2026-06", "2026-06 warning 2026-05-26")
		s.expect("a month ended", warning.MonthNotRegistered, "2026-04", "2026-04")
		made := s.secretary.Post(t, "/organizations/"+s.Orgs["a1"].String()+"/registrations",
			`{"month":"2026-06","sessions":[{"body":"cell","forms":["regular"],"started_at":"2026-06-05T14:00:00+07:00"}]}`).OK(t, 201)
		s.expect("registered", warning.MonthNotRegistered, "2026-06", "2026-06")
		s.superior.Post(t, "/organizations/"+s.Orgs["a1"].String()+"/registrations/"+made.Field(t, "id")+"/return", `{"reason":"Trùng lịch"}`,
			"If-Match: "+made.ETag()).OK(t, 200)
		s.expect("returned", warning.MonthNotRegistered, "2026-06", "2026-06", "2026-06 warning 2026-05-26")
		s.superior.Post(t, "/organizations/"+s.Orgs["a1"].String()+"/excused-months", `{"body":"cell","month":"2026-06"}`, "If-Match: "+
			s.superior.Get(t, "/organizations/"+s.Orgs["a1"].String()).ETag()).OK(t, 201)
		s.expect("excused", warning.MonthNotRegistered, "2026-06", "2026-06")
	})
}

func TestCommitteeNotMet(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.met(session{held: "2026-03-10"})
		s.expect("no committee", warning.CommitteeNotMet, "2026-03", "2026-05")
		s.term("a1", "2026-04-01")
		s.expect("no committee yet", warning.CommitteeNotMet, "2026-03", "2026-03")
		s.met(session{held: "2026-04-10"})
		s.met(session{held: "2026-05-12", plan: true})
		s.expect("in office", warning.CommitteeNotMet, "2026-03", "2026-05", "2026-04 warning 2026-04-10")
		office := fmt.Sprintf(`{"organization_id":%q,"body":"cell_committee","office":"secretary","from":"2026-04-01"}`, s.Orgs["a1"].String())
		s.secretary.Post(t, "/members/"+s.people[0]+"/offices", office, `If-Match: "1"`).OK(t, 201)
		s.met(session{held: "2026-04-11", month: "2026-04", body: "cell_committee"})
		s.expect("the day after", warning.CommitteeNotMet, "2026-04", "2026-04", "2026-04 warning 2026-04-10")
		s.met(session{held: "2026-04-09", month: "2026-04", body: "cell_committee"})
		s.expect("the day before", warning.CommitteeNotMet, "2026-04", "2026-04")
		s.today("2026-05-12")
		s.expect("the day has come", warning.CommitteeNotMet, "2026-05", "2026-05", "2026-05 warning 2026-05-12")
	})
}

func TestDocumentsLate(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		first, _ := s.met(session{held: "2026-05-11", plan: true})
		s.expect("on the last day", warning.DocumentsLate, "2026-05", "2026-05")
		s.today("2026-05-11")
		s.expect("the day after", warning.DocumentsLate, "2026-05", "2026-05", "2026-05 warning 2026-05-11")
		post := func(path, at string) {
			s.secretary.Post(t, path+"/notice", fmt.Sprintf(`{"posted_at":%q,"items":[{"kind":"notice","title":"Mời họp"}]}`, at)).OK(t, 201)
		}
		post(first, "2026-05-11T01:00:00Z")
		s.expect("posted on the day of the session", warning.DocumentsLate, "2026-05", "2026-05", "2026-05 warning 2026-05-11")
		post(first, "2026-05-10T16:59:00Z") // a minute before midnight
		s.expect("posted the day before", warning.DocumentsLate, "2026-05", "2026-05")
		s.met(session{held: "2025-10-27"})
		s.expect("before the set has a day", warning.DocumentsLate, "2025-10", "2025-10")
	})
}

func TestRecordLate(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.today("2026-05-12")
		path, etag := s.met(session{held: "2026-05-10", draft: true})
		s.expect("on the last day", warning.RecordLate, "2026-05", "2026-05")
		s.today("2026-05-13")
		s.expect("the day after", warning.RecordLate, "2026-05", "2026-05", "2026-05 warning 2026-05-13")
		s.secretary.Post(t, path+"/submission", "", "If-Match: "+etag).OK(t, 200)
		s.expect("handed in late", warning.RecordLate, "2026-05", "2026-05", "2026-05 info 2026-05-13")
		s.met(session{held: "2026-05-11", forms: `"extraordinary"`})
		s.expect("another in time", warning.RecordLate, "2026-05", "2026-05", "2026-05 info 2026-05-13")
	})
}

func TestMemberAbsent(t *testing.T) {
	t.Parallel()
	each(t, 4, func(t *testing.T, s *scene) {
		away := s.row(1, "unexcused")
		s.met(session{held: "2025-12-03", absent: away})
		s.met(session{held: "2026-01-05", absent: away})
		s.expect("one of each year", warning.MemberAbsent, "2025-12", "2026-05")
		s.met(session{held: "2026-02-05", absent: s.row(1, "excused")})
		s.met(session{held: "2026-02-06", forms: `"extraordinary"`, absent: away})
		s.expect("excused in the second month", warning.MemberAbsent, "2026-01", "2026-05")
		s.met(session{held: "2026-03-05", absent: away})
		s.expect("two months", warning.MemberAbsent, "2026-01", "2026-05", "2026-03 warning 2026-03-05")
		s.expect("asked about other months", warning.MemberAbsent, "2026-01", "2026-02")
		s.met(session{held: "2026-04-05", absent: away})
		s.expect("three months", warning.MemberAbsent, "2026-01", "2026-05", "2026-04 serious 2026-03-05")
		row := s.only(s.secretary, "code=member_absent", "2026-01", "2026-05")
		text := fmt.Sprint(row["message"], row["evidence"])
		if !strings.Contains(text, "Nguyễn Văn B vắng không lý do 3 tháng trong năm 2026") || !strings.Contains(text, s.people[1]) {
			t.Errorf("%s", text)
		}
	})
}

func TestExcusedRunning(t *testing.T) {
	t.Parallel()
	each(t, 4, func(_ *testing.T, s *scene) {
		excused := s.row(1, "excused")
		for _, held := range []string{"2024-11-05", "2024-12-05", "2025-01-05", "2025-02-05", "2025-03-05"} {
			s.met(session{held: held, absent: excused})
		}
		s.expect("three in a year", warning.ExcusedRunning, "2025-01", "2025-12")
		s.met(session{held: "2025-04-05", absent: excused})
		s.expect("four", warning.ExcusedRunning, "2025-01", "2025-12", "2025-04 warning 2025-01-05")
		s.met(session{held: "2025-05-05"})
		for _, held := range []string{"2025-06-05", "2025-07-05", "2025-08-05"} {
			s.met(session{held: held, absent: excused})
		}
		s.expect("three more after a break", warning.ExcusedRunning, "2025-01", "2025-12", "2025-04 warning 2025-01-05")
		for _, held := range []string{"2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05"} {
			s.met(session{held: held, absent: excused})
		}
		s.expect("a set without the condition", warning.ExcusedRunning, "2026-01", "2026-05")
	})
}

func TestSizeOfTheCell(t *testing.T) {
	t.Parallel()
	each(t, 2, func(_ *testing.T, s *scene) {
		s.expect("two", warning.FewOfficialMembers, "2026-05", "2026-05", "2026-05 serious 2010-01-01")
		s.expect("of today alone", warning.FewOfficialMembers, "2026-01", "2026-04")
		s.people = append(s.people, s.admitOn("a1", "Lê Văn Ba", "2026-05-01"))
		s.expect("three", warning.FewOfficialMembers, "2026-05", "2026-05")
		for i := range 5 {
			s.admit("a1", fmt.Sprintf("Trần Thị %c", 'A'+i))
		}
		s.expect("eight", warning.CommitteeMissing, "2026-05", "2026-05")
		s.admitOn("a1", "Phạm Văn Chín", "2026-05-04")
		s.expect("nine", warning.CommitteeMissing, "2026-05", "2026-05", "2026-05 warning 2026-05-04")
		s.term("a1", "2026-05-10")
		s.expect("a committee in office", warning.CommitteeMissing, "2026-05", "2026-05")
	})
}

func TestQuarterWithoutThematic(t *testing.T) {
	t.Parallel()
	each(t, 3, func(_ *testing.T, s *scene) {
		s.today("2026-05-31")
		s.expect("before the last month", warning.QuarterWithoutThematic, "2026-04", "2026-06")
		s.today("2026-06-01")
		s.expect("in the last month", warning.QuarterWithoutThematic, "2026-04", "2026-06", "2026-06 info 2026-06-01")
		s.today("2026-07-01")
		s.expect("ended", warning.QuarterWithoutThematic, "2026-04", "2026-06", "2026-06 warning 2026-06-01")
		s.met(session{held: "2026-04-20", forms: `"regular"`})
		s.expect("a regular one", warning.QuarterWithoutThematic, "2026-04", "2026-06", "2026-06 warning 2026-06-01")
		s.met(session{held: "2026-04-21", forms: `"thematic"`})
		s.expect("a thematic one", warning.QuarterWithoutThematic, "2026-04", "2026-06")
	})
}

func TestTaskOverdue(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		path, _ := s.met(session{held: "2026-04-05", more: `,"tasks":[{"title":"Báo cáo","due_on":"2026-05-09"},{"title":"Kiểm tra","due_on":"2026-05-10"}]`})
		s.expect("one past its day, one on it", warning.TaskOverdue, "2026-05", "2026-05", "2026-05 warning 2026-05-10")
		tasks := s.secretary.Get(t, "/tasks?meeting_id="+strings.TrimPrefix(path, "/meetings/")+"&due_to=2026-05-09").OK(t, 200).Rows(t, "id")
		s.secretary.Patch(t, "/tasks/"+tasks[0], `"1"`, `{"status":"done","done_on":"2026-05-10"}`).OK(t, 200)
		s.expect("done", warning.TaskOverdue, "2026-05", "2026-05")
	})
}
