package recount_test

import (
	"reflect"
	"testing"

	"sochibo/internal/testkit/recount"
)

// queries are all ways of asking for one organisation over the period.
func queries(organization string, from, to recount.Month) []recount.Query {
	var all []recount.Query
	for _, scope := range []string{"subtree", "own"} {
		for _, basis := range []string{"submitted", "accepted"} {
			for _, base := range []string{"eligible", "roster", "eligible_minus_excused"} {
				for _, tree := range []string{"at_meeting", "current"} {
					all = append(all, recount.Query{
						Organization: organization, From: from, To: to, Scope: scope, Basis: basis, Base: base,
						Tree: tree, Today: today,
					})
				}
			}
		}
	}
	return all
}

func TestFiguresAreConsistent(t *testing.T) {
	t.Parallel()
	r := random(t)
	for range 3 {
		folder := recount.RandomFolder(r, recount.Small(today))
		facts := mustFacts(t, folder)
		other := mustFacts(t, folder.Shuffled(r))
		for _, o := range facts.Organizations {
			all := queries(o.Code, "2015-11", "2017-01")
			q := all[r.IntN(len(all))]
			total := recount.Summary(facts, q)
			bounded(t, total.Blocks)
			if !reflect.DeepEqual(total, recount.Summary(other, q)) {
				t.Errorf("%+v: depends on the order of rows", q)
			}
			for _, by := range []string{"month", "quarter", "year", "child"} {
				q.GroupBy = by
				addsUp(t, q, total.Blocks, recount.Summary(facts, q).Groups)
			}
		}
	}
}

func TestRunningYearHasOpenMonths(t *testing.T) {
	t.Parallel()
	facts := mustFacts(t, recount.RandomFolder(random(t), recount.Small(today)))
	open, late := 0, 0
	for _, o := range facts.Organizations {
		f := recount.Summary(facts, recount.Query{Organization: o.Code, From: "2026-07", To: "2027-03", Today: today})
		after := recount.Summary(facts, recount.Query{Organization: o.Code, From: "2026-12", To: "2027-03", Today: today})
		for _, c := range f.Compliance {
			open += c.Open
		}
		for _, c := range after.Compliance {
			late += c.Open + c.Due
		}
	}
	if open == 0 || late != 0 {
		t.Errorf("open %d, due or open after the running month %d", open, late)
	}
}

func mustFacts(tb testing.TB, f recount.Folder) recount.Facts {
	tb.Helper()
	facts, err := recount.FactsFromFolderRows(f)
	if err != nil {
		tb.Fatal(err)
	}
	return facts
}

func bounded(t *testing.T, b recount.Blocks) {
	t.Helper()
	for body, a := range b.Attendance {
		if a.Low.Numerator > a.Rate.Numerator || a.Rate.Numerator > a.High.Numerator ||
			a.High.Numerator > a.Rate.Denominator || a.Rate.Denominator > a.Roster ||
			a.Rate.Denominator != a.Rate.Numerator+a.Excused+a.Unexcused+a.NotRecorded ||
			a.Recorded != a.Rate.Denominator-a.NotRecorded {
			t.Errorf("attendance of %s: %+v", body, a)
		}
	}
	reported := 0
	for body, c := range b.Compliance {
		if c.Covered > c.Due-c.Excused || c.Excused > c.Due {
			t.Errorf("compliance of %s: %+v", body, c)
		}
		reported += c.Due - c.Excused
	}
	if b.Coverage.Due != reported || b.Coverage.Reported > b.Coverage.Due {
		t.Errorf("coverage %+v of %d", b.Coverage, reported)
	}
}

// addsUp compares the sum of the groups with the total, but for what does not add up by definition.
func addsUp(t *testing.T, q recount.Query, total recount.Blocks, groups []recount.Group) {
	t.Helper()
	sum := recount.Blocks{
		Sessions: map[string]recount.Sessions{}, Sittings: map[string]int{},
		Compliance: map[string]recount.Compliance{}, Attendance: map[string]recount.Attendance{},
	}
	for _, g := range groups {
		add(&sum, g.Blocks)
	}
	total.Inspections.DistinctOrganizations, total.Inspections.DistinctMembers = 0, 0
	if q.GroupBy == "month" {
		total.ThematicQuarters = recount.Quarters{}
	}
	sum.ThematicQuarters.Rate = recount.NewRatio(sum.ThematicQuarters.Covered, sum.ThematicQuarters.Due)
	if want, got := total.Normal(), sum.Normal(); !reflect.DeepEqual(want, got) {
		t.Errorf("%+v:\ntotal %+v\nsum   %+v", q, want, got)
	}
}

func add(sum *recount.Blocks, b recount.Blocks) {
	for body, s := range b.Sessions {
		x := sum.Sessions[body]
		sum.Sessions[body] = recount.Sessions{
			Regular: x.Regular + s.Regular, Thematic: x.Thematic + s.Thematic,
			Extraordinary: x.Extraordinary + s.Extraordinary, Total: x.Total + s.Total,
		}
	}
	for body, n := range b.Sittings {
		sum.Sittings[body] += n
	}
	for body, c := range b.Compliance {
		x := sum.Compliance[body]
		x.Due, x.Excused, x.Covered, x.Open = x.Due+c.Due, x.Excused+c.Excused, x.Covered+c.Covered, x.Open+c.Open
		x.Rate = recount.NewRatio(x.Covered, x.Due-x.Excused)
		sum.Compliance[body] = x
	}
	for body, a := range b.Attendance {
		x := sum.Attendance[body]
		sum.Attendance[body] = recount.Attendance{
			Rate: plus(x.Rate, a.Rate), Low: plus(x.Low, a.Low), High: plus(x.High, a.High),
			Recorded: x.Recorded + a.Recorded, Roster: x.Roster + a.Roster, Excused: x.Excused + a.Excused,
			Unexcused: x.Unexcused + a.Unexcused, NotRecorded: x.NotRecorded + a.NotRecorded,
			Temporary: x.Temporary + a.Temporary, Guests: x.Guests + a.Guests,
			FromTotals: recount.FromTotals{
				Sittings: x.FromTotals.Sittings + a.FromTotals.Sittings, Expected: x.FromTotals.Expected + a.FromTotals.Expected,
			},
			PaperSittings: x.PaperSittings + a.PaperSittings,
		}
	}
	sum.ThematicQuarters.Due += b.ThematicQuarters.Due
	sum.ThematicQuarters.Covered += b.ThematicQuarters.Covered
	sum.Inspections.Rounds += b.Inspections.Rounds
	sum.Inspections.Organizations += b.Inspections.Organizations
	sum.Inspections.Members += b.Inspections.Members
	sum.Coverage.Due += b.Coverage.Due
	sum.Coverage.Reported += b.Coverage.Reported
}

func plus(a, b recount.Ratio) recount.Ratio {
	return recount.NewRatio(a.Numerator+b.Numerator, a.Denominator+b.Denominator)
}
