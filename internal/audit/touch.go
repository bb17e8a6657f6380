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
	ahead map[string]map[string]ahead // of records that were sealed before the end and not touched again
	seals []sealRow                   // of records whose content was given
	parts int                         // leaves of the act so far
}

// ahead is a record as it was sealed before the end.
type ahead struct {
	object Object
	seal   sealRow
}

// keep holds the seals of records until the leaf is written.
func (t *touched) keep(kind Kind, objects []Object, seals []sealRow) {
	if t.ahead[kind.Name] == nil {
		t.ahead[kind.Name] = map[string]ahead{}
	}
	for i := range objects {
		t.ahead[kind.Name][objects[i].ID] = ahead{objects[i], seals[i]}
	}
}

func (t *touched) nextPart() int {
	t.parts++
	return t.parts
}

func touchedIn(tx *database.Tx) *touched {
	t, ok := tx.Value(touchedKey{}).(*touched)
	if !ok {
		t = &touched{ids: map[string]map[string]bool{}, ahead: map[string]map[string]ahead{}}
		tx.SetValue(touchedKey{}, t)
	}
	return t
}

// Touch notes that the transaction changes these records, so that the leaf commits to what they are at its end. Every function of a
// store that writes calls it.
func Touch[ID fmt.Stringer](tx *database.Tx, kind Kind, ids ...ID) {
	t := touchedIn(tx)
	if t.ids[kind.Name] == nil {
		t.ids[kind.Name] = map[string]bool{}
		t.kinds = append(t.kinds, kind)
	}
	for _, id := range ids {
		t.ids[kind.Name][id.String()] = true
		delete(t.ahead[kind.Name], id.String())
	}
}

// TouchContent notes a new record with its content, which need not be read back. It must be what the kind's Contents returns.
func TouchContent(tx *database.Tx, kind Kind, id string, content []byte) {
	t := touchedIn(tx)
	row := sealRow{Kind: kind.Name, ObjectID: id}
	row.Salt, row.Commitment = commit(content)
	row.checks = kind.rowChecks(row.Salt, content)
	t.seals = append(t.seals, row)
}
