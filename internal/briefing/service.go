package briefing

import (
	"context"
	"slices"
	"strconv"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Service holds the use cases of briefings.
type Service struct {
	db *database.DB
}

// New returns the service.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// Input is a briefing to be issued.
type Input struct {
	ID    ID // zero: a new one
	Code  *string
	Month calendar.Month
	Title string
	Lines []Line
}

// Issue adds a briefing of the organisation.
//
// Faults: organization_unknown, forbidden, briefing_invalid (field_required, word_unknown, text_too_long, list_too_long, address_malformed,
// reference_unknown), id_taken, code_taken.
func (s *Service) Issue(ctx context.Context, actor auth.Actor, by org.ID, in Input) (Briefing, error) {
	return audit.Write(ctx, s.db, actor.Act("briefing.issue"), func(tx *database.Tx) (Briefing, error) {
		if err := org.Authorize(ctx, tx, actor, auth.RegistryWrite, by); err != nil {
			return Briefing{}, err
		}
		b := Briefing{
			ID: in.ID, Code: in.Code, OrganizationID: by, Month: in.Month, Title: in.Title, Lines: slices.Clone(in.Lines), Version: 1,
			CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if b.ID == (ID{}) {
			b.ID = NewID()
		}
		if err := check(ctx, tx, &b); err != nil {
			return Briefing{}, err
		}
		return b, insert(ctx, tx, &b)
	})
}

// check tidies the briefing and refuses what is wrong with it, unknown directives among it.
func check(ctx context.Context, tx *database.Tx, b *Briefing) error {
	var f fault.Fields
	b.tidy(&f)
	known, err := directive.LookupAll(ctx, tx, b.directives())
	if err != nil {
		return err
	}
	for i, line := range b.Lines {
		if line.DirectiveID != nil {
			_, ok := known[*line.DirectiveID]
			f.Check(ok, "/lines/"+strconv.Itoa(i)+"/directive_id", "reference_unknown")
		}
	}
	return f.Err(fault.Invalid, "briefing_invalid")
}

// Get returns a briefing that the actor sees, with its lines. Faults: briefing_unknown, forbidden.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (Briefing, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Briefing, error) { return Seen(ctx, tx, actor, id) })
}

// Change is what an edit alters; what is not set stays.
type Change struct {
	Code  httpapi.Optional[string]
	Month httpapi.Optional[calendar.Month]
	Title httpapi.Optional[string]
	Lines []Line // nil: as they are
}

// apply alters the briefing; null empties what may not be empty, which the check then refuses.
func (c Change) apply(b *Briefing) {
	c.Code.Apply(&b.Code)
	if c.Month.Set {
		b.Month = c.Month.Value
	}
	if c.Title.Set {
		b.Title = c.Title.Value
	}
	if c.Lines != nil {
		b.Lines = slices.Clone(c.Lines)
	}
}

// Edit changes a briefing if match is the current version.
//
// Faults: briefing_unknown, forbidden, version_stale, code_taken, briefing_invalid as in Issue.
func (s *Service) Edit(ctx context.Context, actor auth.Actor, id ID, match int64, change Change) (Briefing, error) {
	return audit.Write(ctx, s.db, actor.Act("briefing.edit"), func(tx *database.Tx) (Briefing, error) {
		b, err := Seen(ctx, tx, actor, id)
		if err != nil {
			return Briefing{}, err
		}
		if err := org.AuthorizeSeen(ctx, tx, actor, auth.RegistryWrite, b.OrganizationID); err != nil {
			return Briefing{}, err
		}
		if b.Version != match {
			return Briefing{}, stale(ctx, tx, id)
		}
		change.apply(&b)
		if err := check(ctx, tx, &b); err != nil {
			return Briefing{}, err
		}
		if err := save(ctx, tx, &b); err != nil {
			return Briefing{}, err
		}
		return b, nil
	})
}

// Offered returns the briefings that an organisation is offered, of one month or, for the zero month, of all, the latest month first and
// within a month the highest organisation first. Faults: organization_unknown, forbidden.
func (s *Service) Offered(ctx context.Context, actor auth.Actor, to org.ID, month calendar.Month) ([]Briefing, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Briefing, error) {
		if err := org.Authorize(ctx, tx, actor, auth.RegistryRead, to); err != nil {
			return nil, err
		}
		return For(ctx, tx, to, month)
	})
}
