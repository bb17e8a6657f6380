package recount_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"sochibo/internal/testkit/recount"
)

// town is a small tree: cell B moves from P to Q in the middle of February 2016.
func town() recount.Folder {
	return recount.Folder{
		"organizations.csv": {
			{"code": "S", "kind": "superior", "founded_on": "2000-01-01"},
			{"code": "P", "kind": "base_party", "founded_on": "2000-01-01"},
			{"code": "Q", "kind": "base_party", "founded_on": "2000-01-01"},
			{"code": "A", "kind": "cell", "founded_on": "2016-01-02"},
			{"code": "B", "kind": "cell", "founded_on": "2016-01-01", "dissolved_on": "2016-06-29"},
		},
		"placements.csv": {
			{"organization_code": "P", "parent_code": "S", "from": "2000-01-01"},
			{"organization_code": "Q", "parent_code": "S", "from": "2000-01-01"},
			{"organization_code": "A", "parent_code": "P", "from": "2016-01-02"},
			{"organization_code": "B", "parent_code": "P", "from": "2016-01-01", "to": "2016-02-15"},
			{"organization_code": "B", "parent_code": "Q", "from": "2016-02-16", "to": "2016-06-29"},
		},
		"bodies.csv": {
			{"organization_code": "B", "body": "cell_committee", "from": "2016-01-01", "to": "2016-02-10"},
			{"organization_code": "B", "body": "cell_committee", "from": "2016-02-11", "to": "2016-03-30"},
			{"organization_code": "P", "body": "party_committee", "from": "2016-03-01", "to": "2016-05-31"},
			{"organization_code": "S", "body": "party_committee", "from": "2000-01-01"},
		},
		"memberships.csv": {
			{"member_code": "m1", "organization_code": "B", "from": "2016-01-01"},
			{"member_code": "m2", "organization_code": "B", "from": "2016-01-01"},
			{"member_code": "m3", "organization_code": "B", "from": "2016-01-01", "to": "2016-02-15"},
			{"member_code": "m4", "organization_code": "B", "from": "2016-01-01"},
		},
		"statuses.csv": {
			{"member_code": "m2", "status": "exempt", "from": "2016-01-01"},
			{"member_code": "m4", "status": "temporarily_away", "from": "2016-01-01"},
			{"member_code": "m4", "status": "suspended", "from": "2016-02-16", "to": "2016-02-16"},
			{"member_code": "g1", "status": "temporarily_here", "organization_code": "B", "from": "2016-02-16"},
		},
		"meetings.csv": {
			sitting("b2", "regular;thematic", "2016-02", "2016-02-15T17:00:00Z", "submitted", "2"),
			sitting("b4", "congress", "2016-04", "2016-04-15T08:00:00+07:00", "accepted", "9"),
			sitting("b5", "regular", "2016-05", "2016-05-10T08:00:00+07:00", "held", "9"),
			sitting("b1", "regular", "2016-01", "2016-01-31T08:00:00+07:00", "accepted", ""),
			sitting("bx", "extraordinary", "2016-03", "2016-03-31T23:59:59+07:00", "accepted", "1"),
		},
		"attendance.csv": {
			{"meeting_code": "b2", "member_code": "m1", "status": "excused"},
			{"meeting_code": "b2", "member_code": "m2", "status": "present"},
			{"meeting_code": "b2", "member_code": "m4", "status": "present"},
			{"meeting_code": "b2", "member_code": "g1", "status": "unexcused"},
			{"meeting_code": "b1", "member_code": "m1", "status": "present"},
			{"meeting_code": "b1", "member_code": "m4", "status": "unexcused"},
			{"meeting_code": "bx", "member_code": "m1", "status": "present"},
		},
		"frozen_rolls.csv": {
			{"meeting_code": "bx", "member_code": "m1", "standing": "roster"},
			{"meeting_code": "bx", "member_code": "m9", "standing": "base"},
		},
		"excused_months.csv": {{"organization_code": "B", "body": "cell", "month": "2016-04"}},
		"inspections.csv": {
			{"code": "i1", "organization_code": "P", "from": "2016-01-31"},
			{"code": "i2", "organization_code": "P", "from": "2016-02-01"},
			{"code": "i3", "organization_code": "S", "from": "2016-06-30"},
		},
		"inspection_objects.csv": {
			{"inspection_code": "i1", "object_type": "organization", "object_code": "A"},
			{"inspection_code": "i2", "object_type": "organization", "object_code": "A"},
			{"inspection_code": "i2", "object_type": "member", "object_code": "A"},
		},
	}
}

func sitting(code, forms, period, start, status, guests string) recount.Row {
	return recount.Row{
		"code": code, "organization_code": "B", "body": "cell", "forms": forms, "period_month": period,
		"started_at": start, "status": status, "guests": guests,
	}
}

