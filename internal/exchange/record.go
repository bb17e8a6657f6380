package exchange

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/text"
)

// record is one row of a file while it is read: what its cells mean, in the order of the columns of the format.
type record struct {
	file   *file
	line   int
	values []any
	faulty bool
	faults *faults
}

// bad notes a fault of a column and keeps the row from being written.
func (r *record) bad(column, code string, args fault.Args) {
	r.faulty = true
	r.faults.at(r.file.name, r.line, column, code, args)
}

func (r *record) at(name string) int {
	for i := range r.file.columns {
		if r.file.columns[i].name == name {
			return i
		}
	}
	return -1
}

// text returns the text of a column, empty where nothing is known.
func (r *record) text(name string) string {
	s, _ := r.values[r.at(name)].(string)
	return s
}

// date returns the day of a column and whether there is one.
func (r *record) date(name string) (calendar.Date, bool) {
	d, ok := r.values[r.at(name)].(calendar.Date)
	return d, ok
}

func (r *record) instant(name string) (time.Time, bool) {
	t, ok := r.values[r.at(name)].(time.Time)
	return t, ok
}

// number returns the count of a column, 0 where nothing is known.
func (r *record) number(name string) int {
	n, _ := r.values[r.at(name)].(int64)
	return int(n)
}

func (r *record) set(name string, value any) { r.values[r.at(name)] = value }

// read takes the meaning of one cell.
func (r *record) read(i int, cell string, there bool) {
	c := &r.file.columns[i]
	if cell == "" {
		r.values[i] = c.empty()
		if c.required {
			r.faulty = true
			if there {
				r.faults.at(r.file.name, r.line, c.name, "field_required", nil)
			}
		}
		return
	}
	value, wrong, args := c.parse(cell)
	if wrong != "" {
		r.bad(c.name, wrong, args) //fault:codes text_encoding text_control text_invisible
		return
	}
	if value == nil {
		value = c.empty()
		if c.required {
			r.bad(c.name, "field_required", nil)
		}
	}
	r.values[i] = value
}

// empty returns what an empty cell stands for.
func (c *column) empty() any {
	switch {
	case c.since:
		return firstDay()
	case c.blank:
		return ""
	default:
		return nil
	}
}

// parse returns the value of a cell that is not empty, or the code of what is wrong with it.
//
//fault:codes date_malformed month_malformed instant_malformed number_malformed number_out_of_range boolean_malformed word_unknown
//fault:codes text_too_long list_malformed attendance_not_recorded quarter_malformed address_malformed
func (c *column) parse(cell string) (value any, wrong string, args fault.Args) {
	switch c.kind {
	case aDate:
		d, err := calendar.ParseDate(cell)
		return d, codeIf(err != nil, "date_malformed"), given(cell)
	case aMonth:
		m, err := calendar.ParseMonth(cell)
		return m, codeIf(err != nil, "month_malformed"), given(cell)
	case aQuarter:
		q, err := calendar.ParseQuarter(cell)
		return q, codeIf(err != nil, "quarter_malformed"), given(cell)
	case anAddress:
		return cell, codeIf(!text.IsAddress(cell), "address_malformed"), given(cell)
	case anInstant:
		t, ok := parseInstant(cell)
		return t, codeIf(!ok, "instant_malformed"), given(cell)
	case aNumber:
		return c.parseNumber(cell)
	case aTruth:
		return cell == "true", codeIf(cell != "true" && cell != "false", "boolean_malformed"), given(cell)
	case aWord:
		if cell == string(meeting.NotRecorded) && c.allows(string(meeting.Present)) {
			return nil, "attendance_not_recorded", nil
		}
		return cell, codeIf(!c.allows(cell), "word_unknown"), c.allowed(cell)
	case manyWords, manyCodes:
		return c.parseList(cell)
	default:
		return c.parseText(cell)
	}
}

func codeIf(wrong bool, code string) string {
	if wrong {
		return code
	}
	return ""
}

func given(cell string) fault.Args { return fault.Args{"given": printable(cell)} }

func (c *column) allows(w string) bool {
	for _, known := range c.words {
		if w == known {
			return true
		}
	}
	return false
}

func (c *column) allowed(cell string) fault.Args {
	return fault.Args{"given": printable(cell), "allowed": strings.Join(c.words, ", ")}
}

func parseInstant(cell string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, cell)
	if err != nil || t.Year() <= calendar.FirstYear || t.Year() >= calendar.LastYear {
		return time.Time{}, false
	}
	return t.UTC().Truncate(time.Microsecond), true
}

func (c *column) parseNumber(cell string) (any, string, fault.Args) {
	const longest = 9
	for i := range len(cell) {
		if cell[i] < '0' || cell[i] > '9' {
			return nil, "number_malformed", given(cell)
		}
	}
	n, err := strconv.ParseInt(cell, 10, 64)
	if len(cell) > longest || err != nil || n > c.most {
		return nil, "number_out_of_range", fault.Args{"least": 0, "most": c.most}
	}
	return n, "", nil
}

func (c *column) parseText(cell string) (any, string, fault.Args) {
	if !plain(cell) {
		clean := text.Clean
		if c.kind == aProse {
			clean = text.CleanLines
		}
		cleaned, err := clean(cell)
		if bad, is := fault.As(err); is {
			return nil, bad.Code, bad.Args
		}
		cell = cleaned
	}
	limit := c.limit
	if c.kind == aCode {
		limit = longestCode
	}
	if len(cell) > limit && utf8.RuneCountInString(cell) > limit {
		return nil, "text_too_long", fault.Args{"limit": limit}
	}
	if cell == "" {
		return nil, "", nil
	}
	return cell, "", nil
}

// plain reports whether a text is printable ASCII without spaces, which needs no cleaning; most codes are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// parseList reads a list and returns it in its one form, joined by semicolons.
func (c *column) parseList(cell string) (any, string, fault.Args) {
	parts := strings.Split(cell, ";")
	seen := make(map[string]bool)
	single := column{kind: aCode}
	for i, part := range parts {
		value, wrong, args := single.parseText(strings.TrimSpace(part))
		if wrong != "" {
			return nil, wrong, args
		}
		clean, _ := value.(string)
		if c.kind == manyWords && clean != "" && !c.allows(clean) {
			return nil, "word_unknown", c.allowed(clean)
		}
		if clean == "" || seen[clean] {
			return nil, "list_malformed", given(cell)
		}
		seen[clean], parts[i] = true, clean
	}
	return strings.Join(parts, ";"), "", nil
}
