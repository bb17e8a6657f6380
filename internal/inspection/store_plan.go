package inspection

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// visiblePlan returns a plan whose organisation the actor may see; faults: inspection_plan_unknown, forbidden.
func visiblePlan(ctx context.Context, tx *database.Tx, actor auth.Actor, id uuid.UUID) (Plan, error) {
	where, args, err := seen(ctx, tx, actor, "inspection_plan.organization_id")
	if err != nil {
		return Plan{}, err
	}
	p, err := database.Of[Plan](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Plan{}, ErrPlanUnknown
	}
	if err != nil {
		return Plan{}, fmt.Errorf("find inspection plan %s: %w", id, err)
	}
	return p, nil
}

// plansOf returns the plans of an organisation, of one year unless it is 0.
func plansOf(ctx context.Context, tx *database.Tx, organization org.ID, year int) ([]Plan, error) {
	q := database.Of[Plan](database.Gorm(ctx, tx)).Where("organization_id = ?", organization)
	if year != 0 {
		q = q.Where("year = ?", year)
	}
	rows, err := q.Order("year, body, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("inspection plans of %s: %w", organization, err)
	}
	return rows, nil
}

// viewPlan adds to a plan its items with their objects and rounds, in the order of their quarters.
func viewPlan(ctx context.Context, tx *database.Tx, p Plan) (PlanView, error) {
	v := PlanView{Plan: p}
	items, err := database.Of[PlanItem](database.Gorm(ctx, tx)).Where("plan_id = ?", p.ID).Order("quarter, created_at, id").Find(ctx)
	if err != nil {
		return v, fmt.Errorf("items of inspection plan %s: %w", p.ID, err)
	}
	const ofPlan = "IN (SELECT it.id FROM inspection_plan_item it WHERE it.plan_id = ?)"
	objects, err := database.Of[PlanObject](database.Gorm(ctx, tx)).Where("item_id "+ofPlan, p.ID).Order("item_id, organization_id").Find(ctx)
	if err != nil {
		return v, fmt.Errorf("objects of inspection plan %s: %w", p.ID, err)
	}
	rounds, err := database.Of[Inspection](database.Gorm(ctx, tx)).Where("plan_item_id "+ofPlan, p.ID).Order("from_on, id").Find(ctx)
	if err != nil {
		return v, fmt.Errorf("rounds of inspection plan %s: %w", p.ID, err)
	}
	for _, item := range items {
		one := PlanItemView{PlanItem: item, Organizations: []org.ID{}, Rounds: []ID{}}
		for _, o := range objects {
			if o.ItemID == item.ID {
				one.Organizations = append(one.Organizations, o.OrganizationID)
			}
		}
		for _, i := range rounds {
			if *i.PlanItemID == item.ID {
				one.Rounds = append(one.Rounds, i.ID)
			}
		}
		v.Items = append(v.Items, one)
	}
	return v, nil
}

