package schedule

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// longTitle is folded in the middle of letters of two and three bytes wherever the fold falls.
const longTitle = `Sinh hoạt chuyên đề: "Nâng cao chất lượng sinh hoạt chi bộ; tự phê bình, phê bình" – Đảng bộ phường Trần Hưng Đạo, thành phố ` +
	`Quảng Ngãi; tài liệu ở C:\họp\tháng 6, phần 2; kỷ niệm 🇻🇳 ngày 2/9 👩‍🏫 ởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởởở`

func some(s string) *string { return &s }

func anEvent(at string, title *string) Session {
	start, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	end := start.Add(95 * time.Minute)
	return Session{
		MeetingID: meeting.ID{UUID: uuid.NewSHA1(uuid.Nil, []byte(at))}, OrganizationName: "Chi bộ Hành chính – Tổ chức", Body: org.Cell,
		Forms: meeting.RegularThematic, StartedAt: start, EndedAt: &end, Title: title, Place: some("Phòng họp số 2, nhà A; tầng 3"),
		TopicTitle: some("Gần dân, trọng dân;\nhọc tập và làm theo Bác"), Status: meeting.Scheduled, Version: 3, CreatedAt: start, UpdatedAt: start,
	}
}

// readBack writes a calendar, checks its lines and reads it with a reader that has nothing to do with the writer.
func readBack(t *testing.T, zone calendar.Zone, sessions ...Session) *ical.Calendar {
	t.Helper()
	v := View{Organization: org.Organization{Name: "Đảng bộ Văn phòng, UBND tỉnh; khối cơ quan"}, Sessions: sessions}
	data, err := v.Calendar(zone)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\r\n")
	for _, line := range lines {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%d bytes: %q", len(line), line)
		}
	}
	if lines[len(lines)-1] != "" || !norm.NFC.IsNormal(data) {
		t.Error("the last line is open, or the text is not in NFC")
	}
	cal, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return cal
}

func read(t *testing.T, e *ical.Event, name string) string {
	t.Helper()
	value, err := e.Props.Text(name)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestCalendarIsReadBack compares every text and instant with what was meant, at the edges of months and days.
func TestCalendarIsReadBack(t *testing.T) {
	t.Parallel()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	starts := []string{"2026-05-31T16:59:00Z", "2026-05-31T17:00:00Z", "2026-06-30T16:30:00Z", "2026-12-31T17:00:00Z", "2024-02-29T07:00:00Z"}
	var sessions []Session
	for _, at := range starts {
		sessions = append(sessions, anEvent(at, some(longTitle)))
	}
	cal := readBack(t, zone, sessions...)
	if name, _ := cal.Props.Text("X-WR-CALNAME"); name != "Lịch sinh hoạt: Đảng bộ Văn phòng, UBND tỉnh; khối cơ quan" {
		t.Errorf("%q", name)
	}
	events := cal.Events()
	if len(events) != len(starts) {
		t.Fatalf("%d events", len(events))
	}
	for i, e := range events {
		start, err := e.DateTimeStart(nil)
		if err != nil || !start.Equal(sessions[i].StartedAt) || e.Props.Get("DTSTART").Params.Get("TZID") != "Asia/Ho_Chi_Minh" {
			t.Errorf("%s: read as %s, %v", starts[i], start, err)
		}
		end, err := e.DateTimeEnd(nil)
		if err != nil || !end.Equal(*sessions[i].EndedAt) {
			t.Errorf("%s: ends %s, %v", starts[i], end, err)
		}
		got := []string{read(t, &e, "SUMMARY"), read(t, &e, "LOCATION"), read(t, &e, "DESCRIPTION"), read(t, &e, "UID"), e.Props.Get("SEQUENCE").Value}
		want := []string{
			longTitle + " – Chi bộ Hành chính – Tổ chức", "Phòng họp số 2, nhà A; tầng 3",
			"Tổ chức: Chi bộ Hành chính – Tổ chức\nHình thức: Thường kỳ, Chuyên đề\nChuyên đề: Gần dân, trọng dân; học tập và làm theo Bác",
			sessions[i].MeetingID.String() + "@sochibo", "2",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestCalendarStatus says what is sure and what is not.
func TestCalendarStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status     meeting.Status
		registered RegistrationStatus
		want       string
	}{
		{meeting.Scheduled, "", "TENTATIVE"}, {meeting.Scheduled, Registered, "TENTATIVE"}, {meeting.Scheduled, Agreed, "CONFIRMED"},
		{meeting.Scheduled, Returned, "TENTATIVE"}, {meeting.Held, "", "CONFIRMED"}, {meeting.Accepted, "", "CONFIRMED"},
		{meeting.Cancelled, Agreed, "CANCELLED"},
	} {
		s := anEvent("2026-05-31T07:00:00Z", nil)
		s.Status = c.status
		if c.registered != "" {
			s.Registered = &RegisteredDate{Status: c.registered, StartedAt: s.StartedAt.AddDate(0, 0, -2), Changed: true}
		}
		event := readBack(t, calendar.Zone{}, s).Events()[0]
		if got := read(t, &event, "STATUS"); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
		if changed := strings.Contains(read(t, &event, "DESCRIPTION"), "Đã đăng ký: 07:00 29/05/2026"); changed != (c.registered != "") {
			t.Errorf("%+v: %s", c, read(t, &event, "DESCRIPTION"))
		}
		if got := read(t, &event, "SUMMARY"); got != "Chi bộ: Thường kỳ, Chuyên đề – Chi bộ Hành chính – Tổ chức" {
			t.Error(got)
		}
		if start := event.Props.Get("DTSTART"); start.Value != "20260531T070000Z" || start.Params.Get("TZID") != "" {
			t.Errorf("%+v", start)
		}
	}
}

// TestCalendarOfAZoneWithSummerTime describes each change of the clocks between the first session and the last.
func TestCalendarOfAZoneWithSummerTime(t *testing.T) {
	t.Parallel()
	zone, err := calendar.LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	cal := readBack(t, zone, anEvent("2026-01-10T12:00:00Z", nil), anEvent("2026-07-10T12:00:00Z", nil), anEvent("2026-11-10T12:00:00Z", nil))
	var parts []string
	for _, child := range cal.Children {
		if child.Name != "VTIMEZONE" {
			continue
		}
		for _, part := range child.Children {
			parts = append(parts, part.Name+" "+part.Props.Get("DTSTART").Value+" "+part.Props.Get("TZOFFSETFROM").Value+" "+part.Props.Get("TZOFFSETTO").Value)
		}
	}
	want := []string{
		"STANDARD 20251026T030000 +0200 +0100", "DAYLIGHT 20260329T020000 +0100 +0200", "STANDARD 20261025T030000 +0200 +0100",
	}
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Error(diff)
	}
	for i, e := range cal.Events() {
		if got := e.Props.Get("DTSTART").Value; got != []string{"20260110T130000", "20260710T140000", "20261110T130000"}[i] {
			t.Error(got)
		}
	}
}

func TestOffset(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]string{0: "+0000", 25200: "+0700", -12600: "-0330", 25590: "+070630"} {
		if got := offset(seconds); got != want {
			t.Errorf("%d: %s", seconds, got)
		}
	}
}
