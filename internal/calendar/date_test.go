package calendar_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"sochibo/internal/calendar"
)

func TestParseIsStrict(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text                       string
		date, month, quarter, year bool
	}{
		{text: "2018-04-30", date: true},
		{text: "2016-02-29", date: true},
		{text: "1900-01-01", date: true},
		{text: "2199-12-31", date: true},
		{text: "2018-04", month: true},
		{text: "2018-Q2", quarter: true},
		{text: "2018", year: true},
		{text: "2018-02-29"}, {text: "2018-04-31"}, {text: "2018-4-1"}, {text: "2018-04-00"}, {text: "1899-12-31"}, {text: "2200-01-01"},
		{text: "2018-4"}, {text: "2018-13"}, {text: "2018-00"}, {text: "1899-12"}, {text: "2018/04"}, {text: "+018-04"}, {text: "2018-4 "},
		{text: "2018-Q5"}, {text: "2018-q1"}, {text: "2018-Q0"}, {text: ""}, {text: "18"}, {text: "02018"}, {text: "２０１８"}, {text: "2018-04-30T00:00:00Z"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			_, errDate := calendar.ParseDate(test.text)
			_, errMonth := calendar.ParseMonth(test.text)
			_, errQuarter := calendar.ParseQuarter(test.text)
			_, errYear := calendar.ParseYear(test.text)
			check(t, "date", errDate, test.date, calendar.ErrDate)
			check(t, "month", errMonth, test.month, calendar.ErrMonth)
			check(t, "quarter", errQuarter, test.quarter, calendar.ErrQuarter)
			check(t, "year", errYear, test.year, calendar.ErrYear)
		})
	}
}

func check(tb testing.TB, what string, err error, want bool, fault error) {
	tb.Helper()
	if want && err != nil || !want && !errors.Is(err, fault) {
		tb.Errorf("as %s: %v", what, err)
	}
}

func TestTextRoundTrip(t *testing.T) {
	t.Parallel()
	type all struct {
		Date    calendar.Date    `json:"date"`
		Month   calendar.Month   `json:"month"`
		Quarter calendar.Quarter `json:"quarter"`
		None    *calendar.Date   `json:"none"`
		Zero    calendar.Date    `json:"zero,omitzero"`
	}
	const text = `{"date":"2016-02-29","month":"2016-02","quarter":"2016-Q1","none":null}`
	var one, two all
	if err := json.Unmarshal([]byte(text), &one); err != nil {
		t.Fatal(err)
	}
	if err := jsonv2.Unmarshal([]byte(text), &two); err != nil || one != two {
		t.Fatalf("%v: %v, %v", err, one, two)
	}
	for name, marshal := range map[string]func(any) ([]byte, error){
		"v1": json.Marshal, "v2": func(v any) ([]byte, error) { return jsonv2.Marshal(v) },
	} {
		if data, err := marshal(one); err != nil || string(data) != text {
			t.Errorf("%s: %s, %v", name, data, err)
		}
	}
	if _, err := json.Marshal(calendar.Date{}); err == nil {
		t.Error("the zero date was written")
	}
	if err := jsonv2.Unmarshal([]byte(`"2018-4"`), &one.Month); !errors.Is(err, calendar.ErrMonth) {
		t.Errorf("2018-4 gives %v", err)
	}
}

func TestStoredForms(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate("2018-04-30")
	zone := time.FixedZone("west", -11*3600)
	for _, source := range []any{
		"2018-04-30", []byte("2018-04-30"),
		time.Date(2018, 4, 30, 0, 0, 0, 0, time.UTC), time.Date(2018, 4, 30, 0, 0, 0, 0, zone),
	} {
		var read calendar.Date
		if err := read.Scan(source); err != nil || read != day {
			t.Errorf("Scan(%v) = %v, %v", source, read, err)
		}
	}
	if stored, err := day.Value(); err != nil || stored != "2018-04-30" {
		t.Errorf("Value() = %v, %v", stored, err)
	}
	var month calendar.Month
	if err := month.Scan([]byte("2018-04")); err != nil || month != calendar.MustMonth("2018-04") {
		t.Errorf("Scan month = %v, %v", month, err)
	}
	if err := month.Scan(nil); err != nil || !month.IsZero() {
		t.Errorf("Scan(nil) = %v, %v", month, err)
	}
	if stored, err := month.Value(); stored != nil || err != nil {
		t.Errorf("the zero month is stored as %v, %v", stored, err)
	}
	for _, source := range []any{42, "2018-4", "", time.Now()} {
		if err := month.Scan(source); err == nil || errors.Is(err, calendar.ErrMonth) {
			t.Errorf("Scan(%v) gives %v; a bad store is no fault of the caller", source, err)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate("2016-02-28")
	if got := day.Add(2); got != calendar.MustDate("2016-03-01") || got.Sub(day) != 2 || day.Sub(got) != -2 {
		t.Errorf("%v + 2 = %v", day, got)
	}
	if !day.Before(day.Add(1)) || !day.Add(1).After(day) || day.Compare(day) != 0 || day.Weekday() != time.Sunday {
		t.Error("order or weekday is wrong")
	}
	if got := calendar.MustDate("2199-12-31").Add(1).String(); got != "2200-01-01" {
		t.Errorf("bounds beyond the last year: %s", got)
	}
	if _, err := calendar.NewDate(2018, 2, 30); err == nil {
		t.Error("30 February exists")
	}
	if _, err := calendar.NewDate(2018+65536, 2, 3); err == nil {
		t.Error("the year wraps round")
	}
}
