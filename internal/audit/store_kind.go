package audit

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"sochibo/internal/database"
)

// Kind is a kind of record that the log commits to, with all the rows that belong to one.
type Kind struct {
	Name  string
	Parts []Part
	// Contents replaces the reading of parts, for records that are no rows with an id.
	Contents func(ctx context.Context, tx *database.Tx, ids []string) (map[string][]byte, error)
	IDs      func(ctx context.Context, tx *database.Tx) ([]string, error) // those there are when the log begins
}

// Part are the rows of one table that belong to a record: those whose key column holds the record's id.
type Part struct {
	Model any    // a value of the table's model
	Key   string // the column with the record's id
	Omit  []string
}

// row is a row in canonical form: JSON with the columns in the order of their names, those with a zero value left out, so that a
// column that is added later changes no commitment.
type row = json.RawMessage

// contents returns the canonical bytes of the records, by id; a record without any row is absent.
func (k Kind) contents(ctx context.Context, tx *database.Tx, ids []string) (map[string][]byte, error) {
	if k.Contents != nil {
		return k.Contents(ctx, tx, ids)
	}
	rows := map[string]map[string][]row{}
	for _, part := range k.Parts {
		table, found, err := part.rows(ctx, tx, ids)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", k.Name, err)
		}
		for id, all := range found {
			slices.SortFunc(all, func(a, b row) int { return bytes.Compare(a, b) })
			if rows[id] == nil {
				rows[id] = map[string][]row{}
			}
			rows[id][table] = all
		}
	}
	contents := make(map[string][]byte, len(rows))
	for id, tables := range rows {
		content, err := k.content(id, tables)
		if err != nil {
			return nil, err
		}
		contents[id] = content
	}
	return contents, nil
}

// contentOf returns the canonical bytes of a record of one part with one row, which is not stored yet.
func (k Kind) contentOf(ctx context.Context, tx *database.Tx, id string, value reflect.Value) ([]byte, error) {
	part := k.Parts[0]
	described, err := describe(database.Gorm(ctx, tx), part.Model)
	if err != nil {
		return nil, err
	}
	cells, err := cellsOf(ctx, described, part.columns(described), value)
	if err != nil {
		return nil, err
	}
	encoded, err := canonical(cells)
	if err != nil {
		return nil, err
	}
	return k.content(id, map[string][]row{described.Table: {encoded}})
}

// content writes the canonical bytes of a record.
func (k Kind) content(id string, tables map[string][]row) ([]byte, error) {
	return canonical(struct {
		Kind string           `json:"kind"`
		ID   string           `json:"record"`
		Rows map[string][]row `json:"rows"`
	}{k.Name, id, tables})
}

// canonical writes JSON without escaping what only HTML would need escaped; maps come in the order of their keys.
func canonical(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// rows reads the part of the records.
func (p Part) rows(ctx context.Context, tx *database.Tx, ids []string) (table string, byID map[string][]row, err error) {
	query := database.Gorm(ctx, tx).Model(p.Model)
	described, err := describe(query, p.Model)
	if err != nil {
		return "", nil, err
	}
	columns := p.columns(described)
	found := reflect.New(reflect.SliceOf(described.ModelType))
	if err := query.Select(columns).Where(p.Key+" IN ?", ids).Find(found.Interface()).Error; err != nil {
		return "", nil, err
	}
	byID = map[string][]row{}
	for i := range found.Elem().Len() {
		cells, err := cellsOf(ctx, described, columns, found.Elem().Index(i))
		if err != nil {
			return "", nil, err
		}
		encoded, err := canonical(cells)
		if err != nil {
			return "", nil, err
		}
		id := fmt.Sprint(cells[p.Key])
		byID[id] = append(byID[id], encoded)
	}
	return described.Table, byID, nil
}

func (p Part) columns(described *schema.Schema) []string {
	var columns []string
	for _, field := range described.Fields {
		if field.DBName != "" && !slices.Contains(p.Omit, field.DBName) {
			columns = append(columns, field.DBName)
		}
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
func cellsOf(ctx context.Context, described *schema.Schema, columns []string, value reflect.Value) (map[string]any, error) {
	cells := map[string]any{}
	for _, column := range columns {
		field := described.LookUpField(column)
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
		cells[column] = plain(cell)
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

// ids returns the ids of all records of the kind that have a row in the store, in order.
func (k Kind) ids(ctx context.Context, tx *database.Tx) ([]string, error) {
	all := map[string]bool{}
	for _, part := range k.Parts {
		query := database.Gorm(ctx, tx).Model(part.Model)
		var ids []string
		if err := query.Distinct("'.' || CAST(" + part.Key + " AS text)").Scan(&ids).Error; err != nil {
			return nil, err
		}
		for _, id := range ids {
			all[strings.TrimPrefix(id, ".")] = true // without it the driver of SQLite makes an instant of a day
		}
	}
	return slices.Sorted(maps.Keys(all)), nil
}
