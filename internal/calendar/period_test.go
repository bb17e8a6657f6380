package calendar_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/calendar"
)

func TestMonth(t *testing.T) {
	t.Parallel()
	m := calendar.MustMonth("2015-12")
	if got := m.Add(1).String(); got != "2016-01" {
		t.Errorf("next = %s", got)
	}
	if got := m.Add(-12); got.String() != "2014-12" || m.Sub(got) != 12 {
		t.Errorf("a year before = %s", got)
	}
	february := calendar.MustMonth("2016-02")
	if february.Last().String() != "2016-02-29" || february.Days() != 29 || february.First().String() != "2016-02-01" {
		t.Error("February 2016 has other edges")
	}
	if february.Quarter().String() != "2016-Q1" || m.Quarter().String() != "2015-Q4" {
		t.Error("quarters are wrong")
	}
	if february.Ended(calendar.MustDate("2016-02-29")) || !february.Ended(calendar.MustDate("2016-03-01")) {
		t.Error("a month ends with its last day")
	}
	if !february.Contains(calendar.MustDate("2016-02-29")) || (calendar.Month{}).Contains(calendar.Date{}) {
		t.Error("Contains is wrong")
	}
}

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from, to string
		months   int
		err      error
	}{
		{"2015-09", "2018-04", 32, nil},
		{"2018-04", "2018-04", 1, nil},
		{"1950-01", "1999-12", 600, nil},
		{"1950-01", "2000-01", 0, calendar.ErrPeriodTooLong},
		{"2018-05", "2018-04", 0, calendar.ErrPeriodReversed},
		{"2018-5", "2018-04", 0, calendar.ErrMonth},
		{"2018-04", "", 0, calendar.ErrMonth},
	}
	for _, test := range tests {
		t.Run(test.from+"/"+test.to, func(t *testing.T) {
			t.Parallel()
			p, err := calendar.ParsePeriod(test.from, test.to)
			if !errors.Is(err, test.err) || err == nil && p.Months() != test.months {
				t.Errorf("%v with %d months, %v", p, p.Months(), err)
			}
			if err == nil && len(slices.Collect(p.All())) != test.months {
				t.Error("All gives another number of months")
			}
		})
	}
}

func TestQuartersLieWithinThePeriod(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"2015-09/2016-03": {"2015-Q4", "2016-Q1"},
		"2015-10/2015-12": {"2015-Q4"},
		"2015-11/2016-02": nil,
		"2015-12/2016-03": {"2016-Q1"},
	}
	for text, want := range tests {
		p, err := calendar.ParsePeriod(text[:7], text[8:])
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for q := range p.Quarters() {
			got = append(got, q.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	spring := span("2016-03-01", "2016-05-31")
	open := span("2016-05-31", "")
	if shared, ok := spring.Intersect(open); !ok || !shared.Equal(span("2016-05-31", "2016-05-31")) {
		t.Errorf("shared = %v, %v", shared, ok)
	}
	if spring.Overlaps(span("2016-06-01", "")) || !open.Overlaps(span("2199-01-01", "")) {
		t.Error("Overlaps is wrong at the edges")
	}
	if spring.Overlaps(span("2016-05-01", "2016-04-01")) {
		t.Error("a reversed span overlaps")
	}
	for month, want := range map[string]bool{"2016-02": false, "2016-03": true, "2016-05": true, "2016-06": false} {
		if got := spring.Covers(calendar.MustMonth(month)); got != want {
			t.Errorf("%v covers %s: %v", spring, month, got)
		}
	}
	if span("2016-03-02", "").Covers(calendar.MustMonth("2016-03")) {
		t.Error("a span from the second day covers the month")
	}
	if !spring.Contains(calendar.MustDate("2016-03-01")) || !spring.Contains(*spring.To) || spring.Contains(spring.To.Add(1)) {
		t.Error("Contains is wrong at the edges")
	}
}

func span(from, to string) calendar.Span {
	s := calendar.Span{From: calendar.MustDate(from)}
	if to != "" {
		last := calendar.MustDate(to)
		s.To = &last
	}
	return s
}

func TestDaysDoNotDependOnTheServer(t *testing.T) {
	t.Parallel()
	zone, err := calendar.LoadZone("")
	if err != nil || zone.String() != calendar.DefaultZone {
		t.Fatalf("%v, %v", zone, err)
	}
	edge := time.Date(2018, 4, 30, 17, 0, 0, 0, time.UTC) // midnight of 1 May in Hà Nội
	for _, name := range []string{"UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"} {
		server, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := zone.DateOf(edge.In(server)).String(); got != "2018-05-01" {
			t.Errorf("on a server in %s the day is %s", name, got)
		}
		if got := zone.MonthOf(edge.Add(-time.Microsecond).In(server)).String(); got != "2018-04" {
			t.Errorf("on a server in %s the month is %s", name, got)
		}
	}
	if got := zone.Start(calendar.MustDate("2018-05-01")); !got.Equal(edge) {
		t.Errorf("the day starts at %v", got)
	}
	april, _ := calendar.ParsePeriod("2018-04", "2018-04")
	if from, until := zone.Bounds(april); !until.Equal(edge) || until.Sub(from) != 30*24*time.Hour {
		t.Errorf("April is from %v until %v", from, until)
	}
	for _, name := range []string{"Local", "Nowhere/City", "../etc/passwd"} {
		if _, err := calendar.LoadZone(name); err == nil {
			t.Errorf("zone %q was taken", name)
		}
	}
	if (calendar.Zone{}).DateOf(edge).String() != "2018-04-30" {
		t.Error("the zero zone is not UTC")
	}
}

func ExamplePeriod() {
	p, err := calendar.ParsePeriod("2015-09", "2018-04")
	fmt.Println(p.Months(), p.First(), p.Last(), err)
	_, err = calendar.ParsePeriod("2018-04", "2015-09")
	fmt.Println(err)
	// Output:
	// 32 2015-09-01 2018-04-30 <nil>
	// period_reversed
}
