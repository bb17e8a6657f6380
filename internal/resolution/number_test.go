package resolution

import (
	"testing"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Number{
		"05-NQ/CB":      {5, PaperResolution, "CB"},
		"5-NQ/CB":       {5, PaperResolution, "CB"},
		"12-KL/ĐU":      {12, PaperConclusion, "ĐU"},
		"103-QĐ/UBKTĐU": {103, PaperDecision, "UBKTĐU"},
	} {
		if got, ok := ParseNumber(text); !ok || got != want {
			t.Errorf("%s: %v %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "05", "NQ/CB", "05/NQ-CB", "00-NQ/CB", "05-TB/CB", "05-nq/CB", "05-NQ/", "05-NQ/cb", "10000-NQ/CB", " 05-NQ/CB", "05-NQ/CB "} {
		if got, ok := ParseNumber(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
	if got := (Number{5, PaperResolution, "CB"}).String(); got != "05-NQ/CB" {
		t.Error(got)
	}
}

// Every body of every kind of organisation that may have it issues papers under letters that can be read back, and every kind of paper has
// letters of its own.
func TestLetters(t *testing.T) {
	t.Parallel()
	known, err := lettersOf()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range org.Kinds() {
		for _, body := range org.Bodies {
			for _, paper := range Papers() {
				number := Number{7, paper, known.issuer(body, kind)}
				if got, ok := ParseNumber(number.String()); kind.May(body) && (!ok || got != number) {
					t.Errorf("%s of %s: %s", body, kind, number)
				}
			}
		}
	}
}

func TestTermOn(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate
	to := day("2015-06-11")
	terms := []org.BodyTerm{{ValidFrom: day("2010-06-10"), ValidTo: &to}, {ValidFrom: day("2015-06-12")}}
	founded := day("2008-04-01")
	congresses := []calendar.Date{day("2012-05-20"), day("2017-05-22")}
	for _, test := range []struct {
		name, on   string
		terms      []org.BodyTerm
		founded    *calendar.Date
		congresses []calendar.Date
		from, to   string
	}{
		{"the term of the committee", "2015-06-11", terms, &founded, congresses, "2010-06-10", "2015-06-11"},
		{"the next one", "2018-01-01", terms, &founded, congresses, "2015-06-12", ""},
		{"before any congress, from the founding", "2009-01-01", nil, &founded, congresses, "2008-04-01", "2012-05-19"},
		{"the day of a congress begins a term", "2012-05-20", nil, &founded, congresses, "2012-05-20", "2017-05-21"},
		{"after the last congress", "2018-01-01", nil, &founded, congresses, "2017-05-22", ""},
		{"nothing known", "2018-01-01", nil, nil, nil, "1900-01-01", ""},
		{"a day outside the terms", "2009-01-01", terms, nil, nil, "1900-01-01", ""},
	} {
		got := termOn(day(test.on), test.terms, test.founded, test.congresses)
		last := ""
		if got.to != nil {
			last = got.to.String()
		}
		if got.from.String() != test.from || last != test.to {
			t.Errorf("%s: %s to %q", test.name, got.from, last)
		}
	}
}
