package warning

import (
	"context"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// window is the months whose sessions matter for what is asked about: the year from its beginning, and the months before in which everybody
// may have come.
func window(period calendar.Period) calendar.Period {
	from := calendar.Year(period.From.Year()).Period().From
	if run := period.From.Add(1 - lookBack); run.Before(from) {
		from = run
	}
	return calendar.Period{From: from, To: period.To}
}

// load gathers the facts of the organisations. The number of statements does not depend on how many there are.
func (s *Service) load(ctx context.Context, tx *database.Tx, organizations []org.Organization, period calendar.Period) ([]facts, error) {
	l := loading{ctx: ctx, tx: tx, months: window(period), at: map[org.ID]*facts{}, meetings: map[meeting.ID]*session{}}
	all := make([]facts, len(organizations))
	for i, o := range organizations {
		l.ids = append(l.ids, o.ID)
		all[i] = facts{
			organization: o, period: period, today: tx.Today(), zone: s.zone, registered: map[calendar.Month]registered{},
			people: map[member.ID]person{}, ratings: map[meeting.ID][]rated{},
		}
		l.at[o.ID] = &all[i]
	}
	sets, err := s.book.Over(ctx, tx, l.ids)
	if err != nil {
		return nil, err
	}
	owed, err := ledger.OwedMonths(ctx, tx, l.ids, l.months, ledger.Submitted)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].sets, all[i].owed = sets, owed
	}
	for _, step := range []func() error{l.sessions, l.rolls, l.plans, l.belonging, l.people, l.judgements} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// loading is the facts while they are gathered.
type loading struct {
	ctx      context.Context
	tx       *database.Tx
	ids      []org.ID
	months   calendar.Period
	at       map[org.ID]*facts
	meetings map[meeting.ID]*session
}

// each runs a query about the organisations and hands every row to its place.
func each[T any](l loading, sql string, put func(T), args ...any) error {
	found, err := rows[T](l.ctx, l.tx, sql, append([]any{l.ids}, args...)...)
	for _, row := range found {
		put(row)
	}
	return err
}

func (l loading) sessions() error {
	err := each(l, sessionRows, func(s session) {
		s.record = meeting.Record{Forms: s.Forms, StartedAt: s.StartedAt, EndedAt: s.EndedAt, BreakMinutes: s.BreakMinutes}
		of := l.at[s.OrganizationID]
		of.sessions = append(of.sessions, s)
	}, l.months.From, l.months.To)
	for _, of := range l.at {
		for i := range of.sessions {
			l.meetings[of.sessions[i].MeetingID] = &of.sessions[i]
		}
	}
	return err
}

// rolls puts what was recorded to the sessions.
func (l loading) rolls() error {
	type row struct {
		MeetingID meeting.ID
		MemberID  member.ID
		Status    meeting.AttendanceStatus
		Standing  member.Standing
	}
	err := each(l, rollRows, func(r row) {
		record := &l.meetings[r.MeetingID].record
		record.Roll = append(record.Roll, meeting.RollRow{MemberID: r.MemberID, Status: r.Status, Standing: r.Standing})
	}, l.months.From, l.months.To)
	if err != nil {
		return err
	}
	return each(l, totalRows, func(t meeting.Totals) { l.meetings[t.MeetingID].record.Totals = &t }, l.months.From, l.months.To)
}

// plans puts registrations, open tasks and delegates in their places.
func (l loading) plans() error {
	err := each(l, registrationRows, func(r registered) { l.at[r.OrganizationID].registered[r.Month] = r }, l.months.From, l.months.To)
	if err != nil {
		return err
	}
	err = each(l, taskRows, func(t task) { l.at[t.OrganizationID].tasks = append(l.at[t.OrganizationID].tasks, t) },
		l.months.First(), l.months.Last())
	if err != nil {
		return err
	}
	return each(l, followRows, func(d follow) {
		of := l.at[l.meetings[d.MeetingID].OrganizationID]
		of.follows = append(of.follows, d)
	}, l.months.From, l.months.To)
}

// belonging puts memberships, offices and terms in their places.
func (l loading) belonging() error {
	err := each(l, homeRows, func(s stay) { l.at[s.OrganizationID].homes = append(l.at[s.OrganizationID].homes, s) })
	if err != nil {
		return err
	}
	err = each(l, officeRows, func(s stay) { l.at[s.OrganizationID].offices = append(l.at[s.OrganizationID].offices, s) })
	if err != nil {
		return err
	}
	return each(l, termRows, func(t term) {
		of := l.at[t.OrganizationID]
		of.terms = append(of.terms, calendar.Span{From: t.ValidFrom, To: t.ValidTo})
	})
}

// people names everybody whom a warning may tell of.
func (l loading) people() error {
	known := map[member.ID]person{}
	err := each(l, personRows, func(p person) { known[p.ID] = p }, l.ids, l.ids, l.months.From, l.months.To, l.ids)
	for _, of := range l.at {
		of.people = known
	}
	return err
}

// judgements puts ratings and repeated texts in their places.
func (l loading) judgements() error {
	err := each(l, ratingRows, func(r rated) {
		of := l.at[l.meetings[r.MeetingID].OrganizationID]
		of.ratings[r.MeetingID] = append(of.ratings[r.MeetingID], r)
	}, l.months.From, l.months.To)
	if err != nil {
		return err
	}
	return each(l, textRows, func(t repeated) { l.at[t.OrganizationID].texts = append(l.at[t.OrganizationID].texts, t) },
		l.months.From, l.months.To, shortestText)
}
