package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// dayFormat is the version of the form of a day's digest. It is the SHA-256 of this line, of a line with the day, and of one line for
// each access of the day in the order of their ids: its canonical bytes. Each line ends with a line feed.
const dayFormat = "sochibo/access-day/1"

const (
	// daySlack is how long after its end a day is closed; a row that comes later is refused.
	daySlack = 10 * time.Minute
	// keepMonths is how long the rows of a day are kept after it.
	keepMonths = 24
)

// accessDay is the digest of the accesses of an ended day.
type accessDay struct {
	Day       calendar.Date `gorm:"primaryKey"`
	Format    string
	RowCount  int64
	SHA256    []byte `gorm:"column:sha256"`
	CreatedAt time.Time
	PrunedAt  *time.Time // when the rows were removed
}

// TableName names the table of digests.
func (accessDay) TableName() string { return "access_day" }

// SealedAccessDay is what the log commits to of a day of accesses: its digest, and that its rows were removed.
func SealedAccessDay() Kind {
	return Kind{Name: "access_day", Parts: []Part{{Model: accessDay{}, Key: "day"}}}
}

// The ends of a closing or pruning that does not take place.
var (
	errClosed   = errors.New("somebody else was faster")
	errTampered = errors.New("rows or digest are not what was recorded; sochibo verify names them")
)

// CloseDays commits to the accesses of every ended day that has some and no digest yet, each in a leaf of its own. What a server that
// was down left open is closed by the next call. A day with a row that is not what was recorded, or whose digest the log knows and the
// store does not, stays open for verify to find: nothing is committed to that was tampered with.
func CloseDays(ctx context.Context, db *database.DB, act Act) error {
	return eachDay(ctx, db, act, openDays, closeDay)
}

// PruneDays removes the accesses of the days that were kept long enough. The digest stays, and says so.
func PruneDays(ctx context.Context, db *database.DB, act Act) error {
	return eachDay(ctx, db, act, oldDays, pruneDay)
}

func eachDay(
	ctx context.Context, db *database.DB, act Act, find func(context.Context, *database.Tx) ([]calendar.Date, error),
	do func(context.Context, *database.Tx, calendar.Date) error,
) error {
	days, err := database.Read(ctx, db, func(tx *database.Tx) ([]calendar.Date, error) { return find(ctx, tx) })
	problems := []error{err}
	for _, day := range days {
		_, err := Bulk(ctx, db, act, func(tx *database.Tx) (struct{}, error) { return struct{}{}, do(ctx, tx, day) })
		if err != nil && !errors.Is(err, errClosed) {
			problems = append(problems, fmt.Errorf("accesses of %s: %w", day, err))
		}
	}
	return errors.Join(problems...)
}

// ended returns the first day that is not to be closed yet.
func ended(tx *database.Tx) calendar.Date { return tx.DayOf(tx.Now.Add(-daySlack)) }

// kept returns the first day whose rows are not to be removed yet.
func kept(today calendar.Date) calendar.Date {
	first := today.Time().AddDate(0, -keepMonths, 0)
	if first.Day() != today.Day() { // there is no such day: the last one of the month before
		first = first.AddDate(0, 0, -first.Day())
	}
	day, err := calendar.NewDate(first.Year(), first.Month(), first.Day())
	if err != nil {
		return calendar.Date{}
	}
	return day
}

// closeDay makes the digest of a day. No row of the day is being written meanwhile, and none comes later.
func closeDay(ctx context.Context, tx *database.Tx, day calendar.Date) error {
	if err := holdAccesses(ctx, tx); err != nil {
		return err
	}
	if err := notClosed(ctx, tx, day); err != nil {
		return err
	}
	digest := newDigest(day)
	err := eachAccess(ctx, tx, day.String(), func(ids []string) error { return digest.read(ctx, tx, ids) })
	if err != nil {
		return err
	}
	return insertDay(ctx, tx, &accessDay{
		Day: day, Format: dayFormat, RowCount: digest.rows, SHA256: digest.sum(), CreatedAt: tx.Now,
	})
}

// read adds rows that are what was recorded.
func (d *digest) read(ctx context.Context, tx *database.Tx, ids []string) error {
	contents, err := accessKind().stored(ctx, tx, ids)
	if err != nil {
		return errors.Join(errTampered, err)
	}
	rows, err := accessesByID(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if rows[id].wrong(tx, contents[id]) != "" {
			return errTampered
		}
		d.add(contents[id])
	}
	return nil
}

// wrong says why the row is not what was recorded, or nothing.
func (a Access) wrong(tx *database.Tx, content []byte) string {
	switch {
	case !bytes.Equal(a.SHA256, hashAccess(content)):
		return "is not what was recorded"
	case !a.Day.Equal(tx.DayOf(a.RecordedAt)):
		return "is of another day than its time"
	default:
		return ""
	}
}

// digest gathers the lines of a day.
type digest struct {
	hash hash.Hash
	rows int64
}

func newDigest(day calendar.Date) *digest {
	d := &digest{hash: sha256.New()}
	_, _ = d.hash.Write([]byte(dayFormat + "\n" + day.String() + "\n")) // a hash never fails
	return d
}

func (d *digest) add(content []byte) {
	d.rows++
	_, _ = d.hash.Write(content)
	_, _ = d.hash.Write([]byte("\n"))
}

func (d *digest) sum() []byte { return d.hash.Sum(nil) }
