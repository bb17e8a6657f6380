package briefing

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Routes returns the routes of briefings.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/briefings", Permission: auth.RegistryRead, Handler: s.listBriefings},
		{Method: http.MethodPost, Path: "/organizations/{organization_id}/briefings", Permission: auth.RegistryWrite, Handler: s.issueBriefing},
		{Method: http.MethodGet, Path: "/briefings/{briefing_id}", Permission: auth.RegistryRead, Handler: s.getBriefing},
		{Method: http.MethodPatch, Path: "/briefings/{briefing_id}", Permission: auth.RegistryWrite, Handler: s.editBriefing},
	}
}

// lineWire is one point of a briefing.
type lineWire struct {
	ContentItem *string       `json:"content_item" enums:"last_month_tasks,member_thinking,propaganda,inspection_supervision,party_development,political_task,next_month_tasks,ho_chi_minh_study,resolution_tw4_review" extensions:"x-nullable"`
	Text        string        `json:"text" example:"Quán triệt Chỉ thị 05-CT/TW" maxLength:"4000" validate:"required"`
	DirectiveID *directive.ID `json:"directive_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`                     // to be studied
	Address     *string       `json:"address" example:"https://example.org/tai-lieu.pdf" maxLength:"2000" extensions:"x-nullable"` // of material, https
} //@name BriefingLine

// briefingResponse is what a superior asks the meetings of a month to take up.
type briefingResponse struct {
	ID             ID             `json:"id" swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code" example:"DH-2018-05" extensions:"x-nullable"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"` // which offers it to all below
	Month          calendar.Month `json:"month" swaggertype:"string" format:"month" example:"2018-05"`
	Title          string         `json:"title" example:"Định hướng sinh hoạt tháng 5/2018"`
	Lines          []lineWire     `json:"lines"`
	Version        int64          `json:"version" example:"1"`
	CreatedAt      time.Time      `json:"created_at" format:"date-time"`
	UpdatedAt      time.Time      `json:"updated_at" format:"date-time"`
} //@name Briefing

func wire(b Briefing) briefingResponse {
	lines := make([]lineWire, len(b.Lines))
	for i, line := range b.Lines {
		lines[i] = lineWire{line.ContentItem, line.Text, line.DirectiveID, line.Address}
	}
	return briefingResponse{
		b.ID, b.Code, b.OrganizationID, b.Month, b.Title, lines, b.Version, b.CreatedAt.UTC(), b.UpdatedAt.UTC(),
	}
}

func linesOf(given []lineWire) []Line {
	if given == nil {
		return nil
	}
	lines := make([]Line, len(given))
	for i, line := range given {
		lines[i] = Line{ContentItem: line.ContentItem, Text: line.Text, DirectiveID: line.DirectiveID, Address: line.Address}
	}
	return lines
}

