package resolution

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

const forgetTasks = `UPDATE task SET title = CASE WHEN title IS NULL THEN NULL ELSE @word END,
	result = CASE WHEN result IS NULL THEN NULL ELSE @word END, evidence = CASE WHEN evidence IS NULL THEN NULL ELSE @word END,
	evidence_address = NULL, updated_at = @now, version = version + 1
	WHERE meeting_id = @meeting AND (title IS NOT NULL OR result IS NOT NULL OR evidence IS NOT NULL OR evidence_address IS NOT NULL) RETURNING id`

// ForgetTexts puts a word in the place of every title that resolutions and tasks of a meeting have, and of what was reported of the tasks.
func ForgetTexts(ctx context.Context, tx *database.Tx, meetingID uuid.UUID, word string) error {
	for _, q := range []struct {
		sql  string
		kind audit.Kind
	}{
		{"UPDATE resolution SET title = @word, updated_at = @now WHERE meeting_id = @meeting AND title IS NOT NULL RETURNING id", Sealed()},
		{forgetTasks, SealedTask()},
	} {
		var changed []uuid.UUID
		words := map[string]any{"word": word, "now": tx.Now, "meeting": meetingID}
		if err := database.Gorm(ctx, tx).Raw(q.sql, words).Scan(&changed).Error; err != nil {
			return fmt.Errorf("erase titles of meeting %s: %w", meetingID, err)
		}
		audit.Touch(tx, q.kind, changed...)
	}
	return nil
}
