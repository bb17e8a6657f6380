package member

import "slices"

// Standing says how a member on a roll counts.
type Standing string

// The standings.
const (
	Base      Standing = "base"      // on the roster and in the attendance base
	Roster    Standing = "roster"    // on the roster, outside the base
	Temporary Standing = "temporary" // not on the roster, but temporarily here
)

// Person is a member as of one day: what makes them count, and the offices held that day in the organisation asked about.
// Official and Probationary are both false when neither date of the member says.
type Person struct {
	Member       Member
	Official     bool
	Probationary bool
	Statuses     []StatusKind
	Offices      []OfficeKind
}

// Has reports whether one of the statuses holds.
func (p Person) Has(kinds ...StatusKind) bool {
	return slices.ContainsFunc(p.Statuses, func(s StatusKind) bool { return slices.Contains(kinds, s) })
}

// StandingIf returns how a member of the roster counts when present or not: suspension, detention and special duty keep out of the
// base always, exemption and being away only the absent.
func (p Person) StandingIf(present bool) Standing {
	switch {
	case p.Has(Suspended, Detained, SpecialDuty):
		return Roster
	case p.Has(Exempt, TemporarilyAway) && !present:
		return Roster
	default:
		return Base
	}
}

// Votes reports whether the person is in the vote base: official members, present or not; the exempt and the away only when
// present; special duty does not take the vote, suspension and detention do.
func (p Person) Votes(present bool) bool {
	switch {
	case !p.Official, p.Has(Suspended, Detained):
		return false
	case p.Has(Exempt, TemporarilyAway):
		return present
	default:
		return true
	}
}

// VoteBase counts the members of a roster who are in the vote base, given who was present.
func VoteBase(roster []Person, present func(ID) bool) int {
	base := 0
	for _, p := range roster {
		if p.Votes(present(p.Member.ID)) {
			base++
		}
	}
	return base
}
