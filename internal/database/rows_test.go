package database_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// number is a row of the table numbers.
type number struct {
	ID   int `gorm:"primaryKey;autoIncrement:false"`
	Name string
	Size *int
}

func (number) TableName() string { return "numbers" }

// within runs fn in a transaction on a store with the numbers 1 to 4.
func within(t *testing.T, fn func(ctx context.Context, db *gorm.DB)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, "CREATE TABLE numbers (id integer PRIMARY KEY, name text NOT NULL, size integer)")
		_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
			session := database.Gorm(t.Context(), tx)
			rows := []number{{ID: 4, Name: "four"}, {ID: 3, Name: "three"}, {ID: 2, Name: "two"}, {ID: 1, Name: "one"}}
			if err := database.Of[number](session).CreateInBatches(t.Context(), &rows, 3); err != nil {
				return 0, err
			}
			fn(t.Context(), session)
			return 0, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRowsReads(t *testing.T) {
	t.Parallel()
	within(t, func(ctx context.Context, db *gorm.DB) {
		all := database.Of[number](db).Where("id > ?", 1)
		even := all.Where("id IN ?", []int{2, 4}).Order("id")
		odd := all.Where("name = ?", "three")
		check(t, "even", names(even.Find(ctx)), []string{"two", "four"})
		check(t, "odd", names(odd.Find(ctx)), []string{"three"})
		check(t, "all", names(all.Order("id").Find(ctx)), []string{"two", "three", "four"})
		check(t, "page", names(all.Order("id").Limit(1).Find(ctx)), []string{"two"})
		check(t, "names only", names(even.Select("name").Find(ctx)), []string{"two", "four"})
		if n, err := even.Count(ctx, "*"); n != 2 || err != nil {
			t.Errorf("Count: %d, %v", n, err)
		}
		if _, err := all.Where("id = ?", 9).Take(ctx); !errors.Is(err, gorm.ErrRecordNotFound) {
			t.Errorf("Take of nothing: %v", err)
		}
	})
}

func TestRowsWrites(t *testing.T) {
	t.Parallel()
	within(t, func(ctx context.Context, db *gorm.DB) {
		rows, size := database.Of[number](db), 7
		if err := rows.Create(ctx, &number{ID: 5, Name: "five"}); err != nil {
			t.Error(err)
		}
		upsert := database.Of[number](db, clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.AssignmentColumns([]string{"name"})})
		if err := upsert.Create(ctx, &number{ID: 5, Name: "fünf"}); err != nil {
			t.Error(err)
		}
		two := rows.Where("id = ?", 2)
		for range 2 {
			if n, err := two.Update(ctx, "size", &size); n != 1 || err != nil {
				t.Errorf("Update: %d, %v", n, err)
			}
		}
		if n, err := rows.Where("size = ?", 7).Select("name", "size").Updates(ctx, number{ID: 2, Name: "deux"}); n != 1 || err != nil {
			t.Errorf("Updates: %d, %v", n, err)
		}
		if row, err := two.Take(ctx); err != nil || !cmp.Equal(row, number{ID: 2, Name: "deux"}) {
			t.Errorf("after Updates: %+v, %v", row, err)
		}
		if n, err := rows.Where("id < ?", 4).Delete(ctx); n != 3 || err != nil {
			t.Errorf("Delete: %d, %v", n, err)
		}
		if _, err := rows.Delete(ctx); !errors.Is(err, gorm.ErrMissingWhereClause) {
			t.Errorf("Delete of everything: %v", err)
		}
		check(t, "left", names(rows.Order("id").Find(ctx)), []string{"four", "fünf"})
	})
}

func names(rows []number, err error) []string {
	var list []string
	for _, row := range rows {
		list = append(list, row.Name)
	}
	if err != nil {
		list = append(list, err.Error())
	}
	return list
}

func check[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}
