package audit

import (
	"fmt"

	"sochibo/internal/database"
)

// touchedKey is where a transaction keeps what was touched in it.
type touchedKey struct{}

// touched are the records that a transaction has changed so far.
type touched struct {
	kinds []Kind // in the order of the first touch
	ids   map[string]map[string]bool
}

// Touch notes that the transaction changes these records, so that the leaf commits to what they are at its end. Every function of a
// store that writes calls it.
func Touch[ID fmt.Stringer](tx *database.Tx, kind Kind, ids ...ID) {
	t, _ := tx.Value(touchedKey{}).(*touched)
	if t == nil {
		t = &touched{ids: map[string]map[string]bool{}}
		tx.SetValue(touchedKey{}, t)
	}
	if t.ids[kind.Name] == nil {
		t.ids[kind.Name] = map[string]bool{}
		t.kinds = append(t.kinds, kind)
	}
	for _, id := range ids {
		t.ids[kind.Name][id.String()] = true
	}
}
