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

// RotateKey puts the key of the secret text in the place of the configured one, and returns the statement that both have signed.
//
// Faults: log_key_missing, log_key_retired.
func (a *App) RotateKey(ctx context.Context, secret string) (audit.Rotation, string, error) {
	if a.config.LogKey == "" {
		return audit.Rotation{}, "", audit.ErrNoKey
	}
	return audit.Rotate(ctx, a.db, auth.InstallationActor().Act("log.rotate"), a.config.LogKey.Reveal(), secret)
}

// Origin returns the name of the configured key, which is that of the log; empty where there is no key.
func (a *App) Origin() string {
	if signer := signerOf(a.config); signer != nil {
		return signer.Name()
	}
	return ""
}
