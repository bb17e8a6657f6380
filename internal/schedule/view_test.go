package schedule

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

func TestInTime(t *testing.T) {
	t.Parallel()
	due := calendar.MustDate("2026-03-02")
	on := func(day string) *calendar.Date { d := calendar.MustDate(day); return &d }
	for _, c := range []struct {
		due, done *calendar.Date
		today     string
		want      string
	}{
		{nil, on("2026-03-01"), "2026-03-05", "open"}, {&due, nil, "2026-03-02", "open"}, {&due, nil, "2026-03-03", "false"},
		{&due, on("2026-03-02"), "2026-03-09", "true"}, {&due, on("2026-03-03"), "2026-03-03", "false"},
	} {
		got := "open"
		if kept := inTime(c.due, c.done, calendar.MustDate(c.today)); kept != nil {
			got = strconv.FormatBool(*kept)
		}
		if got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

// TestFindClashes looks at sessions of four organisations on one afternoon.
func TestFindClashes(t *testing.T) {
	t.Parallel()
	base, elsewhere := org.NewID(), org.NewID()
	cells := []org.ID{org.NewID(), org.NewID(), org.NewID(), base}
	parents := map[org.ID]*org.ID{cells[0]: &base, cells[1]: &base, cells[2]: &elsewhere, base: nil}
	chair, delegate := member.NewID(), member.NewID()
	noon := time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)
	session := func(cell int, minutes int, room string, change func(*Session)) Session {
		s := Session{
			MeetingID: meeting.ID{UUID: uuid.New()}, OrganizationID: cells[cell], OrganizationKind: org.KindCell, Status: meeting.Scheduled,
			StartedAt: noon.Add(time.Duration(minutes) * time.Minute), Place: &room,
		}
		if cell == 3 {
			s.OrganizationKind = org.KindBaseParty
		}
		if change != nil {
			change(&s)
		}
		return s
	}
	online := meeting.Online
	chaired := func(s *Session) { s.ChairID = &chair }
	followed := func(s *Session) { s.Delegates = []Following{{MemberID: delegate, FullName: "Trần Thị Bình"}} }
	sessions := []Session{
		session(0, 0, "Phòng họp số 2", followed),
		session(1, 30, "phong hop  so 2", followed),                                                      // the same room and delegate
		session(2, 60, "Phòng họp số 2", chaired),                                                        // a room of another house
		session(3, 60, "Phòng họp số 2", func(s *Session) { s.Mode = &online; s.ChairID = &chair }),      // needs no room
		session(1, 89, "Phòng họp số 2", func(s *Session) { s.Status = meeting.Cancelled; followed(s) }), // takes nothing up
		session(0, 120, "Hội trường", followed),                                                          // begins as the second ends
		session(3, 130, "Hội trường", nil),                                                               // the hall of the base
		session(0, 300, "Hội trường", nil),
	}
	var got []string
	place := map[meeting.ID]int{}
	for i, s := range sessions {
		place[s.MeetingID] = i
	}
	for _, c := range findClashes(sessions, parents) {
		got = append(got, fmt.Sprint(c.Kind, " ", place[c.First], " ", place[c.Second]))
	}
	want := []string{"delegate 0 1", "place 0 1", "chair 2 3", "place 5 6"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]ClashKind{DelegateClash, PlaceClash}, sessions[1].Clashes); diff != "" {
		t.Error(diff)
	}
}

// TestFollowed compares the rule in Go with the one in SQL.
func TestFollowed(t *testing.T) {
	t.Parallel()
	for _, kind := range org.Kinds() {
		cell := kind == org.KindBaseCell || kind == org.KindCell
		if got := followed(kind) == org.Cell; got != cell {
			t.Errorf("%s: %v", kind, got)
		}
	}
}
