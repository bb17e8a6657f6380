package rules

import (
	"sochibo/internal/calendar"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Rhythm is how often something is due.
type Rhythm string

// The rhythms that a rule set may ask for.
const (
	Monthly   Rhythm = "monthly"
	Quarterly Rhythm = "quarterly"
)

// Obligation says that a body of organisations of these kinds owes a session in every month or quarter. An empty Form
// stands for the regular session.
type Obligation struct {
	Body   org.Body   `yaml:"body"`
	Kinds  []org.Kind `yaml:"kinds"`
	Rhythm Rhythm     `yaml:"rhythm"`
	Form   string     `yaml:"form"`
}

// Minutes are how long a session has to last, 0 where the set asks for nothing: one form, and two forms in one sitting.
type Minutes struct {
	Single   int `yaml:"single"`
	Combined int `yaml:"combined"`
}

// Required returns how long a sitting has to last.
func (m Minutes) Required(combined bool) int {
	if combined {
		return m.Combined
	}
	return m.Single
}

// Deadlines are the days by which a month is registered, the documents of a session are posted, and its record is in; nil where the set
// names none.
type Deadlines struct {
	Registration *int `yaml:"registration_day"`      // day of the month before; the last day of a shorter month
	Documents    *int `yaml:"documents_days_before"` // days before the session
	Record       *int `yaml:"record_days_after"`     // days after the session
}

// Set is one dated rule set. To is the last day on which it is in force, nil while it still is. A local set has a parent, which it
// takes everything from that it does not replace, and holds for the organisation of the code and all that stands below it.
type Set struct {
	ID             string
	Title          string
	Parent         string
	Organization   string
	From           calendar.Date
	To             *calendar.Date
	Sources        []string
	AttendanceBase string
	Obligations    []Obligation
	ContentItems   []string
	Minutes        Minutes
	Deadlines      Deadlines
	Standing       member.Table
	Adoption       []Adoption
	Rubric         *Rubric
	SHA256         string // of the file, in hexadecimal digits

	rubric *fileRubric // as it was written, for local sets to replace parts of
}

// Span returns the days on which the set is in force.
func (s Set) Span() calendar.Span { return calendar.Span{From: s.From, To: s.To} }

// Owes reports whether the set asks the body of an organisation of this kind for a session of the form in this rhythm.
// The form is empty for the regular session.
func (s Set) Owes(kind org.Kind, body org.Body, rhythm Rhythm, form string) bool {
	for _, o := range s.Obligations {
		if o.Body != body || o.Rhythm != rhythm || o.Form != form {
			continue
		}
		for _, k := range o.Kinds {
			if k == kind {
				return true
			}
		}
	}
	return false
}

// Takes returns how many votes it takes by the rule of the name; known is false for a rule the set does not have.
func (s Set) Takes(rule string) (a Adoption, known bool) {
	for _, a := range s.Adoption {
		if a.Rule == rule {
			return a, true
		}
	}
	return Adoption{}, false
}

// Adoption is how many votes of a base it takes.
type Adoption struct {
	Rule string
	Least
}

// The rules of adoption that every set has.
const (
	MoreThanHalf = "more_than_half"
	TwoThirds    = "two_thirds"
)

// Enough reports whether the votes are enough. It compares whole numbers, never rounded shares.
func (a Adoption) Enough(yes, base int64) bool { return base > 0 && a.holds(yes, base) }

// Needed returns the fewest votes that are enough.
func (a Adoption) Needed(base int64) int64 {
	needed := base * a.N / a.D
	if a.Above || needed*a.D < base*a.N {
		needed++
	}
	return needed
}
