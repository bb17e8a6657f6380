package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

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

// read returns the canonical bytes of the records, by id; a record without any row is absent. Strictly, it also refuses values that are
// not written as the program writes them. Other statements may go along.
func (k Kind) read(
	ctx context.Context, tx *database.Tx, ids []string, strictly bool, along ...database.Statement,
) (contents map[string][]byte, err error) {
	if k.Contents != nil {
		if contents, err = k.Contents(ctx, tx, ids); err == nil {
			err = database.Together(ctx, tx, along...)
		}
		return contents, err
	}
	readings, err := readParts(ctx, tx, k.Parts, ids, strictly, along)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", k.Name, err)
	}
	rows := map[string]map[string][]row{}
	for _, r := range readings {
		for id, all := range r.byID {
			slices.SortFunc(all, func(a, b row) int { return bytes.Compare(a, b) })
			if rows[id] == nil {
				rows[id] = map[string][]row{}
			}
			rows[id][r.described.Table] = all
		}
	}
	contents = make(map[string][]byte, len(rows))
	for id, tables := range rows {
		if contents[id], err = k.content(id, tables); err != nil {
			return nil, err
		}
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
	cells, err := cellsOf(ctx, part.fields(described), value)
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
