package app

import (
	"context"
	"fmt"

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
	applied, err := database.Migrate(ctx, a.db)
	if err != nil {
		return applied, err
	}
	installation := auth.InstallationActor()
	if err := audit.Begin(ctx, a.db, installation.Act("log.begin"), Kinds()); err != nil {
		return applied, fmt.Errorf("begin the log: %w", err)
	}
	return applied, audit.Renew(ctx, a.db, installation.Act("rules.load"), rules.Sealed(), rules.Codes())
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
