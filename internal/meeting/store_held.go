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

// heldIn returns the first and the last day on which there are meetings for the months between two, each of which may be zero, which leaves that
// end open. Where there are no meetings, the first day is after the last. A list in the order of days is read between these.
func heldIn(ctx context.Context, tx *database.Tx, from, to calendar.Month) (first, last calendar.Date, err error) {
	begin, end := fmt.Sprintf("%d-01", calendar.FirstYear), fmt.Sprintf("%d-12", calendar.LastYear)
	if !from.IsZero() {
		begin = from.String()
	}
	if !to.IsZero() {
		end = to.String()
	}
	latest, earliest := fmt.Sprintf("%d-12-31", calendar.LastYear), fmt.Sprintf("%d-01-01", calendar.FirstYear)
	var held struct{ First, Last calendar.Date }
	if err := database.Gorm(ctx, tx).Raw(heldQuery, begin, end, end, latest, earliest).Scan(&held).Error; err != nil {
		return held.First, held.Last, fmt.Errorf("days of meetings for the months %s to %s: %w", begin, end, err)
	}
	return held.First, held.Last, nil
}
