package activity

import (
	"cmp"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/summary"
	"sochibo/internal/topic"
)

// tally takes records one by one and keeps nothing but counts.
type tally struct {
	book       *rules.Book
	threshold  int
	bodies     map[org.Body]*bodyTally
	topics     map[topic.ID]int64
	untitled   int64 // thematic sessions without a topic
	directives map[directive.ID]*directiveTally
}

type directiveTally struct {
	sittings, cellSittings int64
	cells                  map[org.ID]bool
}

// bodyTally is what the sittings of one body add up to.
type bodyTally struct {
	counters  ledger.Counters
	items     map[string]*summary.Ratio
	order     []string // of the items, as the rule sets name them
	prepared  int64
	work      Assignments
	assignees map[member.ID]bool
	heard     int64
	spoke     int64 // present persons on the rosters of sittings with a roll, the base of speakers
	judged    int64 // sittings that expected anybody
	reaching  int64
	months    map[calendar.Month]*presence
	absences  map[cause]*AbsenceCount
}

// presence is who came, of whom was expected.
type presence struct{ present, expected int64 }

// cause is why somebody was absent; an empty kind was not told.
type cause struct {
	status meeting.AttendanceStatus
	kind   meeting.ReasonKind
}

func newTally(book *rules.Book, threshold int) *tally {
	return &tally{
		book: book, threshold: threshold, bodies: map[org.Body]*bodyTally{}, topics: map[topic.ID]int64{},
		directives: map[directive.ID]*directiveTally{},
	}
}

// add counts one record.
func (t *tally) add(r meeting.Record) {
	b := t.bodies[r.Body]
	if b == nil {
		b = &bodyTally{
			items: map[string]*summary.Ratio{}, assignees: map[member.ID]bool{}, months: map[calendar.Month]*presence{},
			absences: map[cause]*AbsenceCount{},
		}
		t.bodies[r.Body] = b
	}
	counters := meeting.Count(r)
	b.counters = b.counters.Plus(counters)
	if r.Forms.Has(meeting.Regular) {
		b.regular(r, t.book.On(r.HeldOn).ContentItems)
	}
	b.assign(r)
	b.attend(r.PeriodMonth, counters, int64(t.threshold))
	b.hear(r, counters)
	b.miss(r, counters)
	t.study(r)
}

// regular counts what a regular session covered of the items that its rule set names, and whether it was prepared.
func (b *bodyTally) regular(r meeting.Record, items []string) {
	for _, item := range items {
		n := b.items[item]
		if n == nil {
			n = &summary.Ratio{}
			b.items[item], b.order = n, append(b.order, item)
		}
		n.Denominator++
		if slices.Contains(r.ContentItems, item) {
			n.Numerator++
		}
	}
	if r.PreparedByID != nil {
		b.prepared++
	}
}

func (b *bodyTally) assign(r meeting.Record) {
	for _, task := range r.Tasks {
		b.work.Tasks++
		if task.AssigneeID != nil {
			b.work.WithMember++
			b.assignees[*task.AssigneeID] = true
		}
	}
	for _, line := range r.Minutes {
		if line.Part == meeting.Agenda && line.MemberID != nil {
			b.work.Responsible++
		}
	}
}

func (b *bodyTally) attend(month calendar.Month, c ledger.Counters, threshold int64) {
	at := b.months[month]
	if at == nil {
		at = &presence{}
		b.months[month] = at
	}
	at.present += c.EligiblePresent
	at.expected += c.Eligible
	if c.Eligible == 0 {
		return
	}
	b.judged++
	if 100*c.EligiblePresent >= threshold*c.Eligible {
		b.reaching++
	}
}

// hear counts speakers of sittings that have a roll; of the others nobody knows them.
func (b *bodyTally) hear(r meeting.Record, c ledger.Counters) {
	if r.Totals != nil {
		return
	}
	b.spoke += c.RosterPresent
	for _, row := range r.Roll {
		if row.Standing == member.Temporary && row.Status == meeting.Present {
			b.spoke++
		}
	}
	if c.Speakers > 0 {
		b.heard++
	}
}

func (b *bodyTally) miss(r meeting.Record, c ledger.Counters) {
	if r.Totals != nil {
		b.absent(cause{status: meeting.Excused}).Unknown += c.EligibleExcused
		b.absent(cause{status: meeting.Unexcused}).Unknown += c.EligibleUnexcused
		return
	}
	for _, row := range r.Roll {
		if row.Standing != member.Base || row.Status != meeting.Excused && row.Status != meeting.Unexcused {
			continue
		}
		why := cause{status: row.Status}
		if row.ReasonKind != nil {
			why.kind = *row.ReasonKind
		}
		if n := b.absent(why); len(row.Offices) > 0 {
			n.Officers++
		} else {
			n.Others++
		}
	}
}

func (b *bodyTally) absent(why cause) *AbsenceCount {
	if b.absences[why] == nil {
		b.absences[why] = &AbsenceCount{Status: why.status}
	}
	return b.absences[why]
}

