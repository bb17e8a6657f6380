package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// ErrKeyRetired tells that the configured key signs no longer: another took its place.
var ErrKeyRetired = fault.New(fault.Unavailable, "log_key_retired")

// rotationFormat is the version of the form of statements that another key signs from now on.
const rotationFormat = "sochibo/log-rotation/1"

// Rotation says that from a leaf on another key signs the checkpoints: those of trees that hold the leaf. Both keys sign it, the old one
// because it alone can hand over, the new one because nobody is to be named who does not hold it.
type Rotation struct {
	Leaf     int64 // the leaf that tells of the rotation
	Old, New string
	At       string // RFC 3339, UTC, microseconds
}

// text is what is signed, a line each: the form, the number of the leaf, the old key, the new key, and when.
func (r Rotation) text() string {
	return strings.Join([]string{rotationFormat, strconv.FormatInt(r.Leaf, 10), r.Old, r.New, r.At, ""}, "\n")
}

// errRotation is the reason for every statement about keys that does not count.
var errRotation = errors.New("is no rotation of the log's key")

func parseRotation(text string) (Rotation, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 6 || lines[0] != rotationFormat {
		return Rotation{}, errRotation
	}
	leaf, err := strconv.ParseInt(lines[1], 10, 64)
	r := Rotation{Leaf: leaf, Old: lines[2], New: lines[3], At: lines[4]}
	if err != nil || leaf < 0 || r.text() != text || r.Old == r.New {
		return Rotation{}, errRotation
	}
	return r, nil
}

// openRotation reads a rotation and checks the signatures of both keys that it names.
func openRotation(signed string) (Rotation, error) {
	_, err := note.Open([]byte(signed), note.VerifierList())
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return Rotation{}, fmt.Errorf("%w: %w", errRotation, err)
	}
	r, err := parseRotation(unverified.Note.Text)
	if err != nil {
		return Rotation{}, err
	}
	for name, key := range map[string]string{"old": r.Old, "new": r.New} {
		verifier, err := verifierOf(key)
		if err != nil {
			return Rotation{}, fmt.Errorf("%w: %w", errRotation, err)
		}
		if _, err := note.Open([]byte(signed), note.VerifierList(verifier)); err != nil {
			return Rotation{}, fmt.Errorf("%w: the %s key has not signed it", errRotation, name)
		}
	}
	return r, nil
}

// verifierOf reads a public key in the one form in which keys are written here: two texts are two keys.
func verifierOf(text string) (note.Verifier, error) {
	same, err := ParseKey(text)
	if err == nil && same != text {
		err = errors.New("the key is not written as sochibo writes keys")
	}
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(text)
}

// signs reports whether the signer is the one of the public key, as far as its name and short hash tell.
func signs(signer note.Signer, key string) bool {
	verifier, err := verifierOf(key)
	return err == nil && verifier.Name() == signer.Name() && verifier.KeyHash() == signer.KeyHash()
}

// keyName is a public key as the id of a record.
type keyName string

// String is the text of the key.
func (k keyName) String() string { return string(k) }

// SealedRotation is what the log commits to of a rotation. The record's id is the new public key, so that the leaf names it.
func SealedRotation() Kind {
	return Kind{Name: "log_key", Parts: []Part{{Model: rotationRow{}, Key: "public_key"}}}
}

// Rotate puts the new key in the place of the old one, from the leaf on that tells so, and returns the signed statement.
//
// Faults: log_key_retired, if the old key has been rotated away itself.
func Rotate(ctx context.Context, db *database.DB, act Act, oldSecret, newSecret string) (Rotation, string, error) {
	signers, r, err := bothKeys(oldSecret, newSecret)
	if err != nil {
		return Rotation{}, "", err
	}
	var signed []byte
	r, err = Write(ctx, db, act, func(tx *database.Tx) (Rotation, error) {
		rotation, err := r, error(nil)
		if rotation.Leaf, err = holdHead(ctx, tx); err != nil {
			return Rotation{}, err
		}
		if err := follows(ctx, tx, rotation); err != nil {
			return Rotation{}, err
		}
		rotation.At = stamp(tx.Now)
		if signed, err = note.Sign(&note.Note{Text: rotation.text()}, signers...); err != nil {
			return Rotation{}, fmt.Errorf("sign the rotation: %w", err)
		}
		return rotation, insertRotation(ctx, tx, rotationRow{rotation.New, rotation.Leaf, string(signed), tx.Now})
	})
	return r, string(signed), err
}

// bothKeys reads the keys of a rotation, which bear one name: that of the log.
func bothKeys(oldSecret, newSecret string) ([]note.Signer, Rotation, error) {
	var r Rotation
	var signers []note.Signer
	for secret, public := range map[string]*string{oldSecret: &r.Old, newSecret: &r.New} {
		signer, err := note.NewSigner(secret)
		if err != nil {
			return nil, r, fmt.Errorf("not a key of the log: %w", err)
		}
		if *public, err = PublicKey(secret); err != nil {
			return nil, r, err
		}
		signers = append(signers, signer)
	}
	if len(signers) < 2 {
		return nil, r, errors.New("the new key is the one in use")
	}
	if signers[0].Name() != signers[1].Name() {
		return nil, r, errors.New("the new key bears another name than the log: make it with the same origin")
	}
	return signers, r, nil
}

// follows refuses a rotation from a key that is not in charge, or to one that was before.
func follows(ctx context.Context, tx *database.Tx, r Rotation) error {
	rows, err := rotationsOf(ctx, tx)
	if err != nil {
		return err
	}
	for i, row := range rows {
		before, err := openRotation(row.Note)
		switch {
		case err != nil:
			return err
		case i == len(rows)-1 && before.New != r.Old:
			return ErrKeyRetired
		case before.New == r.New || before.Old == r.New:
			return errors.New("the new key was the key of the log before")
		}
	}
	return nil
}
