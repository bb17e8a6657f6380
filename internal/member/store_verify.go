package member

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// organizationMembers is organization_member, as it follows from where members belong and from the tree. Rows are called by their members.
func organizationMembers() database.Derived {
	return database.Derived{
		Table: "organization_member",
		Extra: `SELECT k.member_id AS name FROM organization_member k WHERE NOT EXISTS (SELECT 1 FROM member_below b
			WHERE b.member_id = k.member_id AND b.organization_id = k.organization_id AND b.sort_key = k.sort_key)`,
		ExtraDetail: "stands at an organisation or under a name which is not said of the member",
		Missing: `SELECT b.member_id AS name FROM member_below b WHERE NOT EXISTS (SELECT 1 FROM organization_member k
			WHERE k.organization_id = b.organization_id AND k.sort_key = b.sort_key AND k.member_id = b.member_id)`,
		MissingDetail: "does not stand at an organisation to which, or below which, the member belongs",
	}
}

// Verify says again to which organisations members belong and compares it with what is kept for lists. It returns what does not agree, nothing
// when all is well.
func (s *Service) Verify(ctx context.Context) ([]audit.Mismatch, error) {
	return database.BulkRead(ctx, s.db, func(tx *database.Tx) (found []audit.Mismatch, err error) {
		differences, err := organizationMembers().Verify(ctx, tx)
		for _, d := range differences {
			found = append(found, audit.Mismatch(d))
		}
		return found, err
	})
}
