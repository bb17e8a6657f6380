package org

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// GrantInput asks for a role of a user.
type GrantInput struct {
	UserID         auth.UserID
	Role           auth.Role
	OrganizationID *ID   // nil: the whole installation
	Reach          Reach // empty: subtree
	From           calendar.Date
	To             *calendar.Date // the last day; nil leaves it open
}

// AddGrant gives a user a role. Only the installation may; so nobody grants to themselves.
//
// Faults: forbidden, grant_invalid, user_unknown, organization_unknown.
func (s *Service) AddGrant(ctx context.Context, actor auth.Actor, in GrantInput) (Grant, error) {
	return audit.Write(ctx, s.db, actor.Act("grant.add"), func(tx *database.Tx) (Grant, error) {
		grant, err := newGrant(ctx, tx, actor, in)
		if err != nil {
			return Grant{}, err
		}
		return grant, insertGrant(ctx, tx, &grant)
	})
}

// EnsureGrant returns the grant that gives the user the role already, or adds it. Only the installation may.
//
// Faults: forbidden, grant_invalid, user_unknown, organization_unknown.
func (s *Service) EnsureGrant(ctx context.Context, actor auth.Actor, in GrantInput) (Grant, error) {
	return audit.Write(ctx, s.db, actor.Act("grant.add"), func(tx *database.Tx) (Grant, error) {
		grant, err := newGrant(ctx, tx, actor, in)
		if err != nil {
			return Grant{}, err
		}
		found, ok, err := findEqualGrant(ctx, tx, grant)
		if err != nil || ok {
			return found, err
		}
		return grant, insertGrant(ctx, tx, &grant)
	})
}

func newGrant(ctx context.Context, tx *database.Tx, actor auth.Actor, in GrantInput) (Grant, error) {
	if !actor.Installation {
		return Grant{}, ErrForbidden
	}
	grant := in.grant(tx)
	if err := grant.check(); err != nil {
		return Grant{}, err
	}
	if _, err := auth.FindUser(ctx, tx, in.UserID); err != nil {
		return Grant{}, err
	}
	if in.OrganizationID != nil {
		if _, err := Find(ctx, tx, *in.OrganizationID); err != nil {
			return Grant{}, err
		}
	}
	return grant, nil
}

func (in GrantInput) grant(tx *database.Tx) Grant {
	grant := Grant{
		ID: uuid.Must(uuid.NewV7()), UserID: in.UserID, Role: in.Role, OrganizationID: in.OrganizationID, Reach: in.Reach,
		ValidFrom: in.From, ValidTo: in.To, CreatedAt: tx.Now,
	}
	if grant.Reach == "" {
		grant.Reach = ReachSubtree
	}
	if grant.ValidFrom.IsZero() {
		grant.ValidFrom = tx.Today()
	}
	return grant
}

func (g Grant) check() error {
	var faults fault.Fields
	faults.Check(slices.Contains(auth.Roles(), g.Role), "/role", "word_unknown", allowed(auth.Roles()))
	faults.Check(slices.Contains(Reaches(), g.Reach), "/reach", "word_unknown", allowed(Reaches()))
	faults.Check(g.Span().Valid(), "/to", "ends_before_start")
	return faults.Err(fault.Invalid, "grant_invalid")
}

// Self is what callers are told about themselves.
type Self struct {
	User          auth.User
	Grants        []Grant
	Organizations map[ID]Organization // those the grants name
	Permissions   []httpapi.Permission
}

// Me returns who the actor is and what the actor may do, at least somewhere.
//
// Faults: user_unknown.
func (s *Service) Me(ctx context.Context, actor auth.Actor) (Self, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Self, error) {
		user, err := auth.FindUser(ctx, tx, actor.UserID)
		if err != nil {
			return Self{}, err
		}
		grants, err := GrantsOf(ctx, tx, actor)
		if err != nil {
			return Self{}, err
		}
		var ids []ID
		for _, g := range grants {
			if g.OrganizationID != nil {
				ids = append(ids, *g.OrganizationID)
			}
		}
		organizations, err := LookupAll(ctx, tx, ids)
		return Self{
			User: user, Grants: grants, Organizations: organizations, Permissions: auth.PermissionsOf(rolesOf(grants)...),
		}, err
	})
}

// ByCode returns the organisation of a code, which the command line names organisations by.
//
// Faults: forbidden, organization_unknown.
func (s *Service) ByCode(ctx context.Context, actor auth.Actor, code string) (Organization, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Organization, error) {
		o, err := FindByCode(ctx, tx, code)
		if err != nil {
			return Organization{}, err
		}
		return o, Authorize(ctx, tx, actor, auth.OrganizationRead, o.ID)
	})
}
