package schedule

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// The faults of delegates.
var (
	ErrDelegateUnknown  = fault.New(fault.NotFound, "delegate_unknown")
	ErrDelegateOverlap  = fault.New(fault.Conflict, "delegate_overlap")
	ErrAttendedLater    = fault.New(fault.Conflict, "delegate_attended_later")
	ErrSessionNotTheirs = fault.New(fault.Conflict, "delegate_not_for_session")
	ErrSessionNotHeld   = fault.New(fault.Conflict, "delegate_session_not_held")
)

// Delegate is a member who follows an organisation for the one above it.
type Delegate struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	OrganizationID org.ID
	SuperiorID     org.ID
	MemberID       member.ID
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date // the last day
	Basis          *string
	Version        int64
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
}

// TableName names the table.
func (Delegate) TableName() string { return "delegate" }

// Span returns the days of the assignment.
func (d Delegate) Span() calendar.Span { return calendar.Span{From: d.ValidFrom, To: d.ValidTo} }

// Visit is whether a delegate attended a session, with a short observation.
type Visit struct {
	ID          uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	DelegateID  uuid.UUID
	MeetingID   meeting.ID
	Attended    bool
	Observation *string
	RecordedBy  *auth.UserID
	CreatedAt   time.Time  `gorm:"autoCreateTime:false"`
	UpdatedAt   *time.Time `gorm:"autoUpdateTime:false"`
}

// TableName names the table.
func (Visit) TableName() string { return "delegate_attendance" }

// Assignment asks for a delegate.
type Assignment struct {
	ID         uuid.UUID // zero: a new one
	Code       *string
	MemberID   member.ID
	SuperiorID *org.ID // nil: the organisation directly above on the first day
	From       calendar.Date
	To         *calendar.Date
	Basis      *string
}

const (
	maxBasis       = 500
	maxObservation = 2000
)

// row makes the row and notes what is wrong with it by itself.
func (in Assignment) row(f *fault.Fields, organization org.ID, now time.Time) Delegate {
	d := Delegate{
		ID: in.ID, Code: in.Code, OrganizationID: organization, MemberID: in.MemberID, ValidFrom: in.From, ValidTo: in.To,
		Basis: in.Basis, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if d.ID == uuid.Nil {
		d.ID = uuid.Must(uuid.NewV7())
	}
	if in.SuperiorID != nil {
		d.SuperiorID = *in.SuperiorID
	}
	text.OptionalAt(f, "/code", &d.Code, text.MaxCode)
	text.OptionalAt(f, "/basis", &d.Basis, maxBasis)
	f.Check(d.MemberID != (member.ID{}), "/member_id", "field_required")
	if f.Check(!d.ValidFrom.IsZero(), "/from", "field_required") {
		f.Check(d.Span().Valid(), "/to", "ends_before_start")
	}
	return d
}

// followed returns the body whose sessions a delegate attends: that of the members where the organisation is a cell, else its committee.
func followed(kind org.Kind) org.Body {
	if kind.May(org.Cell) {
		return org.Cell
	}
	return org.PartyCommittee
}

// checkWord notes a missing word, or one that is none of the allowed ones.
func checkWord[W ~string](f *fault.Fields, pointer string, word W, allowed []W) bool {
	return f.Check(word != "", pointer, "field_required") &&
		f.Check(slices.Contains(allowed, word), pointer, "word_unknown", fault.Args{"allowed": strings.Join(words(allowed), ", ")})
}

// words returns the words of an enumeration as texts.
func words[W ~string](all []W) []string {
	texts := make([]string, len(all))
	for i, w := range all {
		texts[i] = string(w)
	}
	return texts
}
