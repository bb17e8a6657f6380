package summary

import (
	"strconv"

	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// Percent is a share in tenths of a per cent, written with one decimal.
type Percent int64

// MarshalJSON writes the share as a number of per cent, 92.7 for 927 tenths.
func (p Percent) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(append(strconv.AppendInt(nil, int64(p)/10, 10), '.'), int64(p)%10, 10), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Percent) UnmarshalJSON(data []byte) error {
	f, err := strconv.ParseFloat(string(data), 64)
	*p = Percent(f*10 + 0.5)
	return err
}

// Ratio is a share as its two counts, and in per cent half up to one decimal; 0/0 has no per cent.
type Ratio struct {
	Numerator   int64    `json:"numerator" example:"1236"`
	Denominator int64    `json:"denominator" example:"1334"`
	Percent     *Percent `json:"percent" swaggertype:"number" example:"92.7" extensions:"x-nullable"`
} //@name Ratio

// NewRatio returns the ratio of two counts.
func NewRatio(numerator, denominator int64) Ratio {
	r := Ratio{Numerator: numerator, Denominator: denominator}
	if denominator != 0 {
		tenths := Percent((2000*numerator + denominator) / (2 * denominator))
		r.Percent = &tenths
	}
	return r
}

// Sessions counts sessions by form. A combined sitting is one regular and one thematic session.
type Sessions struct {
	Regular       int64 `json:"regular" example:"12"`
	Thematic      int64 `json:"thematic" example:"0"`
	Extraordinary int64 `json:"extraordinary" example:"0"`
	Total         int64 `json:"total" example:"12"`
} //@name Sessions

// Compliance tells how many of the months in which a regular session was due had one. Open counts the obligations of
// the running month, which are not due before it ends.
type Compliance struct {
	Due     int64 `json:"due" example:"32"`
	Excused int64 `json:"excused" example:"0"`
	Covered int64 `json:"covered" example:"32"`
	Open    int64 `json:"open" example:"0"`
	Rate    Ratio `json:"rate"`
} //@name Compliance

// Quarters tells how many of the quarters in which a thematic session was due had one.
type Quarters struct {
	Due     int64 `json:"due" example:"28"`
	Covered int64 `json:"covered" example:"9"`
	Rate    Ratio `json:"rate"`
} //@name ThematicQuarters

// Attendance counts persons × sessions within the attendance base; roster counts the whole roster. Low and High bound
// the rate if everybody who was not recorded had been absent, or present.
type Attendance struct {
	Rate        Ratio `json:"rate"`
	Recorded    int64 `json:"recorded" example:"1334"`
	Low         Ratio `json:"low"`
	High        Ratio `json:"high"`
	Roster      int64 `json:"roster" example:"1374"`
	Excused     int64 `json:"excused" example:"96"`
	Unexcused   int64 `json:"unexcused" example:"2"`
	NotRecorded int64 `json:"not_recorded" example:"0"`
	Temporary   int64 `json:"temporary" example:"0"`
	Guests      int64 `json:"guests" example:"35"`
	// What of these figures rests on totals alone, and in how many sittings the text is kept on paper.
	FromTotals    FromTotals `json:"from_totals"`
	PaperSittings int64      `json:"paper_sittings" example:"0"`
} //@name AttendanceFigures

// FromTotals tells which part of the attendance has no roll behind it: sittings of which only the numbers are known, and their part of
// the base.
type FromTotals struct {
	Sittings int64 `json:"sittings" example:"0"`
	Expected int64 `json:"expected" example:"0"`
} //@name FromTotals

// Inspections counts rounds and their objects; an object in two rounds is two, and one distinct object.
type Inspections struct {
	Rounds                int64 `json:"rounds" example:"2"`
	Organizations         int64 `json:"organizations" example:"2"`
	Members               int64 `json:"members" example:"0"`
	DistinctOrganizations int64 `json:"distinct_organizations" example:"2"`
	DistinctMembers       int64 `json:"distinct_members" example:"0"`
} //@name InspectionFigures

// Coverage tells how much of what was due is in: months of bodies with any counted meeting, of those due and not excused.
type Coverage struct {
	Due      int64 `json:"due" example:"210"`
	Reported int64 `json:"reported" example:"210"`
} //@name Coverage

// Figures are the blocks of a summary or of one of its groups. Bodies without a due month or a meeting are absent.
type Figures struct {
	Sessions         map[org.Body]Sessions   `json:"sessions"`
	Sittings         map[org.Body]int64      `json:"sittings"`
	Compliance       map[org.Body]Compliance `json:"compliance"`
	ThematicQuarters Quarters                `json:"thematic_quarters"`
	Attendance       map[org.Body]Attendance `json:"attendance"`
	Inspections      Inspections             `json:"inspections"`
	Coverage         Coverage                `json:"coverage"`
} //@name Figures

// Base is the attendance base: whom a session expects.
type Base string

// The bases: those the day's standing expects (the default), everybody on the roster, or those expected and not excused.
const (
	Eligible             Base = "eligible"
	Roster               Base = "roster"
	EligibleMinusExcused Base = "eligible_minus_excused"
)

// attendance returns the figures of the counters under the base. Present, excused, unexcused and not recorded add up to
// the base, whichever it is.
func attendance(c ledger.Counters, base Base) Attendance {
	expected, present, excused, unexcused := c.Eligible, c.EligiblePresent, c.EligibleExcused, c.EligibleUnexcused
	totals := c.TotalsEligible
	switch base {
	case Roster:
		expected, present, excused, unexcused = c.Roster, c.RosterPresent, c.RosterExcused, c.RosterUnexcused
		totals = c.TotalsRoster
	case EligibleMinusExcused:
		expected, excused = expected-excused, 0
		totals -= c.TotalsExcused
	case Eligible:
	}
	missing := expected - present - excused - unexcused
	return Attendance{
		Rate: NewRatio(present, expected), Low: NewRatio(present, expected), High: NewRatio(present+missing, expected),
		Recorded: expected - missing, NotRecorded: missing, Excused: excused, Unexcused: unexcused,
		Roster: c.Roster, Temporary: c.Temporary, Guests: c.Guests,
		FromTotals: FromTotals{c.TotalsSittings, totals}, PaperSittings: c.PaperSittings,
	}
}
