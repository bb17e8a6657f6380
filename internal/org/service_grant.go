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
	Basis          *string        // the document that orders it
	InspectionID   *uuid.UUID     // ties the grant to a round of inspection, whose side OrganizationID is, named or not
	FromMonth      *calendar.Month
	ToMonth        *calendar.Month
}

// AddGrant gives a user a role. An administrator gives roles within the own reach, from today on or later, and never to the own
// person; the installation gives any.
//
// Faults: forbidden, own_grant, grant_beyond_reach, grant_invalid (word_unknown, ends_before_start, grant_of_the_past, text_too_long,
// reference_unknown, and of one that is tied to a round field_required, months_without_round, tied_to_round, period_reversed); to the
// installation also user_unknown, organization_unknown.
func (s *Service) AddGrant(ctx context.Context, actor auth.Actor, in GrantInput) (Grant, error) {
	return audit.Write(ctx, s.db, actor.Act("grant.add"), func(tx *database.Tx) (Grant, error) {
		grant, err := newGrant(ctx, tx, actor, in)
		if err != nil {
			return Grant{}, err
		}
		return grant, insertGrant(ctx, tx, &grant)
	})
}

// EnsureGrant returns the grant that gives the user the role already, or adds it.
//
// Faults: those of AddGrant.
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

// newGrant makes a grant that the actor may give.
func newGrant(ctx context.Context, tx *database.Tx, actor auth.Actor, in GrantInput) (Grant, error) {
	grant := in.grant(tx)
	grant.GrantedBy = actor.Editor()
	if err := tie(ctx, tx, &grant); err != nil {
		return Grant{}, err
	}
	if err := mayGive(ctx, tx, actor, grant); err != nil {
		return Grant{}, outOfRound(grant, err)
	}
	if err := grant.check(tx.Today(), actor.Installation); err != nil {
		return Grant{}, err
	}
	if _, err := auth.FindUser(ctx, tx, in.UserID); err != nil {
		return Grant{}, named(actor, err, "/user_id")
	}
	if grant.OrganizationID == nil {
		return grant, nil
	}
	_, err := Find(ctx, tx, *grant.OrganizationID)
	return grant, err
}

// mayGive decides whether the actor may give or take the grant. The role it gives is no bound: an administrator makes secretaries and
// superiors without being one. Faults: forbidden, own_grant, grant_beyond_reach, grant_invalid where the organisation is out of reach.
func mayGive(ctx context.Context, tx *database.Tx, actor auth.Actor, g Grant) error {
	if actor.Installation {
		return nil
	}
	if actor.UserID == g.UserID {
		return ErrOwnGrant
	}
	grants, err := GrantsOf(ctx, tx, actor)
	if err != nil {
		return err
	}
	writing := slices.DeleteFunc(slices.Clone(grants), func(own Grant) bool { return !auth.Allows(own.Role, auth.GrantWrite) })
	if len(writing) == 0 {
		return ErrForbidden
	}
	var chain []ID
	if g.OrganizationID != nil {
		if err := Authorize(ctx, tx, actor, auth.GrantWrite, *g.OrganizationID); err != nil {
			return named(actor, err, "/organization_id")
		}
		if chain, err = ChainOn(ctx, tx, *g.OrganizationID, tx.Today()); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(writing, func(own Grant) bool { return own.contains(g, chain) }) {
		return ErrBeyondReach
	}
	return nil
}

// named turns "there is no such thing" into a fault of the field that names it; the command line is told which it is.
func named(actor auth.Actor, err error, pointer string) error {
	if err == nil || actor.Installation || fault.KindOf(err) != fault.NotFound {
		return err
	}
	var faults fault.Fields
	faults.Check(false, pointer, "reference_unknown")
	return faults.Err(fault.Invalid, "grant_invalid")
}

func (in GrantInput) grant(tx *database.Tx) Grant {
	grant := Grant{
		ID: uuid.Must(uuid.NewV7()), UserID: in.UserID, Role: in.Role, OrganizationID: in.OrganizationID, Reach: in.Reach,
		ValidFrom: in.From, ValidTo: in.To, Basis: in.Basis, InspectionID: in.InspectionID, FromMonth: in.FromMonth, ToMonth: in.ToMonth, Version: 1, CreatedAt: tx.Now,
	}
	if grant.Reach == "" {
		grant.Reach = ReachSubtree
	}
	if grant.ValidFrom.IsZero() {
		grant.ValidFrom = tx.Today()
	}
	return grant
}

// GrantFilter says which grants a list shows; the zero value of a field is no condition.
type GrantFilter struct {
	UserID *auth.UserID
	Within *ID // with Scope: on this organisation, or in the tree of today below it
	Scope  string
	On     calendar.Date // those that hold on this day
	Page   httpapi.Page
}

// ListGrants returns a page of the grants on organisations the actor may read grants of, ended ones among them, and the cursor of the
// next page. Grants on the installation are shown to those who read grants everywhere.
func (s *Service) ListGrants(ctx context.Context, actor auth.Actor, f GrantFilter) (list []GrantView, next *string, err error) {
	list, err = database.Read(ctx, s.db, func(tx *database.Tx) ([]GrantView, error) {
		sight, err := Scope(ctx, tx, actor, auth.GrantRead)
		if err != nil {
			return nil, err
		}
		grants, err := listGrants(ctx, tx, sight, f)
		if err != nil {
			return nil, err
		}
		grants, next = httpapi.Cut(grants, f.Page, func(g Grant) []string { return []string{g.ID.String()} })
		return viewsOf(ctx, tx, grants)
	})
	return list, next, err
}

// GetGrant returns a grant on an organisation the actor may read grants of.
//
// Faults: grant_unknown.
func (s *Service) GetGrant(ctx context.Context, actor auth.Actor, id uuid.UUID) (GrantView, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (GrantView, error) {
		grant, err := visibleGrant(ctx, tx, actor, id)
		if err != nil {
			return GrantView{}, err
		}
		return viewOf(ctx, tx, grant)
	})
}

