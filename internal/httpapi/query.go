package httpapi

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// longestText is how many letters a search text may have.
const longestText = 200

// Query reads the parameters of a request and collects what is wrong with them, so that one answer names all of it. A parameter that
// is absent or empty reads as the zero value.
type Query struct {
	values url.Values
	known  map[string]bool
	faults fault.Fields
}

// NewQuery starts reading the query; parameters nobody asks for before Err are faults.
func NewQuery(c *gin.Context) *Query {
	state := of(c)
	if state.query == nil {
		state.query = parseQuery(c)
	}
	if state.format {
		state.query.known["format"] = true
	}
	return state.query
}

func parseQuery(c *gin.Context) *Query {
	// A dry run is understood by every write, whoever else reads the query.
	q := &Query{known: map[string]bool{"dry_run": c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead}}
	values, err := url.ParseQuery(c.Request.URL.RawQuery)
	readable := err == nil
	for name, given := range values {
		readable = readable && utf8.ValidString(name+strings.Join(given, ""))
		if !utf8.ValidString(name) {
			delete(values, name) // no problem could name it
		}
	}
	q.faults.Param(readable, "", "query_malformed")
	q.values = values
	for _, name := range slices.Sorted(maps.Keys(values)) {
		q.faults.Param(len(values[name]) == 1, name, "parameter_repeated", fault.Args{"name": name})
	}
	return q
}

// Err returns a fault that names everything wrong so far and every parameter nobody asked for, or nil.
func (q *Query) Err() error {
	faults := q.faults // a copy: Err may be asked again after more was read
	for _, name := range slices.Sorted(maps.Keys(q.values)) {
		faults.Param(q.known[name], name, "parameter_unknown", fault.Args{"name": name})
	}
	if faults.Len() == 0 {
		return nil
	}
	first := faults.All()[0]
	return fault.With(faults.Err(fault.Malformed, first.Code), first.Args) //fault:codes query_malformed
}

// Has reports whether the parameter was given with a value.
func (q *Query) Has(name string) bool { return q.raw(name) != "" }

// raw returns the only value of a parameter and notes that somebody asked for it.
func (q *Query) raw(name string) string {
	q.known[name] = true
	return q.values.Get(name)
}

// Fail notes a fault of a parameter that only the caller can see.
func (q *Query) Fail(name, code string, args ...fault.Args) {
	q.faults.Param(false, name, code, args...)
}

// Required notes a fault for each of the parameters that was not given.
func (q *Query) Required(names ...string) {
	for _, name := range names {
		q.faults.Param(q.Has(name), name, "parameter_missing", fault.Args{"name": name})
	}
}

// String reads one of the words, or any text a store can compare if none are named.
func (q *Query) String(name string, words ...string) string {
	value := q.raw(name)
	switch {
	case value == "" || slices.Contains(words, value):
		return value
	case len(words) > 0:
		q.Fail(name, "parameter_value", fault.Args{"name": name, "allowed": strings.Join(words, ", ")})
	case !KeyText(value) || utf8.RuneCountInString(value) > longestText:
		q.Fail(name, "parameter_text", fault.Args{"name": name, "limit": longestText})
	default:
		return value
	}
	return ""
}

// StringOr is String with the word that is meant when none is given.
func (q *Query) StringOr(name, otherwise string, words ...string) string {
	if value := q.String(name, words...); value != "" {
		return value
	}
	return otherwise
}

// Text reads a text to search for, cleaned.
func (q *Query) Text(name string) string {
	value, err := text.Clean(q.raw(name))
	if err != nil || utf8.RuneCountInString(value) > longestText {
		q.Fail(name, "parameter_text", fault.Args{"name": name, "limit": longestText})
		return ""
	}
	return value
}

// UUID reads an id; uuid.Nil if there is none.
func (q *Query) UUID(name string) uuid.UUID {
	value := q.raw(name)
	if value == "" {
		return uuid.Nil
	}
	id, err := parseID(value)
	if err != nil {
		q.Fail(name, "id_malformed")
	}
	return id
}

