package calendar

// Span is a run of days during which something holds: To is the last day, and nil means still in force.
type Span struct {
	From Date  `json:"from"`
	To   *Date `json:"to"`
}

// Valid reports whether the span has a first day and does not end before it.
func (s Span) Valid() bool { return !s.From.IsZero() && (s.To == nil || !s.To.Before(s.From)) }

// Open reports whether the span has no end.
func (s Span) Open() bool { return s.To == nil }

// Contains reports whether the day lies in the span.
func (s Span) Contains(day Date) bool {
	return !day.Before(s.From) && (s.To == nil || !day.After(*s.To))
}

// Overlaps reports whether the spans share a day.
func (s Span) Overlaps(other Span) bool {
	_, shared := s.Intersect(other)
	return shared
}

// Intersect returns the days both spans share, and whether there are any.
func (s Span) Intersect(other Span) (Span, bool) {
	shared := Span{From: s.From, To: earlier(s.To, other.To)}
	if other.From.After(shared.From) {
		shared.From = other.From
	}
	if !s.Valid() || !other.Valid() || !shared.Valid() {
		return Span{}, false
	}
	return shared, true
}

// Covers reports whether the span holds on every day of the month.
func (s Span) Covers(m Month) bool {
	return s.Valid() && s.Contains(m.First()) && s.Contains(m.Last())
}

// Equal reports whether both spans hold on the same days.
func (s Span) Equal(other Span) bool {
	if s.From != other.From || s.Open() != other.Open() {
		return false
	}
	return s.Open() || *s.To == *other.To
}

// String returns the two days with a slash; an open span ends with two dots.
func (s Span) String() string {
	if s.To == nil {
		return s.From.String() + "/.."
	}
	return s.From.String() + "/" + s.To.String()
}

// earlier returns the earlier of two last days, where nil is for ever.
func earlier(a, b *Date) *Date {
	if a == nil || b != nil && b.Before(*a) {
		a = b
	}
	if a == nil {
		return nil
	}
	day := *a
	return &day
}
