package audit

import (
	"context"
	"fmt"
	"time"

	"sochibo/internal/database"
)

// rotationRow is a key that took the place of another.
type rotationRow struct {
	PublicKey  string `gorm:"primaryKey"`
	LeafNumber int64
	Note       string
	CreatedAt  time.Time
}

// TableName names the table of rotations.
func (rotationRow) TableName() string { return "log_rotation" }

// rotationsOf returns the rotations in their order.
func rotationsOf(ctx context.Context, tx *database.Tx) ([]rotationRow, error) {
	rows, err := database.Of[rotationRow](database.Gorm(ctx, tx)).Order("leaf_number").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("read rotations: %w", err)
	}
	return rows, nil
}

func insertRotation(ctx context.Context, tx *database.Tx, row rotationRow) error {
	Touch(tx, SealedRotation(), keyName(row.PublicKey))
	if err := database.Of[rotationRow](database.Gorm(ctx, tx)).Create(ctx, &row); err != nil {
		return fmt.Errorf("keep a rotation: %w", err)
	}
	return nil
}

// holdHead locks the head of the log and returns the number that the next leaf has.
func holdHead(ctx context.Context, tx *database.Tx) (int64, error) {
	var size int64
	if err := database.Gorm(ctx, tx).Raw("UPDATE log_head SET size = size WHERE id = 1 RETURNING size").Scan(&size).Error; err != nil {
		return 0, fmt.Errorf("hold the head of the log: %w", err)
	}
	return size, nil
}

// lastCheckpoint returns how many leaves the newest checkpoint under the name is about, 0 for none.
func lastCheckpoint(ctx context.Context, tx *database.Tx, name string) (int64, error) {
	var size int64
	const q = "SELECT coalesce(max(size), 0) FROM log_checkpoint WHERE key_name = ?"
	if err := database.Gorm(ctx, tx).Raw(q, name).Scan(&size).Error; err != nil {
		return 0, fmt.Errorf("find the last checkpoint: %w", err)
	}
	return size, nil
}
