package recount

// Facts is everything the figures follow from.
type Facts struct {
	Organizations []Organization
	Placements    []Placement
	Bodies        []Term
	Excused       []ExcusedMonth
	Meetings      []Meeting
	Inspections   []Inspection
}

// Organization is one organisation and its life; both days are included, an empty one is open.
type Organization struct {
	Code      string
	Kind      string
	Founded   Date
	Dissolved Date
}

// Placement says under whom an organisation stood, and when.
type Placement struct {
	Organization string
	Parent       string
	From, To     Date
}

// Term says when a committee or commission was in office.
type Term struct {
	Organization string
	Body         string
	From, To     Date
}

// ExcusedMonth is a month set aside for one body.
type ExcusedMonth struct {
	Organization string
	Body         string
	Month        Month
}

// Meeting is one sitting with its frozen roll.
type Meeting struct {
	Code         string
	Organization string
	Body         string
	Forms        []string
	Period       Month
	Date         Date   // the local day of its start
	Status       string // scheduled, held, submitted, accepted, cancelled
	Guests       int
	Roll         []Person
	Totals       *Totals // instead of a roll, where only the numbers are known
	OnPaper      bool    // its text is in a paper book
}

// Totals are the numbers of a meeting whose roll is not known.
type Totals struct {
	Roster, Expected, Present, Excused, Unexcused, Temporary int
}

// Person is one line of a frozen roll.
type Person struct {
	Member   string
	Standing string // base, roster (on the roll, outside the base), temporary
	Status   string // present, excused, unexcused, not_recorded
}

// Inspection is one round with what it inspected.
type Inspection struct {
	Code         string
	Organization string
	From         Date
	Objects      []Object
}

// Object is an organisation or a member that a round inspected.
type Object struct {
	Type string // organization, member
	Code string
}

// lineage is the organisation itself followed by those above it on the day, nearest first.
func lineage(placements []Placement, organization string, on Date) []string {
	chain := []string{organization}
	for len(chain) <= len(placements) {
		parent := parentOn(placements, chain[len(chain)-1], on)
		if parent == "" {
			break
		}
		chain = append(chain, parent)
	}
	return chain
}

func parentOn(placements []Placement, organization string, on Date) string {
	for _, p := range placements {
		if p.Organization == organization && holds(p.From, p.To, on) {
			return p.Parent
		}
	}
	return ""
}
