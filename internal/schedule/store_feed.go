package schedule

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
)

func insertFeed(ctx context.Context, tx *database.Tx, f *Feed) error {
	audit.Touch(tx, SealedFeed(), f.ID)
	return database.Of[Feed](database.Gorm(ctx, tx)).Create(ctx, f)
}

// findFeed returns a feed. Faults: calendar_feed_unknown.
func findFeed(ctx context.Context, tx *database.Tx, id uuid.UUID) (Feed, error) {
	f, err := database.Of[Feed](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	return f, otherwise(err, ErrFeedUnknown)
}

// countFeeds counts the feeds of a user that can be used.
func countFeeds(ctx context.Context, tx *database.Tx, user auth.UserID) (int64, error) {
	return database.Of[Feed](database.Gorm(ctx, tx)).Where("user_id = ? AND revoked_at IS NULL AND expires_at > ?", user, tx.Now).Count(ctx, "*")
}

// listFeeds returns up to limit+1 feeds of a user, the oldest first.
func listFeeds(ctx context.Context, tx *database.Tx, user auth.UserID, page httpapi.Page) ([]Feed, error) {
	query := database.Of[Feed](database.Gorm(ctx, tx)).Where("user_id = ?", user)
	if page.After != nil {
		query = query.Where("id > ?", page.After[0])
	}
	rows, err := query.Order("id").Limit(page.Limit + 1).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list calendar feeds: %w", err)
	}
	return rows, nil
}

// revokeFeed ends a feed; one that has ended stays as it is.
func revokeFeed(ctx context.Context, tx *database.Tx, id uuid.UUID) error {
	audit.Touch(tx, SealedFeed(), id)
	_, err := database.Of[Feed](database.Gorm(ctx, tx)).Where("id = ? AND revoked_at IS NULL", id).Update(ctx, "revoked_at", tx.Now)
	return err
}
