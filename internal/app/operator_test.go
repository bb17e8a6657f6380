package app_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	_ "github.com/jackc/pgx/v5/stdlib"

	"sochibo/internal/database"
)

// operator is somebody with the run of the store, past the program: no trigger and no constraint is in the way.
type operator struct {
	engine database.Engine
	conn   *sql.Conn
}

func operate(tb testing.TB, engine database.Engine, address string) operator {
	tb.Helper()
	driver, source := "pgx", address
	if engine == database.SQLite {
		path := strings.TrimPrefix(address, "sqlite:")
		source = (&url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(20000)&_pragma=foreign_keys(0)&_pragma=ignore_check_constraints(1)"}).String()
		driver = "sqlite"
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = pool.Close() })
	conn, err := pool.Conn(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	o := operator{engine, conn}
	if engine == database.Postgres {
		o.do(tb, "SET session_replication_role = replica")
		return o
	}
	for _, trigger := range o.texts(tb, "SELECT name FROM sqlite_master WHERE type = 'trigger'") {
		o.do(tb, "DROP TRIGGER "+trigger)
	}
	return o
}

func (o operator) do(tb testing.TB, query string, args ...any) int64 {
	tb.Helper()
	result, err := o.conn.ExecContext(context.WithoutCancel(tb.Context()), query, args...)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func (o operator) try(tb testing.TB, query string, args ...any) error {
	tb.Helper()
	_, err := o.conn.ExecContext(tb.Context(), query, args...)
	return err
}

func (o operator) texts(tb testing.TB, query string, args ...any) []string {
	tb.Helper()
	rows, err := o.conn.QueryContext(tb.Context(), query, args...)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			tb.Fatal(err)
		}
		all = append(all, text.String)
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return all
}

// value is one value in the store: a row by its place, and a column with its type.
type value struct {
	table, place, column, kind string
}

func (c value) String() string { return c.table + "." + c.column }

// columns are the columns of a table with their types as the engine names them.
func (o operator) columns(tb testing.TB, table string) []value {
	tb.Helper()
	query := "SELECT name || ' ' || type FROM pragma_table_info('" + table + "')"
	if o.engine == database.Postgres {
		query = "SELECT attname || ' ' || format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = '" + table + "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
	}
	var all []value
	for _, text := range o.texts(tb, query) {
		name, kind, _ := strings.Cut(text, " ")
		all = append(all, value{table: table, column: name, kind: kind})
	}
	return all
}

// places name the rows of a table for as long as nothing is rewritten.
func (o operator) places(tb testing.TB, table string) []string {
	tb.Helper()
	if o.engine == database.Postgres {
		return o.texts(tb, "SELECT ctid::text FROM "+table+" ORDER BY ctid")
	}
	return o.texts(tb, "SELECT rowid FROM "+table+" ORDER BY rowid")
}

func (o operator) at(place string) string {
	if o.engine == database.Postgres {
		return "ctid = '" + place + "'"
	}
	return "rowid = " + place
}

// stored returns a value in hexadecimal of its text form, and how to write such a text back; empty for no value.
func (o operator) stored(tb testing.TB, c value) string {
	tb.Helper()
	read := "SELECT CASE WHEN " + c.column + " IS NOT NULL THEN hex(CAST(" + c.column + " AS BLOB)) END FROM " + c.table + " WHERE "
	if o.engine == database.Postgres {
		read = "SELECT encode(convert_to(" + c.column + "::text, 'UTF8'), 'hex') FROM " + c.table + " WHERE "
		if c.kind == "bytea" {
			read = "SELECT encode(" + c.column + ", 'hex') FROM " + c.table + " WHERE "
		}
	}
	found := o.texts(tb, read+o.at(c.place))
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// flip changes one bit of the value and returns where the row is now and how to undo it; false where this bit of this value cannot be
// changed in this store.
func (o operator) flip(tb testing.TB, r *rand.Rand, c value) (place string, undo func(), ok bool) {
	tb.Helper()
	if o.engine == database.SQLite {
		return o.flipFile(tb, r, c)
	}
	return o.flipTyped(tb, r, c)
}

// flipFile flips a bit of the bytes that SQLite keeps for the value.
func (o operator) flipFile(tb testing.TB, r *rand.Rand, c value) (place string, undo func(), ok bool) {
	tb.Helper()
	kind := o.texts(tb, "SELECT typeof("+c.column+") FROM "+c.table+" WHERE "+o.at(c.place))
	if len(kind) != 1 {
		return "", nil, false
	}
	if kind[0] == "integer" {
		return o.flipInteger(tb, r, c)
	}
	if kind[0] != "text" && kind[0] != "blob" {
		return "", nil, false
	}
	before := o.stored(tb, c)
	if before == "" {
		return "", nil, false
	}
	after := flipHex(r, before)
	write := func(hex string) error {
		return o.try(tb, "UPDATE "+c.table+" SET "+c.column+" = CAST(x'"+hex+"' AS "+strings.ToUpper(kind[0])+") WHERE "+o.at(c.place))
	}
	if write(after) != nil {
		return "", nil, false
	}
	return c.place, func() {
		if err := write(before); err != nil {
			tb.Fatal(err)
		}
	}, true
}

// flipInteger flips a bit of a number in SQLite.
func (o operator) flipInteger(tb testing.TB, r *rand.Rand, c value) (place string, undo func(), ok bool) {
	tb.Helper()
	bit := r.IntN(24)
	expression := fmt.Sprintf("(%[1]s | %[2]d) - (%[1]s & %[2]d)", c.column, 1<<bit)
	change := "UPDATE " + c.table + " SET " + c.column + " = " + expression + " WHERE "
	if o.try(tb, change+o.at(c.place)) != nil {
		return "", nil, false
	}
	place = c.place
	if slices.Contains(o.texts(tb, "SELECT name FROM pragma_table_info('"+c.table+"') WHERE pk = 1 AND type = 'INTEGER'"), c.column) && o.isRowID(tb, c.table) {
		place = o.texts(tb, fmt.Sprintf("SELECT (%[1]s | %[2]d) - (%[1]s & %[2]d)", c.place, 1<<bit))[0]
	}
	return place, func() { o.do(tb, change+o.at(place)) }, true
}

// isRowID reports whether the one integer key of the table is the row's own number.
func (o operator) isRowID(tb testing.TB, table string) bool {
	tb.Helper()
	return len(o.texts(tb, "SELECT name FROM pragma_table_info('"+table+"') WHERE pk > 0")) == 1
}

func flipHex(r *rand.Rand, text string) string {
	raw, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	raw[r.IntN(len(raw))] ^= 1 << r.IntN(8)
	return hex.EncodeToString(raw)
}

// flipTyped flips a bit of a value that PostgreSQL keeps in a form of its own.
func (o operator) flipTyped(tb testing.TB, r *rand.Rand, c value) (place string, undo func(), ok bool) {
	tb.Helper()
	before := o.stored(tb, c)
	if before == "" {
		return "", nil, false
	}
	old := "convert_from(decode('" + before + "', 'hex'), 'UTF8')::" + c.kind
	var expression string
	switch c.kind {
	case "bytea":
		old = "decode('" + before + "', 'hex')"
		expression = "decode('" + flipHex(r, before) + "', 'hex')"
	case "boolean":
		expression = "NOT " + c.column
	case "smallint", "integer", "bigint":
		expression = fmt.Sprintf("%s # (%d)::%s", c.column, 1<<r.IntN(14), c.kind)
	case "date":
		expression = fmt.Sprintf("date '2000-01-01' + ((%s - date '2000-01-01') # %d)", c.column, 1<<r.IntN(12))
	case "timestamp with time zone":
		expression = fmt.Sprintf("timestamptz 'epoch' + make_interval(secs => 0) + (((extract(epoch from %s) * 1000000)::bigint # %d) * interval '1 microsecond')", c.column, int64(1)<<r.IntN(40))
	case "uuid":
		expression = fmt.Sprintf("encode(set_bit(decode(replace(%[1]s::text, '-', ''), 'hex'), %[2]d, 1 - get_bit(decode(replace(%[1]s::text, '-', ''), 'hex'), %[2]d)), 'hex')::uuid", c.column, r.IntN(128))
	default:
		after := flipHex(r, before)
		var raw []byte
		if _, err := fmt.Sscanf(after, "%x", &raw); err != nil || !utf8.Valid(raw) || slices.Contains(raw, 0) {
			return "", nil, false
		}
		expression = "convert_from(decode('" + after + "', 'hex'), 'UTF8')::" + c.kind
	}
	moved := o.textsTried(tb, "UPDATE "+c.table+" SET "+c.column+" = "+expression+" WHERE "+o.at(c.place)+" RETURNING ctid::text")
	if len(moved) != 1 {
		return "", nil, false
	}
	return moved[0], func() { o.do(tb, "UPDATE "+c.table+" SET "+c.column+" = "+old+" WHERE "+o.at(moved[0])) }, true
}

func (o operator) textsTried(tb testing.TB, query string) []string {
	tb.Helper()
	var text string
	if err := o.conn.QueryRowContext(tb.Context(), query).Scan(&text); err != nil {
		return nil
	}
	return []string{text}
}
