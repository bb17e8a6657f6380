package org

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// givenGrantWire is a grant as those see it who give and watch grants.
type givenGrantWire struct {
	ID           uuid.UUID         `json:"id" swaggertype:"string" format:"uuid"`
	UserID       auth.UserID       `json:"user_id" swaggertype:"string" format:"uuid"`
	Role         auth.Role         `json:"role" swaggertype:"string" enums:"member,minutes_taker,secretary,superior,administrator,auditor" example:"secretary"`
	Organization *organizationStub `json:"organization" extensions:"x-nullable"`
	Reach        Reach             `json:"reach" swaggertype:"string" enums:"self,subtree" example:"subtree"`
	From         calendar.Date     `json:"from" swaggertype:"string" format:"date" example:"2015-09-01"`
	To           *calendar.Date    `json:"to" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2018-04-30"`
	Basis        *string           `json:"basis" extensions:"x-nullable" example:"Quyết định 12-QĐ/ĐU ngày 01/9/2015"`
	InspectionID *uuid.UUID        `json:"inspection_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`                 // the round that the grant is tied to
	FromMonth    *calendar.Month   `json:"from_month" swaggertype:"string" format:"month" extensions:"x-nullable" example:"2018-01"` // with a round: the months whose records it opens
	ToMonth      *calendar.Month   `json:"to_month" swaggertype:"string" format:"month" extensions:"x-nullable" example:"2018-03"`
	GrantedBy    *auth.UserID      `json:"granted_by" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RevokedAt    *time.Time        `json:"revoked_at" format:"date-time" extensions:"x-nullable"`
	RevokedBy    *auth.UserID      `json:"revoked_by" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Version      int64             `json:"version" example:"1"`
	CreatedAt    time.Time         `json:"created_at" format:"date-time"`
} //	@name	GivenGrant

func givenGrantOf(v GrantView) givenGrantWire {
	wire := givenGrantWire{
		ID: v.ID, UserID: v.UserID, Role: v.Role, Reach: v.Reach, From: v.ValidFrom, To: v.ValidTo, Basis: v.Basis,
		InspectionID: v.InspectionID, FromMonth: v.FromMonth, ToMonth: v.ToMonth, GrantedBy: v.GrantedBy, RevokedAt: v.RevokedAt, RevokedBy: v.RevokedBy, Version: v.Version, CreatedAt: v.CreatedAt,
	}
	if o := v.Organization; o != nil {
		wire.Organization = &organizationStub{ID: o.ID, Code: o.Code, Name: o.Name}
	}
	return wire
}

type givenGrantList struct {
	Data []givenGrantWire `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"`
} //	@name	GivenGrantList

// listGrants godoc
//
//	@Summary		List grants
//	@Description	The grants on organizations within the caller's scope, the oldest first; those that ran out or were revoked are among them, unless a day is given.
//	@ID				listGrants
//	@Tags			Grants
//	@Security		Bearer
//	@Produce		json
//	@Param			user_id			query		string	false	"Only those of this user"										Format(uuid)
//	@Param			organization_id	query		string	false	"Only those on this organization and what is below it today"	Format(uuid)
//	@Param			scope			query		string	false	"With organization_id: the organization alone or its subtree"	Enums(subtree, own)	default(subtree)
//	@Param			on				query		string	false	"Only those that hold on this day"								Format(date)
//	@Param			limit			query		int		false	"How many at most"												minimum(1)	maximum(200)	default(50)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Success		200				{object}	givenGrantList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Router			/api/v1/grants [get]
func (s *Service) listGrants(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	filter := GrantFilter{
		Within: queryID(q, "organization_id"), Scope: q.StringOr("scope", ScopeSubtree, ScopeSubtree, ScopeOwn),
		On: q.Date("on"), Page: q.Page(httpapi.KeyUUID),
	}
	if user := (auth.UserID{UUID: q.UUID("user_id")}); user != (auth.UserID{}) {
		filter.UserID = &user
	}
	if err := q.Err(); err != nil {
		return err
	}
	list, next, err := s.ListGrants(c.Request.Context(), auth.Current(c), filter)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, givenGrantList{Data: mapped(list, givenGrantOf), Next: next})
}

// getGrant godoc
//
//	@Summary	Show a grant
//	@ID			getGrant
//	@Tags		Grants
//	@Security	Bearer
//	@Produce	json
//	@Param		grant_id	path		string	true	"-"	Format(uuid)
//	@Success	200			{object}	givenGrantWire
//	@Header		200			{string}	ETag	"The version, for If-Match"
//	@Failure	400			{object}	httpapi.Problem
//	@Failure	401			{object}	httpapi.Problem
//	@Failure	404			{object}	httpapi.Problem
//	@Router		/api/v1/grants/{grant_id} [get]
func (s *Service) getGrant(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "grant_id")
	if err != nil {
		return err
	}
	view, err := s.GetGrant(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(view.Version, givenGrantOf(view)))
}

