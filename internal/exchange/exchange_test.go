package exchange_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
)

func zone(tb testing.TB) calendar.Zone {
	tb.Helper()
	z, err := calendar.LoadZone("")
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

func service(tb testing.TB, db *database.DB) *exchange.Service { return exchange.New(db, zone(tb)) }

// mustImport imports a folder that must be sound.
func mustImport(tb testing.TB, db *database.DB, folder fs.FS) exchange.Report {
	tb.Helper()
	report, err := service(tb, db).Import(tb.Context(), auth.InstallationActor(), folder, exchange.ImportOptions{})
	if err != nil {
		tb.Fatal(explain(err))
	}
	return report
}

// mustExport exports the store and returns the content of every file.
func mustExport(tb testing.TB, db *database.DB) (string, map[string]string) {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "out")
	if _, err := service(tb, db).Export(tb.Context(), auth.InstallationActor(), dir, exchange.ExportOptions{}); err != nil {
		tb.Fatal(err)
	}
	return dir, contents(tb, dir)
}

func contents(tb testing.TB, dir string) map[string]string {
	tb.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	files := make(map[string]string)
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			tb.Fatal(err)
		}
		files[entry.Name()] = string(content)
	}
	return files
}

// explain writes every fault of a folder on a line of its own.
func explain(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	lines := []string{err.Error()}
	for _, field := range f.Fields {
		lines = append(lines, field.String()+" "+field.Text("en"))
	}
	return strings.Join(lines, "\n")
}

func TestSample(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		first := mustImport(t, db, exchange.Sample())
		if !first.Changed() || first.Added() != 2523 || first.Entry == 0 {
			t.Errorf("first import: %+v", first)
		}
		again := mustImport(t, db, exchange.Sample())
		if again.Changed() || again.Unchanged() != first.Added() || again.Entry != first.Entry {
			t.Errorf("second import: %+v", again)
		}
		dir, files := mustExport(t, db)
		if len(files) != 41 {
			t.Errorf("%d files", len(files))
		}
		other := dbtest.Open(t, db.Engine(), database.Options{})
		mustImport(t, other, os.DirFS(dir))
		_, copied := mustExport(t, other)
		if diff := cmp.Diff(files, copied); diff != "" {
			t.Error(diff)
		}
	})
}

func TestIDsStandForMissingCodes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustImport(t, db, exchange.Sample())
		for _, table := range []string{
			"organization", "member", "directive", "topic", "meeting", "resolution", "task", "inspection", "inspection_finding", "remedy", "inspection_plan", "inspection_plan_item", "registration", "delegate", "briefing", "topic_plan", "joint_session",
		} {
			change(t, db, "UPDATE "+table+" SET code = NULL")
		}
		dir, files := mustExport(t, db)
		if again := mustImport(t, db, os.DirFS(dir)); again.Changed() {
			t.Errorf("%+v", again)
		}
		other := dbtest.Open(t, db.Engine(), database.Options{})
		mustImport(t, other, os.DirFS(dir))
		if _, copied := mustExport(t, other); !cmp.Equal(files, copied) {
			t.Error(cmp.Diff(files, copied))
		}
		codes, err := database.Read(t.Context(), other, func(tx *database.Tx) (n int, err error) {
			return n, database.Gorm(t.Context(), tx).Raw("SELECT count(code) FROM meeting").Scan(&n).Error
		})
		if err != nil || codes != 0 {
			t.Errorf("%d ids became codes, %v", codes, err)
		}
	})
}

func TestSampleFigures(t *testing.T) {
	t.Parallel()
	type figures struct {
		Body                                         string
		Regular, Thematic, Eligible, EligiblePresent int
		Covered                                      int
	}
	want := []figures{
		{"cell", 89, 10, 1334, 1236, 89},
		{"cell_committee", 89, 0, 0, 0, 89},
		{"party_committee", 33, 0, 0, 0, 32},
	}
	const query = `SELECT body, sum(regular) AS regular, sum(thematic) AS thematic,
			sum(CASE WHEN body = 'cell' THEN eligible ELSE 0 END) AS eligible,
			sum(CASE WHEN body = 'cell' THEN eligible_present ELSE 0 END) AS eligible_present, sum(covered) AS covered
		FROM balance WHERE organization_id = (SELECT id FROM organization WHERE code = 'VPUB') AND basis = 'accepted'
			AND via_id = '00000000-0000-0000-0000-000000000000' AND body IN ('cell', 'cell_committee', 'party_committee')
		GROUP BY body ORDER BY body`
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		mustImport(t, db, exchange.Sample())
		got, err := database.Read(t.Context(), db, func(tx *database.Tx) (rows []figures, err error) {
			return rows, database.Gorm(t.Context(), tx).Raw(query).Scan(&rows).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
