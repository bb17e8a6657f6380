package inspection

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// remedyRoutes returns the routes of remedies.
func (s *Service) remedyRoutes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/remedies", Permission: auth.InspectionRead, Handler: s.listRemedies, Persons: true},
		{Method: http.MethodPost, Path: "/remedies", Permission: auth.InspectionWrite, Handler: s.demandRemedy},
		{Method: http.MethodGet, Path: "/remedies/{remedy_id}", Permission: auth.InspectionRead, Handler: s.getRemedy, Persons: true},
		{Method: http.MethodPatch, Path: "/remedies/{remedy_id}", Permission: auth.InspectionWrite, Handler: s.editRemedy},
		{Method: http.MethodPost, Path: "/remedies/{remedy_id}/outcome", Permission: auth.RemedyReport, Handler: s.reportOutcome},
		{Method: http.MethodPost, Path: "/remedies/{remedy_id}/checks", Permission: auth.InspectionWrite, Handler: s.recheckRemedy},
	}
}

// remedyFinding is what a remedy is about, as both sides of the remedy see it.
type remedyFinding struct {
	ID           uuid.UUID `json:"id"            swaggertype:"string" format:"uuid"`
	InspectionID ID        `json:"inspection_id" swaggertype:"string" format:"uuid"`
	InspectedBy  org.ID    `json:"inspected_by"  swaggertype:"string" format:"uuid"` // the inspecting organization
	Severity     Severity  `json:"severity"      swaggertype:"string" enums:"strength,shortcoming,violation"`
	Text         string    `json:"text"          example:"Biên bản chưa ghi rõ người được giao việc"`
} //@name RemedyFinding

// checkResponse is a re-check of a remedy.
type checkResponse struct {
	ID        uuid.UUID     `json:"id"         swaggertype:"string" format:"uuid"`
	CheckedOn calendar.Date `json:"checked_on" swaggertype:"string" format:"date" example:"2018-05-07"`
	Result    CheckResult   `json:"result"     swaggertype:"string" enums:"remedied,partly,not_remedied"`
	Text      *string       `json:"text"       extensions:"x-nullable"`
	CheckedBy *auth.UserID  `json:"checked_by" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	CreatedAt time.Time     `json:"created_at" format:"date-time"`
} //@name RemedyCheck

// remedyResponse is a remedy.
type remedyResponse struct {
	ID             RemedyID        `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string         `json:"code"            example:"KP-01" extensions:"x-nullable"`
	Finding        remedyFinding   `json:"finding"`
	OrganizationID org.ID          `json:"organization_id" swaggertype:"string" format:"uuid"` // which owes it
	Text           string          `json:"text"            example:"Ghi rõ người được giao việc và thời hạn trong từng biên bản"`
	DueOn          calendar.Date   `json:"due_on"          swaggertype:"string" format:"date" example:"2018-04-30"`
	Status         RemedyStatus    `json:"status"          swaggertype:"string" enums:"open,done,dropped"`
	Overdue        bool            `json:"overdue"         example:"false"` // open after its day, as of today
	DoneOn         *calendar.Date  `json:"done_on"         swaggertype:"string" format:"date" extensions:"x-nullable"`
	Outcome        *string         `json:"outcome"         extensions:"x-nullable"` // what was reported last, with the evidence
	ReportedBy     *auth.UserID    `json:"reported_by"     swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Checks         []checkResponse `json:"checks"`
	Version        int64           `json:"version"         example:"1"`
	CreatedAt      time.Time       `json:"created_at"      format:"date-time"`
	UpdatedAt      time.Time       `json:"updated_at"      format:"date-time"`
} //@name Remedy

func wireRemedy(v RemedyView) remedyResponse {
	checks := make([]checkResponse, len(v.Checks))
	for n, c := range v.Checks {
		checks[n] = checkResponse{c.ID, c.CheckedOn, c.Result, c.Text, c.CheckedBy, c.CreatedAt.UTC()}
	}
	about := remedyFinding{v.Finding.ID, v.Finding.InspectionID, v.Round.OrganizationID, v.Finding.Severity, v.Finding.Text}
	return remedyResponse{
		ID: v.Remedy.ID, Code: v.Remedy.Code, Finding: about, OrganizationID: v.OrganizationID, Text: v.Remedy.Text, DueOn: v.DueOn,
		Status: v.Status, Overdue: v.Late, DoneOn: v.DoneOn, Outcome: v.Outcome, ReportedBy: v.ReportedBy, Checks: checks,
		Version: v.Version, CreatedAt: v.CreatedAt.UTC(), UpdatedAt: v.UpdatedAt.UTC(),
	}
}

// answerRemedy answers a change of a remedy.
func answerRemedy(v RemedyView) httpapi.Answer { return httpapi.OK(v.Version, wireRemedy(v)) }

// remedyRequest is a remedy to demand.
type remedyRequest struct {
	ID             RemedyID      `json:"id"              swaggertype:"string" format:"uuid"` // chosen by the client, or made
	Code           *string       `json:"code"            maxLength:"64" extensions:"x-nullable"`
	FindingID      uuid.UUID     `json:"finding_id"      swaggertype:"string" format:"uuid" validate:"required"`
	OrganizationID org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"` // which owes it
	Text           string        `json:"text"            maxLength:"20000" validate:"required"`
	DueOn          calendar.Date `json:"due_on"          swaggertype:"string" format:"date" example:"2018-04-30" validate:"required"`
} //@name RemedyInput

