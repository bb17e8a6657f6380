package dbtest

import (
	"net/url"
	"testing"

	"sochibo/internal/database"
)

// connections is enough for a test that writes at once from many goroutines, and few enough for many tests at once.
const connections = 12

// Engines lists the engines every test of a store runs on.
func Engines() []database.Engine { return []database.Engine{database.SQLite, database.Postgres} }

// Each runs fn as the parallel subtests sqlite and postgres, each with a fresh migrated store.
func Each(t *testing.T, fn func(t *testing.T, db *database.DB)) {
	t.Helper()
	EachOpt(t, database.Options{}, fn)
}

// EachOpt is Each with options, a clock among them.
func EachOpt(t *testing.T, o database.Options, fn func(t *testing.T, db *database.DB)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			fn(t, Open(t, engine, o))
		})
	}
}

// Open opens a fresh migrated store, which ends with the test.
func Open(tb testing.TB, engine database.Engine, o database.Options) *database.DB {
	tb.Helper()
	return mustOpen(tb, URL(tb, engine), o)
}

// URL makes a fresh migrated store and returns its address, for tests of the whole program.
func URL(tb testing.TB, engine database.Engine) string {
	tb.Helper()
	if engine == database.SQLite {
		return sqliteURL(tb)
	}
	return postgresURL(tb, true)
}

// EmptyURL makes a store without a schema and returns its address, for tests of the schema itself.
func EmptyURL(tb testing.TB, engine database.Engine) string {
	tb.Helper()
	if engine == database.SQLite {
		return emptySQLiteURL(tb)
	}
	return postgresURL(tb, false)
}

// Broken returns a store that is closed, so that every use of it fails.
func Broken(tb testing.TB) *database.DB {
	tb.Helper()
	db := Open(tb, database.SQLite, database.Options{})
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
	return db
}

func mustOpen(tb testing.TB, address string, o database.Options) *database.DB {
	tb.Helper()
	if o.MaxConns == 0 {
		o.MaxConns = connections
	}
	db, err := database.Open(tb.Context(), patient(address), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// patient lengthens the waits of a PostgreSQL session. The machine that runs the tests may be busy with other things, and
// what a timeout does has tests of its own, which open the store themselves.
func patient(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "sqlite" {
		return address
	}
	q := u.Query()
	q.Set("lock_timeout", "120s")
	q.Set("statement_timeout", "240s")
	u.RawQuery = q.Encode()
	return u.String()
}
