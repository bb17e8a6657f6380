package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sochibo/internal/fault"
)

// mostFaults is how many faults of a folder are named; the rest is counted.
const mostFaults = 10_000

// The faults of an import or export as a whole.
var (
	ErrFolder            = fault.New(fault.Invalid, "folder_invalid")
	ErrFolderTaken       = fault.New(fault.Conflict, "folder_taken")
	ErrInstallation      = fault.New(fault.Forbidden, "installation_only")
	ErrRaced             = fault.New(fault.Conflict, "import_raced")
	ErrSampleAmongOthers = fault.New(fault.Conflict, "sample_among_others")
)

// found is one fault with its place, so that faults can be sorted.
type found struct {
	file   string
	line   int
	column string
	code   string
	args   fault.Args
}

// faults collects what is wrong with a folder. Every code stays among the named ones, however often another occurs.
type faults struct {
	list    []found
	perCode map[string]int
	total   int
}

// mostOfCode keeps one fault that repeats from hiding the others.
const mostOfCode = 1000

func newFaults() *faults { return &faults{perCode: make(map[string]int)} }

// at notes a fault in a cell, in a row (no column) or in a file (no line).
func (f *faults) at(file string, line int, column, code string, args fault.Args) {
	f.total++
	kind := file + " " + code
	if f.perCode[kind]++; f.perCode[kind] <= mostOfCode && len(f.list) < mostFaults {
		f.list = append(f.list, found{file, line, column, code, args})
	}
}

func (f *faults) file(file, code string, args fault.Args) { f.at(file, 0, "", code, args) }

// err returns all that was noted as one fault, sorted by place; nil if there is nothing.
func (f *faults) err() error {
	if f.total == 0 {
		return nil
	}
	slices.SortFunc(f.list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column), cmp.Compare(a.code, b.code))
	})
	f.list = slices.CompactFunc(f.list, func(a, b found) bool {
		return a.file == b.file && a.line == b.line && a.column == b.column && a.code == b.code
	})
	var fields fault.Fields
	for _, one := range f.list {
		fields.Add(fault.Field{Place: one.place(), Code: one.code, Args: one.args})
	}
	return fault.With(fields.Err(fault.Invalid, "folder_invalid"), fault.Args{"count": f.total, "unnamed": max(0, f.total-len(f.list))})
}

// place writes file:line: column.
func (f found) place() string {
	place := f.file
	if !strings.Contains(place, ".") {
		place += ".csv"
	}
	if f.line > 0 {
		place += ":" + strconv.Itoa(f.line)
	}
	if f.column != "" {
		place += ": " + f.column
	}
	return place
}

// printable shortens a text from a file for a message, and takes out what a terminal would obey.
func printable(s string) string {
	const most = 80
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
