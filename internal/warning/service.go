package warning

import (
	"context"
	"slices"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// Service says what is amiss and what is owed.
type Service struct {
	db   *database.DB
	zone calendar.Zone
	book *rules.Book
}

// New returns the service over a store and the rule sets by which it judges.
func New(db *database.DB, zone calendar.Zone, book *rules.Book) *Service {
	return &Service{db: db, zone: zone, book: book}
}

// List returns a page of the warnings about an organisation and those below it today, by organisation and then by month and code. What is for
// superiors and auditors is there only where the actor may oversee.
//
// Faults: organization_unknown, forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor, f Filter, page httpapi.Page) ([]Warning, *string, error) {
	found, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]Warning, error) {
		if err := org.Authorize(ctx, tx, actor, auth.WarningRead, f.Organization); err != nil {
			return nil, err
		}
		sight, err := org.Scope(ctx, tx, actor, auth.WarningRead)
		if err != nil {
			return nil, err
		}
		above, err := org.Scope(ctx, tx, actor, auth.OversightRead)
		if err != nil {
			return nil, err
		}
		where, args := org.Narrow(ctx, tx, f.Organization, f.Scope, "organization.id")
		seen, more := sight.Where("organization.id")
		return s.gather(ctx, tx, reach{where + " AND " + seen, append(args, more...), above}, f, page)
	})
	data, next := httpapi.Cut(found, page, Warning.keys)
	return data, next, err
}

// reach is the organisations of a question, and where the actor may oversee.
type reach struct {
	where string
	args  []any
	above org.Sight
}

// keys are the sort keys of a warning, for the cursor.
func (w Warning) keys() []string {
	return []string{w.Organization.SortKey, w.Organization.ID.String(), w.Key}
}

// gather looks at the organisations by chunks until there is one warning more than the page has.
func (s *Service) gather(ctx context.Context, tx *database.Tx, r reach, f Filter, page httpapi.Page) ([]Warning, error) {
	var found []Warning
	var from place
	if page.After != nil {
		from = place{page.After[0], page.After[1]}
	}
	for {
		organizations, err := listOrganizations(ctx, tx, r.where, r.args, from, chunk+1)
		if err != nil {
			return nil, err
		}
		now := organizations[:min(chunk, len(organizations))]
		all, err := s.warningsOf(ctx, tx, r.above, now, f.Period)
		if err != nil {
			return nil, err
		}
		for _, w := range all {
			if f.takes(w) && (page.After == nil || slices.Compare(w.keys(), []string(page.After)) > 0) {
				found = append(found, w)
			}
		}
		if len(found) > page.Limit || len(organizations) <= chunk {
			return found[:min(len(found), page.Limit+1)], nil
		}
		next := organizations[chunk]
		from = place{next.SortKey, next.ID.String()}
	}
}

// warningsOf evaluates the organisations, and leaves out what the actor may not see.
func (s *Service) warningsOf(
	ctx context.Context, tx *database.Tx, above org.Sight, organizations []org.Organization, period calendar.Period,
) ([]Warning, error) {
	all, err := s.load(ctx, tx, organizations, period)
	if err != nil {
		return nil, err
	}
	ids := make([]org.ID, len(organizations))
	for i, o := range organizations {
		ids[i] = o.ID
	}
	overseen, err := org.LookupSeen(ctx, tx, above, ids)
	var found []Warning
	for _, of := range all {
		_, oversees := overseen[of.organization.ID]
		for _, w := range of.warnings() {
			if oversees || w.Code.Audience() == ForSecretary {
				found = append(found, w)
			}
		}
	}
	return found, err
}
