package org

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/text"
)

// The faults of rights and grants.
var (
	ErrForbidden    = fault.New(fault.Forbidden, "forbidden")
	ErrOwnGrant     = fault.New(fault.Forbidden, "own_grant")
	ErrBeyondReach  = fault.New(fault.Forbidden, "grant_beyond_reach")
	ErrGrantUnknown = fault.New(fault.NotFound, "grant_unknown")
	ErrGrantRevoked = fault.New(fault.Conflict, "grant_revoked")
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

// Grant gives a user a role on an organisation, or on the whole installation when it names none, during some days. A grant never
// vanishes: it runs out on its last day, or is revoked, which ends it at that instant and leaves its days as they were given.
type Grant struct {
	ID             uuid.UUID `gorm:"primaryKey"`
	UserID         auth.UserID
	Role           auth.Role
	OrganizationID *ID
	Reach          Reach
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date // the last day
	GrantedBy      *auth.UserID   // nil: the installation
	Basis          *string        // the document that orders it
	RevokedAt      *time.Time
	RevokedBy      *auth.UserID    // nil: nobody, or the installation
	InspectionID   *uuid.UUID      // nil: the grant is tied to no round of inspection
	FromMonth      *calendar.Month // with InspectionID: the months whose records it opens
	ToMonth        *calendar.Month
	Version        int64
	CreatedAt      time.Time
}

// TableName names the table of grants.
func (Grant) TableName() string { return "role_grant" }

// Span returns the days of the grant.
func (g Grant) Span() calendar.Span { return calendar.Span{From: g.ValidFrom, To: g.ValidTo} }

// Tied reports whether the grant opens nothing but records that a round of inspection looks at.
func (g Grant) Tied() bool { return g.InspectionID != nil }

// loose returns the grants that are tied to no round.
func loose(grants []Grant) []Grant { return slices.DeleteFunc(slices.Clone(grants), Grant.Tied) }

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

// contains reports whether all that the other grant reaches is within this one's reach; the chain is that of the other's organisation.
func (g Grant) contains(other Grant, chain []ID) bool {
	switch {
	case g.OrganizationID == nil:
		return true
	case other.OrganizationID == nil:
		return false
	case g.Reach == ReachSelf:
		return other.Reach == ReachSelf && *g.OrganizationID == *other.OrganizationID
	default:
		return g.covers(chain)
	}
}

const maxBasis = 500

// check tidies a new grant and says what is wrong with it. Only the installation gives what begins before today.
func (g *Grant) check(today calendar.Date, anyDay bool) error {
	var faults fault.Fields
	faults.Check(slices.Contains(auth.Roles(), g.Role), "/role", "word_unknown", allowed(auth.Roles()))
	faults.Check(slices.Contains(Reaches(), g.Reach), "/reach", "word_unknown", allowed(Reaches()))
	faults.Check(g.Span().Valid(), "/to", "ends_before_start")
	g.checkTie(&faults)
	faults.Check(anyDay || !g.ValidFrom.Before(today), "/from", "grant_of_the_past", fault.Args{"day": today})
	if g.Basis != nil {
		basis, err := text.Clean(*g.Basis)
		if err != nil {
			f := fault.Classify(err)
			faults.Add(fault.Field{Pointer: "/basis", Code: f.Code, Args: f.Args}) //fault:codes text_encoding text_control text_invisible
		}
		faults.Check(len([]rune(basis)) <= maxBasis, "/basis", "text_too_long", fault.Args{"limit": maxBasis})
		g.Basis = &basis
		if basis == "" {
			g.Basis = nil
		}
	}
	return faults.Err(fault.Invalid, "grant_invalid")
}

// checkTie notes months without a round, and what a grant that is tied to one cannot be.
func (g *Grant) checkTie(faults *fault.Fields) {
	if !g.Tied() {
		faults.Check(g.FromMonth == nil, "/from_month", "months_without_round")
		faults.Check(g.ToMonth == nil, "/to_month", "months_without_round")
		return
	}
	faults.Check(g.Role == auth.RoleAuditor, "/role", "tied_to_round")
	faults.Check(g.Reach == ReachSubtree, "/reach", "tied_to_round")
	started := faults.Check(g.FromMonth != nil, "/from_month", "field_required")
	if faults.Check(g.ToMonth != nil, "/to_month", "field_required") && started {
		faults.Check(!g.ToMonth.Before(*g.FromMonth), "/to_month", "period_reversed")
	}
}

// checkEnd says what is wrong with a new last day: it comes forward only, and not into days that have passed.
func (g *Grant) checkEnd(today, to calendar.Date) error {
	var faults fault.Fields
	yesterday := today.Add(-1)
	switch {
	case to.Before(g.ValidFrom):
		faults.Check(false, "/to", "ends_before_start")
	case to.Before(yesterday):
		faults.Check(false, "/to", "grant_of_the_past", fault.Args{"day": yesterday})
	default:
		faults.Check(g.ValidTo == nil || !to.After(*g.ValidTo), "/to", "grant_extended")
	}
	return faults.Err(fault.Invalid, "grant_invalid")
}
