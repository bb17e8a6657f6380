package meeting

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/topic"
)

// ID names a meeting.
type ID struct{ uuid.UUID }

// NewID returns a fresh id, in the order of time.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// ParseID reads an id, or fails with ErrUnknown.
func ParseID(text string) (ID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return ID{}, ErrUnknown
	}
	return ID{id}, nil
}

// The faults of a meeting as a whole.
var (
	ErrUnknown        = fault.New(fault.NotFound, "meeting_unknown")
	ErrVersionUnknown = fault.New(fault.NotFound, "record_version_unknown")
	ErrCounted        = fault.New(fault.Conflict, "meeting_counted")
	ErrWrongStatus    = fault.New(fault.Conflict, "meeting_wrong_status")
	ErrHasVersions    = fault.New(fault.Conflict, "meeting_has_versions")
	ErrOwnRecord      = fault.New(fault.Forbidden, "own_record")
	ErrStale          = fault.New(fault.Stale, "version_stale")
	ErrIDTaken        = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken      = fault.New(fault.Conflict, "code_taken")
)

// Meeting is the head of one sitting.
type Meeting struct {
	ID              ID `gorm:"primaryKey;autoIncrement:false"`
	Code            *string
	OrganizationID  org.ID
	Body            org.Body
	Forms           Forms
	PeriodMonth     calendar.Month
	HeldOn          calendar.Date
	StartedAt       time.Time
	EndedAt         *time.Time
	BreakMinutes    *int
	Mode            *Mode
	Place           *string
	Status          Status
	Title           *string
	SearchKey       string
	ChairID         *member.ID
	MinutesTakerID  *member.ID
	TopicID         *topic.ID
	Guests          *int
	PreparedByID    *ID
	SelfScore       *int
	FeesReported    *bool
	PaperBook       *string
	PaperPage       *string
	TotalsOnly      bool
	CancelledReason *string
	ReturnedReason  *string
	Postponed       bool
	RecordVersion   int
	Version         int64
	CreatedAt       time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt       time.Time `gorm:"autoUpdateTime:false"`
}

// TableName names the table.
func (Meeting) TableName() string { return "meeting" }

// SearchSpan names the column by which titles that repeat lie together: many name their month.
func (Meeting) SearchSpan() string { return "period_month" }

// ContentItem is one content item a meeting covered.
type ContentItem struct {
	MeetingID ID  `gorm:"primaryKey;autoIncrement:false"`
	Position  int `gorm:"primaryKey;autoIncrement:false"`
	Item      string
}

// TableName names the table.
func (ContentItem) TableName() string { return "meeting_content_item" }

// StudiedDirective is one directive a meeting studied.
type StudiedDirective struct {
	MeetingID   ID  `gorm:"primaryKey;autoIncrement:false"`
	Position    int `gorm:"primaryKey;autoIncrement:false"`
	DirectiveID directive.ID
}

// TableName names the table.
func (StudiedDirective) TableName() string { return "meeting_directive" }

// Attendance is what the roll says of one member; Standing is empty until the roll is frozen.
type Attendance struct {
	MeetingID  ID        `gorm:"primaryKey;autoIncrement:false"`
	MemberID   member.ID `gorm:"primaryKey;autoIncrement:false"`
	Status     AttendanceStatus
	ReasonKind *ReasonKind
	Reason     *string
	Late       *bool
	LeftEarly  *bool
	Remote     *bool
	Spoke      *bool
	Standing   *member.Standing
}

// TableName names the table.
func (Attendance) TableName() string { return "attendance" }

// MinutesLine is one line of the minutes; Position runs over agenda, opinions and conclusions in that order.
type MinutesLine struct {
	MeetingID   ID  `gorm:"primaryKey;autoIncrement:false"`
	Position    int `gorm:"primaryKey;autoIncrement:false"`
	Part        Part
	ContentItem *string
	MemberID    *member.ID
	Text        *string
}

// TableName names the table.
func (MinutesLine) TableName() string { return "minutes_line" }

// Editor is a user who wrote on the draft and therefore may not receive the record.
type Editor struct {
	MeetingID ID          `gorm:"primaryKey;autoIncrement:false"`
	UserID    auth.UserID `gorm:"primaryKey;autoIncrement:false"`
	EditedAt  time.Time
}

// TableName names the table.
func (Editor) TableName() string { return "meeting_editor" }

// RecordVersion is what was handed in, or what an amendment made of it: the exact canonical bytes, kept for ever. An erasure alone puts
// a tombstone in their place.
type RecordVersion struct {
	MeetingID   ID  `gorm:"primaryKey;autoIncrement:false"`
	Number      int `gorm:"primaryKey;autoIncrement:false"`
	Content     []byte
	SHA256      []byte `gorm:"column:sha256"`
	SubmittedBy *auth.UserID
	RecordedAt  time.Time
	AmendmentID *uuid.UUID // none where the version was submitted
	ErasureID   *uuid.UUID // the last erasure that touched it
}

// TableName names the table.
func (RecordVersion) TableName() string { return "record_version" }

// Event is one act on a meeting; no user means the installation itself.
type Event struct {
	ID            uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	MeetingID     ID
	Act           Act
	VersionNumber *int
	UserID        *auth.UserID
	Reason        *string
	RecordedAt    time.Time
}

// TableName names the table.
func (Event) TableName() string { return "meeting_event" }

// Tombstone tells of a removed draft.
type Tombstone struct {
	Kind           string    `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	OrganizationID *org.ID
	RemovedAt      time.Time
}

// TableName names the table.
func (Tombstone) TableName() string { return "tombstone" }

// sitting is what the numbers of the meeting's decisions follow from.
func (m Meeting) sitting() resolution.Sitting {
	return resolution.Sitting{MeetingID: m.ID.UUID, OrganizationID: m.OrganizationID, Body: m.Body, HeldOn: m.HeldOn}
}

// Draft reports whether the meeting may still be edited.
func (m Meeting) Draft() bool { return m.Status == Scheduled || m.Status == Held }

// Counted reports whether the record is in and its forms count in figures.
func (m Meeting) Counted() bool {
	return (m.Status == Submitted || m.Status == Accepted) && m.Forms.Counted()
}

// must allows an act only in the statuses given; elsewhere it fails with ErrWrongStatus.
func (m Meeting) must(statuses ...Status) error {
	if slices.Contains(statuses, m.Status) {
		return nil
	}
	return fault.With(ErrWrongStatus, fault.Args{"status": string(m.Status), "allowed": words(statuses)})
}

// editable allows edits of drafts; it fails with ErrCounted for a record that is in, with ErrWrongStatus for a cancelled meeting.
func (m Meeting) editable() error {
	if m.Status == Submitted || m.Status == Accepted {
		return fault.With(ErrCounted, fault.Args{"status": string(m.Status)})
	}
	return m.must(Scheduled, Held)
}

// words joins enumerated words for a message.
func words[W ~string](list []W) string {
	texts := make([]string, len(list))
	for i, word := range list {
		texts[i] = string(word)
	}
	return strings.Join(texts, ", ")
}
