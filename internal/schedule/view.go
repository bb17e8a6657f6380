package schedule

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/text"
	"sochibo/internal/topic"
)

// The bounds of one answer.
const (
	largestSchedule = 20000
	longestSchedule = 36 // months
)

// ErrTooLarge asks for fewer months or a smaller piece of the tree.
var ErrTooLarge = fault.With(fault.New(fault.Invalid, "schedule_too_large"), fault.Args{"limit": largestSchedule})

// assumedLength is how long a session is taken to last whose planned end nobody gave.
const assumedLength = 90 * time.Minute

// Session is a planned or held session in a schedule.
type Session struct {
	MeetingID        meeting.ID
	OrganizationID   org.ID
	OrganizationName string
	OrganizationKind org.Kind
	Body             org.Body
	Forms            meeting.Forms
	PeriodMonth      calendar.Month
	HeldOn           calendar.Date
	StartedAt        time.Time
	EndedAt          *time.Time
	Mode             *meeting.Mode
	Place            *string
	Title            *string
	TopicID          *topic.ID
	TopicTitle       *string
	ChairID          *member.ID
	ChairName        *string
	Status           meeting.Status
	Postponed        bool
	CancelledReason  *string
	Version          int64
	CreatedAt        time.Time
	UpdatedAt        time.Time

	Registered *RegisteredDate `gorm:"-"`
	Notice     Deadline        `gorm:"-"`
	Record     Deadline        `gorm:"-"`
	Delegates  []Following     `gorm:"-"`
	Clashes    []ClashKind     `gorm:"-"`
}

// RegisteredDate is what was registered of a session.
type RegisteredDate struct {
	RegistrationID uuid.UUID
	MeetingID      meeting.ID
	Month          calendar.Month
	Status         RegistrationStatus
	RegisteredAt   time.Time
	StartedAt      time.Time
	EndedAt        *time.Time
	Place          *string
	Changed        bool `gorm:"-"`
}

// Deadline is a day by which something is done, and when it was done.
type Deadline struct {
	DueOn  *calendar.Date
	DoneAt *time.Time
	InTime *bool
}

// Following is a delegate at a session; Attended is nil where nothing is recorded.
type Following struct {
	DelegateID uuid.UUID
	MeetingID  meeting.ID
	MemberID   member.ID
	FullName   string
	Attended   *bool
}

// ClashKind says what two sessions at one time share.
type ClashKind string

// The kinds of clashes.
const (
	DelegateClash ClashKind = "delegate"
	ChairClash    ClashKind = "chair"
	PlaceClash    ClashKind = "place"
)

// ClashKinds returns every kind.
func ClashKinds() []ClashKind { return []ClashKind{DelegateClash, ChairClash, PlaceClash} }

// Clash is a warning: two sessions at one time need the same person or room.
type Clash struct {
	Kind     ClashKind
	First    meeting.ID
	Second   meeting.ID
	MemberID *member.ID
	FullName *string
	Place    *string
}

// Month is how the registration of a month stands in a reach.
type Month struct {
	Month   calendar.Month
	DueOn   *calendar.Date
	Cells   int // that owe a session in the month
	InState map[RegistrationStatus]int
	Late    int
	Missing []Absent // cells that owe one and have registered none, or whose registration was returned
}

// Absent is a cell without a registration.
type Absent struct {
	OrganizationID org.ID
	Name           string
	Returned       bool
}

// View is the schedule of a reach.
type View struct {
	Organization org.Organization
	Scope        string
	Period       calendar.Period
	Months       []Month
	Sessions     []Session
	Clashes      []Clash
}

// until returns when the session ends, as far as it is known.
func (s Session) until() time.Time {
	if s.EndedAt != nil {
		return *s.EndedAt
	}
	return s.StartedAt.Add(assumedLength)
}

// room names the place of a session for comparison: rooms of one name are one where cells stand under the same organisation.
func (s Session) room(parents map[org.ID]*org.ID) string {
	if s.Place == nil || s.Mode != nil && *s.Mode == meeting.Online {
		return ""
	}
	house := s.OrganizationID
	if parent := parents[s.OrganizationID]; parent != nil && (s.OrganizationKind == org.KindCell || s.OrganizationKind == org.KindSectionalParty) {
		house = *parent
	}
	key := text.SearchKey(*s.Place)
	if key == "" {
		return ""
	}
	return house.String() + " " + key
}

// need is somebody or something that a session takes up.
type need struct {
	kind ClashKind
	key  string
}

// needs lists who and what a session takes up.
func (s Session) needs(parents map[org.ID]*org.ID) map[need]Clash {
	taken := make(map[need]Clash)
	if s.ChairID != nil {
		taken[need{ChairClash, s.ChairID.String()}] = Clash{Kind: ChairClash, MemberID: s.ChairID, FullName: s.ChairName}
	}
	if room := s.room(parents); room != "" {
		taken[need{PlaceClash, room}] = Clash{Kind: PlaceClash, Place: s.Place}
	}
	for i := range s.Delegates {
		d := &s.Delegates[i]
		taken[need{DelegateClash, d.MemberID.String()}] = Clash{Kind: DelegateClash, MemberID: &d.MemberID, FullName: &d.FullName}
	}
	return taken
}

// findClashes looks for sessions at overlapping times that need the same person or room, and marks them. Sessions come in the order of
// their start; a cancelled one takes nothing up.
func findClashes(sessions []Session, parents map[org.ID]*org.ID) []Clash {
	busy := make(map[need][]int)
	var clashes []Clash
	for i := range sessions {
		if sessions[i].Status == meeting.Cancelled {
			continue
		}
		for what, clash := range sessions[i].needs(parents) {
			running := slices.DeleteFunc(busy[what], func(j int) bool { return !sessions[j].until().After(sessions[i].StartedAt) })
			for _, j := range running {
				clash.First, clash.Second = sessions[j].MeetingID, sessions[i].MeetingID
				clashes = append(clashes, clash)
				sessions[i].mark(what.kind)
				sessions[j].mark(what.kind)
			}
			busy[what] = append(running, i)
		}
	}
	order := make(map[meeting.ID]int, len(sessions))
	for i, s := range sessions {
		order[s.MeetingID] = i
	}
	slices.SortFunc(clashes, func(a, b Clash) int {
		return cmp.Or(cmp.Compare(order[a.First], order[b.First]), cmp.Compare(order[a.Second], order[b.Second]),
			cmp.Compare(slices.Index(ClashKinds(), a.Kind), slices.Index(ClashKinds(), b.Kind)), cmp.Compare(whose(a), whose(b)))
	})
	return clashes
}

func whose(c Clash) string {
	if c.MemberID == nil {
		return ""
	}
	return c.MemberID.String()
}

// mark notes a clash of the kind once.
func (s *Session) mark(kind ClashKind) {
	if !slices.Contains(s.Clashes, kind) {
		s.Clashes = append(s.Clashes, kind)
		slices.SortFunc(s.Clashes, func(a, b ClashKind) int {
			return cmp.Compare(slices.Index(ClashKinds(), a), slices.Index(ClashKinds(), b))
		})
	}
}
