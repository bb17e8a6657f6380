package org

import (
	"context"
	"slices"

	"sochibo/internal/database"
)

// someOrganizations are so few that gathering them costs less than asking the rows of a page from below.
const someOrganizations = 1000

// ForPage returns the same sight for a list of which a page is read: its conditions cost what a page costs, however much there is in the
// store. rows is how many rows of the list an organisation has, about. Few organisations are named one by one, so that the rows are found from
// them. Where there are more, the list is read in its order until the page is full: each row is looked up among the organisations, or, where
// these are very many, asked whether it stands below.
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
	row.whole.asked, row.accepted.asked = upward, upward
	for i := range row.windows {
		row.windows[i].asked = upward
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
	if len(below) <= few {
		return reach{alone: database.Padded(append(below, r.alone...))}, nil
	}
	r.asked = upward
	n, err := countBelow(ctx, tx, r.subtree, tx.Today(), someOrganizations+1)
	if n <= someOrganizations {
		r.asked = gathered
	}
	return r, err
}

// Gathered returns the condition that a column, named with its table, is among what belongs to the sight, by a query of that which has a place
// for the condition on organisations, and whether it does so: only a sight for a page whose organisations are looked up is asked like this.
func (s Sight) Gathered(column string, query func(Sight) (sql string, args []any)) (sql string, args []any, ok bool) {
	if s.whole.asked != gathered && s.accepted.asked != gathered {
		return "", nil, false
	}
	s.whole.asked, s.accepted.asked = fromAbove, fromAbove
	inner, args := query(s)
	return lookedUp(column + " IN (" + inner + ")"), args, true
}

// lookedUp keeps the engines from finding the rows by the condition instead of reading them in the order of the list.
func lookedUp(condition string) string { return "((" + condition + ") IS TRUE)" }
