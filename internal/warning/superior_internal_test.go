package warning

import (
	"testing"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// TestImportedGradeAgainstCondition: a rating that was imported as met, by HD 12, of a session of ten. What nobody knows, such as how long it
// lasted, contradicts nothing.
func TestImportedGradeAgainstCondition(t *testing.T) {
	t.Parallel()
	book, err := rules.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	sets, err := book.Over(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		absent  int
		status  meeting.AttendanceStatus
		grade   string
		version int
		want    int
	}{
		{"nine of ten", 1, meeting.Excused, "met", 1, 0},
		{"eight of ten", 2, meeting.Excused, "met", 1, 1},
		{"eight of ten, and it says so", 2, meeting.Excused, "not_met", 1, 0},
		{"nine of ten, one without reason", 1, meeting.Unexcused, "met", 1, 1},
		{"of an earlier version of the record", 2, meeting.Excused, "met", 0, 0},
	} {
		s := session{
			MeetingID: meeting.NewID(), Body: org.Cell, Forms: "regular", PeriodMonth: calendar.MustMonth("2019-03"), Status: meeting.Accepted,
			HeldOn: calendar.MustDate("2019-03-05"), StartedAt: time.Date(2019, 3, 5, 1, 0, 0, 0, time.UTC), RecordVersion: 1,
		}
		for i := range 10 {
			row := meeting.RollRow{MemberID: member.NewID(), Standing: member.Base, Status: meeting.Present}
			if i < c.absent {
				row.Status = c.status
			}
			s.record.Roll = append(s.record.Roll, row)
		}
		f := facts{
			period: calendar.Period{From: s.PeriodMonth, To: s.PeriodMonth}, sets: sets, sessions: []session{s},
			ratings: map[meeting.ID][]rated{s.MeetingID: {{Stage: "self", Number: 1, RecordVersion: c.version, RuleSet: "hd12-2018", Grade: c.grade}}},
		}
		if got := len(f.gradeAgainstCondition()); got != c.want {
			t.Errorf("%s: %d warnings, want %d", c.name, got, c.want)
		}
	}
}
