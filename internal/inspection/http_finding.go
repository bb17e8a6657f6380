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
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// findingRoutes returns the routes of findings.
func (s *Service) findingRoutes() []httpapi.Route {
	const one = "/inspections/{inspection_id}"
	return []httpapi.Route{
		{Method: http.MethodPatch, Path: one, Permission: auth.InspectionWrite, Handler: s.editInspection},
		{Method: http.MethodGet, Path: one + "/findings", Permission: auth.InspectionRead, Handler: s.listFindings, Persons: true},
		{Method: http.MethodPost, Path: one + "/findings", Permission: auth.InspectionWrite, Handler: s.addFinding},
		{Method: http.MethodPatch, Path: one + "/findings/{finding_id}", Permission: auth.InspectionWrite, Handler: s.editFinding},
	}
}

// editInspectionRequest is what to change of a round; what is absent stays, null clears.
type editInspectionRequest struct {
	Code       httpapi.Optional[string]        `json:"code"  swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	To         httpapi.Optional[calendar.Date] `json:"to"    swaggertype:"string" format:"date" example:"2018-04-12" extensions:"x-nullable"`
	Title      httpapi.Optional[string]        `json:"title" swaggertype:"string" maxLength:"500" extensions:"x-nullable"`
	PlanItemID httpapi.Optional[uuid.UUID]     `json:"plan_item_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the planned round that it carries out
} //@name InspectionChange

// editInspection changes a round.
//
//	@Summary		Change an inspection
//	@Description	The last day of the round, its title, its code and the planned round that it carries out. The first day and the inspecting side stay, since the round counts by them.
//	@ID				editInspection
//	@Tags			Inspections
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			inspection_id	path		string					true	"Inspection"	format(uuid)
//	@Param			If-Match		header		string					true	"The version this change rests on"
//	@Param			dry_run			query		bool					false	"Say what would happen and write nothing"
//	@Param			body			body		editInspectionRequest	true	"What changes"
//	@Success		200				{object}	inspectionResponse
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
//	@Router			/api/v1/inspections/{inspection_id} [patch]
func (s *Service) editInspection(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body editInspectionRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (View, error) {
		return s.Edit(ctx, auth.Current(c), id, match, Change(body))
	}, func(v View) httpapi.Answer { return httpapi.OK(v.Version, wire(v)) })
}

// findingResponse is what a round found.
type findingResponse struct {
	ID                uuid.UUID   `json:"id"                 swaggertype:"string" format:"uuid"`
	Code              *string     `json:"code"               example:"KT01-1" extensions:"x-nullable"`
	InspectionID      ID          `json:"inspection_id"      swaggertype:"string" format:"uuid"`
	OrganizationID    *org.ID     `json:"organization_id"    swaggertype:"string" format:"uuid" extensions:"x-nullable"` // an object of the round
	MemberID          *member.ID  `json:"member_id"          swaggertype:"string" format:"uuid" extensions:"x-nullable"` // an object of the round
	MeetingID         *meeting.ID `json:"meeting_id"         swaggertype:"string" format:"uuid" extensions:"x-nullable"` // in which it was found
	ContentItem       *string     `json:"content_item"       example:"next_month_tasks" extensions:"x-nullable"`
	Severity          Severity    `json:"severity"           swaggertype:"string" enums:"strength,shortcoming,violation"`
	Text              string      `json:"text"               example:"Biên bản chưa ghi rõ người được giao việc"`
	InspectionVersion int64       `json:"inspection_version" example:"2"`
	CreatedAt         time.Time   `json:"created_at"         format:"date-time"`
	UpdatedAt         time.Time   `json:"updated_at"         format:"date-time"`
} //@name InspectionFinding

func wireFinding(f Finding, version int64) findingResponse {
	return findingResponse{
		ID: f.ID, Code: f.Code, InspectionID: f.InspectionID, OrganizationID: f.OrganizationID, MemberID: f.MemberID, MeetingID: f.MeetingID,
		ContentItem: f.ContentItem, Severity: f.Severity, Text: f.Text, InspectionVersion: version, CreatedAt: f.CreatedAt.UTC(),
		UpdatedAt: f.UpdatedAt.UTC(),
	}
}

