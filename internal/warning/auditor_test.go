package warning_test

import (
	"fmt"
	"strings"
	"testing"

	"sochibo/internal/warning"
)

func TestEnteredLate(t *testing.T) {
	t.Parallel()
	each(t, 3, func(_ *testing.T, s *scene) {
		s.met(session{held: "2026-04-10"})
		s.expect("30 days", warning.EnteredLate, "2026-04", "2026-04")
		s.met(session{held: "2026-04-09", forms: `"thematic"`})
		s.expect("31 days", warning.EnteredLate, "2026-04", "2026-04", "2026-04 warning 2026-05-10")
	})
}

// TestBackdatedTransfer moves a member from a day before counted sessions: each that it would have altered is named, with what the roll and
// the rows say, and none of their figures changes.
func TestBackdatedTransfer(t *testing.T) {
	t.Parallel()
	each(t, 4, func(t *testing.T, s *scene) {
		for _, held := range []string{"2026-02-05", "2026-03-05", "2026-04-05"} {
			s.met(session{held: held, absent: s.row(2, "excused")})
		}
		figures := func() string {
			cell := s.superior.Get(t, "/organizations/"+s.Orgs["a1"].String()+"/summary?from=2026-01&to=2026-05&group_by=month").OK(t, 200)
			above := s.superior.Get(t, "/organizations/"+s.Orgs["a"].String()+"/summary?from=2026-01&to=2026-05").OK(t, 200)
			return cell.Field(t, "groups") + above.Field(t, "attendance") + above.Field(t, "sessions") + above.Field(t, "compliance")
		}
		before := figures()
		s.expect("as the rows are", warning.BackdatedMembership, "2026-01", "2026-05")
		s.transfer(s.people[3], "a2", "2026-03-05")
		s.expect("moved from March on", warning.BackdatedMembership, "2026-01", "2026-05",
			"2026-03 warning 2026-03-05", "2026-04 warning 2026-04-05")
		if after := figures(); after != before {
			t.Errorf("figures changed from %s to %s", before, after)
		}
		row := s.only(s.auditor, "code=backdated_membership", "2026-03", "2026-03")
		text := fmt.Sprint(row["evidence"])
		for _, want := range []string{s.people[3], "Nguyễn Văn D: 2026-03-05 → –", "4 → 3", "2010-01-01"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in %s", want, text)
			}
		}
		s.admitOn("a1", "Lê Văn Mới", "2026-04-05")
		row = s.only(s.auditor, "code=backdated_membership", "2026-04", "2026-04")
		if message := fmt.Sprint(row["message"]); !strings.Contains(message, "1 on the roll alone, 1 by the rows alone") {
			t.Errorf("%s", message)
		}
	})
}

func TestFullAttendance(t *testing.T) {
	t.Parallel()
	each(t, 3, func(_ *testing.T, s *scene) {
		for month := 8; month <= 12; month++ {
			s.met(session{held: fmt.Sprintf("2025-%02d-05", month)})
		}
		s.expect("five months", warning.FullAttendance, "2025-12", "2026-05")
		s.met(session{held: "2026-01-05"})
		s.expect("six months", warning.FullAttendance, "2025-12", "2026-05", "2026-01 info 2025-08-05")
		s.met(session{held: "2026-02-05", absent: s.row(1, "excused")})
		s.met(session{held: "2026-03-05"})
		s.expect("somebody excused afterwards", warning.FullAttendance, "2025-12", "2026-05", "2026-01 info 2025-08-05")
	})
}

func TestIdenticalText(t *testing.T) {
	t.Parallel()
	each(t, 3, func(_ *testing.T, s *scene) {
		said := func(held string, length int) {
			s.met(session{held: held, more: fmt.Sprintf(`,"conclusions":[%q,%q]`, strings.Repeat("đ", length), "Thống nhất "+held)})
		}
		said("2026-01-05", 79)
		said("2026-02-05", 79)
		s.expect("79 letters", warning.IdenticalText, "2026-01", "2026-05")
		said("2026-03-05", 80)
		s.expect("80 letters once", warning.IdenticalText, "2026-01", "2026-05")
		said("2026-04-05", 80)
		s.expect("80 letters twice", warning.IdenticalText, "2026-01", "2026-05", "2026-04 warning 2026-04-05")
		s.expect("asked about the first", warning.IdenticalText, "2026-03", "2026-03")
	})
}

func TestRosterJump(t *testing.T) {
	t.Parallel()
	each(t, 4, func(_ *testing.T, s *scene) {
		s.met(session{held: "2026-01-05"})
		s.transfer(s.people[3], "a2", "2026-01-20")
		s.met(session{held: "2026-02-05"})
		s.expect("gone by a dated row", warning.RosterJump, "2026-01", "2026-05")
		s.admitOn("a1", "Lê Văn Mới", "2026-03-05")
		s.met(session{held: "2026-03-05"})
		s.expect("come on the day of the session", warning.RosterJump, "2026-01", "2026-05")
		s.admitOn("a1", "Lê Văn Lùi", "2026-02-05")
		s.met(session{held: "2026-04-05"})
		s.expect("come by a row of earlier days", warning.RosterJump, "2026-01", "2026-05", "2026-04 warning 2026-04-05")
	})
}
