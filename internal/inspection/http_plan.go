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

// planRoutes returns the routes of plans and of what is covered by rounds.
func (s *Service) planRoutes() []httpapi.Route {
	const (
		of  = "/organizations/{organization_id}"
		one = "/inspection-plans/{inspection_plan_id}"
	)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: of + "/inspection-plans", Permission: auth.InspectionRead, Handler: s.listPlans},
		{Method: http.MethodPost, Path: of + "/inspection-plans", Permission: auth.InspectionWrite, Handler: s.recordPlan},
		{Method: http.MethodGet, Path: one, Permission: auth.InspectionRead, Handler: s.getPlan},
		{Method: http.MethodPut, Path: one, Permission: auth.InspectionWrite, Handler: s.replacePlan},
		{Method: http.MethodGet, Path: of + "/inspection-coverage", Permission: auth.InspectionRead, Handler: s.getCoverage},
	}
}

// planItemResponse is a planned round.
type planItemResponse struct {
	ID              uuid.UUID        `json:"id"               swaggertype:"string" format:"uuid"`
	Code            *string          `json:"code"             example:"KH-2018-01" extensions:"x-nullable"`
	Kind            Kind             `json:"kind"             swaggertype:"string" enums:"compliance_inspection,violation_sign_inspection,thematic_supervision,regular_supervision"`
	Quarter         calendar.Quarter `json:"quarter"          swaggertype:"string" example:"2018-Q2"`
	PlannedMonth    *calendar.Month  `json:"planned_month"    swaggertype:"string" format:"month" example:"2018-04" extensions:"x-nullable"`
	Title           *string          `json:"title"            extensions:"x-nullable"`
	OrganizationIDs []org.ID         `json:"organization_ids" swaggertype:"array,string" format:"uuid"` // which it is to look at
	InspectionIDs   []ID             `json:"inspection_ids"   swaggertype:"array,string" format:"uuid"` // the rounds that carry it out
} //@name InspectionPlanItem

// planResponse is a plan with its planned rounds.
type planResponse struct {
	ID             uuid.UUID          `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string            `json:"code"            example:"KH-2018" extensions:"x-nullable"`
	OrganizationID org.ID             `json:"organization_id" swaggertype:"string" format:"uuid"` // the inspecting organization
	Body           org.Body           `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Year           int                `json:"year"            example:"2018"`
	Number         string             `json:"number"          example:"05-KH/ĐU"` // of the document that approves it
	ApprovedOn     calendar.Date      `json:"approved_on"     swaggertype:"string" format:"date" example:"2018-01-15"`
	Items          []planItemResponse `json:"items"`
	Version        int64              `json:"version"         example:"1"`
	CreatedAt      time.Time          `json:"created_at"      format:"date-time"`
	UpdatedAt      time.Time          `json:"updated_at"      format:"date-time"`
} //@name InspectionPlan

func wirePlan(v PlanView) planResponse {
	items := make([]planItemResponse, len(v.Items))
	for n, i := range v.Items {
		items[n] = planItemResponse{i.ID, i.Code, i.Kind, i.Quarter, i.PlannedMonth, i.Title, i.Organizations, i.Rounds}
	}
	return planResponse{
		ID: v.ID, Code: v.Code, OrganizationID: v.OrganizationID, Body: v.Body, Year: v.Year, Number: v.Number, ApprovedOn: v.ApprovedOn,
		Items: items, Version: v.Version, CreatedAt: v.CreatedAt.UTC(), UpdatedAt: v.UpdatedAt.UTC(),
	}
}

// planItemRequest is a planned round to record.
type planItemRequest struct {
	ID              uuid.UUID        `json:"id"               swaggertype:"string" format:"uuid"` // of one that stays, or chosen by the client, or made
	Code            *string          `json:"code"             maxLength:"64" extensions:"x-nullable"`
	Kind            Kind             `json:"kind"             swaggertype:"string" enums:"compliance_inspection,violation_sign_inspection,thematic_supervision,regular_supervision" validate:"required"`
	Quarter         calendar.Quarter `json:"quarter"          swaggertype:"string" example:"2018-Q2" validate:"required"`
	PlannedMonth    *calendar.Month  `json:"planned_month"    swaggertype:"string" format:"month" example:"2018-04" extensions:"x-nullable"` // of the quarter
	Title           *string          `json:"title"            maxLength:"500" extensions:"x-nullable"`
	OrganizationIDs []org.ID         `json:"organization_ids" swaggertype:"array,string" format:"uuid"`
} //@name InspectionPlanItemInput

func planItems(items []planItemRequest) []PlanItemInput {
	all := make([]PlanItemInput, len(items))
	for n, i := range items {
		all[n] = PlanItemInput(i)
	}
	return all
}

// planRequest is a plan to record.
type planRequest struct {
	ID         uuid.UUID         `json:"id"          swaggertype:"string" format:"uuid"` // chosen by the client, or made
	Code       *string           `json:"code"        maxLength:"64" extensions:"x-nullable"`
	Body       org.Body          `json:"body"        swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" validate:"required"`
	Year       int               `json:"year"        example:"2018" validate:"required"`
	Number     string            `json:"number"      maxLength:"100" example:"05-KH/ĐU" validate:"required"`
	ApprovedOn calendar.Date     `json:"approved_on" swaggertype:"string" format:"date" example:"2018-01-15" validate:"required"`
	Items      []planItemRequest `json:"items"`
} //@name InspectionPlanInput

