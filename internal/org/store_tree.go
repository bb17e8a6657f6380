package org

import (
	"context"
	"fmt"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// treeLock is the key of the lock of the tree among PostgreSQL's advisory locks.
const treeLock int64 = 0x736f636869626f01

// ShareTree keeps the tree as it is until the transaction ends; many transactions can do so at once.
//
// On PostgreSQL the lock is an advisory one: it queues fairly, where row locks would let sharers overtake a waiting change for ever.
// On SQLite a writing transaction is alone anyhow.
func ShareTree(ctx context.Context, tx *database.Tx) error {
	return lockTree(ctx, tx, "SELECT pg_advisory_xact_lock_shared(?)")
}

// HoldTree waits until nobody shares the tree and holds it alone until the transaction ends.
func HoldTree(ctx context.Context, tx *database.Tx) error {
	return lockTree(ctx, tx, "SELECT pg_advisory_xact_lock(?)")
}

func lockTree(ctx context.Context, tx *database.Tx, query string) error {
	if tx.Engine() != database.Postgres {
		return nil
	}
	if err := database.Gorm(ctx, tx).Exec(query, treeLock).Error; err != nil {
		return fmt.Errorf("lock the tree: %w", err)
	}
	return nil
}

// maxDepth ends a walk upwards through a tree that has a cycle in spite of everything.
const maxDepth = 100

const chainQuery = `
WITH RECURSIVE chain (id, depth) AS (
	SELECT id, 0 FROM organization WHERE id = ?
	UNION
	SELECT p.parent_id, c.depth + 1
	FROM chain c JOIN placement p ON p.organization_id = c.id AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)
	WHERE c.depth < ?
)
SELECT id FROM chain ORDER BY depth`

// ChainOn returns the organisation, its parent on the day, and so on up to the root; nothing for one that does not exist.
func ChainOn(ctx context.Context, tx *database.Tx, id ID, on calendar.Date) ([]ID, error) {
	chain := []ID{}
	if err := database.Gorm(ctx, tx).Raw(chainQuery, id, on, on, maxDepth).Scan(&chain).Error; err != nil {
		return nil, fmt.Errorf("find ancestors: %w", err)
	}
	if len(chain) > maxDepth {
		return nil, fmt.Errorf("organisation %s has more than %d ancestors on %s", id, maxDepth, on)
	}
	return chain, nil
}

// Position is an organisation on a day.
type Position struct {
	ID ID
	On calendar.Date
}

// ChainsOn is ChainOn for many positions at once.
func ChainsOn(ctx context.Context, tx *database.Tx, positions []Position) (map[Position][]ID, error) {
	ids := make([]ID, len(positions))
	for i, p := range positions {
		ids[i] = p.ID
	}
	forest, err := ForestAbove(ctx, tx, ids...)
	if err != nil {
		return nil, err
	}
	chains := make(map[Position][]ID, len(positions))
	for _, p := range positions {
		if _, known := chains[p]; !known {
			chains[p] = forest.ChainOn(p.ID, p.On)
		}
	}
	return chains, nil
}

const forestQuery = `
WITH RECURSIVE above (id) AS (
	SELECT id FROM organization WHERE id IN ?
	UNION
	SELECT p.parent_id FROM above a JOIN placement p ON p.organization_id = a.id
)
SELECT p.* FROM above a JOIN placement p ON p.organization_id = a.id ORDER BY p.organization_id, p.valid_from`

// ForestAbove returns every placement of the organisations and of all that ever stood above them.
func ForestAbove(ctx context.Context, tx *database.Tx, ids ...ID) (Forest, error) {
	forest := make(Forest)
	ids = slices.Clone(ids)
	slices.SortFunc(ids, ID.Compare)
	for part := range slices.Chunk(slices.Compact(ids), chunk) {
		var placements []Placement
		if err := database.Gorm(ctx, tx).Raw(forestQuery, part).Scan(&placements).Error; err != nil {
			return nil, fmt.Errorf("find all ancestors: %w", err)
		}
		for id, own := range NewForest(placements) {
			forest[id] = own
		}
	}
	return forest, nil
}

// AncestorEver reports whether the candidate for a parent is, on any day of the span, the organisation itself or below it: placing
// the organisation below the candidate would then make a cycle.
func AncestorEver(ctx context.Context, tx *database.Tx, candidateParent, id ID, span calendar.Span) (bool, error) {
	forest, err := ForestAbove(ctx, tx, candidateParent)
	if err != nil {
		return false, err
	}
	return forest.Reaches(candidateParent, id, span), nil
}

// belowQuery finds some organisations and what stands below them on a day, given twice.
const belowQuery = `WITH RECURSIVE below (id) AS (
	SELECT id FROM organization WHERE id IN ?
	UNION
	SELECT p.organization_id
	FROM below b JOIN placement p ON p.parent_id = b.id AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)
) SELECT id FROM below`

// aboveQuery finds some organisations and what stands above them on a day, given twice.
const aboveQuery = `WITH RECURSIVE above (id) AS (
	SELECT id FROM organization WHERE id IN ?
	UNION
	SELECT p.parent_id
	FROM above a JOIN placement p ON p.organization_id = a.id AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)
) SELECT id FROM above`

// unrolledQuery is belowQuery by the unrolled tree, which triggers keep; standsBelowQuery asks it of one organisation, named by a column. It calls
// the columns of the unrolled tree otherwise, since one of them would be taken for a column of the same name, and hold for every row.
const (
	unrolledQuery    = "SELECT organization_id FROM organization_above WHERE above_id IN ? AND valid_from <= ? AND valid_to >= ?"
	standsBelowQuery = `EXISTS (SELECT 1
		FROM (SELECT organization_id AS below_id, above_id AS top_id, valid_from AS since, valid_to AS until FROM organization_above) up
		WHERE up.below_id = %s AND up.top_id IN ? AND up.since <= ? AND up.until >= ?` + database.PerRow + `)`
)

// standsBelow reports whether an organisation is one of some or stands below one of them on the day.
func standsBelow(ctx context.Context, tx *database.Tx, id ID, tops []ID, on calendar.Date) (below bool, err error) {
	q := "SELECT count(*) > 0 FROM (" + unrolledQuery + " AND organization_id = ?) AS below"
	if err := database.Gorm(ctx, tx).Raw(q, tops, on, on, id).Scan(&below).Error; err != nil {
		return false, fmt.Errorf("find whether organization %s stands below: %w", id, err)
	}
	return below, nil
}

// below returns the organisations and what stands below them on the day.
func below(ctx context.Context, tx *database.Tx, ids []ID, on calendar.Date) ([]ID, error) {
	var all []ID
	if err := database.Gorm(ctx, tx).Raw(unrolledQuery, ids, on, on).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("find descendants: %w", err)
	}
	return all, nil
}

