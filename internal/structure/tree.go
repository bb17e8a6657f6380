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
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

type (
	permission = httpapi.Permission
	partID     = uuid.UUID
)

// listed is how many contradicting meetings a fault names.
const listed = 20

// Move places an organisation below another from a day on: the placement that holds on the day before ends there. A
// back-dated move takes the counted meetings since that day along.
//
// Faults: organization_unknown, forbidden, version_stale, organization_invalid (reference_unknown, placement_cycle,
// placement_overlap, outside_organization_life), move_too_large.
func (s *Service) Move(ctx context.Context, actor auth.Actor, id org.ID, match int64, in MoveInput) (org.Detail, error) {
	return s.change(ctx, actor, auth.OrganizationWrite, id, match, func(tx *database.Tx, o org.Organization) error {
		if err := mayStand(ctx, tx, actor, o, in); err != nil {
			return err
		}
		if err := place(ctx, tx, o.ID, in); err != nil {
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

// place ends or removes the placement that runs into the span and writes the new one.
func place(ctx context.Context, tx *database.Tx, id org.ID, in MoveInput) error {
	rows, err := org.Placements(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !row.Span().Overlaps(in.span()) {
			continue
		}
		switch {
		case row.ValidTo != nil && in.To != nil && row.ValidTo.After(*in.To), row.ValidTo == nil && in.To != nil, row.ValidFrom.After(in.From):
			return invalid("/from", "placement_overlap", fault.Args{"span": row.Span().String()})
		case row.ValidFrom == in.From:
			err = org.RemovePlacement(ctx, tx, row.ID)
		default:
			last := in.From.Add(-1)
			err = org.SavePlacementEnd(ctx, tx, row.ID, &last)
		}
		if err != nil {
			return err
		}
	}
	return org.InsertPlacement(ctx, tx, &org.Placement{OrganizationID: id, ParentID: in.ParentID, ValidFrom: in.From, ValidTo: in.To})
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

// Dissolve ends an organisation. Its placements, terms and offices end with it; its members and the organisations below
// it go over into another one, or there must be none.
//
// Faults: organization_unknown, forbidden, version_stale, organization_invalid, organization_dissolved_already,
// organization_in_use, counted_meetings_outside.
func (s *Service) Dissolve(ctx context.Context, actor auth.Actor, id org.ID, match int64, in DissolveInput) (org.Detail, error) {
	return s.change(ctx, actor, auth.OrganizationWrite, id, match, func(tx *database.Tx, o org.Organization) error {
		if o.DissolvedOn != nil {
			return ErrDissolved
		}
		o.DissolvedOn = &in.On
		if err := mayEnd(ctx, tx, actor, o, in); err != nil {
			return err
		}
		moved, err := org.ChildrenOn(ctx, tx, id, in.On)
		if err != nil {
			return err
		}
		if err := handOver(ctx, tx, o, in, moved); err != nil {
			return err
		}
		if err := org.SaveUnchecked(ctx, tx, &o, match); err != nil {
			return err
		}
		return rechain(ctx, tx, id, in.On)
	})
}

// mayBegin asks whether the organisation may have been founded on the day it now has.
func mayBegin(ctx context.Context, tx *database.Tx, o org.Organization) error {
	if o.FoundedOn == nil {
		return nil
	}
	if err := contradicted(ctx, tx, o, "/founded_on"); err != nil {
		return err
	}
	early, err := member.StartBefore(ctx, tx, o.ID, *o.FoundedOn)
	if err != nil {
		return err
	}
	rows, err := startedParts(ctx, tx, o.ID, func(span calendar.Span) bool { return span.From.Before(*o.FoundedOn) })
	if err != nil {
		return err
	}
	if early+rows > 0 {
		return fault.With(ErrInUse, fault.Args{"rows": early + rows})
	}
	return nil
}

// mayEnd asks whether nothing is left that needs the organisation after its last day.
func mayEnd(ctx context.Context, tx *database.Tx, actor auth.Actor, o org.Organization, in DissolveInput) error {
	if o.FoundedOn != nil && in.On.Before(*o.FoundedOn) {
		return invalid("/on", "dissolved_before_founded")
	}
	if err := contradicted(ctx, tx, o, "/on"); err != nil {
		return err
	}
	late, err := member.StartAfter(ctx, tx, o.ID, in.On)
	if err != nil {
		return err
	}
	rows, err := startedParts(ctx, tx, o.ID, func(span calendar.Span) bool { return span.From.After(in.On) })
	if err != nil {
		return err
	}
	left := late + rows
	if in.Into == nil {
		homes, err := member.HomesAfter(ctx, tx, o.ID, in.On)
		if err != nil {
			return err
		}
		below, err := org.ChildrenOn(ctx, tx, o.ID, in.On.Add(1))
		if err != nil {
			return err
		}
		left += homes + int64(len(below))
	} else if err := mayReceive(ctx, tx, actor, o, in); err != nil {
		return err
	}
	if left > 0 {
		return fault.With(ErrInUse, fault.Args{"rows": left})
	}
	return nil
}

// mayReceive asks whether the other organisation can take the members over.
func mayReceive(ctx context.Context, tx *database.Tx, actor auth.Actor, o org.Organization, in DissolveInput) error {
	if err := org.Authorize(ctx, tx, actor, auth.OrganizationWrite, *in.Into); err != nil {
		return hidden(err, "/merge_into_id")
	}
	into, err := org.Find(ctx, tx, *in.Into)
	if err != nil {
		return err
	}
	if into.ID == o.ID || !into.ExistsOn(in.On.Add(1)) {
		return invalid("/merge_into_id", "outside_organization_life", fault.Args{"organization": into.Name})
	}
	if into.Kind.May(org.Cell) != o.Kind.May(org.Cell) {
		return invalid("/merge_into_id", "body_not_possible", fault.Args{"body": org.Cell, "kind": into.Kind})
	}
	cycle, err := org.AncestorEver(ctx, tx, *in.Into, o.ID, calendar.Span{From: in.On.Add(1)})
	if err != nil {
		return err
	}
	if cycle {
		return invalid("/merge_into_id", "placement_cycle", fault.Args{"organization": o.Name, "parent": into.Name})
	}
	return nil
}

// contradicted names the meetings whose records are in and that lie outside the life of the organisation.
func contradicted(ctx context.Context, tx *database.Tx, o org.Organization, pointer string) error {
	outside, err := meeting.CountedOutside(ctx, tx, o.ID, nil, []calendar.Span{o.Life()})
	if err != nil {
		return err
	}
	var f fault.Fields
	for _, m := range outside[:min(len(outside), listed)] {
		f.Check(false, pointer, "counted_meeting", fault.Args{"meeting": m.ID.String(), "day": m.HeldOn.String()})
	}
	return f.Err(fault.Conflict, "counted_meetings_outside")
}

// startedParts counts the placements and terms of the organisation whose span is outside.
func startedParts(ctx context.Context, tx *database.Tx, id org.ID, outside func(calendar.Span) bool) (int64, error) {
	placements, err := org.Placements(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	terms, err := org.TermsOf(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	var n int64
	for _, p := range placements {
		if outside(p.Span()) {
			n++
		}
	}
	for _, t := range terms {
		if outside(t.Span()) {
			n++
		}
	}
	return n, nil
}

// handOver ends what holds in the organisation on its last day, and carries on in the other one what goes over.
func handOver(ctx context.Context, tx *database.Tx, o org.Organization, in DissolveInput, below []org.Organization) error {
	var homes []member.Membership
	var err error
	if in.Into != nil {
		if homes, err = member.TransferAll(ctx, tx, o.ID, *in.Into, in.On); err != nil {
			return err
		}
	}
	if err := member.EndAll(ctx, tx, o.ID, in.On); err != nil {
		return err
	}
	if err := member.InsertHomes(ctx, tx, homes); err != nil {
		return err
	}
	if err := endParts(ctx, tx, o.ID, in.On); err != nil {
		return err
	}
	if in.Into == nil {
		return nil
	}
	for _, child := range below {
		if err := place(ctx, tx, child.ID, MoveInput{ParentID: *in.Into, From: in.On.Add(1), To: child.DissolvedOn}); err != nil {
			return err
		}
	}
	return nil
}

func endParts(ctx context.Context, tx *database.Tx, id org.ID, day calendar.Date) error {
	placements, err := org.Placements(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, p := range placements {
		if p.ValidTo == nil || p.ValidTo.After(day) {
			if err := org.SavePlacementEnd(ctx, tx, p.ID, &day); err != nil {
				return err
			}
		}
	}
	terms, err := org.TermsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, t := range terms {
		if t.ValidTo == nil || t.ValidTo.After(day) {
			if err := org.SaveTermEnd(ctx, tx, t.ID, &day); err != nil {
				return err
			}
		}
	}
	return nil
}
