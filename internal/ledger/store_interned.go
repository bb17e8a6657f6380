package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/database"
)

// verifyInterned reads every path: its id is derived from its chain, and its steps are those of the chain.
func verifyInterned(ctx context.Context, tx *database.Tx) ([]Mismatch, error) {
	var rows []struct{ ID, Chain string } // texts, since a row that was tampered with may hold anything
	if err := database.Gorm(ctx, tx).Raw(`SELECT CAST(id AS text) AS id, chain FROM ledger_path ORDER BY id`).Scan(&rows).Error; err != nil {
		return nil, err
	}
	steps, err := stepsByPath(ctx, tx)
	if err != nil {
		return nil, err
	}
	var found []Mismatch
	for _, r := range rows {
		if !interned(r.ID, r.Chain, steps[r.ID]) {
			found = append(found, Mismatch{Place: "ledger_path " + r.ID, Detail: "id, chain and steps do not belong together"})
		}
		delete(steps, r.ID)
	}
	for id := range steps {
		found = append(found, Mismatch{Place: "ledger_path_step " + id, Detail: "belongs to no path"})
	}
	return found, nil
}

func interned(id, chain string, steps []string) bool {
	parsed, err := parsePath(uuid.Nil, chain)
	if err != nil {
		return false
	}
	path := newPath(parsed.Chain)
	wanted := make([]string, 0, len(parsed.Chain))
	for _, s := range path.steps() {
		wanted = append(wanted, fmt.Sprintf("%d %s %s", s.Depth, s.Organization, s.Via))
	}
	return path.ID.String() == id && path.text() == chain && slices.Equal(steps, wanted)
}

// stepsByPath returns the steps of every path as texts, in the order of their depths.
func stepsByPath(ctx context.Context, tx *database.Tx) (map[string][]string, error) {
	var rows []struct{ PathID, Step string }
	const q = `SELECT CAST(path_id AS text) AS path_id, CAST(depth AS text) || ' ' || CAST(organization_id AS text) || ' ' || CAST(via_id AS text) AS step
		FROM ledger_path_step ORDER BY path_id, depth`
	if err := database.Gorm(ctx, tx).Raw(q).Scan(&rows).Error; err != nil {
		return nil, err
	}
	steps := map[string][]string{}
	for _, r := range rows {
		steps[r.PathID] = append(steps[r.PathID], r.Step)
	}
	return steps, nil
}
