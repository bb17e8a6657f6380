package calendar

import (
	"iter"

	"sochibo/internal/fault"
)

// LongestPeriod is how many months one question may span.
const LongestPeriod = 600

// The faults of a period.
var (
	ErrPeriodReversed = fault.New(fault.Malformed, "period_reversed")
	ErrPeriodTooLong  = fault.With(fault.New(fault.Malformed, "period_too_long"), fault.Args{"limit": LongestPeriod})
)

// Period is a run of months, both ends included.
type Period struct {
	From Month `json:"from"`
	To   Month `json:"to"`
}

// ParsePeriod reads two months, or fails with ErrMonth, ErrPeriodReversed or ErrPeriodTooLong.
func ParsePeriod(from, to string) (Period, error) {
	first, err := ParseMonth(from)
	if err != nil {
		return Period{}, err
	}
	last, err := ParseMonth(to)
	if err != nil {
		return Period{}, err
	}
	return NewPeriod(first, last)
}

// NewPeriod returns the period between two months, or fails with ErrPeriodReversed or ErrPeriodTooLong.
func NewPeriod(from, to Month) (Period, error) {
	p := Period{From: from, To: to}
	switch {
	case p.Months() < 1:
		return Period{}, ErrPeriodReversed
	case p.Months() > LongestPeriod:
		return Period{}, ErrPeriodTooLong
	}
	return p, nil
}

// Months returns how many months the period has.
func (p Period) Months() int { return p.To.Sub(p.From) + 1 }

// All returns the months of the period in order.
func (p Period) All() iter.Seq[Month] {
	return func(yield func(Month) bool) {
		for m := p.From; !m.After(p.To); m = m.Add(1) {
			if !yield(m) {
				return
			}
		}
	}
}

// Quarters returns the quarters that lie wholly within the period.
func (p Period) Quarters() iter.Seq[Quarter] {
	return func(yield func(Quarter) bool) {
		for q := p.From.Add(2).Quarter(); !q.Last().After(p.To); q = q.Add(1) {
			if !yield(q) {
				return
			}
		}
	}
}

// Contains reports whether the month lies in the period.
func (p Period) Contains(m Month) bool { return !m.Before(p.From) && !m.After(p.To) }

// First returns the first day of the period.
func (p Period) First() Date { return p.From.First() }

// Last returns the last day of the period.
func (p Period) Last() Date { return p.To.Last() }

// Span returns the period as a span of days.
func (p Period) Span() Span {
	last := p.Last()
	return Span{From: p.First(), To: &last}
}

// String returns the two months with a slash, as ISO 8601 writes intervals.
func (p Period) String() string { return p.From.String() + "/" + p.To.String() }
