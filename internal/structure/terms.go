package structure

import (
	"context"
	"slices"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// Install puts a committee or commission into office.
//
// Faults: organization_unknown, forbidden, version_stale, organization_invalid (body_not_possible, term_overlap,
// outside_organization_life).
func (s *Service) Install(ctx context.Context, actor auth.Actor, id org.ID, match int64, in TermInput) (Part[org.BodyTerm], error) {
	return act(ctx, s, actor, "organization.install_body", auth.OrganizationWrite, id, match, func(tx *database.Tx, o org.Organization) (Part[org.BodyTerm], error) {
		p := Part[org.BodyTerm]{Row: org.BodyTerm{OrganizationID: id, Body: in.Body, ValidFrom: in.From, ValidTo: in.To}, Version: match + 1}
		if in.Body == org.Cell || !o.Kind.May(in.Body) {
			return p, invalid("/body", "body_not_possible", fault.Args{"body": in.Body, "kind": o.Kind})
		}
		if err := fits(ctx, tx, o, p.Row); err != nil {
			return p, err
		}
		if err := org.InsertTerm(ctx, tx, &p.Row); err != nil {
			return p, err
		}
		return p, touchAndSettle(ctx, tx, id, match)
	})
}

// EndTerm changes the last day of a term; nil leaves it open.
//
// Faults: as Install, and organization_part_unknown.
func (s *Service) EndTerm(ctx context.Context, actor auth.Actor, id org.ID, match int64, part partID, to *calendar.Date) (Part[org.BodyTerm], error) {
	return act(ctx, s, actor, "organization.end_term", auth.OrganizationWrite, id, match, func(tx *database.Tx, o org.Organization) (Part[org.BodyTerm], error) {
		p := Part[org.BodyTerm]{Version: match + 1}
		terms, err := org.TermsOf(ctx, tx, id)
		if err != nil {
			return p, err
		}
		at := slices.IndexFunc(terms, func(t org.BodyTerm) bool { return t.ID == part })
		if at < 0 {
			return p, ErrPartUnknown
		}
		p.Row = terms[at]
		p.Row.ValidTo = to
		if to != nil && to.Before(p.Row.ValidFrom) {
			return p, invalid("/to", "ends_before_start")
		}
		if err := fits(ctx, tx, o, p.Row); err != nil {
			return p, err
		}
		if err := org.SaveTermEnd(ctx, tx, p.Row, to); err != nil {
			return p, err
		}
		return p, touchAndSettle(ctx, tx, id, match)
	})
}

// fits refuses a term outside the organisation's life, or one that shares a day with another of the same body.
func fits(ctx context.Context, tx *database.Tx, o org.Organization, row org.BodyTerm) error {
	if err := within(o, row.Span()); err != nil {
		return err
	}
	return noOverlap(ctx, tx, row)
}

func noOverlap(ctx context.Context, tx *database.Tx, row org.BodyTerm) error {
	terms, err := org.Terms(ctx, tx, row.OrganizationID, row.Body)
	if err != nil {
		return err
	}
	for _, t := range terms {
		if t.ID != row.ID && t.Span().Overlaps(row.Span()) {
			return invalid("/from", "term_overlap", fault.Args{"span": t.Span().String()})
		}
	}
	return nil
}

func touchAndSettle(ctx context.Context, tx *database.Tx, id org.ID, match int64) error {
	if _, err := org.Touch(ctx, tx, id, match); err != nil {
		return err
	}
	return settle(ctx, tx, id)
}
