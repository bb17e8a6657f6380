package erasure

import (
	"time"

	"github.com/google/uuid"

	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// ID names an erasure.
type ID struct{ uuid.UUID }

// NewID returns a fresh id, in the order of time.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// The faults of an erasure as a whole.
var (
	ErrUnknown   = fault.New(fault.NotFound, "erasure_unknown")
	ErrExists    = fault.New(fault.Conflict, "erasure_exists")
	ErrConfirmed = fault.New(fault.Conflict, "erasure_confirmed")
	ErrEnded     = fault.New(fault.Conflict, "erasure_ended")
	ErrNotYours  = fault.New(fault.Forbidden, "erasure_not_yours")
	ErrOwn       = fault.New(fault.Forbidden, "own_erasure")
	ErrStale     = fault.New(fault.Stale, "version_stale")
)

// Status is where an erasure stands.
type Status string

// The statuses of an erasure.
const (
	Requested Status = "requested"
	Confirmed Status = "confirmed"
	Rejected  Status = "rejected"
	Withdrawn Status = "withdrawn"
)

const (
	maxBasis  = 500
	maxReason = 2000
)

// Erasure is a decision to erase what is kept about a member, or the texts of one version of a record. OrganizationID is where the
// subject belonged when it was asked for, which decides who may confirm and see it; none for a member without a home.
type Erasure struct {
	ID                ID `gorm:"primaryKey;autoIncrement:false"`
	Status            Status
	MemberID          *member.ID
	MeetingID         *meeting.ID
	VersionNumber     *int
	OrganizationID    *org.ID
	LegalBasis        string
	amendment.Grounds `gorm:"embedded"`
	Pseudonym         *string // what the member is called from then on
	RequestedBy       *auth.UserID
	RequestedAt       time.Time
	ConfirmedBy       *auth.UserID
	ConfirmedAt       *time.Time
	EndedBy           *auth.UserID // who withdrew or rejected it
	EndedAt           *time.Time
	DecisionReason    *string // of a rejection
	Version           int64
}

// TableName names the table.
func (Erasure) TableName() string { return "erasure" }

// Input asks for an erasure: of a member, or of one version of the record of a meeting.
type Input struct {
	amendment.Grounds

	MemberID   *member.ID
	MeetingID  *meeting.ID
	Version    *int
	LegalBasis string
}

// check cleans the texts and notes what is wrong with the request.
func (in *Input) check(today calendar.Date) error {
	var f fault.Fields
	one := in.MemberID != nil && in.MeetingID == nil && in.Version == nil || in.MemberID == nil && in.MeetingID != nil && in.Version != nil
	f.Check(one, "/subject", "erasure_subject")
	text.CleanLinesAt(&f, "/legal_basis", &in.LegalBasis, maxBasis)
	f.Check(in.LegalBasis != "", "/legal_basis", "field_required")
	in.Grounds.Check(&f, today)
	return f.Err(fault.Invalid, "erasure_invalid")
}

// judge refuses to decide what was decided, or what the actor asked for. Two persons it is, and the installation is not one of them
// twice.
func (e Erasure) judge(actor auth.Actor) error {
	if e.own(actor) {
		return ErrOwn
	}
	return e.open()
}

// own reports whether the actor asked for it.
func (e Erasure) own(actor auth.Actor) bool {
	user := actor.Editor()
	return user == nil && e.RequestedBy == nil || user != nil && e.RequestedBy != nil && *user == *e.RequestedBy
}

// open refuses an erasure that was decided.
func (e Erasure) open() error {
	switch e.Status {
	case Requested:
		return nil
	case Confirmed:
		return ErrConfirmed
	default:
		return fault.With(ErrEnded, fault.Args{"status": string(e.Status)})
	}
}

// cleanReason tidies the reason of a rejection. Faults: erasure_invalid.
func cleanReason(reason string) (string, error) {
	var f fault.Fields
	text.CleanLinesAt(&f, "/reason", &reason, maxReason)
	if f.Len() == 0 {
		f.Check(reason != "", "/reason", "field_required")
	}
	return reason, f.Err(fault.Invalid, "erasure_invalid")
}
