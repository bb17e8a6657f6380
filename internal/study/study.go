package study

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/text"
	"sochibo/internal/topic"
)

// The faults of plans and joint sessions.
var (
	ErrPlanUnknown  = fault.New(fault.NotFound, "topic_plan_unknown")
	ErrJointUnknown = fault.New(fault.NotFound, "joint_session_unknown")
	ErrStale        = fault.New(fault.Stale, "version_stale")
	ErrIDTaken      = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken    = fault.New(fault.Conflict, "code_taken")
	ErrJoined       = fault.New(fault.Conflict, "meeting_joined")
	ErrOrgJoined    = fault.New(fault.Conflict, "organization_joined")
	ErrNotJoined    = fault.New(fault.NotFound, "meeting_not_joined")
	ErrNotOffered   = fault.New(fault.Conflict, "briefing_not_offered")
	ErrOutside      = fault.New(fault.Conflict, "meeting_outside_organizer")
	ErrCancelled    = fault.New(fault.Conflict, "meeting_cancelled")
)

// Session is a counted session, or one in reach. Seen tells whether the caller may read its record; of another, organisation, body and month
// are shown, as figures show them.
type Session struct {
	MeetingID      meeting.ID
	OrganizationID org.ID
	Body           org.Body
	Forms          meeting.Forms
	PeriodMonth    calendar.Month
	HeldOn         calendar.Date
	Status         meeting.Status
	Seen           bool
}

// keys are the sort keys of a row. The day it was held is none of them: a stub does not tell it.
func (s Session) keys() []string { return []string{s.PeriodMonth.String(), s.MeetingID.String()} }

// PlanID names a plan of a topic.
type PlanID struct{ uuid.UUID }

// NewPlanID returns a fresh id; later ones sort after earlier ones.
func NewPlanID() PlanID { return PlanID{uuid.Must(uuid.NewV7())} }

// Plan is what an organisation means to hold in a quarter: a topic, or any of a category.
type Plan struct {
	ID             PlanID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	OrganizationID org.ID
	Quarter        calendar.Quarter
	PlannedMonth   *calendar.Month
	TopicID        *topic.ID
	Category       *topic.Category
	Note           *string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName names the table.
func (Plan) TableName() string { return "topic_plan" }

// tidy cleans the plan's texts and notes what is wrong.
func (p *Plan) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &p.Code, text.MaxCode)
	text.OptionalLinesAt(f, "/note", &p.Note, text.MaxLines)
	if f.Check(!p.Quarter.IsZero(), "/quarter", "field_required") && p.PlannedMonth != nil {
		f.Check(p.PlannedMonth.Quarter() == p.Quarter, "/planned_month", "month_outside_quarter", fault.Args{"quarter": p.Quarter.String()})
	}
	f.Check((p.TopicID == nil) != (p.Category == nil), "/topic_id", "plan_subject")
	if p.Category != nil {
		f.Check(slices.Contains(topic.Categories(), *p.Category), "/category", "word_unknown", fault.Args{"allowed": categoryWords()})
	}
}

// meets reports whether a thematic session on the topic does what the plan says.
func (p Plan) meets(s Thematic) bool {
	switch {
	case s.PeriodMonth.Quarter() != p.Quarter || s.TopicID == nil:
		return false
	case p.TopicID != nil:
		return *p.TopicID == *s.TopicID
	default:
		return *p.Category == s.Category
	}
}

// Thematic is a counted thematic session with what it was about.
type Thematic struct {
	Session

	TopicID  *topic.ID
	Category topic.Category // empty without a topic
}

func categoryWords() string {
	words := make([]string, 0, len(topic.Categories()))
	for _, c := range topic.Categories() {
		words = append(words, string(c))
	}
	return strings.Join(words, ", ")
}

// JointID names a joint session.
type JointID struct{ uuid.UUID }

// NewJointID returns a fresh id; later ones sort after earlier ones.
func NewJointID() JointID { return JointID{uuid.Must(uuid.NewV7())} }

// Joint is the key that links the sessions which several organisations hold together.
type Joint struct {
	ID             JointID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	OrganizationID org.ID // the organizer
	Title          string
	TopicID        *topic.ID
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Sessions       []Session `gorm:"-"`
}

// TableName names the table.
func (Joint) TableName() string { return "joint_session" }

// JointMeeting says that a meeting is part of a joint session.
type JointMeeting struct {
	MeetingID      meeting.ID `gorm:"primaryKey;autoIncrement:false"`
	JointSessionID JointID
}

// TableName names the table.
func (JointMeeting) TableName() string { return "joint_session_meeting" }

// tidy cleans the joint session's texts and notes what is wrong.
func (j *Joint) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &j.Code, text.MaxCode)
	text.CleanAt(f, "/title", &j.Title, text.MaxTitle)
	f.Check(j.Title != "", "/title", "field_required")
}
