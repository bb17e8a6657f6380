package recount

import (
	"slices"
)

// Query asks for the figures of one organisation; empty choices are the defaults, named first.
type Query struct {
	Organization string
	From, To     Month
	Scope        string // subtree, own
	Basis        string // submitted, accepted
	Base         string // eligible, roster, eligible_minus_excused
	GroupBy      string // none, month, quarter, year, child
	Tree         string // at_meeting, current
	Today        Date
}

// Summary counts the figures that the query asks for from the facts.
func Summary(f Facts, q Query) Figures {
	out := Figures{Blocks: count(f, q, func(organization string, on Date) bool {
		return via(f, q, organization, on) != ""
	})}
	switch q.GroupBy {
	case "month":
		out.Groups = byTime(f, q, func(m Month) string { return string(m) })
	case "quarter":
		out.Groups = byTime(f, q, Month.Quarter)
	case "year":
		out.Groups = byTime(f, q, Month.Year)
	case "child":
		out.Groups = byChild(f, q)
	}
	return out
}

// byTime makes every group a summary of its own, over the months of the period that share a key.
func byTime(f Facts, q Query, key func(Month) string) []Group {
	var groups []Group
	for _, m := range Months(q.From, q.To) {
		if n := len(groups); n > 0 && groups[n-1].Key == key(m) {
			continue
		}
		part := q
		part.GroupBy, part.From, part.To = "", m, m
		for part.To < q.To && key(part.To.Plus(1)) == key(m) {
			part.To = part.To.Plus(1)
		}
		groups = append(groups, Group{Key: key(m), Blocks: Summary(f, part).Blocks})
	}
	return groups
}

// byChild has a group for every child through which anything came, and for the own part.
func byChild(f Facts, q Query) []Group {
	var groups []Group
	for _, o := range f.Organizations {
		part := count(f, q, func(organization string, on Date) bool {
			return via(f, q, organization, on) == o.Code
		})
		if !part.Normal().empty() {
			groups = append(groups, Group{Key: o.Code, Blocks: part})
		}
	}
	slices.SortFunc(groups, func(a, b Group) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	return groups
}

// via is the child of the queried organisation through which the organisation
// belonged to it on the day, the queried one for itself, and empty for a stranger.
func via(f Facts, q Query, organization string, on Date) string {
	if organization == q.Organization {
		return organization
	}
	if q.Scope == "own" {
		return ""
	}
	if q.Tree == "current" {
		on = q.Today
	}
	chain := lineage(f.Placements, organization, on)
	if i := slices.Index(chain, q.Organization); i > 0 {
		return chain[i-1]
	}
	return ""
}

// within says whether something of an organisation on a day is to be counted.
type within func(organization string, on Date) bool

func count(f Facts, q Query, in within) Blocks {
	counted := countedMeetings(f, q)
	b := Blocks{
		Sessions: map[string]Sessions{}, Sittings: map[string]int{},
		Compliance: map[string]Compliance{}, Attendance: map[string]Attendance{},
	}
	for _, m := range counted {
		if q.From <= m.Period && m.Period <= q.To && in(m.Organization, m.Date) {
			addMeeting(&b, m, q.Base)
		}
	}
	addObligations(&b, f, q, counted, in)
	addQuarters(&b, f, q, counted, in)
	addInspections(&b, f, q, in)
	b.finish()
	return b
}

// countedMeetings are the meetings whose record is in, of every organisation and month.
func countedMeetings(f Facts, q Query) []Meeting {
	var counted []Meeting
	for _, m := range f.Meetings {
		in := m.Status == "accepted" || m.Status == "submitted" && q.Basis != "accepted"
		aside := slices.Contains(m.Forms, "congress") || slices.Contains(m.Forms, "other")
		if in && !aside {
			counted = append(counted, m)
		}
	}
	return counted
}

func addMeeting(b *Blocks, m Meeting, base string) {
	s := b.Sessions[m.Body]
	for _, form := range m.Forms {
		switch form {
		case "regular":
			s.Regular++
		case "thematic":
			s.Thematic++
		case "extraordinary":
			s.Extraordinary++
		}
		s.Total++
	}
	b.Sessions[m.Body] = s
	b.Sittings[m.Body]++

	a := b.Attendance[m.Body]
	a.Guests += m.Guests
	if m.OnPaper {
		a.PaperSittings++
	}
	if m.Totals != nil {
		addTotals(&a, *m.Totals, base)
	}
	for _, p := range m.Roll {
		addPerson(&a, p, base)
	}
	b.Attendance[m.Body] = a
}

func addPerson(a *Attendance, p Person, base string) {
	if p.Standing == "temporary" {
		if p.Status != "not_recorded" {
			a.Temporary++
		}
		return
	}
	a.Roster++
	if base != "roster" && p.Standing != "base" {
		return
	}
	if base == "eligible_minus_excused" && p.Status == "excused" {
		return
	}
	a.Rate.Denominator++
	switch p.Status {
	case "present":
		a.Rate.Numerator++
	case "excused":
		a.Excused++
	case "unexcused":
		a.Unexcused++
	case "not_recorded":
		a.NotRecorded++
	}
}

// addTotals counts a meeting of which only the numbers are known: of whoever is on the roster and was not expected, nothing is.
func addTotals(a *Attendance, t Totals, base string) {
	a.Roster += t.Roster
	a.Temporary += t.Temporary
	of, excused := t.Expected, t.Excused
	switch base {
	case "roster":
		of = t.Roster
	case "eligible_minus_excused":
		of, excused = t.Expected-t.Excused, 0
	}
	a.Rate.Numerator += t.Present
	a.Rate.Denominator += of
	a.Excused += excused
	a.Unexcused += t.Unexcused
	a.NotRecorded += of - t.Present - excused - t.Unexcused
	a.FromTotals.Sittings++
	a.FromTotals.Expected += of
}

// finish works out what follows from the counts, and shows every body in all the blocks that it can stand in.
func (b *Blocks) finish() {
	for body, a := range b.Attendance {
		present, base := a.Rate.Numerator, a.Rate.Denominator
		a.Recorded = base - a.NotRecorded
		a.Rate = NewRatio(present, base)
		a.Low = NewRatio(present, base)
		a.High = NewRatio(present+a.NotRecorded, base)
		b.Attendance[body] = a
		if slices.Contains(obligedBodies(), body) {
			appear(b.Compliance, body)
		}
	}
	for body, c := range b.Compliance {
		c.Rate = NewRatio(c.Covered, c.Due-c.Excused)
		b.Compliance[body] = c
		appear(b.Sessions, body)
		appear(b.Sittings, body)
		appear(b.Attendance, body)
	}
	b.ThematicQuarters.Rate = NewRatio(b.ThematicQuarters.Covered, b.ThematicQuarters.Due)
}

func addInspections(b *Blocks, f Facts, q Query, in within) {
	organizations, members := map[string]bool{}, map[string]bool{}
	for _, round := range f.Inspections {
		month := round.From.Month()
		if month < q.From || q.To < month || !in(round.Organization, round.From) {
			continue
		}
		b.Inspections.Rounds++
		for _, o := range round.Objects {
			if o.Type == "member" {
				b.Inspections.Members++
				members[o.Code] = true
			} else {
				b.Inspections.Organizations++
				organizations[o.Code] = true
			}
		}
	}
	b.Inspections.DistinctOrganizations = len(organizations)
	b.Inspections.DistinctMembers = len(members)
}

// appear makes sure that the key is there, with the zero value if need be.
func appear[K comparable, V any](m map[K]V, key K) {
	if _, ok := m[key]; !ok {
		var zero V
		m[key] = zero
	}
}
