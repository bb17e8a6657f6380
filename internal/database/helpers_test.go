package database_test

import (
	"context"
	"testing"

	"gorm.io/gorm"

	"sochibo/internal/database"
)

// mustExec runs statements in one transaction.
func mustExec(tb testing.TB, db *database.DB, statements ...string) {
	tb.Helper()
	_, err := database.Write(tb.Context(), db, func(tx *database.Tx) (int, error) {
		for _, statement := range statements {
			if err := database.Gorm(tb.Context(), tx).Exec(statement).Error; err != nil {
				return 0, err
			}
		}
		return 0, nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// mustCount counts the rows of a table.
func mustCount(tb testing.TB, db *database.DB, table string) int {
	tb.Helper()
	count, err := query[int](tb.Context(), db, "SELECT count(*) FROM "+table)
	if err != nil {
		tb.Fatal(err)
	}
	return count
}

// query reads one value.
func query[T any](ctx context.Context, db *database.DB, sql string, args ...any) (T, error) {
	return database.Read(ctx, db, func(tx *database.Tx) (T, error) {
		var value T
		err := database.Gorm(ctx, tx).Raw(sql, args...).Scan(&value).Error
		return value, err
	})
}

// insert makes a closure that inserts one number into the table n.
func insert(ctx context.Context, number int) func(tx *database.Tx) (int, error) {
	return func(tx *database.Tx) (int, error) {
		return number, exec(ctx, tx, "INSERT INTO n (id) VALUES (?)", number).Error
	}
}

func exec(ctx context.Context, tx *database.Tx, sql string, args ...any) *gorm.DB {
	return database.Gorm(ctx, tx).Exec(sql, args...)
}

const tableN = `CREATE TABLE n (id integer NOT NULL PRIMARY KEY, parent integer REFERENCES n (id) ON DELETE RESTRICT,
	big integer CHECK (big > 10))`
