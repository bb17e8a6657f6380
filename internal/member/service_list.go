package member

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// List returns the members of the filter that the actor may see, one more than the limit if there are more; fault: forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor, filter Filter) ([]View, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]View, error) {
		members, err := list(ctx, tx, actor, filter)
		if err != nil {
			return nil, err
		}
		ids := make([]ID, len(members))
		for i, m := range members {
			ids[i] = m.ID
		}
		homes, err := homesOn(ctx, tx, ids, tx.Today())
		if err != nil {
			return nil, err
		}
		views := make([]View, len(members))
		for i, m := range members {
			views[i] = View{Member: m}
			if home, ok := homes[m.ID]; ok {
				views[i].Home = &home
			}
		}
		return views, nil
	})
}

// Roll is the roster of a body on a day, with those who are temporarily here.
type Roll struct {
	Organization org.ID
	Body         org.Body
	On           calendar.Date
	Roster       []Person
	Temporary    []Person
	Table        Table // who counts on that day
}

// Roster returns the roster of the body of the organisation; a nil day is today.
//
// Faults: organization_unknown, forbidden, body_not_possible.
func (s *Service) Roster(ctx context.Context, actor auth.Actor, id org.ID, body org.Body, on *calendar.Date) (Roll, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Roll, error) {
		if err := org.Authorize(ctx, tx, actor, auth.MemberRead, id); err != nil {
			return Roll{}, err
		}
		place, err := org.Find(ctx, tx, id)
		if err != nil {
			return Roll{}, err
		}
		if !place.Kind.May(body) {
			var f fault.Fields
			f.Param(false, "body", "body_not_possible", fault.Args{"body": body, "kind": place.Kind})
			return Roll{}, f.Err(fault.Invalid, "member_invalid")
		}
		day := tx.Today()
		if on != nil {
			day = *on
		}
		roster, err := RosterOn(ctx, tx, id, body, day)
		if err != nil {
			return Roll{}, err
		}
		temporary, err := TemporaryOn(ctx, tx, id, day)
		if err != nil {
			return Roll{}, err
		}
		table, err := s.counts(day)
		return Roll{id, body, day, roster, temporary, table}, err
	})
}
