package database_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
)

func TestWriteCommitsOrUndoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		mustExec(t, db, tableN)
		if got, err := database.Write(ctx, db, insert(ctx, 1)); err != nil || got != 1 {
			t.Fatal(got, err)
		}
		refused := errors.New("refused")
		got, err := database.Write(ctx, db, func(tx *database.Tx) (int, error) {
			if _, err := insert(ctx, 2)(tx); err != nil {
				return 0, err
			}
			return 2, refused
		})
		if !errors.Is(err, refused) || got != 0 {
			t.Fatal(got, err)
		}
		func() {
			defer func() {
				if recover() != "no" {
					t.Error("the panic was swallowed")
				}
			}()
			_, _ = database.Write(ctx, db, func(tx *database.Tx) (int, error) {
				if _, err := insert(ctx, 3)(tx); err != nil {
					t.Error(err)
				}
				panic("no")
			})
		}()
		if count := mustCount(t, db, "n"); count != 1 {
			t.Errorf("%d rows", count)
		}
	})
}

func TestNowIsOneInstant(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 7*3600)
	clock := time.Date(2018, 4, 30, 23, 59, 59, 123456789, zone)
	var ticks atomic.Int64
	now := func() time.Time { return clock.Add(time.Duration(ticks.Add(1)) * time.Second) }
	dbtest.EachOpt(t, database.Options{Now: now}, func(t *testing.T, db *database.DB) {
		mustExec(t, db, "CREATE TABLE moment (at "+timeType(db)+" NOT NULL)")
		type moment struct{ At time.Time }
		var first time.Time
		_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
			first = tx.Now
			if tx.Now != tx.Now.UTC().Truncate(time.Microsecond) || tx.Now.Location() != time.UTC {
				t.Errorf("%v is not UTC in microseconds", tx.Now)
			}
			if same := database.Gorm(t.Context(), tx).NowFunc(); same != tx.Now {
				t.Errorf("gorm's clock says %v, the transaction's %v", same, tx.Now)
			}
			return 0, exec(t.Context(), tx, "INSERT INTO moment (at) VALUES (?)", tx.Now.In(zone)).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := query[moment](t.Context(), db, "SELECT at FROM moment WHERE at = ?", first)
		if err != nil || !got.At.Equal(first) || got.At.Location() != time.UTC {
			t.Errorf("stored %v, found %v, %v", first, got.At, err)
		}
		latest, err := query[time.Time](t.Context(), db, "SELECT max(at) FROM moment")
		if err != nil || !latest.Equal(first) {
			t.Errorf("stored %v, latest %v, %v", first, latest, err)
		}
	})
}

func timeType(db *database.DB) string {
	if db.Engine() == database.Postgres {
		return "timestamptz"
	}
	return "DATETIME"
}

func TestReadRefusesWrites(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN)
		_, err := database.Read(t.Context(), db, insert(t.Context(), 1))
		if err == nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("a write in a Read: %v", err)
		}
		if count := mustCount(t, db, "n"); count != 0 {
			t.Errorf("%d rows", count)
		}
	})
}

func TestReadSeesOneView(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		mustExec(t, db, tableN)
		counts, err := database.Read(ctx, db, func(tx *database.Tx) ([2]int, error) {
			var counts [2]int
			for i := range counts {
				if err := database.Gorm(ctx, tx).Raw("SELECT count(*) FROM n").Scan(&counts[i]).Error; err != nil {
					return counts, err
				}
				if _, err := database.Write(ctx, db, insert(ctx, i)); err != nil {
					return counts, err
				}
			}
			return counts, nil
		})
		if err != nil || counts != [2]int{} {
			t.Error(counts, err)
		}
	})
}

