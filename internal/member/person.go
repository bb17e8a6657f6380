package member

// Standing says how a member on a roll counts.
type Standing string

// The standings.
const (
	Base      Standing = "base"      // on the roster and in the attendance base
	Roster    Standing = "roster"    // on the roster, outside the base
	Temporary Standing = "temporary" // not on the roster, but temporarily here
)

// Person is a member as of one day: what makes them count, and the offices held that day in the organisation asked about.
// Official and Probationary are both false when neither date of the member says.
type Person struct {
	Member       Member
	Official     bool
	Probationary bool
	Statuses     []StatusKind
	Offices      []OfficeKind
}
