package summary

import (
	"context"

	"sochibo/internal/database"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// inspected lists the objects of inspections that the selection counts, with the part and month of each.
func inspected(ctx context.Context, tx *database.Tx, s ledger.Selection) ([]object, error) {
	via, where, args := "s.via_id", "s.organization_id = ?", []any{s.Organization}
	join := `JOIN ledger_path_step s ON s.path_id = e.path_id`
	switch s.Part {
	case ledger.Own:
		where += " AND s.via_id = s.organization_id"
	case ledger.CurrentSubtree:
		via, join = "e.organization_id", ""
		where, args = org.Narrow(ctx, tx, s.Organization, "subtree", "e.organization_id")
	case ledger.Whole, ledger.ByChild:
	}
	last := s.AsOf
	if last == 0 {
		last = 1<<63 - 1
	}
	q := `SELECT ` + via + ` AS via, e.month, o.organization_id, o.member_id
		FROM ledger_entry e ` + join + ` JOIN inspection_object o ON o.id = e.source_id
		WHERE e.source = 'inspection_object' AND e.reverses IS NULL AND e.number <= ? AND e.month BETWEEN ? AND ?
			AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses = e.number AND r.number <= ?) AND ` + where
	var objects []object
	args = append([]any{last, s.Period.From, s.Period.To, last}, args...)
	return objects, database.Gorm(ctx, tx).Raw(q, args...).Scan(&objects).Error
}

// currentQuery finds what stands below an organisation on a day, and the child through which it does.
const currentQuery = `WITH RECURSIVE below (id, child) AS (
		SELECT p.organization_id, p.organization_id FROM placement p
		WHERE p.parent_id = ? AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)
		UNION
		SELECT p.organization_id, b.child FROM below b
		JOIN placement p ON p.parent_id = b.id AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)
	) SELECT id, child FROM below`

// currentChildren maps everything at and below the organisation today to the child it stands under; the organisation to
// itself.
func currentChildren(ctx context.Context, tx *database.Tx, id org.ID) (map[org.ID]org.ID, error) {
	var rows []struct{ ID, Child org.ID }
	today := tx.Today()
	if err := database.Gorm(ctx, tx).Raw(currentQuery, id, today, today, today, today).Scan(&rows).Error; err != nil {
		return nil, err
	}
	child := map[org.ID]org.ID{id: id}
	for _, r := range rows {
		child[r.ID] = r.Child
	}
	return child, nil
}
