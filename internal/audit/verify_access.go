package audit

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// accesses makes the digest of every closed day anew, and names the rows that are not what was recorded. The day that is running, and
// for some minutes the one before it, has no digest yet: of it only rows that were changed can be named, not missing ones.
func (v *verifier) accesses(ctx context.Context) error {
	days, err := daysWithAccesses(ctx, v.tx)
	if err != nil {
		return err
	}
	closed, err := daysClosed(ctx, v.tx)
	if err != nil {
		return err
	}
	all := slices.Sorted(maps.Keys(closed))
	for _, day := range days {
		if _, known := closed[day]; !known {
			all = append(all, day)
		}
	}
	for _, day := range all {
		row, known := closed[day]
		digest := newDigest(row.Day)
		if err := eachAccess(ctx, v.tx, day, func(ids []string) error { return v.readAccesses(ctx, ids, digest) }); err != nil {
			return err
		}
		if known {
			v.compareDay(row, digest)
		} else {
			v.openDay(day)
		}
	}
	return nil
}

// readAccesses adds the rows to the digest of their day and names those that are not what they say they are.
func (v *verifier) readAccesses(ctx context.Context, ids []string, digest *digest) error {
	var contents map[string][]byte
	var rows map[string]Access
	failed, gone := database.Try(ctx, v.tx, func() (err error) {
		if contents, err = accessKind().stored(ctx, v.tx, ids); err == nil {
			rows, err = accessesByID(ctx, v.tx, ids)
		}
		return err
	})
	if gone != nil {
		return gone
	}
	if failed != nil && len(ids) == 1 {
		v.wrong("access_entry "+ids[0], "cannot be read: %s", failed)
		digest.add(nil)
		return nil
	}
	if failed != nil { // one row spoils the reading of all: find it
		for _, id := range ids {
			if err := v.readAccesses(ctx, []string{id}, digest); err != nil {
				return err
			}
		}
		return nil
	}
	for _, id := range ids {
		digest.add(contents[id])
		if why := rows[id].wrong(v.tx, contents[id]); why != "" {
			v.wrong("access_entry "+id, "%s", why)
		}
	}
	return nil
}

// compareDay holds a digest against the rows of its day, or against there being none.
func (v *verifier) compareDay(day accessDay, found *digest) {
	place := "access_day " + day.Day.String()
	switch {
	case day.PrunedAt != nil && found.rows > 0:
		v.wrong(place, "still has %d rows, though they were removed", found.rows)
	case day.PrunedAt != nil && !day.Day.Before(kept(v.tx.DayOf(*day.PrunedAt))):
		v.wrong(place, "lost its rows before %d months had passed", keepMonths)
	case day.PrunedAt != nil:
	case day.Format != dayFormat:
		v.wrong(place, "has a digest of the form %s", day.Format)
	case found.rows != day.RowCount:
		v.wrong(place, "has %d rows, its digest is of %d", found.rows, day.RowCount)
	case !bytes.Equal(found.sum(), day.SHA256):
		v.wrong(place, "does not have the rows that its digest is of")
	}
}

// openDay says what is wrong with a day that has rows and no digest.
func (v *verifier) openDay(text string) {
	day, err := calendar.ParseDate(text)
	switch {
	case err != nil || day.After(v.tx.Today()):
		v.wrong("access_entry of "+text, "are of no day that has come")
	case day.Before(ended(v.tx)):
		v.wrong("access_day "+text, "is missing, though the day has ended")
	}
}

// accessesByID reads the rows by their ids.
func accessesByID(ctx context.Context, tx *database.Tx, ids []string) (map[string]Access, error) {
	rows, err := findAccessesByID(ctx, tx, ids)
	byID := make(map[string]Access, len(rows))
	for _, r := range rows {
		byID[r.ID.String()] = r
	}
	return byID, err
}
