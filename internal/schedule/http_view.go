package schedule

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// scheduleWire is the schedule of a reach.
type scheduleWire struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Scope          string         `json:"scope"           enums:"subtree,own"`
	From           calendar.Month `json:"from"            swaggertype:"string" example:"2018-05"`
	To             calendar.Month `json:"to"              swaggertype:"string" example:"2018-07"`
	Zone           string         `json:"zone"            example:"Asia/Ho_Chi_Minh"` // whose days the dates are
	Months         []monthWire    `json:"months"`
	Sessions       []sessionWire  `json:"sessions"`
	Clashes        []clashWire    `json:"clashes"`
} //@name Schedule

// monthWire is how the registration of a month stands.
type monthWire struct {
	Month      calendar.Month `json:"month"      swaggertype:"string" example:"2018-06"`
	DueOn      *calendar.Date `json:"due_on"     swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day to register in time; null where the rule set names none
	Cells      int            `json:"cells"      example:"3"`                                                // that owe a session in the month
	Registered int            `json:"registered" example:"1"`                                                // without an answer yet
	Agreed     int            `json:"agreed"     example:"1"`
	Returned   int            `json:"returned"   example:"0"`
	Late       int            `json:"late"       example:"0"` // registered after the deadline
	Missing    []absentWire   `json:"missing"`
} //@name ScheduleMonth

// absentWire is a cell that owes a session and has no registration for the month, or one that was returned.
type absentWire struct {
	OrganizationID org.ID `json:"organization_id" swaggertype:"string" format:"uuid"`
	Name           string `json:"name"            example:"Chi bộ Tổng hợp"`
	Returned       bool   `json:"returned"        example:"false"`
} //@name ScheduleMissing

// sessionWire is a planned or held session.
type sessionWire struct {
	MeetingID        meeting.ID           `json:"meeting_id"        swaggertype:"string" format:"uuid"`
	OrganizationID   org.ID               `json:"organization_id"   swaggertype:"string" format:"uuid"`
	OrganizationName string               `json:"organization_name" example:"Chi bộ Tổng hợp"`
	Body             org.Body             `json:"body"              swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Forms            []meeting.Form       `json:"forms"             swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"regular"`
	PeriodMonth      calendar.Month       `json:"period_month"      swaggertype:"string" example:"2018-06"`
	HeldOn           calendar.Date        `json:"held_on"           swaggertype:"string" format:"date" example:"2018-06-05"`
	StartedAt        time.Time            `json:"started_at"        format:"date-time"`
	EndedAt          *time.Time           `json:"ended_at"          format:"date-time" extensions:"x-nullable"` // planned, until it was held
	Mode             *meeting.Mode        `json:"mode"              swaggertype:"string" enums:"in_person,online,hybrid" extensions:"x-nullable"`
	Place            *string              `json:"place"             extensions:"x-nullable"`
	Title            *string              `json:"title"             extensions:"x-nullable"`
	TopicID          *topic.ID            `json:"topic_id"          swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	TopicTitle       *string              `json:"topic_title"       extensions:"x-nullable"`
	ChairID          *member.ID           `json:"chair_id"          swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ChairName        *string              `json:"chair_name"        extensions:"x-nullable"`
	Status           meeting.Status       `json:"status"            swaggertype:"string" enums:"scheduled,held,submitted,accepted,cancelled"`
	Postponed        bool                 `json:"postponed"         example:"false"`
	CancelledReason  *string              `json:"cancelled_reason"  extensions:"x-nullable"`
	Registration     *sessionRegistration `json:"registration"      extensions:"x-nullable"` // null where no registration names the session
	Notice           deadlineWire         `json:"notice"`
	Record           deadlineWire         `json:"record"`
	Delegates        []followingWire      `json:"delegates"`
	Clashes          []ClashKind          `json:"clashes"           swaggertype:"array,string" enums:"delegate,chair,place"`
	Version          int64                `json:"version"           example:"2"`
} //@name ScheduleSession

// sessionRegistration is what was registered of a session.
type sessionRegistration struct {
	RegistrationID uuid.UUID          `json:"registration_id" swaggertype:"string" format:"uuid"`
	Month          calendar.Month     `json:"month"           swaggertype:"string" example:"2018-06"`
	Status         RegistrationStatus `json:"status"          swaggertype:"string" enums:"registered,agreed,returned"`
	StartedAt      time.Time          `json:"started_at"      format:"date-time"` // as registered
	EndedAt        *time.Time         `json:"ended_at"        format:"date-time" extensions:"x-nullable"`
	Place          *string            `json:"place"           extensions:"x-nullable"`
	Changed        bool               `json:"changed"         example:"false"` // start or place is another one now
} //@name ScheduleRegistration

// deadlineWire is a deadline and whether it was kept.
type deadlineWire struct {
	DueOn  *calendar.Date `json:"due_on"  swaggertype:"string" format:"date" extensions:"x-nullable"` // null where the rule set names none
	DoneAt *time.Time     `json:"done_at" format:"date-time" extensions:"x-nullable"`
	InTime *bool          `json:"in_time" extensions:"x-nullable"` // null while that is open
} //@name ScheduleDeadline

// followingWire is a delegate at a session.
type followingWire struct {
	DelegateID uuid.UUID `json:"delegate_id" swaggertype:"string" format:"uuid"`
	MemberID   member.ID `json:"member_id"   swaggertype:"string" format:"uuid"`
	FullName   string    `json:"full_name"   example:"Nguyễn Văn An"`
	Attended   *bool     `json:"attended"    extensions:"x-nullable"` // null where nothing is recorded
} //@name ScheduleDelegate