func visibleGrant(ctx context.Context, tx *database.Tx, actor auth.Actor, id uuid.UUID) (Grant, error) {
	sight, err := Scope(ctx, tx, actor, auth.GrantRead)
	if err != nil {
		return Grant{}, err
	}
	return findGrant(ctx, tx, sight, id)
}

// Grant gives a user a role and returns the grant as clients see it; faults: those of AddGrant.
func (s *Service) Grant(ctx context.Context, actor auth.Actor, in GrantInput) (GrantView, error) {
	return audit.Write(ctx, s.db, actor.Act("grant.add"), func(tx *database.Tx) (GrantView, error) {
		grant, err := newGrant(ctx, tx, actor, in)
		if err != nil {
			return GrantView{}, err
		}
		if err := insertGrant(ctx, tx, &grant); err != nil {
			return GrantView{}, err
		}
		return viewOf(ctx, tx, grant)
	})
}

// EndGrant brings the last day of a grant forward, to yesterday at the earliest: what it gave until now stays given.
//
// Faults: grant_unknown, forbidden, own_grant, grant_beyond_reach, version_stale, grant_revoked, grant_invalid (ends_before_start,
// grant_of_the_past, grant_extended).
func (s *Service) EndGrant(ctx context.Context, actor auth.Actor, id uuid.UUID, match int64, to calendar.Date) (GrantView, error) {
	return s.changeGrant(ctx, actor, "grant.end", id, match, func(tx *database.Tx, g *Grant) error {
		if err := g.checkEnd(tx.Today(), to); err != nil {
			return err
		}
		g.ValidTo = &to
		return nil
	})
}

// RevokeGrant ends a grant at this instant, also one that begins today or later; it stays in the list with its days.
//
// Faults: grant_unknown, forbidden, own_grant, grant_beyond_reach, version_stale, grant_revoked.
func (s *Service) RevokeGrant(ctx context.Context, actor auth.Actor, id uuid.UUID, match int64) (GrantView, error) {
	return s.changeGrant(ctx, actor, "grant.revoke", id, match, func(tx *database.Tx, g *Grant) error {
		g.RevokedAt, g.RevokedBy = &tx.Now, actor.Editor()
		return nil
	})
}

func (s *Service) changeGrant(
	ctx context.Context, actor auth.Actor, name string, id uuid.UUID, match int64, change func(*database.Tx, *Grant) error,
) (GrantView, error) {
	return audit.Write(ctx, s.db, actor.Act(name), func(tx *database.Tx) (GrantView, error) {
		grant, err := visibleGrant(ctx, tx, actor, id)
		if err != nil {
			return GrantView{}, err
		}
		if err := mayGive(ctx, tx, actor, grant); err != nil {
			return GrantView{}, err
		}
		if grant.Version != match {
			return GrantView{}, fault.WithETag(ErrStale, httpapi.ETag(grant.Version))
		}
		if grant.RevokedAt != nil {
			return GrantView{}, ErrGrantRevoked
		}
		if err := change(tx, &grant); err != nil {
			return GrantView{}, err
		}
		if err := saveGrant(ctx, tx, &grant); err != nil {
			return GrantView{}, err
		}
		return viewOf(ctx, tx, grant)
	})
}

// GrantView is a grant with the organisation it names.
type GrantView struct {
	Grant
	Organization *Organization
}

func viewOf(ctx context.Context, tx *database.Tx, g Grant) (GrantView, error) {
	views, err := viewsOf(ctx, tx, []Grant{g})
	if err != nil {
		return GrantView{}, err
	}
	return views[0], nil
}

func viewsOf(ctx context.Context, tx *database.Tx, grants []Grant) ([]GrantView, error) {
	var ids []ID
	for _, g := range grants {
		if g.OrganizationID != nil {
			ids = append(ids, *g.OrganizationID)
		}
	}
	known, err := LookupAll(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	views := make([]GrantView, len(grants))
	for i, g := range grants {
		views[i].Grant = g
		if g.OrganizationID != nil {
			o := known[*g.OrganizationID]
			views[i].Organization = &o
		}
	}
	return views, nil
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
		grants, err := ownGrants(ctx, tx, actor)
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
			User: user, Grants: grants, Organizations: organizations, Permissions: permissionsOf(grants),
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