func TestWritesInParallel(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		mustExec(t, db, tableN, "CREATE TABLE head (last integer NOT NULL)", "INSERT INTO head (last) VALUES (0)")
		const writers = 50
		var group sync.WaitGroup
		for range writers {
			group.Go(func() {
				_, err := database.Write(ctx, db, func(tx *database.Tx) (int, error) {
					var last int
					err := database.Gorm(ctx, tx).Table("head").Select("last").
						Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Scan(&last).Error
					if err != nil {
						return 0, err
					}
					if err := exec(ctx, tx, "UPDATE head SET last = ?", last+1).Error; err != nil {
						return 0, err
					}
					return insert(ctx, last+1)(tx)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if count := mustCount(t, db, "n"); count != writers {
			t.Errorf("%d rows", count)
		}
	})
}

func TestDeadlocksAreRetried(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		mustExec(t, db, "CREATE TABLE pot (id integer PRIMARY KEY, sum integer NOT NULL)", "INSERT INTO pot VALUES (1, 0), (2, 0)")
		var attempts atomic.Int64
		var group sync.WaitGroup
		for i := range 6 {
			group.Go(func() {
				order := []int{1, 2}
				if i%2 == 1 {
					order = []int{2, 1}
				}
				_, err := database.Write(ctx, db, func(tx *database.Tx) (int, error) {
					attempts.Add(1)
					for _, id := range order {
						if err := exec(ctx, tx, "UPDATE pot SET sum = sum + 1 WHERE id = ?", id).Error; err != nil {
							return 0, fmt.Errorf("pot %d: %w", id, err)
						}
					}
					return 0, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		sum, err := query[int](ctx, db, "SELECT sum(sum) FROM pot")
		if err != nil || sum != 12 {
			t.Errorf("sum %d after %d attempts, %v", sum, attempts.Load(), err)
		}
	})
}

func TestConflictsEndAsBusy(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.Postgres, database.Options{})
	attempts := 0
	_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
		attempts++
		return 0, exec(t.Context(), tx, "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = 'serialization_failure'; END $$").Error
	})
	if !errors.Is(err, database.ErrBusy) || attempts != 6 {
		t.Errorf("%d attempts, %v", attempts, err)
	}
}

// heavy takes minutes on both engines.
const heavy = `WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 2000000000) SELECT count(*) FROM c`

func TestDeadlinesAreHonoured(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		began := time.Now()
		_, err := query[int](ctx, db, heavy)
		if fault.KindOf(err) != fault.Timeout {
			t.Error(err)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("a deadline of 100 ms took %v", took)
		}
		if _, err := query[int](t.Context(), db, "SELECT 1"); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestWaitingWritersLeaveWithTheirContext(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN, "INSERT INTO n (id) VALUES (1)")
		_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
			if err := exec(t.Context(), tx, "UPDATE n SET big = 11").Error; err != nil {
				return 0, err
			}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			_, err := database.Write(ctx, db, func(second *database.Tx) (int, error) {
				return 0, exec(ctx, second, "UPDATE n SET big = 12").Error
			})
			if fault.KindOf(err) != fault.Canceled {
				t.Errorf("the waiting writer: %v", err)
			}
			return 0, nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestTimeoutsOfPostgres(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t, database.Postgres)
	db, err := database.Open(t.Context(), url+"&statement_timeout=100ms&lock_timeout=100ms", database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	pause := func(tx *database.Tx) (int, error) {
		return 0, exec(t.Context(), tx, "SELECT pg_sleep(0.4)").Error
	}
	if _, err := database.Write(t.Context(), db, pause); !errors.Is(err, database.ErrTimeout) {
		t.Errorf("statement timeout: %v", err)
	}
	if _, err := database.Bulk(t.Context(), db, pause); err != nil {
		t.Errorf("bulk: %v", err)
	}
	mustExec(t, db, tableN, "INSERT INTO n (id) VALUES (1)")
	_, err = database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
		if err := exec(t.Context(), tx, "UPDATE n SET big = 11").Error; err != nil {
			return 0, err
		}
		return database.Bulk(t.Context(), db, func(second *database.Tx) (int, error) {
			return 0, exec(t.Context(), second, "UPDATE n SET big = 12").Error
		})
	})
	if !errors.Is(err, database.ErrBusy) {
		t.Errorf("lock timeout: %v", err)
	}
}

func TestTryDoesNotSpoilTheTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN)
		if _, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
			if err := exec(t.Context(), tx, "INSERT INTO n (id) VALUES (1)").Error; err != nil {
				return 0, err
			}
			failed, gone := database.Try(t.Context(), tx, func() error {
				if err := exec(t.Context(), tx, "INSERT INTO n (id) VALUES (2)").Error; err != nil {
					return err
				}
				return exec(t.Context(), tx, "SELECT nothing FROM nowhere").Error
			})
			if failed == nil || gone != nil {
				t.Errorf("failed %v, gone %v", failed, gone)
			}
			failed, gone = database.Try(t.Context(), tx, func() error { return exec(t.Context(), tx, "INSERT INTO n (id) VALUES (3)").Error })
			return 0, errors.Join(failed, gone)
		}); err != nil {
			t.Fatal(err)
		}
		if sum, err := query[int](t.Context(), db, "SELECT sum(id) FROM n"); err != nil || sum != 4 {
			t.Errorf("sum %d, %v; want 1 and 3 to stand", sum, err)
		}
	})
}

