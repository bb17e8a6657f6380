package amendment

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// Routes returns the routes of amendments.
func (s *Service) Routes() []httpapi.Route {
	const all = "/meetings/{meeting_id}/amendments"
	const one = all + "/{amendment_id}"
	return []httpapi.Route{
		{Method: http.MethodGet, Path: all, Permission: auth.MeetingRead, Handler: s.listAmendments, Persons: true},
		{Method: http.MethodPost, Path: all, Permission: auth.MeetingSubmit, Handler: s.requestAmendment},
		{Method: http.MethodGet, Path: one, Permission: auth.MeetingRead, Handler: s.getAmendment, Persons: true},
		{Method: http.MethodDelete, Path: one, Permission: auth.MeetingSubmit, Handler: s.withdrawAmendment},
		{Method: http.MethodPost, Path: one + "/confirmation", Permission: auth.MeetingReceive, Handler: s.confirmAmendment},
		{Method: http.MethodPost, Path: one + "/rejection", Permission: auth.MeetingReceive, Handler: s.rejectAmendment},
	}
}

// amendmentRequest asks for a change of an accepted record.
type amendmentRequest struct {
	ReasonCode  ReasonCode    `json:"reason_code" swaggertype:"string" enums:"clerical_error,missing_fact,wrong_roll,wrong_person,other" validate:"required"`
	Explanation string        `json:"explanation" example:"Biên bản ghi nhầm đồng chí vắng mặt là có mặt" minLength:"20" maxLength:"2000" validate:"required"`
	Basis       Basis         `json:"basis"       validate:"required"`
	Change      changeRequest `json:"change"      validate:"required"`
} //@name AmendmentInput

// Basis is the document an act rests on.
type Basis struct {
	Number string        `json:"number" example:"12-CV/CB" maxLength:"64" validate:"required"`
	Date   calendar.Date `json:"date"   swaggertype:"string" format:"date" example:"2018-05-02" validate:"required"`
} //@name Basis

// Basis returns the document of the grounds.
func (g Grounds) Basis() Basis { return Basis{g.BasisNumber, g.BasisDate} }

