package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
)

// eachDay runs fn on every engine with an installation of which two days of three accesses are closed and a third one runs.
func eachDay(t *testing.T, fn func(t *testing.T, in logged, days []string)) {
	t.Helper()
	eachLogged(t, func(t *testing.T, in logged) {
		days := in.operator.texts(t, "SELECT DISTINCT '.' || CAST(day AS text) FROM access_entry ORDER BY 1") // the driver of SQLite makes an instant of a day
		for i, day := range days {
			days[i] = strings.TrimPrefix(day, ".")
		}
		if len(days) != 3 {
			t.Fatalf("accesses of the days %q", days)
		}
		if lines := in.wrong(t, nil); len(lines) > 0 {
			t.Fatalf("before any change: %q", lines)
		}
		fn(t, in, days)
	})
}

// names demands that verify says each of the texts, in a line of its own.
func (in logged) names(t *testing.T, what string, texts ...string) {
	t.Helper()
	lines := in.wrong(t, nil)
	for _, text := range texts {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, text) }) {
			t.Errorf("%s: %q is not among %q", what, text, lines)
		}
	}
}

// TestAccessDayTampered changes accesses of a closed day in every way: verify names the day, and the row where there is one.
func TestAccessDayTampered(t *testing.T) {
	t.Parallel()
	eachDay(t, func(t *testing.T, in logged, days []string) {
		o, first := in.operator, in.operator.texts(t, "SELECT CAST(min(CAST(id AS text)) AS text) FROM access_entry")[0]
		one := " WHERE CAST(id AS text) = '" + first + "'"
		day := "access_day " + days[0]
		for name, tamper := range map[string]struct {
			do   string
			says []string
		}{
			"another route":      {"UPDATE access_entry SET route = '/api/v1/topics'" + one, []string{"access_entry " + first + ": is not what was recorded", day}},
			"another row count":  {"UPDATE access_entry SET row_count = 200" + one, []string{"access_entry " + first, day}},
			"a row removed":      {"DELETE FROM access_entry" + one, []string{day + ": has 2 rows, its digest is of 3"}},
			"another day":        {"UPDATE access_entry SET day = '" + days[1] + "'" + one, []string{day, "access_day " + days[1], first}},
			"all removed":        {"DELETE FROM access_entry WHERE day = '" + days[0] + "'", []string{day + ": has 0 rows"}},
			"all pruned early":   {"UPDATE access_day SET pruned_at = created_at WHERE day = '" + days[0] + "'", []string{day + ": still has 3 rows", day + ": is not what leaf"}},
			"the digest changed": {"UPDATE access_day SET row_count = 2 WHERE day = '" + days[0] + "'", []string{day + ": is not what leaf", day + ": has 3 rows"}},
			"the digest removed": {"DELETE FROM access_day WHERE day = '" + days[0] + "'", []string{day + ": is missing: leaf", day + ": is missing, though the day has ended"}},
			"a row invented": {"INSERT INTO access_entry (id, day, recorded_at, user_id, request_id, method, route, sha256) SELECT " +
				in.id("01a20a28-0000-7000-8000-000000000009") + ", day, recorded_at, user_id, request_id, method, route, sha256 FROM access_entry" + one,
				[]string{"01a20a28-0000-7000-8000-000000000009", day + ": has 4 rows"}},
		} {
			saved := in.save(t)
			o.do(t, tamper.do)
			in.names(t, name, tamper.says...)
			saved()
		}
		if lines := in.wrong(t, nil); len(lines) > 0 {
			t.Errorf("after every change was undone: %q", lines)
		}
		o.do(t, "DELETE FROM access_entry WHERE day = '"+days[2]+"'")
		if lines := in.wrong(t, nil); len(lines) > 0 {
			t.Errorf("the day that runs is not covered yet, as the documentation says, but: %q", lines)
		}
	})
}

