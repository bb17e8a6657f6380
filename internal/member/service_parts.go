package member

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// Parts are all rows of one sort of a member, with the member's version.
type Parts[P part] struct {
	Rows    []P
	Version int64
}

// Changed is a row that was added or changed, with the member's new version.
type Changed[P part] struct {
	Row     P
	Version int64
}

// Memberships returns the homes of a member in the order of time; faults: member_unknown, forbidden.
func (s *Service) Memberships(ctx context.Context, actor auth.Actor, id ID) (Parts[Membership], error) {
	return parts[Membership](ctx, s.db, actor, id)
}

// Statuses returns the statuses of a member in the order of time; faults: member_unknown, forbidden.
func (s *Service) Statuses(ctx context.Context, actor auth.Actor, id ID) (Parts[Status], error) {
	return parts[Status](ctx, s.db, actor, id)
}

// Offices returns the offices of a member in the order of time; faults: member_unknown, forbidden.
func (s *Service) Offices(ctx context.Context, actor auth.Actor, id ID) (Parts[Office], error) {
	return parts[Office](ctx, s.db, actor, id)
}

func parts[P part](ctx context.Context, db *database.DB, actor auth.Actor, id ID) (Parts[P], error) {
	return database.Read(ctx, db, func(tx *database.Tx) (Parts[P], error) {
		m, err := findVisible(ctx, tx, actor, id)
		if err != nil {
			return Parts[P]{}, err
		}
		rows, err := listParts[P](ctx, tx, id)
		return Parts[P]{rows, m.Version}, err
	})
}

// Transfer gives a member a further home cell, and with CloseCurrent ends the present one on the day before. match AnyVersion takes
// any version.
//
// Faults: member_unknown, forbidden, version_stale, member_invalid (field_required, ends_before_start, reference_unknown,
// membership_overlap, outside_organization_life, body_not_possible).
func (s *Service) Transfer(ctx context.Context, actor auth.Actor, id ID, match int64, in MembershipInput) (Changed[Membership], error) {
	return addPart(ctx, s.db, actor, "member.add_membership", id, match, func(tx *database.Tx, f *fault.Fields) (Membership, error) {
		if in.check(f, ""); f.Len() > 0 {
			return Membership{}, nil
		}
		return admitTo(ctx, tx, actor, id, in, "")
	})
}

// AddStatus notes a status of a member. Somebody who is temporarily here is noted by those who write members of the receiving
// organisation, any other status by those of the home. match AnyVersion takes any version.
//
// Faults: member_unknown, forbidden, version_stale, member_invalid (field_required, word_unknown, ends_before_start,
// status_without_organization, reference_unknown, status_overlap, outside_organization_life).
func (s *Service) AddStatus(ctx context.Context, actor auth.Actor, id ID, match int64, in StatusInput) (Changed[Status], error) {
	return addPart(ctx, s.db, actor, "member.add_status", id, match, func(tx *database.Tx, f *fault.Fields) (Status, error) {
		if in.check(f); f.Len() > 0 {
			return Status{}, nil
		}
		row := Status{
			ID: uuid.Must(uuid.NewV7()), MemberID: id, Status: in.Status, OrganizationID: in.OrganizationID,
			ValidFrom: in.From, ValidTo: in.To, Basis: in.Basis, CreatedAt: tx.Now,
		}
		if err := authorizeStatus(ctx, tx, actor, row); err != nil {
			return Status{}, err
		}
		if err := checkStatus(ctx, tx, row); err != nil {
			return Status{}, err
		}
		return row, insertPart(ctx, tx, row)
	})
}

// AddOffice notes an office of a member. match AnyVersion takes any version.
//
// Faults: member_unknown, forbidden, version_stale, member_invalid (field_required, word_unknown, ends_before_start,
// office_not_of_body, reference_unknown, body_not_possible, office_overlap, outside_organization_life).
func (s *Service) AddOffice(ctx context.Context, actor auth.Actor, id ID, match int64, in OfficeInput) (Changed[Office], error) {
	return addPart(ctx, s.db, actor, "member.add_office", id, match, func(tx *database.Tx, f *fault.Fields) (Office, error) {
		if in.check(f); f.Len() > 0 {
			return Office{}, nil
		}
		if err := authorizeReference(ctx, tx, actor, in.OrganizationID, "/organization_id"); err != nil {
			return Office{}, err
		}
		row := Office{
			ID: uuid.Must(uuid.NewV7()), MemberID: id, OrganizationID: in.OrganizationID, Body: in.Body, Office: in.Office,
			ValidFrom: in.From, ValidTo: in.To, CreatedAt: tx.Now,
		}
		if err := checkOffice(ctx, tx, row); err != nil {
			return Office{}, err
		}
		return row, insertPart(ctx, tx, row)
	})
}

// openPart holds the lives of organisations still, finds the member and takes the member's next version.
func openPart(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, match int64) (int64, error) {
	if err := org.ShareTree(ctx, tx); err != nil {
		return 0, err
	}
	if _, err := findVisible(ctx, tx, actor, id); err != nil {
		return 0, err
	}
	return touch(ctx, tx, id, match)
}

// addPart finds the member, takes the next version and lets build check and store the row.
func addPart[P part](
	ctx context.Context, db *database.DB, actor auth.Actor, name string, id ID, match int64, build func(*database.Tx, *fault.Fields) (P, error),
) (Changed[P], error) {
	return audit.Write(ctx, db, actor.Act(name), func(tx *database.Tx) (Changed[P], error) {
		version, err := openPart(ctx, tx, actor, id, match)
		if err != nil {
			return Changed[P]{}, err
		}
		var f fault.Fields
		row, err := build(tx, &f)
		if err == nil {
			err = f.Err(fault.Invalid, "member_invalid")
		}
		return Changed[P]{row, version}, err
	})
}

