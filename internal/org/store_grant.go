package org

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// Authorize decides whether the actor may do this to the organisation today: nil; ErrUnknown where there is no such organisation or no
// grant of the actor reaches it; ErrForbidden where one does, but none with this permission; token_may_not_receive or
// second_factor_required where the permission needs more proof than the actor has shown.
func Authorize(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID) error {
	grants, chain, err := rights(ctx, tx, actor, id)
	if err != nil {
		return err
	}
	if err := judge(grants, chain, permission); err != nil {
		return err
	}
	return auth.CheckFactor(ctx, tx, actor, permission)
}

// AuthorizeNamed is Authorize for an organisation that a body names at /organization_id: a missing one, or one out of reach, is a fault of
// that field, under the code of what is wrong with the whole body.
//
//fault:codes topic_invalid study_requirement_invalid implementing_plan_invalid joint_session_invalid
func AuthorizeNamed(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID, code string) error {
	var f fault.Fields
	if f.Check(id != ID{}, "/organization_id", "field_required") {
		err := Authorize(ctx, tx, actor, permission, id)
		if err == nil || fault.KindOf(err) != fault.NotFound {
			return err
		}
		f.Check(false, "/organization_id", "reference_unknown")
	}
	return f.Err(fault.Invalid, code)
}

// AuthorizeSeen is Authorize for the owner of something that the actor sees: an owner out of reach, whose things are offered from above,
// gives ErrForbidden.
func AuthorizeSeen(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID) error {
	err := Authorize(ctx, tx, actor, permission, id)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return ErrForbidden
	}
	return err
}

// SeesRecord decides whether the actor may read a meeting's record of the organisation, accepted or not: some roles show accepted ones
// only.
func SeesRecord(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, accepted bool) (bool, error) {
	grants, chain, err := rights(ctx, tx, actor, id)
	if err != nil || len(chain) == 0 {
		return false, err
	}
	return slices.ContainsFunc(covering(grants, chain), func(g Grant) bool {
		return auth.Allows(g.Role, auth.MeetingRead) && (accepted || !auth.OnlyAccepted(g.Role))
	}), nil
}

// rights returns the actor's grants of today and the organisation's chain of today.
func rights(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) ([]Grant, []ID, error) {
	grants, err := GrantsOf(ctx, tx, actor)
	if err != nil {
		return nil, nil, err
	}
	chain, err := ChainOn(ctx, tx, id, tx.Today())
	return grants, chain, err
}

// AuthorizeAnywhere decides about what belongs to the whole installation: nil if any grant of the actor has the permission, else
// ErrForbidden.
func AuthorizeAnywhere(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission) error {
	if _, err := ScopeAnywhere(ctx, tx, actor, permission); err != nil {
		return err
	}
	return auth.CheckFactor(ctx, tx, actor, permission)
}

// Scope returns where the actor has the permission today.
func Scope(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission) (Sight, error) {
	if actor.Installation {
		return Everywhere(tx), nil
	}
	grants, err := GrantsOf(ctx, tx, actor)
	return sightOf(grants, permission, tx.Today()), err
}

// ScopeAnywhere is Scope for those who have the permission somewhere; fault: forbidden for everybody else.
func ScopeAnywhere(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission) (Sight, error) {
	sight, err := Scope(ctx, tx, actor, permission)
	if err == nil && sight.None() {
		err = ErrForbidden
	}
	return sight, err
}

// Narrow returns the condition of the filter organization_id=…&scope=subtree|own on the column, by the tree of today.
func Narrow(_ context.Context, tx *database.Tx, id ID, scope, column string) (sql string, args []any) {
	return narrow(id, scope, column, tx.Today())
}

// grantHolds is the condition that a grant holds on a day, given twice.
const grantHolds = "revoked_at IS NULL AND " + holds

// GrantsOf returns the grants the actor can use today, but for those that are tied to a round of inspection: they permit nothing to those
// who do not ask for them. The installation has every role everywhere.
func GrantsOf(ctx context.Context, tx *database.Tx, actor auth.Actor) ([]Grant, error) {
	if actor.Installation {
		return everything(tx.Today()), nil
	}
	grants, err := allGrantsOf(ctx, tx, actor)
	grants = loose(grants)
	if err == nil {
		noteRights(ctx, actor, grants)
	}
	return grants, err
}

