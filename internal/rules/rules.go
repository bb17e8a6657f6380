package rules

import (
	"sochibo/internal/calendar"
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

// Set is one dated rule set. To is the last day on which it is in force, nil while it still is.
type Set struct {
	ID             string
	Title          string
	From           calendar.Date
	To             *calendar.Date
	Sources        []string
	AttendanceBase string
	Obligations    []Obligation
	ContentItems   []string
	Deadlines      Deadlines
}

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

// Book is the run of rule sets, in the order of their dates.
type Book struct {
	sets []Set
}

// Sets returns every rule set, the oldest first.
func (b *Book) Sets() []Set { return append([]Set(nil), b.sets...) }

// On returns the set in force on the day. The sets leave no day out.
func (b *Book) On(day calendar.Date) Set {
	for _, s := range b.sets {
		if s.To == nil || !s.To.Before(day) {
			return s
		}
	}
	return b.sets[len(b.sets)-1]
}

// Within returns the sets in force on any day of the period, the oldest first.
func (b *Book) Within(period calendar.Period) []Set {
	var in []Set
	for _, s := range b.sets {
		if (calendar.Span{From: s.From, To: s.To}).Overlaps(period.Span()) {
			in = append(in, s)
		}
	}
	return in
}

// Owes reports whether the set in force on the last day of the month asks for the session.
func (b *Book) Owes(kind org.Kind, body org.Body, rhythm Rhythm, form string, month calendar.Month) bool {
	return b.On(month.Last()).Owes(kind, body, rhythm, form)
}
