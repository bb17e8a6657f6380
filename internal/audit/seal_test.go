package audit_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// named is the id of a record.
type named string

func (n named) String() string { return string(n) }

// TestTouchedAgain changes a record after it was sealed ahead of the leaf: the leaf says of it what it is at the end, and says it once; of one that
// is again what it was, the leaf says nothing.
func TestTouchedAgain(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			db := dbtest.Open(t, engine, database.Options{})
			content := map[string][]byte{}
			kind := audit.Kind{Name: "page", Contents: func(_ context.Context, _ *database.Tx, ids []string) (map[string][]byte, error) {
				found := map[string][]byte{}
				for _, id := range ids {
					if text, there := content[id]; there {
						found[id] = text
					}
				}
				return found, nil
			}}
			write := func(tx *database.Tx, id named, text string) {
				audit.Touch(tx, kind, id)
				content[id.String()] = []byte(text)
			}
			act := audit.Act{Name: "test.write", Actor: "installation"}
			if _, err := audit.Write(t.Context(), db, act, func(tx *database.Tx) (int, error) {
				write(tx, "d", "as it has always been")
				return 0, nil
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := audit.Write(t.Context(), db, act, func(tx *database.Tx) (int, error) {
				write(tx, "a", "as it was at first")
				write(tx, "b", "as it stays")
				write(tx, "d", "as it is for a while")
				if err := audit.SealAhead(t.Context(), tx); err != nil {
					return 0, err
				}
				write(tx, "a", "as it is in the end")
				write(tx, "c", "later than the others")
				write(tx, "d", "as it has always been")
				return 0, nil
			}); err != nil {
				t.Fatal(err)
			}
			if got := recordsIn(t, db); got != "d a b c" {
				t.Errorf("the leaves name %q", got)
			}
			verified(t, db, kind)
		})
	}
}

// recordsIn returns the records that the leaves of the log name, in their order.
func recordsIn(tb testing.TB, db *database.DB) string {
	tb.Helper()
	leaves, err := database.Read(tb.Context(), db, func(tx *database.Tx) (contents [][]byte, err error) {
		return contents, database.Gorm(tb.Context(), tx).Table("log_leaf").Order("number").Pluck("content", &contents).Error
	})
	if err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, content := range leaves {
		var leaf audit.Leaf
		if err := json.Unmarshal(content, &leaf); err != nil {
			tb.Fatal(err)
		}
		for _, object := range leaf.Objects {
			names = append(names, object.ID)
		}
	}
	return strings.Join(names, " ")
}
