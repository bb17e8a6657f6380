package database

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/postgres/*.sql migrations/sqlite/*.sql
var migrations embed.FS

// What a schema can be instead of current.
var (
	// ErrSchemaNewer says that a later version of the program has migrated the database.
	ErrSchemaNewer = errors.New("the database's schema is newer than this program")
	// ErrSchemaOlder says that migrations are waiting.
	ErrSchemaOlder = errors.New("the database's schema is older than this program: run the migrations")
)

// Migration is one step of the schema.
type Migration struct {
	Version   int64
	Name      string
	AppliedAt *time.Time // nil: waiting
}

// Migrate applies the waiting migrations and returns their names. Several instances may call it at once: one works, the others wait.
//
// It refuses a schema newer than the program with ErrSchemaNewer.
func Migrate(ctx context.Context, db *DB) ([]string, error) {
	switch err := CheckSchema(ctx, db); {
	case err == nil:
		return nil, nil
	case !errors.Is(err, ErrSchemaOlder):
		return nil, err
	}
	var applied []string
	err := db.guardMigration(ctx, func(pool *sql.DB) error {
		provider, err := newProvider(db.engine, pool)
		if err != nil {
			return err
		}
		results, err := provider.Up(ctx)
		for _, result := range results {
			applied = append(applied, path.Base(result.Source.Path))
		}
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, Translate(err) //nolint:contextcheck // it asks the error, not the store
	}
	return applied, CheckSchema(ctx, db)
}

// MigrationStatus lists the migrations of this program in their order.
func MigrationStatus(ctx context.Context, db *DB) ([]Migration, error) {
	applied, err := appliedMigrations(ctx, db)
	if err != nil {
		return nil, err
	}
	list, err := knownMigrations(db.engine)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if at, ok := applied[list[i].Version]; ok {
			list[i].AppliedAt = &at
		}
	}
	return list, nil
}

// CheckSchema returns nil for a current schema, ErrSchemaNewer or ErrSchemaOlder otherwise; it changes nothing.
func CheckSchema(ctx context.Context, db *DB) error {
	applied, err := appliedMigrations(ctx, db)
	if err != nil {
		return err
	}
	known, err := knownMigrations(db.engine)
	if err != nil {
		return err
	}
	newest := known[len(known)-1].Version
	for version := range applied {
		if version > newest {
			return fmt.Errorf("%w (%d, this program knows %d)", ErrSchemaNewer, version, newest)
		}
	}
	for _, migration := range known {
		if _, ok := applied[migration.Version]; !ok {
			return ErrSchemaOlder
		}
	}
	return nil
}

// MigrationSum is a checksum over an engine's migrations.
func MigrationSum(engine Engine) (string, error) {
	sum := sha256.New()
	files, err := fs.Glob(migrations, path.Join("migrations", string(engine), "*.sql"))
	if err != nil {
		return "", err
	}
	for _, name := range files {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// knownMigrations lists the embedded files by version; there is always one.
func knownMigrations(engine Engine) ([]Migration, error) {
	entries, err := migrations.ReadDir(path.Join("migrations", string(engine)))
	if err != nil {
		return nil, err
	}
	var list []Migration
	for _, entry := range entries {
		if path.Ext(entry.Name()) != ".sql" {
			continue
		}
		version, err := goose.NumericComponent(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", entry.Name(), err)
		}
		list = append(list, Migration{Version: version, Name: entry.Name()})
	}
	if len(list) == 0 {
		return nil, goose.ErrNoMigrations
	}
	slices.SortFunc(list, func(a, b Migration) int { return int(a.Version - b.Version) })
	return list, nil
}

const (
	versionTablePostgres = `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'goose_db_version'`
	versionTableSQLite   = `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`
	appliedVersions      = `SELECT version_id, tstamp FROM goose_db_version WHERE is_applied AND version_id > 0`
)

// appliedMigrations reads which versions the database has, without leaving a trace in one that has none.
func appliedMigrations(ctx context.Context, db *DB) (map[int64]time.Time, error) {
	return Read(ctx, db, func(tx *Tx) (map[int64]time.Time, error) {
		exists := versionTablePostgres
		if db.engine == SQLite {
			exists = versionTableSQLite
		}
		var tables int
		if err := Gorm(ctx, tx).Raw(exists).Scan(&tables).Error; err != nil || tables == 0 {
			return nil, err
		}
		var rows []struct {
			VersionID int64
			Tstamp    time.Time
		}
		if err := Gorm(ctx, tx).Raw(appliedVersions).Scan(&rows).Error; err != nil {
			return nil, err
		}
		applied := make(map[int64]time.Time, len(rows))
		for _, row := range rows {
			applied[row.VersionID] = instant(row.Tstamp)
		}
		return applied, nil
	})
}

func newProvider(engine Engine, pool *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, path.Join("migrations", string(engine)))
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if engine == SQLite {
		return goose.NewProvider(goose.DialectSQLite3, pool, files, options...)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, pool, files, append(options, goose.WithSessionLocker(locker))...)
}
