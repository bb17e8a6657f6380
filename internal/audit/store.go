package audit

import (
	"context"
	"fmt"
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

	checks string // of the rows, for the leaf
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

// Sealed returns the ids of the records of a kind that the log has ever committed to, in order.
func Sealed(ctx context.Context, tx *database.Tx, kind string) ([]string, error) {
	rows, err := database.Of[sealRow](database.Gorm(ctx, tx)).Where("kind = ?", kind).Select("object_id").Order("object_id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("read seals: %w", err)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ObjectID
	}
	return ids, nil
}

// takeHead makes room for a leaf and returns its number. The row stays locked to the end, which puts leaves in the order of their
// commits.
func takeHead(ctx context.Context, tx *database.Tx) (number int64, at time.Time, err error) {
	var head struct {
		Size       int64
		RecordedAt time.Time
	}
	const q = `UPDATE log_head SET size = size + 1, recorded_at = CASE WHEN recorded_at > ? THEN recorded_at ELSE ? END
		WHERE id = 1 RETURNING size, recorded_at`
	if err := database.Gorm(ctx, tx).Raw(q, tx.Now, tx.Now).Scan(&head).Error; err != nil {
		return 0, time.Time{}, fmt.Errorf("take the head of the log: %w", err)
	}
	return head.Size - 1, head.RecordedAt, nil
}

const rowsAtOnce = 200

func insertLeaf(ctx context.Context, tx *database.Tx, leaf *leafRow) error {
	if err := database.Of[leafRow](database.Gorm(ctx, tx)).Create(ctx, leaf); err != nil {
		return fmt.Errorf("append leaf %d: %w", leaf.Number, err)
	}
	return nil
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

// growTree adds the hashes that a leaf brings to the tree.
func growTree(ctx context.Context, tx *database.Tx, leaf leafRow) error {
	hashes, err := tlog.StoredHashes(leaf.Number, leaf.Content, hashReader(ctx, tx))
	if err != nil {
		return fmt.Errorf("grow the log: %w", err)
	}
	rows := make([]hashRow, len(hashes))
	for i, hash := range hashes {
		rows[i] = hashRow{tlog.StoredHashIndex(0, leaf.Number) + int64(i), hash[:]}
	}
	return database.Of[hashRow](database.Gorm(ctx, tx)).CreateInBatches(ctx, &rows, rowsAtOnce)
}

// hashReader reads nodes of the tree.
func hashReader(ctx context.Context, tx *database.Tx) tlog.HashReader {
	return tlog.HashReaderFunc(func(positions []int64) ([]tlog.Hash, error) {
		if len(positions) == 0 {
			return nil, nil
		}
		rows, err := database.Of[hashRow](database.Gorm(ctx, tx)).Where("position IN ?", positions).Find(ctx)
		if err != nil {
			return nil, fmt.Errorf("read hashes: %w", err)
		}
		found := make(map[int64][]byte, len(rows))
		for _, r := range rows {
			found[r.Position] = r.Hash
		}
		hashes := make([]tlog.Hash, len(positions))
		for i, p := range positions {
			if len(found[p]) != tlog.HashSize {
				return nil, fmt.Errorf("the log lacks the hash at %d", p)
			}
			hashes[i] = tlog.Hash(found[p])
		}
		return hashes, nil
	})
}