// planReplacement is what a plan is to be from now on; body and year stay.
type planReplacement struct {
	Code       *string           `json:"code"        maxLength:"64" extensions:"x-nullable"`
	Number     string            `json:"number"      maxLength:"100" example:"05-KH/ĐU" validate:"required"`
	ApprovedOn calendar.Date     `json:"approved_on" swaggertype:"string" format:"date" example:"2018-01-15" validate:"required"`
	Items      []planItemRequest `json:"items"`
} //@name InspectionPlanReplacement

// planList is the plans of an organization.
type planList struct {
	Data []planResponse `json:"data"`
	Next *string        `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name InspectionPlanList

// listPlans shows the plans of an organization.
//
//	@Summary		List the inspection plans of an organization
//	@Description	Those by which the organization itself inspects, with their planned rounds and the rounds that carry these out.
//	@ID				listInspectionPlans
//	@Tags			Inspections
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"Organization"	format(uuid)
//	@Param			year			query		int		false	"Of this year"	minimum(1900)	maximum(2199)
//	@Success		200				{object}	planList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/inspection-plans [get]
func (s *Service) listPlans(c *gin.Context) error {
	id, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	year := q.Int("year", 0, calendar.FirstYear, calendar.LastYear)
	if err := q.Err(); err != nil {
		return err
	}
	found, err := s.ListPlans(c.Request.Context(), auth.Current(c), id, year)
	if err != nil {
		return err
	}
	list := planList{Data: make([]planResponse, len(found))}
	for n, v := range found {
		list.Data[n] = wirePlan(v)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// recordPlan records a plan.
//
//	@Summary		Record an inspection plan
//	@Description	What a body of the organization means to inspect in a year, as it was approved. There is one for each body and year.
//	@ID				recordInspectionPlan
//	@Tags			Inspections
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string			true	"Organization"	format(uuid)
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		planRequest		true	"The plan"
//	@Success		200				{object}	planResponse	"What would be recorded (dry run)"
//	@Success		201				{object}	planResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/inspection-plans [post]
func (s *Service) recordPlan(c *gin.Context) error {
	id, err := org.PathID(c)
	if err != nil {
		return err
	}
	var body planRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	in := PlanInput{body.ID, body.Code, body.Body, body.Year, body.Number, body.ApprovedOn, planItems(body.Items)}
	return httpapi.Write(c, func(ctx context.Context) (PlanView, error) {
		return s.RecordPlan(ctx, auth.Current(c), id, in)
	}, func(v PlanView) httpapi.Answer {
		return httpapi.Created("/api/v1/inspection-plans/"+v.ID.String(), v.Version, wirePlan(v))
	})
}

// getPlan shows one plan. What carries it out changes without its version.
//
//	@Summary	Show an inspection plan
//	@ID			getInspectionPlan
//	@Tags		Inspections
//	@Security	Bearer
//	@Produce	json
//	@Param		inspection_plan_id	path		string	true	"Plan"	format(uuid)
//	@Success	200					{object}	planResponse
//	@Failure	400					{object}	httpapi.Problem
//	@Failure	401					{object}	httpapi.Problem
//	@Failure	403					{object}	httpapi.Problem
//	@Failure	404					{object}	httpapi.Problem
//	@Router		/api/v1/inspection-plans/{inspection_plan_id} [get]
func (s *Service) getPlan(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "inspection_plan_id")
	if err != nil {
		return err
	}
	v, err := s.GetPlan(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(v.Version, wirePlan(v)))
}

// replacePlan writes a plan anew.
//
//	@Summary		Write an inspection plan anew
//	@Description	The approving document and all planned rounds. Planned rounds that are named by their ids stay; others go, unless a round carries them out.
//	@ID				replaceInspectionPlan
//	@Tags			Inspections
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			inspection_plan_id	path		string			true	"Plan"	format(uuid)
//	@Param			If-Match			header		string			true	"The version this change rests on"
//	@Param			dry_run				query		bool			false	"Say what would happen and write nothing"
//	@Param			body				body		planReplacement	true	"What the plan is from now on"
//	@Success		200					{object}	planResponse
//	@Failure		400					{object}	httpapi.Problem
//	@Failure		401					{object}	httpapi.Problem
//	@Failure		403					{object}	httpapi.Problem
//	@Failure		404					{object}	httpapi.Problem
//	@Failure		409					{object}	httpapi.Problem
//	@Failure		412					{object}	httpapi.Problem
//	@Failure		413					{object}	httpapi.Problem
//	@Failure		415					{object}	httpapi.Problem
//	@Failure		422					{object}	httpapi.Problem
//	@Failure		428					{object}	httpapi.Problem
//	@Router			/api/v1/inspection-plans/{inspection_plan_id} [put]
func (s *Service) replacePlan(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "inspection_plan_id")
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body planReplacement
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	in := PlanInput{Code: body.Code, Number: body.Number, ApprovedOn: body.ApprovedOn, Items: planItems(body.Items)}
	return httpapi.Write(c, func(ctx context.Context) (PlanView, error) {
		return s.ReplacePlan(ctx, auth.Current(c), id, match, in)
	}, func(v PlanView) httpapi.Answer { return httpapi.OK(v.Version, wirePlan(v)) })
}
