package audit

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"sochibo/internal/database"
)

// reading is a part of some records while it is read.
type reading struct {
	part      Part
	described *schema.Schema
	fields    []*schema.Field
	byID      map[string][]row
	strictly  bool
	cells     []map[string]any // of all rows in the order of their keys, where they are read strictly
}

// readParts reads parts of the records, with the other statements after them.
func readParts(
	ctx context.Context, tx *database.Tx, parts []Part, ids []string, strictly bool, along []database.Statement,
) ([]*reading, error) {
	db := database.Gorm(ctx, tx)
	readings := make([]*reading, len(parts))
	statements := make([]database.Statement, 0, len(parts)+len(along))
	for i, part := range parts {
		described, err := describe(db, part.Model)
		if err != nil {
			return nil, err
		}
		r := &reading{part: part, described: described, fields: part.fields(described), byID: map[string][]row{}, strictly: strictly}
		readings[i] = r
		if !strictly {
			statements = append(statements, r.statement(ctx, ids))
		} else if err := r.readStrictly(ctx, tx, ids); err != nil {
			return nil, err
		}
	}
	if err := database.Together(ctx, tx, append(statements, along...)...); err != nil {
		return nil, err
	}
	return readings, nil
}

// readStrictly reads the part alone, and lets go of its values before the next one is read: verify reads very many records.
func (r *reading) readStrictly(ctx context.Context, tx *database.Tx, ids []string) error {
	if err := database.Together(ctx, tx, r.statement(ctx, ids)); err != nil || len(r.cells) == 0 {
		return err
	}
	err := r.part.strict(ctx, tx, r.described, ids, r.cells)
	r.cells = nil
	return err
}

// statement reads the rows in the order of their keys.
func (r *reading) statement(ctx context.Context, ids []string) database.Statement {
	columns := make([]string, len(r.fields))
	for i, field := range r.fields {
		columns[i] = quoted(field.DBName)
	}
	keys := make([]string, len(r.described.PrimaryFieldDBNames))
	for i, name := range r.described.PrimaryFieldDBNames {
		keys[i] = quoted(name)
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return database.Statement{
		SQL: "SELECT " + strings.Join(columns, ",") + " FROM " + quoted(r.described.Table) +
			" WHERE " + quoted(r.part.Key) + " IN " + database.Places(len(ids)) + " ORDER BY " + strings.Join(keys, ","),
		Args: args,
		Read: func(rows database.Found) error { return r.take(ctx, rows) },
	}
}

func quoted(name string) string { return `"` + name + `"` }

// take puts each row into a value of the model, as every other reader of the table would have it, and writes it as JSON.
func (r *reading) take(ctx context.Context, rows database.Found) error {
	into := make([]any, len(r.fields))
	for rows.Next() {
		value := reflect.New(r.described.ModelType).Elem()
		if err := r.scan(ctx, rows, into, value); err != nil {
			return err
		}
		cells, err := cellsOf(ctx, r.fields, value)
		if err != nil {
			return err
		}
		encoded, err := canonical(cells)
		if err != nil {
			return err
		}
		id := fmt.Sprint(cells[r.part.Key])
		r.byID[id] = append(r.byID[id], encoded)
		if r.strictly {
			r.cells = append(r.cells, cells)
		}
	}
	return nil
}

// scan reads a row by way of GORM's fields.
func (r *reading) scan(ctx context.Context, rows database.Found, into []any, value reflect.Value) error {
	for i, field := range r.fields {
		into[i] = field.NewValuePool.Get()
	}
	defer func() {
		for i, field := range r.fields {
			field.NewValuePool.Put(into[i])
		}
	}()
	if err := rows.Scan(into...); err != nil {
		return err
	}
	for i, field := range r.fields {
		if err := field.Set(ctx, value, into[i]); err != nil {
			return err
		}
	}
	return nil
}

// fields returns the columns of the table that belong to the record.
func (p Part) fields(described *schema.Schema) []*schema.Field {
	return slices.DeleteFunc(slices.Clone(described.Fields), func(field *schema.Field) bool {
		return field.DBName == "" || slices.Contains(p.Omit, field.DBName)
	})
}

func (p Part) columns(described *schema.Schema) []string {
	fields := p.fields(described)
	columns := make([]string, len(fields))
	for i, field := range fields {
		columns[i] = field.DBName
	}
	return columns
}

func describe(db *gorm.DB, model any) (*schema.Schema, error) {
	statement := &gorm.Statement{DB: db}
	if err := statement.Parse(model); err != nil {
		return nil, err
	}
	return statement.Schema, nil
}

// cellsOf returns the columns of a row that are not zero, as JSON writes them; instants have microseconds.
func cellsOf(ctx context.Context, fields []*schema.Field, value reflect.Value) (map[string]any, error) {
	cells := map[string]any{}
	for _, field := range fields {
		cell, zero := field.ValueOf(ctx, value)
		if zero {
			continue
		}
		if valuer, ok := cell.(driver.Valuer); ok {
			var err error
			if cell, err = valuer.Value(); err != nil {
				return nil, err
			}
		}
		cells[field.DBName] = plain(cell)
	}
	return cells, nil
}

// plain turns what a field holds into what JSON writes.
func plain(cell any) any {
	if v := reflect.ValueOf(cell); v.Kind() == reflect.Pointer {
		cell = v.Elem().Interface()
	}
	if instant, ok := cell.(time.Time); ok {
		return stamp(instant)
	}
	return cell
}
