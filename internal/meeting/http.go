package meeting

import (
	"encoding/hex"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/topic"
)

// Routes returns the routes of meetings.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/meetings", Permission: auth.MeetingRead, Handler: s.listMeetings, Persons: true},
		{Method: http.MethodPost, Path: "/meetings", Permission: auth.MeetingWrite, Handler: s.createMeeting},
		{Method: http.MethodGet, Path: "/meetings/{meeting_id}", Permission: auth.MeetingRead, Handler: s.getMeeting, Persons: true},
		{Method: http.MethodPatch, Path: "/meetings/{meeting_id}", Permission: auth.MeetingWrite, Handler: s.editMeeting},
		{Method: http.MethodDelete, Path: "/meetings/{meeting_id}", Permission: auth.MeetingWrite, Handler: s.removeMeeting},
		{Method: http.MethodPut, Path: "/meetings/{meeting_id}/attendance", Permission: auth.MeetingWrite, Handler: s.replaceAttendance},
		{Method: http.MethodPatch, Path: "/meetings/{meeting_id}/attendance", Permission: auth.MeetingWrite, Handler: s.changeAttendance},
		{Method: http.MethodGet, Path: "/meetings/{meeting_id}/numbers", Permission: auth.MeetingRead, Handler: s.getNumbers, Persons: true},
		{Method: http.MethodPost, Path: "/organizations/{organization_id}/drafts", Permission: auth.MeetingWrite, Handler: s.prepareMeeting},
		{Method: http.MethodPost, Path: "/meetings/{meeting_id}/preparation", Permission: auth.MeetingWrite, Handler: s.fillInMeeting},
		{Method: http.MethodGet, Path: "/meetings/{meeting_id}/versions", Permission: auth.MeetingRead, Handler: s.listRecordVersions, Persons: true},
		{Method: http.MethodGet, Path: "/meetings/{meeting_id}/versions/{number}", Permission: auth.MeetingRead, Handler: s.getRecordVersion, Persons: true},
		{Method: http.MethodPost, Path: "/meetings/{meeting_id}/submission", Permission: auth.MeetingSubmit, Handler: s.submitMeeting},
		{Method: http.MethodDelete, Path: "/meetings/{meeting_id}/submission", Permission: auth.MeetingSubmit, Handler: s.withdrawMeeting},
		{Method: http.MethodPost, Path: "/meetings/{meeting_id}/cancellation", Permission: auth.MeetingSubmit, Handler: s.cancelMeeting},
		{Method: http.MethodPost, Path: "/meetings/{meeting_id}/postponement", Permission: auth.MeetingSubmit, Handler: s.postponeMeeting},
		{Method: http.MethodPost, Path: "/meetings/{meeting_id}/return", Permission: auth.MeetingReceive, Handler: s.returnMeeting},
		{Method: http.MethodPost, Path: "/meetings/{meeting_id}/acceptance", Permission: auth.MeetingReceive, Handler: s.acceptMeeting},
		{Method: http.MethodPost, Path: "/acceptances", Permission: auth.MeetingReceive, Handler: s.acceptMeetings},
		{Method: http.MethodGet, Path: "/attendances", Permission: auth.MeetingRead, Handler: s.listAttendances, Persons: true},
		{Method: http.MethodGet, Path: "/topic-sessions", Permission: auth.MeetingRead, Handler: s.listTopicSessions, Persons: true},
	}
}

