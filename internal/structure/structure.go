package structure

import (
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// The faults of the acts.
var (
	// ErrContradicted tells that counted meetings lie outside the life the organisation would have; its fields name them.
	ErrContradicted = fault.New(fault.Conflict, "counted_meetings_outside")
	// ErrInUse tells that members, offices or organisations below would be left without a home.
	ErrInUse       = fault.New(fault.Conflict, "organization_in_use")
	ErrPartUnknown = fault.New(fault.NotFound, "organization_part_unknown")
	ErrExcused     = fault.New(fault.Conflict, "month_excused_already")
	ErrDissolved   = fault.New(fault.Conflict, "organization_dissolved_already")
	errNotTheWhole = fault.New(fault.Forbidden, "forbidden")
)

// FoundInput is a new organisation. Without a parent it is a root, which only administrators of the installation found.
type FoundInput struct {
	Organization org.Organization
	ParentID     *org.ID
}

// Change is what an edit sets; fields that are not Set stay.
type Change struct {
	Apply     func(*org.Organization)
	FoundedOn bool // the founding day is among the changes
}

// MoveInput places an organisation below another from a day on. Without To it stays there for good.
type MoveInput struct {
	ParentID org.ID
	From     calendar.Date
	To       *calendar.Date
}

func (in MoveInput) span() calendar.Span { return calendar.Span{From: in.From, To: in.To} }

// DissolveInput ends an organisation; On is its last day. With Into, its members and the organisations below it go over
// to another one on the next day.
type DissolveInput struct {
	On   calendar.Date
	Into *org.ID
}

// TermInput puts a committee or commission into office.
type TermInput struct {
	Body org.Body
	From calendar.Date
	To   *calendar.Date
}

func (in TermInput) span() calendar.Span { return calendar.Span{From: in.From, To: in.To} }

// ExcuseInput sets a due month of a body aside.
type ExcuseInput struct {
	Body   org.Body
	Month  calendar.Month
	Reason *string
}

func invalid(pointer, code string, args ...fault.Args) error {
	var f fault.Fields
	f.Check(false, pointer, code, args...)
	return f.Err(fault.Invalid, "organization_invalid")
}

// checkSpan notes a span that is missing its first day or ends before it begins.
func checkSpan(f *fault.Fields, span calendar.Span) {
	if f.Check(!span.From.IsZero(), "/from", "field_required") {
		f.Check(span.To == nil || !span.To.Before(span.From), "/to", "ends_before_start")
	}
}

// within notes days of the span on which the organisation does not live.
func within(o org.Organization, span calendar.Span) error {
	if !o.ExistsOn(span.From) {
		return invalid("/from", "outside_organization_life", fault.Args{"organization": o.Name})
	}
	if o.DissolvedOn != nil && (span.To == nil || span.To.After(*o.DissolvedOn)) {
		return invalid("/to", "outside_organization_life", fault.Args{"organization": o.Name})
	}
	return nil
}
