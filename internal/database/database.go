package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
)

// Engine names the kind of store behind a DB.
type Engine string

// The engines there are.
const (
	Postgres Engine = "postgres"
	SQLite   Engine = "sqlite"
)

// Options tune a DB; the zero value is right for a server.
type Options struct {
	Logger   *slog.Logger     // nil: nothing is logged
	Now      func() time.Time // nil: the system's clock; called from several goroutines
	Zone     calendar.Zone    // the installation's zone, which decides days; the zero zone means calendar.DefaultZone
	MaxConns int              // 0: a default by engine
	Slow     time.Duration    // after which a statement is worth a line in the log; 0: half a second
}

// DB is an open store.
type DB struct {
	engine  Engine
	url     string
	options Options
	write   *sql.DB
	read    *sql.DB // the same pool as write on PostgreSQL
	gorm    *gorm.DB
	slot    chan struct{} // held by the one writer SQLite has; nil on PostgreSQL
	closed  atomic.Bool
}

// GORM's recorder, which Scan uses, hands parameter values to the log whatever the logger's settings say; the filter it offers is a
// variable of that package, so it is set before anything runs.
func init() {
	logger.RecorderParamsFilter = func(_ context.Context, sql string, _ ...any) (string, []any) { return sql, nil }
}

// Open opens the store at sqlite:PATH or postgres://…; the schema is left as it is.
//
// It refuses a SQLite or PostgreSQL that is too old, and a PostgreSQL database that is not in UTF-8.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Slow == 0 {
		o.Slow = slowQuery
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == (calendar.Zone{}) {
		zone, err := calendar.LoadZone(calendar.DefaultZone)
		if err != nil {
			return nil, err
		}
		o.Zone = zone
	}
	db := &DB{url: url, options: o}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) connect(ctx context.Context) error {
	var dialector gorm.Dialector
	var err error
	scheme, rest, _ := strings.Cut(db.url, ":")
	switch scheme {
	case "sqlite":
		dialector, err = db.openSQLite(ctx, rest)
	case "postgres", "postgresql":
		dialector, err = db.openPostgres(ctx)
	default:
		err = errors.New("the database URL must begin with sqlite: or postgres://")
	}
	if err != nil {
		return err
	}
	db.gorm, err = gorm.Open(dialector, &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		NowFunc:                db.Now,
		Logger:                 queryLog{log: db.options.Logger, slow: db.options.Slow},
	})
	if err != nil {
		return fmt.Errorf("start gorm: %w", err)
	}
	return nil
}

// Engine says what kind of store this is.
func (db *DB) Engine() Engine { return db.engine }

// Now is the present instant of the store's clock: UTC, in whole microseconds.
func (db *DB) Now() time.Time { return instant(db.options.Now()) }

// instant brings a time into the form in which both engines keep it.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Ping asks whether the store answers; faults: store_unavailable, timeout, canceled.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.read.PingContext(ctx); err != nil {
		return inContext(ctx, fault.Because(ErrUnavailable, err))
	}
	return nil
}

// Stats tells how busy the connections for writes are.
func (db *DB) Stats() sql.DBStats { return db.write.Stats() }

// Close ends all connections; a closed store answers every call with store_unavailable.
func (db *DB) Close() error {
	if db.closed.Swap(true) {
		return nil
	}
	var err error
	if db.read != nil {
		err = db.read.Close()
	}
	if db.write != nil && db.write != db.read {
		err = errors.Join(err, db.write.Close())
	}
	return err
}

// maxConns is the number of connections one pool may hold.
func (db *DB) maxConns() int {
	if db.options.MaxConns > 0 {
		return db.options.MaxConns
	}
	return max(minConns, 4*runtime.GOMAXPROCS(0))
}

// minConns is enough for a few readers beside a writer on the smallest machine.
const minConns = 8
