package database

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sochibo/internal/calendar"
)

// Tx is a running transaction. It is valid until the closure it was given to returns, and for one goroutine at a time.
type Tx struct {
	Now time.Time // the one instant of the transaction: UTC, whole microseconds

	zone   calendar.Zone
	engine Engine
	conn   *sql.Conn
	sql    *sql.Tx
	gorm   *gorm.DB
	values map[any]any
}

// Value returns what SetValue kept under the key in this transaction, or nil.
func (tx *Tx) Value(key any) any { return tx.values[key] }

// SetValue keeps a value until the transaction ends.
func (tx *Tx) SetValue(key, value any) {
	if tx.values == nil {
		tx.values = map[any]any{}
	}
	tx.values[key] = value
}

// Engine says what kind of store the transaction runs on.
func (tx *Tx) Engine() Engine { return tx.engine }

// Today is the day of the transaction in the installation's zone.
func (tx *Tx) Today() calendar.Date { return tx.zone.Today(tx.Now) }

// DayOf is the day of an instant in the installation's zone.
func (tx *Tx) DayOf(instant time.Time) calendar.Date { return tx.zone.DateOf(instant) }

// mode is what a transaction may do.
type mode struct {
	readOnly bool
	patient  bool // no timeout for statements
}

// Write runs fn in a transaction and commits it, or undoes everything when fn fails or panics.
//
// fn may run several times: a conflict with another transaction starts it anew. A dry run and a receipt in ctx are honoured.
// Faults: those of fn; store_unavailable, store_busy, timeout, canceled; *Replay, idempotency_key_reused and
// idempotency_key_in_flight with a receipt.
func Write[T any](ctx context.Context, db *DB, fn func(tx *Tx) (T, error)) (T, error) {
	return write(ctx, db, mode{}, fn)
}

// Bulk is a Write for imports: its statements and the pauses between them may take as long as they need.
func Bulk[T any](ctx context.Context, db *DB, fn func(tx *Tx) (T, error)) (T, error) {
	return write(ctx, db, mode{patient: true}, fn)
}

// Read runs fn on one unchanging view of the store, in which every write is refused.
//
// Faults: those of fn; store_unavailable, store_busy, timeout, canceled.
func Read[T any](ctx context.Context, db *DB, fn func(tx *Tx) (T, error)) (T, error) {
	return run(ctx, db, mode{readOnly: true}, fn)
}

// BulkRead is a Read for exports: its statements may take as long as they need.
func BulkRead[T any](ctx context.Context, db *DB, fn func(tx *Tx) (T, error)) (T, error) {
	return run(ctx, db, mode{readOnly: true, patient: true}, fn)
}

func write[T any](ctx context.Context, db *DB, m mode, fn func(tx *Tx) (T, error)) (T, error) {
	receipt, err := takeReceipt(ctx)
	if err != nil {
		var none T
		return none, err
	}
	if receipt == nil {
		return run(ctx, db, m, fn)
	}
	return run(ctx, db, m, func(tx *Tx) (T, error) {
		var none T
		if err := receipt.claim(ctx, tx); err != nil {
			return none, err
		}
		value, err := fn(tx)
		if err != nil {
			return none, err
		}
		return value, receipt.keep(ctx, tx, value)
	})
}

// run repeats attempts until one succeeds or fails for good.
func run[T any](ctx context.Context, db *DB, m mode, fn func(tx *Tx) (T, error)) (T, error) {
	var value T
	err := retry(ctx, func() error {
		return db.attempt(ctx, m, func(tx *Tx) (err error) {
			value, err = fn(tx)
			return err
		})
	})
	if err != nil {
		var none T
		return none, translate(ctx, m, err)
	}
	return value, nil
}

