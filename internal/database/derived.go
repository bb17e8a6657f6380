package database

import (
	"context"
	"fmt"
)

// Derived is a table that triggers write from others. Extra and Missing are queries of one column, what a row is to be called: of the rows that
// are there and do not follow, and of those that follow and are not there; the details say so in words.
type Derived struct{ Table, Extra, ExtraDetail, Missing, MissingDetail string }

// Difference is a row that is not as it follows.
type Difference struct{ Place, Detail string }

// Verify derives the table again and returns what differs, each name once and in order.
func (d Derived) Verify(ctx context.Context, tx *Tx) (found []Difference, err error) {
	for _, question := range [][2]string{{d.Extra, d.ExtraDetail}, {d.Missing, d.MissingDetail}} {
		var names []string
		if err := Gorm(ctx, tx).Raw("SELECT DISTINCT CAST(name AS text) FROM (" + question[0] + ") AS rows ORDER BY 1").Scan(&names).Error; err != nil {
			return nil, fmt.Errorf("verify %s: %w", d.Table, err)
		}
		for _, name := range names {
			found = append(found, Difference{d.Table + " " + name, question[1]})
		}
	}
	return found, nil
}
