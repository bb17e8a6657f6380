package meeting

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// submissionRequest may bring the roll along.
type submissionRequest struct {
	Attendance *RollRequest `json:"attendance" extensions:"x-nullable"`
} //@name Submission

// reasonRequest says why.
type reasonRequest struct {
	Reason string `json:"reason" example:"Thiếu chữ ký thư ký" maxLength:"2000" validate:"required"`
} //@name Reason

// postponementRequest is a new date.
type postponementRequest struct {
	StartedAt time.Time  `json:"started_at" format:"date-time" example:"2018-04-10T14:00:00+07:00" validate:"required"`
	EndedAt   *time.Time `json:"ended_at"   format:"date-time" extensions:"x-nullable"`
} //@name Postponement

// submitMeeting hands the record in.
//
//	@Summary		Hand the record in
//	@Description	Freezes roll and record as the next version and counts it. The roll given is merged into the rows that are there; whoever of the roster has no row then is not recorded.
//	@ID				submitMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id		path		string				true	"Meeting"	format(uuid)
//	@Param			If-Match		header		string				true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		submissionRequest	false	"The roll, if it is not written yet"
//	@Success		200				{object}	meetingResponse
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
//	@Router			/api/v1/meetings/{meeting_id}/submission [post]
func (s *Service) submitMeeting(c *gin.Context) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	var body submissionRequest
	if err := httpapi.BindOptional(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Details, error) {
		return s.Submit(ctx, auth.Current(c), id, match, body.Attendance.Input())
	}, changed)
}

// withdrawMeeting withdraws the record.
//
//	@Summary		Withdraw the record
//	@Description	Takes a record back that was not accepted yet. The meeting is a draft again and its figures are taken back.
//	@ID				withdrawMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id	path		string	true	"Meeting"	format(uuid)
//	@Param			If-Match	header		string	true	"The version this change rests on"
//	@Param			dry_run		query		bool	false	"Say what would happen and write nothing"
//	@Success		200			{object}	meetingResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		409			{object}	httpapi.Problem
//	@Failure		412			{object}	httpapi.Problem
//	@Failure		428			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/submission [delete]
func (s *Service) withdrawMeeting(c *gin.Context) error { return s.transition(c, s.Withdraw) }

// acceptMeeting accepts the record.
//
//	@Summary		Accept the record
//	@Description	Receives a record on behalf of the superior. Nobody accepts what they edited.
//	@ID				acceptMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id		path		string	true	"Meeting"	format(uuid)
//	@Param			If-Match		header		string	true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string	false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool	false	"Say what would happen and write nothing"
//	@Success		200				{object}	meetingResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/acceptance [post]
func (s *Service) acceptMeeting(c *gin.Context) error { return s.transition(c, s.Accept) }

// cancelMeeting cancels a meeting.
//
//	@Summary		Cancel a meeting
//	@Description	Gives up a scheduled or held meeting, with the reason. Its roll is dropped.
//	@ID				cancelMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id		path		string			true	"Meeting"	format(uuid)
//	@Param			If-Match		header		string			true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		reasonRequest	true	"Why"
//	@Success		200				{object}	meetingResponse
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
//	@Router			/api/v1/meetings/{meeting_id}/cancellation [post]
func (s *Service) cancelMeeting(c *gin.Context) error { return s.explained(c, s.Cancel) }

// returnMeeting returns the record.
//
//	@Summary		Return the record
//	@Description	Sends a record back to its writers, with the reason. Its figures are taken back. Nobody returns what they edited.
//	@ID				returnMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id		path		string			true	"Meeting"	format(uuid)
//	@Param			If-Match		header		string			true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		reasonRequest	true	"Why"
//	@Success		200				{object}	meetingResponse
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
//	@Router			/api/v1/meetings/{meeting_id}/return [post]
func (s *Service) returnMeeting(c *gin.Context) error { return s.explained(c, s.Return) }

// postponeMeeting postpones a meeting.
//
//	@Summary		Postpone a meeting
//	@Description	Gives a scheduled meeting a new date; it stays scheduled.
//	@ID				postponeMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id		path		string				true	"Meeting"	format(uuid)
//	@Param			If-Match		header		string				true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		postponementRequest	true	"The new date"
//	@Success		200				{object}	meetingResponse
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
//	@Router			/api/v1/meetings/{meeting_id}/postponement [post]
func (s *Service) postponeMeeting(c *gin.Context) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	var body postponementRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Details, error) {
		return s.Postpone(ctx, auth.Current(c), id, match, body.StartedAt, body.EndedAt)
	}, changed)
}

