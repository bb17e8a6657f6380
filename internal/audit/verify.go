package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sochibo/internal/database"
)

// Mismatch is one place where the store is not what it should be.
type Mismatch struct {
	Place  string // the table and key, the record or the leaf
	Detail string
}

// Check says what to hold the log against.
type Check struct {
	Kinds []Kind // every kind that leaves may name
	Key   string // the public key whose signatures count, and those of the keys it handed over to or took over from; none: any
	Since []byte // checkpoints that somebody kept, one after another, or nothing
}

// Verify reads the whole log and everything it commits to, and returns what does not agree: leaves with their hashes, the tree with its
// checkpoints, the last word about each record with the record. It returns nothing when all is well.
func Verify(ctx context.Context, tx *database.Tx, check Check) ([]Mismatch, error) {
	v := &verifier{tx: tx, check: check, last: map[string]map[string]word{}}
	for _, step := range []struct {
		what string
		run  func(context.Context) error
	}{
		{"log_leaf", v.leaves}, {"log_head", v.head}, {"log_hash", v.hashes}, {"log_rotation", v.rotations},
		{"log_checkpoint", v.checkpoints}, {"since", v.since}, {"log_seal", v.seals}, {"records", v.records}, {"access_entry", v.accesses},
	} {
		err := step.run(ctx)
		if err == nil {
			continue
		}
		if gone := v.usable(ctx); gone != nil {
			return nil, errors.Join(err, gone)
		}
		v.wrong(step.what, "cannot be read: %s", err)
	}
	return v.found, nil
}

type verifier struct {
	tx       *database.Tx
	check    Check
	size     int64
	ended    time.Time                  // of the last leaf
	computed []tlog.Hash                // by position
	last     map[string]map[string]word // by kind and id
	keys     []charge                   // in the order in which they were in charge
	found    []Mismatch
}

// word is what the log says last about a record.
type word struct {
	commitment []byte // nil: it is gone
	leaf       int64
}

func (v *verifier) wrong(place, detail string, args ...any) {
	v.found = append(v.found, Mismatch{place, fmt.Sprintf(detail, args...)})
}

const leavesAtOnce = 200

// leaves reads the leaves in their order, computes the tree and gathers the last word about each record.
func (v *verifier) leaves(ctx context.Context) error {
	limit := leavesAtOnce
	for {
		rows, err := leavesFrom(ctx, v.tx, v.size, limit)
		if err != nil && limit > 1 {
			limit = 1 // to find the one that cannot be read
			continue
		}
		if err != nil {
			return fmt.Errorf("leaf %d: %w", v.size, err)
		}
		for _, row := range rows {
			if row.Number != v.size {
				v.wrong(fmt.Sprintf("log_leaf %d", v.size), "is missing")
				return nil
			}
			if row.RecordedAt.Before(v.ended) {
				v.wrong(fmt.Sprintf("log_leaf %d", row.Number), "is older than the leaf before it")
			}
			v.ended = row.RecordedAt
			hashes, err := tlog.StoredHashes(row.Number, row.Content, tlog.HashReaderFunc(v.readComputed))
			if err != nil {
				return err
			}
			v.computed = append(v.computed, hashes...)
			v.leaf(row)
			v.size++
		}
		if len(rows) == 0 {
			return nil
		}
	}
}

func (v *verifier) readComputed(positions []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(positions))
	for i, p := range positions {
		if p >= int64(len(v.computed)) {
			return nil, fmt.Errorf("the log has no hash at %d", p)
		}
		hashes[i] = v.computed[p]
	}
	return hashes, nil
}

func (v *verifier) head(ctx context.Context) error {
	head, err := headOf(ctx, v.tx)
	if err != nil {
		return err
	}
	if head.Size != v.size {
		v.wrong("log_head", "counts %d leaves, there are %d", head.Size, v.size)
	}
	if v.size > 0 && !head.RecordedAt.Equal(v.ended) {
		v.wrong("log_head", "stands at %s, the last leaf at %s", stamp(head.RecordedAt), stamp(v.ended))
	}
	return nil
}

