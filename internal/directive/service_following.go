package directive

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

// RequirementInput asks an organisation and all below it to study a directive by a day.
type RequirementInput struct {
	OrganizationID org.ID
	StudyBy        calendar.Date
}

// PlanInput is an implementing plan to be added.
type PlanInput struct {
	OrganizationID org.ID
	Number         string
	IssuedOn       calendar.Date
	Title          *string
	Address        *string
}

// Require asks for a directive to be studied.
//
// Faults: directive_unknown, forbidden, study_requirement_invalid (field_required, reference_unknown, deadline_before_issue),
// study_requirement_exists.
func (s *Service) Require(ctx context.Context, actor auth.Actor, id ID, in RequirementInput) (Requirement, error) {
	return audit.Write(ctx, s.db, actor.Act("directive.require"), func(tx *database.Tx) (Requirement, error) {
		d, err := forOrganization(ctx, tx, actor, id, in.OrganizationID, "study_requirement_invalid")
		if err != nil {
			return Requirement{}, err
		}
		var f fault.Fields
		r := Requirement{
			ID: uuid.Must(uuid.NewV7()), DirectiveID: id, OrganizationID: in.OrganizationID, StudyBy: in.StudyBy, CreatedAt: tx.Now,
		}
		r.check(&f, d)
		if err := f.Err(fault.Invalid, "study_requirement_invalid"); err != nil {
			return Requirement{}, err
		}
		return r, insertRequirement(ctx, tx, &r)
	})
}

// forOrganization returns the directive if the actor may write registries for the organisation that the body names. Faults:
// directive_unknown, forbidden, and the one of the code.
func forOrganization(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, owner org.ID, code string) (Directive, error) {
	if err := org.AuthorizeNamed(ctx, tx, actor, auth.RegistryWrite, owner, code); err != nil {
		return Directive{}, err
	}
	return Find(ctx, tx, id)
}

// Requirements returns who requires a directive, as far as the actor sees them, the earliest day first. Faults: directive_unknown, forbidden.
func (s *Service) Requirements(ctx context.Context, actor auth.Actor, id ID) ([]Requirement, error) {
	return following(ctx, s, actor, id, listRequirements)
}

// Plans returns the implementing plans of a directive that the actor sees, the oldest first. Faults: directive_unknown, forbidden.
func (s *Service) Plans(ctx context.Context, actor auth.Actor, id ID) ([]Plan, error) {
	return following(ctx, s, actor, id, listPlans)
}

// following reads what organisations do with a directive.
func following[T any](
	ctx context.Context, s *Service, actor auth.Actor, id ID,
	list func(ctx context.Context, tx *database.Tx, sight org.Sight, of ID) ([]T, error),
) ([]T, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]T, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryRead); err != nil {
			return nil, err
		}
		if _, err := Find(ctx, tx, id); err != nil {
			return nil, err
		}
		sight, err := org.Scope(ctx, tx, actor, auth.RegistryRead)
		if err != nil {
			return nil, err
		}
		return list(ctx, tx, sight, id)
	})
}

// TakeBack ends a requirement. Faults: study_requirement_unknown, forbidden.
func (s *Service) TakeBack(ctx context.Context, actor auth.Actor, of ID, id uuid.UUID) error {
	_, err := audit.Write(ctx, s.db, actor.Act("directive.take_back"), func(tx *database.Tx) (struct{}, error) {
		r, err := findSeen[Requirement](ctx, tx, actor, of, id, ErrRequirementUnknown)
		if err != nil {
			return struct{}{}, err
		}
		if err := org.AuthorizeSeen(ctx, tx, actor, auth.RegistryWrite, r.OrganizationID); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, removeRequirement(ctx, tx, id)
	})
	return err
}

// AddPlan adds an implementing plan.
//
// Faults: directive_unknown, forbidden, implementing_plan_invalid (field_required, reference_unknown, text_too_long, address_malformed),
// implementing_plan_exists.
func (s *Service) AddPlan(ctx context.Context, actor auth.Actor, id ID, in PlanInput) (Plan, error) {
	return audit.Write(ctx, s.db, actor.Act("directive.add_plan"), func(tx *database.Tx) (Plan, error) {
		if _, err := forOrganization(ctx, tx, actor, id, in.OrganizationID, "implementing_plan_invalid"); err != nil {
			return Plan{}, err
		}
		var f fault.Fields
		p := Plan{
			ID: uuid.Must(uuid.NewV7()), DirectiveID: id, OrganizationID: in.OrganizationID, Number: in.Number, IssuedOn: in.IssuedOn,
			Title: in.Title, Address: in.Address, CreatedAt: tx.Now,
		}
		p.tidy(&f)
		if err := f.Err(fault.Invalid, "implementing_plan_invalid"); err != nil {
			return Plan{}, err
		}
		return p, insertPlan(ctx, tx, &p)
	})
}

// RemovePlan removes an implementing plan. Faults: implementing_plan_unknown, forbidden.
func (s *Service) RemovePlan(ctx context.Context, actor auth.Actor, of ID, id uuid.UUID) error {
	_, err := audit.Write(ctx, s.db, actor.Act("directive.remove_plan"), func(tx *database.Tx) (struct{}, error) {
		p, err := findSeen[Plan](ctx, tx, actor, of, id, ErrPlanUnknown)
		if err != nil {
			return struct{}{}, err
		}
		if err := org.AuthorizeSeen(ctx, tx, actor, auth.RegistryWrite, p.OrganizationID); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, removePlan(ctx, tx, id)
	})
	return err
}
