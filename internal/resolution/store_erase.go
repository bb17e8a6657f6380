package resolution

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/database"
)

// ForgetTexts puts a word in the place of every title that resolutions and tasks of a meeting have.
func ForgetTexts(ctx context.Context, tx *database.Tx, meetingID uuid.UUID, word string) error {
	for _, q := range []string{
		"UPDATE resolution SET title = ?, updated_at = ? WHERE meeting_id = ? AND title IS NOT NULL",
		"UPDATE task SET title = ?, updated_at = ?, version = version + 1 WHERE meeting_id = ? AND title IS NOT NULL",
	} {
		if err := database.Gorm(ctx, tx).Exec(q, word, tx.Now, meetingID).Error; err != nil {
			return fmt.Errorf("erase titles of meeting %s: %w", meetingID, err)
		}
	}
	return nil
}
