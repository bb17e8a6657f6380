package org

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// sideOf returns the organisation that inspects by the round; nil where there is no such round.
func sideOf(ctx context.Context, tx *database.Tx, round uuid.UUID) (*ID, error) {
	var sides []ID
	if err := database.Gorm(ctx, tx).Raw("SELECT organization_id FROM inspection WHERE id = ?", round).Scan(&sides).Error; err != nil {
		return nil, fmt.Errorf("find the side of round %s: %w", round, err)
	}
	if len(sides) == 0 {
		return nil, nil //nolint:nilnil // there is none
	}
	return &sides[0], nil
}

// objectsQuery finds the organisations that rounds look at on a day, given twice: from the first day of a round to its last.
const objectsQuery = `
SELECT i.id AS round, i.organization_id AS side, o.id AS object, o.kind
FROM inspection i JOIN inspection_object x ON x.inspection_id = i.id JOIN organization o ON o.id = x.organization_id
WHERE i.id IN ? AND i.from_on <= ? AND (i.to_on IS NULL OR i.to_on >= ?)
ORDER BY i.id, o.id`

// object is an organisation that a round looks at.
type object struct {
	Round        uuid.UUID
	Side, Object ID
	Kind         Kind
}

// windowsOf returns what the tied ones of the grants open today. An object counts as long as it stands below the inspecting side, so that
// naming an object gives nobody more than the side may look at; one above cells counts with all below it.
func windowsOf(ctx context.Context, tx *database.Tx, grants []Grant) ([]window, error) {
	var rounds []uuid.UUID
	for _, g := range grants {
		if g.Tied() {
			rounds = append(rounds, *g.InspectionID)
		}
	}
	if len(rounds) == 0 {
		return nil, nil
	}
	today := tx.Today()
	var objects []object
	if err := database.Gorm(ctx, tx).Raw(objectsQuery, rounds, today, today).Scan(&objects).Error; err != nil {
		return nil, fmt.Errorf("find what rounds look at: %w", err)
	}
	positions := make([]Position, len(objects))
	for n, o := range objects {
		positions[n] = Position{o.Object, today}
	}
	chains, err := ChainsOn(ctx, tx, positions)
	if err != nil {
		return nil, err
	}
	return windows(grants, objects, chains, today), nil
}

// windows makes the windows of the grants from the objects of their rounds and the chains above these.
func windows(grants []Grant, objects []object, chains map[Position][]ID, today calendar.Date) []window {
	var open []window
	for _, g := range grants {
		if !g.Tied() || g.FromMonth == nil || g.ToMonth == nil {
			continue
		}
		w := window{from: *g.FromMonth, to: *g.ToMonth}
		for _, o := range objects {
			side := Grant{OrganizationID: &o.Side, Reach: ReachSubtree}
			if chain := chains[Position{o.Object, today}]; o.Round != *g.InspectionID || len(chain) == 0 || !side.covers(chain) {
				continue
			}
			if o.Kind.May(Cell) {
				w.alone = append(w.alone, o.Object)
			} else {
				w.subtree = append(w.subtree, o.Object)
			}
		}
		if !w.empty() {
			open = append(open, w)
		}
	}
	return open
}