func (t *tally) study(r meeting.Record) {
	if r.Forms.Has(meeting.Thematic) {
		if r.TopicID == nil {
			t.untitled++
		} else {
			t.topics[*r.TopicID]++
		}
	}
	for _, id := range r.DirectiveIDs {
		d := t.directives[id]
		if d == nil {
			d = &directiveTally{cells: map[org.ID]bool{}}
			t.directives[id] = d
		}
		d.sittings++
		if r.Body == org.Cell {
			d.cellSittings++
			d.cells[r.OrganizationID] = true
		}
	}
}

// figures returns what the bodies did, in the order in which bodies are shown.
func (t *tally) figures() []BodyActivity {
	all := []BodyActivity{}
	for _, body := range org.Bodies {
		if b := t.bodies[body]; b != nil {
			all = append(all, b.figures(body, t.threshold))
		}
	}
	return all
}

func (b *bodyTally) figures(body org.Body, threshold int) BodyActivity {
	c := b.counters
	out := BodyActivity{
		Body: body, Sittings: c.Sittings, Regular: c.Regular, ContentItems: []ItemCount{},
		Assignments: b.work, Speakers: Speakers{summary.NewRatio(c.Speakers, b.spoke), b.heard}, Duration: Duration{c.Minutes, c.Timed},
		Attendance: b.presence(threshold), Absences: []AbsenceCount{},
	}
	out.Assignments.Members = int64(len(b.assignees))
	if body == org.Cell {
		prepared := summary.NewRatio(b.prepared, c.Regular)
		out.Prepared = &prepared
	}
	for _, item := range b.order {
		n := b.items[item]
		out.ContentItems = append(out.ContentItems, ItemCount{item, summary.NewRatio(n.Numerator, n.Denominator)})
	}
	for _, status := range []meeting.AttendanceStatus{meeting.Excused, meeting.Unexcused} {
		for _, kind := range append(meeting.ReasonKinds(), "") {
			n := b.absences[cause{status, kind}]
			if n == nil || n.Officers+n.Others+n.Unknown == 0 {
				continue
			}
			if kind != "" {
				n.ReasonKind = &kind
			}
			n.Total = n.Officers + n.Others + n.Unknown
			out.Absences = append(out.Absences, *n)
		}
	}
	return out
}

func (b *bodyTally) presence(threshold int) Presence {
	out := Presence{
		Rate: summary.NewRatio(b.counters.EligiblePresent, b.counters.Eligible), Threshold: threshold,
		Reaching: summary.NewRatio(b.reaching, b.judged), Months: []MonthRate{},
	}
	for month, at := range b.months {
		out.Months = append(out.Months, MonthRate{month, summary.NewRatio(at.present, at.expected)})
	}
	slices.SortFunc(out.Months, func(x, y MonthRate) int { return x.Month.Compare(y.Month) })
	for i := range out.Months {
		m := &out.Months[i]
		if m.Rate.Denominator == 0 {
			continue
		}
		if out.Least == nil || less(m.Rate, out.Least.Rate) {
			out.Least = m
		}
		if out.Greatest == nil || less(out.Greatest.Rate, m.Rate) {
			out.Greatest = m
		}
	}
	return out
}

// less compares two shares without rounding.
func less(a, b summary.Ratio) bool { return a.Numerator*b.Denominator < b.Numerator*a.Denominator }

// thematic returns the topics, those held most often first.
func (t *tally) thematic(known map[topic.ID]topic.Topic) []ThematicCount {
	all := []ThematicCount{}
	for id, n := range t.topics {
		c := ThematicCount{TopicID: &id, Sessions: n}
		if about, ok := known[id]; ok {
			c.Title, c.Category = &about.Title, &about.Category
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b ThematicCount) int {
		return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(textOf(a.Title), textOf(b.Title)), cmp.Compare(a.TopicID.String(), b.TopicID.String()))
	})
	if t.untitled > 0 {
		all = append(all, ThematicCount{Sessions: t.untitled})
	}
	return all
}

// studied returns the directives, those studied most often first.
func (t *tally) studied(known map[directive.ID]directive.Directive) []DirectiveCount {
	all := []DirectiveCount{}
	for id, n := range t.directives {
		d := known[id]
		all = append(all, DirectiveCount{
			DirectiveID: id, Number: d.Number, IssuedOn: d.IssuedOn, Title: d.Title, Sittings: n.sittings, CellSittings: n.cellSittings,
			Cells: int64(len(n.cells)),
		})
	}
	slices.SortFunc(all, func(a, b DirectiveCount) int {
		return cmp.Or(cmp.Compare(b.Sittings, a.Sittings), cmp.Compare(a.Number, b.Number), a.IssuedOn.Compare(b.IssuedOn),
			cmp.Compare(a.DirectiveID.String(), b.DirectiveID.String()))
	})
	return all
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
