package httpapi

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"sochibo/internal/calendar"
)

// The sizes of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Cursor holds the sort keys of the last row a caller has seen; nil is before the first row.
type Cursor []string

// Page is which part of a list is asked for.
type Page struct {
	Limit int
	After Cursor
}

// Key says whether a text can be a sort key; a cursor comes from outside and is not believed.
type Key func(string) bool

// KeyText takes any text a store can compare.
func KeyText(key string) bool { return utf8.ValidString(key) && !strings.ContainsRune(key, 0) }

// KeyUUID takes an id.
func KeyUUID(key string) bool { _, err := parseID(key); return err == nil }

// KeyDate takes a day.
func KeyDate(key string) bool { _, err := calendar.ParseDate(key); return err == nil }

// KeyMonth takes a month.
func KeyMonth(key string) bool { _, err := calendar.ParseMonth(key); return err == nil }

// KeyInstant takes an RFC 3339 instant.
func KeyInstant(key string) bool { _, err := time.Parse(time.RFC3339Nano, key); return err == nil }

// KeyInt takes a whole number.
func KeyInt(key string) bool { _, err := strconv.ParseInt(key, 10, 64); return err == nil }

// Page reads limit and after; the keys are those the list is sorted by.
func (q *Query) Page(keys ...Key) Page {
	page := Page{Limit: q.Int("limit", DefaultLimit, 1, MaxLimit)}
	after := q.raw("after")
	if after == "" {
		return page
	}
	cursor, ok := parseCursor(after, keys)
	if !ok {
		q.Fail("after", "cursor_malformed")
	}
	page.After = cursor
	return page
}

func parseCursor(after string, keys []Key) (Cursor, bool) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(after)
	if err != nil {
		return nil, false
	}
	var cursor Cursor
	if err := json.Unmarshal(data, &cursor); err != nil || len(cursor) != len(keys) {
		return nil, false
	}
	for i, key := range keys {
		if !key(cursor[i]) {
			return nil, false
		}
	}
	return cursor, true
}

// NextCursor returns the cursor after a row with these sort keys.
func NextCursor(keys ...string) string {
	data, err := json.Marshal(keys)
	if err != nil {
		return "" // keys that are no UTF-8 were never stored
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// Cut takes up to Limit+1 rows and returns those of the page and, if there are more, the cursor of the next.
func Cut[T any](rows []T, page Page, keys func(T) []string) (data []T, next *string) {
	if len(rows) <= page.Limit {
		return rows, nil
	}
	rows = rows[:page.Limit]
	cursor := NextCursor(keys(rows[page.Limit-1])...)
	return rows, &cursor
}