// Date reads a day.
func (q *Query) Date(name string) calendar.Date {
	return parsed(q, name, "date_malformed", calendar.ParseDate)
}

// Month reads a month.
func (q *Query) Month(name string) calendar.Month {
	return parsed(q, name, "month_malformed", calendar.ParseMonth)
}

// Period reads the required months from and to.
func (q *Query) Period() calendar.Period {
	q.Required("from", "to")
	from, to := q.Month("from"), q.Month("to")
	if from.IsZero() || to.IsZero() {
		return calendar.Period{}
	}
	period, err := calendar.NewPeriod(from, to)
	if f, ok := fault.As(err); ok {
		q.Fail("to", f.Code, f.Args)
	}
	return period
}

// Instant reads an RFC 3339 instant, in UTC.
func (q *Query) Instant(name string) time.Time {
	return parsed(q, name, "instant_malformed", parseInstant)
}

// Bool reads true or false; Has tells an absent one from false.
func (q *Query) Bool(name string) bool { return q.String(name, "true", "false") == "true" }

// Int reads a whole number within bounds, otherwise if none is given.
func (q *Query) Int(name string, otherwise, least, most int) int {
	value := q.raw(name)
	if value == "" {
		return otherwise
	}
	number, err := strconv.Atoi(value)
	if err != nil {
		q.Fail(name, "parameter_malformed", fault.Args{"name": name})
		return otherwise
	}
	if number < least || number > most {
		q.Fail(name, "parameter_range", fault.Args{"name": name, "least": least, "most": most})
		return otherwise
	}
	return number
}

func parsed[T any](q *Query, name, code string, parse func(string) (T, error)) T {
	var none T
	value := q.raw(name)
	if value == "" {
		return none
	}
	read, err := parse(value)
	if err != nil {
		q.Fail(name, code)
		return none
	}
	return read
}

// parseInstant takes years a store can hold; the rest is a slip of the pen.
func parseInstant(value string) (time.Time, error) {
	instant, err := time.Parse(time.RFC3339Nano, value)
	if err == nil && (instant.Year() < calendar.FirstYear || instant.Year() > calendar.LastYear) {
		err = calendar.ErrYear
	}
	return instant.UTC(), err
}

// parseID takes the usual form alone, which is also the one we write.
func parseID(value string) (uuid.UUID, error) {
	if len(value) != len("0198c0de-0000-7000-8000-000000000001") {
		return uuid.Nil, errID
	}
	return uuid.Parse(value)
}

var errID = fault.New(fault.Malformed, "id_malformed")

// PathUUID reads an id from the path.
func PathUUID(c *gin.Context, name string) (uuid.UUID, error) {
	id, err := parseID(c.Param(name))
	if err != nil {
		return uuid.Nil, atParameter("id_malformed", name, nil)
	}
	return id, nil
}

// PathInt reads a positive number from the path.
func PathInt(c *gin.Context, name string) (int64, error) {
	number, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || number < 1 {
		return 0, atParameter("parameter_malformed", name, fault.Args{"name": name})
	}
	return number, nil
}

func atParameter(code, name string, args fault.Args) error {
	var fields fault.Fields
	fields.Param(false, name, code, args)
	return fault.With(fields.Err(fault.Malformed, code), args)
}

// RefuseDryRun refuses a dry run, for requests that must not be tried without a trace, such as logging in.
func RefuseDryRun(c *gin.Context) error {
	q := NewQuery(c)
	delete(q.known, "dry_run")
	return q.Err()
}

// refuseStray refuses parameters of a request whose handler reads none.
func refuseStray(c *gin.Context) error {
	if of(c).query != nil || c.Request.URL.RawQuery == "" {
		return nil
	}
	return NewQuery(c).Err()
}