// leaf reads one leaf.
func (v *verifier) leaf(row leafRow) {
	place := fmt.Sprintf("log_leaf %d", row.Number)
	var leaf Leaf
	if err := json.Unmarshal(row.Content, &leaf); err != nil {
		v.wrong(place, "cannot be read: %s", err)
		return
	}
	if leaf.Format != format || leaf.Number != row.Number || leaf.RecordedAt != stamp(row.RecordedAt) {
		v.wrong(place, "says it is %s %d of %s", leaf.Format, leaf.Number, leaf.RecordedAt)
	}
	for _, object := range leaf.Objects {
		v.object(place, row.Number, object)
	}
}

func (v *verifier) object(place string, number int64, object Object) {
	before, err := from64(object.Before)
	now, errNow := from64(object.Commitment)
	if err != nil || errNow != nil {
		v.wrong(place, "has a broken commitment to %s %s", object.Kind, object.ID)
		return
	}
	byID := v.last[object.Kind]
	if byID == nil {
		byID = map[string]word{}
		v.last[object.Kind] = byID
	}
	if !bytes.Equal(byID[object.ID].commitment, before) {
		v.wrong(place, "does not follow on what leaf %d said about %s %s", byID[object.ID].leaf, object.Kind, object.ID)
	}
	byID[object.ID] = word{now, number}
}

// hashes compares the stored nodes with those that the leaves make.
func (v *verifier) hashes(ctx context.Context) error {
	position := int64(0)
	for {
		rows, err := hashesFrom(ctx, v.tx, position, 5000)
		if err != nil {
			return err
		}
		for _, row := range rows {
			switch {
			case row.Position >= int64(len(v.computed)):
				v.wrong(fmt.Sprintf("log_hash %d", row.Position), "belongs to no leaf")
			case !bytes.Equal(row.Hash, v.computed[row.Position][:]):
				level, n := tlog.SplitStoredHashIndex(row.Position)
				v.wrong(fmt.Sprintf("log_hash %d", row.Position), "is not what the leaves from %d on make", n<<uint(level))
			case row.Position != position:
				v.wrong(fmt.Sprintf("log_hash %d", position), "is missing")
			}
			position = row.Position + 1
		}
		if len(rows) == 0 {
			break
		}
	}
	if position < int64(len(v.computed)) {
		v.wrong(fmt.Sprintf("log_hash %d", position), "is missing")
	}
	return nil
}

// seals compares the seals with the last words of the log.
func (v *verifier) seals(ctx context.Context) error {
	for _, kind := range slices.Sorted(maps.Keys(v.last)) {
		seen := 0
		err := eachSeal(ctx, v.tx, kind, func(row sealRow) {
			said, ok := v.last[kind][row.ObjectID]
			switch {
			case !ok:
				v.wrong(place(row), "no leaf names it")
				return
			case !bytes.Equal(said.commitment, row.Commitment) || said.leaf != row.LeafNumber:
				v.wrong(place(row), "differs from leaf %d", said.leaf)
			}
			seen++
		})
		if err != nil {
			return err
		}
		if seen < len(v.last[kind]) {
			v.wrong("log_seal "+kind, "%d records that leaves name have no seal", len(v.last[kind])-seen)
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
	contents, err := kind.stored(ctx, v.tx, ids)
	if err != nil && len(ids) == 1 {
		v.wrong(kind.Name+" "+ids[0], "cannot be read: %s", err)
		return v.usable(ctx)
	}
	if err != nil { // one row spoils the reading of all: find it
		if err := v.usable(ctx); err != nil {
			return err
		}
		for _, id := range ids {
			if err := v.compareRecords(ctx, kind, []string{id}); err != nil {
				return err
			}
		}
		return nil
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
			v.wrong(place, "is not what leaf %d committed to", seal.LeafNumber)
		}
	}
	return nil
}

// usable tells whether the transaction still answers after a row that could not be read.
func (v *verifier) usable(ctx context.Context) error {
	return database.Gorm(ctx, v.tx).Exec("SELECT 1").Error
}
