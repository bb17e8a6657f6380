package recount

import "slices"

// obligedBodies are the bodies that have due months at all.
func obligedBodies() []string { return []string{"cell", "cell_committee", "party_committee"} }

// obliged says whether the body of the organisation has to meet in the month,
// once it has ended: it has to be there on every single day.
func obliged(f Facts, o Organization, body string, m Month) bool {
	isCell := o.Kind == "cell" || o.Kind == "base_cell"
	switch {
	case body == "cell" && !isCell:
		return false
	case body == "party_committee" && o.Kind != "base_party" && o.Kind != "sectional_party":
		return false
	}
	for _, day := range m.Days() {
		if !holds(o.Founded, o.Dissolved, day) {
			return false
		}
		if body != "cell" && !inOffice(f, o.Code, body, day) {
			return false
		}
	}
	return true
}

func inOffice(f Facts, organization, body string, on Date) bool {
	for _, t := range f.Bodies {
		if t.Organization == organization && t.Body == body && holds(t.From, t.To, on) {
			return true
		}
	}
	return false
}

func excused(f Facts, organization, body string, m Month) bool {
	return slices.Contains(f.Excused, ExcusedMonth{Organization: organization, Body: body, Month: m})
}

func addObligations(b *Blocks, f Facts, q Query, counted []Meeting, in within) {
	for _, o := range f.Organizations {
		for _, m := range Months(q.From, q.To) {
			if m > q.Today.Month() || !in(o.Code, m.Last()) {
				continue
			}
			for _, body := range obligedBodies() {
				if obliged(f, o, body, m) {
					addObligation(b, f, q, counted, o.Code, body, m)
				}
			}
		}
	}
}

func addObligation(b *Blocks, f Facts, q Query, counted []Meeting, organization, body string, m Month) {
	aside := excused(f, organization, body, m)
	c := b.Compliance[body]
	switch {
	case m == q.Today.Month():
		if aside {
			return
		}
		c.Open++
	case aside:
		c.Due++
		c.Excused++
	default:
		c.Due++
		b.Coverage.Due++
		if met(counted, organization, body, m, "") {
			b.Coverage.Reported++
		}
		if met(counted, organization, body, m, "regular") {
			c.Covered++
		}
	}
	b.Compliance[body] = c
}

// met says whether the body has a counted meeting for the month, of the form or, without one, of any.
func met(counted []Meeting, organization, body string, m Month, form string) bool {
	return slices.ContainsFunc(counted, func(c Meeting) bool {
		return c.Period == m && c.Organization == organization && c.Body == body &&
			(form == "" || slices.Contains(c.Forms, form))
	})
}

func addQuarters(b *Blocks, f Facts, q Query, counted []Meeting, in within) {
	for _, months := range wholeQuarters(q.From, q.To) {
		for _, o := range f.Organizations {
			last := lastDue(f, q, o, months)
			if last == "" || !in(o.Code, last.Last()) {
				continue
			}
			b.ThematicQuarters.Due++
			if slices.ContainsFunc(months, func(m Month) bool {
				return met(counted, o.Code, "cell", m, "thematic")
			}) {
				b.ThematicQuarters.Covered++
			}
		}
	}
}

// wholeQuarters are the calendar quarters that lie wholly within the period, each as its three months.
func wholeQuarters(from, to Month) [][]Month {
	var quarters [][]Month
	for _, m := range Months(from, to) {
		end := m.Plus(2)
		if m.Quarter() == end.Quarter() && end <= to {
			quarters = append(quarters, Months(m, end))
		}
	}
	return quarters
}

// lastDue is the last of the months in which the cell was due and not excused, empty if there is none.
func lastDue(f Facts, q Query, o Organization, months []Month) Month {
	var last Month
	for _, m := range months {
		if m < q.Today.Month() && obliged(f, o, "cell", m) && !excused(f, o.Code, "cell", m) {
			last = m
		}
	}
	return last
}
