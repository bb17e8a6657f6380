package rating

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
)

// Routes returns the routes of ratings.
func (s *Service) Routes() []httpapi.Route {
	const one = "/meetings/{meeting_id}/rating"
	return []httpapi.Route{
		{Method: http.MethodGet, Path: one, Permission: auth.MeetingRead, Handler: s.getRating, Persons: true},
		{Method: http.MethodPost, Path: one, Permission: auth.MeetingSubmit, Handler: s.rateMeeting},
		{Method: http.MethodPost, Path: one + "-confirmation", Permission: auth.MeetingReceive, Handler: s.confirmRating},
		{Method: http.MethodGet, Path: "/ratings", Permission: auth.MeetingRead, Handler: s.listRatings, Persons: true},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/rating-summary", Permission: auth.SummaryRead, Handler: s.getRatingSummary},
	}
}

func pathMeeting(c *gin.Context) (meeting.ID, error) {
	id, err := httpapi.PathUUID(c, "meeting_id")
	return meeting.ID{UUID: id}, err
}

// getRating shows the ratings of a session.
//
//	@Summary		Show the ratings of a session
//	@Description	What the cell says and what the organisation above confirmed, apart, each worked out item by item with the numbers it rests on: points, the maximum that was available, the grade and the rule set that it was judged by.
//	@ID				getRating
//	@Tags			Ratings
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id	path		string	true	"Meeting"	format(uuid)
//	@Success		200			{object}	ratingResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/rating [get]
func (s *Service) getRating(c *gin.Context) error {
	of, err := pathMeeting(c)
	if err != nil {
		return err
	}
	d, err := s.Get(c.Request.Context(), auth.Current(c), of)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, s.answer(d))
}

func (s *Service) answer(d Detail) httpapi.Answer { return httpapi.OK(int64(d.Last), s.wire(d)) }

// rateMeeting rates a session for its cell.
//
//	@Summary		Rate a session
//	@Description	By the rule set in force for the organization on the day of the session. What the records say is computed and cannot be answered; answers are for the items that the rule set asks about. With `dry_run` the rating is worked out and not kept.
//	@Description	A later rating takes the place of an earlier one until it is confirmed. It stays what it was when rules, rolls or records change afterwards.
//	@ID				rateMeeting
//	@Tags			Ratings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id	path		string			true	"Meeting"	format(uuid)
//	@Param			If-Match	header		string			true	"The version of the meeting this rating rests on"
//	@Param			dry_run		query		bool			false	"Say what would happen and write nothing"
//	@Param			body		body		ratingRequest	true	"The answers"
//	@Success		200			{object}	ratingResponse	"What would be kept (dry run)"
//	@Success		201			{object}	ratingResponse
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
//	@Router			/api/v1/meetings/{meeting_id}/rating [post]
func (s *Service) rateMeeting(c *gin.Context) error {
	of, match, err := target(c)
	if err != nil {
		return err
	}
	var body ratingRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	run := func(ctx context.Context) (Detail, error) {
		return s.Rate(ctx, auth.Current(c), of, match, body.input())
	}
	return httpapi.Write(c, run, func(d Detail) httpapi.Answer {
		return httpapi.Created("/api/v1/meetings/"+of.String()+"/rating", int64(d.Last), s.wire(d))
	})
}

// confirmRating confirms a grade.
//
//	@Summary		Confirm the grade of a session
//	@Description	Of an accepted record, by somebody who neither rated it nor wrote on it. Without a grade the cell's own is confirmed; another one needs the reason. If-Match names the version of the rating.
//	@ID				confirmRating
//	@Tags			Ratings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id	path		string			true	"Meeting"	format(uuid)
//	@Param			If-Match	header		string			true	"The version of the rating this decision rests on"
//	@Param			dry_run		query		bool			false	"Say what would happen and write nothing"
//	@Param			body		body		decisionRequest	true	"The decision"
//	@Success		200			{object}	ratingResponse
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
//	@Router			/api/v1/meetings/{meeting_id}/rating-confirmation [post]
func (s *Service) confirmRating(c *gin.Context) error {
	of, match, err := target(c)
	if err != nil {
		return err
	}
	var body decisionRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	run := func(ctx context.Context) (Detail, error) {
		return s.Confirm(ctx, auth.Current(c), of, match, Decision(body))
	}
	return httpapi.Write(c, run, s.answer)
}

// target reads the meeting of the address and the version that the caller has seen.
func target(c *gin.Context) (meeting.ID, int64, error) {
	of, err := pathMeeting(c)
	if err != nil {
		return of, 0, err
	}
	match, err := httpapi.IfMatch(c)
	return of, match, err
}
