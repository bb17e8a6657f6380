package org

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// The days between which an organisation stands at itself.
const firstOfAll, lastOfAll = "0001-01-01", "9999-12-31"

// standing is a row of the unrolled tree but for its last day: texts, since a row that was tampered with may hold anything.
type standing struct{ OrganizationID, AboveID, ValidFrom string }

// Verify unrolls the tree again from the placements and compares it with the unrolled tree that is kept. It returns what does not
// agree, nothing when all is well.
func (s *Service) Verify(ctx context.Context) ([]audit.Mismatch, error) {
	return database.BulkRead(ctx, s.db, func(tx *database.Tx) ([]audit.Mismatch, error) {
		expected, err := unrolled(ctx, tx)
		if err != nil {
			return nil, err
		}
		var kept []struct {
			standing
			ValidTo string
		}
		const q = `SELECT CAST(organization_id AS text) AS organization_id, CAST(above_id AS text) AS above_id,
			CAST(valid_from AS text) AS valid_from, CAST(valid_to AS text) AS valid_to FROM organization_above`
		if err := database.Gorm(ctx, tx).Raw(q).Scan(&kept).Error; err != nil {
			return nil, fmt.Errorf("read the unrolled tree: %w", err)
		}
		wrong := map[string]string{}
		for _, row := range kept {
			if to, there := expected[row.standing]; !there || to != row.ValidTo {
				wrong[row.OrganizationID] = "stands at " + row.AboveID + " from " + row.ValidFrom + " to " + row.ValidTo + ", which the placements do not say"
			} else {
				delete(expected, row.standing)
			}
		}
		for row := range expected {
			wrong[row.OrganizationID] = "does not stand at " + row.AboveID + " from " + row.ValidFrom + ", where the placements have it"
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
