package database

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// oldestPostgres is the first major version the schema is written for.
const oldestPostgres = 15

func (db *DB) openPostgres(ctx context.Context) (gorm.Dialector, error) {
	db.engine = Postgres
	pool, err := postgresPool(db.url, false)
	if err != nil {
		return nil, err
	}
	db.write, db.read = pool, pool
	pool.SetMaxOpenConns(db.maxConns())
	pool.SetMaxIdleConns(db.maxConns())
	pool.SetConnMaxLifetime(time.Hour)
	pool.SetConnMaxIdleTime(10 * time.Minute)
	if err := checkPostgres(ctx, pool); err != nil {
		return nil, err
	}
	return postgres.New(postgres.Config{Conn: pool}), nil
}

// postgresPool opens a pool whose sessions have the program's timeouts, or none of them when patient: migrations take as long as
// they take.
func postgresPool(url string, patient bool) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	defaults := map[string]string{
		"statement_timeout":                   "30s",
		"lock_timeout":                        "5s",
		"idle_in_transaction_session_timeout": "60s",
		"timezone":                            "UTC",
		"application_name":                    "sochibo",
		"jit":                                 "off", // statements are short; compiling one takes longer than most
	}
	for name, value := range defaults {
		if !hasParameter(config.RuntimeParams, name) {
			config.RuntimeParams[name] = value
		}
	}
	if patient {
		for _, name := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
			config.RuntimeParams[name] = "0"
		}
	}
	return stdlib.OpenDB(*config, stdlib.OptionAfterConnect(scanInUTC)), nil
}

// hasParameter reports whether the URL sets a run-time parameter, by name or within options; names are not case-sensitive.
func hasParameter(params map[string]string, name string) bool {
	for key, value := range params {
		if strings.EqualFold(key, name) || key == "options" && strings.Contains(strings.ToLower(value), name) {
			return true
		}
	}
	return false
}

// scanInUTC makes instants come back in UTC, not in the zone of the machine.
func scanInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

func checkPostgres(ctx context.Context, pool *sql.DB) error {
	var version int
	var encoding string
	row := pool.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
	if err := row.Scan(&version, &encoding); err != nil {
		return fmt.Errorf("open postgres: %w", err)
	}
	if version/10000 < oldestPostgres {
		return fmt.Errorf("PostgreSQL %d is too old: %d or later is needed", version/10000, oldestPostgres)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s: UTF8 is needed", encoding)
	}
	return nil
}
