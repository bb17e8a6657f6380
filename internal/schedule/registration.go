package schedule

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/text"
	"sochibo/internal/topic"
)

// The faults of registrations.
var (
	ErrRegistrationUnknown = fault.New(fault.NotFound, "registration_unknown")
	ErrRegistrationExists  = fault.New(fault.Conflict, "registration_exists")
	ErrRegistrationDecided = fault.New(fault.Conflict, "registration_decided")
	ErrOwnRegistration     = fault.New(fault.Forbidden, "own_registration")
	ErrStale               = fault.New(fault.Stale, "version_stale")
	ErrIDTaken             = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken           = fault.New(fault.Conflict, "code_taken")
)

// RegistrationStatus is what the superior has said to a registration.
type RegistrationStatus string

// The statuses of a registration.
const (
	Registered RegistrationStatus = "registered"
	Agreed     RegistrationStatus = "agreed"
	Returned   RegistrationStatus = "returned"
)

// RegistrationStatuses returns every status.
func RegistrationStatuses() []RegistrationStatus {
	return []RegistrationStatus{Registered, Agreed, Returned}
}

// Registration is what an organisation registered for a month.
type Registration struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	OrganizationID org.ID
	Month          calendar.Month
	Status         RegistrationStatus
	RegisteredBy   *auth.UserID
	RegisteredAt   time.Time
	DecidedBy      *auth.UserID
	DecidedAt      *time.Time
	Reason         *string
	Version        int64
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
}

// TableName names the table.
func (Registration) TableName() string { return "registration" }

// RegisteredSession is a session as it was registered.
type RegisteredSession struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	RegistrationID uuid.UUID
	MeetingID      meeting.ID
	StartedAt      time.Time
	EndedAt        *time.Time
	Place          *string
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
}

// TableName names the table.
func (RegisteredSession) TableName() string { return "registered_session" }

// Registering asks to register a month.
type Registering struct {
	ID       uuid.UUID // zero: a new one
	Code     *string
	Month    calendar.Month
	Sessions []PlannedSession
}

// PlannedSession is a session to be registered: a meeting that is scheduled already, or one to be scheduled.
type PlannedSession struct {
	MeetingID *meeting.ID
	Body      org.Body
	Forms     []meeting.Form
	StartedAt time.Time
	EndedAt   *time.Time
	Mode      *meeting.Mode
	Place     *string
	Title     *string
	TopicID   *topic.ID
	ChairID   *member.ID
}

// maxSessions is how many sessions one registration names.
const maxSessions = 31

// maxReason is the longest reason for a return.
const maxReason = 2000

// check tidies the request and says what is wrong with it by itself.
func (in *Registering) check(f *fault.Fields) {
	text.OptionalAt(f, "/code", &in.Code, text.MaxCode)
	f.Check(!in.Month.IsZero(), "/month", "field_required")
	f.Check(len(in.Sessions) > 0, "/sessions", "field_required")
	f.Check(len(in.Sessions) <= maxSessions, "/sessions", "list_too_long", fault.Args{"limit": maxSessions})
	named := make(map[meeting.ID]bool)
	for i, session := range in.Sessions {
		at := at(i)
		if session.MeetingID == nil {
			continue
		}
		f.Check(!named[*session.MeetingID], at+"/meeting_id", "session_duplicate")
		named[*session.MeetingID] = true
		f.Check(session.bare(), at, "session_described_twice")
	}
}

// bare reports whether nothing but the meeting is named.
func (p PlannedSession) bare() bool {
	return p.Body == "" && len(p.Forms) == 0 && p.StartedAt.IsZero() && p.EndedAt == nil && p.Mode == nil && p.Place == nil &&
		p.Title == nil && p.TopicID == nil && p.ChairID == nil
}

// creation is the meeting to be scheduled.
func (p PlannedSession) creation(organization org.ID, month calendar.Month) meeting.Creation {
	return meeting.Creation{OrganizationID: organization, Content: meeting.Content{
		Body: p.Body, Forms: p.Forms, PeriodMonth: month, StartedAt: p.StartedAt, EndedAt: p.EndedAt, Mode: p.Mode, Place: p.Place,
		Title: p.Title, TopicID: p.TopicID, ChairID: p.ChairID,
	}}
}

func at(i int) string { return "/sessions/" + strconv.Itoa(i) }

// below moves the places of a fault below the pointer, and adds them to the faults; other errors are returned.
func below(f *fault.Fields, err error, pointer string) error {
	found, ok := fault.As(err)
	if !ok || len(found.Fields) == 0 {
		return err
	}
	for _, field := range found.Fields {
		field.Pointer = pointer + field.Pointer
		f.Add(field)
	}
	return nil
}

// decide notes the superior's decision.
func (r *Registration) decide(status RegistrationStatus, by *auth.UserID, now time.Time, reason *string) error {
	switch {
	case r.Status != Registered:
		return fault.With(ErrRegistrationDecided, fault.Args{"status": string(r.Status)})
	case by != nil && r.RegisteredBy != nil && *by == *r.RegisteredBy:
		return ErrOwnRegistration
	}
	r.Status, r.DecidedBy, r.DecidedAt, r.Reason = status, by, &now, reason
	return nil
}

// inTime reports whether something done on a day, or not yet done, keeps the deadline: nil while that cannot be said.
func inTime(due, done *calendar.Date, today calendar.Date) *bool {
	var kept bool
	switch {
	case due == nil:
		return nil
	case done != nil:
		kept = !done.After(*due)
	case !today.After(*due):
		return nil
	}
	return &kept
}
