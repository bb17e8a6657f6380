package database_test

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

var update = flag.Bool("update", false, "rewrite migrations.sum")

const sumFile = "migrations/migrations.sum"

// A merged migration is never edited: this test notices.
func TestMigrationSums(t *testing.T) {
	t.Parallel()
	var sums strings.Builder
	err := fs.WalkDir(database.MigrationFiles(), "migrations", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(database.MigrationFiles(), name)
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(text), strings.TrimPrefix(name, "migrations/"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(sumFile, []byte(sums.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(sumFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(kept), sums.String()); diff != "" {
		t.Errorf("a migration was changed or added (-update accepts it):\n%s", diff)
	}
}

func TestMigrationsHaveTheSameNames(t *testing.T) {
	t.Parallel()
	var names [2][]string
	for i, engine := range dbtest.Engines() {
		entries, err := fs.ReadDir(database.MigrationFiles(), path.Join("migrations", string(engine)))
		if err != nil {
			t.Fatal(err)
		}
		for n, entry := range entries {
			names[i] = append(names[i], entry.Name())
			if !strings.HasPrefix(entry.Name(), fmt.Sprintf("%05d_", n+1)) {
				t.Errorf("%s: the numbers have a gap before it", entry.Name())
			}
		}
	}
	if diff := gocmp.Diff(names[0], names[1]); diff != "" {
		t.Error(diff)
	}
}

func TestEnginesHaveTheSameColumns(t *testing.T) {
	t.Parallel()
	var columns [2][]dbtest.Column
	for i, engine := range dbtest.Engines() {
		columns[i] = dbtest.Columns(t, dbtest.Open(t, engine, database.Options{}))
	}
	if diff := gocmp.Diff(columns[0], columns[1]); diff != "" {
		t.Errorf("SQLite (-) and PostgreSQL (+) differ:\n%s", diff)
	}
}

func TestMigrateRoundTrip(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			db := mustOpenEmpty(t, engine)
			if err := database.CheckSchema(t.Context(), db); !errors.Is(err, database.ErrSchemaOlder) {
				t.Errorf("an empty database: %v", err)
			}
			first := mustMigrate(t, db)
			up := dbtest.Columns(t, db)
			if again, err := database.Migrate(t.Context(), db); err != nil || len(again) != 0 {
				t.Errorf("a second time: %v, %v", again, err)
			}
			if err := database.DownTo(t.Context(), db, 0); err != nil {
				t.Fatal(err)
			}
			if left := dbtest.Columns(t, db); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			if diff := gocmp.Diff(first, mustMigrate(t, db)); diff != "" {
				t.Error(diff)
			}
			if diff := gocmp.Diff(up, dbtest.Columns(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func mustOpenEmpty(tb testing.TB, engine database.Engine) *database.DB {
	tb.Helper()
	return mustOpenAt(tb, dbtest.EmptyURL(tb, engine))
}

func mustOpenAt(tb testing.TB, url string) *database.DB {
	tb.Helper()
	db, err := database.Open(tb.Context(), url, database.Options{MaxConns: 4})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func mustMigrate(tb testing.TB, db *database.DB) []string {
	tb.Helper()
	names, err := database.Migrate(tb.Context(), db)
	if err != nil || len(names) == 0 {
		tb.Fatal(names, err)
	}
	return names
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			url := dbtest.EmptyURL(t, engine)
			var group sync.WaitGroup
			applied := make([]int, 4)
			for i := range applied {
				db := mustOpenAt(t, url)
				group.Go(func() {
					names, err := database.Migrate(t.Context(), db)
					if err != nil {
						t.Error(err)
					}
					applied[i] = len(names)
				})
			}
			group.Wait()
			sum := 0
			for _, count := range applied {
				sum += count
			}
			if status, err := database.MigrationStatus(t.Context(), mustOpenAt(t, url)); err != nil || sum != len(status) {
				t.Errorf("applied %v of %d migrations, %v", applied, len(status), err)
			}
		})
	}
}

func TestNoDowngrade(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
		_, migrated := database.Migrate(t.Context(), db)
		for _, err := range []error{migrated, database.CheckSchema(t.Context(), db)} {
			if !errors.Is(err, database.ErrSchemaNewer) {
				t.Error(err)
			}
		}
	})
}

func TestMigrationStatus(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			db := mustOpenEmpty(t, engine)
			for _, migrated := range []bool{false, true} {
				if migrated {
					mustMigrate(t, db)
				}
				status, err := database.MigrationStatus(t.Context(), db)
				if err != nil || len(status) == 0 {
					t.Fatal(status, err)
				}
				for i, migration := range status {
					if (migration.AppliedAt != nil) != migrated || cmp.Compare(migration.Version, int64(i+1)) != 0 {
						t.Errorf("%+v", migration)
					}
				}
			}
		})
	}
}
