package rules

import (
	"strings"
	"testing"
	"testing/fstest"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	book, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{
		"1930-02-03": "dieu-le", "2007-03-29": "dieu-le", "2007-03-30": "ct10-2007", "2018-07-05": "ct10-2007",
		"2018-07-06": "hd12-2018", "2025-10-27": "hd12-2018", "2025-10-28": "hd42-2025", "2100-01-01": "hd42-2025",
	} {
		if got := book.On(calendar.MustDate(day)).ID; got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

func TestOwes(t *testing.T) {
	t.Parallel()
	book, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	month := calendar.MustMonth("2016-02")
	for _, c := range []struct {
		kind   org.Kind
		body   org.Body
		rhythm Rhythm
		form   string
		want   bool
	}{
		{"cell", org.Cell, Monthly, "", true},
		{"base_cell", org.Cell, Quarterly, "thematic", true},
		{"base_party", org.Cell, Monthly, "", false},
		{"base_party", org.PartyCommittee, Monthly, "", true},
		{"sectional_party", org.PartyCommittee, Monthly, "", true},
		{"superior", org.PartyCommittee, Monthly, "", false},
		{"base_party", org.StandingCommittee, Monthly, "", false},
	} {
		if got := book.Owes(c.kind, c.body, c.rhythm, c.form, month); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// counting is what every set has to say.
const counting = `
standing:
  official: {base: always, vote: always}
  probationary: {base: always, vote: never}
  undated: {base: always, vote: never}
  exempt: {base: if_present, vote: if_present}
  temporarily_away: {base: if_present, vote: if_present}
  suspended: {base: never, vote: never}
  detained: {base: never, vote: never}
  special_duty: {base: never, vote: always}
adoption:
  - {rule: more_than_half, above: 1/2}
  - {rule: two_thirds, at_least: 2/3}
`

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	const body = "\nattendance_base: eligible\n" + counting
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"gap":          {map[string]string{"a.yaml": "id: a\nto: 2000-01-01" + body, "b.yaml": "id: b\nfrom: 2000-01-03" + body}, "no set is in force from 2000-01-02 to 2000-01-02"},
		"overlap":      {map[string]string{"a.yaml": "id: a\nto: 2000-01-01" + body, "b.yaml": "id: b\nfrom: 2000-01-01" + body}, "a and b overlap on 2000-01-01"},
		"end":          {map[string]string{"a.yaml": "id: a\nto: 2000-01-01" + body}, "no set is in force after 2000-01-01"},
		"start":        {map[string]string{"a.yaml": "id: a\nfrom: 2000-01-01" + body}, "no set is in force before 2000-01-01"},
		"unknown key":  {map[string]string{"a.yaml": "id: a\nfoo: 1" + body}, "a.yaml"},
		"unknown word": {map[string]string{"a.yaml": "id: a\nattendance_base: all\n" + counting}, `a.yaml: attendance_base: unknown word "all"`},
		"body":         {map[string]string{"a.yaml": "id: a" + body + "obligations:\n  - {body: club, kinds: [cell], rhythm: monthly}\n"}, `obligations[0].body: unknown word "club"`},
		"none":         {nil, "there is none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{}
			for file, text := range c.files {
				fsys[file] = &fstest.MapFile{Data: []byte(text)}
			}
			_, err := Load(fsys)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
}
