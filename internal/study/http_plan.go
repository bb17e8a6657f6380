package study

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// planResponse is what an organisation means to hold in a quarter, and what was held.
type planResponse struct {
	ID             PlanID           `json:"id" swaggertype:"string" format:"uuid"`
	Code           *string          `json:"code" example:"KH-2018-Q2" extensions:"x-nullable"`
	OrganizationID org.ID           `json:"organization_id" swaggertype:"string" format:"uuid"`
	Quarter        calendar.Quarter `json:"quarter" swaggertype:"string" example:"2018-Q2"`
	PlannedMonth   *calendar.Month  `json:"planned_month" swaggertype:"string" format:"month" example:"2018-05" extensions:"x-nullable"`
	TopicID        *topic.ID        `json:"topic_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Category       *topic.Category  `json:"category" swaggertype:"string" enums:"ho_chi_minh_study,cell_building,party_building,session_quality,political_task,other" extensions:"x-nullable"`
	Note           *string          `json:"note" extensions:"x-nullable"`
	Held           []studiedWire    `json:"held"` // counted thematic sessions of the quarter on the topic, or of the category
	Version        int64            `json:"version" example:"1"`
	CreatedAt      time.Time        `json:"created_at" format:"date-time"`
	UpdatedAt      time.Time        `json:"updated_at" format:"date-time"`
} //@name TopicPlan

func wirePlan(p Planned) planResponse {
	return planResponse{
		p.ID, p.Code, p.OrganizationID, p.Quarter, p.PlannedMonth, p.TopicID, p.Category, p.Note, wireStudied(p.Held), p.Version,
		p.CreatedAt.UTC(), p.UpdatedAt.UTC(),
	}
}

// planList is the plans of an organisation for a year.
type planList struct {
	Data []planResponse `json:"data"`
	Next *string        `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name TopicPlanList

// listTopicPlans shows the plans of an organisation.
//
//	@Summary		List the topics an organization plans
//	@Description	Its plans for the months asked for, by quarter, each with the counted thematic sessions that did what it says.
//	@ID				listTopicPlans
//	@Tags			Topic plans
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path	string	true	"Organization"	format(uuid)
//	@Param			from			query	string	true	"A month of the first quarter"	format(month)	example(2018-01)
//	@Param			to				query	string	true	"A month of the last quarter"	format(month)	example(2018-12)
//	@Success		200				{object}	planList
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/topic-plans [get]
func (s *Service) listTopicPlans(c *gin.Context) error {
	of, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	period := q.Period()
	if err := q.Err(); err != nil {
		return err
	}
	period = calendar.Period{From: period.From.Quarter().First(), To: period.To.Quarter().Last()}
	found, err := s.Plans(c.Request.Context(), auth.Current(c), of, period)
	if err != nil {
		return err
	}
	list := planList{Data: make([]planResponse, len(found))}
	for i, p := range found {
		list.Data[i] = wirePlan(p)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// planRequest is a plan to add: a topic or a category.
type planRequest struct {
	ID           PlanID           `json:"id" swaggertype:"string" format:"uuid"`
	Code         *string          `json:"code" example:"KH-2018-Q2" maxLength:"64" extensions:"x-nullable"`
	Quarter      calendar.Quarter `json:"quarter" swaggertype:"string" example:"2018-Q2" validate:"required"`
	PlannedMonth *calendar.Month  `json:"planned_month" swaggertype:"string" format:"month" example:"2018-05" extensions:"x-nullable"`
	TopicID      *topic.ID        `json:"topic_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Category     *topic.Category  `json:"category" swaggertype:"string" enums:"ho_chi_minh_study,cell_building,party_building,session_quality,political_task,other" extensions:"x-nullable"`
	Note         *string          `json:"note" maxLength:"20000" extensions:"x-nullable"`
} //@name TopicPlanInput

// addTopicPlan adds a plan.
//
//	@Summary		Plan a topic
//	@Description	For a quarter, a topic that the organization is offered, or a category.
//	@ID				addTopicPlan
//	@Tags			Topic plans
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string			true	"Organization"	format(uuid)
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		planRequest		true	"The plan"
//	@Success		200				{object}	planResponse	"What would be added (dry run)"
//	@Success		201				{object}	planResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	409	{object}	httpapi.Problem
//	@Failure	413	{object}	httpapi.Problem
//	@Failure	415	{object}	httpapi.Problem
//	@Failure	422	{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/topic-plans [post]
func (s *Service) addTopicPlan(c *gin.Context) error {
	of, err := org.PathID(c)
	if err != nil {
		return err
	}
	var body planRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Planned, error) {
		return s.Plan(ctx, auth.Current(c), of, PlanInput(body))
	}, func(p Planned) httpapi.Answer {
		return httpapi.Created("/api/v1/organizations/"+of.String()+"/topic-plans", p.Version, wirePlan(p))
	})
}

// planChangeRequest is what to change of a plan; what is absent stays, null clears.
type planChangeRequest struct {
	Code         httpapi.Optional[string]           `json:"code" swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	Quarter      httpapi.Optional[calendar.Quarter] `json:"quarter" swaggertype:"string" example:"2018-Q2"`
	PlannedMonth httpapi.Optional[calendar.Month]   `json:"planned_month" swaggertype:"string" format:"month" extensions:"x-nullable"`
	TopicID      httpapi.Optional[topic.ID]         `json:"topic_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Category     httpapi.Optional[topic.Category]   `json:"category" swaggertype:"string" enums:"ho_chi_minh_study,cell_building,party_building,session_quality,political_task,other" extensions:"x-nullable"`
	Note         httpapi.Optional[string]           `json:"note" swaggertype:"string" maxLength:"20000" extensions:"x-nullable"`
} //@name TopicPlanChange

// changeTopicPlan changes a plan.
//
//	@Summary	Change the plan of a topic
//	@ID			changeTopicPlan
//	@Tags		Topic plans
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		organization_id	path		string				true	"Organization"	format(uuid)
//	@Param		topic_plan_id	path		string				true	"Plan"			format(uuid)
//	@Param		If-Match		header		string				true	"The version this change rests on"
//	@Param		dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param		body			body		planChangeRequest	true	"What changes"
//	@Success	200				{object}	planResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	409	{object}	httpapi.Problem
//	@Failure	412	{object}	httpapi.Problem
//	@Failure	413	{object}	httpapi.Problem
//	@Failure	415	{object}	httpapi.Problem
//	@Failure	422	{object}	httpapi.Problem
//	@Failure	428	{object}	httpapi.Problem
//	@Router		/api/v1/organizations/{organization_id}/topic-plans/{topic_plan_id} [patch]
func (s *Service) changeTopicPlan(c *gin.Context) error {
	of, id, match, err := planPath(c)
	if err != nil {
		return err
	}
	var body planChangeRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Planned, error) {
		return s.ChangePlan(ctx, auth.Current(c), of, id, match, PlanChange(body))
	}, func(p Planned) httpapi.Answer { return httpapi.OK(p.Version, wirePlan(p)) })
}

// planPath reads the organisation, the plan and the version that a change rests on.
func planPath(c *gin.Context) (of org.ID, id PlanID, match int64, err error) {
	if of, err = org.PathID(c); err != nil {
		return of, id, 0, err
	}
	if id.UUID, err = httpapi.PathUUID(c, "topic_plan_id"); err != nil {
		return of, id, 0, err
	}
	match, err = httpapi.IfMatch(c)
	return of, id, match, err
}

// removeTopicPlan removes a plan.
//
//	@Summary	Remove the plan of a topic
//	@ID			removeTopicPlan
//	@Tags		Topic plans
//	@Security	Bearer
//	@Produce	json
//	@Param		organization_id	path	string	true	"Organization"	format(uuid)
//	@Param		topic_plan_id	path	string	true	"Plan"			format(uuid)
//	@Param		If-Match		header	string	true	"The version this change rests on"
//	@Param		dry_run			query	bool	false	"Say what would happen and write nothing"
//	@Success	204				"Removed"
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	412	{object}	httpapi.Problem
//	@Failure	428	{object}	httpapi.Problem
//	@Router		/api/v1/organizations/{organization_id}/topic-plans/{topic_plan_id} [delete]
func (s *Service) removeTopicPlan(c *gin.Context) error {
	of, id, match, err := planPath(c)
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.RemovePlan(ctx, auth.Current(c), of, id, match)
	}, func(struct{}) httpapi.Answer { return httpapi.Deleted() })
}
