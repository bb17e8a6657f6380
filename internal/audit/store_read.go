package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"sochibo/internal/database"
)

// headRow is how long the log is.
type headRow struct {
	Size       int64
	RecordedAt time.Time
}

// checkpointRow is a signed checkpoint as it is kept.
type checkpointRow struct {
	Size      int64  `gorm:"primaryKey;autoIncrement:false"`
	KeyName   string `gorm:"primaryKey"`
	Note      string
	CreatedAt time.Time
}

// TableName names the table of checkpoints.
func (checkpointRow) TableName() string { return "log_checkpoint" }

func headOf(ctx context.Context, tx *database.Tx) (headRow, error) {
	var head headRow
	return head, database.Gorm(ctx, tx).Raw(`SELECT size, recorded_at FROM log_head WHERE id = 1`).Scan(&head).Error
}

func leavesFrom(ctx context.Context, tx *database.Tx, number int64, limit int) ([]leafRow, error) {
	return database.Of[leafRow](database.Gorm(ctx, tx)).Where("number >= ?", number).Order("number").Limit(limit).Find(ctx)
}

func hashesFrom(ctx context.Context, tx *database.Tx, position int64, limit int) ([]hashRow, error) {
	return database.Of[hashRow](database.Gorm(ctx, tx)).Where("position >= ?", position).Order("position").Limit(limit).Find(ctx)
}

// checkpointKeys names every checkpoint; each is read alone, so that one that cannot be read is known by its name.
func checkpointKeys(ctx context.Context, tx *database.Tx) ([]checkpointRow, error) {
	return database.Of[checkpointRow](database.Gorm(ctx, tx)).Select("size, key_name").Order("size, key_name").Find(ctx)
}

func takeCheckpoint(ctx context.Context, tx *database.Tx, key checkpointRow) (checkpointRow, error) {
	return database.Of[checkpointRow](database.Gorm(ctx, tx)).Where("size = ? AND key_name = ?", key.Size, key.KeyName).Take(ctx)
}

func findCheckpoint(ctx context.Context, tx *database.Tx, size int64, key string) (string, error) {
	rows, err := database.Of[checkpointRow](database.Gorm(ctx, tx)).Where("size = ? AND key_name = ?", size, key).Find(ctx)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Note, nil
}

// insertCheckpoint keeps a checkpoint; of two that are made at once one is enough, they say the same.
func insertCheckpoint(ctx context.Context, tx *database.Tx, row checkpointRow) error {
	return database.Of[checkpointRow](database.Gorm(ctx, tx), clause.OnConflict{DoNothing: true}).Create(ctx, &row)
}

func sealedKinds(ctx context.Context, tx *database.Tx) ([]string, error) {
	var kinds []string
	return kinds, database.Gorm(ctx, tx).Raw(`SELECT DISTINCT kind FROM log_seal ORDER BY kind`).Scan(&kinds).Error
}

// eachSeal calls fn with every seal of the kind, in the order of the ids.
func eachSeal(ctx context.Context, tx *database.Tx, kind string, fn func(sealRow)) error {
	const atOnce = 5000
	for after := ""; ; {
		rows, err := database.Of[sealRow](database.Gorm(ctx, tx)).
			Where("kind = ? AND object_id > ?", kind, after).Order("object_id").Limit(atOnce).Find(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			fn(row)
		}
		if len(rows) < atOnce {
			return nil
		}
		after = rows[len(rows)-1].ObjectID
	}
}

// History returns the leaves that name a record, oldest first. It reads the whole log.
func History(ctx context.Context, tx *database.Tx, id string) ([]Leaf, error) {
	var named []Leaf
	for next := int64(0); ; {
		rows, err := leavesFrom(ctx, tx, next, leavesAtOnce)
		if err != nil || len(rows) == 0 {
			return named, err
		}
		for _, row := range rows {
			leaf, err := row.leaf()
			if err != nil {
				return nil, err
			}
			if slices.ContainsFunc(leaf.Objects, func(o Object) bool { return o.ID == id }) {
				named = append(named, leaf)
			}
		}
		next = rows[len(rows)-1].Number + 1
	}
}

func (r leafRow) leaf() (Leaf, error) {
	var leaf Leaf
	if err := json.Unmarshal(r.Content, &leaf); err != nil {
		return Leaf{}, fmt.Errorf("read leaf %d: %w", r.Number, err)
	}
	return leaf, nil
}
