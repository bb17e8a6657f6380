package structure

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

type (
	permission = httpapi.Permission
	partID     = uuid.UUID
)

// Move places an organisation below another from a day on: the placement that holds on the day before ends there. A
// back-dated move takes the counted meetings since that day along.
//
// Faults: organization_unknown, forbidden, version_stale, organization_invalid (reference_unknown, placement_cycle,
// placement_overlap, outside_organization_life), move_too_large.
func (s *Service) Move(ctx context.Context, actor auth.Actor, id org.ID, match int64, in MoveInput) (org.Detail, error) {
	return s.change(ctx, actor, "organization.move", auth.OrganizationWrite, id, match, func(tx *database.Tx, o org.Organization) error {
		if err := mayStand(ctx, tx, actor, o, in); err != nil {
			return err
		}
		if err := place(ctx, tx, o, in); err != nil {
			return err
		}
		if _, err := org.Touch(ctx, tx, id, match); err != nil {
			return err
		}
		return rechain(ctx, tx, id, in.From)
	})
}

// mayStand asks whether the organisation may stand below the parent on all days of the span.
func mayStand(ctx context.Context, tx *database.Tx, actor auth.Actor, o org.Organization, in MoveInput) error {
	if err := org.Authorize(ctx, tx, actor, auth.OrganizationWrite, in.ParentID); err != nil {
		return hidden(err, "/parent_id")
	}
	if err := within(o, clip(in.span(), o)); err != nil {
		return err
	}
	parent, err := org.Find(ctx, tx, in.ParentID)
	if err != nil {
		return err
	}
	if err := within(parent, clip(in.span(), o)); err != nil {
		return invalid("/parent_id", "outside_organization_life", fault.Args{"organization": parent.Name})
	}
	cycle, err := org.AncestorEver(ctx, tx, in.ParentID, o.ID, in.span())
	if err != nil {
		return err
	}
	if cycle {
		return invalid("/parent_id", "placement_cycle", fault.Args{"organization": o.Name, "parent": parent.Name})
	}
	return nil
}

// clip ends an open span on the organisation's last day.
func clip(span calendar.Span, o org.Organization) calendar.Span {
	if span.To == nil {
		span.To = o.DissolvedOn
	}
	return span
}

// place ends or removes the placement that runs into the span and writes the new one. What has no end ends with the
// organisation.
func place(ctx context.Context, tx *database.Tx, o org.Organization, in MoveInput) error {
	rows, err := org.Placements(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	span := clip(in.span(), o)
	for _, row := range rows {
		runs := clip(row.Span(), o)
		if !runs.Overlaps(span) {
			continue
		}
		switch {
		case outlasts(runs, span), runs.From.After(span.From):
			return invalid("/from", "placement_overlap", fault.Args{"span": row.Span().String()})
		case runs.From == span.From:
			err = org.RemovePlacement(ctx, tx, row)
		default:
			last := span.From.Add(-1)
			err = org.SavePlacementEnd(ctx, tx, row, &last)
		}
		if err != nil {
			return err
		}
	}
	return org.InsertPlacement(ctx, tx, &org.Placement{OrganizationID: o.ID, ParentID: in.ParentID, ValidFrom: span.From, ValidTo: span.To})
}

// outlasts reports whether the one span holds longer than the other.
func outlasts(one, other calendar.Span) bool {
	return other.To != nil && (one.To == nil || one.To.After(*other.To))
}

// rechain takes what was posted since the day, and what is due, to the chains of the tree as it now stands.
func rechain(ctx context.Context, tx *database.Tx, id org.ID, from calendar.Date) error {
	book, err := ledger.Open(ctx, tx)
	if err != nil {
		return err
	}
	if err := book.Rechain(ctx, id, from); err != nil {
		return err
	}
	_, err = book.Close(ctx)
	return err
}
