package resolution

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// The faults of resolutions and tasks.
var (
	ErrUnknown        = fault.New(fault.NotFound, "resolution_unknown")
	ErrTaskUnknown    = fault.New(fault.NotFound, "task_unknown")
	ErrStale          = fault.New(fault.Stale, "version_stale")
	ErrIDTaken        = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken      = fault.New(fault.Conflict, "code_taken")
	ErrMeetingCounted = fault.New(fault.Conflict, "meeting_counted")
	ErrMeetingStatus  = fault.New(fault.Conflict, "meeting_wrong_status")
)

// ID names a resolution.
type ID struct{ uuid.UUID }

// NewID returns a fresh id; later ones sort after earlier ones.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// ParseID reads an id.
func ParseID(s string) (ID, error) {
	id, err := uuid.Parse(s)
	return ID{id}, err
}

// Resolution is what a meeting resolved, with its votes.
type Resolution struct {
	ID             ID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	MeetingID      uuid.UUID
	Number         *string
	AdoptedOn      *calendar.Date
	Title          *string
	VotesFor       *int
	VotesAgainst   *int
	VotesAbstained *int
	NumberKey      *string // the place of the number in its series; nil for one in none, or that came with a folder
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName names the table.
func (Resolution) TableName() string { return "resolution" }

// Draft is a resolution as it is handed in; a zero ID asks for a new one, a kind in NextNumber for the next number of that kind.
type Draft struct {
	ID             ID
	Code           *string
	Number         *string
	AdoptedOn      *calendar.Date
	Title          *string
	VotesFor       *int
	VotesAgainst   *int
	VotesAbstained *int
	NextNumber     Paper
}

// maxVotes is more than any meeting has voters.
const maxVotes = 1_000_000

// Check cleans the draft's texts and notes what is wrong with it below the pointer.
func (d *Draft) Check(f *fault.Fields, pointer string) {
	text.OptionalAt(f, pointer+"/code", &d.Code, text.MaxCode)
	text.OptionalAt(f, pointer+"/number", &d.Number, text.MaxCode)
	text.OptionalLinesAt(f, pointer+"/title", &d.Title, text.MaxLines)
	if d.NextNumber != "" {
		f.Check(slices.Contains(Papers(), d.NextNumber), pointer+"/next_number", "word_unknown", fault.Args{"allowed": "resolution, conclusion, decision"})
		f.Check(d.Number == nil, pointer+"/next_number", "number_given_twice")
	}
	f.Check(d.Title != nil || d.Number != nil || d.Code != nil || d.NextNumber != "", pointer+"/title", "field_required")
	votes := func(name string, n *int) {
		f.Check(n == nil || *n >= 0 && *n <= maxVotes, pointer+"/"+name, "number_out_of_range", fault.Args{"least": 0, "most": maxVotes})
	}
	votes("votes_for", d.VotesFor)
	votes("votes_against", d.VotesAgainst)
	votes("votes_abstained", d.VotesAbstained)
}

// row makes the row of the draft.
func (d *Draft) row(meetingID uuid.UUID, now time.Time) Resolution {
	id := d.ID
	if id == (ID{}) {
		id = NewID()
	}
	return Resolution{
		ID: id, Code: d.Code, MeetingID: meetingID, Number: d.Number, AdoptedOn: d.AdoptedOn, Title: d.Title,
		VotesFor: d.VotesFor, VotesAgainst: d.VotesAgainst, VotesAbstained: d.VotesAbstained, CreatedAt: now, UpdatedAt: now,
	}
}