// briefingList is the briefings that an organisation is offered.
type briefingList struct {
	Data []briefingResponse `json:"data"`
	Next *string            `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name BriefingList

// listBriefings shows the briefings that an organisation is offered.
//
//	@Summary		List the briefings for an organization
//	@Description	Its own and those of all above it today, the latest month first, within a month the highest organization.
//	@ID				listBriefings
//	@Tags			Briefings
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path	string	true	"Organization"	format(uuid)
//	@Param			month			query	string	false	"Only those of this month"	format(month)	example(2018-05)
//	@Success		200				{object}	briefingList
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/briefings [get]
func (s *Service) listBriefings(c *gin.Context) error {
	to, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	month := q.Month("month")
	if err := q.Err(); err != nil {
		return err
	}
	found, err := s.Offered(c.Request.Context(), auth.Current(c), to, month)
	if err != nil {
		return err
	}
	list := briefingList{Data: make([]briefingResponse, len(found))}
	for i, b := range found {
		list.Data[i] = wire(b)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// briefingRequest is a briefing to issue.
type briefingRequest struct {
	ID    ID             `json:"id" swaggertype:"string" format:"uuid"`
	Code  *string        `json:"code" example:"DH-2018-05" maxLength:"64" extensions:"x-nullable"`
	Month calendar.Month `json:"month" swaggertype:"string" format:"month" example:"2018-05" validate:"required"`
	Title string         `json:"title" example:"Định hướng sinh hoạt tháng 5/2018" maxLength:"500" validate:"required"`
	Lines []lineWire     `json:"lines" minItems:"1" maxItems:"100" validate:"required"`
} //@name BriefingInput

// issueBriefing issues a briefing.
//
//	@Summary		Issue a briefing
//	@Description	What the organization asks the meetings of a month, its own and those of all below it, to take up.
//	@ID				issueBriefing
//	@Tags			Briefings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string				true	"Organization"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		briefingRequest		true	"The briefing"
//	@Success		200				{object}	briefingResponse	"What would be issued (dry run)"
//	@Success		201				{object}	briefingResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	409	{object}	httpapi.Problem
//	@Failure	413	{object}	httpapi.Problem
//	@Failure	415	{object}	httpapi.Problem
//	@Failure	422	{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/briefings [post]
func (s *Service) issueBriefing(c *gin.Context) error {
	by, err := org.PathID(c)
	if err != nil {
		return err
	}
	var body briefingRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	in := Input{ID: body.ID, Code: body.Code, Month: body.Month, Title: body.Title, Lines: linesOf(body.Lines)}
	return httpapi.Write(c, func(ctx context.Context) (Briefing, error) {
		return s.Issue(ctx, auth.Current(c), by, in)
	}, func(b Briefing) httpapi.Answer {
		return httpapi.Created("/api/v1/briefings/"+b.ID.String(), b.Version, wire(b))
	})
}

// getBriefing shows one briefing.
//
//	@Summary	Show a briefing
//	@ID			getBriefing
//	@Tags		Briefings
//	@Security	Bearer
//	@Produce	json
//	@Param		briefing_id		path		string	true	"Briefing"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version already known"
//	@Success	200				{object}	briefingResponse
//	@Success	304				"Not changed"
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router		/api/v1/briefings/{briefing_id} [get]
func (s *Service) getBriefing(c *gin.Context) error {
	id, err := PathID(c)
	if err != nil {
		return err
	}
	b, err := s.Get(c.Request.Context(), auth.Current(c), id)
	if err != nil || httpapi.NotModified(c, b.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(b.Version, wire(b)))
}

// editBriefingRequest is what to change of a briefing; what is absent stays, null clears.
type editBriefingRequest struct {
	Code  httpapi.Optional[string]         `json:"code" swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	Month httpapi.Optional[calendar.Month] `json:"month" swaggertype:"string" format:"month" example:"2018-05"`
	Title httpapi.Optional[string]         `json:"title" swaggertype:"string" maxLength:"500"`
	Lines []lineWire                       `json:"lines" minItems:"1" maxItems:"100"` // all of them
} //@name BriefingChange

// editBriefing changes a briefing.
//
//	@Summary	Change a briefing
//	@ID			editBriefing
//	@Tags		Briefings
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		briefing_id	path		string				true	"Briefing"	format(uuid)
//	@Param		If-Match	header		string				true	"The version this change rests on"
//	@Param		dry_run		query		bool				false	"Say what would happen and write nothing"
//	@Param		body		body		editBriefingRequest	true	"What changes"
//	@Success	200			{object}	briefingResponse
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
//	@Router		/api/v1/briefings/{briefing_id} [patch]
func (s *Service) editBriefing(c *gin.Context) error {
	id, err := PathID(c)
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body editBriefingRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	change := Change{Code: body.Code, Month: body.Month, Title: body.Title, Lines: linesOf(body.Lines)}
	return httpapi.Write(c, func(ctx context.Context) (Briefing, error) {
		return s.Edit(ctx, auth.Current(c), id, match, change)
	}, func(b Briefing) httpapi.Answer { return httpapi.OK(b.Version, wire(b)) })
}

// PathID reads the briefing's id from the path.
func PathID(c *gin.Context) (ID, error) {
	id, err := httpapi.PathUUID(c, "briefing_id")
	return ID{id}, err
}
