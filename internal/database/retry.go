package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	retries     = 5
	firstPause  = 10 * time.Millisecond
	serialize   = "40001"
	deadlock    = "40P01"
	lockTimeout = "55P03"
	canceled    = "57014"
)

// retry calls attempt again while it fails for a conflict with another transaction, with growing, random pauses.
func retry(ctx context.Context, attempt func() error) error {
	pause := firstPause
	for range retries {
		err := attempt()
		if err == nil || !conflict(err) || wait(ctx, rand.N(pause)+pause/2) != nil { //nolint:gosec // a pause is no secret
			return err
		}
		pause *= 2
	}
	return attempt()
}

// wait passes d or ends with ctx.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// conflict reports whether a transaction failed for no fault of its own and left nothing behind, so that it may run again.
func conflict(err error) bool {
	switch postgresCode(err) {
	case serialize, deadlock:
		return true
	}
	if code := sqliteCode(err); code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED {
		return true
	}
	var begin *beginError
	return errors.As(err, &begin) && (errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err))
}

// postgresCode returns the SQLSTATE in the chain of err, or nothing.
func postgresCode(err error) string {
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		return failed.Code
	}
	return ""
}

// sqliteCode returns the primary result code in the chain of err, or zero.
func sqliteCode(err error) int {
	var failed *sqlite.Error
	if errors.As(err, &failed) {
		return failed.Code() & 0xff
	}
	return 0
}
