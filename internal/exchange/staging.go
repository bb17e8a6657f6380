package exchange

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/rules"
)

// chunk is how many rows are held in memory at a time.
const chunk = 2000

// staging is one import while it runs.
type staging struct {
	tx        *database.Tx
	act       audit.Act
	zone      calendar.Zone
	files     []file
	faults    *faults
	standings standings
	book      *rules.Book
	resolved  map[string]bool // columns of staging tables all of whose references are known
	progress  Progress
	report    Report
}

// The states of a staged row.
const (
	stateNew    = 0 // to be added
	stateSame   = 1 // equal to what the store has
	stateFaulty = 2
)

// stage reads every file of the folder into its staging table.
func (s *staging) stage(ctx context.Context, folder fs.FS) error {
	if err := s.refuseUnknown(folder); err != nil {
		return err
	}
	for i := range s.files {
		f := &s.files[i]
		if err := createStage(ctx, s.tx, f); err != nil {
			return err
		}
		r, err := openFile(folder, f, s.faults)
		if err != nil {
			return err
		}
		if r != nil {
			err = errors.Join(s.stageFile(ctx, r), r.close())
		}
		if err != nil {
			return err
		}
		if err := finishStage(ctx, s.tx, f); err != nil {
			return err
		}
	}
	return nil
}

// refuseUnknown notes CSV files that the format does not have; a misspelt name would otherwise go unread.
func (s *staging) refuseUnknown(folder fs.FS) error {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return err
	}
	known := 0
	for _, entry := range entries {
		name, isCSV := strings.CutSuffix(entry.Name(), ".csv")
		switch {
		case !isCSV && !strings.EqualFold(entry.Name()[max(0, len(entry.Name())-4):], ".csv"):
		case !isCSV || findFile(s.files, name) == nil:
			s.faults.file(printable(entry.Name()), "file_unknown", nil)
			known++
		case entry.IsDir():
			s.faults.file(name, "file_unknown", nil)
			known++
		default:
			known++
		}
	}
	if known == 0 {
		s.faults.file(".", "folder_empty", nil)
	}
	return nil
}

// stagedRow is a row on its way into its staging table, with the lists that go to tables of their own.
type stagedRow struct {
	line  int
	cells []any
	lists [2]string // content items and directives of a meeting
}

// stageFile reads a file in chunks.
func (s *staging) stageFile(ctx context.Context, r *reader) error {
	rows := make([]stagedRow, 0, chunk)
	for {
		at, cells, err := r.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		over := err != nil
		if !over {
			rows = append(rows, s.row(r, at, cells))
		}
		if len(rows) == chunk || over && len(rows) > 0 {
			if err := s.insert(ctx, r.file, rows); err != nil {
				return err
			}
			s.progress("read "+r.file.name, r.guard.total, r.size)
			rows = rows[:0]
		}
		if over {
			return nil //nolint:nilerr // the end of the file
		}
	}
}

// row makes the staged row of a row of the file.
func (s *staging) row(r *reader, line int, cells []string) stagedRow {
	rec := record{file: r.file, line: line, values: make([]any, len(r.file.columns)), faults: s.faults}
	written := 0
	for i := range r.file.columns {
		if r.file.columns[i].derived {
			continue
		}
		at := r.cells[written]
		written++
		if at < 0 {
			rec.read(i, "", false)
			continue
		}
		rec.read(i, cells[at], true)
	}
	if r.file.check != nil {
		r.file.check(&rec)
	}
	if r.file.derive != nil {
		r.file.derive(s, &rec)
	}
	return rec.staged()
}

// staged lays out the cells of a row as stageColumns names them.
func (r *record) staged() stagedRow {
	state := stateNew
	if r.faulty && !r.repair() {
		state = stateFaulty
	}
	row := stagedRow{line: r.line, cells: make([]any, 0, len(r.values)+4)}
	row.cells = append(row.cells, r.line, state)
	if !r.file.apart {
		id, own := identity(r)
		row.cells = append(row.cells, id)
		if r.file.coded() {
			row.cells = append(row.cells, own)
		}
	}
	row.cells = append(row.cells, r.values...)
	if r.file.name == "meetings" {
		row.lists = [2]string{r.text("content_items"), r.text("directive_codes")}
	}
	return row
}

// repair puts something harmless in the place of missing cells of a faulty row that others refer to, so that they can be checked. It
// reports false for a row that nothing can refer to. Nothing repaired is ever kept: the import ends with the fault.
func (r *record) repair() bool {
	if !r.file.coded() || r.text("code") == "" {
		return false
	}
	for i := range r.file.columns {
		c := &r.file.columns[i]
		if r.values[i] != nil || !c.required && !c.derived || c.name == "search_key" || c.name == "sort_key" {
			continue
		}
		if c.refers != "" {
			return false
		}
		r.values[i] = c.harmless()
	}
	return true
}

// harmless returns a value that lets the rows that refer to this one pass.
func (c *column) harmless() any {
	switch c.kind {
	case aDate:
		return firstDay()
	case aMonth:
		return firstDay().Month()
	case aQuarter:
		return firstDay().Month().Quarter()
	case anAddress:
		return "https://example.org/"
	case anInstant:
		return firstDay().Time()
	case aTruth:
		return true
	case aWord, manyWords:
		if c.likely != "" {
			return c.likely
		}
		return c.words[0]
	default:
		return "?"
	}
}

// identity returns the id of a new row and its code. A code that is one of this program's own ids, as an export writes it for what
// has no code, becomes the id again.
func identity(r *record) (id uuid.UUID, own any) {
	if r.file.coded() {
		key := r.text("code")
		if id, is := ownID(key); is {
			return id, nil
		}
		if key != "" {
			own = key
		}
	}
	return uuid.Must(uuid.NewV7()), own
}

// ownID reads a code as an id of the kind this program makes.
func ownID(key string) (uuid.UUID, bool) {
	const version = 7
	id, err := uuid.Parse(key)
	return id, err == nil && id.String() == key && id.Version() == version
}

// ownCode returns the code under which a row is kept: none, where the key is an id.
func ownCode(key string) string {
	if _, is := ownID(key); is {
		return ""
	}
	return key
}

func (s *staging) insert(ctx context.Context, f *file, rows []stagedRow) error {
	cells := func(yield func([]any) bool) {
		for _, row := range rows {
			if !yield(row.cells) {
				return
			}
		}
	}
	if _, err := database.InsertAll(ctx, s.tx, "stage_"+f.name, stageColumns(f), cells); err != nil {
		return err
	}
	if f.name != "meetings" {
		return nil
	}
	for i, table := range []string{stageItems, stageDirectives} {
		if _, err := database.InsertAll(ctx, s.tx, table, []string{"line", "position", "code"}, listed(rows, i)); err != nil {
			return err
		}
	}
	return nil
}

// listed yields one row for each part of a list.
func listed(rows []stagedRow, list int) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, row := range rows {
			if row.lists[list] == "" {
				continue
			}
			for i, part := range strings.Split(row.lists[list], ";") {
				if !yield([]any{row.line, i + 1, part}) {
					return
				}
			}
		}
	}
}

// stageColumns names the columns of the staging table in the order of stagedRow.cells.
func stageColumns(f *file) []string {
	names := []string{"line", "state"}
	if !f.apart {
		names = append(names, "id")
		if f.coded() {
			names = append(names, "own_code")
		}
	}
	for i := range f.columns {
		names = append(names, f.columns[i].staged())
	}
	return slices.Clip(names)
}