func TestLostConnectionIsUnavailable(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.Postgres, database.Options{})
	_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
		err := exec(t.Context(), tx, "SELECT pg_terminate_backend(pg_backend_pid())").Error
		return 0, errors.Join(err, exec(t.Context(), tx, "SELECT 1").Error)
	})
	if !errors.Is(err, database.ErrUnavailable) {
		t.Error(err)
	}
	if _, err := query[int](t.Context(), db, "SELECT 1"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestClosedIsUnavailable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		if err := db.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		_, read := query[int](t.Context(), db, "SELECT 1")
		_, written := database.Write(t.Context(), db, insert(t.Context(), 1))
		for _, err := range []error{db.Ping(t.Context()), read, written} {
			if !errors.Is(err, database.ErrUnavailable) {
				t.Error(err)
			}
		}
	})
}

func TestConstraintsAreTranslated(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN, "INSERT INTO n (id) VALUES (1)", "INSERT INTO n (id, parent) VALUES (2, 1)")
		taken := fault.New(fault.Conflict, "taken_in_test")
		inUse := fault.New(fault.Conflict, "in_use_in_test")
		for _, test := range []struct {
			sql  string
			want error
		}{
			{"INSERT INTO n (id) VALUES (1)", taken},
			{"INSERT INTO n (id, parent) VALUES (3, 99)", inUse},
			{"DELETE FROM n WHERE id = 1", inUse},
			{"INSERT INTO n (id, big) VALUES (4, 4)", gorm.ErrCheckConstraintViolated},
		} {
			_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
				err := exec(t.Context(), tx, test.sql).Error
				return 0, database.Referenced(database.Taken(err, taken), inUse)
			})
			if !errors.Is(err, test.want) {
				t.Errorf("%s: %v", test.sql, err)
			}
		}
	})
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustExec(t, db, tableN,
			"CREATE TABLE late (id integer PRIMARY KEY, n integer REFERENCES n (id) DEFERRABLE INITIALLY DEFERRED)")
		ctx := database.WithDryRun(t.Context())
		if database.IsDryRun(t.Context()) || !database.IsDryRun(ctx) {
			t.Error("a dry run is not recognised")
		}
		if got, err := database.Write(ctx, db, insert(ctx, 7)); err != nil || got != 7 {
			t.Errorf("%d, %v", got, err)
		}
		_, err := database.Write(ctx, db, func(tx *database.Tx) (int, error) {
			return 0, exec(ctx, tx, "INSERT INTO late (id, n) VALUES (1, 7)").Error
		})
		if !errors.Is(err, gorm.ErrForeignKeyViolated) {
			t.Errorf("a deferred constraint: %v", err)
		}
		if count := mustCount(t, db, "n"); count != 0 {
			t.Errorf("%d rows", count)
		}
	})
}
