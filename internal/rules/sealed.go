package rules

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// Kind is the name under which the log commits to rule sets.
const Kind = "rule_set"

// Sealed is what the log commits to of the rule sets that come with the program.
func Sealed() audit.Kind {
	contents := func(ctx context.Context, tx *database.Tx, ids []string) (map[string][]byte, error) {
		book, err := Embedded()
		if err != nil {
			return nil, err
		}
		return book.Sealed().Contents(ctx, tx, ids)
	}
	return audit.Kind{Name: Kind, Contents: contents}
}

// Sealed is what the log commits to of the rule sets of the book: their files, byte for byte.
func (b *Book) Sealed() audit.Kind { return SealedIn(b.files) }

// SealedIn is what the log commits to of rule sets that have these files, by their ids.
func SealedIn(files map[string][]byte) audit.Kind {
	contents := func(_ context.Context, _ *database.Tx, ids []string) (map[string][]byte, error) {
		found := make(map[string][]byte, len(ids))
		for _, id := range ids {
			if content, is := files[id]; is {
				found[id] = content
			}
		}
		return found, nil
	}
	return audit.Kind{Name: Kind, Contents: contents}
}
