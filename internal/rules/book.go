package rules

import (
	"context"
	"maps"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// ContentItems returns every content item that a set which comes with the program asks for, those of the oldest set first.
func ContentItems() []string {
	book, err := Embedded()
	if err != nil {
		return nil
	}
	var items []string
	for _, s := range book.sets {
		for _, item := range s.ContentItems {
			if !slices.Contains(items, item) {
				items = append(items, item)
			}
		}
	}
	return items
}

// Book is the run of rule sets, in the order of their dates, with the local ones beside them.
type Book struct {
	sets   []Set
	locals []Set
	files  map[string][]byte // by the id of the set
}

// Sets returns the rule sets of the country, the oldest first.
func (b *Book) Sets() []Set { return append([]Set(nil), b.sets...) }

// All returns every rule set, those of the country first, the oldest first.
func (b *Book) All() []Set { return append(b.Sets(), b.locals...) }

// Codes returns the ids of all sets, in order.
func (b *Book) Codes() []string { return slices.Sorted(maps.Keys(b.files)) }

// Find returns the set of the id.
func (b *Book) Find(id string) (Set, bool) {
	for _, s := range b.All() {
		if s.ID == id {
			return s, true
		}
	}
	return Set{}, false
}

// On returns the set of the country in force on the day. The sets leave no day out.
func (b *Book) On(day calendar.Date) Set {
	for _, s := range b.sets {
		if s.To == nil || !s.To.Before(day) {
			return s
		}
	}
	return b.sets[len(b.sets)-1]
}

// For returns the set in force on the day for an organisation, given its own code and those of all above it on that day, in this
// order: the local set of the nearest one that has one, else the set of the country.
func (b *Book) For(codes []string, day calendar.Date) Set {
	for _, code := range codes {
		for _, s := range b.locals {
			if s.Organization == code && s.Span().Contains(day) {
				return s
			}
		}
	}
	return b.On(day)
}

// Holding returns the set in force for the organisation on the day, by the tree of that day.
func (b *Book) Holding(ctx context.Context, tx *database.Tx, id org.ID, day calendar.Date) (Set, error) {
	if len(b.locals) == 0 {
		return b.On(day), nil
	}
	chain, err := org.ChainOn(ctx, tx, id, day)
	if err != nil {
		return Set{}, err
	}
	known, err := org.LookupAll(ctx, tx, chain)
	if err != nil {
		return Set{}, err
	}
	var codes []string
	for _, above := range chain {
		if o := known[above]; o.Code != nil {
			codes = append(codes, *o.Code)
		}
	}
	return b.For(codes, day), nil
}

// Within returns the sets of the country in force on any day of the period, the oldest first.
func (b *Book) Within(period calendar.Period) []Set {
	var in []Set
	for _, s := range b.sets {
		if s.Span().Overlaps(period.Span()) {
			in = append(in, s)
		}
	}
	return in
}

// Owes reports whether the set in force on the last day of the month asks for the session.
func (b *Book) Owes(kind org.Kind, body org.Body, rhythm Rhythm, form string, month calendar.Month) bool {
	return b.On(month.Last()).Owes(kind, body, rhythm, form)
}
