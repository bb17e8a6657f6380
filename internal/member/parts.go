package member

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// ErrPartUnknown says that the member has no such membership, status or office.
var ErrPartUnknown = fault.New(fault.NotFound, "member_part_unknown")

// MembershipInput is a home cell with its days; CloseCurrent ends the one that runs on the day before From.
type MembershipInput struct {
	OrganizationID org.ID
	From           calendar.Date
	To             *calendar.Date
	CloseCurrent   bool
}

func (in MembershipInput) span() calendar.Span { return calendar.Span{From: in.From, To: in.To} }

func (in MembershipInput) check(f *fault.Fields, pointer string) {
	f.Check(in.OrganizationID != (org.ID{}), pointer+"/organization_id", "field_required")
	checkSpan(f, pointer, in.span())
}

// StatusInput is a status with its days.
type StatusInput struct {
	Status         StatusKind
	OrganizationID *org.ID
	From           calendar.Date
	To             *calendar.Date
	Basis          *string
}

func (in *StatusInput) check(f *fault.Fields) {
	if checkWord(f, "/status", in.Status, StatusKinds()) {
		here := in.Status == TemporarilyHere
		f.Check(!here || in.OrganizationID != nil, "/organization_id", "field_required")
		f.Check(here || in.OrganizationID == nil, "/organization_id", "status_without_organization")
	}
	checkSpan(f, "", calendar.Span{From: in.From, To: in.To})
	text.OptionalAt(f, "/basis", &in.Basis, text.MaxTitle)
}

// OfficeInput is an office with its days.
type OfficeInput struct {
	OrganizationID org.ID
	Body           org.Body
	Office         OfficeKind
	From           calendar.Date
	To             *calendar.Date
}

func (in OfficeInput) check(f *fault.Fields) {
	f.Check(in.OrganizationID != (org.ID{}), "/organization_id", "field_required")
	body := checkWord(f, "/body", in.Body, org.Bodies)
	if checkWord(f, "/office", in.Office, OfficeKinds()) && body {
		f.Check(in.Office.FitsBody(in.Body), "/office", "office_not_of_body")
	}
	checkSpan(f, "", calendar.Span{From: in.From, To: in.To})
}

// admitTo adds a home cell: the organisation can have a cell and lives all that time, and no other home shares a day.
func admitTo(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, in MembershipInput, pointer string) (Membership, error) {
	if err := authorizeReference(ctx, tx, actor, in.OrganizationID, pointer+"/organization_id"); err != nil {
		return Membership{}, err
	}
	if err := checkPlace(ctx, tx, in.OrganizationID, org.Cell, in.span(), pointer); err != nil {
		return Membership{}, err
	}
	if in.CloseCurrent {
		if err := closeCurrent(ctx, tx, actor, id, in.From); err != nil {
			return Membership{}, err
		}
	}
	if err := checkOverlap(ctx, tx, actor, id, uuid.Nil, in.span(), pointer+"/from"); err != nil {
		return Membership{}, err
	}
	row := Membership{
		ID: uuid.Must(uuid.NewV7()), MemberID: id, OrganizationID: in.OrganizationID, ValidFrom: in.From, ValidTo: in.To, CreatedAt: tx.Now,
	}
	return row, insertPart(ctx, tx, row)
}

// closeCurrent ends the home that holds on the day, and began before it, on the day before; the actor must be allowed to write there.
func closeCurrent(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, day calendar.Date) error {
	running, err := overlapping(ctx, tx, id, uuid.Nil, calendar.Span{From: day, To: &day})
	if err != nil || len(running) == 0 || !running[0].ValidFrom.Before(day) {
		return err
	}
	if err := forbidden(org.Authorize(ctx, tx, actor, auth.MemberWrite, running[0].OrganizationID)); err != nil {
		return err
	}
	last := day.Add(-1)
	return savePartEnd[Membership](ctx, tx, running[0].ID, &last)
}

// checkOverlap refuses a span that shares a day with another home of the member; fault: membership_overlap at the pointer. It names that
// home to those who can see it.
func checkOverlap(
	ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, except uuid.UUID, span calendar.Span, pointer string,
) error {
	others, err := overlapping(ctx, tx, id, except, span)
	if err != nil || len(others) == 0 {
		return err
	}
	args := fault.Args{"span": others[0].Span().String()}
	home := others[0].OrganizationID
	if err := forbidden(org.Authorize(ctx, tx, actor, auth.OrganizationRead, home)); errors.Is(err, org.ErrForbidden) {
		return invalid(pointer, "membership_overlap", args)
	} else if err != nil {
		return err
	}
	other, err := org.Find(ctx, tx, home)
	if err != nil {
		return err
	}
	args["organization"] = other.Name
	return invalid(pointer, "membership_overlap", args)
}

// checkPlace refuses a body the kind of the organisation cannot have, and days outside the organisation's life.
func checkPlace(ctx context.Context, tx *database.Tx, id org.ID, body org.Body, span calendar.Span, pointer string) error {
	place, err := org.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	if !place.Kind.May(body) {
		return invalid(pointer+"/organization_id", "body_not_possible", fault.Args{"body": body, "kind": place.Kind})
	}
	return checkLife(place, span, pointer)
}

// checkLife refuses days outside the organisation's life; fault: outside_organization_life.
func checkLife(place org.Organization, span calendar.Span, pointer string) error {
	if place.FoundedOn != nil && span.From.Before(*place.FoundedOn) {
		return invalid(pointer+"/from", "outside_organization_life", fault.Args{"organization": place.Name})
	}
	if place.DissolvedOn != nil && lastDay(span).After(*place.DissolvedOn) {
		return invalid(pointer+"/to", "outside_organization_life", fault.Args{"organization": place.Name})
	}
	return nil
}
