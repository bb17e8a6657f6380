package org

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// The faults of rights and grants.
var (
	ErrForbidden = fault.New(fault.Forbidden, "forbidden")
)

// Reach says how far down a grant goes.
type Reach string

// The reaches.
const (
	ReachSelf    Reach = "self"
	ReachSubtree Reach = "subtree"
)

// Reaches returns every reach.
func Reaches() []Reach { return []Reach{ReachSelf, ReachSubtree} }

// Grant gives a user a role on an organisation, or on the whole installation when it names none, during some days.
type Grant struct {
	ID             uuid.UUID `gorm:"primaryKey"`
	UserID         auth.UserID
	Role           auth.Role
	OrganizationID *ID
	Reach          Reach
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date // the last day
	CreatedAt      time.Time
}

// TableName names the table of grants.
func (Grant) TableName() string { return "role_grant" }

// Span returns the days of the grant.
func (g Grant) Span() calendar.Span { return calendar.Span{From: g.ValidFrom, To: g.ValidTo} }

// covers reports whether the grant reaches the organisation at the foot of the chain.
func (g Grant) covers(chain []ID) bool {
	switch {
	case g.OrganizationID == nil:
		return true
	case g.Reach == ReachSelf:
		return chain[0] == *g.OrganizationID
	default:
		return slices.Contains(chain, *g.OrganizationID)
	}
}

// covering returns the grants that reach the organisation at the foot of the chain.
func covering(grants []Grant, chain []ID) []Grant {
	return slices.DeleteFunc(slices.Clone(grants), func(g Grant) bool { return !g.covers(chain) })
}

// judge decides about the organisation at the foot of the chain, its ancestors of today above it: what no grant reaches does not
// exist for the caller.
func judge(grants []Grant, chain []ID, permission httpapi.Permission) error {
	if len(chain) == 0 {
		return ErrUnknown
	}
	near := covering(grants, chain)
	switch {
	case len(near) == 0:
		return ErrUnknown
	case slices.ContainsFunc(near, func(g Grant) bool { return auth.Allows(g.Role, permission) }):
		return nil
	default:
		return ErrForbidden
	}
}

// rolesOf returns the roles of grants.
func rolesOf(grants []Grant) []auth.Role {
	roles := make([]auth.Role, len(grants))
	for i, g := range grants {
		roles[i] = g.Role
	}
	return roles
}
