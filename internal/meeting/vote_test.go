package meeting

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// rolled are n rows of one kind.
func rolled(n int, row RollRow) []RollRow {
	rows := make([]RollRow, n)
	for i := range rows {
		rows[i] = row
		rows[i].MemberID = member.NewID()
	}
	return rows
}

func official(status AttendanceStatus, kinds ...member.StatusKind) RollRow {
	return RollRow{Standing: member.Base, Official: true, Status: status, Statuses: kinds}
}

// twentyTwo is the example of the rules: 22 members, 20 official and 2 probationary, 18 of them present.
func twentyTwo() []RollRow {
	roll := append(rolled(16, official(Present)), rolled(4, official(Excused))...)
	return append(roll, rolled(2, RollRow{Standing: member.Base, Probationary: true, Status: Present})...)
}

func TestVoteBase(t *testing.T) {
	t.Parallel()
	table, err := rules.CountingOn(calendar.MustDate("2018-04-05"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		body  org.Body
		roll  []RollRow
		base  int
		known bool
	}{
		{"22 members, 20 official, 18 present", org.Cell, twentyTwo(), 20, true},
		{"officials present or not", org.Cell, append(rolled(3, official(Present)), rolled(2, official(Unexcused))...), 5, true},
		{"probationary never", org.Cell, rolled(2, RollRow{Probationary: true, Status: Present}), 0, true},
		{"exempt if present", org.Cell, append(rolled(1, official(Present, member.Exempt)), rolled(2, official(NotRecorded, member.Exempt))...), 1, true},
		{"away if present", org.Cell, append(rolled(1, official(Present, member.TemporarilyAway)), rolled(2, official(Excused, member.TemporarilyAway))...), 1, true},
		{"suspended and detained never", org.Cell, append(rolled(1, official(Present, member.Suspended)), rolled(1, official(Present, member.Detained))...), 0, true},
		{"special duty yes", org.Cell, rolled(2, official(NotRecorded, member.SpecialDuty)), 2, true},
		{"temporarily here never", org.Cell, rolled(2, RollRow{Standing: member.Temporary, Official: true, Status: Present}), 0, true},
		{"unknown of one", org.Cell, append(twentyTwo(), RollRow{Standing: member.Base, Status: Present}), 20, false},
		{"committee: in office", org.CellCommittee, rolled(3, RollRow{Standing: member.Base, Status: Excused}), 3, true},
		{"committee: exempt all the same", org.PartyCommittee, rolled(2, official(NotRecorded, member.Exempt)), 2, true},
		{"committee: suspended not", org.PartyCommittee, append(rolled(2, official(Present)), rolled(1, official(Present, member.Suspended))...), 2, true},
		{"conference", org.Conference, twentyTwo(), 20, true},
	} {
		if base, known := VoteBase(table, test.body, test.roll); base != test.base || known != test.known {
			t.Errorf("%s: base %d, known %v, want %d, %v", test.name, base, known, test.base, test.known)
		}
	}
}

func TestVotesFollowFromRollOrTotals(t *testing.T) {
	t.Parallel()
	rows := []Vote{{VotesFor: 11, VotesAgainst: ptr(9), Threshold: MoreThanHalf, StatedBase: ptr(18)}, {VotesFor: 13, Threshold: TwoThirds}}
	byRoll := Record{Body: org.Cell, Roll: twentyTwo()}.WithVotes(rows)
	byTotals := Record{Body: org.Cell, Totals: &Totals{Roster: 22, Official: ptr(20), Expected: 22, Present: 18}}.WithVotes(rows)
	stated := Record{Body: org.Cell, Totals: &Totals{Roster: 22, Expected: 22, Present: 18}}.WithVotes(rows)
	line := func(r Record) string {
		var lines []string
		for _, v := range r.Votes {
			if v.Base == nil {
				lines = append(lines, "unknown")
				continue
			}
			lines = append(lines, fmt.Sprintf("%s %d needs %d: %v", *v.BaseFrom, *v.Base, *v.Needed, *v.Adopted))
		}
		return strings.Join(lines, "; ")
	}
	for got, want := range map[string]string{
		line(byRoll):   "roll 20 needs 11: true; roll 20 needs 14: false",
		line(byTotals): "totals 20 needs 11: true; totals 20 needs 14: false",
		line(stated):   "stated 18 needs 10: true; unknown",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	var w fault.Fields
	voteWarnings(&w, byRoll)
	wantFaults(t, w, map[string]string{"/votes/0/stated_base": "vote_base_differs"})
	var unknown fault.Fields
	voteWarnings(&unknown, stated)
	wantFaults(t, unknown, map[string]string{"/votes/0": "votes_over_base", "/votes/1": "vote_base_unknown"})
	var impossible fault.Fields
	checkVoteCounts(&impossible, Record{Body: org.Cell, Roll: twentyTwo()}.WithVotes([]Vote{{VotesFor: 20}, {VotesFor: 21, VotesAgainst: ptr(21)}}))
	wantFaults(t, impossible, map[string]string{"/votes/1/for": "vote_impossible", "/votes/1/against": "vote_impossible"})
}

func TestTotalsFitTogether(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		totals Totals
		want   string
	}{
		{Totals{Roster: 19, Official: ptr(18), Probationary: ptr(1), Expected: 18, Present: 17, Excused: 1}, ""},
		{Totals{Roster: 19, Official: ptr(18), Expected: 18, Present: 10}, ""},
		{Totals{Roster: 19, Official: ptr(18), Probationary: ptr(2), Expected: 18, Present: 17}, "official:totals_not_roster"},
		{Totals{Roster: 19, Official: ptr(18), Probationary: ptr(0), Expected: 18, Present: 17}, "official:totals_not_roster"},
		{Totals{Roster: 19, Probationary: ptr(20), Expected: 18, Present: 17}, "probationary:totals_not_roster"},
		{Totals{Roster: 17, Expected: 18, Present: 17}, "expected:totals_over_roster"},
		{Totals{Roster: 18, Expected: 18, Present: 17, Excused: 1, Unexcused: 1}, "present:totals_over_expected"},
	} {
		var got []string
		for _, wrong := range test.totals.Inconsistent() {
			got = append(got, wrong.Name+":"+wrong.Code)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%+v: %v, want %s", test.totals, got, test.want)
		}
	}
	month, today := calendar.MustMonth("2018-03"), calendar.MustDate("2018-04-01")
	if !TotalsAllowed(month, calendar.MustDate("2018-03-31"), today) || TotalsAllowed(month, calendar.MustDate("2018-04-01"), today) ||
		TotalsAllowed(month.Add(1), calendar.MustDate("2018-03-31"), today) {
		t.Error("totals belong to months that have ended, and to those alone")
	}
}

func TestTotalsAndPaperCount(t *testing.T) {
	t.Parallel()
	r := sampleRecord()
	r.Roll = nil
	r.Totals = &Totals{Roster: 19, Expected: 18, Present: 16, Excused: 1, Temporary: 2, Reason: "sổ giấy"}
	want := ledger.Counters{
		Regular: 1, Thematic: 1, Sittings: 1, Roster: 19, RosterPresent: 16, RosterExcused: 1, Eligible: 18, EligiblePresent: 16,
		EligibleExcused: 1, Temporary: 2, Guests: 3, Minutes: 90, Timed: 1, TotalsSittings: 1, TotalsRoster: 19, TotalsEligible: 18, TotalsExcused: 1,
	}
	if diff := cmp.Diff(want, Count(r)); diff != "" {
		t.Error(diff)
	}
	r = sampleRecord()
	before := Count(r)
	r.Paper = &PaperReference{"02", "17"}
	before.PaperSittings = 1
	if diff := cmp.Diff(before, Count(r)); diff != "" {
		t.Error(diff)
	}
}

func TestNumbersOf(t *testing.T) {
	t.Parallel()
	roll := append(twentyTwo(), rolled(1, official(NotRecorded, member.Exempt))...)
	roll[22].Standing = member.Roster
	roll[0].Late, roll[1].Remote = ptr(true), ptr(true)
	n := NumbersOf(Record{Body: org.Cell, Roll: roll, Guests: ptr(2)})
	if len(n.Absent) != 5 {
		t.Errorf("absent: %d", len(n.Absent))
	}
	n.Absent = nil
	roll20 := BaseOfRoll
	want := Numbers{
		Roster: 23, Official: 21, Probationary: 2, Exempt: 1, Expected: 22, Present: 18, Excused: 4, OutsideBase: 1, Late: 1, Remote: 1,
		Guests: ptr(2), VoteBase: ptr(20), BaseFrom: &roll20,
	}
	if diff := cmp.Diff(want, n, cmp.AllowUnexported(Numbers{})); diff != "" {
		t.Error(diff)
	}
}

func TestEveryContentItemIsAWord(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2000-01-01", "2010-01-01", "2020-01-01", "2026-01-01"} {
		set, err := ruleSet(calendar.MustDate(day))
		if err != nil || len(set.ContentItems) == 0 {
			t.Fatalf("%s: %v %v", day, set.ContentItems, err)
		}
		if vi, en := itemLabels(set.ContentItems); strings.Count(vi, ";")+1 != len(set.ContentItems) || strings.Count(en, ";") != strings.Count(vi, ";") {
			t.Errorf("%s: labels %q, %q", set.ID, vi, en)
		}
		var f fault.Fields
		if err := (&Content{ContentItems: set.ContentItems}).checkItems(&f, calendar.MustDate(day)); err != nil || f.Len() > 0 {
			t.Errorf("%s: %v %v", set.ID, err, f.All())
		}
	}
}