// allGrantsOf returns the user's grants of the day, those that are tied to a round among them.
func allGrantsOf(ctx context.Context, tx *database.Tx, actor auth.Actor) ([]Grant, error) {
	query := database.Of[Grant](database.Gorm(ctx, tx)).Where("user_id = ? AND "+grantHolds, actor.UserID, tx.Today(), tx.Today())
	if actor.GrantID != (uuid.UUID{}) {
		query = query.Where("id = ?", actor.GrantID)
	}
	grants, err := query.Order("id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("find grants: %w", err)
	}
	return grants, nil
}

func everything(today calendar.Date) []Grant {
	var grants []Grant
	for _, role := range auth.Roles() {
		grants = append(grants, Grant{Role: role, Reach: ReachSubtree, ValidFrom: today})
	}
	return grants
}

// findGrant returns the grant if its organisation is in sight; fault: grant_unknown.
func findGrant(ctx context.Context, tx *database.Tx, sight Sight, id uuid.UUID) (Grant, error) {
	where, args := sight.ForRow().Where("role_grant.organization_id")
	grant, err := database.Of[Grant](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Grant{}, ErrGrantUnknown
	}
	return grant, err
}

// listGrants returns one grant more than the page has, if there is one.
func listGrants(ctx context.Context, tx *database.Tx, sight Sight, f GrantFilter) ([]Grant, error) {
	sight, err := sight.Within(ctx, tx, Given(f.Within), f.Scope, 2)
	if err != nil {
		return nil, err
	}
	where, args := sight.Where("role_grant.organization_id")
	query := database.Of[Grant](database.Gorm(ctx, tx)).Where(where, args...)
	if f.UserID != nil {
		query = query.Where("user_id = ?", *f.UserID)
	}
	if !f.On.IsZero() {
		query = query.Where(grantHolds, f.On, f.On)
	}
	if f.Page.After != nil {
		after, err := uuid.Parse(f.Page.After[0])
		if err != nil {
			return nil, fmt.Errorf("cursor: %w", err)
		}
		query = query.Where("id > ?", after)
	}
	grants, err := query.Order("id").Limit(f.Page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list grants: %w", err)
	}
	return grants, nil
}

// saveGrant stores when the grant ends, if its version is still the one that was read; fault: version_stale.
func saveGrant(ctx context.Context, tx *database.Tx, g *Grant) error {
	audit.Touch(tx, SealedGrant(), g.ID)
	match := g.Version
	g.Version = match + 1
	n, err := database.Of[Grant](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", g.ID, match).
		Select("valid_to", "revoked_at", "revoked_by", "version").Updates(ctx, *g)
	if err != nil {
		return fmt.Errorf("save grant %s: %w", g.ID, err)
	}
	if n == 0 {
		return ErrStale
	}
	return nil
}

func insertGrant(ctx context.Context, tx *database.Tx, g *Grant) error {
	audit.Touch(tx, SealedGrant(), g.ID)
	return database.Of[Grant](database.Gorm(ctx, tx)).Create(ctx, g)
}

// findEqualGrant returns a grant that already gives the same for the same days, if there is one.
func findEqualGrant(ctx context.Context, tx *database.Tx, g Grant) (Grant, bool, error) {
	query := database.Of[Grant](database.Gorm(ctx, tx)).
		Where("inspection_id IS NULL AND revoked_at IS NULL AND user_id = ? AND role = ? AND reach = ? AND valid_from <= ?", g.UserID, g.Role, g.Reach, g.ValidFrom)
	query = equalOrNull(query, "organization_id", g.OrganizationID)
	query = equalOrNull(query, "valid_to", g.ValidTo)
	found, err := query.Order("id").Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Grant{}, false, nil
	}
	return found, err == nil, err
}

func equalOrNull[T any](query database.Rows[Grant], column string, value *T) database.Rows[Grant] {
	if value == nil {
		return query.Where(column + " IS NULL")
	}
	return query.Where(column+" = ?", *value)
}
