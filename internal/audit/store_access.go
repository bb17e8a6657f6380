package audit

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// insertAccess adds an access with the hash of its canonical bytes.
func insertAccess(ctx context.Context, tx *database.Tx, row *Access) error {
	content, err := accessKind().contentOf(ctx, tx, row.ID.String(), reflect.ValueOf(*row))
	if err != nil {
		return err
	}
	row.SHA256 = hashAccess(content)
	if err := database.Of[Access](database.Gorm(ctx, tx)).Create(ctx, row); err != nil {
		return fmt.Errorf("record an access: %w", err)
	}
	return nil
}

func findAccesses(ctx context.Context, tx *database.Tx, f AccessFilter) ([]Access, error) {
	query := database.Of[Access](database.Gorm(ctx, tx))
	if !f.From.IsZero() {
		query = query.Where("day >= ?", f.From)
	}
	if !f.To.IsZero() {
		query = query.Where("day <= ?", f.To)
	}
	if f.UserID != nil {
		query = query.Where("user_id = ?", *f.UserID)
	}
	if f.OrganizationID != nil {
		query = query.Where("organization_id = ?", *f.OrganizationID)
	}
	if f.MemberID != nil {
		query = query.Where("member_id = ?", *f.MemberID)
	}
	if f.SubjectID != nil {
		id := *f.SubjectID
		query = query.Where("(member_id = ? OR meeting_id = ? OR object_id = ?)", id, id, id)
	}
	if f.After != nil {
		query = query.Where("id > ?", *f.After)
	}
	rows, err := query.Order("id").Limit(f.Limit).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list accesses: %w", err)
	}
	return rows, nil
}

// holdAccesses keeps others from recording accesses until the transaction ends, having waited for those who are about to. SQLite has
// one writer at a time anyway.
func holdAccesses(ctx context.Context, tx *database.Tx) error {
	if tx.Engine() != database.Postgres {
		return nil
	}
	if err := database.Gorm(ctx, tx).Exec("LOCK TABLE access_entry IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
		return fmt.Errorf("hold the accesses: %w", err)
	}
	return nil
}

// daysWithAccesses returns, as texts, the days that have accesses.
func daysWithAccesses(ctx context.Context, tx *database.Tx) ([]string, error) {
	var days []string
	const q = `WITH RECURSIVE d (day) AS (
			SELECT min(day) FROM access_entry
			UNION ALL SELECT (SELECT min(e.day) FROM access_entry e WHERE e.day > d.day) FROM d WHERE d.day IS NOT NULL)
		SELECT '.' || CAST(day AS text) AS day FROM d WHERE day IS NOT NULL`
	if err := database.Gorm(ctx, tx).Raw(q).Scan(&days).Error; err != nil {
		return nil, fmt.Errorf("days of accesses: %w", err)
	}
	for i, day := range days {
		days[i] = strings.TrimPrefix(day, ".") // without it the driver of SQLite makes an instant of a day
	}
	return days, nil
}

// openDays returns the ended days that have accesses and no digest. A text that is no day is left to verify.
func openDays(ctx context.Context, tx *database.Tx) ([]calendar.Date, error) {
	days, err := daysWithAccesses(ctx, tx)
	if err != nil || len(days) == 0 {
		return nil, err
	}
	closed, err := daysClosed(ctx, tx)
	if err != nil {
		return nil, err
	}
	var open []calendar.Date
	for _, text := range days {
		day, err := calendar.ParseDate(text)
		if _, done := closed[text]; err == nil && !done && day.Before(ended(tx)) {
			open = append(open, day)
		}
	}
	return open, nil
}

// daysClosed returns the digests by day.
func daysClosed(ctx context.Context, tx *database.Tx) (map[string]accessDay, error) {
	rows, err := database.Of[accessDay](database.Gorm(ctx, tx)).Order("day").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("digests of accesses: %w", err)
	}
	byDay := make(map[string]accessDay, len(rows))
	for _, r := range rows {
		byDay[r.Day.String()] = r
	}
	return byDay, nil
}

// oldDays returns the closed days whose rows have been kept long enough.
func oldDays(ctx context.Context, tx *database.Tx) ([]calendar.Date, error) {
	rows, err := database.Of[accessDay](database.Gorm(ctx, tx)).
		Where("pruned_at IS NULL AND day < ?", kept(tx.Today())).Order("day").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("old days of accesses: %w", err)
	}
	days := make([]calendar.Date, len(rows))
	for i, r := range rows {
		days[i] = r.Day
	}
	return days, nil
}

// notClosed fails for a day that has its digest, or had one by what the log says.
func notClosed(ctx context.Context, tx *database.Tx, day calendar.Date) error {
	n, err := database.Of[accessDay](database.Gorm(ctx, tx)).Where("day = ?", day).Count(ctx, "*")
	if err != nil {
		return err
	}
	if n > 0 {
		return errClosed
	}
	seals, err := sealsOf(ctx, tx, SealedAccessDay().Name, []string{day.String()})
	if err == nil && len(seals) > 0 {
		err = errTampered
	}
	return err
}

func insertDay(ctx context.Context, tx *database.Tx, row *accessDay) error {
	Touch(tx, SealedAccessDay(), row.Day)
	if err := database.Of[accessDay](database.Gorm(ctx, tx)).Create(ctx, row); err != nil {
		return fmt.Errorf("insert the digest: %w", err)
	}
	return nil
}

// pruneDay removes the rows of a closed day, having said so in its digest, which is what the store asks for before it lets rows go.
func pruneDay(ctx context.Context, tx *database.Tx, day calendar.Date) error {
	changed, _, err := sealKind(ctx, tx, SealedAccessDay(), []string{day.String()})
	if err == nil && len(changed) > 0 {
		err = errTampered
	}
	if err != nil {
		return err
	}
	Touch(tx, SealedAccessDay(), day)
	n, err := database.Of[accessDay](database.Gorm(ctx, tx)).Where("day = ? AND pruned_at IS NULL", day).Update(ctx, "pruned_at", tx.Now)
	if err == nil && n == 0 {
		err = errClosed
	}
	if err != nil {
		return err
	}
	if _, err := database.Of[Access](database.Gorm(ctx, tx)).Where("day = ?", day).Delete(ctx); err != nil {
		return fmt.Errorf("remove the rows: %w", err)
	}
	return nil
}

// eachAccess calls fn with the ids of the day's accesses in their order, some at a time.
func eachAccess(ctx context.Context, tx *database.Tx, day string, fn func(ids []string) error) error {
	for after := ""; ; {
		query := database.Gorm(ctx, tx).Model(Access{}).Where("day = ?", day)
		if after != "" {
			query = query.Where("id > ?", after)
		}
		var ids []string
		if err := query.Order("id").Limit(recordsAtOnce).Select("CAST(id AS text)").Scan(&ids).Error; err != nil {
			return fmt.Errorf("accesses of %s: %w", day, err)
		}
		if len(ids) == 0 {
			return nil
		}
		if err := fn(ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func findAccessesByID(ctx context.Context, tx *database.Tx, ids []string) ([]Access, error) {
	rows, err := database.Of[Access](database.Gorm(ctx, tx)).Where("id IN ?", ids).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("read accesses: %w", err)
	}
	return rows, nil
}
