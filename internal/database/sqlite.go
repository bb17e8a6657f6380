package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gorm.io/gorm"
	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// Versions before this one can corrupt a database in WAL mode.
const oldestSQLite = "3.51.3"

// The page cache of a connection, and that of one whose transaction may run for minutes and sorts much besides.
const (
	cacheKiB        = 64000
	patientCacheKiB = 16000
)

// openSQLite opens one connection for writing and a pool for reading. Reading connections refuse to write, as a read-only
// transaction on PostgreSQL does.
func (db *DB) openSQLite(ctx context.Context, path string) (gorm.Dialector, error) {
	db.engine = SQLite
	db.slot = make(chan struct{}, 1)
	if path == "" || strings.HasPrefix(path, ":") {
		return nil, errors.New("the database URL names no file: sqlite:PATH")
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	var err error
	if db.write, err = sql.Open("sqlite", sqliteDSN(path, false)); err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	if db.read, err = sql.Open("sqlite", sqliteDSN(path, true)); err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	db.write.SetMaxOpenConns(1)
	db.read.SetMaxOpenConns(db.maxConns())
	db.read.SetMaxIdleConns(db.maxConns())
	if err := checkSQLite(ctx, db.write); err != nil {
		return nil, err
	}
	return sqliteDialector{pool: db.read}, nil
}

// createPrivate makes a missing file readable by its owner alone, since it will hold personal data; SQLite gives the files beside
// it the same rights.
func createPrivate(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open sqlite: %w", err)
	}
	return file.Close()
}

// sqliteDSN gives the settings of every connection: durable commits, foreign keys, and no trust in what a file's schema may call.
func sqliteDSN(path string, readOnly bool) string {
	query := url.Values{
		"_pragma": {
			"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(FULL)", "temp_store(MEMORY)",
			fmt.Sprintf("cache_size(-%d)", cacheKiB), "trusted_schema(OFF)", "cell_size_check(ON)",
		},
		"_txlock":      {"immediate"},
		"_time_format": {"sqlite"},
		"_timezone":    {"UTC"},
		"_texttotime":  {"1"},
		"_dqs":         {"0"},
	}
	if readOnly {
		query.Set("_query_only", "1")
	}
	return fileURI(path, query)
}

// lockDSN is for a file that is nothing but a lock, and for those who wait for it.
func lockDSN(path string) string {
	return fileURI(path, url.Values{"_busy_timeout": {"300000"}, "_txlock": {"exclusive"}})
}

// fileURI names a file so that no character of its path is taken for a setting.
func fileURI(path string, query url.Values) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

func checkSQLite(ctx context.Context, pool *sql.DB) error {
	var version, journal string
	var foreignKeys bool
	row := pool.QueryRowContext(ctx, "SELECT sqlite_version(), journal_mode, foreign_keys FROM pragma_journal_mode, pragma_foreign_keys")
	if err := row.Scan(&version, &journal, &foreignKeys); err != nil {
		return fmt.Errorf("open sqlite: %w", err)
	}
	if older(version, oldestSQLite) {
		return fmt.Errorf("SQLite %s is too old: %s or later is needed", version, oldestSQLite)
	}
	if !foreignKeys {
		return errors.New("SQLite does not check foreign keys here")
	}
	if journal != "wal" {
		return fmt.Errorf("the file system does not support SQLite's write-ahead log (journal mode %s)", journal)
	}
	return nil
}

// older compares dotted version numbers part by part.
func older(version, than string) bool {
	have, want := strings.Split(version, "."), strings.Split(than, ".")
	for i := range want {
		if i >= len(have) {
			return true
		}
		h, err := strconv.Atoi(have[i])
		w, _ := strconv.Atoi(want[i])
		if err != nil || h != w {
			return err != nil || h < w
		}
	}
	return false
}
