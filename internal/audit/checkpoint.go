package audit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sochibo/internal/database"
)

// Checkpoint is a signed statement about the first Size leaves.
type Checkpoint struct {
	Key  string // the name of the key, which is the origin of the log
	Size int64
	Root tlog.Hash
	At   string // when it was signed: RFC 3339, UTC, microseconds
}

// text is what is signed, in the form of C2SP tlog-checkpoint: origin, size and root, and when, a line each.
func (c Checkpoint) text() string {
	return c.Key + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n" + c.At + "\n"
}

// errCheckpoint is the reason for every checkpoint that cannot be used.
var errCheckpoint = errors.New("is no checkpoint of this log")

// OpenCheckpoint checks the signature and reads the checkpoint.
func OpenCheckpoint(signed []byte, keys note.Verifiers) (Checkpoint, error) {
	opened, err := note.Open(signed, keys)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %w", errCheckpoint, err)
	}
	c, err := parseCheckpoint(opened.Text)
	if err == nil && opened.Sigs[0].Name != c.Key {
		err = fmt.Errorf("%w: it is signed by %s", errCheckpoint, opened.Sigs[0].Name)
	}
	return c, err
}

// readUnverified reads a checkpoint where there is no key to check its signature with.
func readUnverified(signed []byte) (Checkpoint, error) {
	_, err := note.Open(signed, note.VerifierList())
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return Checkpoint{}, fmt.Errorf("%w: %w", errCheckpoint, err)
	}
	return parseCheckpoint(unverified.Note.Text)
}

func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[0] == "" || lines[3] == "" || lines[4] != "" {
		return Checkpoint{}, errCheckpoint
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || lines[1] != strconv.FormatInt(size, 10) {
		return Checkpoint{}, errCheckpoint
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || base64.StdEncoding.EncodeToString(root[:]) != lines[2] {
		return Checkpoint{}, errCheckpoint
	}
	return Checkpoint{lines[0], size, root, lines[3]}, nil
}

// Sign returns the checkpoint of the log as it is, signed, and keeps it. One that was signed before is returned as it is.
//
// Faults: log_key_retired.
func Sign(ctx context.Context, tx *database.Tx, key note.Signer) ([]byte, error) {
	head, err := headOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	rotations, err := rotationsOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	if n := len(rotations); n > 0 && !signs(key, rotations[n-1].PublicKey) {
		return nil, ErrKeyRetired
	}
	if kept, err := findCheckpoint(ctx, tx, head.Size, key.Name()); err != nil || kept != "" {
		return []byte(kept), err
	}
	root, err := tlog.TreeHash(head.Size, hashReader(ctx, tx, nil))
	if err != nil {
		return nil, err
	}
	c := Checkpoint{key.Name(), head.Size, root, stamp(tx.Now)}
	signed, err := note.Sign(&note.Note{Text: c.text()}, key)
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint: %w", err)
	}
	return signed, insertCheckpoint(ctx, tx, checkpointRow{Size: c.Size, KeyName: c.Key, Note: string(signed), CreatedAt: tx.Now})
}

func from64(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	return base64.StdEncoding.Strict().DecodeString(text)
}

// Signed returns how many leaves the newest checkpoint of the key's name is about, 0 where there is none.
func Signed(ctx context.Context, tx *database.Tx, key note.Signer) (int64, error) {
	return lastCheckpoint(ctx, tx, key.Name())
}

// Size returns how many leaves the log has.
func Size(ctx context.Context, tx *database.Tx) (int64, error) {
	head, err := headOf(ctx, tx)
	return head.Size, err
}

// SizeOf returns how many leaves a checkpoint is about, whoever signed it.
func SizeOf(signed []byte) (int64, error) {
	c, err := readUnverified(signed)
	return c.Size, err
}