// meetingHead is the head of a meeting, as lists show it.
type meetingHead struct {
	ID              ID              `json:"id"               swaggertype:"string" format:"uuid"`
	Code            *string         `json:"code"             example:"HOP-2018-04" extensions:"x-nullable"`
	OrganizationID  org.ID          `json:"organization_id"  swaggertype:"string" format:"uuid"`
	Body            org.Body        `json:"body"             swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Forms           []Form          `json:"forms"            swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"regular,thematic"`
	PeriodMonth     calendar.Month  `json:"period_month"     swaggertype:"string" example:"2018-04"`
	HeldOn          calendar.Date   `json:"held_on"          swaggertype:"string" format:"date" example:"2018-04-03"`
	StartedAt       time.Time       `json:"started_at"       format:"date-time" example:"2018-04-03T07:00:00Z"`
	EndedAt         *time.Time      `json:"ended_at"         format:"date-time" example:"2018-04-03T08:45:00Z" extensions:"x-nullable"`
	BreakMinutes    *int            `json:"break_minutes"    example:"10" extensions:"x-nullable"`
	Mode            *Mode           `json:"mode"             swaggertype:"string" enums:"in_person,online,hybrid" extensions:"x-nullable"`
	Place           *string         `json:"place"            example:"Phòng họp tầng 2" extensions:"x-nullable"`
	Title           *string         `json:"title"            example:"Sinh hoạt chi bộ tháng 4" extensions:"x-nullable"`
	Status          Status          `json:"status"           swaggertype:"string" enums:"scheduled,held,submitted,accepted,cancelled"`
	Postponed       bool            `json:"postponed"        example:"false"`
	CancelledReason *string         `json:"cancelled_reason" extensions:"x-nullable"`
	ReturnedReason  *string         `json:"returned_reason"  extensions:"x-nullable"`
	ChairID         *member.ID      `json:"chair_id"         swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MinutesTakerID  *member.ID      `json:"minutes_taker_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	TopicID         *topic.ID       `json:"topic_id"         swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	PreparedByID    *ID             `json:"prepared_by_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Guests          *int            `json:"guests"           example:"2" extensions:"x-nullable"`
	SelfScore       *int            `json:"self_score"       example:"92" extensions:"x-nullable"`
	FeesReported    *bool           `json:"fees_reported"    example:"true" extensions:"x-nullable"` // whether the party fees of the month were reported
	PaperReference  *PaperReference `json:"paper_reference"  extensions:"x-nullable"`                // where the text stands, of a session kept on paper
	TotalsOnly      bool            `json:"totals_only"      example:"false"`                        // no roll is known, only its numbers
	RecordVersion   int             `json:"record_version"   example:"1"`                            // the last one handed in; 0 if none was
	Version         int64           `json:"version"          example:"3"`
	CreatedAt       time.Time       `json:"created_at"       format:"date-time"`
	UpdatedAt       time.Time       `json:"updated_at"       format:"date-time"`
} //@name Meeting

func headOf(m Meeting) meetingHead {
	return meetingHead{
		ID: m.ID, Code: m.Code, OrganizationID: m.OrganizationID, Body: m.Body, Forms: m.Forms.List(), PeriodMonth: m.PeriodMonth,
		HeldOn: m.HeldOn, StartedAt: m.StartedAt.UTC(), EndedAt: utc(m.EndedAt), BreakMinutes: m.BreakMinutes, Mode: m.Mode,
		Place: m.Place, Title: m.Title, Status: m.Status, Postponed: m.Postponed, CancelledReason: m.CancelledReason,
		ReturnedReason: m.ReturnedReason, ChairID: m.ChairID, MinutesTakerID: m.MinutesTakerID, TopicID: m.TopicID,
		PreparedByID: m.PreparedByID, Guests: m.Guests, SelfScore: m.SelfScore, FeesReported: m.FeesReported,
		PaperReference: m.Paper(), TotalsOnly: m.TotalsOnly, RecordVersion: m.RecordVersion, Version: m.Version,
		CreatedAt: m.CreatedAt.UTC(), UpdatedAt: m.UpdatedAt.UTC(),
	}
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	in := t.UTC()
	return &in
}

// meetingResponse is a meeting with its whole record.
type meetingResponse struct {
	meetingHead
	ContentItems []string             `json:"content_items" example:"last_month_tasks,next_month_tasks"`
	DirectiveIDs []directive.ID       `json:"directive_ids" swaggertype:"array,string" format:"uuid"`
	Attendance   rollResponse         `json:"attendance"`
	Agenda       []agendaResponse     `json:"agenda"`
	Opinions     []opinionResponse    `json:"opinions"`
	Conclusions  []string             `json:"conclusions"`
	Resolutions  []resolutionResponse `json:"resolutions"`
	Tasks        []taskResponse       `json:"tasks"`
	Votes        []voteResponse       `json:"votes"`
	Totals       *totalsResponse      `json:"totals" extensions:"x-nullable"`  // instead of a roll
	Numbers      *numbersResponse     `json:"numbers" extensions:"x-nullable"` // of the frozen record; null in a draft
	Warnings     []remarkResponse     `json:"warnings"`                        // what may be asked about a record that is otherwise sound
	Events       []eventResponse      `json:"events"`
} //@name MeetingRecord

// rollResponse is a roll with its counts.
type rollResponse struct {
	Counts rollCounts    `json:"counts"`
	Rows   []rowResponse `json:"rows"`
} //@name Roll

// rollCounts are the counts of a roll. roster, base and temporary are 0 until the roll is frozen.
type rollCounts struct {
	Roster      int `json:"roster"       example:"12"` // on the roster, in the base or not
	Base        int `json:"base"         example:"11"` // in the attendance base
	Temporary   int `json:"temporary"    example:"1"`  // recorded, temporarily here
	Present     int `json:"present"      example:"10"`
	Excused     int `json:"excused"      example:"1"`
	Unexcused   int `json:"unexcused"    example:"0"`
	NotRecorded int `json:"not_recorded" example:"1"`
} //@name RollCounts

// rowResponse is what a roll says of one member.
type rowResponse struct {
	MemberID   member.ID        `json:"member_id"   swaggertype:"string" format:"uuid"`
	FullName   string           `json:"full_name"   example:"Nguyễn Văn An"`
	Status     AttendanceStatus `json:"status"      swaggertype:"string" enums:"present,excused,unexcused,not_recorded"`
	ReasonKind *ReasonKind      `json:"reason_kind" swaggertype:"string" enums:"business_trip,sick,study,leave,family,other" extensions:"x-nullable"`
	Reason     *string          `json:"reason"      example:"Đi công tác" extensions:"x-nullable"`
	Late       *bool            `json:"late"        extensions:"x-nullable"`
	LeftEarly  *bool            `json:"left_early"  extensions:"x-nullable"`
	Remote     *bool            `json:"remote"      extensions:"x-nullable"`
	Spoke      *bool            `json:"spoke"       extensions:"x-nullable"`
	Standing   *member.Standing `json:"standing"    swaggertype:"string" enums:"base,roster,temporary" extensions:"x-nullable"` // null in a draft
} //@name RollRow

// agendaResponse is a point of the agenda.
type agendaResponse struct {
	ContentItem   *string    `json:"content_item"   example:"last_month_tasks" extensions:"x-nullable"`
	ResponsibleID *member.ID `json:"responsible_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Text          *string    `json:"text"           example:"Kiểm điểm nhiệm vụ tháng trước" extensions:"x-nullable"`
} //@name AgendaItem

