package rules

import "sochibo/internal/calendar"

// farthest is how many days a deadline may lie from its session.
const farthest = 60

func (d Deadlines) check(n *notes) {
	n.check(d.Registration == nil || 1 <= *d.Registration && *d.Registration <= 31, "deadlines.registration_day", "is no day of a month")
	for name, days := range map[string]*int{"documents_days_before": d.Documents, "record_days_after": d.Record} {
		n.check(days == nil || 0 <= *days && *days <= farthest, "deadlines."+name, "is not from 0 to %d", farthest)
	}
}

// RegistrationDue returns the last day on which the month is registered in time, by the set in force on the month's first day; nil
// where that set names none. Deadlines are the same everywhere: no local set replaces them.
func (b *Book) RegistrationDue(month calendar.Month) *calendar.Date {
	return b.On(month.First()).RegistrationDue(month)
}

// DocumentsDue returns the last day on which the documents of a session of that day are posted in time; nil where there is no deadline.
func (b *Book) DocumentsDue(heldOn calendar.Date) *calendar.Date {
	return b.On(heldOn).DocumentsDue(heldOn)
}

// RecordDue returns the last day on which the record of a session of that day is in time; nil where there is no deadline.
func (b *Book) RecordDue(heldOn calendar.Date) *calendar.Date { return b.On(heldOn).RecordDue(heldOn) }

// RegistrationDue is Book.RegistrationDue by this set.
func (s Set) RegistrationDue(month calendar.Month) *calendar.Date {
	day := s.Deadlines.Registration
	if day == nil {
		return nil
	}
	before := month.Add(-1)
	due := before.First().Add(min(*day, before.Days()) - 1)
	return &due
}

// DocumentsDue is Book.DocumentsDue by this set.
func (s Set) DocumentsDue(heldOn calendar.Date) *calendar.Date {
	days := s.Deadlines.Documents
	if days == nil {
		return nil
	}
	due := heldOn.Add(-*days)
	return &due
}

// RecordDue is Book.RecordDue by this set.
func (s Set) RecordDue(heldOn calendar.Date) *calendar.Date {
	days := s.Deadlines.Record
	if days == nil {
		return nil
	}
	due := heldOn.Add(*days)
	return &due
}
