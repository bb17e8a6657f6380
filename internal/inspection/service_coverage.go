package inspection

import (
	"context"
	"slices"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// ErrNoTerm is a day on which the body was not in office.
var ErrNoTerm = fault.New(fault.NotFound, "no_term_on_day")

// Coverage says which cells at and below the organisation of today were inspected in the months, by rounds of the organisation and of those
// below it today, and how far their plans are carried out.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Coverage(ctx context.Context, actor auth.Actor, id org.ID, months calendar.Period) (Coverage, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Coverage, error) {
		if err := org.Authorize(ctx, tx, actor, auth.InspectionRead, id); err != nil {
			return Coverage{}, err
		}
		return coverage(ctx, tx, actor, id, months)
	})
}

// CoverageOfTerm is Coverage for the term in which the body is in office on the day, today if it is zero: from the term's first month to its
// last, or to the running month.
//
// Faults: organization_unknown, forbidden, no_term_on_day, period_too_long.
func (s *Service) CoverageOfTerm(ctx context.Context, actor auth.Actor, id org.ID, body org.Body, on calendar.Date) (Coverage, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Coverage, error) {
		if err := org.Authorize(ctx, tx, actor, auth.InspectionRead, id); err != nil {
			return Coverage{}, err
		}
		if on.IsZero() {
			on = tx.Today()
		}
		terms, err := org.Terms(ctx, tx, id, body)
		if err != nil {
			return Coverage{}, err
		}
		for _, term := range terms {
			if !term.Span().Contains(on) {
				continue
			}
			last := tx.Today()
			if term.ValidTo != nil && term.ValidTo.Before(last) {
				last = *term.ValidTo
			}
			months, err := calendar.NewPeriod(term.ValidFrom.Month(), last.Month())
			if err != nil {
				return Coverage{}, err
			}
			return coverage(ctx, tx, actor, id, months)
		}
		return Coverage{}, ErrNoTerm
	})
}

// coverage reads what the coverage of the cells is composed of. Cells out of the actor's reach count and are not listed.
func coverage(ctx context.Context, tx *database.Tx, actor auth.Actor, id org.ID, months calendar.Period) (Coverage, error) {
	below, err := org.SubtreeOn(ctx, tx, id, tx.Today())
	if err != nil {
		return Coverage{}, err
	}
	cells, err := cellsOf(ctx, tx, below)
	if err != nil {
		return Coverage{}, err
	}
	rounds, err := roundsBelow(ctx, tx, id, months)
	if err != nil {
		return Coverage{}, err
	}
	items, objects, err := plannedBelow(ctx, tx, id, months)
	if err != nil {
		return Coverage{}, err
	}
	c := cover(Coverage{Organization: id, Months: months}, cells, rounds, items, objects)
	c.Cells, err = inReach(ctx, tx, actor, c.Cells)
	return c, err
}

// inReach leaves the cells that the actor may see.
func inReach(ctx context.Context, tx *database.Tx, actor auth.Actor, cells []CellCoverage) ([]CellCoverage, error) {
	sight, err := org.Scope(ctx, tx, actor, auth.InspectionRead)
	if err != nil {
		return nil, err
	}
	ids := make([]org.ID, len(cells))
	for i, c := range cells {
		ids[i] = c.ID
	}
	known, err := org.LookupSeen(ctx, tx, sight, ids)
	return slices.DeleteFunc(cells, func(c CellCoverage) bool { _, ok := known[c.ID]; return !ok }), err
}