// demandRemedy asks an organisation to put something right.
//
//	@Summary		Demand a remedy
//	@Description	Of what a finding says, from an organization, by a day. The inspecting side demands it; the organization that owes it sees it with the finding.
//	@ID				demandRemedy
//	@Tags			Remedies
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		remedyRequest	true	"The remedy"
//	@Success		200				{object}	remedyResponse	"What would be recorded (dry run)"
//	@Success		201				{object}	remedyResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/remedies [post]
func (s *Service) demandRemedy(c *gin.Context) error {
	var body remedyRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (RemedyView, error) {
		return s.Demand(ctx, auth.Current(c), RemedyInput(body))
	}, func(v RemedyView) httpapi.Answer {
		return httpapi.Created("/api/v1/remedies/"+v.Remedy.ID.String(), v.Version, wireRemedy(v))
	})
}

// getRemedy shows one remedy.
//
//	@Summary	Show a remedy
//	@ID			getRemedy
//	@Tags		Remedies
//	@Security	Bearer
//	@Produce	json
//	@Param		remedy_id	path		string	true	"Remedy"	format(uuid)
//	@Success	200			{object}	remedyResponse
//	@Failure	400			{object}	httpapi.Problem
//	@Failure	401			{object}	httpapi.Problem
//	@Failure	403			{object}	httpapi.Problem
//	@Failure	404			{object}	httpapi.Problem
//	@Router		/api/v1/remedies/{remedy_id} [get]
func (s *Service) getRemedy(c *gin.Context) error {
	id, err := remedyID(c)
	if err != nil {
		return err
	}
	v, err := s.GetRemedy(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, answerRemedy(v))
}

