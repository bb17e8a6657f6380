package study

import (
	"context"
	"slices"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// PlanInput is a plan to be added.
type PlanInput struct {
	ID           PlanID // zero: a new one
	Code         *string
	Quarter      calendar.Quarter
	PlannedMonth *calendar.Month
	TopicID      *topic.ID
	Category     *topic.Category
	Note         *string
}

// Planned is a plan with the counted sessions that did what it says.
type Planned struct {
	Plan

	Held []Session
}

// Plans returns the plans of an organisation for a year, with what was held.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Plans(ctx context.Context, actor auth.Actor, of org.ID, year calendar.Period) ([]Planned, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Planned, error) {
		if err := org.Authorize(ctx, tx, actor, auth.RegistryRead, of); err != nil {
			return nil, err
		}
		plans, err := plansOf(ctx, tx, of, year)
		if err != nil {
			return nil, err
		}
		return against(ctx, tx, actor, of, year, plans)
	})
}

// against sets the plans of an organisation against the thematic sessions that it held in the period.
func against(
	ctx context.Context, tx *database.Tx, actor auth.Actor, of org.ID, period calendar.Period, plans []Plan,
) ([]Planned, error) {
	own := condition{"m.organization_id = ?", []any{of}}
	sessions, err := countedThematic(ctx, tx, actor, own, period)
	if err != nil {
		return nil, err
	}
	planned := make([]Planned, len(plans))
	for i, p := range plans {
		planned[i].Plan = p
		for _, session := range sessions {
			if p.meets(session) {
				planned[i].Held = append(planned[i].Held, session.Session)
			}
		}
	}
	return planned, nil
}

// Plan adds a plan of the organisation.
//
// Faults: organization_unknown, forbidden, topic_plan_invalid (field_required, plan_subject, word_unknown, month_outside_quarter,
// reference_unknown, text_too_long), id_taken, code_taken.
func (s *Service) Plan(ctx context.Context, actor auth.Actor, of org.ID, in PlanInput) (Planned, error) {
	return audit.Write(ctx, s.db, actor.Act("topic_plan.add"), func(tx *database.Tx) (Planned, error) {
		if err := org.Authorize(ctx, tx, actor, auth.RegistryWrite, of); err != nil {
			return Planned{}, err
		}
		p := Plan{
			ID: in.ID, Code: in.Code, OrganizationID: of, Quarter: in.Quarter, PlannedMonth: in.PlannedMonth, TopicID: in.TopicID,
			Category: in.Category, Note: in.Note, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if p.ID == (PlanID{}) {
			p.ID = NewPlanID()
		}
		if err := checkPlan(ctx, tx, &p); err != nil {
			return Planned{}, err
		}
		if err := insertPlan(ctx, tx, &p); err != nil {
			return Planned{}, err
		}
		return one(against(ctx, tx, actor, of, p.Quarter.Period(), []Plan{p}))
	})
}

func one(planned []Planned, err error) (Planned, error) {
	if err != nil {
		return Planned{}, err
	}
	return planned[0], nil
}

// checkPlan tidies the plan and refuses what is wrong with it, a topic that is not offered to the organisation among it.
func checkPlan(ctx context.Context, tx *database.Tx, p *Plan) error {
	var f fault.Fields
	p.tidy(&f)
	if p.TopicID != nil {
		offered, err := topic.Offered(ctx, tx, p.OrganizationID, tx.Today())
		if err != nil {
			return err
		}
		known := slices.ContainsFunc(offered, func(t topic.Topic) bool { return t.ID == *p.TopicID })
		f.Check(known, "/topic_id", "reference_unknown")
	}
	return f.Err(fault.Invalid, "topic_plan_invalid")
}

// PlanChange is what an edit alters; what is not set stays.
type PlanChange struct {
	Code         httpapi.Optional[string]
	Quarter      httpapi.Optional[calendar.Quarter]
	PlannedMonth httpapi.Optional[calendar.Month]
	TopicID      httpapi.Optional[topic.ID]
	Category     httpapi.Optional[topic.Category]
	Note         httpapi.Optional[string]
}

func (c PlanChange) apply(p *Plan) {
	c.Code.Apply(&p.Code)
	c.PlannedMonth.Apply(&p.PlannedMonth)
	c.TopicID.Apply(&p.TopicID)
	c.Category.Apply(&p.Category)
	c.Note.Apply(&p.Note)
	if c.Quarter.Set {
		p.Quarter = c.Quarter.Value
	}
}

// ChangePlan changes a plan if match is the current version.
//
// Faults: organization_unknown, forbidden, topic_plan_unknown, version_stale, code_taken, topic_plan_invalid as in Plan.
func (s *Service) ChangePlan(
	ctx context.Context, actor auth.Actor, of org.ID, id PlanID, match int64, change PlanChange,
) (Planned, error) {
	return audit.Write(ctx, s.db, actor.Act("topic_plan.change"), func(tx *database.Tx) (Planned, error) {
		p, err := openPlan(ctx, tx, actor, of, id, match)
		if err != nil {
			return Planned{}, err
		}
		change.apply(&p)
		if err := checkPlan(ctx, tx, &p); err != nil {
			return Planned{}, err
		}
		if err := savePlan(ctx, tx, &p); err != nil {
			return Planned{}, err
		}
		return one(against(ctx, tx, actor, of, p.Quarter.Period(), []Plan{p}))
	})
}

// RemovePlan removes a plan if match is the current version. Faults: organization_unknown, forbidden, topic_plan_unknown, version_stale.
func (s *Service) RemovePlan(ctx context.Context, actor auth.Actor, of org.ID, id PlanID, match int64) error {
	_, err := audit.Write(ctx, s.db, actor.Act("topic_plan.remove"), func(tx *database.Tx) (struct{}, error) {
		p, err := openPlan(ctx, tx, actor, of, id, match)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, removePlan(ctx, tx, p)
	})
	return err
}

// openPlan returns a plan that the actor may change.
func openPlan(ctx context.Context, tx *database.Tx, actor auth.Actor, of org.ID, id PlanID, match int64) (Plan, error) {
	if err := org.Authorize(ctx, tx, actor, auth.RegistryWrite, of); err != nil {
		return Plan{}, err
	}
	p, err := findPlan(ctx, tx, of, id)
	if err != nil {
		return Plan{}, err
	}
	return p, stale(p.Version, match)
}
