package exchange

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// The staging tables of the lists in a meeting's row.
const (
	stageItems      = "stage_meeting_item"
	stageDirectives = "stage_meeting_directive"
)

// raced explains what the checks cannot see: a record that somebody else wrote between check and insert.
func raced(err error) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) || errors.Is(err, gorm.ErrForeignKeyViolated) {
		return fault.Because(ErrRaced, err)
	}
	return err
}

// exec runs one statement and returns how many rows it touched.
func exec(ctx context.Context, tx *database.Tx, sql string, args ...any) (int64, error) {
	result := database.Gorm(ctx, tx).Exec(sql, args...)
	if result.Error != nil {
		return 0, result.Error
	}
	return result.RowsAffected, nil
}

// execAll runs statements one after another; what says which work they are part of.
func execAll(ctx context.Context, tx *database.Tx, what string, statements ...string) error {
	for _, sql := range statements {
		if sql == "" {
			continue
		}
		if _, err := exec(ctx, tx, sql); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

// analyze lets PostgreSQL count tables that have just been filled; without it, it plans for tables that are nearly empty. SQLite plans
// by the indexes alone and needs nothing.
func analyze(tx *database.Tx, tables ...string) string {
	if tx.Engine() != database.Postgres {
		return ""
	}
	return "ANALYZE " + strings.Join(tables, ", ")
}

// some reports whether the query yields a row.
func some(ctx context.Context, tx *database.Tx, from string) (bool, error) {
	var n int64
	err := database.Gorm(ctx, tx).Raw("SELECT CASE WHEN EXISTS (SELECT 1 FROM " + from + ") THEN 1 ELSE 0 END").Scan(&n).Error
	return n == 1, err
}

// dialect holds the few words in which the engines differ.
type dialect struct {
	text, date, instant, truth, id string
	create, drop                   string // a table of this transaction
	now, line                      string
	binary                         func(expr string) string // compared byte by byte
	asID                           func(expr string) string // the id a text is, or NULL
}

func dialectOf(tx *database.Tx) dialect {
	if tx.Engine() == database.Postgres {
		return dialect{
			text: `text COLLATE "C"`, date: "date", instant: "timestamptz", truth: "boolean", id: "uuid",
			create: "CREATE TEMPORARY TABLE", drop: " ON COMMIT DROP", now: "CAST(? AS timestamptz)", line: "line integer NOT NULL",
			binary: func(expr string) string { return "(" + expr + `) COLLATE "C"` },
			asID: func(expr string) string {
				return "CASE WHEN " + expr + " ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN CAST(" + expr + " AS uuid) END"
			},
		}
	}
	return dialect{
		text: "TEXT", date: "TEXT", instant: "DATETIME", truth: "BOOLEAN", id: "TEXT",
		create: "CREATE TEMPORARY TABLE", now: "?", line: "line INTEGER PRIMARY KEY",
		binary: func(expr string) string { return "(" + expr + ")" },
		asID:   func(expr string) string { return expr },
	}
}

func (d dialect) typeOf(k kind) string {
	switch k {
	case aDate:
		return d.date
	case anInstant:
		return d.instant
	case aNumber:
		return "integer"
	case aTruth:
		return d.truth
	default:
		return d.text
	}
}

// prepareStage makes the tables of an import that belong to no single file. Those that an earlier attempt of the same transaction
// left on the connection have gone with its rollback.
func prepareStage(ctx context.Context, tx *database.Tx) error {
	d := dialectOf(tx)
	list := " (line integer NOT NULL, position integer NOT NULL, code " + d.text + " NOT NULL)" + d.drop
	return execAll(ctx, tx, "prepare staging",
		d.create+" stage_fault (file "+d.text+", line integer, place "+d.text+", code "+d.text+", given text, stored text)"+d.drop,
		d.create+" possible_body (kind "+d.text+", body "+d.text+")"+d.drop,
		d.create+" unsure (member_code "+d.text+")"+d.drop,
		d.create+" "+stageItems+list,
		d.create+" "+stageDirectives+list,
		d.create+" touched (id "+d.id+" PRIMARY KEY, code "+d.text+" NOT NULL UNIQUE, organization_id "+d.id+" NOT NULL, body "+d.text+
			" NOT NULL, held_on "+d.date+" NOT NULL, status "+d.text+" NOT NULL, fresh "+d.truth+" NOT NULL, frozen "+d.truth+" NOT NULL)"+d.drop,
		d.create+" conference_scope (meeting_id "+d.id+", organization_id "+d.id+", PRIMARY KEY (meeting_id, organization_id))"+d.drop,
	)
}

// createStage makes the staging table of a file and, where its rows have codes, the table of known codes.
func createStage(ctx context.Context, tx *database.Tx, f *file) error {
	d := dialectOf(tx)
	columns := []string{d.line, "state integer NOT NULL"}
	if !f.apart {
		columns = append(columns, "id "+d.id+" NOT NULL")
		if f.coded() {
			columns = append(columns, "own_code "+d.text)
		}
	}
	for i := range f.columns {
		columns = append(columns, f.columns[i].staged()+" "+d.typeOf(f.columns[i].kind))
	}
	statements := []string{d.create + " stage_" + f.name + " (" + strings.Join(columns, ", ") + ")" + d.drop}
	if f.coded() {
		statements = append(statements, d.create+" known_"+f.name+" (code "+d.text+" PRIMARY KEY, id "+d.id+" NOT NULL, usable "+d.truth+
			" NOT NULL, stored "+d.truth+" NOT NULL)"+d.drop)
	}
	return execAll(ctx, tx, "stage "+f.name, statements...)
}

// finishStage indexes what was read, and lets the planner count it.
func finishStage(ctx context.Context, tx *database.Tx, f *file) error {
	statements := []string{"CREATE INDEX stage_" + f.name + "_key ON stage_" + f.name + " (" + strings.Join(f.stagedKey(), ", ") + ")"}
	tables := []string{"stage_" + f.name}
	if f.name == "meetings" {
		for _, table := range []string{stageItems, stageDirectives} {
			statements = append(statements, "CREATE INDEX "+table+"_line ON "+table+" (line)")
		}
		tables = append(tables, stageItems, stageDirectives)
	}
	return execAll(ctx, tx, "stage "+f.name, append(statements, analyze(tx, tables...))...)
}

// stagedKey names the columns of the staging table that make the key.
func (f *file) stagedKey() []string {
	names := make([]string, len(f.key))
	for i, key := range f.key {
		names[i] = f.column(key).staged()
	}
	return names
}

// stageNames are the tables that must be gone when the transaction ends; PostgreSQL drops them itself.
func (s *staging) dropStage(ctx context.Context) error {
	if s.tx.Engine() == database.Postgres {
		return nil
	}
	names := []string{"stage_fault", "possible_body", "unsure", stageItems, stageDirectives, "touched", "conference_scope"}
	for i := range s.files {
		names = append(names, "stage_"+s.files[i].name)
		if s.files[i].coded() {
			names = append(names, "known_"+s.files[i].name)
		}
	}
	for _, name := range names {
		if _, err := exec(ctx, s.tx, "DROP TABLE temp."+name); err != nil {
			return fmt.Errorf("drop staging: %w", err)
		}
	}
	return nil
}

func gormRaw(ctx context.Context, tx *database.Tx, sql string, args ...any) *gorm.DB {
	return database.Gorm(ctx, tx).Raw(sql, args...)
}
