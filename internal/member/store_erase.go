package member

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// HomeNow returns the home that decides who may act on a member: that of the day, else the last, else the next one; none for a member
// who was never at home anywhere.
func HomeNow(ctx context.Context, tx *database.Tx, id ID) (*org.ID, error) {
	homes, err := homesAt(ctx, tx, []ID{id}, tx.Today())
	if home, ok := homes[id]; ok && err == nil {
		return &home, nil
	}
	return nil, err
}

// Pseudonym is what an erased member is called from then on, and the code where there was one. Both follow from the decision, which says
// nothing of the person.
func Pseudonym(erasure uuid.UUID) (name, code string) {
	text := erasure.String()
	return "Đã xóa " + text[len(text)-6:], "DX-" + text[len(text)-12:]
}

// Forget takes away who a member is: name, code, day of birth, card number, and what the statuses rest on. What rolls and figures need
// stays: the id, gender, the days of admission, memberships, statuses and offices.
//
// Faults: member_unknown.
func Forget(ctx context.Context, tx *database.Tx, id ID, erasure uuid.UUID) error {
	m, err := Find(ctx, tx, id)
	if err != nil {
		return err
	}
	audit.Touch(tx, Sealed(), id)
	name, code := Pseudonym(erasure)
	m.FullName, m.BornOn, m.CardNumber, m.ErasureID = name, nil, nil, &erasure
	m.SearchKey, m.SortKey = Keys(name)
	if m.Code != nil {
		m.Code = &code
	}
	match := m.Version
	m.Version, m.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Member](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", id, match).
		Select("code", "full_name", "search_key", "sort_key", "born_on", "card_number", "erasure_id", "version", "updated_at").Updates(ctx, m)
	if err != nil {
		return fmt.Errorf("forget member %s: %w", id, err)
	}
	if n == 0 {
		return stale(ctx, tx, id)
	}
	if err := database.Gorm(ctx, tx).Exec("UPDATE member_status SET basis = NULL WHERE member_id = ?", id).Error; err != nil {
		return fmt.Errorf("forget the statuses of member %s: %w", id, err)
	}
	return nil
}

// Erased returns the erasures that members name, by member.
func Erased(ctx context.Context, tx *database.Tx) (map[ID]uuid.UUID, error) {
	rows, err := database.Of[Member](database.Gorm(ctx, tx)).Where("erasure_id IS NOT NULL").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("erased members: %w", err)
	}
	named := make(map[ID]uuid.UUID, len(rows))
	for _, m := range rows {
		named[m.ID] = *m.ErasureID
	}
	return named, nil
}
