package meeting

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// usual is the table of who counts that comes with the program.
func usual(t *testing.T) member.Table {
	t.Helper()
	table, err := rules.CountingOn(calendar.MustDate("2018-04-05"))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func person(kinds ...member.StatusKind) member.Person {
	return member.Person{Member: member.Member{ID: member.NewID()}, Statuses: kinds}
}

func TestOthersArePresentOnlyIfExpected(t *testing.T) {
	t.Parallel()
	plain, sick, exempt, suspended := person(), person(), person(member.Exempt), person(member.Suspended)
	guest := person(member.TemporarilyHere)
	who := newRoster([]member.Person{plain, sick, exempt, suspended}, []member.Person{guest, plain}, usual(t))
	in := RollInput{Others: Present, Rows: []RollEntry{{MemberID: sick.Member.ID, Status: Excused}}}
	rows := in.merged(NewID(), nil, who)
	got := map[member.ID]AttendanceStatus{}
	for _, row := range rows {
		got[row.MemberID] = row.Status
	}
	want := map[member.ID]AttendanceStatus{plain.Member.ID: Present, sick.Member.ID: Excused}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFreezeAndThaw(t *testing.T) {
	t.Parallel()
	plain, exempt, exemptCame, suspended := person(), person(member.Exempt), person(member.Exempt), person(member.Exempt, member.Suspended)
	here := person(member.TemporarilyHere)
	who := newRoster([]member.Person{plain, exempt, exemptCame, suspended}, []member.Person{here}, usual(t))
	id := NewID()
	rows := RollInput{Rows: []RollEntry{
		{MemberID: exemptCame.Member.ID, Status: Present},
		{MemberID: suspended.Member.ID, Status: Present},
		{MemberID: here.Member.ID, Status: Excused},
	}}.merged(id, nil, who)
	frozen, roll := freeze(id, rows, who)
	type line struct {
		Status   AttendanceStatus
		Standing member.Standing
	}
	got := map[member.ID]line{}
	for i, row := range roll {
		got[row.MemberID] = line{row.Status, row.Standing}
		if *frozen[i].Standing != row.Standing || frozen[i].MemberID != row.MemberID {
			t.Errorf("row %d differs between store and record", i)
		}
	}
	want := map[member.ID]line{
		plain.Member.ID:      {NotRecorded, member.Base},
		exempt.Member.ID:     {NotRecorded, member.Roster},
		exemptCame.Member.ID: {Present, member.Base},
		suspended.Member.ID:  {Present, member.Roster},
		here.Member.ID:       {Excused, member.Temporary},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(rows, thaw(frozen)); diff != "" {
		t.Errorf("thawed roll: %s", diff)
	}
}

func TestMergeTakesRowsOff(t *testing.T) {
	t.Parallel()
	a, b := person(), person()
	who := newRoster([]member.Person{a, b}, nil, usual(t))
	before := []Attendance{{MemberID: a.Member.ID, Status: Present}, {MemberID: b.Member.ID, Status: Present}}
	rows := RollInput{Rows: []RollEntry{{MemberID: a.Member.ID, Remove: true}}}.merged(NewID(), before, who)
	if len(rows) != 1 || rows[0].MemberID != b.Member.ID {
		t.Errorf("rows = %v", rows)
	}
}

func TestRollFaults(t *testing.T) {
	t.Parallel()
	a := member.NewID()
	in := RollInput{Others: Excused, Rows: []RollEntry{
		{MemberID: a, Status: Present}, {MemberID: a, Status: Present}, {Status: Present}, {MemberID: member.NewID()},
		{MemberID: member.NewID(), Status: NotRecorded}, {MemberID: member.NewID(), Status: "late"},
		{MemberID: member.NewID(), Status: Excused, ReasonKind: ptr(ReasonKind("rain")), Reason: ptr("\u202e")},
	}}
	var f fault.Fields
	in.check(&f, "/attendance", false)
	wantFaults(t, f, map[string]string{
		"/attendance/others":             "word_unknown",
		"/attendance/rows/1/member_id":   "attendance_duplicate",
		"/attendance/rows/2/member_id":   "field_required",
		"/attendance/rows/3/status":      "field_required",
		"/attendance/rows/4/status":      "attendance_not_recorded",
		"/attendance/rows/5/status":      "word_unknown",
		"/attendance/rows/6/reason_kind": "word_unknown",
		"/attendance/rows/6/reason":      "text_invisible",
	})
}

func TestContentFaults(t *testing.T) {
	t.Parallel()
	started := time.Date(2018, 4, 3, 7, 0, 0, 0, time.UTC)
	c := Content{
		Body: "group", Forms: []Form{Regular, Congress}, PeriodMonth: calendar.MustMonth("2010-01"), StartedAt: started,
		EndedAt: ptr(started.Add(-time.Second)), BreakMinutes: ptr(-1), Guests: ptr(-1), SelfScore: ptr(101), Mode: ptr(Mode("car")),
		ContentItems: []string{"propaganda", "propaganda", "weather"}, Opinions: []OpinionItem{{Text: " "}}, Conclusions: []string{""},
		Agenda: []AgendaItem{{ContentItem: ptr("weather")}},
	}
	var f fault.Fields
	c.check(&f, calendar.Zone{})
	wantFaults(t, f, map[string]string{
		"/body": "word_unknown", "/forms": "forms_combination", "/period_month": "period_month_far", "/ended_at": "ended_before_started",
		"/break_minutes": "number_out_of_range", "/guests": "number_out_of_range", "/self_score": "number_out_of_range",
		"/mode": "word_unknown", "/content_items/1": "value_duplicate", "/content_items/2": "word_unknown",
		"/opinions/0/text": "field_required", "/conclusions/0": "field_required", "/agenda/0/content_item": "word_unknown",
	})
	var required fault.Fields
	(&Content{}).check(&required, calendar.Zone{})
	wantFaults(t, required, map[string]string{
		"/body": "field_required", "/forms": "field_required", "/period_month": "field_required", "/started_at": "field_required",
	})
}

func TestContentComesBack(t *testing.T) {
	t.Parallel()
	c := Content{
		Body: org.Cell, Forms: []Form{Regular}, PeriodMonth: calendar.MustMonth("2018-04"), StartedAt: time.Now().UTC(),
		Agenda: []AgendaItem{{Text: ptr("a")}}, Opinions: []OpinionItem{{Text: "o"}}, Conclusions: []string{"c", "d"},
	}
	var m Meeting
	c.apply(&m, calendar.Zone{})
	lines := c.lines(m.ID)
	for i, line := range lines {
		if line.Position != i+1 {
			t.Errorf("line %d has position %d", i, line.Position)
		}
	}
	if diff := cmp.Diff(c, contentOf(Details{Meeting: m, Minutes: lines}), cmp.AllowUnexported(calendar.Month{}, Content{})); diff != "" {
		t.Error(diff)
	}
}

func TestUntouchedMinutesAreLeftAlone(t *testing.T) {
	t.Parallel()
	// An import may bring what a request could not: an opinion without a text.
	stored := contentOf(Details{Meeting: Meeting{Forms: "regular"}, Minutes: []MinutesLine{{Position: 1, Part: Opinion}}})
	retitled := stored.changed(func(c *Content) { c.Title = ptr("x") })
	if !retitled.sameMinutes {
		t.Error("a new title changes the minutes")
	}
	if added := stored.changed(func(c *Content) { c.Conclusions = []string{"x"} }); added.sameMinutes {
		t.Error("a new conclusion does not change the minutes")
	}
	var f fault.Fields
	retitled.checkMinutes(&f)
	if f.Len() != 0 {
		t.Errorf("untouched minutes are refused: %v", f.All())
	}
}

func wantFaults(tb testing.TB, f fault.Fields, want map[string]string) {
	tb.Helper()
	got := map[string]string{}
	for _, field := range f.All() {
		got[field.Pointer] = field.Code
	}
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Error(diff)
	}
}
