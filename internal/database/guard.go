package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// guardMigration runs work on a pool made for migrations, with no other migration of the same database running. On PostgreSQL the
// migration tool holds an advisory lock; on SQLite it has none, hence the lock file.
func (db *DB) guardMigration(ctx context.Context, work func(*sql.DB) error) (err error) {
	if db.engine == Postgres {
		pool, err := postgresPool(db.url, true)
		if err != nil {
			return err
		}
		return errors.Join(work(pool), pool.Close())
	}
	leave, err := db.enter(ctx, mode{})
	if err != nil {
		return err
	}
	defer leave()
	_, path, _ := strings.Cut(db.url, ":")
	unlock, err := lockFile(ctx, path+"-migrate")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	pool, err := sql.Open("sqlite", sqliteDSN(path, false))
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(1)
	return errors.Join(work(pool), pool.Close())
}

// lockFile holds an exclusive lock on an empty SQLite file: it works wherever SQLite works, between processes as within one, and
// ends with its process. The file stays, for removing a lock file can let two in.
func lockFile(ctx context.Context, path string) (unlock func() error, err error) {
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", lockDSN(path))
	if err != nil {
		return nil, err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("wait for another migration: %w", errors.Join(err, pool.Close()))
	}
	return func() error { return errors.Join(tx.Rollback(), pool.Close()) }, nil
}