// clashWire is a warning: two sessions at one time need the same person or room.
type clashWire struct {
	Kind       ClashKind    `json:"kind"        swaggertype:"string" enums:"delegate,chair,place"`
	MeetingIDs []meeting.ID `json:"meeting_ids" swaggertype:"array,string" format:"uuid"`
	MemberID   *member.ID   `json:"member_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	FullName   *string      `json:"full_name"   extensions:"x-nullable"`
	Place      *string      `json:"place"       extensions:"x-nullable"`
} //@name ScheduleClash

// wireSchedule renders a view.
func wireSchedule(v View, zone calendar.Zone) scheduleWire {
	wire := scheduleWire{
		OrganizationID: v.Organization.ID, Scope: v.Scope, From: v.Period.From, To: v.Period.To, Zone: zone.String(),
		Months: []monthWire{}, Sessions: []sessionWire{}, Clashes: []clashWire{},
	}
	for _, m := range v.Months {
		month := monthWire{
			Month: m.Month, DueOn: m.DueOn, Cells: m.Cells, Registered: m.InState[Registered], Agreed: m.InState[Agreed],
			Returned: m.InState[Returned], Late: m.Late, Missing: []absentWire{},
		}
		for _, a := range m.Missing {
			month.Missing = append(month.Missing, absentWire(a))
		}
		wire.Months = append(wire.Months, month)
	}
	for _, s := range v.Sessions {
		wire.Sessions = append(wire.Sessions, wireSession(s))
	}
	for _, c := range v.Clashes {
		wire.Clashes = append(wire.Clashes, clashWire{
			Kind: c.Kind, MeetingIDs: []meeting.ID{c.First, c.Second}, MemberID: c.MemberID, FullName: c.FullName, Place: c.Place,
		})
	}
	return wire
}

func wireSession(s Session) sessionWire {
	wire := sessionWire{
		MeetingID: s.MeetingID, OrganizationID: s.OrganizationID, OrganizationName: s.OrganizationName, Body: s.Body, Forms: s.Forms.List(),
		PeriodMonth: s.PeriodMonth, HeldOn: s.HeldOn, StartedAt: s.StartedAt.UTC(), EndedAt: utc(s.EndedAt), Mode: s.Mode, Place: s.Place,
		Title: s.Title, TopicID: s.TopicID, TopicTitle: s.TopicTitle, ChairID: s.ChairID, ChairName: s.ChairName, Status: s.Status,
		Postponed: s.Postponed, CancelledReason: s.CancelledReason, Notice: wireDeadline(s.Notice), Record: wireDeadline(s.Record),
		Delegates: []followingWire{}, Clashes: append([]ClashKind{}, s.Clashes...), Version: s.Version,
	}
	if r := s.Registered; r != nil {
		wire.Registration = &sessionRegistration{
			RegistrationID: r.RegistrationID, Month: r.Month, Status: r.Status, StartedAt: r.StartedAt.UTC(), EndedAt: utc(r.EndedAt),
			Place: r.Place, Changed: r.Changed,
		}
	}
	for _, d := range s.Delegates {
		wire.Delegates = append(wire.Delegates, followingWire{d.DelegateID, d.MemberID, d.FullName, d.Attended})
	}
	return wire
}

func wireDeadline(d Deadline) deadlineWire {
	return deadlineWire{DueOn: d.DueOn, DoneAt: utc(d.DoneAt), InTime: d.InTime}
}

// getSchedule shows the schedule of a reach.
//
//	@Summary		Read a schedule
//	@Description	All planned and held sessions that begin in the months, of the organization and those below it today, with what was registered, the deadlines of the rule set in force on each session's day, the delegates, and warnings where two sessions at one time need the same delegate, chair or room. For each month it says which cells have registered none. A session without a planned end is taken to last 90 minutes.
//	@Description	As iCalendar (`format=ics`) it names organisation, place and topic, and no person.
//	@ID				getSchedule
//	@Tags			Schedule
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Produce		text/calendar
//	@Param			organization_id	path		string	true	"Organization"												format(uuid)
//	@Param			from			query		string	true	"First month"												format(month)	example(2018-05)
//	@Param			to				query		string	true	"Last month, included; at most 36 months"					format(month)	example(2018-07)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			format			query		string	false	"Format of the answer"										Enums(json, csv, ics)
//	@Success		200				{object}	scheduleWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/schedule [get]
func (s *Service) getSchedule(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv", "ics")
	if err != nil {
		return err
	}
	organization, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	period, scope := months(q), scopeOf(q)
	if err := q.Err(); err != nil {
		return err
	}
	v, err := s.For(c.Request.Context(), auth.Current(c), organization, scope, period)
	if err != nil {
		return err
	}
	switch format {
	case "csv":
		return httpapi.CSV(c, "schedule.csv", scheduleRows(v, s.zone))
	case "ics":
		return s.file(c, v)
	default:
		return httpapi.JSON(c, http.StatusOK, wireSchedule(v, s.zone))
	}
}

// file answers with the calendar as a download.
func (s *Service) file(c *gin.Context, v View) error {
	data, err := v.Calendar(s.zone)
	if err != nil {
		return err
	}
	return httpapi.File(c, "schedule.ics", "ics", data)
}
