package database

import (
	"context"
	"fmt"
)

// Derived is a table that triggers write from others. Extra and Missing are queries of one column, what a row is to be called: of the rows that
// are there and do not follow, and of those that follow and are not there.
type Derived struct{ Table, Extra, Missing string }

// Differs are the rows that are not as they follow, each name once and in order.
type Differs struct{ Extra, Missing []string }

// Verify derives the table again.
func (d Derived) Verify(ctx context.Context, tx *Tx) (found Differs, err error) {
	for query, into := range map[string]*[]string{d.Extra: &found.Extra, d.Missing: &found.Missing} {
		if err := Gorm(ctx, tx).Raw("SELECT DISTINCT CAST(name AS text) FROM (" + query + ") AS rows ORDER BY 1").Scan(into).Error; err != nil {
			return Differs{}, fmt.Errorf("verify %s: %w", d.Table, err)
		}
	}
	return found, nil
}
