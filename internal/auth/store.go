package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// FindUser returns the user, or ErrUserUnknown.
func FindUser(ctx context.Context, tx *database.Tx, id UserID) (User, error) {
	user, err := database.Of[User](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	return user, unknown(err, ErrUserUnknown)
}

func findUserByName(ctx context.Context, tx *database.Tx, name string) (User, error) {
	if !userName.MatchString(name) {
		return User{}, ErrUserUnknown // it may be text that a store cannot even compare
	}
	user, err := database.Of[User](database.Gorm(ctx, tx)).Where("name = ?", name).Take(ctx)
	return user, unknown(err, ErrUserUnknown)
}

func insertUser(ctx context.Context, tx *database.Tx, user *User) error {
	audit.Touch(tx, SealedUser(), user.ID)
	return database.Taken(database.Of[User](database.Gorm(ctx, tx)).Create(ctx, user), ErrNameTaken)
}

func insertToken(ctx context.Context, tx *database.Tx, token *Token) error {
	audit.Touch(tx, SealedToken(), token.ID)
	return database.Referenced(database.Of[Token](database.Gorm(ctx, tx)).Create(ctx, token), ErrGrantUnknown)
}

// grantOf reports whether the grant was given to the user and has not ended.
func grantOf(ctx context.Context, tx *database.Tx, grant uuid.UUID, user UserID) (bool, error) {
	var count int64
	const query = `SELECT count(*) FROM role_grant WHERE id = ? AND user_id = ? AND (valid_to IS NULL OR valid_to >= ?)`
	err := database.Gorm(ctx, tx).Raw(query, grant, user, tx.Today()).Scan(&count).Error
	return count > 0, err
}

func findToken(ctx context.Context, tx *database.Tx, id uuid.UUID) (Token, error) {
	token, err := database.Of[Token](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	return token, unknown(err, ErrTokenUnknown)
}

func listTokens(ctx context.Context, tx *database.Tx, user UserID) ([]Token, error) {
	return database.Of[Token](database.Gorm(ctx, tx)).Where("user_id = ?", user).Order("id").Find(ctx)
}

func revokeToken(ctx context.Context, tx *database.Tx, id uuid.UUID, at time.Time) error {
	audit.Touch(tx, SealedToken(), id)
	_, err := database.Of[Token](database.Gorm(ctx, tx)).Where("id = ? AND revoked_at IS NULL", id).Update(ctx, "revoked_at", at)
	return err
}

// holder is a token with what decides whether its user may use it.
type holder struct {
	Token      `gorm:"embedded"`
	UserName   string
	DisabledAt *time.Time
}

const holderQuery = `
SELECT t.*, u.name AS user_name, u.disabled_at
FROM api_token t JOIN user_account u ON u.id = t.user_id
WHERE t.id = ?`

func findHolder(ctx context.Context, tx *database.Tx, id uuid.UUID) (holder, error) {
	var found []holder
	if err := database.Gorm(ctx, tx).Raw(holderQuery, id).Scan(&found).Error; err != nil {
		return holder{}, fmt.Errorf("find token: %w", err)
	}
	if len(found) == 0 {
		return holder{}, ErrUnauthenticated
	}
	return found[0], nil
}

// unknown says what a missing row means here.
func unknown(err, asFault error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return asFault
	}
	return err
}
