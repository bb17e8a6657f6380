package app

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/rules"
)

// Migrate brings the schema up to date and returns what was applied. It refuses a schema newer than the program. What the log has
// not committed to yet, because it is older than the log or came with the program, gets its leaves.
func (a *App) Migrate(ctx context.Context) ([]string, error) {
	if a.broken != nil {
		return nil, a.broken
	}
	applied, err := database.Migrate(ctx, a.db)
	if err != nil {
		return applied, err
	}
	installation := auth.InstallationActor()
	if err := audit.Begin(ctx, a.db, installation.Act("log.begin"), a.kinds()); err != nil {
		return applied, fmt.Errorf("begin the log: %w", err)
	}
	return applied, a.renewRules(ctx)
}

// renewRules commits the log to the rule sets as they are now, and to the end of those that are there no longer.
func (a *App) renewRules(ctx context.Context) error {
	book := a.Rules.Book()
	before, err := database.Read(ctx, a.db, func(tx *database.Tx) ([]string, error) { return audit.Sealed(ctx, tx, rules.Kind) })
	if err != nil {
		return err
	}
	ids := append(before, book.Codes()...)
	slices.Sort(ids)
	return audit.Renew(ctx, a.db, auth.InstallationActor().Act("rules.load"), book.Sealed(), slices.Compact(ids))
}

// signerOf returns the key that signs checkpoints, nil where none is configured; config has checked it.
func signerOf(c config.Config) note.Signer {
	signer, err := note.NewSigner(c.LogKey.Reveal())
	if err != nil {
		return nil
	}
	return signer
}

// verifiers returns the configured key as the one whose signatures count, nil where none is configured.
func (a *App) verifiers() (note.Verifiers, error) {
	if a.config.LogKey == "" {
		return nil, nil
	}
	text, err := audit.PublicKey(a.config.LogKey.Reveal())
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return nil, err
	}
	return note.VerifierList(verifier), nil
}
