package activity

import (
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/summary"
	"sochibo/internal/topic"
)

// ErrTooLarge refuses a question that rests on more sessions than one answer reads.
var ErrTooLarge = fault.New(fault.Invalid, "activity_too_large")

// maxSessions is how many records one answer reads at most, so that none holds a view of the store for long.
const maxSessions = 20_000

// Query asks what the sessions of a period were made of. Threshold is the attendance in per cent at or above which sessions are counted.
type Query struct {
	Organization org.ID
	Period       calendar.Period
	Scope        summary.Scope
	Basis        ledger.Basis
	Threshold    int
}

// Activity is the answer: figures of each body that held sessions, and what was studied. It rests on the frozen records of exactly the
// meetings that the summary counts. Attendance is counted on the base eligible.
type Activity struct {
	Organization summary.Named    `json:"organization"`
	Period       summary.PeriodOf `json:"period"`
	Scope        summary.Scope    `json:"scope" swaggertype:"string" enums:"subtree,own"`
	Basis        ledger.Basis     `json:"basis" swaggertype:"string" enums:"submitted,accepted"`
	Base         summary.Base     `json:"base" swaggertype:"string" enums:"eligible"`
	RuleSets     []string         `json:"rule_sets" example:"ct10-2007"`
	Bodies       []BodyActivity   `json:"bodies"`
	Thematic     []ThematicCount  `json:"thematic"`
	Directives   []DirectiveCount `json:"directives"`
	Links        summary.Links    `json:"links"`
} //	@name	Activity

// BodyActivity is what the sittings of one body were made of.
type BodyActivity struct {
	Body         org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Sittings     int64          `json:"sittings" example:"93"`
	Regular      int64          `json:"regular" example:"89"`
	ContentItems []ItemCount    `json:"content_items"`
	Prepared     *summary.Ratio `json:"prepared" extensions:"x-nullable"` // of a cell: regular sessions that a session of its committee prepared
	Assignments  Assignments    `json:"assignments"`
	Speakers     Speakers       `json:"speakers"`
	Duration     Duration       `json:"duration"`
	Attendance   Presence       `json:"attendance"`
	Absences     []AbsenceCount `json:"absences"`
} //	@name	BodyActivity

// ItemCount tells how many of the regular sessions, for which the rule set of their day names a content item, covered it.
type ItemCount struct {
	Item     string        `json:"item" example:"propaganda"`
	Sessions summary.Ratio `json:"sessions"`
} //	@name	ContentItemCount

// Assignments are what the sessions asked members to do: tasks, those of them given to a member, and the members who got any.
type Assignments struct {
	Tasks       int64 `json:"tasks" example:"88"`
	WithMember  int64 `json:"with_member" example:"88"`
	Members     int64 `json:"members" example:"31"`
	Responsible int64 `json:"responsible" example:"12"` // points of agendas that somebody answers for
} //	@name	AssignmentCounts

// Speakers are persons who spoke, each once in a sitting, of the persons present on the roster of it.
type Speakers struct {
	Rate  summary.Ratio `json:"rate"`
	Heard int64         `json:"sittings" example:"93"` // sittings in which anybody spoke
} //	@name	SpeakerCounts

// Duration is the minutes without breaks of the sittings whose end is known; their mean is the one over the other.
type Duration struct {
	Minutes int64 `json:"minutes" example:"8835"`
	Timed   int64 `json:"sittings" example:"93"`
} //	@name	DurationSum

// Presence is the attendance of all sittings, by month, and how many sittings reach the threshold.
type Presence struct {
	Rate      summary.Ratio `json:"rate"`
	Threshold int           `json:"threshold" example:"90"`        // per cent
	Reaching  summary.Ratio `json:"reaching"`                      // sittings at or above it, of those that expected anybody
	Least     *MonthRate    `json:"least" extensions:"x-nullable"` // the month with the least rate; the first of several
	Greatest  *MonthRate    `json:"greatest" extensions:"x-nullable"`
	Months    []MonthRate   `json:"months"`
} //	@name	PresenceFigures

// MonthRate is the attendance of the sittings for a month.
type MonthRate struct {
	Month calendar.Month `json:"month" swaggertype:"string" format:"month" example:"2016-05"`
	Rate  summary.Ratio  `json:"rate"`
} //	@name	MonthAttendance

// AbsenceCount counts absences within the attendance base of one status and cause: of members who held an office
// in the organisation on that day, of others, and of those of whom the record keeps no roll.
type AbsenceCount struct {
	Status     meeting.AttendanceStatus `json:"status" swaggertype:"string" enums:"excused,unexcused"`
	ReasonKind *meeting.ReasonKind      `json:"reason_kind" swaggertype:"string" enums:"business_trip,sick,study,leave,family,other" extensions:"x-nullable"`
	Officers   int64                    `json:"officers" example:"21"`
	Others     int64                    `json:"others" example:"42"`
	Unknown    int64                    `json:"unknown" example:"0"`
	Total      int64                    `json:"total" example:"63"`
} //	@name	AbsenceCount

// ThematicCount counts the thematic sessions on one topic; without a topic there is one count of all that name none.
type ThematicCount struct {
	TopicID  *topic.ID       `json:"topic_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Title    *string         `json:"title" extensions:"x-nullable"`
	Category *topic.Category `json:"category" swaggertype:"string" enums:"ho_chi_minh_study,cell_building,party_building,session_quality,political_task,other" extensions:"x-nullable"`
	Sessions int64           `json:"sessions" example:"2"`
} //	@name	ThematicCount

// DirectiveCount counts the sittings that studied a directive, those of cells among them, and the organisations whose cells did.
type DirectiveCount struct {
	DirectiveID  directive.ID  `json:"directive_id" swaggertype:"string" format:"uuid"`
	Number       string        `json:"number" example:"05-CT/TW"`
	IssuedOn     calendar.Date `json:"issued_on" swaggertype:"string" format:"date"`
	Title        *string       `json:"title" extensions:"x-nullable"`
	Sittings     int64         `json:"sittings" example:"5"`
	CellSittings int64         `json:"cell_sittings" example:"3"`
	Cells        int64         `json:"cells" example:"3"`
} //	@name	DirectiveCount
