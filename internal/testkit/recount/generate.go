package recount

import (
	"math/rand/v2"
)

// Size says how much a random folder holds, and when.
type Size struct {
	Roots          int // trees side by side, 1 to 3; the first has every kind of organisation
	Cells          int // cells besides those of the first chain
	MembersPerCell int
	From, To       Month // the months that most meetings serve
	Today          Date  // the days up to it have meetings with a record too
	// InterleavedMinutes lets agenda, opinions and conclusions of a record stand in any order.
	InterleavedMinutes bool
}

// Small is a folder of a few seconds' import: some 15 organisations over a year and a half.
func Small(today Date) Size {
	return Size{Roots: 2, Cells: 5, MembersPerCell: 5, From: "2015-10", To: "2017-03", Today: today}
}

// Medium is a folder of three trees over six years.
func Medium(today Date) Size {
	return Size{Roots: 3, Cells: 12, MembersPerCell: 8, From: "2014-01", To: "2019-12", Today: today}
}

// RandomFolder is a valid exchange folder that exercises every rule of the reference semantics.
func RandomFolder(r *rand.Rand, size Size) Folder {
	g := &generator{r: r, size: size, f: Folder{}, life: map[string]span{}, prepared: map[string]string{}}
	g.organizations()
	g.placements()
	g.members()
	g.visitors()
	g.statuses()
	g.terms()
	g.library()
	g.book = newBook(g.f)
	for _, o := range g.orgs {
		for _, m := range g.months() {
			g.month(o, m)
		}
	}
	g.inspections()
	g.excusedMonths()
	return g.f.Shuffled(r)
}

type generator struct {
	r    *rand.Rand
	size Size
	f    Folder
	book book

	orgs        []Organization
	life        map[string]span // of organisations
	bodies      []Term
	people      []string
	directives  []string
	topics      []string
	prepared    map[string]string // organisation and month → code of the committee's meeting
	resolutions int
	meetings    int
}

// span is a time with both days included, either open.
type span struct{ from, to Date }

func (s span) holds(on Date) bool { return holds(s.from, s.to, on) }

// end is the last day, far away when open, so that ends can be compared.
func end(to Date) Date {
	if to == "" {
		return "9999-12-31"
	}
	return to
}

// stated is the day as a cell, empty when it is far away.
func stated(to Date) string {
	if to == end("") {
		return ""
	}
	return string(to)
}

func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

func (g *generator) between(low, high int) int { return low + g.r.IntN(high-low+1) }

// day is any day of the years, of which every third is a first of a month and every sixth a last.
func (g *generator) day(fromYear, toYear int) Date {
	first := Month(itoa(g.between(fromYear, toYear)) + "-01").Plus(g.r.IntN(12))
	switch g.r.IntN(6) {
	case 0, 1:
		return first.First()
	case 2:
		return first.Last()
	default:
		return first.First().Plus(g.r.IntN(28))
	}
}

// dayIn is any day from one to another.
func (g *generator) dayIn(from, to Date) Date {
	days := int(to.time().Sub(from.time()).Hours() / 24)
	if days <= 0 {
		return from
	}
	return from.Plus(g.r.IntN(days + 1))
}

func pick[T any](g *generator, from []T) T { return from[g.r.IntN(len(from))] }

// months are those that meetings serve: the chosen ones and those around today.
func (g *generator) months() []Month {
	months := Months(g.size.From, g.size.To)
	for _, m := range Months(g.size.Today.Month().Plus(-4), g.size.Today.Month().Plus(1)) {
		if m > g.size.To {
			months = append(months, m)
		}
	}
	return months
}
