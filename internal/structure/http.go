package structure

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Routes returns the routes of the slice.
func (s *Service) Routes() []httpapi.Route {
	const one = "/organizations/{organization_id}"
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/organizations", Permission: auth.OrganizationWrite, Handler: s.found},
		{Method: http.MethodPatch, Path: one, Permission: auth.OrganizationWrite, Handler: s.edit},
		{Method: http.MethodPost, Path: one + "/placements", Permission: auth.OrganizationWrite, Handler: s.move},
		{Method: http.MethodPost, Path: one + "/dissolution", Permission: auth.OrganizationWrite, Handler: s.dissolve},
		{Method: http.MethodPost, Path: one + "/bodies", Permission: auth.OrganizationWrite, Handler: s.install},
		{Method: http.MethodPatch, Path: one + "/bodies/{term_id}", Permission: auth.OrganizationWrite, Handler: s.endTerm},
		{Method: http.MethodPost, Path: one + "/excused-months", Permission: auth.ExcusedMonthWrite, Handler: s.excuse},
		{Method: http.MethodDelete, Path: one + "/excused-months/{excused_month_id}", Permission: auth.ExcusedMonthWrite, Handler: s.unexcuse},
	}
}

type foundOrganizationRequest struct {
	ID        *org.ID        `json:"id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Code      *string        `json:"code" maxLength:"64" extensions:"x-nullable" example:"38.168.053.000.001"`
	Kind      org.Kind       `json:"kind" swaggertype:"string" enums:"central,provincial,superior,base_party,sectional_party,base_cell,cell" validate:"required" example:"cell"`
	CellType  *org.CellType  `json:"cell_type" swaggertype:"string" enums:"neighbourhood,agency,state_enterprise,private_enterprise,students,armed_forces" extensions:"x-nullable" example:"agency"`
	Name      string         `json:"name" maxLength:"300" validate:"required" example:"Chi bộ Văn phòng"`
	ShortName *string        `json:"short_name" maxLength:"300" extensions:"x-nullable" example:"CB Văn phòng"`
	FoundedOn *calendar.Date `json:"founded_on" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2010-05-19"`
	ParentID  *org.ID        `json:"parent_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
} //@name FoundOrganization

// found founds an organisation.
//
//	@Summary		Found an organization
//	@Description	Below a parent from its founding day on, or without a parent as a root. With `id` the caller chooses the id, with `code` a key of its own.
//	@ID				foundOrganization
//	@Tags			Organizations
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string						false	"Repeated requests with one key have one effect"
//	@Param			dry_run			query		boolean						false	"Answer what would happen and write nothing"
//	@Param			body			body		foundOrganizationRequest	true	"The organization"
//	@Success		200				{object}	org.Wire					"Dry run"
//	@Success		201				{object}	org.Wire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		503				{object}	httpapi.Problem
//	@Router			/api/v1/organizations [post]
func (s *Service) found(c *gin.Context) error {
	var r foundOrganizationRequest
	if err := httpapi.Bind(c, &r); err != nil {
		return err
	}
	in := FoundInput{
		Organization: org.Organization{Code: r.Code, Kind: r.Kind, CellType: r.CellType, Name: r.Name, ShortName: r.ShortName, FoundedOn: r.FoundedOn},
		ParentID:     r.ParentID,
	}
	if r.ID != nil {
		in.Organization.ID = *r.ID
	}
	return httpapi.Write(c, func(ctx context.Context) (org.Detail, error) {
		return s.Found(ctx, auth.Current(c), in)
	}, func(d org.Detail) httpapi.Answer {
		return httpapi.Created("/api/v1/organizations/"+d.ID.String(), d.Version, org.WireOf(d))
	})
}

type editOrganizationRequest struct {
	Code      httpapi.Optional[string]        `json:"code" swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	CellType  httpapi.Optional[org.CellType]  `json:"cell_type" swaggertype:"string" enums:"neighbourhood,agency,state_enterprise,private_enterprise,students,armed_forces" extensions:"x-nullable"`
	Name      httpapi.Optional[string]        `json:"name" swaggertype:"string" maxLength:"300" example:"Chi bộ Văn phòng"`
	ShortName httpapi.Optional[string]        `json:"short_name" swaggertype:"string" maxLength:"300" extensions:"x-nullable"`
	FoundedOn httpapi.Optional[calendar.Date] `json:"founded_on" swaggertype:"string" format:"date" extensions:"x-nullable"`
} //@name EditOrganization

func (r editOrganizationRequest) change() Change {
	return Change{FoundedOn: r.FoundedOn.Set, Apply: func(o *org.Organization) {
		r.Code.Apply(&o.Code)
		r.CellType.Apply(&o.CellType)
		r.ShortName.Apply(&o.ShortName)
		r.FoundedOn.Apply(&o.FoundedOn)
		if r.Name.Set {
			o.Name = r.Name.Value
		}
	}}
}

