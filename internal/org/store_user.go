package org

import (
	"context"
	"fmt"

	"sochibo/internal/auth"
	"sochibo/internal/database"
)

// WhereUser returns the condition under which a user, named by the column, is somebody for the sight: a user with a grant there, or
// with none anywhere.
func (s Sight) WhereUser(column string) (sql string, args []any) {
	if s.All() {
		return "TRUE", nil
	}
	inside, args := s.Where("g.organization_id")
	return "(NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.user_id = " + column + " AND " + notEnded + ") OR " +
		"EXISTS (SELECT 1 FROM role_grant g WHERE g.user_id = " + column + " AND " + notEnded +
		" AND g.organization_id IS NOT NULL AND " + inside + "))", append([]any{s.today, s.today}, args...)
}

// WhereUserWithin returns the condition under which a user has no grant, today or later, but within the sight: whoever administers a
// part must not take over somebody who may more elsewhere.
func (s Sight) WhereUserWithin(column string) (sql string, args []any) {
	if s.All() {
		return "TRUE", nil
	}
	inside, args := s.Where("g.organization_id")
	return "NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.user_id = " + column + " AND " + notEnded +
		" AND (g.organization_id IS NULL OR NOT " + inside + "))", append([]any{s.today}, args...)
}

const notEnded = "(g.valid_to IS NULL OR g.valid_to >= ?)"

const namesQuery = `
SELECT o.name FROM organization o
WHERE o.id IN (SELECT g.organization_id FROM role_grant g WHERE g.user_id = ?)`

// NamesOfGrants returns the names of the organisations on which the user has grants.
func NamesOfGrants(ctx context.Context, tx *database.Tx, user auth.UserID) ([]string, error) {
	var names []string
	if err := database.Gorm(ctx, tx).Raw(namesQuery, user).Scan(&names).Error; err != nil {
		return nil, fmt.Errorf("find the organisations of a user: %w", err)
	}
	return names, nil
}
