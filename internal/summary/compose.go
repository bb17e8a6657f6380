package summary

import (
	"sochibo/internal/calendar"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// book is what was read of the ledger for one summary or one part of it.
type book struct {
	rows     []ledger.Row
	openings []ledger.Opening
	objects  []object
	today    calendar.Date
	base     Base
}

// object is one object of an inspection round, as the ledger counts it.
type object struct {
	Via            org.ID
	Month          calendar.Month
	OrganizationID *org.ID
	MemberID       *org.ID
}

// figures composes the blocks of the period, which lies within what was read.
func (b book) figures(period calendar.Period) Figures {
	f := Figures{
		Sessions: map[org.Body]Sessions{}, Sittings: map[org.Body]int64{},
		Compliance: map[org.Body]Compliance{}, Attendance: map[org.Body]Attendance{},
	}
	for _, body := range org.Bodies {
		b.body(&f, body, period)
	}
	f.ThematicQuarters.Rate = NewRatio(f.ThematicQuarters.Covered, f.ThematicQuarters.Due)
	b.inspections(&f, period)
	return f
}

func (b book) body(f *Figures, body org.Body, period calendar.Period) {
	steps, months := b.series(body, period)
	sum := ledger.Counters{}
	var c Compliance
	running := steps
	for month := range period.All() {
		at := months[month]
		sum = sum.Plus(at)
		running = running.Plus(at)
		switch {
		case month.Ended(b.today):
			c.Due += running.Due
			c.Excused += at.Excused
			c.Covered += at.Covered
			f.Coverage.Reported += at.Reported
		case month.Contains(b.today):
			c.Open += running.Due - at.Excused
		}
	}
	f.Coverage.Due += c.Due - c.Excused
	c.Rate = NewRatio(c.Covered, c.Due-c.Excused)
	b.quarters(f, steps, months, period)
	owes := c.Due != 0 || c.Open != 0
	if owes {
		f.Compliance[body] = c
	}
	if owes || sum.Sittings != 0 {
		f.Sessions[body] = Sessions{sum.Regular, sum.Thematic, sum.Extraordinary, sum.Regular + sum.Thematic + sum.Extraordinary}
		f.Sittings[body] = sum.Sittings
		f.Attendance[body] = attendance(sum, b.base)
	}
}

// series returns what the steps before the period add up to, and the counters of each of its months.
func (b book) series(body org.Body, period calendar.Period) (ledger.Counters, map[calendar.Month]ledger.Counters) {
	var steps ledger.Counters
	months := map[calendar.Month]ledger.Counters{}
	for _, o := range b.openings {
		if o.Body == body {
			steps = steps.Plus(o.Counters)
		}
	}
	for _, r := range b.rows {
		switch {
		case r.Body != body:
		case r.Month.Before(period.From):
			steps = steps.Plus(r.Counters)
		case period.Contains(r.Month):
			months[r.Month] = months[r.Month].Plus(r.Counters)
		}
	}
	return steps, months
}

// quarters adds the thematic obligations of the quarters that lie wholly in the period. What is due in a quarter depends
// on how many of its months have ended.
func (b book) quarters(f *Figures, steps ledger.Counters, months map[calendar.Month]ledger.Counters, period calendar.Period) {
	running, next := steps, period.From
	for q := range period.Quarters() {
		for ; !next.After(q.First()); next = next.Add(1) {
			running = running.Plus(months[next])
		}
		at := months[q.First()]
		switch b.ended(q) {
		case 1:
			f.ThematicQuarters.Due += running.QuartersDue1
			f.ThematicQuarters.Covered += at.QuartersCovered1
		case 2:
			f.ThematicQuarters.Due += running.QuartersDue2
			f.ThematicQuarters.Covered += at.QuartersCovered2
		case 3:
			f.ThematicQuarters.Due += running.QuartersDue
			f.ThematicQuarters.Covered += at.QuartersCovered
		}
	}
}

// ended returns how many months of the quarter have ended.
func (b book) ended(q calendar.Quarter) int {
	n := 0
	for i := range 3 {
		if q.First().Add(i).Ended(b.today) {
			n++
		}
	}
	return n
}

func (b book) inspections(f *Figures, period calendar.Period) {
	for _, r := range b.rows {
		if period.Contains(r.Month) {
			f.Inspections.Rounds += r.Rounds
			f.Inspections.Organizations += r.InspectedOrganizations
			f.Inspections.Members += r.InspectedMembers
		}
	}
	organizations, members := map[org.ID]bool{}, map[org.ID]bool{}
	for _, o := range b.objects {
		if !period.Contains(o.Month) {
			continue
		}
		if o.OrganizationID != nil {
			organizations[*o.OrganizationID] = true
		}
		if o.MemberID != nil {
			members[*o.MemberID] = true
		}
	}
	f.Inspections.DistinctOrganizations = int64(len(organizations))
	f.Inspections.DistinctMembers = int64(len(members))
}

// part keeps what came through one child.
func (b book) part(via org.ID) book {
	part := book{today: b.today, base: b.base}
	for _, r := range b.rows {
		if r.Via == via {
			part.rows = append(part.rows, r)
		}
	}
	for _, o := range b.openings {
		if o.Via == via {
			part.openings = append(part.openings, o)
		}
	}
	for _, o := range b.objects {
		if o.Via == via {
			part.objects = append(part.objects, o)
		}
	}
	return part
}

// fold puts the parts together under other names; what a name is missing for falls away.
func (b book) fold(name func(org.ID) org.ID) book {
	folded := book{today: b.today, base: b.base}
	for _, r := range b.rows {
		r.Via = name(r.Via)
		folded.rows = append(folded.rows, r)
	}
	for _, o := range b.openings {
		o.Via = name(o.Via)
		folded.openings = append(folded.openings, o)
	}
	for _, o := range b.objects {
		o.Via = name(o.Via)
		folded.objects = append(folded.objects, o)
	}
	return folded
}

// vias returns the parts that anything came through.
func (b book) vias() []org.ID {
	seen := map[org.ID]bool{}
	var ids []org.ID
	note := func(id org.ID) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, r := range b.rows {
		note(r.Via)
	}
	for _, o := range b.openings {
		note(o.Via)
	}
	return ids
}
