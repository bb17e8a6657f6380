package meeting

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/topic"
)

// createMeetingRequest is a meeting to add.
type createMeetingRequest struct {
	ID             *ID                 `json:"id"               swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Code           *string             `json:"code"             example:"HOP-2018-04" maxLength:"64" extensions:"x-nullable"`
	OrganizationID org.ID              `json:"organization_id"  swaggertype:"string" format:"uuid" validate:"required"`
	Body           org.Body            `json:"body"             swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" validate:"required"`
	Forms          []Form              `json:"forms"            swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"regular" validate:"required"` // one form, or regular and thematic
	PeriodMonth    calendar.Month      `json:"period_month"     swaggertype:"string" example:"2018-04" validate:"required"`                                                             // the month the session is for
	StartedAt      time.Time           `json:"started_at"       format:"date-time" example:"2018-04-03T14:00:00+07:00" validate:"required"`
	EndedAt        *time.Time          `json:"ended_at"         format:"date-time" example:"2018-04-03T15:45:00+07:00" extensions:"x-nullable"`
	BreakMinutes   *int                `json:"break_minutes"    example:"10" minimum:"0" maximum:"1440" extensions:"x-nullable"`
	Mode           *Mode               `json:"mode"             swaggertype:"string" enums:"in_person,online,hybrid" extensions:"x-nullable"`
	Place          *string             `json:"place"            maxLength:"300" extensions:"x-nullable"`
	Title          *string             `json:"title"            maxLength:"500" extensions:"x-nullable"`
	ChairID        *member.ID          `json:"chair_id"         swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MinutesTakerID *member.ID          `json:"minutes_taker_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	TopicID        *topic.ID           `json:"topic_id"         swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ContentItems   []string            `json:"content_items"    enums:"last_month_tasks,member_thinking,propaganda,inspection_supervision,party_development,political_task,next_month_tasks,ho_chi_minh_study,resolution_tw4_review" example:"last_month_tasks"`
	DirectiveIDs   []directive.ID      `json:"directive_ids"    swaggertype:"array,string" format:"uuid"`
	Guests         *int                `json:"guests"           example:"2" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	PreparedByID   *ID                 `json:"prepared_by_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the committee's meeting that prepared this one
	SelfScore      *int                `json:"self_score"       example:"92" minimum:"0" maximum:"100" extensions:"x-nullable"`
	FeesReported   *bool               `json:"fees_reported"    extensions:"x-nullable"` // whether the party fees of the month were reported
	PaperReference *PaperReference     `json:"paper_reference"  extensions:"x-nullable"` // of a session whose text is kept on paper; it has no text here
	Votes          []voteRequest       `json:"votes"`
	Totals         *totalsRequest      `json:"totals"           extensions:"x-nullable"` // instead of a roll, for a month that has ended
	Agenda         []agendaRequest     `json:"agenda"`
	Opinions       []opinionRequest    `json:"opinions"`
	Conclusions    []string            `json:"conclusions"`
	Resolutions    []resolutionRequest `json:"resolutions"`
	Tasks          []taskRequest       `json:"tasks"`
	Attendance     *RollRequest        `json:"attendance"       extensions:"x-nullable"`
	Submit         bool                `json:"submit"           example:"false"` // hand the record in at once
} //@name MeetingInput

// agendaRequest is a point of the agenda.
type agendaRequest struct {
	ContentItem   *string    `json:"content_item"   enums:"last_month_tasks,member_thinking,propaganda,inspection_supervision,party_development,political_task,next_month_tasks,ho_chi_minh_study,resolution_tw4_review" extensions:"x-nullable"`
	ResponsibleID *member.ID `json:"responsible_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Text          *string    `json:"text"           maxLength:"20000" extensions:"x-nullable"`
} //@name AgendaItemInput

// opinionRequest is what somebody said.
type opinionRequest struct {
	MemberID *member.ID `json:"member_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Text     string     `json:"text"      example:"Nhất trí với dự thảo" maxLength:"20000" validate:"required"`
} //@name OpinionInput

