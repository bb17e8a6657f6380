package schedule

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// For returns all planned and held sessions of an organisation, and of those below it that the actor may see, which begin in the months.
//
// Faults: organization_unknown, forbidden, schedule_too_large.
func (s *Service) For(ctx context.Context, actor auth.Actor, id org.ID, scope string, period calendar.Period) (View, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (View, error) {
		return s.view(ctx, tx, actor, id, scope, period)
	})
}

func (s *Service) view(
	ctx context.Context, tx *database.Tx, actor auth.Actor, id org.ID, scope string, period calendar.Period,
) (View, error) {
	sight, err := within(ctx, tx, actor, auth.ScheduleRead, id)
	if err != nil {
		return View{}, err
	}
	v := View{Scope: scope, Period: period}
	if v.Organization, err = org.Find(ctx, tx, id); err != nil {
		return View{}, err
	}
	r := reachOf(ctx, tx, sight, id, scope, period)
	book, err := rules.Embedded()
	if err != nil {
		return View{}, err
	}
	if v.Sessions, err = s.sessions(ctx, tx, r, book); err != nil {
		return View{}, err
	}
	parents, err := parentsOf(ctx, tx, v.Sessions)
	if err != nil {
		return View{}, err
	}
	v.Clashes = findClashes(v.Sessions, parents)
	v.Months, err = s.months(ctx, tx, r, book)
	return v, err
}

// sessions loads the sessions with what belongs to them.
func (s *Service) sessions(ctx context.Context, tx *database.Tx, r reach, book *rules.Book) ([]Session, error) {
	sessions, err := sessionsOf(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	registered, err := registeredDates(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	notices, err := firstNotices(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	records, err := firstRecords(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	following, err := delegatesAt(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	at := make(map[meeting.ID]*Session, len(sessions))
	for i := range sessions {
		at[sessions[i].MeetingID] = &sessions[i]
	}
	for _, date := range registered {
		at[date.MeetingID].register(date)
	}
	for _, f := range following {
		at[f.MeetingID].Delegates = append(at[f.MeetingID].Delegates, f)
	}
	posted, in, today := byMeeting(notices), byMeeting(records), tx.Today()
	for i := range sessions {
		session := &sessions[i]
		session.Notice = s.deadline(book.DocumentsDue(session.HeldOn), posted, session, today)
		session.Record = s.deadline(book.RecordDue(session.HeldOn), in, session, today)
	}
	return sessions, nil
}

// register notes what was registered; a later registration takes the place of an earlier one.
func (s *Session) register(date RegisteredDate) {
	date.Changed = !date.StartedAt.Equal(s.StartedAt) || !equal(date.Place, s.Place)
	s.Registered = &date
}

func byMeeting(moments []moment) map[meeting.ID]moment {
	found := make(map[meeting.ID]moment, len(moments))
	for _, m := range moments {
		found[m.MeetingID] = m
	}
	return found
}

// deadline judges when something of a session was done; a cancelled session owes nothing.
func (s *Service) deadline(due *calendar.Date, done map[meeting.ID]moment, session *Session, today calendar.Date) Deadline {
	d := Deadline{DueOn: due}
	var day *calendar.Date
	if m, ok := done[session.MeetingID]; ok {
		on := s.zone.DateOf(m.At)
		d.DoneAt, day = &m.At, &on
	}
	if session.Status == meeting.Cancelled {
		return Deadline{DoneAt: d.DoneAt}
	}
	d.InTime = inTime(due, day, today)
	return d
}

// parentsOf returns what the organisations of the sessions stand under today.
func parentsOf(ctx context.Context, tx *database.Tx, sessions []Session) (map[org.ID]*org.ID, error) {
	parents := make(map[org.ID]*org.ID)
	var organizations []org.Organization
	for _, s := range sessions {
		if _, known := parents[s.OrganizationID]; !known {
			parents[s.OrganizationID] = nil
			organizations = append(organizations, org.Organization{ID: s.OrganizationID})
		}
	}
	details, err := org.DetailsOn(ctx, tx, organizations, tx.Today())
	for _, d := range details {
		parents[d.ID] = d.ParentID
	}
	return parents, err
}

// months says of every month which cells have registered it.
func (s *Service) months(ctx context.Context, tx *database.Tx, r reach, book *rules.Book) ([]Month, error) {
	cells, err := cellsOf(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	registered, err := registeredMonths(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	excused, err := excusedMonths(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	last, aside := make(map[cellMonth]monthOf), make(map[cellMonth]bool)
	for _, m := range registered {
		last[cellMonth{m.OrganizationID, m.Month}] = m
	}
	for _, m := range excused {
		aside[cellMonth{m.OrganizationID, m.Month}] = true
	}
	var months []Month
	for month := range r.period.All() {
		m := Month{Month: month, DueOn: book.RegistrationDue(month), InState: map[RegistrationStatus]int{}, Missing: []Absent{}}
		for _, c := range cells {
			key := cellMonth{c.ID, month}
			if c.owes(book, month) && !aside[key] {
				found, ok := last[key]
				s.count(&m, c, found, ok, tx.Today())
			}
		}
		months = append(months, m)
	}
	return months, nil
}

type cellMonth struct {
	cell  org.ID
	month calendar.Month
}

// owes reports whether the cell exists for the whole month and owes a session in it.
func (c cell) owes(book *rules.Book, month calendar.Month) bool {
	started := c.FoundedOn == nil || !c.FoundedOn.After(month.First())
	lasts := c.DissolvedOn == nil || !c.DissolvedOn.Before(month.Last())
	return started && lasts && book.Owes(c.Kind, org.Cell, rules.Monthly, "", month)
}

// count adds a cell that owes a session in the month.
func (s *Service) count(m *Month, c cell, found monthOf, registered bool, today calendar.Date) {
	m.Cells++
	if registered {
		m.InState[found.Status]++
		done := s.zone.DateOf(found.RegisteredAt)
		if kept := inTime(m.DueOn, &done, today); kept != nil && !*kept {
			m.Late++
		}
	}
	if !registered || found.Status == Returned {
		m.Missing = append(m.Missing, Absent{OrganizationID: c.ID, Name: c.Name, Returned: registered})
	}
}
