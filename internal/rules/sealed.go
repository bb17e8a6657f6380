package rules

import (
	"context"
	"io/fs"
	"slices"
	"strings"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// Sealed is what the log commits to of the rule sets: their files, byte for byte.
func Sealed() audit.Kind { return SealedIn(embedded) }

// SealedIn is Sealed for the rule sets in the folder sets of another file system.
func SealedIn(files fs.FS) audit.Kind {
	contents := func(_ context.Context, _ *database.Tx, ids []string) (map[string][]byte, error) {
		found := make(map[string][]byte, len(ids))
		for _, id := range ids {
			if content, err := fs.ReadFile(files, "sets/"+id+".yaml"); err == nil {
				found[id] = content
			}
		}
		return found, nil
	}
	return audit.Kind{Name: "rule_set", Contents: contents}
}

// Codes returns the codes of the rule sets that come with the program, as their files are named.
func Codes() []string {
	names, err := fs.Glob(embedded, "sets/*.yaml")
	if err != nil {
		return nil
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(strings.TrimPrefix(name, "sets/"), ".yaml")
	}
	slices.Sort(names)
	return names
}
