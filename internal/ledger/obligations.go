package ledger

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// facts are what decides the obligations of one body of one organisation.
type facts struct {
	organization org.ID
	kind         org.Kind
	body         org.Body
	life         calendar.Span
	terms        []calendar.Span // merged, in order; unused for the body cell
	excused      map[calendar.Month]bool
	met          map[Basis]map[calendar.Month]Counters // what was counted, by month
	forest       *forest
	rules        *rules.Book
}

// obligationKey is where an obligation is posted.
type obligationKey struct {
	path  uuid.UUID
	month calendar.Month
	basis Basis
}

// obligations returns what should be posted in the months of the window. The window must begin with a quarter and end
// with the first month of one, so that the steps at its edges are seen whole.
func (f facts) obligations(window calendar.Period) (map[obligationKey]Counters, map[uuid.UUID]Path) {
	b := builder{facts: f, wanted: map[obligationKey]Counters{}, paths: map[uuid.UUID]Path{}}
	for _, month := range f.candidates(window) {
		b.steps(month)
		b.month(month)
		if month == month.Quarter().First() && f.owesQuarters() {
			b.quarter(month.Quarter())
		}
	}
	return b.wanted, b.paths
}

type builder struct {
	facts
	wanted map[obligationKey]Counters
	paths  map[uuid.UUID]Path
}

func (b *builder) add(p Path, month calendar.Month, basis Basis, c Counters) {
	if c.IsZero() {
		return
	}
	key := obligationKey{p.ID, month, basis}
	b.wanted[key] = b.wanted[key].Plus(c)
	b.paths[p.ID] = p
}

// steps posts where the due months begin and end, or go over to another chain.
func (b *builder) steps(month calendar.Month) {
	now, isDue := b.duePath(month)
	before, wasDue := b.duePath(month.Add(-1))
	if isDue && wasDue && now.ID == before.ID {
		return
	}
	if wasDue {
		b.add(before, month, Both, Counters{Due: -1})
	}
	if isDue {
		b.add(now, month, Both, Counters{Due: 1})
	}
}

// month posts whether a due month is excused, or covered and reported.
func (b *builder) month(month calendar.Month) {
	path, due := b.duePath(month)
	if !due {
		return
	}
	if b.excused[month] {
		b.add(path, month, Both, Counters{Excused: 1})
		return
	}
	for _, basis := range []Basis{Submitted, Accepted} {
		met := b.met[basis][month]
		b.add(path, month, basis, Counters{Covered: one(met.Regular > 0), Reported: one(met.Sittings > 0)})
	}
}

// quarter posts the thematic obligation of a quarter, once for each number of its months that may have ended.
func (b *builder) quarter(q calendar.Quarter) {
	for ended := 1; ended <= 3; ended++ {
		now, isDue := b.quarterPath(q, ended)
		before, wasDue := b.quarterPath(q.Add(-1), ended)
		if !isDue || !wasDue || now.ID != before.ID {
			if wasDue {
				b.add(before, q.First(), Both, quartersDue(ended, -1))
			}
			if isDue {
				b.add(now, q.First(), Both, quartersDue(ended, 1))
			}
		}
		if !isDue {
			continue
		}
		for _, basis := range []Basis{Submitted, Accepted} {
			if b.thematic(q, basis) {
				b.add(now, q.First(), basis, quartersCovered(ended, 1))
			}
		}
	}
}

func (b *builder) thematic(q calendar.Quarter, basis Basis) bool {
	for i := range 3 {
		if b.met[basis][q.First().Add(i)].Thematic > 0 {
			return true
		}
	}
	return false
}

// duePath returns the chain that owes the regular session of the month, and whether one is due.
func (f facts) duePath(month calendar.Month) (Path, bool) {
	if !readable(month) || !f.exists(month) || !f.rules.Owes(f.kind, f.body, rules.Monthly, "", month) {
		return Path{}, false
	}
	return f.forest.pathOn(f.organization, month.Last()), true
}

