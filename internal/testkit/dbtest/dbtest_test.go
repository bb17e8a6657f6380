package dbtest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
)

func TestEachGivesAFreshMigratedStore(t *testing.T) {
	t.Parallel()
	for range 3 {
		dbtest.Each(t, func(t *testing.T, db *database.DB) {
			if err := database.CheckSchema(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			made, err := database.Write(t.Context(), db, func(tx *database.Tx) (int64, error) {
				result := database.Gorm(t.Context(), tx).Exec(
					"INSERT INTO idempotency_key (principal, key, fingerprint, created_at) VALUES (?, ?, ?, ?)",
					"someone", "once", []byte{1}, tx.Now)
				return result.RowsAffected, result.Error
			})
			if err != nil || made != 1 {
				t.Fatalf("%d rows, %v", made, err)
			}
		})
	}
}

func TestBrokenIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := database.Read(t.Context(), dbtest.Broken(t), func(*database.Tx) (int, error) { return 0, nil })
	if fault.KindOf(err) != fault.Unavailable {
		t.Fatal(err)
	}
}

type receipt struct {
	Principal   string
	Key         string
	Fingerprint []byte
	Status      *int
	Header      *string
	Body        []byte
	CreatedAt   time.Time
}

func (receipt) TableName() string { return "idempotency_key" }

type driftedReceipt struct {
	Principal *string
	Key       string
	Secret    string
	Status    int
	CreatedAt *time.Time
}

func (driftedReceipt) TableName() string { return "idempotency_key" }

// findings collects what a check says instead of failing.
type findings struct {
	testing.TB
	said []string
}

func (f *findings) Errorf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db, receipt{})
		found := &findings{TB: t}
		dbtest.Drift(found, db, dbtest.Except(driftedReceipt{}, "header", "body"))
		slices.Sort(found.said)
		want := []string{
			"driftedReceipt: column idempotency_key.created_at nullable: false, field CreatedAt: true",
			"driftedReceipt: column idempotency_key.fingerprint has no field",
			"driftedReceipt: column idempotency_key.principal nullable: false, field Principal: true",
			"driftedReceipt: column idempotency_key.status nullable: true, field Status: false",
			"driftedReceipt: field Secret has no column idempotency_key.secret",
		}
		if diff := cmp.Diff(want, found.said); diff != "" {
			t.Error(diff)
		}
	})
}
