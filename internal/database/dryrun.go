package database

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"modernc.org/sqlite"
)

type dryRunKey struct{}

// WithDryRun makes every Write under the returned context run completely, answer its value and undo everything.
func WithDryRun(ctx context.Context) context.Context {
	return context.WithValue(ctx, dryRunKey{}, true)
}

// IsDryRun reports whether writes under ctx are undone.
func IsDryRun(ctx context.Context) bool {
	dry, _ := ctx.Value(dryRunKey{}).(bool)
	return dry
}

// rehearseCommit checks what only a commit would: the constraints that were put off to it.
func (tx *Tx) rehearseCommit(ctx context.Context) error {
	if tx.engine == Postgres {
		return Gorm(ctx, tx).Exec("SET CONSTRAINTS ALL IMMEDIATE").Error
	}
	return tx.conn.Raw(func(c any) error {
		status, ok := c.(sqlite.DBStatus)
		if !ok {
			return nil
		}
		broken, _, err := status.Status(sqlite.DBStatusDeferredFKs, false)
		if err == nil && broken != 0 {
			err = fmt.Errorf("commit: %w", gorm.ErrForeignKeyViolated)
		}
		return err
	})
}
