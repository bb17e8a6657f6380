package inspection

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// saveHead stores what may change of a round, whose version was raised already; fault: code_taken.
func saveHead(ctx context.Context, tx *database.Tx, i Inspection) error {
	audit.Touch(tx, Sealed(), i.ID)
	if _, err := database.Of[Inspection](database.Gorm(ctx, tx)).Where("id = ?", i.ID).
		Select("code", "to_on", "title", "search_key", "plan_item_id").Updates(ctx, i); err != nil {
		return fmt.Errorf("save inspection %s: %w", i.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// findFinding returns a finding of the round; fault: finding_unknown.
func findFinding(ctx context.Context, tx *database.Tx, of ID, id uuid.UUID) (Finding, error) {
	found, err := database.Of[Finding](database.Gorm(ctx, tx)).Where("id = ? AND inspection_id = ?", id, of).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Finding{}, ErrFindingUnknown
	}
	if err != nil {
		return Finding{}, fmt.Errorf("find finding %s: %w", id, err)
	}
	return found, nil
}

// findingsOf returns the findings of a round in the order in which they were added.
func findingsOf(ctx context.Context, tx *database.Tx, id ID) ([]Finding, error) {
	rows, err := database.Of[Finding](database.Gorm(ctx, tx)).Where("inspection_id = ?", id).Order("created_at, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("findings of inspection %s: %w", id, err)
	}
	return rows, nil
}

// insertFinding stores a new finding; faults: id_taken, code_taken.
func insertFinding(ctx context.Context, tx *database.Tx, found Finding) error {
	audit.Touch(tx, Sealed(), found.InspectionID)
	taken, err := database.Of[Finding](database.Gorm(ctx, tx)).Where("id = ?", found.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for finding %s: %w", found.ID, err)
	}
	if taken > 0 {
		return ErrIDTaken
	}
	if err := database.Of[Finding](database.Gorm(ctx, tx)).Create(ctx, &found); err != nil {
		return fmt.Errorf("insert finding of inspection %s: %w", found.InspectionID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// saveFinding stores a changed finding; fault: code_taken.
func saveFinding(ctx context.Context, tx *database.Tx, found Finding) error {
	audit.Touch(tx, Sealed(), found.InspectionID)
	if _, err := database.Of[Finding](database.Gorm(ctx, tx)).Where("id = ?", found.ID).
		Select("code", "organization_id", "member_id", "meeting_id", "content_item", "severity", "text", "updated_at").
		Updates(ctx, found); err != nil {
		return fmt.Errorf("save finding %s: %w", found.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}
