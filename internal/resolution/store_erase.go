package resolution

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// ForgetTexts puts a word in the place of every title that resolutions and tasks of a meeting have.
func ForgetTexts(ctx context.Context, tx *database.Tx, meetingID uuid.UUID, word string) error {
	for _, q := range []struct {
		sql  string
		kind audit.Kind
	}{
		{"UPDATE resolution SET title = ?, updated_at = ? WHERE meeting_id = ? AND title IS NOT NULL RETURNING id", Sealed()},
		{"UPDATE task SET title = ?, updated_at = ?, version = version + 1 WHERE meeting_id = ? AND title IS NOT NULL RETURNING id", SealedTask()},
	} {
		var changed []uuid.UUID
		if err := database.Gorm(ctx, tx).Raw(q.sql, word, tx.Now, meetingID).Scan(&changed).Error; err != nil {
			return fmt.Errorf("erase titles of meeting %s: %w", meetingID, err)
		}
		audit.Touch(tx, q.kind, changed...)
	}
	return nil
}
