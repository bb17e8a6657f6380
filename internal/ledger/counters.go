package ledger

// Counters are the additive figures of an entry or a balance. All of them are counts, Minutes is a duration in minutes.
// The fields have the order of the columns; cells keeps the two together.
type Counters struct {
	// Sessions by form, and sittings: a combined sitting is one regular and one thematic session, and one sitting.
	Regular, Thematic, Extraordinary, Sittings int64
	// The roll over everybody on the roster, and over the attendance base (eligible).
	Roster, RosterPresent, RosterExcused, RosterUnexcused         int64
	Eligible, EligiblePresent, EligibleExcused, EligibleUnexcused int64
	// Recorded persons who are here for a time, guests, distinct speakers.
	Temporary, Guests, Speakers int64
	// Minutes is the sum of the known durations, Timed the number of sittings whose duration is known.
	Minutes, Timed int64
	// Due is posted in steps: +1 in the first month in which a session is due, −1 in the first in which it no longer
	// is; what is due in a month is the sum of the steps up to it. Excused, Covered and Reported stand in their month.
	Due, Excused, Covered, Reported int64
	// Quarters stand at the first month of their quarter. QuartersDue is posted in steps like Due and holds once the
	// quarter has ended; the figures with 1 and 2 hold while only so many of its months have.
	QuartersDue1, QuartersDue2, QuartersDue             int64
	QuartersCovered1, QuartersCovered2, QuartersCovered int64
	// Inspections: rounds, and their objects.
	Rounds, InspectedOrganizations, InspectedMembers int64
	// What of the above rests on totals without a roll: sittings, and their part of roster, base, and excused within the base; and the
	// sittings whose text is kept on paper.
	TotalsSittings, TotalsRoster, TotalsEligible, TotalsExcused, PaperSittings int64
}

// columns names the columns of the counters in the order of the fields.
var columns = [...]string{
	"regular", "thematic", "extraordinary", "sittings",
	"roster", "roster_present", "roster_excused", "roster_unexcused",
	"eligible", "eligible_present", "eligible_excused", "eligible_unexcused",
	"temporary", "guests", "speakers", "minutes", "timed",
	"due", "excused", "covered", "reported",
	"quarters_due1", "quarters_due2", "quarters_due", "quarters_covered1", "quarters_covered2", "quarters_covered",
	"rounds", "inspected_organizations", "inspected_members",
	"totals_sittings", "totals_roster", "totals_eligible", "totals_excused", "paper_sittings",
}

// firstColumns is how many of the columns there were from the beginning; entries that count nothing of the later ones are sealed as they
// were before there was more to count.
const firstColumns = 30

// cells returns the fields in the order of columns.
func (c *Counters) cells() [len(columns)]*int64 {
	return [...]*int64{
		&c.Regular, &c.Thematic, &c.Extraordinary, &c.Sittings,
		&c.Roster, &c.RosterPresent, &c.RosterExcused, &c.RosterUnexcused,
		&c.Eligible, &c.EligiblePresent, &c.EligibleExcused, &c.EligibleUnexcused,
		&c.Temporary, &c.Guests, &c.Speakers, &c.Minutes, &c.Timed,
		&c.Due, &c.Excused, &c.Covered, &c.Reported,
		&c.QuartersDue1, &c.QuartersDue2, &c.QuartersDue, &c.QuartersCovered1, &c.QuartersCovered2, &c.QuartersCovered,
		&c.Rounds, &c.InspectedOrganizations, &c.InspectedMembers,
		&c.TotalsSittings, &c.TotalsRoster, &c.TotalsEligible, &c.TotalsExcused, &c.PaperSittings,
	}
}

// Plus returns the sum of both.
func (c Counters) Plus(other Counters) Counters {
	mine, theirs := c.cells(), other.cells()
	for i := range mine {
		*mine[i] += *theirs[i]
	}
	return c
}

// Minus returns what c has more than other.
func (c Counters) Minus(other Counters) Counters { return c.Plus(other.Negated()) }

// Negated returns the counters of the reversal.
func (c Counters) Negated() Counters {
	for _, cell := range c.cells() {
		*cell = -*cell
	}
	return c
}

// IsZero reports whether every counter is 0.
func (c Counters) IsZero() bool { return c == Counters{} }

// Named returns the counters that are not 0, by the names of their columns.
func (c Counters) Named() map[string]int64 {
	named := map[string]int64{}
	for i, cell := range c.cells() {
		if *cell != 0 {
			named[columns[i]] = *cell
		}
	}
	return named
}

// obligations keeps what Settle posts and drops the rest.
func (c Counters) obligations() Counters {
	return Counters{
		Due: c.Due, Excused: c.Excused, Covered: c.Covered, Reported: c.Reported,
		QuartersDue1: c.QuartersDue1, QuartersDue2: c.QuartersDue2, QuartersDue: c.QuartersDue,
		QuartersCovered1: c.QuartersCovered1, QuartersCovered2: c.QuartersCovered2, QuartersCovered: c.QuartersCovered,
	}
}
