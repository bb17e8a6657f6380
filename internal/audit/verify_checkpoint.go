package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sochibo/internal/database"
)

// charge is a key with the number of the leaf by which it took charge: it signs for trees that hold that leaf.
type charge struct {
	key  string
	leaf int64
}

// rotations follows the keys of the log from one to the next. What follows on a rotation that does not count is not believed.
func (v *verifier) rotations(ctx context.Context) error {
	rows, err := rotationsOf(ctx, v.tx)
	if err != nil {
		return errors.Join(err, v.anchor())
	}
	for _, row := range rows {
		r, why := v.rotation(row)
		if why != "" {
			v.wrong("log_rotation "+row.PublicKey, "%s", why)
			break
		}
		if len(v.keys) == 0 {
			v.keys = []charge{{r.Old, -1}}
		}
		v.keys = append(v.keys, charge{r.New, r.Leaf})
	}
	return v.anchor()
}

// rotation reads a rotation and says why it does not count, or nothing.
func (v *verifier) rotation(row rotationRow) (r Rotation, why string) {
	r, err := openRotation(row.Note)
	told, named := v.last[SealedRotation().Name][row.PublicKey]
	switch {
	case err != nil:
		return r, err.Error()
	case r.New != row.PublicKey || r.Leaf != row.LeafNumber || r.At != stamp(row.CreatedAt):
		return r, fmt.Sprintf("is a statement about %s from leaf %d on, of %s", r.New, r.Leaf, r.At)
	case !named || told.leaf != r.Leaf:
		return r, fmt.Sprintf("is not what leaf %d tells", r.Leaf)
	case len(v.keys) > 0 && v.keys[len(v.keys)-1].key != r.Old:
		return r, "follows on a key that was not in charge"
	default:
		return r, ""
	}
}

// anchor looks for the key whose signatures count among those of the log. It may be any of them: each handover is signed by both.
func (v *verifier) anchor() error {
	if v.check.Key == "" {
		return nil
	}
	for _, c := range v.keys {
		if c.key == v.check.Key {
			return nil
		}
	}
	if len(v.keys) > 0 {
		v.wrong("log_rotation", "the key given is none of the keys of this log")
	}
	v.keys = []charge{{v.check.Key, -1}}
	return nil
}

// inCharge returns the key that signs for a tree of that many leaves, nothing where no key is known.
func (v *verifier) inCharge(size int64) string {
	key := ""
	for _, c := range v.keys {
		if c.leaf < size {
			key = c.key
		}
	}
	return key
}

// checkpoints holds every signed checkpoint against the tree.
func (v *verifier) checkpoints(ctx context.Context) error {
	keys, err := checkpointKeys(ctx, v.tx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		var row checkpointRow
		failed, gone := database.Try(ctx, v.tx, func() (err error) {
			row, err = takeCheckpoint(ctx, v.tx, key)
			return err
		})
		if gone != nil {
			return gone
		}
		if failed != nil {
			v.wrong(fmt.Sprintf("log_checkpoint %d %s", key.Size, key.KeyName), "cannot be read: %s", failed)
			continue
		}
		v.checkpoint(row)
	}
	return nil
}

// checkpoint holds one against the tree.
func (v *verifier) checkpoint(row checkpointRow) {
	place := fmt.Sprintf("log_checkpoint %d %s", row.Size, row.KeyName)
	checkpoint, err := v.open([]byte(row.Note))
	switch {
	case err != nil:
		v.wrong(place, "%s", err)
	case checkpoint.Size != row.Size || checkpoint.Key != row.KeyName || checkpoint.At != stamp(row.CreatedAt):
		v.wrong(place, "is a note about %d leaves by %s of %s", checkpoint.Size, checkpoint.Key, checkpoint.At)
	default:
		v.compare(place, checkpoint)
	}
}

// open reads a checkpoint and checks that the key in charge has signed it.
func (v *verifier) open(signed []byte) (Checkpoint, error) {
	checkpoint, err := readUnverified(signed)
	if err != nil {
		return checkpoint, err
	}
	key := v.inCharge(checkpoint.Size)
	if key == "" {
		return checkpoint, nil
	}
	verifier, err := verifierOf(key)
	if err != nil {
		return checkpoint, err
	}
	checkpoint, err = OpenCheckpoint(signed, note.VerifierList(verifier))
	if err != nil {
		err = fmt.Errorf("%w (the key in charge is %s)", err, key)
	}
	return checkpoint, err
}

// compare holds a checkpoint against the tree that the leaves make.
func (v *verifier) compare(place string, c Checkpoint) {
	if c.Size > v.size {
		v.wrong(place, "is about %d leaves, the log has %d: leaves were removed", c.Size, v.size)
		return
	}
	root, err := tlog.TreeHash(c.Size, tlog.HashReaderFunc(v.readComputed))
	if err != nil || root != c.Root {
		v.wrong(place, "has another root than the first %d leaves make: the log was rewritten", c.Size)
	}
}

// since holds the checkpoints that somebody kept against the log, each of them.
func (v *verifier) since(context.Context) error {
	if v.check.Since == nil {
		return nil
	}
	notes := SplitNotes(v.check.Since)
	if len(notes) == 0 {
		v.wrong("the checkpoint given", "is empty")
	}
	for i, signed := range notes {
		place := "the checkpoint given"
		if len(notes) > 1 {
			place = fmt.Sprintf("checkpoint %d of those given", i+1)
		}
		checkpoint, err := v.open(signed)
		if err != nil {
			v.wrong(place, "%s", err)
			continue
		}
		v.compare(place, checkpoint)
	}
	return nil
}

// SplitNotes takes apart signed notes that stand one after another, with or without empty lines between them: a line after the
// signatures of one begins the next.
func SplitNotes(text []byte) [][]byte {
	var notes [][]byte
	var current []byte
	signed := false
	for line := range bytes.SplitAfterSeq(text, []byte("\n")) {
		empty := len(bytes.TrimSpace(line)) == 0
		switch {
		case bytes.HasPrefix(line, []byte("— ")):
			signed = true
		case empty && (signed || current == nil):
			continue
		case signed:
			notes, current, signed = append(notes, current), nil, false
		}
		current = append(current, line...)
	}
	if current != nil {
		notes = append(notes, current)
	}
	return notes
}
