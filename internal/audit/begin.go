package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// ErrNoKey tells that nobody can sign: no key is configured.
var ErrNoKey = fault.New(fault.NotFound, "log_key_missing")

// Begin commits an empty log to everything that is in the store already; a log with leaves stays as it is.
func Begin(ctx context.Context, db *database.DB, act Act, kinds []Kind) error {
	empty, err := database.Read(ctx, db, func(tx *database.Tx) (bool, error) {
		head, err := headOf(ctx, tx)
		return head.Size == 0, err
	})
	if err != nil || !empty {
		return err
	}
	_, err = Bulk(ctx, db, act, func(tx *database.Tx) (struct{}, error) {
		for _, kind := range kinds {
			if kind.Contents != nil {
				if err := beginListed(ctx, tx, act, kind); err != nil {
					return struct{}{}, err
				}
				continue
			}
			ids, err := kind.ids(ctx, tx)
			if err == nil {
				err = SealNow(ctx, tx, act, kind, ids)
			}
			if err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}

// beginListed seals records of a kind that lists its own.
func beginListed(ctx context.Context, tx *database.Tx, act Act, kind Kind) error {
	if kind.IDs == nil {
		return nil
	}
	ids, err := kind.IDs(ctx, tx)
	if err != nil {
		return err
	}
	return SealNow(ctx, tx, act, kind, ids)
}

// Renew commits to records that came with the program where the log says something else about them.
func Renew(ctx context.Context, db *database.DB, act Act, kind Kind, ids []string) error {
	same, err := database.Read(ctx, db, func(tx *database.Tx) (bool, error) {
		objects, _, err := sealKind(ctx, tx, kind, ids)
		return len(objects) == 0, err
	})
	if err != nil || same {
		return err
	}
	_, err = Write(ctx, db, act, func(tx *database.Tx) (struct{}, error) { return struct{}{}, SealNow(ctx, tx, act, kind, ids) })
	return err
}

// NewKey makes a key for checkpoints: the secret text, which belongs into a file of its own, and the public one.
func NewKey(origin string) (secret, public string, err error) {
	return note.GenerateKey(rand.Reader, origin)
}

// PublicKey returns the public text of a secret one.
func PublicKey(secret string) (string, error) {
	parts := strings.SplitN(secret, "+", 5)
	if _, err := note.NewSigner(secret); err != nil || len(parts) != 5 {
		return "", fmt.Errorf("not a key of the log: %w", err)
	}
	seed, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return "", fmt.Errorf("not a key of the log: %w", err)
	}
	public, ok := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("not a key of the log")
	}
	return note.NewEd25519VerifierKey(parts[2], slices.Clone(public))
}

// ParseKey reads a public key and returns it as it is written here, so that one key has one text.
func ParseKey(text string) (string, error) {
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return "", fmt.Errorf("not a public key of the log: %w", err)
	}
	_, encoded, _ := strings.Cut(strings.TrimPrefix(text, verifier.Name()+"+"), "+")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) != 1+ed25519.PublicKeySize {
		return "", fmt.Errorf("not a public key of the log: %w", err)
	}
	return note.NewEd25519VerifierKey(verifier.Name(), key[1:])
}