// edit edits an organisation.
//
//	@Summary		Edit an organization
//	@Description	Changes the fields that are given; null empties one. A founding day that contradicts counted meetings is refused with their list.
//	@ID				editOrganization
//	@Tags			Organizations
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string					true	"The organization"	format(uuid)
//	@Param			If-Match		header		string					true	"The version that was read"
//	@Param			dry_run			query		boolean					false	"Answer what would happen and write nothing"
//	@Param			body			body		editOrganizationRequest	true	"The fields to change"
//	@Success		200				{object}	org.Wire
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
//	@Failure		503				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id} [patch]
func (s *Service) edit(c *gin.Context) error {
	var r editOrganizationRequest
	return perform(c, &r, func(ctx context.Context, id org.ID, match int64) (org.Detail, error) {
		return s.Edit(ctx, auth.Current(c), id, match, r.change())
	})
}

// perform serves an act on an organisation: it reads id, version and body, and answers with the organisation.
func perform(c *gin.Context, body any, do func(ctx context.Context, id org.ID, match int64) (org.Detail, error)) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	if body != nil {
		if err := httpapi.Bind(c, body); err != nil {
			return err
		}
	}
	return httpapi.Write(c, func(ctx context.Context) (org.Detail, error) { return do(ctx, id, match) }, func(d org.Detail) httpapi.Answer {
		return httpapi.OK(d.Version, org.WireOf(d))
	})
}

func target(c *gin.Context) (org.ID, int64, error) {
	id, err := org.PathID(c)
	if err != nil {
		return org.ID{}, 0, err
	}
	match, err := httpapi.IfMatch(c)
	return id, match, err
}

type moveOrganizationRequest struct {
	ParentID org.ID         `json:"parent_id" swaggertype:"string" format:"uuid" validate:"required"`
	From     calendar.Date  `json:"from" swaggertype:"string" format:"date" validate:"required" example:"2025-07-01"`
	To       *calendar.Date `json:"to" swaggertype:"string" format:"date" extensions:"x-nullable"`
} //@name MoveOrganization

// move moves an organisation.
//
//	@Summary		Move an organization below another
//	@Description	From a day on; the placement that runs on the day before ends there. A back-dated move takes the counted meetings since that day, and what is due, to the new superiors.
//	@ID				moveOrganization
//	@Tags			Organizations
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string					true	"The organization"	format(uuid)
//	@Param			If-Match		header		string					true	"The version that was read"
//	@Param			Idempotency-Key	header		string					false	"Repeated requests with one key have one effect"
//	@Param			dry_run			query		boolean					false	"Answer what would happen and write nothing"
//	@Param			body			body		moveOrganizationRequest	true	"Where to, and from when"
//	@Success		200				{object}	org.Wire
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
//	@Failure		503				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/placements [post]
func (s *Service) move(c *gin.Context) error {
	var r moveOrganizationRequest
	return perform(c, &r, func(ctx context.Context, id org.ID, match int64) (org.Detail, error) {
		in := MoveInput(r)
		var f fault.Fields
		f.Check(in.ParentID != (org.ID{}), "/parent_id", "field_required")
		checkSpan(&f, in.span())
		if err := f.Err(fault.Invalid, "organization_invalid"); err != nil {
			return org.Detail{}, err
		}
		return s.Move(ctx, auth.Current(c), id, match, in)
	})
}

type dissolveOrganizationRequest struct {
	On          calendar.Date `json:"on" swaggertype:"string" format:"date" validate:"required" example:"2025-06-30"`
	MergeIntoID *org.ID       `json:"merge_into_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
} //@name DissolveOrganization

// dissolve dissolves an organisation.
//
//	@Summary		Dissolve an organization, or merge it into another
//	@Description	`on` is its last day; its terms, offices and placement end with it. With `merge_into_id` its members and the organizations below it go over on the next day; without, there must be none left. Counted meetings after that day are named and refuse it.
//	@ID				dissolveOrganization
//	@Tags			Organizations
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string						true	"The organization"	format(uuid)
//	@Param			If-Match		header		string						true	"The version that was read"
//	@Param			Idempotency-Key	header		string						false	"Repeated requests with one key have one effect"
//	@Param			dry_run			query		boolean						false	"Answer what would happen and write nothing"
//	@Param			body			body		dissolveOrganizationRequest	true	"The last day"
//	@Success		200				{object}	org.Wire
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
//	@Failure		503				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/dissolution [post]
func (s *Service) dissolve(c *gin.Context) error {
	var r dissolveOrganizationRequest
	return perform(c, &r, func(ctx context.Context, id org.ID, match int64) (org.Detail, error) {
		if r.On.IsZero() {
			return org.Detail{}, invalid("/on", "field_required")
		}
		return s.Dissolve(ctx, auth.Current(c), id, match, DissolveInput{On: r.On, Into: r.MergeIntoID})
	})
}
