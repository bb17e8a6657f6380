package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
)

// find returns the identity of a person at a provider, or ErrUnlinked.
func find(ctx context.Context, tx *database.Tx, in Input) (Identity, error) {
	row, err := database.Of[Identity](database.Gorm(ctx, tx)).Where("issuer = ? AND subject = ?", in.Issuer, in.Subject).Take(ctx)
	return row, unknown(err, ErrUnlinked)
}

// findOf returns an identity of the user, or ErrUnknown.
func findOf(ctx context.Context, tx *database.Tx, user auth.UserID, id uuid.UUID) (Identity, error) {
	row, err := database.Of[Identity](database.Gorm(ctx, tx)).Where("id = ? AND user_id = ?", id, user).Take(ctx)
	return row, unknown(err, ErrUnknown)
}

// list returns the identities of the user, the first one first.
func list(ctx context.Context, tx *database.Tx, user auth.UserID) ([]Identity, error) {
	rows, err := database.Of[Identity](database.Gorm(ctx, tx)).Where("user_id = ?", user).Order("id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("identities of user %s: %w", user, err)
	}
	return rows, nil
}

// insert keeps an identity. Faults: identity_taken.
func insert(ctx context.Context, tx *database.Tx, i *Identity) error {
	audit.Touch(tx, Sealed(), i.ID)
	return database.Taken(database.Of[Identity](database.Gorm(ctx, tx)).Create(ctx, i), ErrTaken)
}

func remove(ctx context.Context, tx *database.Tx, i Identity) error {
	audit.Touch(tx, Sealed(), i.ID)
	if _, err := database.Of[Identity](database.Gorm(ctx, tx)).Where("id = ?", i.ID).Delete(ctx); err != nil {
		return fmt.Errorf("remove identity %s: %w", i.ID, err)
	}
	return nil
}

func insertExchange(ctx context.Context, tx *database.Tx, x *Exchange) error {
	if err := database.Of[Exchange](database.Gorm(ctx, tx)).Create(ctx, x); err != nil {
		return fmt.Errorf("insert login exchange: %w", err)
	}
	return nil
}

// takeExchange returns the exchange of the state and spends it, or nothing: it is unknown, spent, too old, or of another browser, and
// stays as it is.
func takeExchange(ctx context.Context, tx *database.Tx, state, browser string) (*Exchange, error) {
	x, err := database.Of[Exchange](database.Gorm(ctx, tx)).Where("state_hash = ?", hashOf(state)).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && !x.usable(tx.Now, browser) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find login exchange: %w", err)
	}
	// Of two that come at once, one finds the row spent.
	n, err := database.Of[Exchange](database.Gorm(ctx, tx)).Where("id = ? AND used_at IS NULL", x.ID).
		Select("used_at", "nonce", "verifier").Updates(ctx, Exchange{UsedAt: &tx.Now})
	if err != nil || n == 0 {
		return nil, err
	}
	return &x, nil
}

func pruneExchanges(ctx context.Context, tx *database.Tx) error {
	if _, err := database.Of[Exchange](database.Gorm(ctx, tx)).Where("expires_at < ?", tx.Now).Delete(ctx); err != nil {
		return fmt.Errorf("prune login exchanges: %w", err)
	}
	return nil
}

// unknown says what a missing row means here.
func unknown(err, asFault error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return asFault
	}
	return err
}
