package inspection

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Routes returns the routes of inspections, remedies, samples and plans.
func (s *Service) Routes() []httpapi.Route {
	return slices.Concat(s.roundRoutes(), s.findingRoutes(), s.remedyRoutes(), s.sampleRoutes(), s.planRoutes())
}

// roundRoutes returns the routes of rounds and their objects.
func (s *Service) roundRoutes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/inspections", Permission: auth.InspectionRead, Handler: s.listInspections, Persons: true},
		{Method: http.MethodPost, Path: "/inspections", Permission: auth.InspectionWrite, Handler: s.recordInspection},
		{Method: http.MethodGet, Path: "/inspections/{inspection_id}", Permission: auth.InspectionRead, Handler: s.getInspection, Persons: true},
		{Method: http.MethodGet, Path: "/inspections/{inspection_id}/objects", Permission: auth.InspectionRead, Handler: s.listObjects, Persons: true},
		{Method: http.MethodPost, Path: "/inspections/{inspection_id}/objects", Permission: auth.InspectionWrite, Handler: s.addObject},
	}
}

// inspectionHead is a round without its objects.
type inspectionHead struct {
	ID             ID             `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code"            example:"KT01" extensions:"x-nullable"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"` // the inspecting organization
	Body           org.Body       `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Kind           Kind           `json:"kind"            swaggertype:"string" enums:"compliance_inspection,violation_sign_inspection,thematic_supervision,regular_supervision"`
	From           calendar.Date  `json:"from"            swaggertype:"string" format:"date" example:"2017-04-10"`
	To             *calendar.Date `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"`
	Title          *string        `json:"title"           example:"Giám sát việc thực hiện quy chế làm việc" extensions:"x-nullable"`
	PlanItemID     *uuid.UUID     `json:"plan_item_id"    swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the planned round that it carries out
	Version        int64          `json:"version"         example:"1"`
	CreatedAt      time.Time      `json:"created_at"      format:"date-time"`
	UpdatedAt      time.Time      `json:"updated_at"      format:"date-time"`
} //@name Inspection

func wireHead(i Inspection) inspectionHead {
	return inspectionHead{
		ID: i.ID, Code: i.Code, OrganizationID: i.OrganizationID, Body: i.Body, Kind: i.Kind, From: i.FromOn, To: i.ToOn, Title: i.Title,
		PlanItemID: i.PlanItemID,
		Version:    i.Version, CreatedAt: i.CreatedAt.UTC(), UpdatedAt: i.UpdatedAt.UTC(),
	}
}

// inspectionResponse is a round with its objects.
type inspectionResponse struct {
	ID             ID               `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string          `json:"code"            example:"KT01" extensions:"x-nullable"`
	OrganizationID org.ID           `json:"organization_id" swaggertype:"string" format:"uuid"` // the inspecting organization
	Body           org.Body         `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Kind           Kind             `json:"kind"            swaggertype:"string" enums:"compliance_inspection,violation_sign_inspection,thematic_supervision,regular_supervision"`
	From           calendar.Date    `json:"from"            swaggertype:"string" format:"date" example:"2017-04-10"`
	To             *calendar.Date   `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"`
	Title          *string          `json:"title"           example:"Giám sát việc thực hiện quy chế làm việc" extensions:"x-nullable"`
	PlanItemID     *uuid.UUID       `json:"plan_item_id"    swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the planned round that it carries out
	Objects        []objectResponse `json:"objects"`
	Version        int64            `json:"version"         example:"1"`
	CreatedAt      time.Time        `json:"created_at"      format:"date-time"`
	UpdatedAt      time.Time        `json:"updated_at"      format:"date-time"`
} //@name InspectionWithObjects

func wire(v View) inspectionResponse {
	objects := make([]objectResponse, len(v.Objects))
	for n, o := range v.Objects {
		objects[n] = wireObject(o, v.Version)
	}
	return inspectionResponse{
		ID: v.Inspection.ID, Code: v.Code, OrganizationID: v.OrganizationID, Body: v.Body, Kind: v.Kind, From: v.FromOn, To: v.ToOn,
		Title: v.Title, PlanItemID: v.PlanItemID, Objects: objects, Version: v.Version, CreatedAt: v.CreatedAt.UTC(), UpdatedAt: v.UpdatedAt.UTC(),
	}
}

// objectResponse is an organisation or a member that a round inspects.
type objectResponse struct {
	ID                uuid.UUID  `json:"id"                 swaggertype:"string" format:"uuid"`
	InspectionID      ID         `json:"inspection_id"      swaggertype:"string" format:"uuid"`
	ObjectType        ObjectType `json:"object_type"        swaggertype:"string" enums:"organization,member"`
	OrganizationID    *org.ID    `json:"organization_id"    swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MemberID          *member.ID `json:"member_id"          swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	InspectionVersion int64      `json:"inspection_version" example:"1"`
} //@name InspectionObject

func wireObject(o Object, version int64) objectResponse {
	return objectResponse{
		ID: o.ID, InspectionID: o.InspectionID, ObjectType: o.ObjectType, OrganizationID: o.OrganizationID, MemberID: o.MemberID,
		InspectionVersion: version,
	}
}

// recordInspectionRequest is a round to record.
type recordInspectionRequest struct {
	ID             ID              `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string         `json:"code"            example:"KT01" maxLength:"64" extensions:"x-nullable"`
	OrganizationID org.ID          `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"` // the inspecting organization
	Body           org.Body        `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" validate:"required"`
	Kind           Kind            `json:"kind"            swaggertype:"string" enums:"compliance_inspection,violation_sign_inspection,thematic_supervision,regular_supervision" validate:"required"`
	From           calendar.Date   `json:"from"            swaggertype:"string" format:"date" example:"2017-04-10" validate:"required"`
	To             *calendar.Date  `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"`
	Title          *string         `json:"title"           maxLength:"500" extensions:"x-nullable"`
	PlanItemID     *uuid.UUID      `json:"plan_item_id"    swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the planned round that it carries out
	Objects        []objectRequest `json:"objects"         maxItems:"200"`
} //@name InspectionInput

// objectRequest is an object to add to a round: the one of the two ids that belongs to the type.
type objectRequest struct {
	ObjectType     ObjectType `json:"object_type"     swaggertype:"string" enums:"organization,member" validate:"required"`
	OrganizationID *org.ID    `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MemberID       *member.ID `json:"member_id"       swaggertype:"string" format:"uuid" extensions:"x-nullable"`
} //@name InspectionObjectInput

