package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
		{"log_leaf", v.leaves}, {"instants", v.instants}, {"log_head", v.head}, {"log_hash", v.hashes}, {"log_rotation", v.rotations},
		{"log_checkpoint", v.checkpoints}, {"since", v.since}, {"log_seal", v.seals}, {"records", v.records}, {"access_entry", v.accesses},
	} {
		failed, gone := database.Try(ctx, tx, func() error { return step.run(ctx) })
		if gone != nil {
			return nil, errors.Join(failed, gone)
		}
		if failed != nil {
			v.wrong(step.what, "cannot be read: %s", failed)
		}
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
	rows       string // checks of the single rows, where the leaf has them
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
			return fmt.Errorf("log_leaf %d: %w", v.size, err)
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
		if len(rows) < limit {
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

// instants looks at how the times in the log's own tables are written.
func (v *verifier) instants(ctx context.Context) error {
	for _, t := range []struct{ table, name, column string }{
		{"log_leaf", "' ' || number", "recorded_at"}, {"log_checkpoint", "' ' || size || ' ' || key_name", "created_at"}, {"log_head", "''", "recorded_at"},
	} {
		odd, err := oddInstants(ctx, v.tx, t.table, t.name, t.column)
		if err != nil {
			return err
		}
		for _, place := range odd {
			v.wrong(place, "%s is not written as the program writes it", t.column)
		}
	}
	return nil
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
	byID[object.ID] = word{now, number, object.Rows}
}

// hashes compares the stored nodes with those that the leaves make.
func (v *verifier) hashes(ctx context.Context) error {
	const atOnce = 5000
	position := int64(0)
	for {
		rows, err := hashesFrom(ctx, v.tx, position, atOnce)
		if err != nil {
			return err
		}
		for _, row := range rows {
			for ; position < min(row.Position, int64(len(v.computed))); position++ {
				v.wrong(fmt.Sprintf("log_hash %d", position), "is missing")
			}
			v.hash(row)
			position = row.Position + 1
		}
		if len(rows) < atOnce {
			break
		}
	}
	for ; position < int64(len(v.computed)); position++ {
		v.wrong(fmt.Sprintf("log_hash %d", position), "is missing")
	}
	return nil
}

func (v *verifier) hash(row hashRow) {
	place := fmt.Sprintf("log_hash %d", row.Position)
	if row.Position >= int64(len(v.computed)) {
		v.wrong(place, "belongs to no leaf")
		return
	}
	if bytes.Equal(row.Hash, v.computed[row.Position][:]) {
		return
	}
	if level, n := tlog.SplitStoredHashIndex(row.Position); level > 0 {
		v.wrong(place, "is not what the leaves from %d on make", n<<uint(level))
	} else {
		v.wrong(place, "is not the hash of log_leaf %d", n)
	}
}
