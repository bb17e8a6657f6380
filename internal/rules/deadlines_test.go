package rules

import (
	"strings"
	"testing"
	"testing/fstest"

	"sochibo/internal/calendar"
)

func TestDeadlines(t *testing.T) {
	t.Parallel()
	book, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	text := func(d *calendar.Date) string {
		if d == nil {
			return "none"
		}
		return d.String()
	}
	for _, c := range []struct{ got, want string }{
		{text(book.RegistrationDue(calendar.MustMonth("2026-01"))), "2025-12-25"},
		{text(book.RegistrationDue(calendar.MustMonth("2025-10"))), "none"},
		{text(book.DocumentsDue(calendar.MustDate("2026-03-01"))), "2026-02-28"},
		{text(book.DocumentsDue(calendar.MustDate("2025-10-27"))), "none"},
		{text(book.RecordDue(calendar.MustDate("2025-12-31"))), "2026-01-02"},
		{text(book.RecordDue(calendar.MustDate("2018-04-03"))), "none"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

// TestRegistrationDayOfAShortMonth takes the last day of a month that has no such day.
func TestRegistrationDayOfAShortMonth(t *testing.T) {
	t.Parallel()
	book, err := Load(fstest.MapFS{"a.yaml": {Data: []byte("id: a\nattendance_base: eligible\ndeadlines: {registration_day: 31}\n" + counting)}})
	if err != nil {
		t.Fatal(err)
	}
	for month, want := range map[string]string{"2026-03": "2026-02-28", "2024-03": "2024-02-29", "2026-02": "2026-01-31"} {
		if got := book.RegistrationDue(calendar.MustMonth(month)); got.String() != want {
			t.Errorf("%s: %s, want %s", month, got, want)
		}
	}
}

func TestDeadlinesRefused(t *testing.T) {
	t.Parallel()
	for deadlines, want := range map[string]string{
		"{registration_day: 32}":      "deadlines.registration_day",
		"{documents_days_before: -1}": "deadlines.documents_days_before",
		"{record_days_after: 61}":     "deadlines.record_days_after",
		"{submission_days: 1}":        "a.yaml",
	} {
		_, err := Load(fstest.MapFS{"a.yaml": {Data: []byte("id: a\nattendance_base: eligible\ndeadlines: " + deadlines + "\n" + counting)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", deadlines, err)
		}
	}
}
