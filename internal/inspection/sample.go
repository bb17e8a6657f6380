package inspection

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// The faults of samples.
var (
	ErrSampleUnknown = fault.New(fault.NotFound, "sample_unknown")
	ErrNothingThere  = fault.New(fault.Conflict, "sample_without_population")
	ErrSampleTooWide = fault.New(fault.Conflict, "sample_too_wide")
)

const (
	maxSample     = 200
	maxPopulation = 20_000
)

// Sample says which meetings were drawn at random for a round, and everything that drawing them again takes. It never changes.
type Sample struct {
	ID           uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	InspectionID ID
	Seed         string
	SeedGiven    bool // by whoever drew, who might have tried others before
	FromMonth    calendar.Month
	ToMonth      calendar.Month
	Body         *org.Body // nil: every body
	Entry        int64     // the last entry of the ledger that counted
	Wanted       int
	Population   int          // how many there were to draw from
	DrawnBy      *auth.UserID // nil: the installation
	CreatedAt    time.Time
}

// TableName names the table.
func (Sample) TableName() string { return "inspection_sample" }

// SampleOrganization is an organisation from whose meetings, and from those below it, a sample was drawn.
type SampleOrganization struct {
	SampleID       uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	OrganizationID org.ID    `gorm:"primaryKey;autoIncrement:false"`
}

// TableName names the table.
func (SampleOrganization) TableName() string { return "inspection_sample_organization" }

// SampleMeeting is a meeting that was drawn.
type SampleMeeting struct {
	SampleID  uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	Position  int       `gorm:"primaryKey;autoIncrement:false"` // the first is 1
	MeetingID uuid.UUID
}

// TableName names the table.
func (SampleMeeting) TableName() string { return "inspection_sample_meeting" }

// Rank is what a meeting is chosen by: SHA-256 of the seed, a space and the meeting's id, in hexadecimal digits. Those with the smallest
// ranks are chosen. Nobody can know a rank without the seed, and everybody can with it.
func Rank(seed string, meeting uuid.UUID) string {
	sum := sha256.Sum256([]byte(seed + " " + meeting.String()))
	return hex.EncodeToString(sum[:])
}

// Draw chooses n of the meetings by their ranks, the smallest first.
func Draw(seed string, population []uuid.UUID, n int) []uuid.UUID {
	ranks := make(map[uuid.UUID]string, len(population))
	for _, id := range population {
		ranks[id] = Rank(seed, id)
	}
	chosen := slices.SortedFunc(slices.Values(population), func(a, b uuid.UUID) int { return strings.Compare(ranks[a], ranks[b]) })
	return chosen[:min(n, len(chosen))]
}

// freshSeed returns 256 random bits as text.
func freshSeed() string {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // it never fails
	return hex.EncodeToString(bits[:])
}

// seedPattern is what a seed looks like, so that it can be typed into any shell.
var seedPattern = regexp.MustCompile(`^[0-9A-Za-z._-]{1,64}$`)

// SampleInput asks for a sample.
type SampleInput struct {
	Count           int
	From            calendar.Month
	To              calendar.Month
	Body            *org.Body
	OrganizationIDs []org.ID // objects of the round; none: all of them
	Seed            string   // empty: a fresh one
}

// row makes the row and notes what is wrong with it.
func (in SampleInput) row(f *fault.Fields, id ID, now time.Time) Sample {
	s := Sample{
		ID: uuid.Must(uuid.NewV7()), InspectionID: id, Seed: in.Seed, SeedGiven: in.Seed != "", FromMonth: in.From, ToMonth: in.To,
		Body: in.Body, Wanted: in.Count, CreatedAt: now,
	}
	if s.Seed == "" {
		s.Seed = freshSeed()
	}
	f.Check(seedPattern.MatchString(s.Seed), "/seed", "seed_malformed")
	f.Check(in.Count >= 1 && in.Count <= maxSample, "/count", "number_out_of_range", fault.Args{"least": 1, "most": maxSample})
	if in.Body != nil {
		checkWord(f, "/body", *in.Body, org.Bodies)
	}
	started := f.Check(!in.From.IsZero(), "/from", "field_required")
	if f.Check(!in.To.IsZero(), "/to", "field_required") && started {
		_, err := calendar.NewPeriod(in.From, in.To)
		if wrong, ok := fault.As(err); ok {
			f.Add(fault.Field{Pointer: "/to", Code: wrong.Code, Args: wrong.Args}) //fault:codes period_reversed period_too_long
		}
	}
	return s
}

// organizations returns the objects of the round that the sample is drawn from, and notes those that are none.
func (in SampleInput) organizations(f *fault.Fields, objects []Object) []org.ID {
	var known []org.ID
	for _, o := range objects {
		if o.OrganizationID != nil {
			known = append(known, *o.OrganizationID)
		}
	}
	if len(in.OrganizationIDs) == 0 {
		f.Check(len(known) > 0, "/organization_ids", "field_required")
		return known
	}
	var chosen []org.ID
	for _, id := range in.OrganizationIDs {
		f.Check(slices.Contains(known, id), "/organization_ids", "no_object_of_round")
		if !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
	}
	return chosen
}
