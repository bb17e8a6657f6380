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
	return s.each(func(r reach) (reach, error) { return r.forPage(ctx, tx, rows) })
}

// Within narrows the sight by the filter organization_id=…&scope=subtree|own, by the tree of today, and makes it one for a page as ForPage does.
// The zero id leaves it as wide as it is. Where everything in the filter is in sight, nothing more needs to be asked.
func (s Sight) Within(ctx context.Context, tx *database.Tx, id ID, scope string, rows int) (Sight, error) {
	if id != (ID{}) {
		chosen := Chosen(tx, id, scope)
		covered, err := s.Covers(ctx, tx, id, scope)
		if err != nil {
			return Sight{}, err
		}
		if covered {
			s = chosen
		} else {
			s.within = &chosen.whole
		}
	}
	return s.ForPage(ctx, tx, rows)
}

// Covers reports whether all that is in the filter organization_id=…&scope=subtree|own is in sight, by the tree of today: the
// organisation stands at or below one with all below which is in sight, so that what stands below it does so too.
func (s Sight) Covers(ctx context.Context, tx *database.Tx, id ID, scope string) (bool, error) {
	if s.whole.all || scope == ScopeOwn && slices.Contains(s.whole.alone, id) {
		return true, nil
	}
	if len(s.whole.subtree) == 0 {
		return false, nil
	}
	return standsBelow(ctx, tx, id, s.whole.subtree, s.today)
}

// Chosen returns the sight of who sees what is in the filter organization_id=…&scope=subtree|own, by the tree of today, and nothing else.
func Chosen(tx *database.Tx, id ID, scope string) Sight {
	if scope == ScopeOwn {
		return Sight{today: tx.Today(), whole: reach{alone: []ID{id}}}
	}
	return Sight{today: tx.Today(), whole: reach{subtree: []ID{id}}}
}

// Everywhere returns the sight of who sees everything.
func Everywhere(tx *database.Tx) Sight { return Sight{today: tx.Today(), whole: reach{all: true}} }

// Given returns the id of a filter that may be missing: the zero id, where it is.
func Given(id *ID) ID {
	if id == nil {
		return ID{}
	}
	return *id
}

// ForRow returns the same sight for a question about one row, or a few that are known by other conditions.
func (s Sight) ForRow() Sight {
	row, _ := s.each(func(r reach) (reach, error) {
		r.asked = upward
		return r, nil
	})
	return row
}

// each returns the sight with every set of organisations in it changed.
func (s Sight) each(change func(reach) (reach, error)) (changed Sight, err error) {
	changed = s
	changed.windows = slices.Clone(s.windows)
	all := []*reach{&changed.whole, &changed.accepted}
	for i := range changed.windows {
		all = append(all, &changed.windows[i].reach)
	}
	if s.within != nil {
		within := *s.within
		changed.within = &within
		all = append(all, &within)
	}
	for _, r := range all {
		if *r, err = change(*r); err != nil {
			return Sight{}, err
		}
	}
	return changed, nil
}

// Few reports whether the sight, made for a page, names its organisations one by one.
func (s Sight) Few() bool {
	return s.whole.few() && s.accepted.few() || s.within != nil && s.within.few()
}

// Subtrees returns the organisations that, each with all below, make up the sight; false where it is made up otherwise.
func (s Sight) Subtrees() ([]ID, bool) {
	plain := !s.whole.all && len(s.whole.alone) == 0 && s.accepted.empty() && s.within == nil
	return s.whole.subtree, plain && len(s.whole.subtree) > 0
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
	n, err := countBelow(ctx, tx, r.subtree, tx.Today(), max(few, someOrganizations)+1)
	if err != nil {
		return reach{}, err
	}
	switch {
	case n <= few:
		below, err := below(ctx, tx, r.subtree, tx.Today())
		return reach{alone: database.Padded(append(below, r.alone...))}, err
	case n <= someOrganizations:
		r.asked = gathered
	default:
		r.asked = upward
	}
	return r, nil
}