// editRemedyRequest is what to change of an open remedy; what is absent stays, null clears.
type editRemedyRequest struct {
	Code  httpapi.Optional[string]        `json:"code"   swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	Text  httpapi.Optional[string]        `json:"text"   swaggertype:"string" maxLength:"20000"`
	DueOn httpapi.Optional[calendar.Date] `json:"due_on" swaggertype:"string" format:"date"`
} //@name RemedyChange

// editRemedy changes what a remedy demands.
//
//	@Summary		Change a remedy
//	@Description	What is demanded, and by when, while the remedy is open.
//	@ID				editRemedy
//	@Tags			Remedies
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			remedy_id	path		string				true	"Remedy"	format(uuid)
//	@Param			If-Match	header		string				true	"The version this change rests on"
//	@Param			dry_run		query		bool				false	"Say what would happen and write nothing"
//	@Param			body		body		editRemedyRequest	true	"What changes"
//	@Success		200			{object}	remedyResponse
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
//	@Router			/api/v1/remedies/{remedy_id} [patch]
func (s *Service) editRemedy(c *gin.Context) error {
	id, match, err := remedyMatch(c)
	if err != nil {
		return err
	}
	var body editRemedyRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (RemedyView, error) {
		return s.EditRemedy(ctx, auth.Current(c), id, match, RemedyChange(body))
	}, answerRemedy)
}

// outcomeRequest is what became of a remedy.
type outcomeRequest struct {
	Status RemedyStatus   `json:"status"  swaggertype:"string" enums:"done,dropped" validate:"required"`
	DoneOn *calendar.Date `json:"done_on" swaggertype:"string" format:"date" example:"2018-04-27" extensions:"x-nullable"` // today, unless given
	Text   string         `json:"text"    maxLength:"20000" validate:"required"`                                           // the evidence, or why it is dropped
} //@name RemedyOutcome

// reportOutcome says what became of a remedy.
//
//	@Summary		Report what became of a remedy
//	@Description	The organization that owes it, or the inspecting side, reports an open remedy as done, with the evidence. The inspecting side alone drops one, with the reason. Who reported does not check it.
//	@ID				reportRemedyOutcome
//	@Tags			Remedies
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			remedy_id		path		string			true	"Remedy"	format(uuid)
//	@Param			If-Match		header		string			true	"The version this report rests on"
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		outcomeRequest	true	"What became of it"
//	@Success		200				{object}	remedyResponse
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
//	@Router			/api/v1/remedies/{remedy_id}/outcome [post]
func (s *Service) reportOutcome(c *gin.Context) error {
	id, match, err := remedyMatch(c)
	if err != nil {
		return err
	}
	var body outcomeRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (RemedyView, error) {
		return s.Report(ctx, auth.Current(c), id, match, Outcome(body))
	}, answerRemedy)
}

// recheckRequest is a re-check of a remedy.
type recheckRequest struct {
	CheckedOn calendar.Date `json:"checked_on" swaggertype:"string" format:"date" example:"2018-05-07"` // today, unless given
	Result    CheckResult   `json:"result"     swaggertype:"string" enums:"remedied,partly,not_remedied" validate:"required"`
	Text      *string       `json:"text"       maxLength:"20000" extensions:"x-nullable"`
} //@name RemedyCheckInput

// recheckRemedy records that somebody looked again.
//
//	@Summary		Check a remedy again
//	@Description	By the inspecting side, and by somebody who did not report what became of it. What is not remedied, or partly, is open again; that something is remedied takes a report.
//	@ID				recheckRemedy
//	@Tags			Remedies
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			remedy_id		path		string			true	"Remedy"	format(uuid)
//	@Param			If-Match		header		string			true	"The version this check rests on"
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		recheckRequest	true	"What was found"
//	@Success		200				{object}	remedyResponse
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
//	@Router			/api/v1/remedies/{remedy_id}/checks [post]
func (s *Service) recheckRemedy(c *gin.Context) error {
	id, match, err := remedyMatch(c)
	if err != nil {
		return err
	}
	var body recheckRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (RemedyView, error) {
		return s.Recheck(ctx, auth.Current(c), id, match, CheckInput(body))
	}, answerRemedy)
}

// remedyID reads the remedy's id from the path.
func remedyID(c *gin.Context) (RemedyID, error) {
	id, err := httpapi.PathUUID(c, "remedy_id")
	return RemedyID{id}, err
}

// remedyMatch reads the remedy's id and the version that a change rests on.
func remedyMatch(c *gin.Context) (RemedyID, int64, error) {
	id, err := remedyID(c)
	if err != nil {
		return id, 0, err
	}
	match, err := httpapi.IfMatch(c)
	return id, match, err
}