// resolutionRequest is a resolution of the meeting.
type resolutionRequest struct {
	ID             *resolution.ID   `json:"id"              swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Code           *string          `json:"code"            maxLength:"64" extensions:"x-nullable"`
	Number         *string          `json:"number"          example:"05-NQ/CB" maxLength:"64" extensions:"x-nullable"`
	AdoptedOn      *calendar.Date   `json:"adopted_on"      swaggertype:"string" format:"date" extensions:"x-nullable"`
	Title          *string          `json:"title"           extensions:"x-nullable"`
	VotesFor       *int             `json:"votes_for"       minimum:"0" extensions:"x-nullable"`
	VotesAgainst   *int             `json:"votes_against"   minimum:"0" extensions:"x-nullable"`
	VotesAbstained *int             `json:"votes_abstained" minimum:"0" extensions:"x-nullable"`
	NextNumber     resolution.Paper `json:"next_number" swaggertype:"string" enums:"resolution,conclusion,decision"` // instead of a number: the next of this kind in the term
} //@name MeetingResolutionInput

// taskRequest is a task the meeting gives.
type taskRequest struct {
	ID         *resolution.TaskID `json:"id"          swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Code       *string            `json:"code"        maxLength:"64" extensions:"x-nullable"`
	Title      *string            `json:"title"       validate:"required" extensions:"x-nullable"`
	AssigneeID *member.ID         `json:"assignee_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DueOn      *calendar.Date     `json:"due_on"      swaggertype:"string" format:"date" extensions:"x-nullable"`
} //@name MeetingTaskInput

// RollRequest is a roll. With others, it may name the exceptions alone.
type RollRequest struct {
	Others *AttendanceStatus `json:"others" swaggertype:"string" enums:"present" extensions:"x-nullable"` // those of the attendance base whom no row names
	Rows   []rowRequest      `json:"rows"`
} //@name RollInput

// rowRequest is what a roll says of one member.
type rowRequest struct {
	MemberID   member.ID                          `json:"member_id"   swaggertype:"string" format:"uuid" validate:"required"`
	Status     httpapi.Optional[AttendanceStatus] `json:"status" swaggertype:"string" enums:"present,excused,unexcused" validate:"required" extensions:"x-nullable"` // null takes the row off the roll (PATCH)
	ReasonKind *ReasonKind                        `json:"reason_kind" swaggertype:"string" enums:"business_trip,sick,study,leave,family,other" extensions:"x-nullable"`
	Reason     *string                            `json:"reason"      example:"Đi công tác" maxLength:"2000" extensions:"x-nullable"`
	Late       *bool                              `json:"late"        extensions:"x-nullable"`
	LeftEarly  *bool                              `json:"left_early"  extensions:"x-nullable"`
	Remote     *bool                              `json:"remote"      extensions:"x-nullable"`
	Spoke      *bool                              `json:"spoke"       extensions:"x-nullable"`
} //@name RollRowInput

func (r createMeetingRequest) creation() Creation {
	in := Creation{OrganizationID: r.OrganizationID, Roll: r.Attendance.Input(), Submit: r.Submit}
	if r.ID != nil {
		in.ID = *r.ID
	}
	in.Content = Content{
		Code: r.Code, Body: r.Body, Forms: r.Forms, PeriodMonth: r.PeriodMonth, StartedAt: r.StartedAt, EndedAt: r.EndedAt,
		BreakMinutes: r.BreakMinutes, Mode: r.Mode, Place: r.Place, Title: r.Title, ChairID: r.ChairID,
		MinutesTakerID: r.MinutesTakerID, TopicID: r.TopicID, ContentItems: r.ContentItems, DirectiveIDs: r.DirectiveIDs,
		Guests: r.Guests, PreparedByID: r.PreparedByID, SelfScore: r.SelfScore, FeesReported: r.FeesReported,
		Paper: r.PaperReference, Totals: r.Totals.input(), Votes: voteInputs(r.Votes), Agenda: agendaItems(r.Agenda),
		Opinions: opinionItems(r.Opinions), Conclusions: r.Conclusions,
	}
	if r.Resolutions != nil {
		in.Content.Resolutions = resolutionDrafts(r.Resolutions)
	}
	if r.Tasks != nil {
		in.Content.Tasks = taskDrafts(r.Tasks)
	}
	return in
}

// Input is what the request says of the roll, nil where it says nothing.
func (r *RollRequest) Input() *RollInput {
	if r == nil {
		return nil
	}
	in := &RollInput{}
	if r.Others != nil {
		in.Others = *r.Others
	}
	for _, row := range r.Rows {
		in.Rows = append(in.Rows, RollEntry{
			MemberID: row.MemberID, Remove: row.Status.Null, Status: row.Status.Value, ReasonKind: row.ReasonKind,
			Reason: row.Reason, Late: row.Late, LeftEarly: row.LeftEarly, Remote: row.Remote, Spoke: row.Spoke,
		})
	}
	return in
}

func agendaItems(requests []agendaRequest) []AgendaItem {
	items := make([]AgendaItem, len(requests))
	for i, r := range requests {
		items[i] = AgendaItem(r)
	}
	return items
}

func opinionItems(requests []opinionRequest) []OpinionItem {
	items := make([]OpinionItem, len(requests))
	for i, r := range requests {
		items[i] = OpinionItem(r)
	}
	return items
}

func resolutionDrafts(requests []resolutionRequest) *[]resolution.Draft {
	drafts := make([]resolution.Draft, len(requests))
	for i, r := range requests {
		drafts[i] = resolution.Draft{
			Code: r.Code, Number: r.Number, AdoptedOn: r.AdoptedOn, Title: r.Title,
			VotesFor: r.VotesFor, VotesAgainst: r.VotesAgainst, VotesAbstained: r.VotesAbstained, NextNumber: r.NextNumber,
		}
		if r.ID != nil {
			drafts[i].ID = *r.ID
		}
	}
	return &drafts
}

func taskDrafts(requests []taskRequest) *[]resolution.TaskDraft {
	drafts := make([]resolution.TaskDraft, len(requests))
	for i, r := range requests {
		drafts[i] = resolution.TaskDraft{Code: r.Code, Title: r.Title, AssigneeID: r.AssigneeID, DueOn: r.DueOn}
		if r.ID != nil {
			drafts[i].ID = *r.ID
		}
	}
	return &drafts
}

// createMeeting records a meeting.
//
//	@Summary		Record a meeting
//	@Description	Records a meeting: scheduled, or held when a roll or an end is given. With `submit`, the record is handed in at once. A roll may name the exceptions alone: `others: present` says that those of the attendance base whom no row names came; the exempt, the away and the suspended are present only by a row of their own.
//	@ID				createMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string					false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool					false	"Say what would happen and write nothing"
//	@Param			body			body		createMeetingRequest	true	"The meeting"
//	@Success		200				{object}	meetingResponse			"What would be recorded (dry run)"
//	@Success		201				{object}	meetingResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/meetings [post]
func (s *Service) createMeeting(c *gin.Context) error {
	var body createMeetingRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Details, error) {
		return s.Create(ctx, auth.Current(c), body.creation())
	}, func(d Details) httpapi.Answer {
		return httpapi.Created("/api/v1/meetings/"+d.Meeting.ID.String(), d.Meeting.Version, wire(d))
	})
}

// removeMeeting removes a draft.
//
//	@Summary		Remove a draft
//	@Description	Removes a draft that was never handed in. Lists by `updated_since` show a trace of it.
//	@ID				removeMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id	path	string	true	"Meeting"	format(uuid)
//	@Param			If-Match	header	string	true	"The version this change rests on"
//	@Param			dry_run		query	bool	false	"Say what would happen and write nothing"
//	@Success		204			"Removed"
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		409			{object}	httpapi.Problem
//	@Failure		412			{object}	httpapi.Problem
//	@Failure		428			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id} [delete]
func (s *Service) removeMeeting(c *gin.Context) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Remove(ctx, auth.Current(c), id, match)
	}, func(struct{}) httpapi.Answer { return httpapi.Deleted() })
}

// replaceAttendance writes the roll.
//
//	@Summary		Write the roll
//	@Description	Replaces the roll of a draft. A member without a row is not recorded, which is not the same as absent.
//	@ID				replaceAttendance
//	@Tags			Attendance
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id	path		string		true	"Meeting"	format(uuid)
//	@Param			If-Match	header		string		true	"The version this change rests on"
//	@Param			dry_run		query		bool		false	"Say what would happen and write nothing"
//	@Param			body		body		RollRequest	true	"The roll"
//	@Success		200			{object}	meetingResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		409			{object}	httpapi.Problem
//	@Failure		412			{object}	httpapi.Problem
//	@Failure		413			{object}	httpapi.Problem
//	@Failure		415			{object}	httpapi.Problem
//	@Failure		422			{object}	httpapi.Problem
//	@Failure		428			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/attendance [put]
func (s *Service) replaceAttendance(c *gin.Context) error { return s.writeRoll(c, true) }

// changeAttendance changes rows of the roll.
//
//	@Summary		Change rows of the roll
//	@Description	Changes the rows named and leaves the others. A null status takes a row off the roll.
//	@ID				changeAttendance
//	@Tags			Attendance
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id	path		string		true	"Meeting"	format(uuid)
//	@Param			If-Match	header		string		true	"The version this change rests on"
//	@Param			dry_run		query		bool		false	"Say what would happen and write nothing"
//	@Param			body		body		RollRequest	true	"The roll"
//	@Success		200			{object}	meetingResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		409			{object}	httpapi.Problem
//	@Failure		412			{object}	httpapi.Problem
//	@Failure		413			{object}	httpapi.Problem
//	@Failure		415			{object}	httpapi.Problem
//	@Failure		422			{object}	httpapi.Problem
//	@Failure		428			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/attendance [patch]
func (s *Service) changeAttendance(c *gin.Context) error { return s.writeRoll(c, false) }

func (s *Service) writeRoll(c *gin.Context, whole bool) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	var body RollRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Details, error) {
		return s.RecordRoll(ctx, auth.Current(c), id, match, *body.Input(), whole)
	}, changed)
}
