package audit

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// ErrClockBehind refuses a write whose clock lies behind the last leaf: the order of the log and its times would part.
var ErrClockBehind = fault.New(fault.Unavailable, "clock_behind")

// clockSlack is how far the clock may lie behind the last leaf.
const clockSlack = 2 * time.Minute

const (
	objectsPerLeaf = 500
	recordsAtOnce  = 500
)

// sealed wraps the work of a write: after it, the touched records are sealed and the leaf is appended.
func sealed[T any](ctx context.Context, act Act, fn func(tx *database.Tx) (T, error)) func(tx *database.Tx) (T, error) {
	return func(tx *database.Tx) (T, error) {
		value, err := fn(tx)
		if err == nil {
			err = seal(ctx, tx, act)
		}
		if err != nil {
			var none T
			return none, err
		}
		return value, nil
	}
}

// seal commits to every touched record as it is now, in one leaf or as many as it takes.
func seal(ctx context.Context, tx *database.Tx, act Act) error {
	t, _ := tx.Value(touchedKey{}).(*touched)
	var objects []Object
	var seals []sealRow
	if t != nil {
		for _, kind := range t.kinds {
			for ids := range slices.Chunk(slices.Sorted(maps.Keys(t.ids[kind.Name])), recordsAtOnce) {
				changed, rows, err := sealKind(ctx, tx, kind, ids)
				if err != nil {
					return err
				}
				objects, seals = append(objects, changed...), append(seals, rows...)
			}
		}
	}
	return appendLeaves(ctx, tx, act, objects, seals)
}

// sealKind returns what the leaf says about the records and the seals that hold from now on. A record that is what its seal says
// already is left out.
func sealKind(ctx context.Context, tx *database.Tx, kind Kind, ids []string) ([]Object, []sealRow, error) {
	contents, err := kind.contents(ctx, tx, ids)
	if err != nil {
		return nil, nil, err
	}
	before, err := sealsOf(ctx, tx, kind.Name, ids)
	if err != nil {
		return nil, nil, err
	}
	var objects []Object
	var seals []sealRow
	for _, id := range ids {
		content, there := contents[id]
		old, had := before[id]
		if !there && (!had || old.Commitment == nil) || there && had && bytes.Equal(old.Commitment, commitment32(old.Salt, content)) {
			continue
		}
		object, next := Object{Kind: kind.Name, ID: id}, sealRow{Kind: kind.Name, ObjectID: id}
		if had && old.Commitment != nil {
			object.Before = text64(old.Commitment)
		}
		if there {
			next.Salt, next.Commitment = commit(content)
			object.Commitment = text64(next.Commitment)
		}
		objects, seals = append(objects, object), append(seals, next)
	}
	return objects, seals, nil
}

// appendLeaves takes the head of the log, which it holds until the transaction ends, and writes leaves, hashes and seals.
func appendLeaves(ctx context.Context, tx *database.Tx, act Act, objects []Object, seals []sealRow) error {
	parts := slices.Collect(slices.Chunk(objects, objectsPerLeaf))
	if len(parts) == 0 {
		parts = [][]Object{nil}
	}
	first, at, err := takeHead(ctx, tx, int64(len(parts)))
	if err != nil {
		return err
	}
	if at.Sub(tx.Now) > clockSlack {
		return ErrClockBehind
	}
	leaves := make([]leafRow, len(parts))
	for i, part := range parts {
		leaf := Leaf{
			Format: format, Number: first + int64(i), RecordedAt: stamp(at), Act: act.Name, Actor: act.Actor, Credential: act.Credential,
			Objects: part,
		}
		if len(parts) > 1 {
			leaf.Part, leaf.Parts = i+1, len(parts)
		}
		content, err := canonical(leaf)
		if err != nil {
			return err
		}
		leaves[i] = leafRow{Number: leaf.Number, RecordedAt: at, Content: content}
	}
	for i := range seals {
		seals[i].LeafNumber = first + int64(i/objectsPerLeaf)
	}
	if err := insertLeaves(ctx, tx, leaves); err != nil {
		return err
	}
	if err := growTree(ctx, tx, leaves); err != nil {
		return err
	}
	return saveSeals(ctx, tx, seals)
}
