package ledger

import (
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

func month(s string) calendar.Month { return calendar.MustMonth(s) }

func span(from, to string) calendar.Span {
	s := calendar.Span{From: calendar.MustDate(from)}
	if to != "" {
		last := calendar.MustDate(to)
		s.To = &last
	}
	return s
}

// cellOf returns the facts of a cell with this life that stood under the parents in turn.
func cellOf(t *testing.T, life calendar.Span, placements ...org.Placement) facts {
	t.Helper()
	book, err := rules.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	f := facts{
		organization: org.NewID(), kind: org.KindCell, body: org.Cell, life: life, excused: map[calendar.Month]bool{},
		met: map[Basis]map[calendar.Month]Counters{Submitted: {}, Accepted: {}}, forest: newForest(), rules: book,
	}
	for i := range placements {
		placements[i].OrganizationID = f.organization
	}
	f.forest.tree[f.organization] = placements
	return f
}

// due runs the steps up to the month and returns how many are due, by chain.
func due(wanted map[obligationKey]Counters, at calendar.Month, of func(Counters) int64) map[uuid.UUID]int64 {
	sums := map[uuid.UUID]int64{}
	for key, c := range wanted {
		if !key.month.After(at) {
			sums[key.path] += of(c)
		}
	}
	for path, n := range sums {
		if n == 0 {
			delete(sums, path)
		}
	}
	return sums
}

func dueMonths(c Counters) int64 { return c.Due }

func TestDueFollowsLife(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		life        calendar.Span
		first, last string
	}{
		"founded on the first day": {span("2016-04-01", "2016-08-31"), "2016-04", "2016-08"},
		"founded on the second":    {span("2016-04-02", "2016-08-31"), "2016-05", "2016-08"},
		"dissolved mid-month":      {span("2016-04-01", "2016-08-30"), "2016-04", "2016-07"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := cellOf(t, c.life)
			wanted, _ := f.obligations(always)
			for at := month("2016-01"); at.Before(month("2017-01")); at = at.Add(1) {
				want := !at.Before(month(c.first)) && !at.After(month(c.last))
				if got := len(due(wanted, at, dueMonths)) == 1; got != want {
					t.Errorf("due in %s: %v, want %v", at, got, want)
				}
			}
		})
	}
}

func TestDueGoesOverToTheNewChain(t *testing.T) {
	t.Parallel()
	a, b := org.NewID(), org.NewID()
	left := calendar.MustDate("2016-05-15")
	f := cellOf(t, span("2010-01-01", ""),
		org.Placement{ParentID: a, ValidFrom: calendar.MustDate("2010-01-01"), ValidTo: &left},
		org.Placement{ParentID: b, ValidFrom: left.Add(1)})
	wanted, paths := f.obligations(always)
	for at, parent := range map[string]org.ID{"2016-04": a, "2016-05": b, "2016-06": b} {
		sums := due(wanted, month(at), dueMonths)
		if len(sums) != 1 {
			t.Fatalf("%s: due on %d chains", at, len(sums))
		}
		for path := range sums {
			if got := paths[path].Chain[1]; got != parent {
				t.Errorf("%s: due under %s, want %s", at, got, parent)
			}
		}
	}
}

func TestCoveredReportedExcused(t *testing.T) {
	t.Parallel()
	f := cellOf(t, span("2010-01-01", ""))
	f.excused[month("2016-02")] = true
	f.met[Submitted][month("2016-01")] = Counters{Regular: 2, Sittings: 2}
	f.met[Submitted][month("2016-02")] = Counters{Regular: 1, Sittings: 1}
	f.met[Submitted][month("2016-03")] = Counters{Thematic: 1, Sittings: 1}
	f.met[Accepted][month("2016-01")] = Counters{Regular: 1, Sittings: 1}
	wanted, _ := f.obligations(always)
	got := map[string]Counters{}
	for key, c := range wanted {
		id := key.month.String() + " " + string(key.basis)
		got[id] = got[id].Plus(c)
	}
	for id, want := range map[string][3]int64{ // excused, covered, reported
		"2016-01 submitted": {0, 1, 1}, "2016-01 accepted": {0, 1, 1},
		"2016-02 both": {1, 0, 0}, "2016-02 submitted": {0, 0, 0},
		"2016-03 submitted": {0, 0, 1}, "2016-03 accepted": {0, 0, 0},
	} {
		if c := got[id]; [3]int64{c.Excused, c.Covered, c.Reported} != want {
			t.Errorf("%s: excused %d, covered %d, reported %d, want %v", id, c.Excused, c.Covered, c.Reported, want)
		}
	}
	if q := got["2016-01 submitted"]; q.QuartersCovered != 1 || q.QuartersCovered1 != 1 || q.QuartersCovered2 != 1 {
		t.Errorf("the thematic session of March covers the quarter: %+v", q)
	}
}

