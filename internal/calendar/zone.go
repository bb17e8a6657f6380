package calendar

import (
	"fmt"
	"time"
	_ "time/tzdata" // days must not depend on what the machine has installed
)

// DefaultZone is the zone of an installation that names none.
const DefaultZone = "Asia/Ho_Chi_Minh"

// Zone is the installation's time zone. The zero value is UTC.
type Zone struct {
	location *time.Location
}

// LoadZone finds a zone by its IANA name; an empty name gives DefaultZone. "Local" is refused, since days must not depend on the machine.
func LoadZone(name string) (Zone, error) {
	if name == "" {
		name = DefaultZone
	}
	if name == "Local" {
		return Zone{}, fmt.Errorf("time zone %q is not the name of a place", name)
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return Zone{}, fmt.Errorf("time zone %q: %w", name, err)
	}
	return Zone{location}, nil
}

// Location returns the zone for package time.
func (z Zone) Location() *time.Location {
	if z.location == nil {
		return time.UTC
	}
	return z.location
}

// DateOf returns the day of an instant.
func (z Zone) DateOf(instant time.Time) Date { return dateOf(instant.In(z.Location())) }

// Today returns the day of now; it is DateOf under the name callers mean.
func (z Zone) Today(now time.Time) Date { return z.DateOf(now) }

// MonthOf returns the month of an instant.
func (z Zone) MonthOf(instant time.Time) Month { return z.DateOf(instant).Month() }

// Start returns the first instant of the day; a day's instants are Start of it until before Start of the next.
func (z Zone) Start(day Date) time.Time {
	return time.Date(day.Year(), time.Month(day.month), day.Day(), 0, 0, 0, 0, z.Location()).UTC()
}

// Bounds returns the first instant of the period and the first one after it.
func (z Zone) Bounds(p Period) (from, until time.Time) {
	return z.Start(p.First()), z.Start(p.Last().Add(1))
}

// Local returns the instant as the zone's clocks show it, for texts and exports.
func (z Zone) Local(instant time.Time) time.Time { return instant.In(z.Location()) }

// String returns the name of the zone.
func (z Zone) String() string { return z.Location().String() }
