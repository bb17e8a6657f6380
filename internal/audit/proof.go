package audit

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// ErrLeafUnknown tells that the log is not that long.
var ErrLeafUnknown = fault.New(fault.NotFound, "leaf_unknown")

// Kept is a leaf with the bytes that were hashed.
type Kept struct {
	Leaf

	Content []byte
}

// Leaves returns up to limit leaves from a number on.
func Leaves(ctx context.Context, tx *database.Tx, from int64, limit int) ([]Kept, error) {
	rows, err := leavesFrom(ctx, tx, from, limit)
	if err != nil {
		return nil, err
	}
	kept := make([]Kept, len(rows))
	for i, row := range rows {
		leaf, err := row.leaf()
		if err != nil {
			return nil, err
		}
		kept[i] = Kept{leaf, row.Content}
	}
	return kept, nil
}

// Proof are the hashes that lead from a leaf, or from the root of an earlier tree, to the root of a tree, as RFC 6962 orders them.
type Proof struct {
	Size   int64
	Root   tlog.Hash
	Hashes []tlog.Hash
}

// ProveLeaf proves that the leaf is among the first size leaves; size 0 means all there are. Fault: leaf_unknown.
func ProveLeaf(ctx context.Context, tx *database.Tx, leaf, size int64) (Proof, error) {
	p, err := proofOf(ctx, tx, size)
	if err != nil {
		return Proof{}, err
	}
	if leaf < 0 || leaf >= p.Size {
		return Proof{}, ErrLeafUnknown
	}
	p.Hashes, err = tlog.ProveRecord(p.Size, leaf, hashReader(ctx, tx, nil))
	return p, err
}

// ProveGrowth proves that the first size leaves begin with the first since leaves; size 0 means all there are. Fault: leaf_unknown.
func ProveGrowth(ctx context.Context, tx *database.Tx, since, size int64) (Proof, error) {
	p, err := proofOf(ctx, tx, size)
	if err != nil {
		return Proof{}, err
	}
	if since < 1 || since > p.Size {
		return Proof{}, ErrLeafUnknown
	}
	p.Hashes, err = tlog.ProveTree(p.Size, since, hashReader(ctx, tx, nil))
	return p, err
}

func proofOf(ctx context.Context, tx *database.Tx, size int64) (Proof, error) {
	head, err := headOf(ctx, tx)
	if err != nil {
		return Proof{}, err
	}
	if size == 0 {
		size = head.Size
	}
	if size < 0 || size > head.Size {
		return Proof{}, ErrLeafUnknown
	}
	root, err := tlog.TreeHash(size, hashReader(ctx, tx, nil))
	return Proof{Size: size, Root: root}, err
}
