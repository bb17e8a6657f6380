package database

import (
	"context"
	"database/sql"
	"io/fs"
)

// MigrationFiles are the embedded migrations.
func MigrationFiles() fs.FS { return migrations }

// Older is the comparison of versions.
func Older(version, than string) bool { return older(version, than) }

// DownTo undoes the migrations beyond a version.
func DownTo(ctx context.Context, db *DB, version int64) error {
	return db.guardMigration(ctx, func(pool *sql.DB) error {
		provider, err := newProvider(db.engine, pool)
		if err != nil {
			return err
		}
		_, err = provider.DownTo(ctx, version)
		return err
	})
}
