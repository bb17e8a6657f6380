package calendar

import (
	"database/sql/driver"
	"fmt"
)

// Quarter is a quarter of a year. The zero value is no quarter.
type Quarter struct {
	index int32 // quarters since the year 0
}

// NewQuarter returns the quarter of the year, numbered from 1 to 4.
func NewQuarter(year, number int) Quarter {
	return Quarter{int32(year*4 + number - 1)} //nolint:gosec // years are small
}

// ParseQuarter reads YYYY-Qn, or fails with ErrQuarter.
func ParseQuarter(text string) (Quarter, error) {
	if len(text) != len("2006-Q1") || text[4:6] != "-Q" {
		return Quarter{}, ErrQuarter
	}
	year, okYear := digits(text[:4])
	number, okNumber := digits(text[6:])
	if !okYear || !okNumber || year < FirstYear || year > LastYear || number < 1 || number > 4 {
		return Quarter{}, ErrQuarter
	}
	return NewQuarter(year, number), nil
}

// IsZero reports whether it is no quarter.
func (q Quarter) IsZero() bool { return q == Quarter{} }

// Equal reports whether both are the same quarter.
func (q Quarter) Equal(other Quarter) bool { return q == other }

// Compare orders quarters: negative when q is earlier than other.
func (q Quarter) Compare(other Quarter) int { return int(q.index - other.index) }

// Add returns the quarter n quarters later.
func (q Quarter) Add(n int) Quarter { return Quarter{q.index + int32(n)} } //nolint:gosec // periods are short

// Year returns the year the quarter lies in.
func (q Quarter) Year() int { return int(q.index) / 4 }

// Number returns the quarter within its year, from 1 to 4.
func (q Quarter) Number() int { return int(q.index)%4 + 1 }

// First returns the first month of the quarter.
func (q Quarter) First() Month { return Month{q.index * 3} }

// Last returns the last month of the quarter.
func (q Quarter) Last() Month { return q.First().Add(2) }

// Period returns the quarter as a period of months.
func (q Quarter) Period() Period { return Period{From: q.First(), To: q.Last()} }

// Ended reports whether the quarter lies wholly before today.
func (q Quarter) Ended(today Date) bool { return q.Last().Ended(today) }

// String returns YYYY-Qn, or nothing for the zero value.
func (q Quarter) String() string {
	if q.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-Q%d", q.Year(), q.Number())
}

// MarshalText writes YYYY-Qn; the zero value is refused.
func (q Quarter) MarshalText() ([]byte, error) { return marshal(q) }

// UnmarshalText reads YYYY-Qn, or fails with ErrQuarter.
func (q *Quarter) UnmarshalText(text []byte) error { return unmarshal(q, text, ParseQuarter) }

// Value stores the quarter as YYYY-Qn, and no quarter as NULL.
func (q Quarter) Value() (driver.Value, error) { return value(q) }

// Scan reads a stored quarter.
func (q *Quarter) Scan(source any) error { return scan(q, source, ParseQuarter) }

// Year is a year of the calendar.
type Year int

// ParseYear reads YYYY, or fails with ErrYear.
func ParseYear(text string) (Year, error) {
	year, ok := digits(text)
	if !ok || len(text) != 4 || year < FirstYear || year > LastYear {
		return 0, ErrYear
	}
	return Year(year), nil
}

// Period returns the year as a period of months.
func (y Year) Period() Period {
	return Period{From: NewMonth(int(y), 1), To: NewMonth(int(y), 12)}
}

// String returns YYYY.
func (y Year) String() string { return fmt.Sprintf("%04d", int(y)) }
