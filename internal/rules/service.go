package rules

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// ErrUnknown says that there is no such rule set.
var ErrUnknown = fault.New(fault.NotFound, "rule_set_unknown")

// Service shows the rule sets.
type Service struct {
	db   *database.DB
	book *Book
}

// New returns the service over the sets of a book.
func New(db *database.DB, book *Book) *Service { return &Service{db, book} }

// Book returns the sets that the service shows.
func (s *Service) Book() *Book { return s.book }

// List returns every rule set.
func (s *Service) List() []Set { return s.book.All() }

// Get returns a rule set.
//
// Faults: rule_set_unknown.
func (s *Service) Get(id string) (Set, error) {
	set, known := s.book.Find(id)
	if !known {
		return Set{}, ErrUnknown
	}
	return set, nil
}

// Holding returns the rule set in force for an organisation on a day, by the tree of that day; a zero day is today, a zero
// organisation asks for the set of the country.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Holding(ctx context.Context, actor auth.Actor, id org.ID, on calendar.Date) (Set, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Set, error) {
		if on.IsZero() {
			on = tx.Today()
		}
		if id == (org.ID{}) {
			return s.book.On(on), nil
		}
		if err := org.Authorize(ctx, tx, actor, auth.OrganizationRead, id); err != nil {
			return Set{}, err
		}
		return s.book.Holding(ctx, tx, id, on)
	})
}
