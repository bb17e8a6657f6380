package audit

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"

	"sochibo/internal/database"
)

// seals compares the seals with the last words of the log.
func (v *verifier) seals(ctx context.Context) error {
	for _, kind := range slices.Sorted(maps.Keys(v.last)) {
		seen := make(map[string]bool, len(v.last[kind]))
		err := eachSeal(ctx, v.tx, kind, func(row sealRow) {
			said, ok := v.last[kind][row.ObjectID]
			switch {
			case !ok:
				v.wrong(place(row), "no leaf names it")
				return
			case !bytes.Equal(said.commitment, row.Commitment) || said.leaf != row.LeafNumber:
				v.wrong(place(row), "differs from leaf %d", said.leaf)
			}
			seen[row.ObjectID] = true
		})
		if err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(v.last[kind])) {
			if !seen[id] {
				v.wrong("log_seal "+kind+" "+id, "is missing: leaf %d names the record", v.last[kind][id].leaf)
			}
		}
	}
	kinds, err := sealedKinds(ctx, v.tx)
	for _, kind := range kinds {
		if v.last[kind] == nil {
			v.wrong("log_seal "+kind, "no leaf names such records")
		}
	}
	return err
}

func place(row sealRow) string { return "log_seal " + row.Kind + " " + row.ObjectID }

// records compares every record with its seal.
func (v *verifier) records(ctx context.Context) error {
	for _, kind := range v.check.Kinds {
		ids, err := v.idsOf(ctx, kind)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(ids, recordsAtOnce) {
			if err := v.compareRecords(ctx, kind, some); err != nil {
				return err
			}
		}
	}
	return nil
}

// idsOf returns every record of the kind that has rows or that the log names.
func (v *verifier) idsOf(ctx context.Context, kind Kind) ([]string, error) {
	all := map[string]bool{}
	for id := range v.last[kind.Name] {
		all[id] = true
	}
	if kind.Contents == nil {
		ids, err := kind.ids(ctx, v.tx)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			all[id] = true
		}
	}
	return slices.Sorted(maps.Keys(all)), nil
}

func (v *verifier) compareRecords(ctx context.Context, kind Kind, ids []string) error {
	seals, err := sealsOf(ctx, v.tx, kind.Name, ids)
	if err != nil {
		return err
	}
	var contents map[string][]byte
	failed, gone := database.Try(ctx, v.tx, func() (err error) {
		contents, err = kind.stored(ctx, v.tx, ids)
		return err
	})
	if gone != nil {
		return gone
	}
	if failed != nil {
		return v.unreadable(ctx, kind, ids, failed)
	}
	for _, id := range ids {
		content, there := contents[id]
		seal, sealed := seals[id]
		sealed = sealed && seal.Commitment != nil
		place := kind.Name + " " + id
		switch {
		case there && !sealed:
			v.wrong(place, "stands in the store, but no leaf committed to it")
		case !there && sealed:
			v.wrong(place, "is missing: leaf %d committed to it", seal.LeafNumber)
		case there && !bytes.Equal(seal.Commitment, commitment32(seal.Salt, content)):
			v.wrong(place, "is not what leaf %d committed to%s", seal.LeafNumber, v.changedRows(kind, id, seal.Salt, content))
		}
	}
	return nil
}

// unreadable finds what spoils the reading of the records: the record, and its row where rows have names.
func (v *verifier) unreadable(ctx context.Context, kind Kind, ids []string, reason error) error {
	if half := len(ids) / 2; half > 0 {
		if err := v.compareRecords(ctx, kind, ids[:half]); err != nil {
			return err
		}
		return v.compareRecords(ctx, kind, ids[half:])
	}
	v.wrong(kind.Name+" "+ids[0], "cannot be read: %s%s", reason, v.unreadableRows(ctx, kind, ids[0]))
	return nil
}

// unreadableRows names those rows of a record that cannot be read, one by one.
func (v *verifier) unreadableRows(ctx context.Context, kind Kind, id string) string {
	if kind.Rows == nil {
		return ""
	}
	names, err := kind.Rows.Of(id)
	if err != nil {
		return ""
	}
	return rowList(slices.DeleteFunc(names, func(name string) bool {
		failed, gone := database.Try(ctx, v.tx, func() error {
			_, err := kind.stored(ctx, v.tx, []string{kind.Rows.One(name)})
			return err
		})
		return failed == nil && gone == nil
	}))
}

// changedRows names those rows of a record that are not what the leaf has checks of.
func (v *verifier) changedRows(kind Kind, id string, salt, content []byte) string {
	said, err := from64(v.last[kind.Name][id].rows)
	if kind.Rows == nil || err != nil || len(said) == 0 {
		return ""
	}
	names, err := kind.Rows.Of(id)
	if err != nil || len(said) != len(names)*rowCheckBytes {
		return ""
	}
	there := map[string]bool{}
	for check := range slices.Chunk(rowChecks(salt, content), rowCheckBytes) {
		there[string(check)] = true
	}
	var changed []string
	for i, name := range names {
		if !there[string(said[i*rowCheckBytes:(i+1)*rowCheckBytes])] {
			changed = append(changed, name)
		}
	}
	return rowList(changed)
}

func rowList(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ": row " + strings.Join(names, ", ")
}
