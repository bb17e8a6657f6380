package directive

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

// followingRoutes returns the routes of requirements and implementing plans.
func (s *Service) followingRoutes() []httpapi.Route {
	const one = "/directives/{directive_id}"
	return []httpapi.Route{
		{Method: http.MethodGet, Path: one + "/study-requirements", Permission: auth.RegistryRead, Handler: s.listStudyRequirements},
		{Method: http.MethodPost, Path: one + "/study-requirements", Permission: auth.RegistryWrite, Handler: s.requireStudy},
		{Method: http.MethodDelete, Path: one + "/study-requirements/{study_requirement_id}", Permission: auth.RegistryWrite, Handler: s.takeBackStudy},
		{Method: http.MethodGet, Path: one + "/implementing-plans", Permission: auth.RegistryRead, Handler: s.listImplementingPlans},
		{Method: http.MethodPost, Path: one + "/implementing-plans", Permission: auth.RegistryWrite, Handler: s.addImplementingPlan},
		{Method: http.MethodDelete, Path: one + "/implementing-plans/{implementing_plan_id}", Permission: auth.RegistryWrite, Handler: s.removeImplementingPlan},
	}
}

// requirementResponse asks an organisation and all below it to study a directive.
type requirementResponse struct {
	ID             uuid.UUID     `json:"id" swaggertype:"string" format:"uuid"`
	DirectiveID    ID            `json:"directive_id" swaggertype:"string" format:"uuid"`
	OrganizationID org.ID        `json:"organization_id" swaggertype:"string" format:"uuid"` // which requires it of itself and all below
	StudyBy        calendar.Date `json:"study_by" swaggertype:"string" format:"date" example:"2016-08-31"`
	CreatedAt      time.Time     `json:"created_at" format:"date-time"`
} //@name StudyRequirement

func wireRequirement(r Requirement) requirementResponse {
	return requirementResponse{r.ID, r.DirectiveID, r.OrganizationID, r.StudyBy, r.CreatedAt.UTC()}
}

// requirementList is who requires a directive.
type requirementList struct {
	Data []requirementResponse `json:"data"`
	Next *string               `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name StudyRequirementList

// requirementRequest asks an organisation and all below it to study a directive by a day.
type requirementRequest struct {
	OrganizationID org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"` // which requires it of itself and all below
	StudyBy        calendar.Date `json:"study_by" swaggertype:"string" format:"date" example:"2016-08-31" validate:"required"`
} //@name StudyRequirementInput

// listStudyRequirements shows who requires a directive.
//
//	@Summary		List who requires a directive
//	@Description	The organizations in reach, and those above them, that require the directive to be studied, with the last day for it. A requirement holds for its organization and all that stand below it.
//	@ID				listStudyRequirements
//	@Tags			Directives
//	@Security		Bearer
//	@Produce		json
//	@Param			directive_id	path	string	true	"Directive"	format(uuid)
//	@Success		200				{object}	requirementList
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router			/api/v1/directives/{directive_id}/study-requirements [get]
func (s *Service) listStudyRequirements(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	found, err := s.Requirements(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	list := requirementList{Data: make([]requirementResponse, len(found))}
	for i, r := range found {
		list.Data[i] = wireRequirement(r)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// requireStudy asks for a directive to be studied.
//
//	@Summary		Require that a directive is studied
//	@Description	Of the organization and all that stand below it, by a day. Each organization requires a directive once; several may, and the earliest day counts.
//	@ID				requireStudy
//	@Tags			Directives
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			directive_id	path		string				true	"Directive"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		requirementRequest	true	"Who requires it, and by when"
//	@Success		200				{object}	requirementResponse	"What would be recorded (dry run)"
//	@Success		201				{object}	requirementResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	409	{object}	httpapi.Problem
//	@Failure	413	{object}	httpapi.Problem
//	@Failure	415	{object}	httpapi.Problem
//	@Failure	422	{object}	httpapi.Problem
//	@Router			/api/v1/directives/{directive_id}/study-requirements [post]
func (s *Service) requireStudy(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	var body requirementRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Requirement, error) {
		return s.Require(ctx, auth.Current(c), id, RequirementInput(body))
	}, func(r Requirement) httpapi.Answer {
		return httpapi.Answer{Status: http.StatusCreated, Location: "/api/v1/directives/" + id.String() + "/study-requirements", Body: wireRequirement(r)}
	})
}

// takeBackStudy ends a requirement.
//
//	@Summary	Take back that a directive has to be studied
//	@ID			takeBackStudy
//	@Tags		Directives
//	@Security	Bearer
//	@Produce	json
//	@Param		directive_id			path	string	true	"Directive"		format(uuid)
//	@Param		study_requirement_id	path	string	true	"Requirement"	format(uuid)
//	@Param		dry_run					query	bool	false	"Say what would happen and write nothing"
//	@Success	204	"Removed"
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router		/api/v1/directives/{directive_id}/study-requirements/{study_requirement_id} [delete]
func (s *Service) takeBackStudy(c *gin.Context) error {
	return s.removing(c, "study_requirement_id", s.TakeBack)
}

// removing removes a part of a directive that the path names.
func (s *Service) removing(c *gin.Context, name string, remove func(context.Context, auth.Actor, ID, uuid.UUID) error) error {
	of, err := pathID(c)
	if err != nil {
		return err
	}
	id, err := httpapi.PathUUID(c, name)
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, remove(ctx, auth.Current(c), of, id)
	}, func(struct{}) httpapi.Answer { return httpapi.Deleted() })
}

