package dbtest

import (
	"cmp"
	"database/sql/driver"
	"reflect"
	"slices"
	"sync"
	"testing"

	"gorm.io/gorm/schema"

	"sochibo/internal/database"
)

// Column is a column as the store has it.
type Column struct {
	Table    string
	Name     string
	Nullable bool
}

const (
	columnsPostgres = `SELECT c.table_name, c.column_name, c.is_nullable = 'YES' AS nullable
FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name <> 'goose_db_version'`
	columnsSQLite = `SELECT t.name AS table_name, c.name AS column_name, c."notnull" = 0 AND c.pk = 0 AS nullable
FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'goose_db_version' AND c.hidden <> 1`
)

// Columns lists the columns of all tables but the migration tool's, ordered by table and name.
func Columns(tb testing.TB, db *database.DB) []Column {
	tb.Helper()
	query := columnsPostgres
	if db.Engine() == database.SQLite {
		query = columnsSQLite
	}
	columns, err := database.Read(tb.Context(), db, func(tx *database.Tx) ([]Column, error) {
		var rows []struct {
			TableName, ColumnName string
			Nullable              bool
		}
		err := database.Gorm(tb.Context(), tx).Raw(query).Scan(&rows).Error
		columns := make([]Column, len(rows))
		for i, row := range rows {
			columns[i] = Column{Table: row.TableName, Name: row.ColumnName, Nullable: row.Nullable}
		}
		return columns, err
	})
	if err != nil {
		tb.Fatal(err)
	}
	slices.SortFunc(columns, func(a, b Column) int { return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Name, b.Name)) })
	return columns
}

// partial is a model that leaves columns out on purpose.
type partial struct {
	model   any
	columns []string
}

// Except is a model for Drift that may lack the columns named, such as those only SQL writes.
func Except(model any, columns ...string) any { return partial{model, columns} }

// Drift reports every difference between models and their tables: a field without a column, a column without a field, and a field
// that cannot hold NULL where the column may, or the other way round.
func Drift(tb testing.TB, db *database.DB, models ...any) {
	tb.Helper()
	tables := map[string]map[string]Column{}
	for _, column := range Columns(tb, db) {
		if tables[column.Table] == nil {
			tables[column.Table] = map[string]Column{}
		}
		tables[column.Table][column.Name] = column
	}
	for _, model := range models {
		with, ok := model.(partial)
		if !ok {
			with = partial{model: model}
		}
		parsed, err := schema.Parse(with.model, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			tb.Errorf("%T: %v", with.model, err)
			continue
		}
		driftOf(tb, parsed, tables[parsed.Table], with.columns)
	}
}

func driftOf(tb testing.TB, model *schema.Schema, columns map[string]Column, allowed []string) {
	tb.Helper()
	if columns == nil {
		tb.Errorf("%s: there is no table %s", model.Name, model.Table)
		return
	}
	for name := range columns {
		if model.LookUpField(name) == nil && !slices.Contains(allowed, name) {
			tb.Errorf("%s: column %s.%s has no field", model.Name, model.Table, name)
		}
	}
	for _, field := range model.Fields {
		if field.DBName == "" {
			continue
		}
		column, ok := columns[field.DBName]
		if !ok {
			tb.Errorf("%s: field %s has no column %s.%s", model.Name, field.Name, model.Table, field.DBName)
			continue
		}
		if null, either := holdsNull(field.FieldType); !either && null != column.Nullable {
			tb.Errorf("%s: column %s.%s nullable: %v, field %s: %v", model.Name, model.Table, column.Name, column.Nullable, field.Name, null)
		}
	}
}

// holdsNull reports whether a field can hold NULL. A slice may or may not, and so may a type whose zero value is stored as NULL.
func holdsNull(field reflect.Type) (null, either bool) {
	switch field.Kind() {
	case reflect.Pointer:
		return true, false
	case reflect.Slice, reflect.Map, reflect.Interface:
		return false, true
	default:
	}
	if valuer, ok := reflect.Zero(field).Interface().(driver.Valuer); ok {
		value, err := valuer.Value()
		return false, err == nil && value == nil
	}
	return false, false
}
