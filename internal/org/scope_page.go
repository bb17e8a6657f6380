package org

import (
	"context"
	"slices"

	"sochibo/internal/database"
)

// ForPage returns the same sight for a list of which a page is read: its conditions cost what a page costs, however much there is in the
// store. rows is how many rows of the list an organisation has, about. Few organisations are named one by one, so that the rows are found from
// them. Where there are many, a page is soon full, and each row is asked whether it stands below.
func (s Sight) ForPage(ctx context.Context, tx *database.Tx, rows int) (Sight, error) {
	var err error
	paged := s
	paged.windows = slices.Clone(s.windows)
	all := []*reach{&paged.whole, &paged.accepted}
	for i := range paged.windows {
		all = append(all, &paged.windows[i].reach)
	}
	for _, r := range all {
		if *r, err = r.forPage(ctx, tx, rows); err != nil {
			return Sight{}, err
		}
	}
	return paged, nil
}

// ForRow returns the same sight for a question about one row, or a few that are known by other conditions.
func (s Sight) ForRow() Sight {
	row := s
	row.windows = slices.Clone(s.windows)
	row.whole.upward, row.accepted.upward = true, true
	for i := range row.windows {
		row.windows[i].upward = true
	}
	return row
}

// Few reports whether the sight, made for a page, names its organisations one by one.
func (s Sight) Few() bool { return s.whole.few() && s.accepted.few() }

// Within returns the sight of the filter organization_id=…&scope=subtree|own, by the tree of today, for a page as ForPage does.
func Within(ctx context.Context, tx *database.Tx, id ID, scope string, rows int) (Sight, error) {
	if scope == ScopeOwn {
		return Sight{today: tx.Today(), whole: reach{alone: []ID{id}}}, nil
	}
	return Sight{today: tx.Today(), whole: reach{subtree: []ID{id}}}.ForPage(ctx, tx, rows)
}

func (r reach) few() bool { return !r.all && len(r.subtree) == 0 }

func (r reach) forPage(ctx context.Context, tx *database.Tx, rows int) (reach, error) {
	if r.all || len(r.subtree) == 0 {
		return r, nil
	}
	few, err := database.Few(ctx, tx, "organization", rows)
	if err != nil {
		return reach{}, err
	}
	below, err := someBelow(ctx, tx, r.subtree, tx.Today(), few)
	if err != nil {
		return reach{}, err
	}
	if len(below) > few {
		r.upward = true
		return r, nil
	}
	return reach{alone: database.Padded(append(below, r.alone...))}, nil
}
