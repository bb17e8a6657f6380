package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
	sqlite3 "modernc.org/sqlite/lib"

	"sochibo/internal/fault"
)

// What a store can answer instead of a result.
var (
	// ErrUnavailable says that the store cannot be reached or cannot write.
	ErrUnavailable = fault.New(fault.Unavailable, "store_unavailable")
	// ErrBusy says that others held what the transaction needed for too long.
	ErrBusy = fault.Retry(fault.New(fault.Unavailable, "store_busy"), time.Second)
	// ErrOverlap says that somebody else wrote a row for the same days meanwhile; alone, the rules of the rooms would have found it.
	ErrOverlap = fault.New(fault.Conflict, "days_overlap")
	// ErrTimeout says that the time for the request or for a statement ran out.
	ErrTimeout = fault.New(fault.Timeout, "timeout")
	// ErrCanceled says that the caller has gone.
	ErrCanceled = fault.New(fault.Canceled, "canceled")
)

// beginError marks what went wrong before a transaction had begun.
type beginError struct{ err error }

// Error returns the text of the error.
func (e *beginError) Error() string { return "begin: " + e.err.Error() }

// Unwrap returns the error itself.
func (e *beginError) Unwrap() error { return e.err }

// lostError marks a failure that took the connection with it.
type lostError struct{ err error }

// Error returns the text of the error.
func (e *lostError) Error() string { return "connection lost: " + e.err.Error() }

// Unwrap returns the error itself.
func (e *lostError) Unwrap() error { return e.err }

// Translate turns what a driver reports into a fault; faults and errors it does not know pass untouched. Write, Bulk and Read have
// done it already.
func Translate(err error) error { return translate(context.Background(), mode{}, err) }

func translate(ctx context.Context, m mode, err error) error {
	if err == nil {
		return nil
	}
	var replay *Replay
	if _, known := fault.As(err); known || errors.As(err, &replay) {
		return err
	}
	if ended := inContext(ctx, nil); ended != nil {
		return fault.Because(ended, err)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return fault.Because(ErrCanceled, err)
	case errors.Is(err, context.DeadlineExceeded), postgresCode(err) == canceled, sqliteCode(err) == sqlite3.SQLITE_INTERRUPT:
		return fault.Because(ErrTimeout, err)
	case overlaps(err):
		return fault.Because(ErrOverlap, err)
	case conflict(err), postgresCode(err) == lockTimeout:
		return fault.Because(ErrBusy, err)
	case unavailable(m, err):
		return fault.Because(ErrUnavailable, err)
	}
	return err
}

// overlaps reports whether a row was refused because its days are those of another: by an exclusion constraint on PostgreSQL, by a
// trigger of the schema on SQLite, which has no such constraints.
func overlaps(err error) bool {
	return postgresCode(err) == "23P01" || sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT && strings.Contains(err.Error(), "_overlap (")
}

// inContext prefers the end of ctx as the reason why something failed; otherwise returns err.
func inContext(ctx context.Context, err error) error {
	switch ended := ctx.Err(); {
	case ended == nil:
		return err
	case errors.Is(ended, context.DeadlineExceeded):
		return withCause(ErrTimeout, err)
	default:
		return withCause(ErrCanceled, err)
	}
}

func withCause(sentinel, cause error) error {
	if cause == nil {
		return sentinel
	}
	return fault.Because(sentinel, cause)
}

// unavailable reports whether the store, not the statement, is at fault. A refused write means a store that went read-only, except
// in a Read, where it means a mistake of ours.
func unavailable(m mode, err error) bool {
	var begin *beginError
	var lost *lostError
	var connect *pgconn.ConnectError
	if errors.As(err, &begin) || errors.As(err, &lost) || errors.As(err, &connect) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	switch sqliteCode(err) {
	case sqlite3.SQLITE_READONLY:
		return !m.readOnly
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL:
		return true
	}
	code := postgresCode(err)
	if code == "25006" {
		return !m.readOnly
	}
	// Connection exceptions, a lack of resources, an operator's intervention, a failing disk, a session that idled.
	return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P") ||
		strings.HasPrefix(code, "58") || code == "25P03"
}

// explain marks an error as a lost connection when there is no connection any more. The closure answers through a variable: an
// error of a bad connection would make database/sql wait for the end of the very transaction that asks.
func (tx *Tx) explain(err error) error {
	if err == nil || tx.engine != Postgres {
		return err
	}
	lost := false
	gone := tx.conn.Raw(func(c any) error {
		pg, ok := c.(*stdlib.Conn)
		lost = ok && pg.Conn().IsClosed()
		return nil
	})
	if lost || gone != nil {
		return &lostError{err}
	}
	return err
}

// translateDriver names constraint faults in errors that did not come through GORM: those of commits and of COPY.
func (db *DB) translateDriver(err error) error {
	return translateWith(db.gorm, err)
}

func translateWith(session *gorm.DB, err error) error {
	if translator, ok := session.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		return translator.Translate(err)
	}
	return err
}

// Taken returns asFault, with err as its cause, when err says that a unique value is taken, and err itself otherwise.
func Taken(err error, asFault error) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return fault.Because(asFault, err)
	}
	return err
}

// Referenced returns asFault, with err as its cause, when err says that a reference is broken, and err itself otherwise.
func Referenced(err error, asFault error) error {
	if errors.Is(err, gorm.ErrForeignKeyViolated) {
		return fault.Because(asFault, err)
	}
	return err
}