// countBelow counts some organisations and what stands below them on the day, up to so many.
func countBelow(ctx context.Context, tx *database.Tx, ids []ID, on calendar.Date, atMost int) (n int, err error) {
	q := "SELECT count(*) FROM (" + unrolledQuery + " LIMIT ?) AS below"
	if err := database.Gorm(ctx, tx).Raw(q, ids, on, on, atMost).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("count some descendants: %w", err)
	}
	return n, nil
}

// SubtreeOn returns the organisation and all that stand below it on the day, ordered by id; nothing for one that does not exist.
func SubtreeOn(ctx context.Context, tx *database.Tx, id ID, on calendar.Date) ([]ID, error) {
	below := []ID{}
	if err := database.Gorm(ctx, tx).Raw(belowQuery+" ORDER BY id", []ID{id}, on, on).Scan(&below).Error; err != nil {
		return nil, fmt.Errorf("find descendants: %w", err)
	}
	return below, nil
}

const childrenQuery = `
SELECT o.*
FROM placement p JOIN organization o ON o.id = p.organization_id
WHERE p.parent_id = ? AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)
ORDER BY o.sort_key, o.id`

// ChildrenOn returns the organisations directly below on the day, in the order of their names.
func ChildrenOn(ctx context.Context, tx *database.Tx, id ID, on calendar.Date) ([]Organization, error) {
	children := []Organization{}
	if err := database.Gorm(ctx, tx).Raw(childrenQuery, id, on, on).Scan(&children).Error; err != nil {
		return nil, fmt.Errorf("find children: %w", err)
	}
	return children, nil
}

// node is an organisation of a tree with the one above it in that tree; the root names itself.
type node struct {
	Organization `gorm:"embedded"`
	ParentID     ID
	Depth        int
}

const treeQuery = `
WITH RECURSIVE below (id, parent_id, depth) AS (
	SELECT id, id, 0 FROM organization WHERE id = ?
	UNION
	SELECT p.organization_id, p.parent_id, b.depth + 1
	FROM below b JOIN placement p ON p.parent_id = b.id AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)
	WHERE b.depth < ?
)
SELECT o.*, b.parent_id, b.depth
FROM below b JOIN organization o ON o.id = b.id
WHERE %s
ORDER BY b.depth, o.sort_key, o.id
LIMIT ?`

// listTree returns the tree of the day below the organisation as far as the sight goes, parents before children.
func listTree(ctx context.Context, tx *database.Tx, id ID, on calendar.Date, sight Sight, depth, limit int) ([]node, error) {
	condition, args := sight.Where("o.id")
	args = append([]any{id, on, on, depth}, append(args, limit)...)
	var nodes []node
	if err := database.Gorm(ctx, tx).Raw(fmt.Sprintf(treeQuery, condition), args...).Scan(&nodes).Error; err != nil {
		return nil, fmt.Errorf("find the tree: %w", err)
	}
	return nodes, nil
}
