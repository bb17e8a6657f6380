package database_test

import (
	"database/sql/driver"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
)

// id is an identifier as the slices make them.
type id struct{ uuid.UUID }

// day is a date as the calendar makes them: text for the store.
type day string

func (d day) Value() (driver.Value, error) { return string(d), nil }

func (d *day) Scan(source any) error {
	switch v := source.(type) {
	case time.Time:
		*d = day(v.Format(time.DateOnly))
	case string:
		*d = day(v)
	default:
		return errors.New("not a day")
	}
	return nil
}

type word string

type specimen struct {
	ID      id
	Parent  *id
	On      day
	Until   *day
	At      time.Time
	Ended   *time.Time
	Good    bool
	Perhaps *bool
	Count   int
	Many    int64
	Share   *float64
	Kind    word
	Remark  *string
	Data    []byte
}

func specimenTable(db *database.DB) string {
	uuidType, bytes := "TEXT", "BLOB"
	if db.Engine() == database.Postgres {
		uuidType, bytes = "uuid", "bytea"
	}
	return "CREATE TABLE specimen (id " + uuidType + " NOT NULL PRIMARY KEY, parent " + uuidType + `, "on" date NOT NULL, until date, at ` +
		timeType(db) + " NOT NULL, ended " + timeType(db) + ", good boolean NOT NULL, perhaps boolean, count integer NOT NULL, " +
		"many bigint NOT NULL, share double precision, kind text NOT NULL, remark text, data " + bytes + ")"
}

func specimens() []specimen {
	first, second := id{uuid.MustParse("018f0000-0000-7000-8000-000000000001")}, id{uuid.MustParse("018f0000-0000-7000-8000-000000000002")}
	at := time.Date(2018, 4, 30, 17, 0, 0, 123456000, time.UTC)
	until, yes, share, remark := day("2018-05-01"), true, 0.927, "đã họp"
	return []specimen{
		{ID: first, On: "2018-04-30", At: at, Kind: "cell"},
		{
			ID: second, Parent: &first, On: "1930-02-03", Until: &until, At: at, Ended: &at, Good: true, Perhaps: &yes, Count: -7,
			Many: 1 << 60, Share: &share, Kind: "đảng", Remark: &remark, Data: []byte{0, 1, 255},
		},
	}
}

func (s specimen) row() []any {
	zone := time.FixedZone("", 7*3600)
	return []any{
		s.ID, s.Parent, s.On, s.Until, s.At.In(zone).Add(time.Nanosecond), s.Ended, s.Good, s.Perhaps, s.Count, s.Many, s.Share, s.Kind,
		s.Remark, s.Data,
	}
}

func specimenColumns() []string {
	return []string{
		"id", "parent", "on", "until", "at", "ended", "good", "perhaps", "count", "many", "share", "kind", "remark", "data",
	}
}

func TestInsertAllTypes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		mustExec(t, db, specimenTable(db))
		want := specimens()
		rows := func(yield func([]any) bool) {
			for _, s := range want {
				if !yield(s.row()) {
					return
				}
			}
		}
		count, err := database.Write(ctx, db, func(tx *database.Tx) (int64, error) {
			return database.InsertAll(ctx, tx, "specimen", specimenColumns(), rows)
		})
		if err != nil || count != 2 {
			t.Fatal(count, err)
		}
		got, err := database.Read(ctx, db, func(tx *database.Tx) ([]specimen, error) {
			return gorm.G[specimen](database.Gorm(ctx, tx)).Table("specimen").Order("id").Find(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		found, err := query[int](ctx, db, `SELECT count(*) FROM specimen WHERE "on" = ? AND parent = ? AND at = ?`,
			want[1].On, want[1].Parent, want[1].At)
		if err != nil || found != 1 {
			t.Errorf("found %d by values that gorm binds, %v", found, err)
		}
	})
}

func numbers(n int) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		row := make([]any, 2)
		for i := range n {
			row[0], row[1] = i, nil
			if !yield(row) {
				return
			}
		}
	}
}

func TestInsertAllAmounts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		mustExec(t, db, "CREATE TABLE amount (amount integer NOT NULL, id integer, parent integer)")
		amounts := []int{0, 1, 199, 200, 201, 1000, 12345}
		for _, amount := range amounts {
			count, err := database.Bulk(ctx, db, func(tx *database.Tx) (int64, error) {
				if err := exec(ctx, tx, "DELETE FROM amount").Error; err != nil {
					return 0, err
				}
				rows := func(yield func([]any) bool) {
					for row := range numbers(amount) {
						if !yield([]any{amount, row[0], row[1]}) {
							return
						}
					}
				}
				return database.InsertAll(ctx, tx, "amount", []string{"amount", "id", "parent"}, rows)
			})
			sum, queried := query[int](ctx, db, "SELECT count(DISTINCT id) FROM amount")
			if err != nil || queried != nil || count != int64(amount) || sum != amount {
				t.Errorf("%d rows: inserted %d, found %d, %v, %v", amount, count, sum, err, queried)
			}
		}
	})
}

func TestInsertAllRefusals(t *testing.T) {
	t.Parallel()
	taken := fault.New(fault.Conflict, "taken_in_test")
	broken := errors.New("broken")
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		mustExec(t, db, tableN, "INSERT INTO n (id) VALUES (300)")
		insertAll := func(rows iter.Seq[[]any]) error {
			_, err := database.Write(ctx, db, func(tx *database.Tx) (int64, error) {
				count, err := database.InsertAll(ctx, tx, "n", []string{"id", "parent"}, rows)
				return count, database.Taken(err, taken)
			})
			return err
		}
		if err := insertAll(numbers(1000)); !errors.Is(err, taken) {
			t.Errorf("a duplicate: %v", err)
		}
		if err := insertAll(slices.Values([][]any{{1, nil}, {2}})); err == nil {
			t.Error("a short row was taken")
		}
		if err := insertAll(slices.Values([][]any{{1, failing{broken}}})); !errors.Is(err, broken) {
			t.Errorf("a failing value: %v", err)
		}
		func() {
			defer func() {
				if recover() != "no" {
					t.Error("the panic was lost")
				}
			}()
			_ = insertAll(func(yield func([]any) bool) { _ = yield([]any{1, nil}); panic("no") })
		}()
		if count := mustCount(t, db, "n"); count != 1 {
			t.Errorf("%d rows", count)
		}
	})
}

type failing struct{ err error }

func (f failing) Value() (driver.Value, error) { return nil, f.err }