func TestRulesByHand(t *testing.T) {
	t.Parallel()
	facts := mustFacts(t, town())
	ask := func(organization string, from, to recount.Month, change func(*recount.Query)) recount.Figures {
		q := recount.Query{Organization: organization, From: from, To: to, Today: "2016-07-15"}
		if change != nil {
			change(&q)
		}
		return recount.Summary(facts, q)
	}
	for _, c := range []struct{ name, got, want string }{
		{
			"P: the meeting of 15 February UTC is one of the 16th here, under Q; away and unexcused is outside the base",
			brief(ask("P", "2016-01", "2016-06", nil), "cell"),
			"1/0/0 1 due 6-0 covered 1 open 0 att 1/2 of 4 e0 u0 n1 t0 g0",
		},
		{
			"Q: February by its last day; April excused, June not whole, congress and held not counted",
			brief(ask("Q", "2016-01", "2016-06", nil), "cell"),
			"1/1/1 2 due 4-1 covered 1 open 0 att 1/3 of 5 e1 u0 n1 t1 g3",
		},
		{
			"roster base takes in who stands outside",
			brief(ask("Q", "2016-01", "2016-06", func(q *recount.Query) { q.Base = "roster" }), "cell"),
			"1/1/1 2 due 4-1 covered 1 open 0 att 3/5 of 5 e1 u0 n1 t1 g3",
		},
		{
			"without the excused",
			brief(ask("Q", "2016-01", "2016-06", func(q *recount.Query) { q.Base = "eligible_minus_excused" }), "cell"),
			"1/1/1 2 due 4-1 covered 1 open 0 att 1/2 of 5 e0 u0 n1 t1 g3",
		},
		{
			"accepted only",
			brief(ask("Q", "2016-01", "2016-06", func(q *recount.Query) { q.Basis = "accepted" }), "cell"),
			"0/0/1 1 due 4-1 covered 0 open 0 att 0/1 of 2 e0 u0 n1 t0 g1",
		},
		{
			"committee: two terms back to back make whole months, March ends a day early",
			brief(ask("S", "2016-01", "2016-06", nil), "cell_committee"),
			"0/0/0 0 due 2-0 covered 0 open 0 att 0/0 of 0 e0 u0 n0 t0 g0",
		},
		{
			"party committees: only of base and sectional level",
			brief(ask("S", "2016-01", "2016-06", nil), "party_committee"),
			"0/0/0 0 due 3-0 covered 0 open 0 att 0/0 of 0 e0 u0 n0 t0 g0",
		},
		{
			"own scope holds nothing of the cells",
			brief(ask("P", "2016-01", "2016-06", func(q *recount.Query) { q.Scope = "own" }), "cell"),
			"0/0/0 0 due 0-0 covered 0 open 0 att 0/0 of 0 e0 u0 n0 t0 g0",
		},
		{
			"the tree of today: B under nobody since it is dissolved",
			brief(ask("S", "2016-01", "2016-06", func(q *recount.Query) { q.Tree = "current" }), "cell"),
			"0/0/0 0 due 5-0 covered 0 open 0 att 0/0 of 0 e0 u0 n0 t0 g0",
		},
		{
			"the running month is open, the next ones are nothing yet",
			brief(ask("A", "2016-06", "2016-12", nil), "cell"),
			"0/0/0 0 due 1-0 covered 0 open 1 att 0/0 of 0 e0 u0 n0 t0 g0",
		},
		{
			"quarters: Q1 of A (founded in January) and of B, Q2 of both though June of B is not whole",
			fmt.Sprint(quarters(ask("S", "2016-01", "2016-06", nil)), quarters(ask("S", "2016-02", "2016-06", nil)),
				quarters(ask("P", "2016-01", "2016-06", nil)), quarters(ask("Q", "2016-01", "2016-06", nil))),
			"[1/4][0/2][0/2][1/2]",
		},
		{
			"coverage: over all bodies; any counted form reports",
			fmt.Sprint(ask("Q", "2016-01", "2016-06", nil).Coverage, ask("S", "2016-01", "2016-06", nil).Coverage),
			"{4 2} {14 3}",
		},
		{
			"inspections by their first day",
			fmt.Sprint(ask("S", "2016-02", "2016-06", nil).Inspections, ask("P", "2016-01", "2016-06", nil).Inspections),
			"{2 1 1 1 1} {2 2 1 1 1}",
		},
		{
			"children: the part that came through each",
			keys(ask("S", "2016-01", "2016-06", func(q *recount.Query) { q.GroupBy = "child" })),
			"P:1 Q:2 S:0 ",
		},
		{
			"quarters and years are clipped",
			keys(ask("S", "2015-11", "2016-04", func(q *recount.Query) { q.GroupBy = "quarter" })) +
				keys(ask("S", "2015-11", "2016-04", func(q *recount.Query) { q.GroupBy = "year" })),
			"2015-Q4:0 2016-Q1:3 2016-Q2:0 2015:0 2016:3 ",
		},
	} {
		if c.got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, c.got, c.want)
		}
	}
}

// brief is what the figures say of one body, on one line.
func brief(f recount.Figures, body string) string {
	s, c, a := f.Sessions[body], f.Compliance[body], f.Attendance[body]
	return fmt.Sprintf("%d/%d/%d %d due %d-%d covered %d open %d att %d/%d of %d e%d u%d n%d t%d g%d",
		s.Regular, s.Thematic, s.Extraordinary, f.Sittings[body], c.Due, c.Excused, c.Covered, c.Open,
		a.Rate.Numerator, a.Rate.Denominator, a.Roster, a.Excused, a.Unexcused, a.NotRecorded, a.Temporary, a.Guests)
}

func quarters(f recount.Figures) string {
	return fmt.Sprintf("[%d/%d]", f.ThematicQuarters.Covered, f.ThematicQuarters.Due)
}

func keys(f recount.Figures) string {
	var out strings.Builder
	for _, g := range f.Groups {
		fmt.Fprintf(&out, "%s:%d ", g.Key, g.Sittings["cell"])
	}
	return out.String()
}

func TestPercentIsHalfUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		numerator, denominator int
		want                   float64
	}{{1, 8, 12.5}, {1, 16, 6.3}, {1, 3, 33.3}, {2, 3, 66.7}, {1999, 2000, 100}, {1236, 1334, 92.7}, {0, 5, 0}} {
		if got := recount.NewRatio(c.numerator, c.denominator); *got.Percent != c.want {
			t.Errorf("%d/%d = %v, want %v", c.numerator, c.denominator, *got.Percent, c.want)
		}
	}
	if !reflect.DeepEqual(recount.NewRatio(0, 0), recount.Ratio{}) {
		t.Error("0/0 has a percent")
	}
}