// opinionResponse is what somebody said.
type opinionResponse struct {
	MemberID *member.ID `json:"member_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Text     string     `json:"text"      example:"Nhất trí với dự thảo"`
} //@name Opinion

// resolutionResponse is a resolution of the meeting.
type resolutionResponse struct {
	ID             resolution.ID     `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string           `json:"code"            extensions:"x-nullable"`
	Number         *string           `json:"number"          example:"05-NQ/CB" extensions:"x-nullable"`
	AdoptedOn      *calendar.Date    `json:"adopted_on"      swaggertype:"string" format:"date" extensions:"x-nullable"`
	Title          *string           `json:"title"           extensions:"x-nullable"`
	VotesFor       *int              `json:"votes_for"       extensions:"x-nullable"`
	VotesAgainst   *int              `json:"votes_against"   extensions:"x-nullable"`
	VotesAbstained *int              `json:"votes_abstained" extensions:"x-nullable"`
	Kind           *resolution.Paper `json:"kind" swaggertype:"string" enums:"resolution,conclusion,decision" extensions:"x-nullable"` // by its number
	VoteBase       *int              `json:"vote_base" example:"20" extensions:"x-nullable"`                                           // by the frozen roll
	VotesNeeded    *int              `json:"votes_needed" example:"11" extensions:"x-nullable"`
	Adopted        *bool             `json:"adopted" extensions:"x-nullable"` // whether more than half of the base were for it
} //@name MeetingResolution

// taskResponse is a task the meeting gave.
type taskResponse struct {
	ID         resolution.TaskID     `json:"id"          swaggertype:"string" format:"uuid"`
	Code       *string               `json:"code"        extensions:"x-nullable"`
	Title      *string               `json:"title"       extensions:"x-nullable"`
	AssigneeID *member.ID            `json:"assignee_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DueOn      *calendar.Date        `json:"due_on"      swaggertype:"string" format:"date" extensions:"x-nullable"`
	Status     resolution.TaskStatus `json:"status"      swaggertype:"string" enums:"open,done,dropped"`
	DoneOn     *calendar.Date        `json:"done_on"     swaggertype:"string" format:"date" extensions:"x-nullable"`
	Result     *string               `json:"result"      extensions:"x-nullable"`
	Version    int64                 `json:"version"`
} //@name MeetingTask

// eventResponse is one act on the meeting; no user means the installation itself.
type eventResponse struct {
	Act           Act          `json:"act"            swaggertype:"string" enums:"submitted,withdrawn,returned,accepted,cancelled,postponed,amendment_requested,amended,amendment_rejected,amendment_withdrawn"`
	RecordVersion *int         `json:"record_version" extensions:"x-nullable"`
	UserID        *auth.UserID `json:"user_id"        swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Reason        *string      `json:"reason"         extensions:"x-nullable"`
	RecordedAt    time.Time    `json:"recorded_at"    format:"date-time"`
} //@name MeetingEvent

