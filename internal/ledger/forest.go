package ledger

import (
	"context"
	"maps"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// forest answers which path an organisation has on a day, from placements held in memory. Equal chains share one Path.
type forest struct {
	tree  org.Forest
	known map[org.ID]bool
	paths map[string]Path
}

func newForest() *forest {
	return &forest{tree: org.Forest{}, known: map[org.ID]bool{}, paths: map[string]Path{}}
}

// pathOn returns the path of the organisation by the tree of the day.
func (f *forest) pathOn(id org.ID, day calendar.Date) Path {
	p := Path{Chain: f.tree.ChainOn(id, day)}
	key := p.text()
	if known, ok := f.paths[key]; ok {
		return known
	}
	p = newPath(p.Chain)
	f.paths[key] = p
	return p
}

// boundaries returns the days on which the chain of the organisation may change: the first day of each placement of it
// and of everybody who was ever above it, and the day after its last.
func (f *forest) boundaries(id org.ID) []calendar.Date {
	var days []calendar.Date
	seen := map[org.ID]bool{}
	var visit func(org.ID)
	visit = func(at org.ID) {
		if seen[at] {
			return
		}
		seen[at] = true
		for _, p := range f.tree[at] {
			days = append(days, p.ValidFrom)
			if p.ValidTo != nil {
				days = append(days, p.ValidTo.Add(1))
			}
			visit(p.ParentID)
		}
	}
	visit(id)
	return days
}

// grow loads the placements of the organisations and of everybody who was ever above them.
func (f *forest) grow(ctx context.Context, tx *database.Tx, ids ...org.ID) error {
	var missing []org.ID
	for _, id := range ids {
		if !f.known[id] {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	tree, err := org.ForestAbove(ctx, tx, missing...)
	if err != nil {
		return err
	}
	maps.Copy(f.tree, tree)
	for _, id := range missing {
		f.known[id] = true
	}
	return nil
}
