package recount

import "maps"

// Figures is a summary as its JSON shows it, without the header.
type Figures struct {
	Blocks
	Groups []Group `json:"groups,omitempty"`
}

// Group is the part of a summary under one key: a month, quarter (2016-Q1), year or the code of a child.
type Group struct {
	Key string `json:"key"`
	Blocks
}

// Blocks are the figures of a summary or of one of its groups.
type Blocks struct {
	Sessions         map[string]Sessions   `json:"sessions"`
	Sittings         map[string]int        `json:"sittings"`
	Compliance       map[string]Compliance `json:"compliance"`
	ThematicQuarters Quarters              `json:"thematic_quarters"`
	Attendance       map[string]Attendance `json:"attendance"`
	Inspections      Inspections           `json:"inspections"`
	Coverage         Coverage              `json:"coverage"`
}

// Sessions counts the sessions of one body by form.
type Sessions struct {
	Regular       int `json:"regular"`
	Thematic      int `json:"thematic"`
	Extraordinary int `json:"extraordinary"`
	Total         int `json:"total"`
}

// Compliance counts the months in which one kind of body had to meet.
type Compliance struct {
	Due     int   `json:"due"`
	Excused int   `json:"excused"`
	Covered int   `json:"covered"`
	Open    int   `json:"open"`
	Rate    Ratio `json:"rate"`
}

// Quarters counts the quarters in which a thematic session was due.
type Quarters struct {
	Due     int   `json:"due"`
	Covered int   `json:"covered"`
	Rate    Ratio `json:"rate"`
}

// Attendance sums the rolls of one kind of body.
type Attendance struct {
	Rate        Ratio `json:"rate"`
	Recorded    int   `json:"recorded"`
	Low         Ratio `json:"low"`
	High        Ratio `json:"high"`
	Roster      int   `json:"roster"`
	Excused     int   `json:"excused"`
	Unexcused   int   `json:"unexcused"`
	NotRecorded int   `json:"not_recorded"`
	Temporary   int   `json:"temporary"`
	Guests      int   `json:"guests"`
	// The part that rests on totals alone, and the sittings on paper.
	FromTotals    FromTotals `json:"from_totals"`
	PaperSittings int        `json:"paper_sittings"`
}

// FromTotals counts the sittings without a roll, and their part of the base.
type FromTotals struct {
	Sittings int `json:"sittings"`
	Expected int `json:"expected"`
}

// Inspections counts rounds and what they inspected.
type Inspections struct {
	Rounds                int `json:"rounds"`
	Organizations         int `json:"organizations"`
	Members               int `json:"members"`
	DistinctOrganizations int `json:"distinct_organizations"`
	DistinctMembers       int `json:"distinct_members"`
}

// Coverage counts due body-months, and those with any counted meeting.
type Coverage struct {
	Due      int `json:"due"`
	Reported int `json:"reported"`
}

// Ratio is a rate with its numerator and denominator; Percent is nil for 0/0.
type Ratio struct {
	Numerator   int      `json:"numerator"`
	Denominator int      `json:"denominator"`
	Percent     *float64 `json:"percent"`
}

// NewRatio is the ratio with its percent, half up to one decimal.
func NewRatio(numerator, denominator int) Ratio {
	r := Ratio{Numerator: numerator, Denominator: denominator}
	if denominator != 0 {
		tenths := (2000*numerator + denominator) / (2 * denominator)
		percent := float64(tenths) / 10
		r.Percent = &percent
	}
	return r
}

// Normal is the same figures without entries that are nothing but zeros, and
// without groups of nothing else, so that two ways of showing nothing compare equal.
func (f Figures) Normal() Figures {
	out := Figures{Blocks: f.Blocks.Normal()}
	for _, g := range f.Groups {
		g.Blocks = g.Blocks.Normal()
		if !g.Blocks.empty() {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

// Normal is the same blocks without entries that are nothing but zeros.
func (b Blocks) Normal() Blocks {
	b.Sessions = withoutZeros(b.Sessions)
	b.Sittings = withoutZeros(b.Sittings)
	b.Compliance = withoutZeros(b.Compliance)
	b.Attendance = withoutZeros(b.Attendance)
	return b
}

func (b Blocks) empty() bool {
	return len(b.Sessions)+len(b.Sittings)+len(b.Compliance)+len(b.Attendance) == 0 &&
		b.ThematicQuarters == Quarters{} && b.Inspections == Inspections{} && b.Coverage == Coverage{}
}

func withoutZeros[V comparable](in map[string]V) map[string]V {
	out := maps.Clone(in)
	maps.DeleteFunc(out, func(_ string, v V) bool {
		var zero V
		return v == zero
	})
	if out == nil {
		out = map[string]V{}
	}
	return out
}
