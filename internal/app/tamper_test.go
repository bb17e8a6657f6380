package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"sochibo/internal/app"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// report prints what an experiment that counts successes found: each of n trials must have been one.
func (in logged) report(tb testing.TB, id string, n, observed int) {
	tb.Helper()
	experiment.Report(tb, experiment.Result{ID: id, Engine: string(in.engine), N: n, Observed: observed, Pass: n > 0 && n == observed})
}

// TestE21Immutable tries to change and to remove rows that never change, as the program's own account would.
func TestE21Immutable(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			newLogged(t, engine).changeWhatNeverChanges(t)
		})
	}
}

func (in logged) changeWhatNeverChanges(t *testing.T) {
	t.Helper()
	keys := map[string]string{
		"record_version": "number", "ledger_entry": "number", "log_leaf": "number", "log_hash": "position", "log_checkpoint": "size",
		"log_rotation": "leaf_number", "access_entry": "row_count", "access_day": "row_count",
	}
	n, refused := 0, 0
	for table, column := range keys {
		for _, query := range []string{"UPDATE " + table + " SET " + column + " = " + column + " + 1", "DELETE FROM " + table} {
			_, err := database.Write(t.Context(), in.DB(), func(tx *database.Tx) (struct{}, error) {
				return struct{}{}, database.Gorm(t.Context(), tx).Exec(query).Error
			})
			if n++; err != nil {
				refused++
			} else {
				t.Errorf("%s: was not refused", query)
			}
		}
	}
	in.report(t, "E-21", n, refused)
}

// TestE23Rewrite edits a record, builds seals, leaves and tree anew and signs with the real key: nothing in the store tells, but a
// checkpoint that somebody kept does.
func TestE23Rewrite(t *testing.T) {
	t.Parallel()
	n := 10
	if experiment.Long() {
		n = 100
	}
	eachLogged(t, func(t *testing.T, in logged) {
		caught := 0
		for i := range n {
			kept := in.sign(t)
			in.rewrite(t, fmt.Sprintf("Chi bộ %d", i))
			if lines := in.wrong(t, nil); len(lines) > 0 {
				t.Fatalf("the forgery is not perfect: %q", lines)
			}
			if lines := in.wrong(t, kept); slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "rewritten") || strings.Contains(l, "removed") }) {
				caught++
			}
		}
		in.report(t, "E-23", n, caught)
	})
}

// rewrite is the perfect forgery by an operator who has the key: a topic gets another title, and the log is made to have said so
// from the first.
func (in logged) rewrite(t *testing.T, title string) {
	t.Helper()
	in.operator.do(t, "UPDATE topic SET title = '"+title+"' WHERE CAST(id AS text) = (SELECT min(CAST(id AS text)) FROM topic)")
	for _, table := range []string{"log_leaf", "log_hash", "log_seal", "log_checkpoint", "log_rotation"} {
		in.operator.do(t, "DELETE FROM "+table)
	}
	in.operator.do(t, "UPDATE log_head SET size = 0")
	if err := audit.Begin(t.Context(), in.DB(), auth.InstallationActor().Act("folder.import"), app.Kinds()); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	in.as(t, auth.RoleAuditor, "")
	in.sign(t)
}

// TestE24Truncate cuts leaves off the end, with everything that hangs on them.
func TestE24Truncate(t *testing.T) {
	t.Parallel()
	eachLogged(t, func(t *testing.T, in logged) {
		for range 12 {
			in.as(t, auth.RoleAuditor, "")
		}
		kept := in.sign(t)
		n, caught := 0, 0
		for cut := int64(1); cut <= 10; cut++ {
			in.truncate(t, 1)
			n++
			if lines := in.wrong(t, kept); slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "leaves were removed") }) {
				caught++
			}
		}
		in.report(t, "E-24", n, caught)
	})
}

// truncate removes the last leaves and their traces in the tree.
func (in logged) truncate(t *testing.T, leaves int64) {
	t.Helper()
	in.operator.do(t, fmt.Sprintf("UPDATE log_head SET size = size - %d", leaves))
	in.operator.do(t, "DELETE FROM log_seal WHERE leaf_number >= (SELECT size FROM log_head)")
	in.operator.do(t, "DELETE FROM log_leaf WHERE number >= (SELECT size FROM log_head)")
	in.operator.do(t, "DELETE FROM log_checkpoint WHERE size > (SELECT size FROM log_head)")
	size := in.operator.texts(t, "SELECT CAST(size AS text) FROM log_head")[0]
	var n int64
	if _, err := fmt.Sscan(size, &n); err != nil {
		t.Fatal(err)
	}
	in.operator.do(t, fmt.Sprintf("DELETE FROM log_hash WHERE position >= %d", tlog.StoredHashCount(n)))
}

