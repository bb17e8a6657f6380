package directive

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// findSeen returns a requirement or plan of the directive that the actor sees; otherwise it fails with what is unknown, or with forbidden.
func findSeen[T interface{ TableName() string }](ctx context.Context, tx *database.Tx, actor auth.Actor, of ID, id uuid.UUID, unknown error) (T, error) {
	var none T
	if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryRead); err != nil {
		return none, err
	}
	sight, err := org.Scope(ctx, tx, actor, auth.RegistryRead)
	if err != nil {
		return none, err
	}
	where, args := sight.ForRow().WhereOffered(none.TableName() + ".organization_id")
	row, err := database.Of[T](database.Gorm(ctx, tx)).Where("id = ? AND directive_id = ?", id, of).Where(where, args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return none, unknown
	}
	return row, err
}

func listRequirements(ctx context.Context, tx *database.Tx, sight org.Sight, of ID) ([]Requirement, error) {
	where, args := sight.ForRow().WhereOffered("study_requirement.organization_id")
	return database.Of[Requirement](database.Gorm(ctx, tx)).Where("directive_id = ?", of).Where(where, args...).
		Order("study_by, organization_id").Find(ctx)
}

func listPlans(ctx context.Context, tx *database.Tx, sight org.Sight, of ID) ([]Plan, error) {
	where, args := sight.ForRow().WhereOffered("implementing_plan.organization_id")
	return database.Of[Plan](database.Gorm(ctx, tx)).Where("directive_id = ?", of).Where(where, args...).
		Order("issued_on, number, organization_id, id").Find(ctx)
}

// RequirementsOf returns the requirements of a directive, of all directives where none is named, by any of the organisations, the earliest
// day first.
func RequirementsOf(ctx context.Context, tx *database.Tx, of *ID, by []org.ID) ([]Requirement, error) {
	q := database.Of[Requirement](database.Gorm(ctx, tx)).Where("organization_id IN ?", by)
	if of != nil {
		q = q.Where("directive_id = ?", *of)
	}
	rows, err := q.Order("study_by, directive_id, organization_id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("requirements to study: %w", err)
	}
	return rows, nil
}

func insertRequirement(ctx context.Context, tx *database.Tx, r *Requirement) error {
	audit.Touch(tx, SealedRequirement(), r.ID)
	if err := database.Of[Requirement](database.Gorm(ctx, tx)).Create(ctx, r); err != nil {
		return fmt.Errorf("require directive %s: %w", r.DirectiveID, database.Taken(err, ErrRequirementExists))
	}
	return nil
}

func removeRequirement(ctx context.Context, tx *database.Tx, id uuid.UUID) error {
	audit.Touch(tx, SealedRequirement(), id)
	if _, err := database.Of[Requirement](database.Gorm(ctx, tx)).Where("id = ?", id).Delete(ctx); err != nil {
		return fmt.Errorf("take back requirement %s: %w", id, err)
	}
	return nil
}

func insertPlan(ctx context.Context, tx *database.Tx, p *Plan) error {
	audit.Touch(tx, SealedPlan(), p.ID)
	if err := database.Of[Plan](database.Gorm(ctx, tx)).Create(ctx, p); err != nil {
		return fmt.Errorf("add plan for directive %s: %w", p.DirectiveID, database.Taken(err, ErrPlanExists))
	}
	return nil
}

func removePlan(ctx context.Context, tx *database.Tx, id uuid.UUID) error {
	audit.Touch(tx, SealedPlan(), id)
	if _, err := database.Of[Plan](database.Gorm(ctx, tx)).Where("id = ?", id).Delete(ctx); err != nil {
		return fmt.Errorf("remove plan %s: %w", id, err)
	}
	return nil
}