// changeRequest is what changes; what is absent stays, null clears, a list replaces the whole list. Organization, body and code may be
// named, but not change. The roll keeps the rows it does not name.
type changeRequest struct {
	meeting.ChangeRequest

	OrganizationID *org.ID              `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Attendance     *meeting.RollRequest `json:"attendance"      extensions:"x-nullable"`
} //@name AmendmentChange

func (r amendmentRequest) input() Input {
	return Input{
		Grounds: Grounds{r.Explanation, r.Basis.Number, r.Basis.Date}, ReasonCode: r.ReasonCode,
		OrganizationID: r.Change.OrganizationID, Change: r.Change.Apply, Roll: r.Change.Attendance.Input(),
	}
}

// amendmentHead is an amendment as a list shows it.
type amendmentHead struct {
	ID             ID           `json:"id"              swaggertype:"string" format:"uuid"`
	MeetingID      meeting.ID   `json:"meeting_id"      swaggertype:"string" format:"uuid"`
	Status         Status       `json:"status"          swaggertype:"string" enums:"requested,confirmed,rejected,withdrawn"`
	BaseVersion    int          `json:"base_version"    example:"1"` // the record version it changes
	ReasonCode     ReasonCode   `json:"reason_code"     swaggertype:"string" enums:"clerical_error,missing_fact,wrong_roll,wrong_person,other"`
	Explanation    string       `json:"explanation"     example:"Biên bản ghi nhầm đồng chí vắng mặt là có mặt"`
	Basis          Basis        `json:"basis"`
	RequestedBy    *auth.UserID `json:"requested_by"    swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RequestedAt    time.Time    `json:"requested_at"    format:"date-time"`
	DecidedBy      *auth.UserID `json:"decided_by"      swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DecidedAt      *time.Time   `json:"decided_at"      format:"date-time" extensions:"x-nullable"`
	DecisionReason *string      `json:"decision_reason" extensions:"x-nullable"`
} //@name Amendment

// amendmentResponse is an amendment with what it changes.
type amendmentResponse struct {
	amendmentHead
	Version int64                `json:"version" example:"4"` // of the meeting; what is done with the amendment rests on it
	Changes []differenceResponse `json:"changes"`
} //@name AmendmentDetail

// differenceResponse is one place of the record that changes. In roll, resolutions and tasks the pointer names a row by its id.
type differenceResponse struct {
	Pointer string `json:"pointer" example:"/title"`
	Before  any    `json:"before" extensions:"x-nullable"`
	After   any    `json:"after" extensions:"x-nullable"`
} //@name AmendmentDifference

// amendmentList is the amendments of a meeting.
type amendmentList struct {
	Data []amendmentHead `json:"data"`
	Next *string         `json:"next" extensions:"x-nullable"`
} //@name AmendmentList

// decisionReason says why.
type decisionReason struct {
	Reason string `json:"reason" example:"Chưa có văn bản kèm theo" maxLength:"2000" validate:"required"`
} //@name AmendmentRejection

func headOf(a Amendment) amendmentHead {
	return amendmentHead{
		ID: a.ID, MeetingID: a.MeetingID, Status: a.Status, BaseVersion: a.BaseVersion, ReasonCode: a.ReasonCode,
		Explanation: a.Explanation, Basis: a.Basis(), RequestedBy: a.RequestedBy,
		RequestedAt: a.RequestedAt.UTC(), DecidedBy: a.DecidedBy, DecidedAt: utc(a.DecidedAt), DecisionReason: a.DecisionReason,
	}
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	in := t.UTC()
	return &in
}

func wire(d Detail) amendmentResponse {
	r := amendmentResponse{amendmentHead: headOf(d.Amendment), Version: d.MeetingVersion, Changes: make([]differenceResponse, len(d.Differences))}
	for i, x := range d.Differences {
		r.Changes[i] = differenceResponse{x.Pointer, value(x.Before), value(x.After)}
	}
	return r
}

func value(raw json.RawMessage) jsontext.Value { return jsontext.Value(raw) }

func changed(d Detail) httpapi.Answer { return httpapi.OK(d.MeetingVersion, wire(d)) }

func pathMeeting(c *gin.Context) (meeting.ID, error) {
	id, err := httpapi.PathUUID(c, "meeting_id")
	return meeting.ID{UUID: id}, err
}

func pathBoth(c *gin.Context) (meeting.ID, ID, error) {
	of, err := pathMeeting(c)
	if err != nil {
		return of, ID{}, err
	}
	id, err := httpapi.PathUUID(c, "amendment_id")
	return of, ID{id}, err
}

// target reads the amendment of the address and the version of its meeting that the caller has seen.
func target(c *gin.Context) (meeting.ID, ID, int64, error) {
	of, id, err := pathBoth(c)
	if err != nil {
		return of, id, 0, err
	}
	match, err := httpapi.IfMatch(c)
	return of, id, match, err
}

// listAmendments lists the amendments of a meeting.
//
//	@Summary		List the amendments of a meeting
//	@Description	Those that wait and those that were decided, the first one first.
//	@ID				listAmendments
//	@Tags			Amendments
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id	path		string	true	"Meeting"	format(uuid)
//	@Success		200			{object}	amendmentList
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/amendments [get]
func (s *Service) listAmendments(c *gin.Context) error {
	of, err := pathMeeting(c)
	if err != nil {
		return err
	}
	rows, err := s.List(c.Request.Context(), auth.Current(c), of)
	if err != nil {
		return err
	}
	list := amendmentList{Data: make([]amendmentHead, len(rows))}
	for i, a := range rows {
		list.Data[i] = headOf(a)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// getAmendment shows an amendment.
//
//	@Summary		Show an amendment
//	@Description	With every place of the record that it changes, before and after. The rows of roll, resolutions and tasks are named by their ids.
//	@ID				getAmendment
//	@Tags			Amendments
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id		path		string	true	"Meeting"	format(uuid)
//	@Param			amendment_id	path		string	true	"Amendment"	format(uuid)
//	@Success		200				{object}	amendmentResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/amendments/{amendment_id} [get]
func (s *Service) getAmendment(c *gin.Context) error {
	of, id, err := pathBoth(c)
	if err != nil {
		return err
	}
	d, err := s.Get(c.Request.Context(), auth.Current(c), of, id)
	if err != nil {
		return err
	}
	if httpapi.NotModified(c, d.MeetingVersion) {
		return nil
	}
	return httpapi.Respond(c, changed(d))
}

// requestAmendment asks for an amendment.
//
//	@Summary		Ask for an amendment
//	@Description	Asks for a change of an accepted record, with the reason and the document it rests on. The change is checked as a submission is, and kept; no figure changes until a superior confirms it. A roll that is given changes the rows it names; a changed day makes it a roll of the new day. A meeting has at most one amendment that waits. Organization and body stay: a meeting of another body is another meeting.
//	@ID				requestAmendment
//	@Tags			Amendments
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id		path		string				true	"Meeting"	format(uuid)
//	@Param			If-Match		header		string				true	"The version of the meeting this change rests on"
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		amendmentRequest	true	"-"
//	@Success		200				{object}	amendmentResponse	"What would be kept (dry run)"
//	@Success		201				{object}	amendmentResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/amendments [post]
func (s *Service) requestAmendment(c *gin.Context) error {
	of, err := pathMeeting(c)
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body amendmentRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Detail, error) {
		return s.Request(ctx, auth.Current(c), of, match, body.input())
	}, func(d Detail) httpapi.Answer {
		return httpapi.Created("/api/v1/meetings/"+of.String()+"/amendments/"+d.ID.String(), d.MeetingVersion, wire(d))
	})
}

// confirmAmendment confirms an amendment.
//
//	@Summary		Confirm an amendment
//	@Description	Makes it the next version of the record on behalf of the superior. What the version before counted is taken back and what this one counts is posted; the version before stays readable. Nobody confirms what they asked for, nor the amendment of a record they wrote on.
//	@ID				confirmAmendment
//	@Tags			Amendments
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id		path		string	true	"Meeting"	format(uuid)
//	@Param			amendment_id	path		string	true	"Amendment"	format(uuid)
//	@Param			If-Match		header		string	true	"The version of the meeting this change rests on"
//	@Param			Idempotency-Key	header		string	false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool	false	"Say what would happen and write nothing"
//	@Success		200				{object}	amendmentResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/amendments/{amendment_id}/confirmation [post]
func (s *Service) confirmAmendment(c *gin.Context) error { return s.decision(c, s.Confirm) }

// rejectAmendment rejects an amendment.
//
//	@Summary		Reject an amendment
//	@Description	Turns it down on behalf of the superior, with the reason. The record stays as it is.
//	@ID				rejectAmendment
//	@Tags			Amendments
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id		path		string			true	"Meeting"	format(uuid)
//	@Param			amendment_id	path		string			true	"Amendment"	format(uuid)
//	@Param			If-Match		header		string			true	"The version of the meeting this change rests on"
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		decisionReason	true	"-"
//	@Success		200				{object}	amendmentResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/amendments/{amendment_id}/rejection [post]
func (s *Service) rejectAmendment(c *gin.Context) error {
	var body decisionReason
	return s.decision(c, func(ctx context.Context, actor auth.Actor, of meeting.ID, id ID, match int64) (Detail, error) {
		return s.Reject(ctx, actor, of, id, match, body.Reason)
	}, &body)
}

// withdrawAmendment withdraws an amendment.
//
//	@Summary		Withdraw an amendment
//	@Description	Takes back an amendment that waits; only who asked for it may. It stays in the list as withdrawn.
//	@ID				withdrawAmendment
//	@Tags			Amendments
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id		path		string	true	"Meeting"	format(uuid)
//	@Param			amendment_id	path		string	true	"Amendment"	format(uuid)
//	@Param			If-Match		header		string	true	"The version of the meeting this change rests on"
//	@Param			dry_run			query		bool	false	"Say what would happen and write nothing"
//	@Success		200				{object}	amendmentResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/amendments/{amendment_id} [delete]
func (s *Service) withdrawAmendment(c *gin.Context) error { return s.decision(c, s.Withdraw) }

// decision serves an act on one amendment; where the act has a body, it is read first.
func (s *Service) decision(
	c *gin.Context, act func(ctx context.Context, actor auth.Actor, of meeting.ID, id ID, match int64) (Detail, error), body ...any,
) error {
	of, id, match, err := target(c)
	if err != nil {
		return err
	}
	for _, b := range body {
		if err := httpapi.Bind(c, b); err != nil {
			return err
		}
	}
	return httpapi.Write(c, func(ctx context.Context) (Detail, error) {
		return act(ctx, auth.Current(c), of, id, match)
	}, changed)
}
