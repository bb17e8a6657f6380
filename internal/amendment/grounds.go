package amendment

import (
	"strings"
	"unicode/utf8"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

const (
	leastExplanation = 20 // characters
	maxExplanation   = 2000
	maxNumber        = 64
)

// Grounds are what an act on an accepted record rests on: an explanation, and the document that was written about it.
type Grounds struct {
	Explanation string
	BasisNumber string
	BasisDate   calendar.Date
}

// Check cleans the texts and notes what is missing: text_too_short, text_too_long, field_required, date_in_future.
func (g *Grounds) Check(f *fault.Fields, today calendar.Date) {
	text.CleanLinesAt(f, "/explanation", &g.Explanation, maxExplanation)
	f.Check(utf8.RuneCountInString(strings.TrimSpace(g.Explanation)) >= leastExplanation, "/explanation", "text_too_short",
		fault.Args{"least": leastExplanation})
	text.CleanAt(f, "/basis/number", &g.BasisNumber, maxNumber)
	f.Check(g.BasisNumber != "", "/basis/number", "field_required")
	if f.Check(!g.BasisDate.IsZero(), "/basis/date", "field_required") {
		f.Check(!today.Before(g.BasisDate), "/basis/date", "date_in_future")
	}
}
