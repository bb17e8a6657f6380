package org

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// The days between which an organisation stands at itself.
const firstOfAll, lastOfAll = "0001-01-01", "9999-12-31"

// standing is a row of the unrolled tree but for its last day.
type standing struct{ organization, above, from string }

// keptRow is a row as it is kept: texts, since one that was tampered with may hold anything, with a dot before each, without which the driver of
// SQLite makes instants of days.
type keptRow struct{ Organization, Above, ValidFrom, ValidTo string }

func (k keptRow) standing() (row standing, to string) {
	plain := func(text string) string { return strings.TrimPrefix(text, ".") }
	return standing{plain(k.Organization), plain(k.Above), plain(k.ValidFrom)}, plain(k.ValidTo)
}

// Verify unrolls the tree again from the placements and compares it with the unrolled tree that is kept. It returns what does not
// agree, nothing when all is well.
func (s *Service) Verify(ctx context.Context) ([]audit.Mismatch, error) {
	return database.BulkRead(ctx, s.db, func(tx *database.Tx) ([]audit.Mismatch, error) {
		expected, err := unrolled(ctx, tx)
		if err != nil {
			return nil, err
		}
		var kept []keptRow
		const q = `SELECT '.' || CAST(organization_id AS text) AS organization, '.' || CAST(above_id AS text) AS above,
			'.' || CAST(valid_from AS text) AS valid_from, '.' || CAST(valid_to AS text) AS valid_to FROM organization_above`
		if err := database.Gorm(ctx, tx).Raw(q).Scan(&kept).Error; err != nil {
			return nil, fmt.Errorf("read the unrolled tree: %w", err)
		}
		wrong := map[string]string{}
		for _, k := range kept {
			row, to := k.standing()
			if until, there := expected[row]; !there || until != to {
				wrong[row.organization] = "stands at " + row.above + " from " + row.from + " to " + to + ", which the placements do not say"
			} else {
				delete(expected, row)
			}
		}
		for row := range expected {
			wrong[row.organization] = "does not stand at " + row.above + " from " + row.from + ", where the placements have it"
		}
		var found []audit.Mismatch
		for _, id := range slices.Sorted(maps.Keys(wrong)) {
			found = append(found, audit.Mismatch{Place: "organization_above " + id, Detail: wrong[id]})
		}
		return found, nil
	})
}

// unrolled returns what stands where by the placements, with the last days.
func unrolled(ctx context.Context, tx *database.Tx) (map[standing]string, error) {
	ids, err := database.Of[Organization](database.Gorm(ctx, tx)).Select("id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("read organisations: %w", err)
	}
	placements, err := database.Of[Placement](database.Gorm(ctx, tx)).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("read placements: %w", err)
	}
	forest, all := NewForest(placements), map[standing]string{}
	for _, o := range ids {
		forest.unroll(o.ID, o.ID, firstOfAll, lastOfAll, all)
	}
	return all, nil
}

// unroll notes that the organisation stands at another for some days, and so at what that one is placed under meanwhile.
func (f Forest) unroll(id, at ID, from, to string, all map[standing]string) {
	row := standing{id.String(), at.String(), from}
	if all[row] >= to {
		return
	}
	all[row] = to
	for _, p := range f[at] {
		until := lastOfAll
		if p.ValidTo != nil {
			until = p.ValidTo.String()
		}
		first, last := max(from, p.ValidFrom.String()), min(to, until)
		if first <= last && p.ParentID != id {
			f.unroll(id, p.ParentID, first, last, all)
		}
	}
}
