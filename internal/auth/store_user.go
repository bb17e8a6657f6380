package auth

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// UserColumn is the column with the id of a user in the conditions of UserFilter; SessionColumn in those of SessionFilter.
const (
	UserColumn    = "user_account.id"
	SessionColumn = "login_session.user_id"
)

// ListUsers returns the users of the filter by name, one more than the limit if there are more.
func ListUsers(ctx context.Context, tx *database.Tx, filter UserFilter) ([]User, error) {
	q := database.Of[User](database.Gorm(ctx, tx)).Where(filter.Where, filter.Args...)
	if filter.Name != "" {
		q = q.Where("name = ?", filter.Name)
	}
	if filter.After != "" {
		q = q.Where("name > ?", filter.After)
	}
	users, err := q.Order("name").Limit(filter.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return users, nil
}

// MatchesUser reports whether the condition holds for the user.
func MatchesUser(ctx context.Context, tx *database.Tx, id UserID, where string, args ...any) (bool, error) {
	n, err := database.Of[User](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Count(ctx, "*")
	return n > 0, err
}

// saveUser stores the user if its version is still the one that was read; fault: version_stale.
func saveUser(ctx context.Context, tx *database.Tx, user *User) error {
	audit.Touch(tx, SealedUser(), user.ID)
	match := user.Version
	user.Version, user.UpdatedAt = match+1, tx.Now
	n, err := database.Of[User](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", user.ID, match).
		Select("full_name", "disabled_at", "version", "updated_at").Updates(ctx, *user)
	if err != nil {
		return fmt.Errorf("save user: %w", err)
	}
	if n == 0 {
		current, err := FindUser(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		return fault.WithETag(ErrStale, httpapi.ETag(current.Version))
	}
	return nil
}

// ListSessions returns the sessions of the filter that can be used, the oldest first, one more than the limit if there are more.
func ListSessions(ctx context.Context, tx *database.Tx, filter SessionFilter) ([]Session, error) {
	q := database.Of[Session](database.Gorm(ctx, tx)).Where(filter.Where, filter.Args...).
		Where("ended_at IS NULL AND expires_at > ? AND last_used_at > ?", tx.Now, usableSince(tx.Now))
	if filter.After != (uuid.UUID{}) {
		q = q.Where("id > ?", filter.After)
	}
	sessions, err := q.Order("id").Limit(filter.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list login sessions: %w", err)
	}
	return sessions, nil
}
