package database

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"sochibo/internal/calendar"
)

const (
	sqliteParameters = 32766 // the most one statement may have
	sqliteRows       = 200   // beyond this, longer statements gain nothing
)

// InsertAll inserts rows in the order given, holding a few of them in memory at a time, and says how many they were.
//
// rows must not use tx: on PostgreSQL it is busy with a COPY meanwhile. A row has a value for each column; values are what GORM
// takes as well.
func InsertAll(ctx context.Context, tx *Tx, table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	insert := insertSQLite
	if tx.engine == Postgres {
		insert = copyPostgres
	}
	count, err := insert(ctx, tx, table, columns, rows)
	if err != nil {
		return 0, fmt.Errorf("insert into %s: %w", table, translateWith(tx.gorm, err))
	}
	return count, nil
}

// copyPostgres runs COPY on the transaction's own connection. The driver pulls the rows in a goroutine of its own, where a panic
// would end the program; it is carried over to this one. What is wrong with a row is kept aside, since the server calls it a canceled
// statement.
func copyPostgres(ctx context.Context, tx *Tx, table string, columns []string, rows iter.Seq[[]any]) (count int64, err error) {
	next, stop := iter.Pull(rows)
	defer stop()
	var panicked any
	var broken error
	buffer := make([]any, 0, len(columns))
	source := pgx.CopyFromFunc(func() (values []any, err error) {
		defer func() {
			if panicked = recover(); panicked != nil {
				values, err = nil, fmt.Errorf("rows: %v", panicked)
			}
		}()
		row, ok := next()
		if !ok {
			return nil, nil
		}
		values, broken = plainRow(buffer, columns, row, copied)
		return values, broken
	})
	gone := tx.conn.Raw(func(c any) error {
		conn, ok := c.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("unexpected driver %T", c)
		}
		count, err = conn.Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, source)
		return nil
	})
	if panicked != nil {
		panic(panicked) //nolint:forbidigo // it was caught on the way out of the driver alone
	}
	return count, cmp.Or(gone, broken, err)
}

// insertSQLite gathers rows into statements of many rows.
func insertSQLite(ctx context.Context, tx *Tx, table string, columns []string, rows iter.Seq[[]any]) (count int64, err error) {
	size := max(1, min(sqliteRows, sqliteParameters/max(1, len(columns))))
	args := make([]any, 0, len(columns))
	held := 0
	var full *sql.Stmt
	for row := range rows {
		if args, err = plainRow(args, columns, row, plain); err != nil {
			return 0, err
		}
		if held++; held < size {
			continue
		}
		if full == nil {
			if full, err = tx.sql.PrepareContext(ctx, insertSQL(table, columns, size)); err != nil {
				return 0, err
			}
			defer func() { _ = full.Close() }()
		}
		if _, err = full.ExecContext(ctx, args...); err != nil {
			return 0, err
		}
		count, held, args = count+int64(held), 0, args[:0]
	}
	if held > 0 {
		if _, err = tx.sql.ExecContext(ctx, insertSQL(table, columns, held), args...); err != nil {
			return 0, err
		}
	}
	return count + int64(held), nil
}

func insertSQL(table string, columns []string, rows int) string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = quote(column)
	}
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ")"
	return "INSERT INTO " + quote(table) + " (" + strings.Join(names, ",") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(row+",", rows), ",")
}

// plainRow appends the values of a row in the form the driver takes, which plainly makes.
func plainRow(to []any, columns []string, row []any, plainly func(any) (any, error)) ([]any, error) {
	if len(row) != len(columns) {
		return nil, fmt.Errorf("a row has %d values for %d columns", len(row), len(columns))
	}
	for i, value := range row {
		value, err := plainly(value)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", columns[i], err)
		}
		to = append(to, value)
	}
	return to, nil
}

var uuidType = reflect.TypeFor[uuid.UUID]()

// copied is plain for COPY, which is binary: ids and days given as text would be taken for a mistake first, cell by cell.
func copied(value any) (any, error) {
	switch v := value.(type) {
	case nil, string, int64, bool:
		return v, nil
	case calendar.Date:
		if !v.IsZero() {
			return v.Time(), nil
		}
	case *calendar.Date:
		if v != nil && !v.IsZero() {
			return v.Time(), nil
		}
	}
	rv := reflect.Indirect(reflect.ValueOf(value))
	if rv.Kind() == reflect.Struct && rv.NumField() == 1 && rv.Type().Field(0).IsExported() {
		rv = rv.Field(0)
	}
	if rv.IsValid() && rv.Type() == uuidType {
		return [16]byte(rv.Interface().(uuid.UUID)), nil //nolint:forcetypeassert // it is that type
	}
	return plain(value)
}

// plain resolves Valuers, pointers and named types; COPY is binary and would otherwise look into a struct for its own sake.
func plain(value any) (any, error) {
	switch v := value.(type) {
	case nil, bool, int64, float64, string:
		return v, nil
	case time.Time:
		return instant(v), nil
	case []byte:
		if v == nil {
			return nil, nil
		}
		return v, nil
	}
	rv := reflect.ValueOf(value)
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return nil, nil
	}
	if valuer, ok := value.(driver.Valuer); ok {
		resolved, err := valuer.Value()
		if err != nil {
			return nil, err
		}
		if _, again := resolved.(driver.Valuer); again {
			return nil, fmt.Errorf("%T yields another Valuer", value)
		}
		return plain(resolved)
	}
	if rv.Kind() == reflect.Pointer {
		return plain(rv.Elem().Interface())
	}
	return driver.DefaultParameterConverter.ConvertValue(value)
}
