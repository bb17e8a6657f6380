package study

import (
	"cmp"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/org"
)

// State is where a cell stands with a directive.
type State string

// The states. Studied and late: it was taken up in a counted session, by the day or after it; waiting and overdue: it has to be, and was not,
// before the day has passed or after; not studied: nobody requires it.
const (
	Studied    State = "studied"
	Late       State = "late"
	Waiting    State = "waiting"
	Overdue    State = "overdue"
	NotStudied State = "not_studied"
)

// States returns every state.
func States() []State { return []State{Studied, Late, Waiting, Overdue, NotStudied} }

// Cell is an organisation with a cell, and the counted sessions in which it studied a directive.
type Cell struct {
	org.Organization

	Requirement *directive.Requirement // the one with the earliest day among those of the cell and of all above it
	Sessions    []Session
	State       State
	Seen        bool // the caller may read the organisation; of another, the id alone is shown
}

// judged says where each cell stands; chains names for every cell what stands above it, itself first.
func judged(cells []org.Organization, chains map[org.ID][]org.ID, required []directive.Requirement, sessions []Session, today calendar.Date) []Cell {
	of := map[org.ID][]Session{}
	for _, s := range sessions {
		of[s.OrganizationID] = append(of[s.OrganizationID], s)
	}
	rows := make([]Cell, len(cells))
	for i, o := range cells {
		rows[i] = Cell{Organization: o, Sessions: of[o.ID]}
		for _, r := range required { // the earliest day first
			if slices.Contains(chains[o.ID], r.OrganizationID) {
				rows[i].Requirement = &r
				break
			}
		}
		rows[i].State = rows[i].judge(today)
	}
	return rows
}

// judge says where the cell stands.
func (c Cell) judge(today calendar.Date) State {
	if len(c.Sessions) > 0 {
		first := slices.MinFunc(c.Sessions, func(a, b Session) int { return cmp.Compare(a.HeldOn.Sub(b.HeldOn), 0) })
		if c.Requirement != nil && first.HeldOn.After(c.Requirement.StudyBy) {
			return Late
		}
		return Studied
	}
	switch {
	case c.Requirement == nil:
		return NotStudied
	case c.Requirement.Missed(today):
		return Overdue
	default:
		return Waiting
	}
}
