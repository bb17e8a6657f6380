package ledger

import (
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

// Source names the table of the row that an entry comes from.
type Source string

// The sources. An obligation has the organisation that owes it as its source.
const (
	Meeting          Source = "meeting"
	Obligation       Source = "obligation"
	Inspection       Source = "inspection"
	InspectionObject Source = "inspection_object"
)

// Basis says which records a figure counts.
type Basis string

// The bases. Both is for facts that no record decides: what is due or excused, and inspections.
const (
	Submitted Basis = "submitted"
	Accepted  Basis = "accepted"
	Both      Basis = "both"
)

// Cause says what made an entry necessary.
type Cause string

// The causes.
const (
	Submission  Cause = "submission"
	Withdrawal  Cause = "withdrawal"
	Return      Cause = "return"
	Acceptance  Cause = "acceptance"
	Amending    Cause = "amendment"
	Inspecting  Cause = "inspection"
	Structure   Cause = "structure"
	Settlement  Cause = "settlement"
	FolderBatch Cause = "import"
)

// Posting asks for one entry. Day is the day of the tree that the posting follows.
type Posting struct {
	Cause        Cause
	Source       Source
	SourceID     uuid.UUID
	Version      *int
	Organization org.ID
	Day          calendar.Date
	Month        calendar.Month
	Body         org.Body
	Basis        Basis
	Counters     Counters
}

// Entry is one line of the book.
type Entry struct {
	Number         int64 `gorm:"primaryKey;autoIncrement:false"`
	RecordedAt     time.Time
	Cause          Cause
	Source         Source
	SourceID       uuid.UUID
	VersionNumber  *int
	Reverses       *int64
	PathID         uuid.UUID
	OrganizationID org.ID
	Day            calendar.Date
	Month          calendar.Month
	Body           org.Body
	Basis          Basis
	Counters       `gorm:"embedded"`
}

// TableName names the table of the entries.
func (Entry) TableName() string { return "ledger_entry" }

// Balance is what the entries add up to for an organisation, month, body and basis. ViaID is the zero id for the total,
// a child for the part that came through it, the organisation itself for its own part.
type Balance struct {
	OrganizationID org.ID         `gorm:"primaryKey"`
	ViaID          org.ID         `gorm:"primaryKey"`
	Month          calendar.Month `gorm:"primaryKey"`
	Body           org.Body       `gorm:"primaryKey"`
	Basis          Basis          `gorm:"primaryKey"`
	Counters       `gorm:"embedded"`
}

// TableName names the table of the balances.
func (Balance) TableName() string { return "balance" }

// Total is the ViaID of a balance over all parts.
var Total = org.ID{}
