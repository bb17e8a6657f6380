package resolution

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
)

// Routes returns the routes of resolutions and tasks.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/resolutions", Permission: auth.MeetingRead, Handler: s.listResolutions, Persons: true},
		{Method: http.MethodPost, Path: "/resolutions", Permission: auth.MeetingWrite, Handler: s.recordResolution},
		{Method: http.MethodGet, Path: "/resolutions/{resolution_id}", Permission: auth.MeetingRead, Handler: s.getResolution, Persons: true},
		{Method: http.MethodGet, Path: "/tasks", Permission: auth.MeetingRead, Handler: s.listTasks, Persons: true},
		{Method: http.MethodPost, Path: "/tasks", Permission: auth.TaskWrite, Handler: s.recordTask},
		{Method: http.MethodGet, Path: "/tasks/{task_id}", Permission: auth.MeetingRead, Handler: s.getTask, Persons: true},
		{Method: http.MethodPatch, Path: "/tasks/{task_id}", Permission: auth.TaskWrite, Handler: s.editTask},
	}
}

// resolutionResponse is a resolution of a meeting.
type resolutionResponse struct {
	ID             ID             `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code"            example:"NQ05" extensions:"x-nullable"`
	MeetingID      uuid.UUID      `json:"meeting_id"      swaggertype:"string" format:"uuid"`
	Number         *string        `json:"number"          example:"05-NQ/CB" extensions:"x-nullable"`
	AdoptedOn      *calendar.Date `json:"adopted_on"      swaggertype:"string" format:"date" example:"2017-03-03" extensions:"x-nullable"`
	Title          *string        `json:"title"           example:"Nghị quyết tháng 3 năm 2017" extensions:"x-nullable"`
	VotesFor       *int           `json:"votes_for"       example:"12" extensions:"x-nullable"`
	VotesAgainst   *int           `json:"votes_against"   example:"0" extensions:"x-nullable"`
	VotesAbstained *int           `json:"votes_abstained" example:"1" extensions:"x-nullable"`
	Kind           *Paper         `json:"kind"            swaggertype:"string" enums:"resolution,conclusion,decision" extensions:"x-nullable"` // by its number
	VoteBase       *int           `json:"vote_base"       example:"20" extensions:"x-nullable"`                                                // by the frozen roll; null until the record is in
	VotesNeeded    *int           `json:"votes_needed"    example:"11" extensions:"x-nullable"`
	Adopted        *bool          `json:"adopted"         extensions:"x-nullable"` // whether more than half of the base were for it
	CreatedAt      time.Time      `json:"created_at"      format:"date-time"`
	UpdatedAt      time.Time      `json:"updated_at"      format:"date-time"`
} //@name Resolution

func wire(r Shown) resolutionResponse {
	return resolutionResponse{
		ID: r.ID, Code: r.Code, MeetingID: r.MeetingID, Number: r.Number, AdoptedOn: r.AdoptedOn, Title: r.Title, VotesFor: r.VotesFor,
		VotesAgainst: r.VotesAgainst, VotesAbstained: r.VotesAbstained, Kind: r.Kind(), VoteBase: r.Outcome.Base, VotesNeeded: r.Outcome.Needed,
		Adopted: r.Outcome.Adopted, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// recordResolutionRequest is a resolution to add to a draft.
type recordResolutionRequest struct {
	ID             ID             `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code"            example:"NQ05" maxLength:"64" extensions:"x-nullable"`
	MeetingID      uuid.UUID      `json:"meeting_id"      swaggertype:"string" format:"uuid" validate:"required"`
	Number         *string        `json:"number"          example:"05-NQ/CB" maxLength:"64" extensions:"x-nullable"`
	AdoptedOn      *calendar.Date `json:"adopted_on"      swaggertype:"string" format:"date" example:"2017-03-03" extensions:"x-nullable"`
	Title          *string        `json:"title"           example:"Nghị quyết tháng 3 năm 2017" extensions:"x-nullable"`
	VotesFor       *int           `json:"votes_for"       example:"12" minimum:"0" maximum:"1000000" extensions:"x-nullable"`
	VotesAgainst   *int           `json:"votes_against"   example:"0" minimum:"0" maximum:"1000000" extensions:"x-nullable"`
	VotesAbstained *int           `json:"votes_abstained" example:"1" minimum:"0" maximum:"1000000" extensions:"x-nullable"`
	NextNumber     Paper          `json:"next_number"     swaggertype:"string" enums:"resolution,conclusion,decision"` // instead of a number: the next of this kind in the term
} //@name ResolutionInput

func (r recordResolutionRequest) draft() Draft {
	return Draft{
		ID: r.ID, Code: r.Code, Number: r.Number, AdoptedOn: r.AdoptedOn, Title: r.Title,
		VotesFor: r.VotesFor, VotesAgainst: r.VotesAgainst, VotesAbstained: r.VotesAbstained, NextNumber: r.NextNumber,
	}
}

// recordResolution adds a resolution to a draft.
//
//	@Summary		Record a resolution
//	@Description	Adds a resolution to a meeting whose record has not been handed in. Give at least one of title, number and code. Numbers of the form `05-NQ/CB` run per organization, kind, letters and term, from congress to congress: one that is taken is refused, `next_number` asks for the next. Any other number is kept as it is.
//	@ID				recordResolution
//	@Tags			Resolutions
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string					false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool					false	"Say what would happen and write nothing"
//	@Param			body			body		recordResolutionRequest	true	"The resolution"
//	@Success		200				{object}	resolutionResponse		"What would be recorded (dry run)"
//	@Success		201				{object}	resolutionResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/resolutions [post]
func (s *Service) recordResolution(c *gin.Context) error {
	var body recordResolutionRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Resolution, error) {
		return s.Record(ctx, auth.Current(c), body.MeetingID, body.draft())
	}, func(r Resolution) httpapi.Answer {
		return httpapi.Answer{Status: http.StatusCreated, Location: "/api/v1/resolutions/" + r.ID.String(), Body: wire(Shown{Resolution: r})}
	})
}

// getResolution shows one resolution.
//
//	@Summary	Show a resolution
//	@ID			getResolution
//	@Tags		Resolutions
//	@Security	Bearer
//	@Produce	json
//	@Param		resolution_id	path		string	true	"Resolution"	format(uuid)
//	@Success	200				{object}	resolutionResponse
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/resolutions/{resolution_id} [get]
func (s *Service) getResolution(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "resolution_id")
	if err != nil {
		return err
	}
	r, err := s.Get(c.Request.Context(), auth.Current(c), ID{id})
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, wire(r))
}
