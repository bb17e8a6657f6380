package meeting

import (
	"context"
	"fmt"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// heldQuery walks, by the index of months and days, the months between two for which there are meetings.
const heldQuery = `
WITH RECURSIVE p (month) AS (
	SELECT (SELECT min(period_month) FROM meeting WHERE period_month >= ? AND period_month <= ?)
	UNION ALL
	SELECT (SELECT min(m.period_month) FROM meeting m WHERE m.period_month > p.month AND m.period_month <= ?) FROM p WHERE p.month IS NOT NULL
)
SELECT coalesce(min((SELECT min(held_on) FROM meeting WHERE period_month = p.month)), ?) AS first,
	coalesce(max((SELECT max(held_on) FROM meeting WHERE period_month = p.month)), ?) AS last
FROM p`

// period is a condition on the months for which meetings are held. A list in the order of days is read between the first and the last of these
// days. Where there are no meetings, the first day is after the last.
type period struct {
	from, to    string // months
	first, last calendar.Date
}

// heldIn returns the period of two months, each of which may be zero, which leaves that end open.
func heldIn(ctx context.Context, tx *database.Tx, from, to calendar.Month) (period, error) {
	p := period{from: fmt.Sprintf("%d-01", calendar.FirstYear), to: fmt.Sprintf("%d-12", calendar.LastYear)}
	if !from.IsZero() {
		p.from = from.String()
	}
	if !to.IsZero() {
		p.to = to.String()
	}
	never := []any{fmt.Sprintf("%d-12-31", calendar.LastYear), fmt.Sprintf("%d-01-01", calendar.FirstYear)}
	var held struct{ First, Last calendar.Date }
	if err := database.Gorm(ctx, tx).Raw(heldQuery, p.from, p.to, p.to, never[0], never[1]).Scan(&held).Error; err != nil {
		return period{}, fmt.Errorf("days of meetings for the months %s to %s: %w", p.from, p.to, err)
	}
	p.first, p.last = held.First, held.Last
	return p, nil
}