// TestE25Completeness adds, removes, doubles and swaps what leaves and records say.
func TestE25Completeness(t *testing.T) {
	t.Parallel()
	eachLogged(t, func(t *testing.T, in logged) {
		o := in.operator
		two := o.texts(t, "SELECT CAST(meeting_id AS text) FROM attendance GROUP BY meeting_id HAVING count(DISTINCT status) > 1 ORDER BY 1 LIMIT 1")[0]
		swap := func(table, key, column, where string) {
			all := o.texts(t, "SELECT CAST("+key+" AS text) FROM "+table+" WHERE "+where+" ORDER BY 1")
			first, last := all[0], all[len(all)-1]
			o.do(t, fmt.Sprintf(`UPDATE %[1]s SET %[3]s = (SELECT x.%[3]s FROM %[1]s x WHERE x.%[2]s <> %[1]s.%[2]s AND CAST(x.%[2]s AS text) IN ('%[5]s', '%[6]s') AND %[4]s)
				WHERE CAST(%[2]s AS text) IN ('%[5]s', '%[6]s') AND %[4]s`, table, key, column, where, first, last))
		}
		n, caught := 0, 0
		for name, tamper := range map[string]func(){
			"a row without a leaf": func() {
				o.do(t, "INSERT INTO user_account (id, name, full_name, version, created_at, updated_at) SELECT "+in.id("01a20a28-0000-7000-8000-000000000001")+", 'stranger', 'x', 1, created_at, created_at FROM user_account LIMIT 1")
			},
			"a leaf without a row": func() { o.do(t, "DELETE FROM task WHERE CAST(id AS text) = (SELECT min(CAST(id AS text)) FROM task)") },
			"two leaves swapped":   func() { swap("log_leaf", "number", "content", "number < 2") },
			"a leaf doubled": func() {
				o.do(t, "UPDATE log_leaf SET content = (SELECT content FROM log_leaf WHERE number = 1) WHERE number = 2")
			},
			"records named by what is no id": func() {
				renamed := "CAST(replace(CAST(content AS text), '\"record\":\"0', '\"record\":\"g') AS blob)"
				if o.engine == database.Postgres {
					renamed = "convert_to(replace(convert_from(content, 'UTF8'), '\"record\":\"0', '\"record\":\"g'), 'UTF8')"
				}
				if o.do(t, "UPDATE log_leaf SET content = "+renamed) == 0 {
					t.Fatal("no leaf was changed")
				}
			},
			"two records swapped": func() { swap("topic", "id", "title", "code IS NOT NULL") },
			"the presence of two swapped": func() {
				o.do(t, "UPDATE attendance SET status = CASE status WHEN 'present' THEN 'excused' ELSE 'present' END WHERE CAST(meeting_id AS text) = '"+two+"'")
			},
			"an entry removed at the end": func() {
				o.do(t, "DELETE FROM ledger_entry WHERE number = (SELECT max(number) FROM ledger_entry)")
				o.do(t, "UPDATE ledger_head SET number = number - 1")
			},
			"a membership taken elsewhere": func() {
				o.do(t, "UPDATE membership SET organization_id = (SELECT id FROM organization ORDER BY CAST(id AS text) DESC LIMIT 1)")
			},
		} {
			saved := in.save(t)
			tamper()
			if n++; len(in.wrong(t, nil)) > 0 {
				caught++
			} else {
				t.Errorf("%s: not found", name)
			}
			saved()
		}
		in.report(t, "E-25", n, caught)
	})
}

// id writes an id as the engine wants it.
func (in logged) id(text string) string {
	if in.engine == database.Postgres {
		return "CAST('" + text + "' AS uuid)"
	}
	return "'" + text + "'"
}

// save begins a change of the store and returns how to undo it.
func (in logged) save(t *testing.T) (undo func()) {
	t.Helper()
	tables := covered()
	for _, table := range tables {
		in.operator.do(t, "DROP TABLE IF EXISTS saved_"+table)
		in.operator.do(t, "CREATE TABLE saved_"+table+" AS SELECT * FROM "+table)
	}
	return func() {
		for _, table := range tables {
			in.operator.do(t, "DELETE FROM "+table)
			in.operator.do(t, "INSERT INTO "+table+" SELECT * FROM saved_"+table)
			in.operator.do(t, "DROP TABLE saved_"+table)
		}
	}
}

// TestE26FailClosed makes the log refuse leaves: nothing is written any more.
func TestE26FailClosed(t *testing.T) {
	t.Parallel()
	eachLogged(t, func(t *testing.T, in logged) {
		refuse := "CREATE TRIGGER full BEFORE INSERT ON log_leaf BEGIN SELECT RAISE(ABORT, 'full'); END"
		if in.engine == database.Postgres {
			refuse = "CREATE TRIGGER full_log BEFORE INSERT ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()"
		}
		in.operator.do(t, refuse)
		before := in.operator.texts(t, "SELECT count(*) FROM user_account")[0]
		const n = 20
		refused := 0
		for i := range n {
			if _, err := in.Auth.CreateUser(t.Context(), auth.InstallationActor(), fmt.Sprintf("late-%d", i), "Nguyễn Văn Muộn"); err != nil {
				refused++
			}
		}
		if after := in.operator.texts(t, "SELECT count(*) FROM user_account")[0]; after != before {
			t.Errorf("%s users before, %s after", before, after)
		}
		in.failed.forget()
		in.report(t, "E-26", n, refused)
	})
}

// TestCheckpointByAnotherKey is no checkpoint of this log.
func TestCheckpointByAnotherKey(t *testing.T) {
	t.Parallel()
	in := newLogged(t, database.SQLite)
	in.as(t, auth.RoleAuditor, "")
	forged := resign(t, in.sign(t), logKey(t))
	if lines := in.wrong(t, forged); len(lines) == 0 {
		t.Error("a checkpoint by a stranger passes for one of the log")
	}
}
