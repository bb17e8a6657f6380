package recount

import (
	"fmt"
	"time"
)

// Date is a day as YYYY-MM-DD, so that text order is the order of days; empty is unknown or open.
type Date string

// Month is a month as YYYY-MM.
type Month string

// Zone is the installation's time zone of the reference: always seven hours ahead of UTC.
func Zone() *time.Location { return time.FixedZone("+07", 7*60*60) }

// LocalDate is the day of an RFC 3339 instant in the installation's zone, whatever offset it was written with.
func LocalDate(instant string) (Date, error) {
	at, err := time.Parse(time.RFC3339Nano, instant)
	if err != nil {
		return "", fmt.Errorf("instant %q: %w", instant, err)
	}
	return Date(at.In(Zone()).Format(time.DateOnly)), nil
}

// Plus is the date n days later.
func (d Date) Plus(n int) Date { return Date(d.time().AddDate(0, 0, n).Format(time.DateOnly)) }

// Month is the month the date lies in.
func (d Date) Month() Month { return Month(d[:7]) }

func (d Date) time() time.Time {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic(fmt.Sprintf("recount: not a date: %q", string(d)))
	}
	return at
}

// First is the first day of the month.
func (m Month) First() Date { return Date(m) + "-01" }

// Last is the last day of the month.
func (m Month) Last() Date { return m.Plus(1).First().Plus(-1) }

// Plus is the month n months later.
func (m Month) Plus(n int) Month {
	return Month(m.First().time().AddDate(0, n, 0).Format("2006-01"))
}

// Days are all days of the month.
func (m Month) Days() []Date {
	var days []Date
	for n, last := 1, m.Last(); ; n++ {
		day := Date(m) + Date([]byte{'-', byte('0' + n/10), byte('0' + n%10)})
		days = append(days, day)
		if day == last {
			return days
		}
	}
}

// Year is the calendar year as YYYY.
func (m Month) Year() string { return string(m[:4]) }

// Quarter is the calendar quarter as YYYY-Qn.
func (m Month) Quarter() string {
	n := int(m[5]-'0')*10 + int(m[6]-'0')
	return fmt.Sprintf("%s-Q%d", m.Year(), (n+2)/3)
}

// Months are the months from one to another, both included.
func Months(from, to Month) []Month {
	var months []Month
	for m := from; m <= to; m = m.Plus(1) {
		months = append(months, m)
	}
	return months
}

// holds says whether a row that is in force from one day to another, both
// included and either open, is in force on the day.
func holds(from, to, on Date) bool {
	return (from == "" || from <= on) && (to == "" || on <= to)
}
