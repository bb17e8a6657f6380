package structure

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// Service performs the acts, each in one transaction.
type Service struct {
	db *database.DB
}

// New returns the service.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// Part is a row of an organisation, with the version that the organisation has after the act.
type Part[T any] struct {
	Row     T
	Version int64
}

// act runs one act on an organisation: it holds the tree alone, and checks the permission and the version that the
// caller saw.
func act[T any](ctx context.Context, s *Service, actor auth.Actor, name string, permission permission, id org.ID, match int64, do func(tx *database.Tx, o org.Organization) (T, error)) (T, error) {
	return audit.Write(ctx, s.db, actor.Act(name), func(tx *database.Tx) (T, error) {
		var none T
		if err := org.HoldTree(ctx, tx); err != nil {
			return none, err
		}
		if err := org.Authorize(ctx, tx, actor, permission, id); err != nil {
			return none, err
		}
		o, err := org.Lock(ctx, tx, id)
		if err != nil {
			return none, err
		}
		if o.Version != match {
			_, err := org.Touch(ctx, tx, id, match)
			return none, err
		}
		return do(tx, o)
	})
}

// change is act with the organisation as it is afterwards for an answer.
func (s *Service) change(ctx context.Context, actor auth.Actor, name string, permission permission, id org.ID, match int64, do func(tx *database.Tx, o org.Organization) error) (org.Detail, error) {
	return act(ctx, s, actor, name, permission, id, match, func(tx *database.Tx, o org.Organization) (org.Detail, error) {
		if err := do(tx, o); err != nil {
			return org.Detail{}, err
		}
		return detail(ctx, tx, id)
	})
}

func detail(ctx context.Context, tx *database.Tx, id org.ID) (org.Detail, error) {
	o, err := org.Find(ctx, tx, id)
	if err != nil {
		return org.Detail{}, err
	}
	return org.DetailOn(ctx, tx, o, tx.Today())
}

// Found adds an organisation, below a parent from its founding day on (today where that is unknown).
//
// Faults: forbidden, organization_invalid, reference_unknown, id_taken, code_taken.
func (s *Service) Found(ctx context.Context, actor auth.Actor, in FoundInput) (org.Detail, error) {
	return audit.Write(ctx, s.db, actor.Act("organization.found"), func(tx *database.Tx) (org.Detail, error) {
		if err := org.HoldTree(ctx, tx); err != nil {
			return org.Detail{}, err
		}
		if err := mayFound(ctx, tx, actor, in.ParentID); err != nil {
			return org.Detail{}, err
		}
		o := in.Organization
		var f fault.Fields
		o.Check(&f)
		if err := f.Err(fault.Invalid, "organization_invalid"); err != nil {
			return org.Detail{}, err
		}
		if o.ID == (org.ID{}) {
			o.ID = org.NewID()
		}
		if err := org.Insert(ctx, tx, &o); err != nil {
			return org.Detail{}, err
		}
		if in.ParentID != nil {
			if err := placeNew(ctx, tx, o, *in.ParentID); err != nil {
				return org.Detail{}, err
			}
		}
		if err := settle(ctx, tx, o.ID); err != nil {
			return org.Detail{}, err
		}
		return detail(ctx, tx, o.ID)
	})
}

// mayFound asks for the permission on the parent, or on the whole installation for a root.
func mayFound(ctx context.Context, tx *database.Tx, actor auth.Actor, parent *org.ID) error {
	if parent != nil {
		if err := org.Authorize(ctx, tx, actor, auth.OrganizationWrite, *parent); err != nil {
			return hidden(err, "/parent_id")
		}
		return nil
	}
	sight, err := org.Scope(ctx, tx, actor, auth.OrganizationWrite)
	if err != nil {
		return err
	}
	if !sight.All() {
		return errNotTheWhole
	}
	return nil
}

// hidden turns "there is no such organisation" into a fault of the field that names it.
func hidden(err error, pointer string) error {
	if fault.KindOf(err) == fault.NotFound {
		return invalid(pointer, "reference_unknown")
	}
	return err
}

