package exchange

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"sochibo/internal/fault"
)

// The limits of a file, checked before and while it is read.
const (
	mostBytes   = 2 << 30
	mostRows    = 20_000_000
	mostColumns = 64
	longestRow  = 1 << 20
)

// reader reads one file of a folder row by row.
type reader struct {
	file   *file
	faults *faults
	source fs.File
	guard  *guard
	csv    *csv.Reader
	cells  []int // for each column of the format, its position in the file; -1 where the file has no such column
	width  int
	rows   int64
	size   int64
}

// guard counts the bytes since the last row, so that a quotation mark that is never closed does not fill the memory.
type guard struct {
	source io.Reader
	since  int64
	total  int64
}

var errRowTooLong = errors.New("a row is too long")

func (g *guard) Read(p []byte) (int, error) {
	if g.since > longestRow {
		return 0, errRowTooLong
	}
	n, err := g.source.Read(p)
	g.since += int64(n)
	g.total += int64(n)
	return n, err
}

// openFile opens a file of the folder and reads its header. It returns nil where there is nothing more to read: the file is absent,
// empty or beyond the limits, or its header cannot be read.
func openFile(folder fs.FS, f *file, found *faults) (*reader, error) {
	// A link may lead out of the folder, and opening a pipe waits for ever: neither is opened.
	info, err := fs.Lstat(folder, f.name+".csv")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // an absent file has no rows
	}
	if err == nil && !info.Mode().IsRegular() {
		found.file(f.name, "file_not_regular", nil)
		return nil, nil //nolint:nilnil // it is not read
	}
	var source fs.File
	if err == nil {
		source, err = folder.Open(f.name + ".csv")
	}
	if err != nil {
		return nil, fmt.Errorf("open %s.csv: %w", f.name, err)
	}
	r := &reader{file: f, faults: found, source: source}
	ok, err := r.begin()
	if err != nil || !ok {
		return nil, errors.Join(err, source.Close())
	}
	return r, nil
}

func (r *reader) begin() (bool, error) {
	info, err := r.source.Stat()
	if err != nil {
		return false, fmt.Errorf("look at %s.csv: %w", r.file.name, err)
	}
	if r.size = info.Size(); r.size > mostBytes {
		r.faults.file(r.file.name, "file_too_large", fault.Args{"limit": int64(mostBytes)})
		return false, nil
	}
	r.guard = &guard{source: r.source}
	buffered := bufio.NewReader(r.guard)
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = buffered.Discard(len(mark))
	}
	r.csv = csv.NewReader(buffered)
	r.csv.FieldsPerRecord = -1
	r.csv.ReuseRecord = true
	return r.header()
}

// header reads the first row: which columns the file has.
func (r *reader) header() (bool, error) {
	row, err := r.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		r.faults.file(r.file.name, "header_missing", nil)
		return false, nil
	case err != nil:
		if err = r.broken(err); errors.Is(err, io.EOF) {
			err = nil
		}
		return false, err
	case len(row) > mostColumns:
		r.faults.at(r.file.name, 1, "", "columns_too_many", fault.Args{"limit": mostColumns})
		return false, nil
	}
	r.width = len(row)
	written := r.file.written()
	r.cells = slices.Repeat([]int{-1}, len(written))
	for i, name := range row {
		at := slices.IndexFunc(written, func(c column) bool { return c.name == name })
		switch {
		case at < 0:
			r.faults.at(r.file.name, 1, printable(name), "column_unknown", nil)
		case r.cells[at] >= 0:
			r.faults.at(r.file.name, 1, name, "column_twice", nil)
		default:
			r.cells[at] = i
		}
	}
	for i, c := range written {
		if r.cells[i] < 0 && c.required {
			r.faults.at(r.file.name, 1, c.name, "column_missing", nil)
		}
	}
	return true, nil
}

// next reads the next row: its line and its cells in the order of the file. It returns io.EOF at the end. Rows that cannot be read
// are noted and passed over.
func (r *reader) next() (int, []string, error) {
	for {
		r.guard.since = 0
		row, err := r.csv.Read()
		if errors.Is(err, io.EOF) {
			return 0, nil, io.EOF
		}
		if err != nil {
			if err := r.broken(err); err != nil {
				return 0, nil, err
			}
			continue
		}
		if r.rows++; r.rows > mostRows {
			r.faults.file(r.file.name, "rows_too_many", fault.Args{"limit": mostRows})
			return 0, nil, io.EOF
		}
		at, _ := r.csv.FieldPos(0)
		if len(row) != r.width {
			r.faults.at(r.file.name, at, "", "cells_miscounted", fault.Args{"given": len(row), "expected": r.width})
			continue
		}
		return at, row, nil
	}
}

// broken notes a row that is no CSV; it returns the error where the file cannot be read on.
func (r *reader) broken(err error) error {
	var bad *csv.ParseError
	switch {
	case errors.Is(err, errRowTooLong):
		r.faults.file(r.file.name, "row_too_long", fault.Args{"limit": longestRow})
		return io.EOF
	case errors.As(err, &bad) && !errors.Is(bad.Err, errRowTooLong):
		r.faults.at(r.file.name, bad.StartLine, "", "row_malformed", fault.Args{"column": bad.Column})
		return nil
	default:
		return fmt.Errorf("read %s.csv: %w", r.file.name, err)
	}
}

func (r *reader) close() error { return r.source.Close() }
