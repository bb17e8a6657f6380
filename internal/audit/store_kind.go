package audit

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
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
	Rows     *Rows
}

// Rows are those of a kind whose records are runs of rows that have names of their own, and whose Contents is a line for each row: the
// leaf then says enough to tell which row was changed.
type Rows struct {
	Part Part                                        // Key is the column with the name of the row
	Of   func(id string) (names []string, err error) // the names of a record's rows, in the order of its lines
	One  func(name string) (id string)               // the record that would be this row alone
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

// rowChecks writes what the leaf says of the single rows; nothing for most kinds.
func (k Kind) rowChecks(salt, content []byte) string {
	if k.Rows == nil {
		return ""
	}
	return text64(rowChecks(salt, content))
}

// contents returns the canonical bytes of the records, by id; a record without any row is absent.
func (k Kind) contents(ctx context.Context, tx *database.Tx, ids []string) (map[string][]byte, error) {
	return k.read(ctx, tx, ids, false)
}

// read is contents; strictly, it also refuses values that are not written as the program writes them.
func (k Kind) read(ctx context.Context, tx *database.Tx, ids []string, strictly bool) (map[string][]byte, error) {
	if k.Contents != nil {
		return k.Contents(ctx, tx, ids)
	}
	parts, err := k.partsOf(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("look for %s: %w", k.Name, err)
	}
	rows := map[string]map[string][]row{}
	for _, part := range parts {
		table, found, err := part.rows(ctx, tx, ids, strictly)
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

// Where few records of a kind of many parts are read, one statement that asks which parts have rows saves one for each that has none.
const (
	manyParts  = 4
	fewRecords = 4
)

// partsOf returns the parts in which the records may have rows.
func (k Kind) partsOf(ctx context.Context, tx *database.Tx, ids []string) ([]Part, error) {
	if len(k.Parts) < manyParts || len(ids) > fewRecords {
		return k.Parts, nil
	}
	var asked []string
	var args []any
	for i, part := range k.Parts {
		described, err := describe(database.Gorm(ctx, tx), part.Model)
		if err != nil {
			return nil, err
		}
		asked = append(asked, fmt.Sprintf("SELECT %d AS part WHERE EXISTS (SELECT 1 FROM %s WHERE %s IN ?)", i, described.Table, part.Key))
		args = append(args, ids)
	}
	var found []int
	if err := database.Gorm(ctx, tx).Raw(strings.Join(asked, " UNION ALL "), args...).Scan(&found).Error; err != nil {
		return nil, err
	}
	parts := make([]Part, 0, len(found))
	for i, part := range k.Parts {
		if slices.Contains(found, i) {
			parts = append(parts, part)
		}
	}
	return parts, nil
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
func (p Part) rows(ctx context.Context, tx *database.Tx, ids []string, strictly bool) (table string, byID map[string][]row, err error) {
	described, all, err := p.cells(ctx, tx, ids)
	if err == nil && strictly && len(all) > 0 {
		err = p.strict(ctx, tx, described, ids, all)
	}
	if err != nil {
		return "", nil, err
	}
	byID = map[string][]row{}
	for _, cells := range all {
		encoded, err := canonical(cells)
		if err != nil {
			return "", nil, err
		}
		id := fmt.Sprint(cells[p.Key])
		byID[id] = append(byID[id], encoded)
	}
	return described.Table, byID, nil
}

// cells reads the rows, in the order of their keys.
func (p Part) cells(ctx context.Context, tx *database.Tx, ids []string) (*schema.Schema, []map[string]any, error) {
	query := database.Gorm(ctx, tx).Model(p.Model)
	described, err := describe(query, p.Model)
	if err != nil {
		return nil, nil, err
	}
	columns := p.columns(described)
	found := reflect.New(reflect.SliceOf(described.ModelType))
	order := strings.Join(described.PrimaryFieldDBNames, ", ")
	if err := query.Select(columns).Where(p.Key+" IN ?", ids).Order(order).Find(found.Interface()).Error; err != nil {
		return nil, nil, err
	}
	all := make([]map[string]any, found.Elem().Len())
	for i := range all {
		if all[i], err = cellsOf(ctx, described, columns, found.Elem().Index(i)); err != nil {
			return nil, nil, err
		}
	}
	return described, all, nil
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
	var parts []string
	for _, part := range k.Parts {
		described, err := describe(database.Gorm(ctx, tx), part.Model)
		if err != nil {
			return nil, err
		}
		parts = append(parts, "SELECT '.' || CAST("+part.Key+" AS text) AS id FROM "+described.Table)
	}
	var ids []string
	if err := database.Gorm(ctx, tx).Raw(strings.Join(parts, " UNION ")).Scan(&ids).Error; err != nil {
		return nil, err
	}
	for i, id := range ids {
		ids[i] = strings.TrimPrefix(id, ".") // without it the driver of SQLite makes an instant of a day
	}
	return slices.Sorted(slices.Values(ids)), nil
}
