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

// seal commits to every touched record as it is now and appends the act's leaf.
func seal(ctx context.Context, tx *database.Tx, act Act) error {
	t := touchedIn(tx)
	var objects []Object
	seals := t.seals
	for _, row := range t.seals {
		objects = append(objects, Object{Kind: row.Kind, ID: row.ObjectID, Commitment: text64(row.Commitment), Rows: row.checks})
	}
	if err := SealAhead(ctx, tx); err != nil {
		return err
	}
	for _, kind := range t.kinds {
		for _, id := range slices.Sorted(maps.Keys(t.ahead[kind.Name])) {
			objects, seals = append(objects, t.ahead[kind.Name][id].object), append(seals, t.ahead[kind.Name][id].seal)
		}
	}
	for len(objects) > objectsPerLeaf {
		if err := appendLeaf(ctx, tx, act, t.nextPart(), objects[:objectsPerLeaf], seals[:objectsPerLeaf]); err != nil {
			return err
		}
		objects, seals = objects[objectsPerLeaf:], seals[objectsPerLeaf:]
	}
	return appendLeaf(ctx, tx, act, 0, objects, seals)
}

// SealAhead commits to what was touched so far, so that less is left to do where others wait. What is touched again is sealed again.
func SealAhead(ctx context.Context, tx *database.Tx) error {
	t := touchedIn(tx)
	for _, kind := range t.kinds {
		for ids := range slices.Chunk(slices.Sorted(maps.Keys(t.ids[kind.Name])), recordsAtOnce) {
			objects, seals, err := sealKind(ctx, tx, kind, ids)
			if err != nil {
				return err
			}
			t.keep(kind, objects, seals)
		}
		clear(t.ids[kind.Name])
	}
	return nil
}

// SealNow seals records of an act on very many at once, in a leaf of its own before the act's last, so that memory stays flat.
func SealNow(ctx context.Context, tx *database.Tx, act Act, kind Kind, ids []string) error {
	for some := range slices.Chunk(ids, objectsPerLeaf) {
		objects, seals, err := sealKind(ctx, tx, kind, some)
		if err != nil {
			return err
		}
		for _, id := range some { // this is the later word
			delete(touchedIn(tx).ahead[kind.Name], id)
		}
		if len(objects) == 0 {
			continue
		}
		if err := appendLeaf(ctx, tx, act, touchedIn(tx).nextPart(), objects, seals); err != nil {
			return err
		}
	}
	return nil
}

// sealKind returns what the leaf says about the records and the seals that hold from now on. A record that is what its seal says
// already is left out.
func sealKind(ctx context.Context, tx *database.Tx, kind Kind, ids []string) ([]Object, []sealRow, error) {
	before := map[string]sealRow{}
	contents, err := kind.read(ctx, tx, ids, false, askSeals(kind.Name, ids, before))
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
			object.Commitment, object.Rows = text64(next.Commitment), kind.rowChecks(next.Salt, content)
		}
		objects, seals = append(objects, object), append(seals, next)
	}
	return objects, seals, nil
}

// appendLeaf takes the head of the log, which it holds until the transaction ends, and writes leaf, hashes and seals.
func appendLeaf(ctx context.Context, tx *database.Tx, act Act, part int, objects []Object, seals []sealRow) error {
	h, err := takeHead(ctx, tx)
	if err != nil {
		return err
	}
	if h.at.Sub(tx.Now) > clockSlack {
		return ErrClockBehind
	}
	content, err := canonical(Leaf{
		Format: format, Number: h.number, RecordedAt: stamp(h.at), Act: act.Name, Actor: act.Actor, Credential: act.Credential,
		Part: part, Objects: objects,
	})
	if err != nil {
		return err
	}
	return h.append(ctx, tx, content, seals)
}
