package member

import (
	"context"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// endRequest sets or clears the last day of a dated row.
type endRequest struct {
	To httpapi.Optional[calendar.Date] `json:"to" swaggertype:"string" format:"date" example:"2018-04-30" extensions:"x-nullable"`
} //@name DatedRowEnd

// day returns the last day asked for, nil for none.
func (r endRequest) day() (*calendar.Date, error) {
	if !r.To.Set {
		return nil, invalid("/to", "field_required")
	}
	var to *calendar.Date
	r.To.Apply(&to)
	return to, nil
}

// showParts answers with all rows of one sort of a member.
func showParts[P part, L any](
	c *gin.Context, load func(context.Context, auth.Actor, ID) (Parts[P], error), list func(Parts[P]) L,
) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	found, err := load(c.Request.Context(), auth.Current(c), id)
	if err != nil || httpapi.NotModified(c, found.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(found.Version, list(found)))
}

// createPart reads the body, adds a row to a member and answers with it; path is that of the list.
func createPart[P part, R any, W any](
	c *gin.Context, add func(context.Context, ID, int64, R) (Changed[P], error), wire func(P, int64) W, path string,
) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	match, err := optionalMatch(c)
	if err != nil {
		return err
	}
	var body R
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Changed[P], error) {
		return add(ctx, id, match, body)
	}, func(changed Changed[P]) httpapi.Answer {
		return httpapi.Created("/api/v1/members/"+id.String()+path, changed.Version, wire(changed.Row, changed.Version))
	})
}

// finishPart reads the body, sets the end of a row and answers with it.
func finishPart[P part, W any](
	c *gin.Context, parameter string,
	end func(ctx context.Context, actor auth.Actor, id ID, partID uuid.UUID, match int64, to *calendar.Date) (Changed[P], error),
	wire func(P, int64) W,
) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	partID, err := httpapi.PathUUID(c, parameter)
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body endRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	to, err := body.day()
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Changed[P], error) {
		return end(ctx, auth.Current(c), id, partID, match, to)
	}, func(changed Changed[P]) httpapi.Answer {
		return httpapi.OK(changed.Version, wire(changed.Row, changed.Version))
	})
}

// membershipResponse is a home cell of a member with its days.
type membershipResponse struct {
	ID             uuid.UUID      `json:"id"              swaggertype:"string" format:"uuid"`
	MemberID       ID             `json:"member_id"       swaggertype:"string" format:"uuid"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	From           calendar.Date  `json:"from"            swaggertype:"string" format:"date" example:"2015-09-01"`
	To             *calendar.Date `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day
	MemberVersion  int64          `json:"member_version"  example:"2"`
} //@name Membership

// membershipList is the homes of a member.
type membershipList struct {
	Data []membershipResponse `json:"data"`
	Next *string              `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name MembershipList

func wireMembership(m Membership, version int64) membershipResponse {
	return membershipResponse{
		ID: m.ID, MemberID: m.MemberID, OrganizationID: m.OrganizationID, From: m.ValidFrom, To: m.ValidTo, MemberVersion: version,
	}
}

// transferRequest is a home cell with its days.
type transferRequest struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"`
	From           calendar.Date  `json:"from"            swaggertype:"string" format:"date" example:"2017-01-01" validate:"required"`
	To             *calendar.Date `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"`
	CloseCurrent   bool           `json:"close_current"` // end the home that runs on that day on the day before
} //@name MembershipInput

// listMemberships shows all of them in the order of time.
//
//	@Summary	List the home cells of a member
//	@ID			listMemberships
//	@Tags		Members
//	@Security	Bearer
//	@Produce	json
//	@Param		member_id		path		string	true	"Member"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version of the member already known"
//	@Success	200				{object}	membershipList
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/members/{member_id}/memberships [get]
func (s *Service) listMemberships(c *gin.Context) error {
	return showParts(c, s.Memberships, func(found Parts[Membership]) membershipList {
		list := membershipList{Data: make([]membershipResponse, len(found.Rows))}
		for i, row := range found.Rows {
			list.Data[i] = wireMembership(row, found.Version)
		}
		return list
	})
}

// transferMember adds one.
//
//	@Summary		Admit a member to a home cell, or transfer there
//	@Description	A member has one home cell on a day. With `close_current` the home that runs ends on the day before.
//	@ID				transferMember
//	@Tags			Members
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			member_id		path		string				true	"Member"	format(uuid)
//	@Param			If-Match		header		string				false	"The version of the member this change rests on"
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		transferRequest		true	"The row"
//	@Success		200				{object}	membershipResponse	"What would be added (dry run)"
//	@Success		201				{object}	membershipResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/members/{member_id}/memberships [post]
func (s *Service) transferMember(c *gin.Context) error {
	return createPart(c, func(ctx context.Context, id ID, match int64, r transferRequest) (Changed[Membership], error) {
		return s.Transfer(ctx, auth.Current(c), id, match, MembershipInput(r))
	}, wireMembership, "/memberships")
}

// endMembership sets or clears the last day of one.
//
//	@Summary	End a home of a member
//	@ID			endMembership
//	@Tags		Members
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		member_id		path		string		true	"Member"		format(uuid)
//	@Param		membership_id	path		string		true	"Membership"	format(uuid)
//	@Param		If-Match		header		string		true	"The version of the member this change rests on"
//	@Param		dry_run			query		bool		false	"Say what would happen and write nothing"
//	@Param		body			body		endRequest	true	"The last day, null for none"
//	@Success	200				{object}	membershipResponse
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Failure	412				{object}	httpapi.Problem
//	@Failure	413				{object}	httpapi.Problem
//	@Failure	415				{object}	httpapi.Problem
//	@Failure	422				{object}	httpapi.Problem
//	@Failure	428				{object}	httpapi.Problem
//	@Router		/api/v1/members/{member_id}/memberships/{membership_id} [patch]
func (s *Service) endMembership(c *gin.Context) error {
	return finishPart(c, "membership_id", s.EndMembership, wireMembership)
}
