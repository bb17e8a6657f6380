package inspection

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// PlanView is a plan with its planned rounds.
type PlanView struct {
	Plan

	Items []PlanItemView
}

// PlanItemView is a planned round with its objects and the rounds that carry it out.
type PlanItemView struct {
	PlanItem

	Organizations []org.ID
	Rounds        []ID
}

// RecordPlan adds the plan of a body of an organisation for a year.
//
// Faults: organization_unknown, forbidden, id_taken, code_taken, inspection_plan_exists, inspection_plan_invalid (field_required, word_unknown,
// text_too_long, list_too_long, number_out_of_range, body_not_possible, quarter_outside_year, month_outside_quarter, object_duplicate,
// reference_unknown, id_taken).
func (s *Service) RecordPlan(ctx context.Context, actor auth.Actor, organization org.ID, in PlanInput) (PlanView, error) {
	return audit.Write(ctx, s.db, actor.Act("inspection_plan.record"), func(tx *database.Tx) (PlanView, error) {
		if err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, organization); err != nil {
			return PlanView{}, err
		}
		p := Plan{
			ID: in.ID, Code: in.Code, OrganizationID: organization, Body: in.Body, Year: in.Year, Number: in.Number, ApprovedOn: in.ApprovedOn,
			Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if p.ID == uuid.Nil {
			p.ID = uuid.Must(uuid.NewV7())
		}
		items, objects, err := checkPlan(ctx, tx, actor, &p, in)
		if err != nil {
			return PlanView{}, err
		}
		if err := insertPlan(ctx, tx, p); err != nil {
			return PlanView{}, err
		}
		if err := saveItems(ctx, tx, p, items, objects); err != nil {
			return PlanView{}, err
		}
		return viewPlan(ctx, tx, p)
	})
}

// checkPlan makes the items and objects of a plan and refuses what is wrong with it; fault: inspection_plan_invalid.
func checkPlan(ctx context.Context, tx *database.Tx, actor auth.Actor, p *Plan, in PlanInput) ([]PlanItem, []PlanObject, error) {
	var f fault.Fields
	p.tidy(&f)
	items, objects := in.rows(&f, *p, tx.Now)
	side, err := org.Find(ctx, tx, p.OrganizationID)
	if err != nil {
		return nil, nil, err
	}
	if f.Len() == 0 {
		f.Check(side.Kind.May(p.Body), "/body", "body_not_possible", fault.Args{"body": p.Body, "kind": side.Kind})
	}
	for n, item := range in.Items {
		for k, organization := range item.OrganizationIDs {
			err := org.Authorize(ctx, tx, actor, auth.OrganizationRead, organization)
			if kind := fault.KindOf(err); err != nil && kind != fault.NotFound && kind != fault.Forbidden {
				return nil, nil, err
			}
			f.Check(err == nil, "/items/"+strconv.Itoa(n)+"/organization_ids/"+strconv.Itoa(k), "reference_unknown")
		}
	}
	return items, objects, f.Err(fault.Invalid, "inspection_plan_invalid")
}

// ReplacePlan writes a plan anew, if match is the current version: its document and all its planned rounds. Those that are named by their ids
// stay, others are taken away, unless a round carries them out. Body and year stay.
//
// Faults: inspection_plan_unknown, forbidden, version_stale, id_taken, code_taken, plan_item_carried_out, inspection_plan_invalid as in
// RecordPlan.
func (s *Service) ReplacePlan(ctx context.Context, actor auth.Actor, id uuid.UUID, match int64, in PlanInput) (PlanView, error) {
	return audit.Write(ctx, s.db, actor.Act("inspection_plan.replace"), func(tx *database.Tx) (PlanView, error) {
		p, err := visiblePlan(ctx, tx, actor, id)
		if err != nil {
			return PlanView{}, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.InspectionWrite, p.OrganizationID); err != nil {
			return PlanView{}, err
		}
		if p.Version != match {
			return PlanView{}, fault.WithETag(ErrStale, httpapi.ETag(p.Version))
		}
		p.Code, p.Number, p.ApprovedOn = in.Code, in.Number, in.ApprovedOn
		items, objects, err := checkPlan(ctx, tx, actor, &p, in)
		if err != nil {
			return PlanView{}, err
		}
		if err := savePlan(ctx, tx, &p, match); err != nil {
			return PlanView{}, err
		}
		if err := saveItems(ctx, tx, p, items, objects); err != nil {
			return PlanView{}, err
		}
		return viewPlan(ctx, tx, p)
	})
}

// ListPlans returns the plans of an organisation, of one year or of all where year is 0, the earliest first; faults: organization_unknown,
// forbidden.
func (s *Service) ListPlans(ctx context.Context, actor auth.Actor, organization org.ID, year int) ([]PlanView, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]PlanView, error) {
		if err := org.Authorize(ctx, tx, actor, auth.InspectionRead, organization); err != nil {
			return nil, err
		}
		plans, err := plansOf(ctx, tx, organization, year)
		if err != nil {
			return nil, err
		}
		views := make([]PlanView, len(plans))
		for n, p := range plans {
			if views[n], err = viewPlan(ctx, tx, p); err != nil {
				return nil, err
			}
		}
		return views, nil
	})
}

// GetPlan returns a plan; faults: inspection_plan_unknown, forbidden.
func (s *Service) GetPlan(ctx context.Context, actor auth.Actor, id uuid.UUID) (PlanView, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (PlanView, error) {
		p, err := visiblePlan(ctx, tx, actor, id)
		if err != nil {
			return PlanView{}, err
		}
		return viewPlan(ctx, tx, p)
	})
}