// attempt runs body once, from the queue of writers to the commit.
func (db *DB) attempt(ctx context.Context, m mode, body func(*Tx) error) (err error) {
	leave, err := db.enter(ctx, m)
	if err != nil {
		return err
	}
	defer leave()
	tx, err := db.begin(ctx, m)
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.sql.Rollback()
		}
		_ = tx.spill(context.WithoutCancel(ctx), m, "MEMORY")
		_ = tx.conn.Close()
	}()
	if err := body(tx); err != nil {
		return tx.explain(err)
	}
	if IsDryRun(ctx) && !m.readOnly {
		return tx.explain(tx.rehearseCommit(ctx))
	}
	if err := tx.sql.Commit(); err != nil {
		return tx.explain(fmt.Errorf("commit: %w", db.translateDriver(err)))
	}
	committed = true
	return nil
}

// enter queues for SQLite's one writer in the order of arrival; SQLite itself would let newcomers overtake those who sleep.
func (db *DB) enter(ctx context.Context, m mode) (leave func(), err error) {
	if db.slot == nil || m.readOnly {
		return func() {}, nil
	}
	select {
	case db.slot <- struct{}{}:
		return func() { <-db.slot }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// begin opens the transaction on a connection of its own, through which COPY can reach the driver later.
func (db *DB) begin(ctx context.Context, m mode) (*Tx, error) {
	pool := db.write
	if m.readOnly {
		pool = db.read
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, &beginError{err}
	}
	tx := &Tx{Now: db.Now(), zone: db.options.Zone, engine: db.engine, conn: conn}
	if err := tx.spill(ctx, m, "FILE"); err != nil {
		_ = conn.Close()
		return nil, &beginError{err}
	}
	begun, err := conn.BeginTx(ctx, db.txOptions(m))
	if err != nil {
		_ = conn.Close()
		return nil, &beginError{err}
	}
	tx.sql = begun
	tx.gorm = db.gorm.Session(&gorm.Session{
		NewDB: true, Context: ctx, NowFunc: func() time.Time { return tx.Now },
	})
	tx.gorm.Statement.ConnPool = begun
	if err := tx.prepare(ctx, m); err != nil {
		_, _ = begun.Rollback(), conn.Close()
		return nil, &beginError{err}
	}
	return tx, nil
}

func (db *DB) txOptions(m mode) *sql.TxOptions {
	switch {
	case db.engine == SQLite:
		return &sql.TxOptions{ReadOnly: m.readOnly}
	case m.readOnly:
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	default:
		return &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
}

// prepare lifts the timeouts for a patient transaction, and gives it room: it sorts and joins whole tables, with statements that run
// once and are not worth compiling.
func (tx *Tx) prepare(ctx context.Context, m mode) error {
	if !m.patient || tx.engine != Postgres {
		return nil
	}
	_, err := tx.sql.ExecContext(ctx, "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; "+
		"SET LOCAL work_mem = '64MB'; SET LOCAL maintenance_work_mem = '128MB'; SET LOCAL jit = off")
	return err
}

// spill says where SQLite keeps what it sorts and stages, and how much of it in memory: in files while a patient transaction runs, with
// a small cache, which bounds each of its sorters too, so that memory does not grow with the work.
func (tx *Tx) spill(ctx context.Context, m mode, to string) error {
	if !m.patient || tx.engine != SQLite {
		return nil
	}
	cache := cacheKiB
	if to == "FILE" {
		cache = patientCacheKiB
	}
	_, err := tx.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA temp_store=%s; PRAGMA cache_size=-%d", to, cache))
	return err
}

// Try runs what may fail without spoiling the transaction: PostgreSQL answers nothing more in one in which a statement failed, unless it is
// taken back to a savepoint before it. gone is not nil when the transaction does not answer all the same.
func Try(ctx context.Context, tx *Tx, fn func() error) (failed, gone error) {
	if gone = Gorm(ctx, tx).Exec("SAVEPOINT try").Error; gone != nil {
		return nil, gone
	}
	if failed = fn(); failed != nil {
		if gone = Gorm(ctx, tx).Exec("ROLLBACK TO SAVEPOINT try").Error; gone != nil {
			return failed, gone
		}
	}
	return failed, Gorm(ctx, tx).Exec("RELEASE SAVEPOINT try").Error
}

// Gorm returns a fresh session bound to the transaction and to ctx.
func Gorm(ctx context.Context, tx *Tx) *gorm.DB {
	session := tx.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	session.Statement.ConnPool = tx.sql
	return session
}