// quarterPath returns the chain that owes the thematic session of the quarter when so many of its months have ended:
// the chain of the last of them that is due and not excused.
func (f facts) quarterPath(q calendar.Quarter, ended int) (Path, bool) {
	for i := ended - 1; i >= 0; i-- {
		month := q.First().Add(i)
		if path, due := f.duePath(month); due && !f.excused[month] {
			return path, true
		}
	}
	return Path{}, false
}

func (f facts) owesQuarters() bool {
	return slices.ContainsFunc(f.rules.Sets(), func(s rules.Set) bool {
		return s.Owes(f.kind, f.body, rules.Quarterly, "thematic")
	})
}

// exists reports whether the organisation lives, and the committee is in office, on every day of the month.
func (f facts) exists(month calendar.Month) bool {
	if !f.life.Covers(month) {
		return false
	}
	return f.body == org.Cell || slices.ContainsFunc(f.terms, func(t calendar.Span) bool { return t.Covers(month) })
}

// candidates returns the months of the window in which anything can be posted. Between the days on which a fact begins
// or ends nothing changes, so that a body in office for decades costs no more than one in office for a year.
func (f facts) candidates(window calendar.Period) []calendar.Month {
	set := map[calendar.Month]bool{}
	note := func(m calendar.Month) {
		for _, c := range []calendar.Month{m, m.Add(1), m.Quarter().First(), m.Quarter().Add(1).First()} {
			if window.Contains(c) {
				set[c] = true
			}
		}
	}
	for _, day := range f.boundaries() {
		note(day.Month())
		note(day.Add(-1).Month())
	}
	for month := range f.excused {
		note(month)
	}
	for _, months := range f.met {
		for month := range months {
			note(month)
		}
	}
	return slices.SortedFunc(maps.Keys(set), calendar.Month.Compare)
}

// boundaries returns the days on which a fact begins to hold or has just ended.
func (f facts) boundaries() []calendar.Date {
	days := f.forest.boundaries(f.organization)
	for _, span := range append([]calendar.Span{f.life}, f.terms...) {
		days = append(days, span.From)
		if span.To != nil {
			days = append(days, span.To.Add(1))
		}
	}
	for _, set := range f.rules.Sets() {
		days = append(days, set.From)
	}
	return days
}

func quartersDue(ended int, n int64) Counters {
	return [...]Counters{{QuartersDue1: n}, {QuartersDue2: n}, {QuartersDue: n}}[ended-1]
}

func quartersCovered(ended int, n int64) Counters {
	return [...]Counters{{QuartersCovered1: n}, {QuartersCovered2: n}, {QuartersCovered: n}}[ended-1]
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// always is every month that the calendar can write.
var always = calendar.Period{From: calendar.NewMonth(calendar.FirstYear, 1), To: calendar.NewMonth(calendar.LastYear, 12)}

func readable(m calendar.Month) bool { return always.Contains(m) }

// widen returns the period, extended so that obligations sees whole quarters and the steps after the last of them.
func widen(p calendar.Period) calendar.Period {
	wide := calendar.Period{From: p.From.Quarter().First(), To: p.To.Quarter().Add(1).First()}
	if wide.To.After(always.To) {
		wide.To = always.To
	}
	return wide
}

// merged joins spans that touch or overlap, so that an office handed over without a day between is one.
func merged(spans []calendar.Span) []calendar.Span {
	slices.SortFunc(spans, func(a, b calendar.Span) int { return a.From.Compare(b.From) })
	var out []calendar.Span
	for _, s := range spans {
		if n := len(out); n > 0 && (out[n-1].To == nil || !out[n-1].To.Add(1).Before(s.From)) {
			if out[n-1].To != nil && (s.To == nil || s.To.After(*out[n-1].To)) {
				out[n-1].To = s.To
			}
			continue
		}
		out = append(out, s)
	}
	return out
}
