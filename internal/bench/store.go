package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"sochibo/internal/database"
	"sochibo/internal/testkit/cluster"
)

// store makes empty databases of one engine.
type store struct {
	engine database.Engine
	fresh  func(ctx context.Context, name string) (url string, err error)
	close  func() error
}

func (b *bench) openStores(ctx context.Context, engines []string) error {
	for _, engine := range engines {
		switch database.Engine(engine) {
		case database.SQLite:
			b.stores = append(b.stores, store{engine: database.SQLite, fresh: b.file, close: func() error { return nil }})
		case database.Postgres:
			b.say("starting a durable PostgreSQL")
			server, err := cluster.StartDurable(ctx)
			if err != nil {
				return err
			}
			fresh := func(ctx context.Context, name string) (string, error) { return createDatabase(ctx, server.URL(), name) }
			b.stores = append(b.stores, store{engine: database.Postgres, fresh: fresh, close: server.Stop})
		default:
			return fmt.Errorf("-engines: there is no engine %q", engine)
		}
	}
	return nil
}

func (b *bench) file(_ context.Context, name string) (string, error) {
	return "sqlite:" + filepath.Join(b.dir, name+".db"), nil
}

func createDatabase(ctx context.Context, server, name string) (string, error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
		return "", err
	}
	address, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	address.Path = "/" + name
	return address.String(), nil
}

// migrated makes a database with the schema and nothing in it.
func (s store) migrated(ctx context.Context, name string) (string, error) {
	address, err := s.fresh(ctx, name)
	if err != nil {
		return "", err
	}
	db, err := database.Open(ctx, address, database.Options{})
	if err != nil {
		return "", err
	}
	if _, err := database.Migrate(ctx, db); err != nil {
		return "", fmt.Errorf("migrate: %w", err)
	}
	return address, db.Close()
}

// filePath is where a SQLite database lies.
func filePath(address string) string { return address[len("sqlite:"):] }

// bareSQLite opens a file with the settings that the program uses, without the program.
func bareSQLite(address string, readOnly bool) (*sql.DB, error) {
	query := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(FULL)", "temp_store(MEMORY)", "cache_size(-64000)"},
		"_txlock": {"immediate"}, "_time_format": {"sqlite"},
	}
	if readOnly {
		query.Set("_query_only", "1")
	}
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filePath(address), RawQuery: query.Encode()}).String())
	if err == nil {
		pool.SetMaxOpenConns(1)
	}
	return pool, err
}
