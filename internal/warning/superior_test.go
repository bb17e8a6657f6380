package warning_test

import (
	"fmt"
	"strings"
	"testing"

	"sochibo/internal/warning"
)

func TestNothingForMonth(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.expect("running", warning.NothingForMonth, "2026-05", "2026-06", "2026-05 info 2026-05-01")
		s.expect("ended", warning.NothingForMonth, "2026-04", "2026-05", "2026-04 serious 2026-05-01", "2026-05 info 2026-05-01")
		s.met(session{held: "2026-04-21", forms: `"thematic"`})
		s.expect("a thematic one alone", warning.NothingForMonth, "2026-04", "2026-04", "2026-04 serious 2026-05-01")
		s.met(session{held: "2026-05-20", plan: true})
		s.met(session{held: "2026-05-02", month: "2026-04", draft: true})
		s.expect("planned, and held for the month before", warning.NothingForMonth, "2026-04", "2026-05")
		s.superior.Post(t, "/organizations/"+s.Orgs["a1"].String()+"/excused-months", `{"body":"cell","month":"2026-03"}`, "If-Match: "+
			s.superior.Get(t, "/organizations/"+s.Orgs["a1"].String()).ETag()).OK(t, 201)
		s.expect("excused", warning.NothingForMonth, "2026-03", "2026-03")
	})
}

// absent are rows for the first so many members but the chair.
func (s *scene) absentees(n int) string {
	var rows []string
	for i := range n {
		rows = append(rows, s.row(i+1, "excused"))
	}
	return strings.Join(rows, ",")
}

func TestAttendanceBelow(t *testing.T) {
	t.Parallel()
	each(t, 20, func(t *testing.T, s *scene) {
		s.met(session{held: "2018-07-05", absent: s.absentees(10)})
		s.expect("half, before HD 12", warning.AttendanceBelow, "2018-01", "2018-12")
		s.met(session{held: "2018-07-06", absent: s.absentees(3)})
		s.expect("17 of 20 are not above 85 %", warning.AttendanceBelow, "2018-07", "2018-07", "2018-07 warning 2018-07-06")
		s.met(session{held: "2018-08-06", absent: s.absentees(2)})
		s.expect("18 of 20 are", warning.AttendanceBelow, "2018-08", "2018-08")
		s.met(session{held: "2026-03-06", absent: s.absentees(2)})
		s.expect("18 of 20 are 90 %", warning.AttendanceBelow, "2026-03", "2026-03")
		s.met(session{held: "2026-04-06", absent: s.absentees(3)})
		s.expect("17 of 20 are not", warning.AttendanceBelow, "2026-04", "2026-04", "2026-04 warning 2026-04-06")
		row := s.only(s.auditor, "code=attendance_below", "2026-04", "2026-04")
		if text := fmt.Sprint(row["rule"], row["evidence"]); !strings.Contains(text, "hd42-2025") || !strings.Contains(text, "17/20") {
			t.Errorf("%s", text)
		}
	})
}

// TestAttendanceBelowByLocalBase takes the base that the set of the province takes: of those who were not excused.
func TestAttendanceBelowByLocalBase(t *testing.T) {
	t.Parallel()
	book := withLocal(t, "id: local\ntitle: Quy định\nparent: hd42-2025\norganization: a\nfrom: 2026-01-01\nattendance_base: eligible_minus_excused\n")
	eachBy(t, book, 20, func(_ *testing.T, s *scene) {
		s.met(session{held: "2025-12-06", absent: s.absentees(3)})
		s.met(session{held: "2026-01-06", absent: s.absentees(3)})
		s.expect("17 of 20 in December, 17 of 17 in January", warning.AttendanceBelow, "2025-12", "2026-01", "2025-12 warning 2025-12-06")
	})
}

const ratingAnswers = `{"answers":[{"item":"documents","yes":true},{"item":"discussion","points":9},{"item":"political_task","points":10},
	{"item":"resolution_kept","points":10}]}`

func TestGradeNotConfirmed(t *testing.T) {
	t.Parallel()
	each(t, 10, func(t *testing.T, s *scene) {
		path, etag := s.met(session{held: "2026-05-09"})
		s.secretary.Post(t, path+"/rating", ratingAnswers, "If-Match: "+etag).OK(t, 201)
		s.expect("not accepted", warning.GradeNotConfirmed, "2026-05", "2026-05")
		s.superior.Post(t, path+"/acceptance", "", "If-Match: "+etag).OK(t, 200)
		s.expect("accepted", warning.GradeNotConfirmed, "2026-05", "2026-05", "2026-05 warning 2026-05-10")
		other, etag := s.met(session{held: "2026-04-09"})
		s.superior.Post(t, other+"/acceptance", "", "If-Match: "+etag).OK(t, 200)
		s.expect("never rated", warning.GradeNotConfirmed, "2026-04", "2026-04")
		s.superior.Post(t, path+"/rating-confirmation", `{}`, `If-Match: "1"`).OK(t, 200)
		s.expect("confirmed", warning.GradeNotConfirmed, "2026-05", "2026-05")
	})
}

// gated is a set whose best grade needs full marks for attendance.
const gated = `id: local
title: Quy định
parent: hd42-2025
organization: a
from: 2026-01-01
rubric:
  grades:
    - {id: good, title: Tốt, from: 90, full: [attendance]}
    - {id: fair, title: Khá, from: 70}
    - {id: average, title: Trung bình, from: 50}
    - {id: poor, title: Kém, from: 0}
`

func TestGradeAgainstCondition(t *testing.T) {
	t.Parallel()
	eachBy(t, withLocal(t, gated), 10, func(_ *testing.T, s *scene) {
		s.met(session{held: "2026-01-06", absent: s.absentees(2), more: `,"self_score":90`})
		s.expect("80 % and 90 points", warning.GradeAgainstCondition, "2026-01", "2026-01", "2026-01 serious 2026-01-06")
		s.met(session{held: "2026-02-06", absent: s.absentees(2), more: `,"self_score":89`})
		s.expect("80 % and 89 points", warning.GradeAgainstCondition, "2026-02", "2026-02")
		s.met(session{held: "2026-03-06", absent: s.absentees(1), more: `,"self_score":95`})
		s.expect("90 % and 95 points", warning.GradeAgainstCondition, "2026-03", "2026-03")
		s.met(session{held: "2025-12-06", absent: s.absentees(5), more: `,"self_score":100`})
		s.expect("a set without a gate", warning.GradeAgainstCondition, "2025-12", "2025-12")
	})
}
