package ledger

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Service reads the book for auditors.
type Service struct {
	db *database.DB
}

// New returns the service.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// Filter narrows a list of entries. Organization finds what was posted through it, by the tree of the time.
type Filter struct {
	Organization org.ID
	From, To     calendar.Month
	Body         org.Body
	Basis        Basis
	Source       Source
	SourceID     uuid.UUID
	Standing     bool // leave out reversals and what they reverse
	Page         httpapi.Page
}

// Entries lists entries in the order of their numbers.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Entries(ctx context.Context, actor auth.Actor, f Filter) ([]Entry, *string, error) {
	type page struct {
		entries []Entry
		next    *string
	}
	out, err := database.Read(ctx, s.db, func(tx *database.Tx) (page, error) {
		if f.Organization != Total {
			if err := org.Authorize(ctx, tx, actor, auth.LedgerRead, f.Organization); err != nil {
				return page{}, err
			}
		} else if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.LedgerRead); err != nil {
			return page{}, err
		}
		sight, err := org.Scope(ctx, tx, actor, auth.LedgerRead)
		if err != nil {
			return page{}, err
		}
		entries, err := list(ctx, tx, sight, f)
		if err != nil {
			return page{}, err
		}
		var p page
		p.entries, p.next = httpapi.Cut(entries, f.Page, func(e Entry) []string { return []string{strconv.FormatInt(e.Number, 10)} })
		return p, nil
	})
	return out.entries, out.next, err
}

// Verify recounts the book and returns what does not add up.
func (s *Service) Verify(ctx context.Context) ([]Mismatch, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Mismatch, error) { return Verify(ctx, tx) })
}
