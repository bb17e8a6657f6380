package audit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm/clause"

	"sochibo/internal/database"
)

// sealRow is the commitment to a record as it is now. One that is gone has neither salt nor commitment.
type sealRow struct {
	Kind       string `gorm:"primaryKey"`
	ObjectID   string `gorm:"primaryKey"`
	Salt       []byte
	Commitment []byte
	LeafNumber int64
}

// TableName names the table of seals.
func (sealRow) TableName() string { return "log_seal" }

// leafRow is a leaf as it is kept.
type leafRow struct {
	Number     int64 `gorm:"primaryKey;autoIncrement:false"`
	RecordedAt time.Time
	Content    []byte
}

// TableName names the table of leaves.
func (leafRow) TableName() string { return "log_leaf" }

// hashRow is a node of the tree at the position that tlog.StoredHashIndex gives it.
type hashRow struct {
	Position int64 `gorm:"primaryKey;autoIncrement:false"`
	Hash     []byte
}

// TableName names the table of hashes.
func (hashRow) TableName() string { return "log_hash" }

func sealsOf(ctx context.Context, tx *database.Tx, kind string, ids []string) (map[string]sealRow, error) {
	rows, err := database.Of[sealRow](database.Gorm(ctx, tx)).Where("kind = ? AND object_id IN ?", kind, ids).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("read seals: %w", err)
	}
	byID := make(map[string]sealRow, len(rows))
	for _, r := range rows {
		byID[r.ObjectID] = r
	}
	return byID, nil
}

// takeHead makes room for n leaves and returns the number of the first. The row stays locked to the end, which puts leaves in the
// order of their commits.
func takeHead(ctx context.Context, tx *database.Tx, n int64) (first int64, at time.Time, err error) {
	var head struct {
		Size       int64
		RecordedAt time.Time
	}
	const q = `UPDATE log_head SET size = size + ?, recorded_at = CASE WHEN recorded_at > ? THEN recorded_at ELSE ? END
		WHERE id = 1 RETURNING size, recorded_at`
	if err := database.Gorm(ctx, tx).Raw(q, n, tx.Now, tx.Now).Scan(&head).Error; err != nil {
		return 0, time.Time{}, fmt.Errorf("take the head of the log: %w", err)
	}
	return head.Size - n, head.RecordedAt, nil
}

const rowsAtOnce = 200

func insertLeaves(ctx context.Context, tx *database.Tx, leaves []leafRow) error {
	return database.Of[leafRow](database.Gorm(ctx, tx)).CreateInBatches(ctx, &leaves, rowsAtOnce)
}

func saveSeals(ctx context.Context, tx *database.Tx, seals []sealRow) error {
	if len(seals) == 0 {
		return nil
	}
	over := clause.OnConflict{
		Columns:   []clause.Column{{Name: "kind"}, {Name: "object_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"salt", "commitment", "leaf_number"}),
	}
	return database.Of[sealRow](database.Gorm(ctx, tx), over).CreateInBatches(ctx, &seals, rowsAtOnce)
}

// growTree adds the hashes that the leaves bring to the tree.
func growTree(ctx context.Context, tx *database.Tx, leaves []leafRow) error {
	fresh := map[int64]tlog.Hash{}
	reader := tlog.HashReaderFunc(func(positions []int64) ([]tlog.Hash, error) { return readHashes(ctx, tx, positions, fresh) })
	var rows []hashRow
	for _, leaf := range leaves {
		hashes, err := tlog.StoredHashes(leaf.Number, leaf.Content, reader)
		if err != nil {
			return fmt.Errorf("grow the log: %w", err)
		}
		position := tlog.StoredHashIndex(0, leaf.Number)
		for i, hash := range hashes {
			fresh[position+int64(i)] = hash
			rows = append(rows, hashRow{position + int64(i), hash[:]})
		}
	}
	return database.Of[hashRow](database.Gorm(ctx, tx)).CreateInBatches(ctx, &rows, rowsAtOnce)
}

// readHashes returns the hashes at the positions, from fresh where they are not yet stored.
func readHashes(ctx context.Context, tx *database.Tx, positions []int64, fresh map[int64]tlog.Hash) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(positions))
	var missing []int64
	for i, p := range positions {
		hash, ok := fresh[p]
		if hashes[i] = hash; !ok {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return hashes, nil
	}
	rows, err := database.Of[hashRow](database.Gorm(ctx, tx)).Where("position IN ?", missing).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("read hashes: %w", err)
	}
	for _, r := range rows {
		if len(r.Hash) != tlog.HashSize {
			return nil, fmt.Errorf("log_hash %d has %d bytes", r.Position, len(r.Hash))
		}
		hashes[slices.Index(positions, r.Position)] = tlog.Hash(r.Hash)
	}
	if len(rows) != len(missing) {
		return nil, fmt.Errorf("the log lacks %d of the hashes it needs", len(missing)-len(rows))
	}
	return hashes, nil
}
