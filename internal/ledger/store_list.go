package ledger

import (
	"context"
	"fmt"
	"strconv"

	"sochibo/internal/database"
	"sochibo/internal/org"
)

// How many entries an organisation has, and a path, about; of a path a tenth of them, since an index decides alone. Up to somePaths are gathered
// to look entries up in.
const (
	ofOrganization = 30
	ofPath         = 3
	somePaths      = 1000
)

const (
	pathsThrough = "SELECT path_id FROM ledger_path_step WHERE organization_id = ?"
	countPaths   = "SELECT count(*) FROM (" + pathsThrough + " LIMIT ?) AS through"
)

// postedThrough is the condition that an entry was posted to the organisation or below it. From few paths the entries are found; of more, entries
// are read in their order and looked up among the paths, or asked by the steps of their own.
func postedThrough(ctx context.Context, tx *database.Tx, id org.ID) (where string, args []any, err error) {
	few, err := database.Few(ctx, tx, "ledger_path", ofPath)
	if err != nil {
		return "", nil, err
	}
	var through int
	if err := database.Gorm(ctx, tx).Raw(countPaths, id, max(few, somePaths)+1).Scan(&through).Error; err != nil {
		return "", nil, fmt.Errorf("paths through %s: %w", id, err)
	}
	switch {
	case through <= few:
		return "e.path_id IN (" + pathsThrough + ")", []any{id}, nil
	case through <= somePaths:
		return database.LookedUp("e.path_id IN (" + pathsThrough + ")"), []any{id}, nil
	default:
		return "? IN (SELECT s.organization_id FROM ledger_path_step s WHERE s.path_id = e.path_id)", []any{id}, nil
	}
}

// list returns one entry more than the page holds, so that the caller sees whether there are more. Entries of an
// organisation that is out of the caller's reach today are among them when they were posted through one that is in it.
func list(ctx context.Context, tx *database.Tx, sight org.Sight, f Filter) ([]Entry, error) {
	q := database.Gorm(ctx, tx).Table("ledger_entry AS e").Order("e.number").Limit(f.Page.Limit + 1)
	if f.Organization != Total {
		where, args, err := postedThrough(ctx, tx, f.Organization)
		if err != nil {
			return nil, err
		}
		q = q.Where(where, args...)
	} else {
		sight, err := sight.ForPage(ctx, tx, ofOrganization)
		if err != nil {
			return nil, err
		}
		where, args := sight.Where("e.organization_id")
		q = q.Where(where, args...)
	}
	for _, c := range []struct {
		given bool
		where string
		arg   any
	}{
		{!f.From.IsZero(), "e.month >= ?", f.From},
		{!f.To.IsZero(), "e.month <= ?", f.To},
		{f.Body != "", "e.body = ?", f.Body},
		{f.Basis != "", "e.basis = ?", f.Basis},
		{f.Source != "", "e.source = ?", f.Source},
		{f.SourceID != Total.UUID, "e.source_id = ?", f.SourceID},
	} {
		if c.given {
			q = q.Where(c.where, c.arg)
		}
	}
	if f.Standing {
		q = q.Where("e.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses = e.number)")
	}
	if len(f.Page.After) > 0 {
		after, err := strconv.ParseInt(f.Page.After[0], 10, 64)
		if err != nil {
			return nil, err
		}
		q = q.Where("e.number > ?", after)
	}
	var entries []Entry
	found := database.Gorm(ctx, tx).Table("ledger_entry AS e").Where("e.number IN (?)", q.Select("e.number")).Order("e.number")
	return entries, found.Scan(&entries).Error
}