type grantRequest struct {
	UserID         auth.UserID     `json:"user_id" swaggertype:"string" format:"uuid" validate:"required"`
	Role           auth.Role       `json:"role" swaggertype:"string" enums:"member,minutes_taker,secretary,superior,administrator,auditor" validate:"required" example:"secretary"`
	OrganizationID *ID             `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Reach          Reach           `json:"reach" swaggertype:"string" enums:"self,subtree" default:"subtree"`
	From           calendar.Date   `json:"from" swaggertype:"string" format:"date" example:"2015-09-01"`
	To             *calendar.Date  `json:"to" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2018-04-30"`
	Basis          *string         `json:"basis" maxLength:"500" extensions:"x-nullable" example:"Quyết định 12-QĐ/ĐU ngày 01/9/2015"`
	InspectionID   *uuid.UUID      `json:"inspection_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`                 // ties the grant to a round; the organization is then the inspecting one
	FromMonth      *calendar.Month `json:"from_month" swaggertype:"string" format:"month" extensions:"x-nullable" example:"2018-01"` // with a round: the months whose records it opens
	ToMonth        *calendar.Month `json:"to_month" swaggertype:"string" format:"month" extensions:"x-nullable" example:"2018-03"`
} //	@name	GrantInput

// addGrant godoc
//
//	@Summary		Give a role
//	@Description	Gives a user a role on an organization within the caller's own reach, from today on or later. Without an organization the role holds on the whole installation, which only those give who have that themselves. Nobody gives a role to themselves. An auditor can be tied to an inspection: the grant then opens the records of its objects for some months, nothing else, while the round lasts.
//	@ID				addGrant
//	@Tags			Grants
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		grantRequest	true	"The grant"
//	@Success		200				{object}	givenGrantWire	"What would be given (dry run)"
//	@Success		201				{object}	givenGrantWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/grants [post]
func (s *Service) addGrant(c *gin.Context) error {
	var body grantRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (GrantView, error) {
		return s.Grant(ctx, auth.Current(c), GrantInput(body))
	}, func(v GrantView) httpapi.Answer {
		return httpapi.Created("/api/v1/grants/"+v.ID.String(), v.Version, givenGrantOf(v))
	})
}

type grantEnd struct {
	To calendar.Date `json:"to" swaggertype:"string" format:"date" validate:"required" example:"2018-04-30"`
} //	@name	GrantEnd

// endGrant godoc
//
//	@Summary		End a grant
//	@Description	Brings the last day of a grant forward, to yesterday at the earliest. More days take a new grant.
//	@ID				endGrant
//	@Tags			Grants
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			grant_id	path		string		true	"-"	Format(uuid)
//	@Param			If-Match	header		string		true	"The version this change rests on"
//	@Param			dry_run		query		bool		false	"Say what would happen and write nothing"
//	@Param			body		body		grantEnd	true	"The last day"
//	@Success		200			{object}	givenGrantWire
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
//	@Router			/api/v1/grants/{grant_id} [patch]
func (s *Service) endGrant(c *gin.Context) error {
	id, match, err := grantPath(c)
	if err != nil {
		return err
	}
	var body grantEnd
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	var faults fault.Fields
	faults.Check(!body.To.IsZero(), "/to", "field_required")
	if err := faults.Err(fault.Invalid, "grant_invalid"); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (GrantView, error) {
		return s.EndGrant(ctx, auth.Current(c), id, match, body.To)
	}, func(v GrantView) httpapi.Answer { return httpapi.OK(v.Version, givenGrantOf(v)) })
}

// revokeGrant godoc
//
//	@Summary		Revoke a grant
//	@Description	Ends a grant at this instant, whatever its days; it stays in the list with its days and the instant. Tokens within it permit nothing from then on.
//	@ID				revokeGrant
//	@Tags			Grants
//	@Security		Bearer
//	@Produce		json
//	@Param			grant_id	path		string	true	"-"	Format(uuid)
//	@Param			If-Match	header		string	true	"The version this change rests on"
//	@Param			dry_run		query		bool	false	"Say what would happen and write nothing"
//	@Success		200			{object}	givenGrantWire
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		409			{object}	httpapi.Problem
//	@Failure		412			{object}	httpapi.Problem
//	@Failure		422			{object}	httpapi.Problem
//	@Failure		428			{object}	httpapi.Problem
//	@Router			/api/v1/grants/{grant_id} [delete]
func (s *Service) revokeGrant(c *gin.Context) error {
	id, match, err := grantPath(c)
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (GrantView, error) {
		return s.RevokeGrant(ctx, auth.Current(c), id, match)
	}, func(v GrantView) httpapi.Answer { return httpapi.OK(v.Version, givenGrantOf(v)) })
}

func grantPath(c *gin.Context) (id uuid.UUID, match int64, err error) {
	if id, err = httpapi.PathUUID(c, "grant_id"); err != nil {
		return id, 0, err
	}
	match, err = httpapi.IfMatch(c)
	return id, match, err
}
