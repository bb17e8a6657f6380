package member

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// HomesAfter counts the home memberships of the organisation that hold on any day after the day.
func HomesAfter(ctx context.Context, tx *database.Tx, organization org.ID, day calendar.Date) (int64, error) {
	var n int64
	err := database.Gorm(ctx, tx).Model(&Membership{}).
		Where("organization_id = ? AND (valid_to IS NULL OR valid_to > ?)", organization, day).Count(&n).Error
	return n, err
}

// StartAfter counts the memberships, offices and temporary stays of the organisation that begin after the day.
func StartAfter(ctx context.Context, tx *database.Tx, organization org.ID, day calendar.Date) (int64, error) {
	return countParts(ctx, tx, "organization_id = ? AND valid_from > ?", organization, day)
}

// StartBefore counts those that begin before the day.
func StartBefore(ctx context.Context, tx *database.Tx, organization org.ID, day calendar.Date) (int64, error) {
	return countParts(ctx, tx, "organization_id = ? AND valid_from < ?", organization, day)
}

func countParts(ctx context.Context, tx *database.Tx, where string, args ...any) (int64, error) {
	var total int64
	for _, model := range []any{&Membership{}, &Office{}, &Status{}} {
		var n int64
		if err := database.Gorm(ctx, tx).Model(model).Where(where, args...).Count(&n).Error; err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

const bumpAll = `UPDATE member SET version = version + 1, updated_at = ? WHERE id IN (
	SELECT member_id FROM membership WHERE organization_id = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)
	UNION SELECT member_id FROM office WHERE organization_id = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)
	UNION SELECT member_id FROM member_status WHERE organization_id = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)) RETURNING id`

// EndAll ends on the day the memberships, offices and temporary stays of the organisation that would hold longer; the members get
// their next version.
func EndAll(ctx context.Context, tx *database.Tx, organization org.ID, day calendar.Date) error {
	var members []ID
	err := database.Gorm(ctx, tx).
		Raw(bumpAll, tx.Now, organization, day, day, organization, day, day, organization, day, day).Scan(&members).Error
	if err != nil {
		return fmt.Errorf("touch the members of an organisation: %w", err)
	}
	audit.Touch(tx, Sealed(), members...)
	for _, model := range []any{&Membership{}, &Office{}, &Status{}} {
		err := database.Gorm(ctx, tx).Model(model).
			Where("organization_id = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)", organization, day, day).
			Update("valid_to", day).Error
		if err != nil {
			return fmt.Errorf("end what holds in an organisation: %w", err)
		}
	}
	return nil
}

// TransferAll gives the members at home in the one organisation after the day a home in the other from the next day on,
// for as long as they would have stayed. The caller ends the old homes.
func TransferAll(ctx context.Context, tx *database.Tx, from, into org.ID, day calendar.Date) ([]Membership, error) {
	var rows []Membership
	err := database.Gorm(ctx, tx).
		Where("organization_id = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)", from, day, day).
		Order("member_id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].ID = uuid.Must(uuid.NewV7())
		rows[i].OrganizationID, rows[i].ValidFrom, rows[i].CreatedAt = into, day.Add(1), tx.Now
	}
	return rows, nil
}

// InsertHomes writes the memberships that TransferAll returned, once the old homes have ended.
func InsertHomes(ctx context.Context, tx *database.Tx, rows []Membership) error {
	if len(rows) == 0 {
		return nil
	}
	for _, row := range rows {
		audit.Touch(tx, Sealed(), row.MemberID)
	}
	return database.Gorm(ctx, tx).CreateInBatches(rows, 500).Error
}