// transition serves an act that says nothing but whose it is.
func (s *Service) transition(
	c *gin.Context, act func(ctx context.Context, actor auth.Actor, id ID, match int64) (Details, error),
) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Details, error) {
		return act(ctx, auth.Current(c), id, match)
	}, changed)
}

// explained serves an act that needs a reason.
func (s *Service) explained(
	c *gin.Context, act func(ctx context.Context, actor auth.Actor, id ID, match int64, reason string) (Details, error),
) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	var body reasonRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Details, error) {
		return act(ctx, auth.Current(c), id, match, body.Reason)
	}, changed)
}

// maxAcceptances is how many records one request may receive.
const maxAcceptances = 200

// acceptancesRequest names the records to receive.
type acceptancesRequest struct {
	Items []acceptanceItem `json:"items" validate:"required"`
} //@name Acceptances

// acceptanceItem is one record in the version the caller has seen.
type acceptanceItem struct {
	MeetingID ID    `json:"meeting_id" swaggertype:"string" format:"uuid" validate:"required"`
	Version   int64 `json:"version"    example:"3" validate:"required"`
} //@name AcceptanceItem

// acceptanceResult is the answer to one item: the HTTP status it would have had alone.
type acceptanceResult struct {
	MeetingID ID               `json:"meeting_id" swaggertype:"string" format:"uuid"`
	Status    int              `json:"status"     example:"200"`
	Version   *int64           `json:"version"    example:"4" extensions:"x-nullable"` // the new version of the meeting
	Problem   *httpapi.Problem `json:"problem"    extensions:"x-nullable"`
} //@name AcceptanceResult

// acceptanceResults answers item by item, in their order.
type acceptanceResults struct {
	Data []acceptanceResult `json:"data"`
} //@name AcceptanceResults

// acceptMeetings accepts several records.
//
//	@Summary		Accept several records
//	@Description	Receives up to 200 records, each on its own: one that cannot be accepted does not hold up the others. The answer names the status of each. Since every item names its version, a repetition without a key is harmless as well: what was accepted answers 412.
//	@ID				acceptMeetings
//	@Tags			Meetings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		acceptancesRequest	true	"The records"
//	@Success		200				{object}	acceptanceResults
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/acceptances [post]
func (s *Service) acceptMeetings(c *gin.Context) error {
	var body acceptancesRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	var f fault.Fields
	f.Check(len(body.Items) > 0, "/items", "field_required")
	f.Check(len(body.Items) <= maxAcceptances, "/items", "list_too_long", fault.Args{"limit": maxAcceptances})
	if err := f.Err(fault.Invalid, "meeting_invalid"); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (acceptanceResults, error) {
		return s.acceptItems(ctx, c, body.Items)
	}, func(r acceptanceResults) httpapi.Answer { return httpapi.Answer{Status: http.StatusOK, Body: r} })
}

// acceptItems receives each record in a transaction of its own.
func (s *Service) acceptItems(ctx context.Context, c *gin.Context, items []acceptanceItem) (acceptanceResults, error) {
	return database.InSteps(ctx, s.db, func(ctx context.Context) (acceptanceResults, error) {
		results := acceptanceResults{Data: make([]acceptanceResult, 0, len(items))}
		for _, item := range items {
			result, err := s.acceptItem(ctx, c, item)
			if err != nil {
				return acceptanceResults{}, err
			}
			results.Data = append(results.Data, result)
		}
		return results, nil
	})
}

// acceptItem receives one record of several. What the caller got wrong is the item's answer; our own failures end the request.
func (s *Service) acceptItem(ctx context.Context, c *gin.Context, item acceptanceItem) (acceptanceResult, error) {
	d, err := s.Accept(ctx, auth.Current(c), item.MeetingID, item.Version)
	if err == nil {
		return acceptanceResult{MeetingID: item.MeetingID, Status: http.StatusOK, Version: &d.Meeting.Version}, nil
	}
	status := fault.KindOf(err).Status()
	if status >= http.StatusInternalServerError || ctx.Err() != nil {
		return acceptanceResult{}, err
	}
	problem := httpapi.ProblemOf(c, err)
	return acceptanceResult{MeetingID: item.MeetingID, Status: status, Problem: &problem}, nil
}
