package member

import "slices"

// When says when somebody counts.
type When string

// The answers, from the most to the least.
const (
	Always    When = "always"
	IfPresent When = "if_present"
	Never     When = "never"
)

// Whens returns every answer, the least first.
func Whens() []When { return []When{Never, IfPresent, Always} }

// What a member is by the days of admission, as a Table names it beside the statuses. Undated is a member of whom neither is known.
const (
	Official     = "official"
	Probationary = "probationary"
	Undated      = "undated"
)

// Row is one line of a table: when such a member is in the attendance base, and when in the vote base.
type Row struct {
	Base When `yaml:"base" json:"base"`
	Vote When `yaml:"vote" json:"vote"`
}

// Table says who counts, by what a member is on the day. It is data of a rule set; where several lines hold, the least counts.
type Table map[string]Row

// TableWords returns what a table has a line for. Who is temporarily here is on no roster and counted apart, so has none.
func TableWords() []string {
	return []string{
		Official, Probationary, Undated, string(Exempt), string(TemporarilyAway), string(Suspended), string(Detained), string(SpecialDuty),
	}
}

// rows returns the lines that hold for the person.
func (t Table) rows(p Person) []Row {
	held := []Row{t[p.kind()]}
	for _, status := range p.Statuses {
		if row, is := t[string(status)]; is {
			held = append(held, row)
		}
	}
	return held
}

func (p Person) kind() string {
	switch {
	case p.Official:
		return Official
	case p.Probationary:
		return Probationary
	default:
		return Undated
	}
}

// Standing returns how a member of the roster counts when present or not.
func (t Table) Standing(p Person, present bool) Standing {
	for _, row := range t.rows(p) {
		if !row.Base.holds(present) {
			return Roster
		}
	}
	return Base
}

// Votes reports whether the person is in the vote base.
func (t Table) Votes(p Person, present bool) bool {
	return !slices.ContainsFunc(t.rows(p), func(row Row) bool { return !row.Vote.holds(present) })
}

func (w When) holds(present bool) bool { return w == Always || w == IfPresent && present }