// TestFirstFormatStaysReadable reads bytes as the first release wrote them.
func TestFirstFormatStaysReadable(t *testing.T) {
	t.Parallel()
	const first = `{"format":"sochibo/record/1","meeting_id":"0198c0de-0000-7000-8000-000000000001","number":1,` +
		`"organization_id":"0198c0de-0000-7000-8000-000000000002","body":"cell","forms":"regular","period_month":"2018-04",` +
		`"held_on":"2018-04-03","started_at":"2018-04-03T07:00:00Z","ended_at":null,"break_minutes":null,"mode":null,"place":"A < B",` +
		`"title":null,"chair_id":null,"minutes_taker_id":null,"topic_id":null,"content_items":[],"directive_ids":[],"guests":3,` +
		`"prepared_by_id":null,"self_score":92,"roll":[{"member_id":"0198c0de-0000-7000-8000-000000000003","standing":"base","official":true,` +
		`"probationary":false,"statuses":[],"offices":[],"status":"present","reason_kind":null,"reason":null,"late":null,"left_early":null,` +
		`"remote":null,"spoke":true}],"minutes":[],"resolutions":[],"tasks":[],"editors":[]}`
	r, err := ReadRecord([]byte(first))
	if err != nil {
		t.Fatal(err)
	}
	if again := mustCanonical(t, r); !bytes.Equal(again, []byte(first)) {
		t.Errorf("written again:\n%s", again)
	}
	want := ledger.Counters{Regular: 1, Sittings: 1, Roster: 1, RosterPresent: 1, Eligible: 1, EligiblePresent: 1, Guests: 3, Speakers: 1}
	if diff := cmp.Diff(want, Count(r)); diff != "" {
		t.Error(diff)
	}
	if same, err := r.InPresentFormat().sameAs(r); err != nil || !same {
		t.Errorf("the same record in both formats differs: %v", err)
	}
	r.FeesReported = ptr(true)
	if _, err := Canonical(r); err == nil {
		t.Error("the first format took a member of the second")
	}
}