func TestQuarterIsOwedByTheLastDueMonth(t *testing.T) {
	t.Parallel()
	a, b := org.NewID(), org.NewID()
	left := calendar.MustDate("2016-01-31")
	f := cellOf(t, span("2010-01-01", ""),
		org.Placement{ParentID: a, ValidFrom: calendar.MustDate("2010-01-01"), ValidTo: &left},
		org.Placement{ParentID: b, ValidFrom: left.Add(1)})
	f.excused[month("2016-03")] = true
	wanted, paths := f.obligations(always)
	for ended, parent := range map[int]org.ID{1: a, 2: b, 3: b} {
		of := func(c Counters) int64 { return [...]int64{c.QuartersDue1, c.QuartersDue2, c.QuartersDue}[ended-1] }
		sums := due(wanted, month("2016-01"), of)
		for path, n := range sums {
			if paths[path].Chain[1] != parent || n != 1 {
				t.Errorf("with %d months ended: %d due under %s, want 1 under %s", ended, n, paths[path].Chain[1], parent)
			}
		}
		if len(sums) != 1 {
			t.Errorf("with %d months ended: due on %d chains", ended, len(sums))
		}
	}
}

func TestQuarterWithoutADueMonth(t *testing.T) {
	t.Parallel()
	f := cellOf(t, span("2010-01-01", ""))
	for _, m := range []string{"2016-04", "2016-05", "2016-06"} {
		f.excused[month(m)] = true
	}
	wanted, _ := f.obligations(always)
	of := func(c Counters) int64 { return c.QuartersDue }
	for at, want := range map[string]int{"2016-01": 1, "2016-04": 0, "2016-07": 1} {
		if got := len(due(wanted, month(at), of)); got != want {
			t.Errorf("quarter from %s: due on %d chains, want %d", at, got, want)
		}
	}
}

// A settlement of a few months must post what a settlement of all times posts there.
func TestWindowAgreesWithAllTimes(t *testing.T) {
	t.Parallel()
	a := org.NewID()
	f := cellOf(t, span("2015-02-10", "2017-09-30"), org.Placement{ParentID: a, ValidFrom: calendar.MustDate("2016-05-20")})
	f.excused[month("2016-06")] = true
	f.met[Submitted][month("2016-07")] = Counters{Regular: 1, Thematic: 1, Sittings: 1}
	all, _ := f.obligations(always)
	for m := month("2014-11"); m.Before(month("2018-02")); m = m.Add(1) {
		window := widen(calendar.Period{From: m, To: m})
		part, _ := f.obligations(window)
		for key, c := range all {
			if window.Contains(key.month) && key.month.Before(window.To) && part[key] != c {
				t.Fatalf("settling %s: %v in %s, want %v", m, part[key], key.month, c)
			}
		}
		for key, c := range part {
			if all[key] != c {
				t.Fatalf("settling %s: %v in %s, all times say %v", m, c, key.month, all[key])
			}
		}
	}
}

func TestCountersHoldEveryColumn(t *testing.T) {
	t.Parallel()
	var c Counters
	seen := map[*int64]bool{}
	for i, cell := range c.cells() {
		if seen[cell] {
			t.Fatalf("%s stands twice", columns[i])
		}
		seen[cell] = true
		*cell = int64(i + 1)
	}
	if doubled := c.Plus(c); doubled.PaperSittings != int64(2*len(columns)) || doubled.Minus(c) != c || !c.Plus(c.Negated()).IsZero() {
		t.Error("arithmetic does not agree")
	}
}