// TestAccessDaysAreCaughtUp stops the clock task for days: each day is closed once, in a leaf of its own, by whoever looks first.
func TestAccessDaysAreCaughtUp(t *testing.T) {
	t.Parallel()
	eachDay(t, func(t *testing.T, in logged, days []string) {
		for range 3 {
			in.clock.forward(24 * time.Hour)
			in.look(t, 2)
		}
		before := in.count(t, "SELECT size FROM log_head")
		for range 2 {
			if lines := in.wrong(t, nil); len(lines) > 0 {
				t.Fatal(lines)
			}
			in.Housekeeper()(t.Context())
		}
		if got := in.count(t, "SELECT size FROM log_head") - before; got != 3 {
			t.Errorf("%d leaves for 3 days", got)
		}
		leaves, err := in.History(t.Context(), days[2])
		if err != nil || len(leaves) != 1 || leaves[0].Act != "access.close" {
			t.Errorf("the leaves of %s: %+v, %v", days[2], leaves, err)
		}
		late := "INSERT INTO access_entry (id, day, recorded_at, user_id, request_id, method, route, sha256) SELECT " +
			in.id("01a20a28-0000-7000-8000-000000000009") + ", day, recorded_at, user_id, request_id, method, route, sha256 FROM access_entry WHERE day = '" + days[0] + "' LIMIT 1"
		if in.engine == database.Postgres { // the operator has dropped the triggers of SQLite
			if _, err := database.Write(t.Context(), in.DB(), func(tx *database.Tx) (struct{}, error) {
				return struct{}{}, database.Gorm(t.Context(), tx).Exec(late).Error
			}); err == nil {
				t.Error("a closed day takes another row")
			}
		}
	})
}

// TestAccessDayIsNotSealedOver changes a row of the day that runs: when the day has ended, nothing commits to what was tampered with.
func TestAccessDayIsNotSealedOver(t *testing.T) {
	t.Parallel()
	eachDay(t, func(t *testing.T, in logged, days []string) {
		in.operator.do(t, "UPDATE access_entry SET method = 'PUT' WHERE day = '"+days[2]+"'")
		in.operator.do(t, "DELETE FROM access_entry WHERE day = '"+days[1]+"'")
		in.operator.do(t, "DELETE FROM access_day WHERE day = '"+days[1]+"'")
		in.clock.forward(24 * time.Hour)
		before := in.count(t, "SELECT size FROM log_head")
		in.names(t, "changed in the day that ran", "is not what was recorded", "access_day "+days[2]+": is missing, though the day has ended", "access_day "+days[1]+": is missing: leaf")
		if after := in.count(t, "SELECT size FROM log_head"); after != before {
			t.Errorf("%d leaves about what was tampered with", after-before)
		}
	})
}

// TestAccessesAreKeptFor24Months lets the program remove rows of whole days after that time and not before; verify says nothing wrong.
func TestAccessesAreKeptFor24Months(t *testing.T) {
	t.Parallel()
	for _, engine := range []database.Engine{database.SQLite, database.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			in := newLogged(t, engine) // no operator: the triggers stand
			rows := func() int64 { return in.count(t, "SELECT count(*) FROM access_entry") }
			before := rows()
			in.clock.forward(729 * 24 * time.Hour)
			in.Housekeeper()(t.Context())
			if rows() != before {
				t.Error("rows were removed before 24 months had passed")
			}
			for _, query := range []string{
				"DELETE FROM access_entry", "UPDATE access_day SET pruned_at = " + fmt.Sprintf("'%s'", in.DB().Now().AddDate(-2, 0, 0).Format("2006-01-02 15:04:05-07:00")) + " WHERE day > '2000-01-01'",
			} {
				if _, err := database.Write(t.Context(), in.DB(), func(tx *database.Tx) (struct{}, error) {
					return struct{}{}, database.Gorm(t.Context(), tx).Exec(query).Error
				}); err == nil {
					t.Errorf("%s: was not refused", query)
				}
			}
			in.clock.forward(5 * 24 * time.Hour)
			in.Housekeeper()(t.Context())
			if rows() != 0 || in.count(t, "SELECT count(*) FROM access_day WHERE pruned_at IS NOT NULL") != 3 {
				t.Errorf("%d rows are left of %d", rows(), before)
			}
			if lines := in.wrong(t, nil); len(lines) > 0 {
				t.Errorf("after the rows were removed: %q", lines)
			}
			in.failed.report(t)
		})
	}
}

// TestAccessDayClosedTwice takes every trace of a digest away and has the day closed again with fewer rows: the log remembers.
func TestAccessDayClosedTwice(t *testing.T) {
	t.Parallel()
	eachDay(t, func(t *testing.T, in logged, days []string) {
		in.operator.do(t, "DELETE FROM access_entry WHERE day = '"+days[0]+"' AND id <> (SELECT id FROM access_entry WHERE day = '"+days[0]+"' ORDER BY id LIMIT 1)")
		in.operator.do(t, "DELETE FROM access_day WHERE day = '"+days[0]+"'")
		in.operator.do(t, "DELETE FROM log_seal WHERE kind = 'access_day' AND object_id = '"+days[0]+"'")
		if err := audit.CloseDays(t.Context(), in.DB(), auth.InstallationActor().Act("access.close")); err != nil {
			t.Fatal(err)
		}
		in.names(t, "closed again with fewer rows", "does not follow on what leaf")
	})
}