func placeNew(ctx context.Context, tx *database.Tx, o org.Organization, parent org.ID) error {
	span := calendar.Span{From: tx.Today(), To: o.DissolvedOn}
	if o.FoundedOn != nil {
		span.From = *o.FoundedOn
	}
	above, err := org.Find(ctx, tx, parent)
	if err != nil {
		return err
	}
	if within(above, span) != nil {
		return invalid("/parent_id", "outside_organization_life", fault.Args{"organization": above.Name})
	}
	return org.InsertPlacement(ctx, tx, &org.Placement{OrganizationID: o.ID, ParentID: parent, ValidFrom: span.From, ValidTo: span.To})
}

// settle posts what the facts now say for the organisation alone.
func settle(ctx context.Context, tx *database.Tx, id org.ID) error {
	book, err := ledger.Open(ctx, tx)
	if err != nil {
		return err
	}
	if err := book.SettleAll(ctx, []org.ID{id}); err != nil {
		return err
	}
	_, err = book.Close(ctx)
	return err
}

// Edit changes what an organisation is called and when it was founded.
//
// Faults: organization_unknown, forbidden, version_stale, organization_invalid, code_taken, counted_meetings_outside,
// organization_in_use.
func (s *Service) Edit(ctx context.Context, actor auth.Actor, id org.ID, match int64, change Change) (org.Detail, error) {
	return s.change(ctx, actor, "organization.edit", auth.OrganizationWrite, id, match, func(tx *database.Tx, o org.Organization) error {
		change.Apply(&o)
		var f fault.Fields
		o.Check(&f)
		if err := f.Err(fault.Invalid, "organization_invalid"); err != nil {
			return err
		}
		if change.FoundedOn {
			if err := mayBegin(ctx, tx, o); err != nil {
				return err
			}
		}
		if err := org.SaveUnchecked(ctx, tx, &o, match); err != nil {
			return err
		}
		if !change.FoundedOn {
			return nil
		}
		return settle(ctx, tx, id)
	})
}

// Excuse sets a due month of a body aside.
//
// Faults: organization_unknown, forbidden, version_stale, organization_invalid, month_excused_already.
func (s *Service) Excuse(ctx context.Context, actor auth.Actor, id org.ID, match int64, in ExcuseInput) (Part[org.ExcusedMonth], error) {
	return act(ctx, s, actor, "organization.excuse_month", auth.ExcusedMonthWrite, id, match, func(tx *database.Tx, o org.Organization) (Part[org.ExcusedMonth], error) {
		p := Part[org.ExcusedMonth]{Row: org.ExcusedMonth{OrganizationID: id, Body: in.Body, Month: in.Month, Reason: in.Reason}, Version: match + 1}
		if !o.Kind.May(in.Body) {
			return p, invalid("/body", "body_not_possible", fault.Args{"body": in.Body, "kind": o.Kind})
		}
		if !o.Life().Covers(in.Month) {
			return p, invalid("/month", "outside_organization_life", fault.Args{"organization": o.Name})
		}
		if err := org.InsertExcused(ctx, tx, &p.Row, ErrExcused); err != nil {
			return p, err
		}
		return p, settleMonth(ctx, tx, id, match, in.Body, in.Month)
	})
}

// Unexcuse makes an excused month due again.
//
// Faults: organization_unknown, forbidden, version_stale, organization_part_unknown.
func (s *Service) Unexcuse(ctx context.Context, actor auth.Actor, id org.ID, match int64, part partID) (org.Detail, error) {
	return s.change(ctx, actor, "organization.unexcuse_month", auth.ExcusedMonthWrite, id, match, func(tx *database.Tx, _ org.Organization) error {
		rows, err := org.ExcusedOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.ID != part {
				continue
			}
			if err := org.RemoveExcused(ctx, tx, row); err != nil {
				return err
			}
			return settleMonth(ctx, tx, id, match, row.Body, row.Month)
		}
		return ErrPartUnknown
	})
}

func settleMonth(ctx context.Context, tx *database.Tx, id org.ID, match int64, body org.Body, month calendar.Month) error {
	if _, err := org.Touch(ctx, tx, id, match); err != nil {
		return err
	}
	book, err := ledger.Open(ctx, tx)
	if err != nil {
		return err
	}
	if err := book.Settle(ctx, id, body, calendar.Period{From: month, To: month}); err != nil {
		return err
	}
	_, err = book.Close(ctx)
	return err
}
