package database

import (
	"context"
	"database/sql"
	"io/fs"

	"github.com/jackc/pgx/v5"
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

// RemoteByMagic names a network file system by its number.
func RemoteByMagic(magic uint32) string { return remoteByMagic(magic) }

// SQLiteDangers looks at a file as if it lay on the file system.
func SQLiteDangers(path, remote string) ([]Danger, error) { return sqliteDangers(path, remote) }

// CheckSQLite is the check of a connection.
func CheckSQLite(ctx context.Context, pool *sql.DB) error { return checkSQLite(ctx, pool) }

// PlaintextHost returns the host to which a URL leads in plain text.
func PlaintextHost(url string) (string, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return "", err
	}
	return plaintextHost(config.Config), nil
}
