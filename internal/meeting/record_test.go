package meeting

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/ledger"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

func ptr[T any](value T) *T { return &value }

// sampleRecord has one member of every kind of row.
func sampleRecord() Record {
	started := time.Date(2018, 4, 3, 7, 0, 0, 0, time.UTC)
	ended := started.Add(105 * time.Minute)
	row := func(standing member.Standing, status AttendanceStatus) RollRow {
		return RollRow{MemberID: member.NewID(), Standing: standing, Status: status}
	}
	spoke := row(member.Base, Present)
	spoke.Spoke = ptr(true)
	absent := row(member.Base, Excused)
	absent.Spoke = ptr(true) // a slip that counts nobody as a speaker
	voiced := row(member.Temporary, Present)
	return Record{
		MeetingID: NewID(), Number: 1, OrganizationID: org.NewID(), Body: org.Cell, Forms: RegularThematic,
		PeriodMonth: calendar.MustMonth("2018-04"), HeldOn: calendar.MustDate("2018-04-03"),
		StartedAt: started, EndedAt: &ended, BreakMinutes: ptr(15), Guests: ptr(3), Place: ptr("A < B & C"),
		Roll: []RollRow{
			spoke, row(member.Base, Present), absent, row(member.Base, Unexcused), row(member.Base, NotRecorded),
			row(member.Roster, Present), row(member.Roster, Excused), row(member.Roster, NotRecorded), voiced,
		},
		Minutes: []RecordLine{
			{Position: 2, Part: Opinion, MemberID: &voiced.MemberID, Text: ptr("b")},
			{Position: 1, Part: Opinion, MemberID: &spoke.MemberID, Text: ptr("a")},
		},
		Editors: []auth.UserID{auth.NewUserID(), auth.NewUserID()},
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	want := ledger.Counters{
		Regular: 1, Thematic: 1, Sittings: 1,
		Roster: 8, RosterPresent: 3, RosterExcused: 2, RosterUnexcused: 1,
		Eligible: 5, EligiblePresent: 2, EligibleExcused: 1, EligibleUnexcused: 1,
		Temporary: 1, Guests: 3, Speakers: 2, Minutes: 90, Timed: 1,
	}
	if diff := cmp.Diff(want, Count(sampleRecord())); diff != "" {
		t.Error(diff)
	}
}

func TestCountOfUnknowns(t *testing.T) {
	t.Parallel()
	r := sampleRecord()
	r.Forms, r.EndedAt, r.Guests, r.Roll, r.Minutes = Forms(Extraordinary), nil, nil, nil, nil
	if diff := cmp.Diff(ledger.Counters{Extraordinary: 1, Sittings: 1}, Count(r)); diff != "" {
		t.Error(diff)
	}
	r.EndedAt, r.BreakMinutes = ptr(r.StartedAt.Add(time.Minute)), ptr(60)
	if c := Count(r); c.Minutes != 0 || c.Timed != 1 {
		t.Errorf("a break longer than the meeting gives %d minutes", c.Minutes)
	}
}

func TestCanonicalDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	r := sampleRecord()
	first := mustCanonical(t, r)
	r.StartedAt = r.StartedAt.In(time.FixedZone("", 7*3600))
	slices.Reverse(r.Roll)
	slices.Reverse(r.Minutes)
	slices.Reverse(r.Editors)
	if second := mustCanonical(t, r); !bytes.Equal(first, second) {
		t.Errorf("order or offset changed the bytes:\n%s\n%s", first, second)
	}
	if bytes.Contains(first, []byte("null,null]")) || !bytes.HasPrefix(first, []byte(`{"format":"sochibo/record/2","meeting_id":"`)) {
		t.Errorf("bytes: %s", first)
	}
	for _, want := range []string{`"A < B & C"`, `"content_items":[]`, `"tasks":[]`, `"started_at":"2018-04-03T07:00:00Z"`, `"statuses":[]`} {
		if !bytes.Contains(first, []byte(want)) {
			t.Errorf("%s is missing in %s", want, first)
		}
	}
}

func TestRecordsReadBack(t *testing.T) {
	t.Parallel()
	content := mustCanonical(t, sampleRecord())
	r, err := ReadRecord(content)
	if err != nil {
		t.Fatal(err)
	}
	if again := mustCanonical(t, r); !bytes.Equal(content, again) {
		t.Errorf("read and written again:\n%s\n%s", content, again)
	}
	if _, err := ReadRecord([]byte(`{"format":"sochibo/record/3"}`)); err == nil {
		t.Error("another format was read")
	}
	if _, err := ReadRecord([]byte(`{"format":"sochibo/record/1","fees_reported":true}`)); err == nil {
		t.Error("the first format knew no fees")
	}
	if _, err := ReadRecord([]byte(`{"format":"sochibo/record/1","more":1}`)); err == nil {
		t.Error("an unknown member was read")
	}
}

func mustCanonical(tb testing.TB, r Record) []byte {
	tb.Helper()
	content, err := Canonical(r)
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

func TestFormsOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		list []Form
		want Forms
		ok   bool
	}{
		{[]Form{Regular}, "regular", true},
		{[]Form{Thematic, Regular}, RegularThematic, true},
		{[]Form{Congress}, "congress", true},
		{[]Form{Other}, "other", true},
		{[]Form{Regular, Congress}, "", false},
		{[]Form{Regular, Regular}, "", false},
		{[]Form{Regular, Thematic, Extraordinary}, "", false},
		{[]Form{"x"}, "", false},
		{nil, "", false},
	}
	for _, test := range tests {
		if got, ok := FormsOf(test.list); got != test.want || ok != test.ok {
			t.Errorf("FormsOf(%v) = %q, %v", test.list, got, ok)
		}
	}
	if Forms(Congress).Counted() || Forms(Other).Counted() || !RegularThematic.Counted() {
		t.Error("the wrong forms count")
	}
}
