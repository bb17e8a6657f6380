package resolution

import (
	_ "embed" // the letters of numbers
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// The faults of numbers.
var (
	ErrNumberTaken   = fault.New(fault.Conflict, "resolution_number_taken")
	ErrSeriesUsedUp  = fault.New(fault.Conflict, "resolution_series_full")
	ErrNumberCrowded = fault.New(fault.Unavailable, "resolution_number_crowded")
)

// Paper is the kind of a numbered decision.
type Paper string

// The kinds.
const (
	PaperResolution Paper = "resolution"
	PaperConclusion Paper = "conclusion"
	PaperDecision   Paper = "decision"
)

// Papers returns every kind of numbered decision.
func Papers() []Paper { return []Paper{PaperResolution, PaperConclusion, PaperDecision} }

//go:embed numbers.yaml
var numbersYAML []byte

// letters are those that numbers are made of.
type letters struct {
	Kinds []struct {
		Kind    Paper  `yaml:"kind"`
		Letters string `yaml:"letters"`
	} `yaml:"kinds"`
	Issuers []struct {
		Body    org.Body   `yaml:"body"`
		Letters string     `yaml:"letters"`
		Of      []org.Kind `yaml:"of"`
	} `yaml:"issuers"`
}

// lettersOf reads the letters that come with the program; a test keeps faulty ones from being released.
var lettersOf = sync.OnceValues(func() (letters, error) {
	var l letters
	if err := yaml.UnmarshalWithOptions(numbersYAML, &l, yaml.Strict()); err != nil {
		return l, fmt.Errorf("read the letters of numbers: %w", err)
	}
	return l, nil
})

// issuer returns the letters of a body of an organisation of the kind.
func (l letters) issuer(body org.Body, kind org.Kind) string {
	for _, i := range l.Issuers {
		if i.Body == body && (len(i.Of) == 0 || slices.Contains(i.Of, kind)) {
			return i.Letters
		}
	}
	return ""
}

// Number is the number of a decision in the form 05-NQ/CB.
type Number struct {
	Sequence int
	Paper    Paper
	Issuer   string // the letters behind the stroke
}

// largestSequence ends a series.
const largestSequence = 9999

// formOf reads a sequence, the letters of the kind, and the letters of the issuer.
var formOf = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^0*([1-9][0-9]{0,3})-(\p{Lu}+)/(\p{Lu}[\p{L}\p{N}-]{0,19})$`)
})

// ParseNumber reads a number of the form 05-NQ/CB; ok is false for any other text, which is a number in no series.
func ParseNumber(text string) (n Number, ok bool) {
	parts := formOf().FindStringSubmatch(text)
	known, err := lettersOf()
	if parts == nil || err != nil {
		return Number{}, false
	}
	sequence, err := strconv.Atoi(parts[1])
	if err != nil {
		return Number{}, false
	}
	for _, k := range known.Kinds {
		if k.Letters == parts[2] {
			return Number{sequence, k.Kind, parts[3]}, true
		}
	}
	return Number{}, false
}

// String writes the number.
func (n Number) String() string {
	known, _ := lettersOf() // a number that was read has letters
	for _, k := range known.Kinds {
		if k.Kind == n.Paper {
			return fmt.Sprintf("%02d-%s/%s", n.Sequence, k.Letters, n.Issuer)
		}
	}
	return fmt.Sprintf("%02d/%s", n.Sequence, n.Issuer)
}

// Kind returns the kind of the decision as its number tells it; nil for a number that has no known form.
func (r Resolution) Kind() *Paper {
	if r.Number == nil {
		return nil
	}
	if n, ok := ParseNumber(*r.Number); ok {
		return &n.Paper
	}
	return nil
}

// Sitting is the meeting that decides, as far as the numbers of its decisions follow from it.
type Sitting struct {
	MeetingID      uuid.UUID
	OrganizationID org.ID
	Body           org.Body
	HeldOn         calendar.Date
}

// termBody is the body whose term a body's numbers run through: a cell and its committee share one, as do a committee and its inner body.
func termBody(body org.Body) org.Body {
	switch body {
	case org.Cell:
		return org.CellCommittee
	case org.StandingCommittee, org.Conference:
		return org.PartyCommittee
	case org.CellCommittee, org.PartyCommittee, org.InspectionCommission:
	}
	return body
}

// term is what a series runs through, from congress to congress.
type term struct {
	from calendar.Date
	to   *calendar.Date
}

// termOn returns the term that holds on the day: that of the body in office; where none is, from the last congress, or the founding, to the
// day before the next congress.
func termOn(day calendar.Date, terms []org.BodyTerm, founded *calendar.Date, congresses []calendar.Date) term {
	for _, t := range terms {
		if t.Span().Contains(day) {
			return term{t.ValidFrom, t.ValidTo}
		}
	}
	found := term{from: calendar.MustDate("1900-01-01")}
	if founded != nil && !founded.After(day) {
		found.from = *founded
	}
	for _, congress := range congresses {
		switch {
		case congress.After(day):
			before := congress.Add(-1)
			if found.to == nil || before.Before(*found.to) {
				found.to = &before
			}
		case congress.After(found.from):
			found.from = congress
		}
	}
	return found
}

// series are the numbers of one kind that an organisation gives under the same letters in a term.
type series struct {
	organization org.ID
	paper        Paper
	issuer       string
	from         calendar.Date
}

// key is how the place in a series is stored; no two decisions have the same.
func (s series) key(sequence int) string {
	return fmt.Sprintf("%s/%s/%s/%s/%d", s.organization, s.paper, s.issuer, s.from, sequence)
}
