package schedule

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Quarterly counts the sessions of an organisation in a quarter and those that a delegate attended.
type Quarterly struct {
	OrganizationID org.ID
	Name           string
	Quarter        calendar.Quarter
	Sessions       int // held, with or without a record that is in
	Attended       int // of these, by at least one delegate
	Members        []Attendee
}

// Attendee is a member and how many of the sessions of a quarter the member attended as a delegate.
type Attendee struct {
	MemberID member.ID
	FullName string
	Sessions int
	Attended int
}

// Attendance counts, by organisation and quarter, what delegates attended of the sessions of the months. A quarter at either end counts
// the months asked for alone.
//
// Faults: organization_unknown, forbidden, schedule_too_large.
func (s *Service) Attendance(ctx context.Context, actor auth.Actor, id org.ID, scope string, period calendar.Period) ([]Quarterly, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Quarterly, error) {
		sight, err := within(ctx, tx, actor, auth.DelegateRead, id)
		if err != nil {
			return nil, err
		}
		rows, err := countedVisits(ctx, tx, reachOf(ctx, tx, sight, id, scope, period))
		return quarterly(rows), err
	})
}

// quarterly adds up rows that come by organisation, month and session.
func quarterly(rows []counted) []Quarterly {
	groups := []Quarterly{}
	seen, attended := make(map[meeting.ID]bool), make(map[meeting.ID]bool)
	for _, row := range rows {
		quarter := row.PeriodMonth.Quarter()
		if n := len(groups); n == 0 || groups[n-1].OrganizationID != row.OrganizationID || groups[n-1].Quarter != quarter {
			groups = append(groups, Quarterly{OrganizationID: row.OrganizationID, Name: row.Name, Quarter: quarter, Members: []Attendee{}})
		}
		group := &groups[len(groups)-1]
		if !seen[row.MeetingID] {
			seen[row.MeetingID] = true
			group.Sessions++
		}
		if row.MemberID == nil || row.FullName == nil || row.Attended == nil {
			continue
		}
		if *row.Attended && !attended[row.MeetingID] {
			attended[row.MeetingID] = true
			group.Attended++
		}
		group.add(*row.MemberID, *row.FullName, *row.Attended)
	}
	return groups
}

func (q *Quarterly) add(id member.ID, name string, attended bool) {
	for i := range q.Members {
		if q.Members[i].MemberID == id {
			q.Members[i].count(attended)
			return
		}
	}
	who := Attendee{MemberID: id, FullName: name}
	who.count(attended)
	q.Members = append(q.Members, who)
}

func (a *Attendee) count(attended bool) {
	a.Sessions++
	if attended {
		a.Attended++
	}
}
