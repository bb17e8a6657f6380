package study

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// plansOf returns the plans of an organisation, in a period, in the order of the quarters.
func plansOf(ctx context.Context, tx *database.Tx, of org.ID, period calendar.Period) ([]Plan, error) {
	rows, err := database.Of[Plan](database.Gorm(ctx, tx)).
		Where("organization_id = ? AND quarter BETWEEN ? AND ?", of, period.From.Quarter(), period.To.Quarter()).
		Order("quarter, coalesce(planned_month, ''), id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("plans of %s: %w", of, err)
	}
	return rows, nil
}

// findPlan returns a plan of the organisation; fault: topic_plan_unknown.
func findPlan(ctx context.Context, tx *database.Tx, of org.ID, id PlanID) (Plan, error) {
	p, err := database.Of[Plan](database.Gorm(ctx, tx)).Where("id = ? AND organization_id = ?", id, of).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Plan{}, ErrPlanUnknown
	}
	if err != nil {
		return Plan{}, fmt.Errorf("find plan %s: %w", id, err)
	}
	return p, nil
}

// insertPlan stores a new plan; faults: id_taken, code_taken.
func insertPlan(ctx context.Context, tx *database.Tx, p *Plan) error {
	audit.Touch(tx, SealedPlan(), p.ID)
	same, err := database.Of[Plan](database.Gorm(ctx, tx)).Where("id = ?", p.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for plan %s: %w", p.ID, err)
	}
	if same > 0 {
		return ErrIDTaken
	}
	if err := database.Of[Plan](database.Gorm(ctx, tx)).Create(ctx, p); err != nil {
		return fmt.Errorf("insert plan %s: %w", p.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// savePlan stores the plan if its version is still the one that was read; faults: version_stale, code_taken.
func savePlan(ctx context.Context, tx *database.Tx, p *Plan) error {
	audit.Touch(tx, SealedPlan(), p.ID)
	match := p.Version
	p.Version, p.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Plan](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", p.ID, match).
		Select("code", "quarter", "planned_month", "topic_id", "category", "note", "version", "updated_at").Updates(ctx, *p)
	if err != nil {
		return fmt.Errorf("save plan %s: %w", p.ID, database.Taken(err, ErrCodeTaken))
	}
	if n == 0 {
		return ErrStale
	}
	return nil
}

// removePlan removes a plan if its version is still the one that was read; fault: version_stale.
func removePlan(ctx context.Context, tx *database.Tx, p Plan) error {
	audit.Touch(tx, SealedPlan(), p.ID)
	n, err := database.Of[Plan](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", p.ID, p.Version).Delete(ctx)
	if err == nil && n == 0 {
		err = ErrStale
	}
	return err
}

// stale refuses a version that is not the current one and names the current one.
func stale(version, match int64) error {
	if version == match {
		return nil
	}
	return fault.WithETag(ErrStale, httpapi.ETag(version))
}
