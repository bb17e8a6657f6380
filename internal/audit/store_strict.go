package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm/schema"

	"sochibo/internal/database"
)

// stored is contents for verification. On SQLite, where every value is text or number to the store, it also refuses a text that means
// what its column says but is not written as the program writes it: two texts for one value would let a change pass unseen.
func (k Kind) stored(ctx context.Context, tx *database.Tx, ids []string) (map[string][]byte, error) {
	strictly := tx.Engine() == database.SQLite
	if strictly && k.Rows != nil {
		var names []string
		for _, id := range ids {
			of, err := k.Rows.Of(id)
			if err != nil {
				return nil, err
			}
			names = append(names, of...)
		}
		for some := range slices.Chunk(names, recordsAtOnce) {
			if _, err := readParts(ctx, tx, []Part{k.Rows.Part}, some, true, nil); err != nil {
				return nil, err
			}
		}
	}
	return k.read(ctx, tx, ids, strictly)
}

// strict reads the rows once more, as texts, and compares them with their values.
func (p Part) strict(ctx context.Context, tx *database.Tx, described *schema.Schema, ids []string, all []map[string]any) error {
	columns := textual(described, p.columns(described))
	casts := make([]string, len(columns))
	for i, column := range columns {
		casts[i] = "CASE WHEN " + column + " IS NOT NULL THEN hex(CAST(" + column + " AS TEXT)) END" // the driver makes instants of texts like dates
	}
	order := strings.Join(described.PrimaryFieldDBNames, ", ")
	rows, err := database.Gorm(ctx, tx).Raw("SELECT "+strings.Join(casts, ", ")+" FROM "+described.Table+" WHERE "+p.Key+" IN ? ORDER BY "+order, ids).Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	texts, cells := make([]*string, len(columns)), make([]any, len(columns))
	for i := range texts {
		cells[i] = &texts[i]
	}
	for n := 0; rows.Next(); n++ {
		if err := rows.Scan(cells...); err != nil {
			return err
		}
		if n >= len(all) {
			return fmt.Errorf("%s changed while it was read", described.Table)
		}
		if column := unlike(columns, texts, all[n]); column != "" {
			return fmt.Errorf("%s of a row in %s is not written as the program writes it", column, described.Table)
		}
	}
	return rows.Err()
}

// unlike returns the first column whose text is not how the program writes its value.
func unlike(columns []string, texts []*string, values map[string]any) string {
	for i, column := range columns {
		if texts[i] == nil {
			continue
		}
		text, err := hex.DecodeString(*texts[i])
		if err != nil || !written(string(text), values[column]) {
			return column
		}
	}
	return ""
}

// instantText is how SQLite's texts for instants are written.
const instantText = "2006-01-02 15:04:05.999999999-07:00"

// oddInstants names the rows of one of the log's own tables whose instant is not written as the program writes it, on SQLite.
func oddInstants(ctx context.Context, tx *database.Tx, table, name, column string) (odd []string, err error) {
	if tx.Engine() != database.SQLite {
		return nil, nil
	}
	rows, err := database.Gorm(ctx, tx).Raw("SELECT '" + table + "' || " + name + ", hex(CAST(" + column + " AS TEXT)) FROM " + table).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var place, encoded string
		if err := rows.Scan(&place, &encoded); err != nil {
			return nil, err
		}
		text, err := hex.DecodeString(encoded)
		instant, unread := time.Parse(instantText, string(text))
		if err != nil || unread != nil || instant.UTC().Format(instantText) != string(text) {
			odd = append(odd, place)
		}
	}
	return odd, rows.Err()
}

// textual leaves out the columns of bytes.
func textual(described *schema.Schema, columns []string) []string {
	return slices.DeleteFunc(slices.Clone(columns), func(column string) bool {
		t := described.LookUpField(column).IndirectFieldType
		return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
	})
}

// written reports whether the program would have stored the value as this text.
func written(text string, value any) bool {
	switch v := value.(type) {
	case nil:
		return text == "" || text == "0"
	case bool:
		return text == map[bool]string{true: "1", false: "0"}[v]
	case string:
		if instant, err := time.Parse("2006-01-02T15:04:05.000000Z", v); err == nil && text != v {
			return text == instant.Format(instantText)
		}
		return text == v
	case int64:
		return text == strconv.FormatInt(v, 10)
	default:
		return text == fmt.Sprint(reflect.Indirect(reflect.ValueOf(v)))
	}
}