// findingList is the findings of a round.
type findingList struct {
	Data []findingResponse `json:"data"`
	Next *string           `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name InspectionFindingList

// listFindings shows what a round found.
//
//	@Summary	List the findings of an inspection
//	@ID			listInspectionFindings
//	@Tags		Inspections
//	@Security	Bearer
//	@Produce	json
//	@Param		inspection_id	path		string	true	"Inspection"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version of the inspection already known"
//	@Success	200				{object}	findingList
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/inspections/{inspection_id}/findings [get]
func (s *Service) listFindings(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	found, err := s.ListFindings(c.Request.Context(), auth.Current(c), id)
	if err != nil || httpapi.NotModified(c, found.Version) {
		return err
	}
	list := findingList{Data: make([]findingResponse, len(found.List))}
	for n, f := range found.List {
		list.Data[n] = wireFinding(f, found.Version)
	}
	return httpapi.Respond(c, httpapi.OK(found.Version, list))
}

// findingRequest is a finding to add.
type findingRequest struct {
	ID             uuid.UUID   `json:"id"              swaggertype:"string" format:"uuid"` // chosen by the client, or made
	Code           *string     `json:"code"            maxLength:"64" extensions:"x-nullable"`
	OrganizationID *org.ID     `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // an object of the round
	MemberID       *member.ID  `json:"member_id"       swaggertype:"string" format:"uuid" extensions:"x-nullable"` // an object of the round; neither: about the whole
	MeetingID      *meeting.ID `json:"meeting_id"      swaggertype:"string" format:"uuid" extensions:"x-nullable"` // in which it was found
	ContentItem    *string     `json:"content_item"    example:"next_month_tasks" extensions:"x-nullable"`
	Severity       Severity    `json:"severity"        swaggertype:"string" enums:"strength,shortcoming,violation" validate:"required"`
	Text           string      `json:"text"            maxLength:"20000" validate:"required"`
} //@name InspectionFindingInput

// addFinding adds a finding to a round.
//
//	@Summary		Add a finding to an inspection
//	@Description	About one of the objects of the round, or about the round as a whole; perhaps with the meeting in which it was found.
//	@ID				addInspectionFinding
//	@Tags			Inspections
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			inspection_id	path		string			true	"Inspection"	format(uuid)
//	@Param			If-Match		header		string			false	"The version of the inspection this change rests on"
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		findingRequest	true	"The finding"
//	@Success		200				{object}	findingResponse	"What would be added (dry run)"
//	@Success		201				{object}	findingResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/inspections/{inspection_id}/findings [post]
func (s *Service) addFinding(c *gin.Context) error {
	id, match, err := pathMatch(c)
	if err != nil {
		return err
	}
	var body findingRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Found, error) {
		return s.AddFinding(ctx, auth.Current(c), id, match, FindingInput(body))
	}, func(f Found) httpapi.Answer {
		return httpapi.Created("/api/v1/inspections/"+id.String()+"/findings", f.Version, wireFinding(f.Finding, f.Version))
	})
}

// editFindingRequest is what to change of a finding; what is absent stays, null clears.
type editFindingRequest struct {
	Code           httpapi.Optional[string]     `json:"code"            swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	OrganizationID httpapi.Optional[org.ID]     `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MemberID       httpapi.Optional[member.ID]  `json:"member_id"       swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MeetingID      httpapi.Optional[meeting.ID] `json:"meeting_id"      swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ContentItem    httpapi.Optional[string]     `json:"content_item"    swaggertype:"string" extensions:"x-nullable"`
	Severity       httpapi.Optional[Severity]   `json:"severity"        swaggertype:"string" enums:"strength,shortcoming,violation"`
	Text           httpapi.Optional[string]     `json:"text"            swaggertype:"string" maxLength:"20000"`
} //@name InspectionFindingChange

// editFinding changes a finding.
//
//	@Summary		Change a finding
//	@Description	The version is that of the inspection. Remedies that were demanded stay as they are.
//	@ID				editInspectionFinding
//	@Tags			Inspections
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			inspection_id	path		string				true	"Inspection"	format(uuid)
//	@Param			finding_id		path		string				true	"Finding"		format(uuid)
//	@Param			If-Match		header		string				true	"The version of the inspection this change rests on"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		editFindingRequest	true	"What changes"
//	@Success		200				{object}	findingResponse
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
//	@Router			/api/v1/inspections/{inspection_id}/findings/{finding_id} [patch]
func (s *Service) editFinding(c *gin.Context) error {
	of, err := pathID(c)
	if err != nil {
		return err
	}
	id, err := httpapi.PathUUID(c, "finding_id")
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body editFindingRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Found, error) {
		return s.EditFinding(ctx, auth.Current(c), of, id, match, FindingChange(body))
	}, func(f Found) httpapi.Answer { return httpapi.OK(f.Version, wireFinding(f.Finding, f.Version)) })
}
