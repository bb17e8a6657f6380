package database_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// into reads all rows of one number.
func into(list *[]int) func(rows database.Found) error {
	return func(rows database.Found) error {
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				return err
			}
			*list = append(*list, n)
		}
		return nil
	}
}

func insertInto(n int) database.Statement {
	return database.Statement{SQL: "INSERT INTO n (id) VALUES (?)", Args: []any{n}}
}

// TestTogether sends statements at once: they run in their order, and what one reads holds what those before it wrote.
func TestTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN)
		var first, between, none, last []int
		_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
			const all = "SELECT id FROM n ORDER BY id"
			return 0, database.Together(
				t.Context(), tx,
				insertInto(1), database.Statement{SQL: all, Read: into(&between)}, insertInto(2),
				database.Statement{SQL: all, Read: func(rows database.Found) error { return firstOf(rows, &first) }}, // the rest is left
				database.Statement{SQL: "UPDATE n SET big = ? WHERE id = ? RETURNING big", Args: []any{70, 2}, Read: into(&last)},
				database.Statement{SQL: all + " LIMIT 0", Read: into(&none)},
				database.Statement{SQL: "SELECT id FROM n WHERE id IN " + database.Places(2) + " ORDER BY id", Args: []any{2, 1}, Read: into(&last)},
			)
		})
		if err != nil {
			t.Fatal(err)
		}
		check(t, "between", between, []int{1})
		check(t, "first", first, []int{1})
		check(t, "none", none, nil)
		check(t, "last", last, []int{70, 1, 2})
	})
}

func firstOf(rows database.Found, list *[]int) error {
	var n int
	if !rows.Next() {
		return nil
	}
	err := rows.Scan(&n)
	*list = []int{n}
	return err
}

// TestTogetherFails sends statements of which one fails: those after it do nothing, the failure has its name, and nothing is kept.
func TestTogetherFails(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN, "INSERT INTO n (id) VALUES (1)")
		refused := errors.New("not to my liking")
		for name, test := range map[string]struct {
			statement database.Statement
			want      error
		}{
			"twice":   {insertInto(1), gorm.ErrDuplicatedKey},
			"orphan":  {database.Statement{SQL: "INSERT INTO n (id, parent) VALUES (?, ?)", Args: []any{3, 9}}, gorm.ErrForeignKeyViolated},
			"reading": {database.Statement{SQL: "SELECT id FROM n", Read: func(database.Found) error { return refused }}, refused},
		} {
			_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
				var after []int
				err := database.Together(t.Context(), tx, insertInto(2), test.statement, database.Statement{SQL: "SELECT id FROM n", Read: into(&after)})
				if len(after) > 0 {
					t.Errorf("%s: what comes after it was read: %v", name, after)
				}
				return 0, err
			})
			if !errors.Is(err, test.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		check(t, "rows", mustCount(t, db, "n"), 1)
	})
}

// TestTogetherPanics reads with a function that panics: the panic comes out, and the store is as it was and still answers.
func TestTogetherPanics(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN)
		func() {
			defer func() { check(t, "panic", recover(), any("a mistake")) }()
			_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
				return 0, database.Together(t.Context(), tx, insertInto(1), database.Statement{
					SQL: "SELECT 1", Read: func(database.Found) error { panic("a mistake") },
				}, insertInto(2))
			})
			t.Errorf("it came back with %v", err)
		}()
		check(t, "rows", mustCount(t, db, "n"), 0)
	})
}

// TestTogetherIsLogged looks for slow statements in the log, all of them and no value.
func TestTogetherIsLogged(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		var log bytes.Buffer
		db := dbtest.Open(t, engine, database.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Slow: time.Nanosecond})
		_, err := database.Read(t.Context(), db, func(tx *database.Tx) (int, error) {
			var found []int
			ask := database.Statement{SQL: "SELECT 7 WHERE CAST(? AS text) = 'x'", Args: []any{"bí mật"}, Read: into(&found)}
			return 0, database.Together(t.Context(), tx, ask, ask)
		})
		text := log.String()
		if err != nil || strings.Count(text, "SELECT 7") != 2 || !strings.Contains(text, "slow query") || strings.Contains(text, "mật") {
			t.Errorf("%s: %v, logged as %s", engine, err, text)
		}
	}
}
