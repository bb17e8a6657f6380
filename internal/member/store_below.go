package member

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sochibo/internal/database"
	"sochibo/internal/org"
)

// subtrees is in how many subtrees a list is begun with the first names of each.
const subtrees = 8

// drawn reads the list, where it is plain and of some subtrees, from the first names below each of these, and keeps those that belong there
// today.
func (filter Filter) drawn(ctx context.Context, tx *database.Tx, conditions []condition) (rows []Member, drawn bool, err error) {
	tops, ok := conditions[0].sight.Subtrees()
	if !ok || len(tops) > subtrees || !filter.plain() {
		return nil, false, nil
	}
	asked := slices.Clone(conditions)
	for i, c := range conditions {
		asked[i].sight = c.sight.ForRow()
	}
	q, err := filter.narrow(ctx, tx, database.Of[Member](database.Gorm(ctx, tx)), asked)
	if err != nil {
		return nil, false, err
	}
	page := database.Ordered{Order: "sort_key, id", AtMost: filter.Limit + 1}
	if after := filter.After; after != nil {
		page.After = []string{after.SortKey, after.ID.String()}
	}
	names := func(after []string, n int) ([]database.Candidate, error) { return namesBelow(ctx, tx, tops, after, n) }
	rows, err = database.PageOf(ctx, q, names, page)
	return rows, true, err
}

// plain reports whether the filter is in the order of names and leaves about as many as it finds in organisations.
func (filter Filter) plain() bool {
	rest := filter
	rest.Organization, rest.Scope, rest.Gender, rest.Order, rest.After, rest.Limit = nil, "", "", "", nil, 0
	return rest == (Filter{}) && filter.Order == ByName
}

// namesBelow returns some of who belongs, on any day, to the organisations or below them, in the order of names after one.
func namesBelow(ctx context.Context, tx *database.Tx, tops []org.ID, after []string, n int) (names []database.Candidate, err error) {
	each := "SELECT sort_key AS order_key, member_id AS object_id FROM organization_member WHERE organization_id = ?"
	if after != nil {
		each += " AND (sort_key, member_id) > (?, ?)"
	}
	each = "SELECT * FROM (" + each + " ORDER BY sort_key, member_id LIMIT ?) AS names" // of each subtree, since IN would sort them all
	var args []any
	for _, top := range tops {
		args = append(args, top)
		if after != nil {
			args = append(args, after[0], after[1])
		}
		args = append(args, n)
	}
	q := strings.Repeat(each+" UNION ", len(tops)-1) + each + " ORDER BY order_key, object_id LIMIT ?"
	if err := database.Gorm(ctx, tx).Raw(q, append(args, n)...).Scan(&names).Error; err != nil {
		return nil, fmt.Errorf("names of members: %w", err)
	}
	return names, nil
}