// EndMembership sets or clears the last day of a home.
//
// Faults: member_unknown, member_part_unknown, forbidden, version_stale, member_invalid (ends_before_start, membership_overlap,
// outside_organization_life).
func (s *Service) EndMembership(
	ctx context.Context, actor auth.Actor, id ID, partID uuid.UUID, match int64, to *calendar.Date,
) (Changed[Membership], error) {
	return endPart(ctx, s.db, actor, "member.end_membership", id, partID, match, to, func(tx *database.Tx, row *Membership) error {
		row.ValidTo = to
		if err := forbidden(org.Authorize(ctx, tx, actor, auth.MemberWrite, row.OrganizationID)); err != nil {
			return err
		}
		if err := checkPlace(ctx, tx, row.OrganizationID, org.Cell, row.Span(), ""); err != nil {
			return err
		}
		return checkOverlap(ctx, tx, actor, id, partID, row.Span(), "/to")
	})
}

// EndStatus sets or clears the last day of a status.
//
// Faults: member_unknown, member_part_unknown, forbidden, version_stale, member_invalid (ends_before_start, status_overlap,
// outside_organization_life).
func (s *Service) EndStatus(
	ctx context.Context, actor auth.Actor, id ID, partID uuid.UUID, match int64, to *calendar.Date,
) (Changed[Status], error) {
	return endPart(ctx, s.db, actor, "member.end_status", id, partID, match, to, func(tx *database.Tx, row *Status) error {
		row.ValidTo = to
		if err := forbidden(authorizeStatus(ctx, tx, actor, *row)); err != nil {
			return err
		}
		return checkStatus(ctx, tx, *row)
	})
}

// EndOffice sets or clears the last day of an office.
//
// Faults: member_unknown, member_part_unknown, forbidden, version_stale, member_invalid (ends_before_start, office_overlap,
// outside_organization_life).
func (s *Service) EndOffice(
	ctx context.Context, actor auth.Actor, id ID, partID uuid.UUID, match int64, to *calendar.Date,
) (Changed[Office], error) {
	return endPart(ctx, s.db, actor, "member.end_office", id, partID, match, to, func(tx *database.Tx, row *Office) error {
		row.ValidTo = to
		if err := forbidden(org.Authorize(ctx, tx, actor, auth.MemberWrite, row.OrganizationID)); err != nil {
			return err
		}
		return checkOffice(ctx, tx, *row)
	})
}

// endPart finds the row, takes the member's next version, lets change alter and check the row, and stores its end.
func endPart[P part](
	ctx context.Context, db *database.DB, actor auth.Actor, name string, id ID, partID uuid.UUID, match int64, to *calendar.Date,
	change func(*database.Tx, *P) error,
) (Changed[P], error) {
	return audit.Write(ctx, db, actor.Act(name), func(tx *database.Tx) (Changed[P], error) {
		version, err := openPart(ctx, tx, actor, id, match)
		if err != nil {
			return Changed[P]{}, err
		}
		row, err := findPart[P](ctx, tx, id, partID)
		if err != nil {
			return Changed[P]{}, err
		}
		if to != nil && to.Before(row.Span().From) {
			return Changed[P]{}, invalid("/to", "ends_before_start")
		}
		if err := change(tx, &row); err != nil {
			return Changed[P]{}, err
		}
		return Changed[P]{row, version}, savePartEnd[P](ctx, tx, partID, to)
	})
}

// authorizeStatus asks the receiving organisation for somebody temporarily here, the home for every other status.
func authorizeStatus(ctx context.Context, tx *database.Tx, actor auth.Actor, row Status) error {
	if row.OrganizationID == nil {
		return authorizeHome(ctx, tx, actor, row.MemberID)
	}
	return authorizeReference(ctx, tx, actor, *row.OrganizationID, "/organization_id")
}

// checkStatus refuses a status that holds already on one of the days, and days outside the life of the receiving organisation.
func checkStatus(ctx context.Context, tx *database.Tx, row Status) error {
	if row.OrganizationID != nil {
		place, err := org.Find(ctx, tx, *row.OrganizationID)
		if err != nil {
			return err
		}
		if err := checkLife(place, row.Span(), ""); err != nil {
			return err
		}
	}
	all, err := listParts[Status](ctx, tx, row.MemberID)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != row.ID && other.Status == row.Status && sameOrganization(other.OrganizationID, row.OrganizationID) &&
			other.Span().Overlaps(row.Span()) {
			return invalid("/from", "status_overlap", fault.Args{"span": other.Span().String()})
		}
	}
	return nil
}

func sameOrganization(a, b *org.ID) bool { return a == b || a != nil && b != nil && *a == *b }

// checkOffice refuses an office of an impossible body, one held already on one of the days, and days outside the organisation's life.
func checkOffice(ctx context.Context, tx *database.Tx, row Office) error {
	if err := checkPlace(ctx, tx, row.OrganizationID, row.Body, row.Span(), ""); err != nil {
		return err
	}
	all, err := listParts[Office](ctx, tx, row.MemberID)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != row.ID && other.OrganizationID == row.OrganizationID && other.Body == row.Body && other.Office == row.Office &&
			other.Span().Overlaps(row.Span()) {
			return invalid("/from", "office_overlap", fault.Args{"span": other.Span().String()})
		}
	}
	return nil
}
