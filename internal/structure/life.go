package structure

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// listed is how many contradicting meetings a fault names.
const listed = 20

// Dissolve ends an organisation. Its placements, terms and offices end with it; its members and the organisations below
// it go over into another one, or there must be none.
//
// Faults: organization_unknown, forbidden, version_stale, organization_invalid, organization_dissolved_already,
// organization_in_use, counted_meetings_outside.
func (s *Service) Dissolve(ctx context.Context, actor auth.Actor, id org.ID, match int64, in DissolveInput) (org.Detail, error) {
	return s.change(ctx, actor, "organization.dissolve", auth.OrganizationWrite, id, match, func(tx *database.Tx, o org.Organization) error {
		if o.DissolvedOn != nil {
			return ErrDissolved
		}
		o.DissolvedOn = &in.On
		if err := mayEnd(ctx, tx, actor, o, in); err != nil {
			return err
		}
		if err := handOver(ctx, tx, o, in); err != nil {
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
	parts, err := partsOf(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	rounds, err := ledger.InspectionsOutside(ctx, tx, o.ID, o.Life())
	if err != nil {
		return err
	}
	before := func(span calendar.Span) bool { return span.From.Before(*o.FoundedOn) }
	return unused(early + rounds + count(parts.own, before) + count(parts.below, before) + count(parts.aside, before))
}

// mayEnd asks whether nothing is left that needs the organisation after its last day.
func mayEnd(ctx context.Context, tx *database.Tx, actor auth.Actor, o org.Organization, in DissolveInput) error {
	if o.FoundedOn != nil && in.On.Before(*o.FoundedOn) {
		return invalid("/on", "dissolved_before_founded")
	}
	if err := contradicted(ctx, tx, o, "/on"); err != nil {
		return err
	}
	left, err := member.StartAfter(ctx, tx, o.ID, in.On)
	if err != nil {
		return err
	}
	parts, err := partsOf(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	rounds, err := ledger.InspectionsOutside(ctx, tx, o.ID, o.Life())
	if err != nil {
		return err
	}
	after := func(span calendar.Span) bool { return span.From.After(in.On) }
	left += rounds + count(parts.own, after) + count(parts.below, after)
	if in.Into != nil {
		if err := mayReceive(ctx, tx, actor, o, in); err != nil {
			return err
		}
		return unused(left)
	}
	homes, err := member.HomesAfter(ctx, tx, o.ID, in.On)
	if err != nil {
		return err
	}
	staying := func(span calendar.Span) bool { return span.Contains(in.On) && span.Contains(in.On.Add(1)) }
	return unused(left + homes + count(parts.below, staying))
}

// unused refuses an act that would leave rows without their organisation.
func unused(rows int64) error {
	if rows > 0 {
		return fault.With(ErrInUse, fault.Args{"rows": rows})
	}
	return nil
}

// parts are when an organisation stood somewhere or had a body in office, when others stood below it, and which months
// were set aside.
type parts struct{ own, below, aside []calendar.Span }

func partsOf(ctx context.Context, tx *database.Tx, id org.ID) (parts, error) {
	var p parts
	placements, err := org.Placements(ctx, tx, id)
	if err != nil {
		return p, err
	}
	terms, err := org.TermsOf(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if p.below, err = spansBelow(ctx, tx, id); err != nil {
		return p, err
	}
	aside, err := org.ExcusedOf(ctx, tx, id)
	for _, row := range placements {
		p.own = append(p.own, row.Span())
	}
	for _, row := range terms {
		p.own = append(p.own, row.Span())
	}
	for _, row := range aside {
		p.aside = append(p.aside, row.Month.Span())
	}
	return p, err
}

// spansBelow returns when others stood below the organisation; what has no end ends with its own life.
func spansBelow(ctx context.Context, tx *database.Tx, id org.ID) ([]calendar.Span, error) {
	rows, err := org.PlacementsBelow(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	spans := make([]calendar.Span, len(rows))
	for i, row := range rows {
		child, err := org.Find(ctx, tx, row.OrganizationID)
		if err != nil {
			return nil, err
		}
		spans[i] = clip(row.Span(), child)
	}
	return spans, nil
}

func count(spans []calendar.Span, outside func(calendar.Span) bool) int64 {
	var n int64
	for _, span := range spans {
		if outside(span) {
			n++
		}
	}
	return n
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

// handOver ends what holds in the organisation on its last day, and carries on in the other one what goes over.
func handOver(ctx context.Context, tx *database.Tx, o org.Organization, in DissolveInput) error {
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
	if err := endParts(ctx, tx, o.ID, in.On); err != nil {
		return err
	}
	if in.Into == nil {
		return nil
	}
	into, err := org.Find(ctx, tx, *in.Into)
	if err != nil {
		return err
	}
	for _, home := range homes {
		if within(into, home.Span()) != nil {
			return invalid("/merge_into_id", "outside_organization_life", fault.Args{"organization": into.Name})
		}
	}
	if err := member.InsertHomes(ctx, tx, homes); err != nil {
		return err
	}
	return takeBelow(ctx, tx, o.ID, into, in.On)
}

// takeBelow places what stands below an organisation after the day below the other one, for as long as it would have
// stood there.
func takeBelow(ctx context.Context, tx *database.Tx, from org.ID, into org.Organization, day calendar.Date) error {
	rows, err := org.PlacementsBelow(ctx, tx, from)
	if err != nil {
		return err
	}
	for _, row := range rows {
		child, err := org.Find(ctx, tx, row.OrganizationID)
		if err != nil {
			return err
		}
		span := clip(row.Span(), child)
		if !span.Contains(day.Add(1)) {
			continue
		}
		span.From = day.Add(1)
		if within(into, span) != nil {
			return invalid("/merge_into_id", "outside_organization_life", fault.Args{"organization": into.Name})
		}
		if err := place(ctx, tx, child, MoveInput{ParentID: into.ID, From: span.From, To: span.To}); err != nil {
			return err
		}
	}
	return nil
}

// endParts ends placements and terms on the day, and drops what was set aside in months that are not due any more.
func endParts(ctx context.Context, tx *database.Tx, id org.ID, day calendar.Date) error {
	placements, err := org.Placements(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, p := range placements {
		if p.ValidTo == nil || p.ValidTo.After(day) {
			if err := org.SavePlacementEnd(ctx, tx, p, &day); err != nil {
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
			if err := org.SaveTermEnd(ctx, tx, t, &day); err != nil {
				return err
			}
		}
	}
	aside, err := org.ExcusedOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, e := range aside {
		if e.Month.Last().After(day) {
			if err := org.RemoveExcused(ctx, tx, e); err != nil {
				return err
			}
		}
	}
	return nil
}
