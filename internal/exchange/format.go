package exchange

import (
	"slices"

	"sochibo/internal/calendar"
)

// kind is what the cells of a column hold.
type kind int

const (
	aCode     kind = iota // the sender's key of a row, or a reference to one
	aLine                 // text of one line
	aProse                // text that may have several lines
	aWord                 // one of a few words
	aDate                 // YYYY-MM-DD
	aMonth                // YYYY-MM
	aQuarter              // YYYY-Qn
	anAddress             // of a page, https
	anInstant             // RFC 3339 with an offset
	aNumber               // a whole number
	aTruth                // true or false
	manyWords             // words joined by ;
	manyCodes             // codes joined by ;
)

// column is one column of a file, or of its staging table alone.
type column struct {
	name     string
	kind     kind
	required bool
	words    []string // the words allowed
	limit    int      // the longest text in characters
	most     int64    // the largest number
	refers   string   // the file whose codes the cells name
	store    string   // the column of the table; the name itself if empty
	since    bool     // an empty cell is the first day there is
	blank    bool     // an empty cell is stored as an empty text
	shown    string   // the column of the file in which a fault of a derived column shows
	stored   string   // what the store holds, where it is no column of the table; t is the table
	derived  bool     // in the staging table alone
	likely   string   // the word put in for a missing one while the rest of a faulty folder is checked
	unstored bool     // checked and compared, but not written with the row
}

// file is one file of the format.
type file struct {
	name    string // without .csv
	table   string
	key     []string // the columns that make the key
	columns []column
	check   func(r *record) // what must hold within one row
	derive  func(s *staging, r *record)
	life    [2]string // the staged columns that must lie within the life of the organisation
	clash   string    // the column in which a second row of the same key shows; the first of the key if empty
	twice   string    // the fault of a second row
	part    string    // the file of the aggregate whose version a new row raises
	apart   bool      // moved by hand
	current string    // which rows t of the table the file is about; all of them if empty
	besides bool      // names meetings without being part of their records
}

const (
	longestCode  = 64
	longestLine  = 500
	longestProse = 20000
	mostCount    = 1_000_000
	mostVotes    = 100_000 // more than any session has members
)

// firstDay stands for an unknown first day: what has held for as long as anybody knows.
func firstDay() calendar.Date { return calendar.MustDate("1900-01-01") }

func (f *file) column(name string) *column {
	for i := range f.columns {
		if f.columns[i].name == name {
			return &f.columns[i]
		}
	}
	return nil
}

// coded reports whether the rows have codes that others refer to.
func (f *file) coded() bool { return f.key[0] == "code" }

// written returns the columns that stand in the file, in their order.
func (f *file) written() []column {
	return slices.DeleteFunc(slices.Clone(f.columns), func(c column) bool { return c.derived })
}

// in returns the column of the table that holds the cells.
func (c *column) in() string {
	if c.store != "" {
		return c.store
	}
	return c.name
}

// place returns the column of the file in which a fault shows.
func (c *column) place() string {
	if c.shown != "" {
		return c.shown
	}
	return c.name
}

func (c column) must() column { c.required = true; return c }

func (c column) usually(w string) column { c.likely = w; return c }

func (c column) as(store string) column { c.store = store; return c }

func (c column) or(stored string) column { c.stored, c.unstored = stored, true; return c }

func own() column { return column{name: "code", kind: aCode, required: true} }

func ref(name, refers, store string) column {
	return column{name: name, kind: aCode, refers: refers, store: store}
}

func oneLine(name string) column { return column{name: name, kind: aLine, limit: longestLine} }

// short is text that is no longer than a code.
func short(name string) column { return column{name: name, kind: aLine, limit: longestCode} }

func free(name string) column { return column{name: name, kind: aProse, limit: longestProse} }

func oneOf(name string, words ...string) column { return column{name: name, kind: aWord, words: words} }

func day(name string) column { return column{name: name, kind: aDate} }

func count(name string, most int64) column { return column{name: name, kind: aNumber, most: most} }

func flag(name string) column { return column{name: name, kind: aTruth} }

// from and to are the first and the last day of a dated row.
func from() column { return column{name: "from", kind: aDate, store: "valid_from", since: true} }

func to() column { return column{name: "to", kind: aDate, store: "valid_to"} }

// derived is a column of the staging table that is computed from the row.
func derived(name string) column { return column{name: name, kind: aLine, derived: true} }

// staged returns the column of the staging table that holds the cells: the code for a reference, else the column of the table.
func (c *column) staged() string {
	if c.refers != "" {
		return c.name
	}
	return c.in()
}
