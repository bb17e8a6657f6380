package meeting

import (
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// Totals are the numbers of a session whose roll is not known, and why it is not. What expected has more than present, excused and
// unexcused was not recorded.
type Totals struct {
	MeetingID    ID     `gorm:"primaryKey;autoIncrement:false" json:"-"`
	Roster       int    `json:"roster"`
	Official     *int   `json:"official"`
	Probationary *int   `json:"probationary"`
	Expected     int    `json:"expected"`
	Present      int    `json:"present"`
	Excused      int    `json:"excused"`
	Unexcused    int    `json:"unexcused"`
	Temporary    int    `json:"temporary"`
	Reason       string `json:"reason"`
}

// notGiven stands for a number that a request must give and does not.
const notGiven = -1

// TableName names the table.
func (Totals) TableName() string { return "meeting_totals" }

// notRecorded is how many of those expected nothing is known of.
func (t Totals) notRecorded() int { return t.Expected - t.Present - t.Excused - t.Unexcused }

// check cleans the reason and notes what does not fit together. The rules are those of the import of folders.
func (t *Totals) check(f *fault.Fields, at string) {
	before := f.Len()
	for _, count := range []struct {
		name string
		n    *int
	}{
		{"roster", &t.Roster}, {"official", t.Official}, {"probationary", t.Probationary}, {"expected", &t.Expected},
		{"present", &t.Present}, {"excused", &t.Excused}, {"unexcused", &t.Unexcused}, {"temporary", &t.Temporary},
	} {
		if count.n == nil || f.Check(*count.n != notGiven, at+"/"+count.name, "field_required") {
			checkNumber(f, at+"/"+count.name, count.n, maxGuests)
		}
	}
	if f.Len() == before {
		for _, wrong := range t.Inconsistent() {
			f.Check(false, at+"/"+wrong.Name, wrong.Code, wrong.Args)
		}
	}
	text.CleanLinesAt(f, at+"/reason", &t.Reason, maxReason)
	f.Check(t.Reason != "", at+"/reason", "field_required")
}

// Misfit is a number of totals that does not fit the others.
type Misfit struct {
	Name, Code string
	Args       fault.Args
}

// Inconsistent returns every number that does not fit the others: official and probationary members are the roster, nobody is expected
// who is not on it, and no more came or stayed away than were expected.
//
//fault:codes totals_over_roster totals_over_expected totals_not_roster
func (t Totals) Inconsistent() []Misfit {
	var found []Misfit
	if sum := value(t.Official) + value(t.Probationary); sum > t.Roster || t.Official != nil && t.Probationary != nil && sum != t.Roster {
		name := "official"
		if t.Official == nil {
			name = "probationary"
		}
		found = append(found, Misfit{name, "totals_not_roster", fault.Args{"sum": sum, "roster": t.Roster}})
	}
	if t.Expected > t.Roster {
		found = append(found, Misfit{"expected", "totals_over_roster", fault.Args{"expected": t.Expected, "roster": t.Roster}})
	}
	if sum := t.Present + t.Excused + t.Unexcused; sum > t.Expected {
		found = append(found, Misfit{"present", "totals_over_expected", fault.Args{"sum": sum, "expected": t.Expected}})
	}
	return found
}

// TotalsAllowed reports whether a session of that month and day may be entered by its totals alone: only once both months have ended.
// Until then the roll can still be taken.
func TotalsAllowed(period calendar.Month, heldOn, today calendar.Date) bool {
	return period.Ended(today) && heldOn.Month().Ended(today)
}

// totals returns the totals of the content as rows, none or one.
func (c *Content) totals(id ID) []Totals {
	if c.Totals == nil {
		return nil
	}
	row := *c.Totals
	row.MeetingID = id
	return []Totals{row}
}

// checkTotals notes totals of a month that still runs, and totals beside a roll.
func (d *draft) checkTotals(f *fault.Fields, today calendar.Date) {
	if d.content.Totals == nil {
		return
	}
	f.Check(TotalsAllowed(d.meeting.PeriodMonth, d.meeting.HeldOn, today), "/totals", "totals_not_past", fault.Args{"today": today.String()})
	f.Check(len(d.rows) == 0, "/totals", "totals_and_roll")
}