// planResponse is the plan by which an organisation carries out a directive.
type planResponse struct {
	ID             uuid.UUID     `json:"id" swaggertype:"string" format:"uuid"`
	DirectiveID    ID            `json:"directive_id" swaggertype:"string" format:"uuid"`
	OrganizationID org.ID        `json:"organization_id" swaggertype:"string" format:"uuid"`
	Number         string        `json:"number" example:"12-KH/ĐU"`
	IssuedOn       calendar.Date `json:"issued_on" swaggertype:"string" format:"date" example:"2016-06-20"`
	Title          *string       `json:"title" extensions:"x-nullable"`
	Address        *string       `json:"address" example:"https://example.org/12-kh.pdf" extensions:"x-nullable"`
	CreatedAt      time.Time     `json:"created_at" format:"date-time"`
} //@name ImplementingPlan

func wirePlan(p Plan) planResponse {
	return planResponse{p.ID, p.DirectiveID, p.OrganizationID, p.Number, p.IssuedOn, p.Title, p.Address, p.CreatedAt.UTC()}
}

// planList is the implementing plans of a directive.
type planList struct {
	Data []planResponse `json:"data"`
	Next *string        `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name ImplementingPlanList

// planRequest is an implementing plan to add.
type planRequest struct {
	OrganizationID org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"`
	Number         string        `json:"number" example:"12-KH/ĐU" maxLength:"100" validate:"required"`
	IssuedOn       calendar.Date `json:"issued_on" swaggertype:"string" format:"date" example:"2016-06-20" validate:"required"`
	Title          *string       `json:"title" maxLength:"500" extensions:"x-nullable"`
	Address        *string       `json:"address" example:"https://example.org/12-kh.pdf" maxLength:"2000" extensions:"x-nullable"` // https
} //@name ImplementingPlanInput

// listImplementingPlans shows the plans for a directive.
//
//	@Summary		List the implementing plans of a directive
//	@Description	Those of organizations in reach and of the ones above them.
//	@ID				listImplementingPlans
//	@Tags			Directives
//	@Security		Bearer
//	@Produce		json
//	@Param			directive_id	path	string	true	"Directive"	format(uuid)
//	@Success		200				{object}	planList
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router			/api/v1/directives/{directive_id}/implementing-plans [get]
func (s *Service) listImplementingPlans(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	found, err := s.Plans(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	list := planList{Data: make([]planResponse, len(found))}
	for i, p := range found {
		list.Data[i] = wirePlan(p)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// addImplementingPlan adds a plan for a directive.
//
//	@Summary	Add an implementing plan to a directive
//	@ID			addImplementingPlan
//	@Tags		Directives
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		directive_id	path		string			true	"Directive"	format(uuid)
//	@Param		Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param		dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param		body			body		planRequest		true	"The plan"
//	@Success	200				{object}	planResponse	"What would be added (dry run)"
//	@Success	201				{object}	planResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	409	{object}	httpapi.Problem
//	@Failure	413	{object}	httpapi.Problem
//	@Failure	415	{object}	httpapi.Problem
//	@Failure	422	{object}	httpapi.Problem
//	@Router		/api/v1/directives/{directive_id}/implementing-plans [post]
func (s *Service) addImplementingPlan(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	var body planRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Plan, error) {
		return s.AddPlan(ctx, auth.Current(c), id, PlanInput(body))
	}, func(p Plan) httpapi.Answer {
		return httpapi.Answer{Status: http.StatusCreated, Location: "/api/v1/directives/" + id.String() + "/implementing-plans", Body: wirePlan(p)}
	})
}

// removeImplementingPlan removes a plan.
//
//	@Summary	Remove an implementing plan
//	@ID			removeImplementingPlan
//	@Tags		Directives
//	@Security	Bearer
//	@Produce	json
//	@Param		directive_id			path	string	true	"Directive"	format(uuid)
//	@Param		implementing_plan_id	path	string	true	"Plan"		format(uuid)
//	@Param		dry_run					query	bool	false	"Say what would happen and write nothing"
//	@Success	204	"Removed"
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router		/api/v1/directives/{directive_id}/implementing-plans/{implementing_plan_id} [delete]
func (s *Service) removeImplementingPlan(c *gin.Context) error {
	return s.removing(c, "implementing_plan_id", s.RemovePlan)
}
