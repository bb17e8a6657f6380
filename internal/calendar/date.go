package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"

	"sochibo/internal/fault"
)

// The years that can be read; what lies outside is a slip of the pen.
const (
	FirstYear = 1900
	LastYear  = 2199
)

// The faults of texts that are no day, month, quarter or year.
var (
	ErrDate    = fault.New(fault.Malformed, "date_malformed")
	ErrMonth   = fault.New(fault.Malformed, "month_malformed")
	ErrQuarter = fault.New(fault.Malformed, "quarter_malformed")
	ErrYear    = fault.New(fault.Malformed, "year_malformed")
)

// Date is a day of the calendar, without a time or a zone. The zero value is no day.
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// NewDate returns the day, or ErrDate where the calendar has no such day.
func NewDate(year int, month time.Month, day int) (Date, error) {
	date := dateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
	if year < FirstYear || year > LastYear || date != (Date{int16(year), uint8(month), uint8(day)}) { //nolint:gosec // compared
		return Date{}, ErrDate
	}
	return date, nil
}

// ParseDate reads YYYY-MM-DD, or fails with ErrDate.
func ParseDate(text string) (Date, error) {
	if len(text) != len("2006-01-02") || text[4] != '-' || text[7] != '-' {
		return Date{}, ErrDate
	}
	year, okYear := digits(text[:4])
	month, okMonth := digits(text[5:7])
	day, okDay := digits(text[8:])
	if !okYear || !okMonth || !okDay {
		return Date{}, ErrDate
	}
	return NewDate(year, time.Month(month), day)
}

// MustDate is ParseDate for constants and tests; it panics on a malformed text.
func MustDate(text string) Date { return must(ParseDate(text)) }

// dateOf takes the day an instant shows in its own location.
func dateOf(instant time.Time) Date {
	year, month, day := instant.Date()
	return Date{int16(year), uint8(month), uint8(day)} //nolint:gosec // callers stay near the readable years
}

// Time returns midnight UTC of the day, for arithmetic only: the day has no zone.
func (d Date) Time() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// IsZero reports whether the date is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Equal reports whether both are the same day.
func (d Date) Equal(other Date) bool { return d == other }

// Compare orders days: negative when d is earlier than other.
func (d Date) Compare(other Date) int { return d.ordinal() - other.ordinal() }

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.ordinal() < other.ordinal() }

// After reports whether d is later than other.
func (d Date) After(other Date) bool { return d.ordinal() > other.ordinal() }

func (d Date) ordinal() int { return int(d.year)<<16 | int(d.month)<<8 | int(d.day) }

// Add returns the day n days later.
func (d Date) Add(n int) Date { return dateOf(d.Time().AddDate(0, 0, n)) }

// Sub returns how many days d is later than other.
func (d Date) Sub(other Date) int { return int(d.Time().Sub(other.Time()) / (24 * time.Hour)) }

// Year returns the year of the day.
func (d Date) Year() int { return int(d.year) }

// Day returns the day of the month.
func (d Date) Day() int { return int(d.day) }

// Month returns the month the day lies in.
func (d Date) Month() Month {
	if d.IsZero() {
		return Month{}
	}
	return NewMonth(int(d.year), time.Month(d.month))
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// String returns YYYY-MM-DD, or nothing for the zero value.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// MarshalText writes YYYY-MM-DD; the zero value is refused.
func (d Date) MarshalText() ([]byte, error) { return marshal(d) }

// UnmarshalText reads YYYY-MM-DD, or fails with ErrDate.
func (d *Date) UnmarshalText(text []byte) error { return unmarshal(d, text, ParseDate) }

// Value stores the day as YYYY-MM-DD, and no day as NULL.
func (d Date) Value() (driver.Value, error) { return value(d) }

// Scan reads a stored day from text or from the midnight a driver makes of a DATE.
func (d *Date) Scan(source any) error {
	if instant, ok := source.(time.Time); ok {
		*d = dateOf(instant)
		return nil
	}
	return scan(d, source, ParseDate)
}
