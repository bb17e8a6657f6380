package database_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// beforeErasuresEnd is the migration before the one that lets erasures end without being carried out.
const beforeErasuresEnd = 14

// TestErasuresSurviveTheRebuild goes back before the table of erasures was written anew and forward again, with rows in it and rows that
// point at them: nothing is lost, and the references hold as before.
func TestErasuresSurviveTheRebuild(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			db := mustOpenEmpty(t, engine)
			mustMigrate(t, db)
			const (
				an, confirmed, waiting, ended = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-00000000000a",
					"01900000-0000-7000-8000-00000000000b", "01900000-0000-7000-8000-00000000000c"
				at   = "2018-05-02 01:02:03.000004"
				made = `INSERT INTO erasure (id, member_id, legal_basis, explanation, basis_number, basis_date, requested_at, version, `
			)
			values := `'` + an + `', 'Điều 14', 'Vì sao', '1-QĐ', '2018-05-01', '` + at + `', `
			mustExec(
				t, db,
				`INSERT INTO member (id, full_name, search_key, sort_key, created_at, updated_at) VALUES ('`+an+`', 'A', 'a', 'a', '`+at+`', '`+at+`')`,
				made+`status, confirmed_at, pseudonym) VALUES ('`+confirmed+`', `+values+`2, 'confirmed', '`+at+`', 'Đã xóa 1a')`,
				made+`status) VALUES ('`+waiting+`', `+values+`1, 'requested')`,
				made+`status, ended_at) VALUES ('`+ended+`', `+values+`2, 'withdrawn', '`+at+`')`,
				`UPDATE member SET erasure_id = '`+confirmed+`'`,
			)
			rows := func() [][]string {
				t.Helper()
				return mustRead(t, db, `SELECT CAST(id AS text), status, CAST(requested_at AS text), coalesce(CAST(confirmed_at AS text), ''),
					coalesce(pseudonym, ''), CAST(basis_date AS text), CAST(version AS text) FROM erasure WHERE status <> 'withdrawn' ORDER BY id`)
			}
			before := rows()
			if err := database.DownTo(t.Context(), db, beforeErasuresEnd); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(before, rows()); diff != "" || len(before) != 2 {
				t.Errorf("after going back: %s", diff)
			}
			mustMigrate(t, db)
			if diff := gocmp.Diff(before, rows()); diff != "" {
				t.Errorf("after going forward again: %s", diff)
			}
			for what, statement := range map[string]string{
				"a reference to no erasure":  `UPDATE member SET erasure_id = '` + ended + `'`,
				"a decision undone":          `UPDATE erasure SET status = 'requested', confirmed_at = NULL WHERE id = '` + confirmed + `'`,
				"a second one for a subject": made + `status) VALUES ('` + ended + `', ` + values + `1, 'requested')`,
			} {
				if err := tryExec(t, db, statement); err == nil {
					t.Errorf("the store takes %s", what)
				}
			}
			mustExec(t, db, `UPDATE erasure SET status = 'withdrawn', ended_at = requested_at WHERE id = '`+waiting+`'`)
		})
	}
}

func tryExec(t *testing.T, db *database.DB, statement string) error {
	t.Helper()
	_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
		return 0, database.Gorm(t.Context(), tx).Exec(statement).Error
	})
	return err
}

// mustRead returns the rows of a query, whose columns are texts.
func mustRead(t *testing.T, db *database.DB, query string) [][]string {
	t.Helper()
	all, err := database.Read(t.Context(), db, func(tx *database.Tx) ([][]string, error) {
		rows, err := database.Gorm(t.Context(), tx).Raw(query).Rows()
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		var all [][]string
		for rows.Next() {
			row, into := make([]string, len(columns)), make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				return nil, err
			}
			all = append(all, row)
		}
		return all, rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
