package meeting

import (
	"slices"

	"sochibo/internal/member"
)

// Numbers are the numbers block of a record: who belongs to the body, who counts, who came. Expected and what follows it to NotRecorded
// is the attendance base; OutsideBase are those of the roster who stand outside of it.
type Numbers struct {
	Roster, Official, Probationary              int
	Exempt, Away, Suspended, SpecialDuty        int
	Expected, Present, Excused, Unexcused       int
	NotRecorded, OutsideBase, PresentOutside    int
	Late, LeftEarly, Remote, Temporary, Speaker int
	Guests                                      *int
	VoteBase                                    *int
	BaseFrom                                    *BaseSource
	Absent                                      []RollRow
	TotalsOnly, OnPaper                         bool
	official, probationary                      *int // as far as they are known
}

// NumbersOf computes the block from a record: from its roll, or from its totals where there is no roll.
func NumbersOf(r Record) Numbers {
	n := Numbers{Guests: r.Guests, OnPaper: r.Paper != nil}
	if base, from := baseOf(r); base != nil {
		n.VoteBase, n.BaseFrom = base, &from
	}
	if t := r.Totals; t != nil {
		n.TotalsOnly = true
		n.Roster, n.Official, n.Probationary = t.Roster, value(t.Official), value(t.Probationary)
		n.official, n.probationary = t.Official, t.Probationary
		n.Expected, n.Present, n.Excused, n.Unexcused = t.Expected, t.Present, t.Excused, t.Unexcused
		n.NotRecorded, n.OutsideBase, n.Temporary = t.notRecorded(), t.Roster-t.Expected, t.Temporary
		return n
	}
	for _, row := range r.Roll {
		n.add(row)
	}
	n.Speaker = int(speakers(r))
	return n
}

func (n *Numbers) add(row RollRow) {
	here := row.Status == Present
	n.Late += count(here, row.Late)
	n.LeftEarly += count(here, row.LeftEarly)
	n.Remote += count(here, row.Remote)
	if row.Standing == member.Temporary {
		n.Temporary++
		return
	}
	n.Roster++
	n.Official += int(one(row.Official))
	n.Probationary += int(one(row.Probationary))
	has := func(kinds ...member.StatusKind) int {
		return int(one(slices.ContainsFunc(kinds, func(k member.StatusKind) bool { return slices.Contains(row.Statuses, k) })))
	}
	n.Exempt += has(member.Exempt)
	n.Away += has(member.TemporarilyAway)
	n.Suspended += has(member.Suspended, member.Detained)
	n.SpecialDuty += has(member.SpecialDuty)
	if !here {
		n.Absent = append(n.Absent, row)
	}
	if row.Standing != member.Base {
		n.OutsideBase++
		n.PresentOutside += int(one(here))
		return
	}
	n.Expected++
	n.Present += int(one(here))
	n.Excused += int(one(row.Status == Excused))
	n.Unexcused += int(one(row.Status == Unexcused))
	n.NotRecorded += int(one(row.Status == NotRecorded))
}

// count counts a flag of somebody who was there.
func count(here bool, flag *bool) int { return int(one(here && flag != nil && *flag)) }