// wire renders a meeting with its record.
func wire(d Details) meetingResponse {
	r := meetingResponse{
		meetingHead: headOf(d.Meeting), ContentItems: d.ContentItems, DirectiveIDs: d.DirectiveIDs, Attendance: wireRoll(d),
	}
	c := contentOf(d)
	for _, a := range c.Agenda {
		r.Agenda = append(r.Agenda, agendaResponse(a))
	}
	for _, o := range c.Opinions {
		r.Opinions = append(r.Opinions, opinionResponse(o))
	}
	r.Conclusions = c.Conclusions
	ballot := d.Record.ballot()
	for _, x := range d.Resolutions {
		outcome := ballot.Of(x.VotesFor)
		r.Resolutions = append(r.Resolutions, resolutionResponse{
			x.ID, x.Code, x.Number, x.AdoptedOn, x.Title, x.VotesFor, x.VotesAgainst, x.VotesAbstained, x.Kind(),
			outcome.Base, outcome.Needed, outcome.Adopted,
		})
	}
	for _, t := range d.Tasks {
		r.Tasks = append(r.Tasks, wireTask(t))
	}
	r.wireRecord(d)
	for _, e := range d.Events {
		r.Events = append(r.Events, eventResponse{e.Act, e.VersionNumber, e.UserID, e.Reason, e.RecordedAt.UTC()})
	}
	return r
}

func wireTask(t resolution.Task) taskResponse {
	return taskResponse{t.ID, t.Code, t.Title, t.AssigneeID, t.DueOn, t.Status, t.DoneOn, t.Result, t.Version}
}

func wireRoll(d Details) rollResponse {
	var roll rollResponse
	for _, a := range d.Attendance {
		roll.Counts.add(a)
		roll.Rows = append(roll.Rows, rowResponse{
			MemberID: a.MemberID, FullName: d.Names[a.MemberID], Status: a.Status, ReasonKind: a.ReasonKind, Reason: a.Reason,
			Late: a.Late, LeftEarly: a.LeftEarly, Remote: a.Remote, Spoke: a.Spoke, Standing: a.Standing,
		})
	}
	return roll
}

func (c *rollCounts) add(a Attendance) {
	switch a.Status {
	case Present:
		c.Present++
	case Excused:
		c.Excused++
	case Unexcused:
		c.Unexcused++
	case NotRecorded:
		c.NotRecorded++
	}
	switch {
	case a.Standing == nil:
	case *a.Standing == member.Temporary:
		c.Temporary++
	default:
		c.Roster++
		if *a.Standing == member.Base {
			c.Base++
		}
	}
}

// versionHead is one record version as a list shows it.
type versionHead struct {
	Number       int          `json:"number"       example:"1"`
	SHA256       string       `json:"sha256"       example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"` // of the exact bytes of content
	SubmittedBy  *auth.UserID `json:"submitted_by" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RecordedAt   time.Time    `json:"recorded_at"  format:"date-time"`
	Cause        string       `json:"cause"         enums:"submission,amendment"`
	AmendmentID  *uuid.UUID   `json:"amendment_id"  swaggertype:"string" format:"uuid" extensions:"x-nullable"` // what made it, where that was an amendment
	SupersededBy *int         `json:"superseded_by" example:"2" extensions:"x-nullable"`                        // the version that took its place
	ErasureID    *uuid.UUID   `json:"erasure_id"    swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the last decision that erased texts of it
} //@name RecordVersion

// versionResponse is one record version with its content, byte for byte as it was handed in or amended.
type versionResponse struct {
	versionHead
	Content jsontext.Value `json:"content" swaggertype:"object"`
} //@name RecordVersionContent

// versionList is the record versions of a meeting.
type versionList struct {
	Data []versionHead `json:"data"`
	Next *string       `json:"next" extensions:"x-nullable"`
} //@name RecordVersionList

// versionOf renders a version; last is the number of the meeting's last one.
func versionOf(v RecordVersion, last int) versionHead {
	head := versionHead{
		Number: v.Number, SHA256: hex.EncodeToString(v.SHA256), SubmittedBy: v.SubmittedBy, RecordedAt: v.RecordedAt.UTC(),
		Cause: "submission", AmendmentID: v.AmendmentID, ErasureID: v.ErasureID,
	}
	if v.AmendmentID != nil {
		head.Cause = "amendment"
	}
	if v.Number < last {
		next := v.Number + 1
		head.SupersededBy = &next
	}
	return head
}

// pathID reads the meeting of the address.
func pathID(c *gin.Context) (ID, error) {
	id, err := httpapi.PathUUID(c, "meeting_id")
	return ID{id}, err
}

// target reads the meeting of the address and the version the caller has seen.
func target(c *gin.Context) (ID, int64, error) {
	id, err := pathID(c)
	if err != nil {
		return ID{}, 0, err
	}
	match, err := httpapi.IfMatch(c)
	return id, match, err
}

// changed answers a write on a meeting that was there.
func changed(d Details) httpapi.Answer { return httpapi.OK(d.Meeting.Version, wire(d)) }
