package database_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

func withReceipt(ctx context.Context, key, body string) context.Context {
	return database.WithReceipt(ctx, database.Receipt{
		Principal: "someone", Key: key, Fingerprint: []byte(body),
		Keep: func(value any) (database.Answer, error) {
			return database.Answer{
				Status: 201, Header: map[string]string{"Location": "/n/1"}, Body: fmt.Appendf(nil, `{"value":%v}`, value),
			}, nil
		},
	})
}

func TestReceiptMakesOneEffect(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, "CREATE TABLE effect (caller integer NOT NULL)")
		const calls = 200
		var first atomic.Int64
		bodies := make([]string, calls)
		var group sync.WaitGroup
		for i := range calls {
			group.Go(func() {
				ctx := withReceipt(t.Context(), "k", "same")
				value, err := database.Write(ctx, db, func(tx *database.Tx) (int, error) {
					return i, exec(ctx, tx, "INSERT INTO effect (caller) VALUES (?)", i).Error
				})
				var replay *database.Replay
				switch {
				case err == nil:
					first.Add(1)
					bodies[i] = fmt.Sprintf(`{"value":%v}`, value)
				case errors.As(err, &replay):
					bodies[i] = string(replay.Body)
					if replay.Status != 201 || replay.Header["Location"] != "/n/1" {
						t.Errorf("%+v", replay)
					}
				default:
					t.Error(err)
				}
			})
		}
		group.Wait()
		for _, body := range bodies {
			if body != bodies[0] {
				t.Fatalf("answers differ: %s and %s", body, bodies[0])
			}
		}
		if count := mustCount(t, db, "effect"); count != 1 || first.Load() != 1 {
			t.Errorf("%d effects, %d first answers", count, first.Load())
		}
	})
}

func TestReceiptRefusals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN)
		ctx := withReceipt(t.Context(), "k", "one")
		if _, err := database.Write(ctx, db, insert(ctx, 1)); err != nil {
			t.Fatal(err)
		}
		if _, err := database.Write(ctx, db, insert(ctx, 2)); err == nil {
			t.Error("a second write under one receipt")
		}
		ctx = withReceipt(t.Context(), "k", "other")
		if _, err := database.Write(ctx, db, insert(ctx, 3)); !errors.Is(err, database.ErrKeyReused) {
			t.Error(err)
		}
		ctx = withReceipt(t.Context(), "failed", "one")
		if _, err := database.Write(ctx, db, insert(ctx, 1)); err == nil {
			t.Error("a duplicate was inserted")
		}
		ctx = withReceipt(t.Context(), "failed", "one")
		if _, err := database.Write(ctx, db, insert(ctx, 4)); err != nil {
			t.Errorf("a failed effect kept its key: %v", err)
		}
		if count := mustCount(t, db, "n"); count != 2 {
			t.Errorf("%d rows", count)
		}
	})
}

func TestReceiptInDryRunIsLeftAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN)
		ctx := withReceipt(t.Context(), "k", "one")
		if _, err := database.Write(database.WithDryRun(ctx), db, insert(ctx, 1)); err != nil {
			t.Error(err)
		}
		if _, err := database.Write(ctx, db, insert(ctx, 1)); err != nil {
			t.Error(err)
		}
	})
}

func TestReceiptsEndAfterAWeek(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			var days atomic.Int64
			db := dbtest.Open(t, engine, database.Options{Now: func() time.Time {
				return time.Date(2018, 4, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(days.Load()) * day)
			}})
			mustExec(t, db, tableN)
			var got []string
			for i, after := range []int64{0, 7, 8, 8} {
				days.Store(after)
				ctx := withReceipt(t.Context(), "k", "one")
				_, err := database.Write(ctx, db, insert(ctx, i))
				got = append(got, fmt.Sprint(err))
			}
			want := []string{"<nil>", "answered before with status 201", "<nil>", "answered before with status 201"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			days.Store(16)
			if pruned, err := database.PruneReceipts(t.Context(), db); err != nil || pruned != 1 {
				t.Error(pruned, err)
			}
		})
	}
}

// TestReceiptInSteps: a request that writes in several transactions is one under its key all the same.
func TestReceiptInSteps(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			var minutes atomic.Int64
			db := dbtest.Open(t, engine, database.Options{Now: func() time.Time {
				return time.Date(2018, 4, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(minutes.Load()) * time.Minute)
			}})
			mustExec(t, db, tableN)
			steps := func(key string, last func() error) error {
				_, err := database.InSteps(withReceipt(t.Context(), key, "one"), db, func(ctx context.Context) (int, error) {
					for range 2 {
						if _, err := database.Write(ctx, db, func(*database.Tx) (int, error) { return 1, nil }); err != nil {
							return 0, err
						}
					}
					return 7, last()
				})
				return err
			}
			fine, broken := func() error { return nil }, errors.New("broken")
			if err := steps("k", func() error { return broken }); !errors.Is(err, broken) {
				t.Errorf("a failure: %v", err)
			}
			if err := steps("k", fine); err != nil {
				t.Errorf("a failure kept its key: %v", err)
			}
			var replay *database.Replay
			if err := steps("k", fine); !errors.As(err, &replay) || string(replay.Body) != `{"value":7}` {
				t.Errorf("again: %v", err)
			}
			if err := steps("busy", func() error {
				if err := steps("busy", fine); !errors.Is(err, database.ErrKeyInFlight) {
					t.Errorf("meanwhile: %v", err)
				}
				minutes.Add(3) // longer than any request lives
				return steps("busy", fine)
			}); err != nil {
				t.Errorf("a key that was abandoned: %v", err)
			}
		})
	}
}

func TestReceiptInFlight(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t, database.Postgres)
	db, err := database.Open(t.Context(), url+"&lock_timeout=100ms", database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	_, err = database.Write(withReceipt(t.Context(), "k", "one"), db, func(*database.Tx) (int, error) {
		return database.Write(withReceipt(t.Context(), "k", "one"), db, func(*database.Tx) (int, error) { return 0, nil })
	})
	if !errors.Is(err, database.ErrKeyInFlight) {
		t.Error(err)
	}
}
