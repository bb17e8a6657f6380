package audit_test

import (
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// TestE61Clock lets the clock of the server jump about. A write whose clock lies more than two minutes behind the last leaf is refused
// and leaves nothing; every other one gets the next number, at a time that never goes back.
func TestE61Clock(t *testing.T) {
	t.Parallel()
	const writes = 200
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			var now atomic.Int64
			start := time.Date(2026, 1, 31, 17, 0, 0, 0, time.UTC)
			now.Store(start.UnixNano())
			db := dbtest.Open(t, engine, database.Options{Now: func() time.Time { return time.Unix(0, now.Load()) }})
			random := rand.New(rand.NewPCG(61, 1))
			last, leaves, wrong := start, 0, 0
			for i := range writes {
				at := last.Add(time.Duration(random.IntN(600)-300) * time.Second)
				switch i {
				case 0:
					at = start
				case 1:
					at = last.Add(-2 * time.Minute)
				case 2:
					at = last.Add(-2*time.Minute - time.Second)
				}
				now.Store(at.UnixNano())
				_, err := audit.Write(t.Context(), db, audit.Act{Name: "test.write", Actor: "installation"}, func(*database.Tx) (int, error) { return 0, nil })
				late := last.Sub(at) > 2*time.Minute && leaves > 0
				if errors.Is(err, audit.ErrClockBehind) != late || !late && err != nil {
					wrong++
					t.Errorf("write %d at %s with the last leaf of %s: %v", i, at, last, err)
				}
				if err == nil {
					leaves++
					if at.After(last) {
						last = at
					}
				}
			}
			wrong += unordered(t, db, leaves)
			experiment.Report(t, experiment.Result{ID: "E-61", Engine: string(engine), Seed: 61, N: writes, Observed: wrong, Pass: wrong == 0})
		})
	}
}

// unordered counts leaves that are missing, or bear an earlier time than one before them.
func unordered(tb testing.TB, db *database.DB, want int) (wrong int) {
	tb.Helper()
	type row struct {
		Number     int64
		RecordedAt time.Time
	}
	var rows []row
	if _, err := database.Read(tb.Context(), db, func(tx *database.Tx) (int, error) {
		return 0, database.Gorm(tb.Context(), tx).Table("log_leaf").Order("number").Scan(&rows).Error
	}); err != nil {
		tb.Fatal(err)
	}
	if len(rows) != want {
		tb.Errorf("%d leaves, want %d", len(rows), want)
		wrong++
	}
	for i := 1; i < len(rows); i++ {
		if rows[i].Number != rows[i-1].Number+1 || rows[i].RecordedAt.Before(rows[i-1].RecordedAt) {
			tb.Errorf("leaf %d of %s follows leaf %d of %s", rows[i].Number, rows[i].RecordedAt, rows[i-1].Number, rows[i-1].RecordedAt)
			wrong++
		}
	}
	return wrong
}
