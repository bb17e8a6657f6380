package rules

import (
	"errors"
	"fmt"

	"sochibo/internal/calendar"
)

// Deadlines are the days by which a cell's month is registered, the documents of a session are posted, and its record is in. What a set
// does not name has no deadline.
type Deadlines struct {
	RegistrationDay     int  `yaml:"registration_day"`      // day of the month before; the last day of a shorter month
	DocumentsDaysBefore *int `yaml:"documents_days_before"` // days before the session
	RecordDaysAfter     *int `yaml:"record_days_after"`     // days after the session
}

// farthest is how many days a deadline may lie from its session.
const farthest = 60

func (d Deadlines) check() []error {
	var problems []error
	if d.RegistrationDay < 0 || d.RegistrationDay > 31 {
		problems = append(problems, errors.New("deadlines.registration_day: not a day of a month"))
	}
	for name, days := range map[string]*int{"documents_days_before": d.DocumentsDaysBefore, "record_days_after": d.RecordDaysAfter} {
		if days != nil && (*days < 0 || *days > farthest) {
			problems = append(problems, fmt.Errorf("deadlines.%s: not from 0 to %d", name, farthest))
		}
	}
	return problems
}

// RegistrationDue returns the last day on which the month is registered in time, by the set in force on the month's first day; nil
// where that set names none.
func (b *Book) RegistrationDue(month calendar.Month) *calendar.Date {
	day := b.On(month.First()).Deadlines.RegistrationDay
	if day == 0 {
		return nil
	}
	before := month.Add(-1)
	due := before.First().Add(min(day, before.Days()) - 1)
	return &due
}

// DocumentsDue returns the last day on which the documents of a session of that day are posted in time; nil where there is no deadline.
func (b *Book) DocumentsDue(heldOn calendar.Date) *calendar.Date {
	days := b.On(heldOn).Deadlines.DocumentsDaysBefore
	if days == nil {
		return nil
	}
	due := heldOn.Add(-*days)
	return &due
}

// RecordDue returns the last day on which the record of a session of that day is in time; nil where there is no deadline.
func (b *Book) RecordDue(heldOn calendar.Date) *calendar.Date {
	days := b.On(heldOn).Deadlines.RecordDaysAfter
	if days == nil {
		return nil
	}
	due := heldOn.Add(*days)
	return &due
}
