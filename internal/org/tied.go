package org

import (
	"context"
	"slices"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// A grant that is tied to a round of inspection has the role auditor and opens one thing: records, handed in, of the cells that are objects
// of the round, for the months that it names, from the first day of the round to its last. GrantsOf leaves it out, so that whatever asks for
// rights in the usual way gets nothing by it; ScopeRecords lets it in, for the few readings of records that ask.

// tie makes the inspecting organisation of the round the one that the grant is on. Fault: grant_invalid (reference_unknown) for a round that
// does not exist or that another organisation inspects by.
func tie(ctx context.Context, tx *database.Tx, g *Grant) error {
	if !g.Tied() {
		return nil
	}
	side, err := sideOf(ctx, tx, *g.InspectionID)
	if err != nil {
		return err
	}
	if side == nil || g.OrganizationID != nil && *g.OrganizationID != *side {
		return roundUnknown()
	}
	g.OrganizationID = side
	return nil
}

func roundUnknown() error {
	var faults fault.Fields
	faults.Check(false, "/inspection_id", "reference_unknown")
	return faults.Err(fault.Invalid, "grant_invalid")
}

// outOfRound lets a round whose side is out of reach look like one that does not exist.
func outOfRound(g Grant, err error) error {
	if f, ok := fault.As(err); ok && g.Tied() && f.Kind == fault.Invalid {
		return roundUnknown()
	}
	return err
}

// ScopeRecords is Scope for reading the records of meetings, with what rounds of inspection open to the actor today. Ask with
// Sight.WhereInspected; every other condition of the sight leaves that out.
func ScopeRecords(ctx context.Context, tx *database.Tx, actor auth.Actor) (Sight, error) {
	if actor.Installation {
		return Scope(ctx, tx, actor, auth.MeetingRead)
	}
	grants, err := allGrantsOf(ctx, tx, actor)
	if err != nil {
		return Sight{}, err
	}
	sight := sightOf(loose(grants), auth.MeetingRead, tx.Today())
	sight.windows, err = windowsOf(ctx, tx, grants)
	if len(sight.windows) == 0 {
		grants = loose(grants)
	}
	noteRights(ctx, actor, grants)
	return sight, err
}

// ownGrants are what a caller is told of the own grants: all that hold today.
func ownGrants(ctx context.Context, tx *database.Tx, actor auth.Actor) ([]Grant, error) {
	if actor.Installation {
		return GrantsOf(ctx, tx, actor)
	}
	return allGrantsOf(ctx, tx, actor)
}

// permissionsOf returns what the grants permit, at least somewhere; one that is tied to a round permits to read meetings.
func permissionsOf(grants []Grant) []httpapi.Permission {
	untied := loose(grants)
	permitted := auth.PermissionsOf(rolesOf(untied)...)
	if len(untied) == len(grants) || slices.Contains(permitted, auth.MeetingRead) {
		return permitted
	}
	permitted = append(permitted, auth.MeetingRead)
	order := auth.Permissions()
	slices.SortFunc(permitted, func(a, b httpapi.Permission) int { return slices.Index(order, a) - slices.Index(order, b) })
	return permitted
}
