package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Month is a month of the calendar. The zero value is no month.
type Month struct {
	index int32 // months since the year 0
}

// NewMonth returns the month of the year.
func NewMonth(year int, month time.Month) Month {
	return Month{int32(year*12 + int(month) - 1)} //nolint:gosec // years are small
}

// ParseMonth reads YYYY-MM, or fails with ErrMonth.
func ParseMonth(text string) (Month, error) {
	if len(text) != len("2006-01") || text[4] != '-' {
		return Month{}, ErrMonth
	}
	year, okYear := digits(text[:4])
	month, okMonth := digits(text[5:])
	if !okYear || !okMonth || year < FirstYear || year > LastYear || month < 1 || month > 12 {
		return Month{}, ErrMonth
	}
	return NewMonth(year, time.Month(month)), nil
}

// MustMonth is ParseMonth for constants and tests; it panics on a malformed text.
func MustMonth(text string) Month { return must(ParseMonth(text)) }

// IsZero reports whether it is no month.
func (m Month) IsZero() bool { return m == Month{} }

// Equal reports whether both are the same month.
func (m Month) Equal(other Month) bool { return m == other }

// Compare orders months: negative when m is earlier than other.
func (m Month) Compare(other Month) int { return m.Sub(other) }

// Before reports whether m is earlier than other.
func (m Month) Before(other Month) bool { return m.index < other.index }

// After reports whether m is later than other.
func (m Month) After(other Month) bool { return m.index > other.index }

// Add returns the month n months later.
func (m Month) Add(n int) Month { return Month{m.index + int32(n)} } //nolint:gosec // periods are short

// Sub returns how many months m is later than other.
func (m Month) Sub(other Month) int { return int(m.index - other.index) }

// Year returns the year the month lies in.
func (m Month) Year() int { return int(m.index) / 12 }

// Number returns the month within its year, from 1 to 12.
func (m Month) Number() int { return int(m.index)%12 + 1 }

// First returns the first day of the month.
func (m Month) First() Date { return m.day(1) }

// Last returns the last day of the month.
func (m Month) Last() Date { return m.Add(1).First().Add(-1) }

func (m Month) day(day int) Date {
	return Date{int16(m.Year()), uint8(m.Number()), uint8(day)} //nolint:gosec // years are small
}

// Days returns how many days the month has.
func (m Month) Days() int { return m.Last().Day() }

// Contains reports whether the day lies in the month.
func (m Month) Contains(day Date) bool { return !m.IsZero() && day.Month() == m }

// Span returns the month as a span of days.
func (m Month) Span() Span {
	last := m.Last()
	return Span{From: m.First(), To: &last}
}

// Quarter returns the quarter the month lies in.
func (m Month) Quarter() Quarter {
	if m.IsZero() {
		return Quarter{}
	}
	return Quarter{m.index / 3}
}

// Ended reports whether the month lies wholly before today; only then are its sessions due.
func (m Month) Ended(today Date) bool { return m.Last().Before(today) }

// String returns YYYY-MM, or nothing for the zero value.
func (m Month) String() string {
	if m.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.Year(), m.Number())
}

// MarshalText writes YYYY-MM; the zero value is refused.
func (m Month) MarshalText() ([]byte, error) { return marshal(m) }

// UnmarshalText reads YYYY-MM, or fails with ErrMonth.
func (m *Month) UnmarshalText(text []byte) error { return unmarshal(m, text, ParseMonth) }

// Value stores the month as YYYY-MM, and no month as NULL.
func (m Month) Value() (driver.Value, error) { return value(m) }

// Scan reads a stored month.
func (m *Month) Scan(source any) error { return scan(m, source, ParseMonth) }
