package amendment

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sochibo/internal/meeting"
)

// Difference is one place of the record that changes. In the lists whose rows are about somebody or something, the pointer names the
// row by its id and not by its position. An absent value is null.
type Difference struct {
	Pointer string
	Before  json.RawMessage
	After   json.RawMessage
}

// idOf names the id by which the rows of a list are known, where they have one.
func idOf(pointer string) string {
	switch pointer {
	case "/roll":
		return "member_id"
	case "/resolutions", "/tasks":
		return "id"
	default:
		return ""
	}
}

// differences lists what changes from one record to another, in the order of their places.
func differences(before, after meeting.Record) ([]Difference, error) {
	before, after = before.InPresentFormat(), after.InPresentFormat()
	after.Number, after.Editors = before.Number, before.Editors
	old, err := plain(before)
	if err != nil {
		return nil, err
	}
	young, err := plain(after)
	if err != nil {
		return nil, err
	}
	found := []Difference{}
	return found, compare("", old, young, &found)
}

func plain(r meeting.Record) (any, error) {
	content, err := meeting.Canonical(r)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var v any
	return v, decoder.Decode(&v)
}

func compare(pointer string, before, after any, found *[]Difference) error {
	old, young := parts(pointer, before), parts(pointer, after)
	if old == nil || young == nil {
		return leaf(pointer, before, after, found)
	}
	all := maps.Clone(old)
	maps.Copy(all, young)
	for _, name := range slices.SortedFunc(maps.Keys(all), byPosition) {
		escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		if err := compare(pointer+"/"+escaped, old[name], young[name], found); err != nil {
			return err
		}
	}
	return nil
}

// byPosition puts positions in their order, and names in theirs.
func byPosition(a, b string) int {
	x, notA := strconv.Atoi(a)
	y, notB := strconv.Atoi(b)
	if notA == nil && notB == nil {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(a, b)
}

func leaf(pointer string, before, after any, found *[]Difference) error {
	old, err := json.Marshal(before)
	if err != nil {
		return err
	}
	young, err := json.Marshal(after)
	if err == nil && !bytes.Equal(old, young) {
		*found = append(*found, Difference{pointer, old, young})
	}
	return err
}

// parts are the named parts of a value: those of an object, the rows of a list by id or by position; nil for anything else.
func parts(pointer string, v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case []any:
		rows := make(map[string]any, len(v))
		for i, row := range v {
			name := strconv.Itoa(i)
			if fields, is := row.(map[string]any); is && idOf(pointer) != "" {
				name, _ = fields[idOf(pointer)].(string)
			}
			rows[name] = row
		}
		return rows
	default:
		return nil
	}
}