func (r recordInspectionRequest) input() Input {
	in := Input{
		ID: r.ID, Code: r.Code, OrganizationID: r.OrganizationID, Body: r.Body, Kind: r.Kind, From: r.From, To: r.To, Title: r.Title,
		PlanItemID: r.PlanItemID,
		Objects:    make([]ObjectInput, len(r.Objects)),
	}
	for n, o := range r.Objects {
		in.Objects[n] = ObjectInput(o)
	}
	return in
}

// recordInspection records a round.
//
//	@Summary		Record an inspection
//	@Description	Records a round of inspection or supervision, with its objects. It counts in the figures of its first day's month at once.
//	@ID				recordInspection
//	@Tags			Inspections
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string					false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool					false	"Say what would happen and write nothing"
//	@Param			body			body		recordInspectionRequest	true	"The round"
//	@Success		200				{object}	inspectionResponse		"What would be recorded (dry run)"
//	@Success		201				{object}	inspectionResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/inspections [post]
func (s *Service) recordInspection(c *gin.Context) error {
	var body recordInspectionRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (View, error) {
		return s.Record(ctx, auth.Current(c), body.input())
	}, func(v View) httpapi.Answer {
		return httpapi.Created("/api/v1/inspections/"+v.Inspection.ID.String(), v.Version, wire(v))
	})
}

// getInspection shows one round with its objects.
//
//	@Summary	Show an inspection
//	@ID			getInspection
//	@Tags		Inspections
//	@Security	Bearer
//	@Produce	json
//	@Param		inspection_id	path		string	true	"Inspection"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version already known"
//	@Success	200				{object}	inspectionResponse
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/inspections/{inspection_id} [get]
func (s *Service) getInspection(c *gin.Context) error {
	v, err := s.load(c)
	if err != nil || httpapi.NotModified(c, v.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(v.Version, wire(v)))
}

// load reads the round that the path names.
func (s *Service) load(c *gin.Context) (View, error) {
	id, err := pathID(c)
	if err != nil {
		return View{}, err
	}
	return s.Get(c.Request.Context(), auth.Current(c), id)
}

// objectList is the objects of a round.
type objectList struct {
	Data []objectResponse `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name InspectionObjectList

// listObjects shows the objects of a round.
//
//	@Summary	List the objects of an inspection
//	@ID			listInspectionObjects
//	@Tags		Inspections
//	@Security	Bearer
//	@Produce	json
//	@Param		inspection_id	path		string	true	"Inspection"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version of the inspection already known"
//	@Success	200				{object}	objectList
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/inspections/{inspection_id}/objects [get]
func (s *Service) listObjects(c *gin.Context) error {
	v, err := s.load(c)
	if err != nil || httpapi.NotModified(c, v.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(v.Version, objectList{Data: wire(v).Objects}))
}

// addObject adds an object to a round.
//
//	@Summary	Add an object to an inspection
//	@ID			addInspectionObject
//	@Tags		Inspections
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		inspection_id	path		string			true	"Inspection"	format(uuid)
//	@Param		If-Match		header		string			false	"The version of the inspection this change rests on"
//	@Param		Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param		dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param		body			body		objectRequest	true	"The object"
//	@Success	200				{object}	objectResponse	"What would be added (dry run)"
//	@Success	201				{object}	objectResponse
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Failure	409				{object}	httpapi.Problem
//	@Failure	412				{object}	httpapi.Problem
//	@Failure	413				{object}	httpapi.Problem
//	@Failure	415				{object}	httpapi.Problem
//	@Failure	422				{object}	httpapi.Problem
//	@Router		/api/v1/inspections/{inspection_id}/objects [post]
func (s *Service) addObject(c *gin.Context) error {
	id, match, err := pathMatch(c)
	if err != nil {
		return err
	}
	var body objectRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Added, error) {
		return s.AddObject(ctx, auth.Current(c), id, match, ObjectInput(body))
	}, func(a Added) httpapi.Answer {
		return httpapi.Created("/api/v1/inspections/"+id.String()+"/objects", a.Version, wireObject(a.Object, a.Version))
	})
}

// pathID reads the inspection's id from the path.
func pathID(c *gin.Context) (ID, error) {
	id, err := httpapi.PathUUID(c, "inspection_id")
	return ID{id}, err
}

// pathMatch reads the inspection's id and the version that a change rests on, if one is named.
func pathMatch(c *gin.Context) (ID, int64, error) {
	id, err := pathID(c)
	if err != nil {
		return id, 0, err
	}
	match, err := httpapi.IfMatch(c)
	if errors.Is(err, httpapi.ErrIfMatchMissing) {
		match, err = AnyVersion, nil
	}
	return id, match, err
}
