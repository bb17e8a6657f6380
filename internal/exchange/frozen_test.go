package exchange_test

import (
	"os"
	"testing"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// change alters the store behind its rules, as a back-dated entry does.
func change(tb testing.TB, db *database.DB, sql string) {
	tb.Helper()
	_, err := database.Write(tb.Context(), db, func(tx *database.Tx) (struct{}, error) {
		return struct{}{}, database.Gorm(tb.Context(), tx).Exec(sql).Error
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestFrozenRollsKeepFigures(t *testing.T) {
	t.Parallel()
	const header = "meeting_code,member_code,standing\n"
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustImport(t, db, folder(small()))
		if _, files := mustExport(t, db); files["frozen_rolls.csv"] != header {
			t.Errorf("%s", files["frozen_rolls.csv"])
		}
		change(t, db, "UPDATE membership SET valid_from = '2017-01-01' WHERE member_id = (SELECT id FROM member WHERE code = 'B')")
		dir, files := mustExport(t, db)
		if want := header + "M,A,base\nM,B,base\n"; files["frozen_rolls.csv"] != want {
			t.Fatalf("%s", files["frozen_rolls.csv"])
		}
		other := dbtest.Open(t, db.Engine(), database.Options{})
		mustImport(t, other, os.DirFS(dir))
		if again := mustImport(t, other, os.DirFS(dir)); again.Changed() {
			t.Errorf("%+v", again)
		}
		if _, copied := mustExport(t, other); copied["frozen_rolls.csv"] != files["frozen_rolls.csv"] {
			t.Errorf("%s", copied["frozen_rolls.csv"])
		}
		type figures struct{ Roster, Eligible, EligiblePresent int }
		for _, store := range []*database.DB{db, other} {
			got, err := database.Read(t.Context(), store, func(tx *database.Tx) (f figures, err error) {
				return f, database.Gorm(t.Context(), tx).Raw("SELECT roster, eligible, eligible_present FROM ledger_entry WHERE sittings = 1 AND basis = 'accepted'").Scan(&f).Error
			})
			if want := (figures{2, 2, 1}); err != nil || got != want {
				t.Errorf("%+v %v", got, err)
			}
		}
	})
}