// insertPlan stores the head of a new plan; faults: id_taken, code_taken, inspection_plan_exists.
func insertPlan(ctx context.Context, tx *database.Tx, p Plan) error {
	audit.Touch(tx, SealedPlan(), p.ID)
	for _, taken := range []struct {
		where string
		args  []any
		as    error
	}{
		{"id = ?", []any{p.ID}, ErrIDTaken},
		{"organization_id = ? AND body = ? AND year = ?", []any{p.OrganizationID, p.Body, p.Year}, ErrPlanExists},
	} {
		n, err := database.Of[Plan](database.Gorm(ctx, tx)).Where(taken.where, taken.args...).Count(ctx, "*")
		if err != nil {
			return fmt.Errorf("look for inspection plan %s: %w", p.ID, err)
		}
		if n > 0 {
			return taken.as
		}
	}
	if err := database.Of[Plan](database.Gorm(ctx, tx)).Create(ctx, &p); err != nil {
		return fmt.Errorf("insert inspection plan %s: %w", p.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// savePlan gives the head of a plan its next version; faults: version_stale, code_taken.
func savePlan(ctx context.Context, tx *database.Tx, p *Plan, match int64) error {
	audit.Touch(tx, SealedPlan(), p.ID)
	p.Version, p.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Plan](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", p.ID, match).
		Select("code", "number", "approved_on", "version", "updated_at").Updates(ctx, *p)
	if err != nil {
		return fmt.Errorf("save inspection plan %s: %w", p.ID, database.Taken(err, ErrCodeTaken))
	}
	if n == 0 {
		return ErrStale
	}
	return nil
}

// saveItems makes the items of a plan those given, with their objects: others are removed. Faults: id_taken, code_taken,
// plan_item_carried_out.
func saveItems(ctx context.Context, tx *database.Tx, p Plan, items []PlanItem, objects []PlanObject) error {
	before, err := database.Of[PlanItem](database.Gorm(ctx, tx)).Where("plan_id = ?", p.ID).Find(ctx)
	if err != nil {
		return fmt.Errorf("items of inspection plan %s: %w", p.ID, err)
	}
	stays, stood := map[uuid.UUID]bool{}, map[uuid.UUID]int64{}
	for _, item := range items {
		stays[item.ID] = true
	}
	for _, item := range before {
		stood[item.ID] = item.Version
		if err := clearItem(ctx, tx, item.ID, stays[item.ID]); err != nil {
			return err
		}
	}
	for _, item := range items {
		if err := saveItem(ctx, tx, item, stood[item.ID]); err != nil {
			return err
		}
	}
	for _, o := range objects {
		if err := database.Of[PlanObject](database.Gorm(ctx, tx)).Create(ctx, &o); err != nil {
			return fmt.Errorf("insert object of planned round %s: %w", o.ItemID, err)
		}
	}
	return nil
}

// clearItem removes the objects of an item, and the item unless it stays; fault: plan_item_carried_out.
func clearItem(ctx context.Context, tx *database.Tx, id uuid.UUID, stays bool) error {
	audit.Touch(tx, SealedPlanItem(), id)
	if _, err := database.Of[PlanObject](database.Gorm(ctx, tx)).Where("item_id = ?", id).Delete(ctx); err != nil {
		return fmt.Errorf("remove objects of planned round %s: %w", id, err)
	}
	if stays {
		return nil
	}
	if _, err := database.Of[PlanItem](database.Gorm(ctx, tx)).Where("id = ?", id).Delete(ctx); err != nil {
		return database.Referenced(fmt.Errorf("remove planned round %s: %w", id, err), ErrPlanUsed)
	}
	return nil
}

// saveItem stores an item: a new one where stood, its version, is 0. Faults: id_taken, code_taken.
func saveItem(ctx context.Context, tx *database.Tx, item PlanItem, stood int64) error {
	audit.Touch(tx, SealedPlanItem(), item.ID)
	rows := database.Of[PlanItem](database.Gorm(ctx, tx)).Where("id = ?", item.ID)
	if stood > 0 {
		item.Version = stood + 1
		_, err := rows.Select("code", "kind", "quarter", "planned_month", "title", "version", "updated_at").Updates(ctx, item)
		return database.Taken(err, ErrCodeTaken)
	}
	if n, err := rows.Count(ctx, "*"); err != nil || n > 0 {
		return taken(err, ErrIDTaken)
	}
	if err := database.Of[PlanItem](database.Gorm(ctx, tx)).Create(ctx, &item); err != nil {
		return fmt.Errorf("insert planned round %s: %w", item.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// taken is the error of looking, or the fault where there was none.
func taken(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// checkPlanned notes a planned round that is none of the side's plans.
func checkPlanned(ctx context.Context, tx *database.Tx, f *fault.Fields, i Inspection) error {
	if i.PlanItemID == nil {
		return nil
	}
	n, err := database.Of[PlanItem](database.Gorm(ctx, tx)).Where("id = ? AND plan_id IN (SELECT p.id FROM inspection_plan p"+
		" WHERE p.organization_id = ? AND p.body = ?)", *i.PlanItemID, i.OrganizationID, i.Body).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("find planned round %s: %w", *i.PlanItemID, err)
	}
	f.Check(n > 0, "/plan_item_id", "reference_unknown")
	return nil
}
