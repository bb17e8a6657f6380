package member

import (
	"context"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

// officeResponse is an office of a member with its days.
type officeResponse struct {
	ID             uuid.UUID      `json:"id"              swaggertype:"string" format:"uuid"`
	MemberID       ID             `json:"member_id"       swaggertype:"string" format:"uuid"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Body           org.Body       `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Office         OfficeKind     `json:"office"          swaggertype:"string" enums:"secretary,deputy_secretary,committee_member,commission_head,commission_deputy_head,commission_member"`
	From           calendar.Date  `json:"from"            swaggertype:"string" format:"date" example:"2015-09-01"`
	To             *calendar.Date `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day
	MemberVersion  int64          `json:"member_version"  example:"2"`
} //@name MemberOffice

// officeList is the offices of a member.
type officeList struct {
	Data []officeResponse `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name MemberOfficeList

func wireOffice(o Office, version int64) officeResponse {
	return officeResponse{
		ID: o.ID, MemberID: o.MemberID, OrganizationID: o.OrganizationID, Body: o.Body, Office: o.Office, From: o.ValidFrom, To: o.ValidTo,
		MemberVersion: version,
	}
}

// addOfficeRequest is an office with its days.
type addOfficeRequest struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"`
	Body           org.Body       `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" validate:"required"`
	Office         OfficeKind     `json:"office"          swaggertype:"string" enums:"secretary,deputy_secretary,committee_member,commission_head,commission_deputy_head,commission_member" validate:"required"`
	From           calendar.Date  `json:"from"            swaggertype:"string" format:"date" example:"2015-09-01" validate:"required"`
	To             *calendar.Date `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"`
} //@name MemberOfficeInput

// listOffices shows all of them in the order of time.
//
//	@Summary	List the offices of a member
//	@ID			listMemberOffices
//	@Tags		Members
//	@Security	Bearer
//	@Produce	json
//	@Param		member_id		path		string	true	"Member"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version of the member already known"
//	@Success	200				{object}	officeList
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/members/{member_id}/offices [get]
func (s *Service) listOffices(c *gin.Context) error {
	return showParts(c, s.Offices, func(found Parts[Office]) officeList {
		list := officeList{Data: make([]officeResponse, len(found.Rows))}
		for i, row := range found.Rows {
			list.Data[i] = wireOffice(row, found.Version)
		}
		return list
	})
}

// addOffice adds one.
//
//	@Summary		Note an office of a member
//	@Description	The offices of a body make its roster, except for cells and conferences.
//	@ID				addMemberOffice
//	@Tags			Members
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			member_id		path		string				true	"Member"	format(uuid)
//	@Param			If-Match		header		string				false	"The version of the member this change rests on"
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		addOfficeRequest	true	"The row"
//	@Success		200				{object}	officeResponse		"What would be added (dry run)"
//	@Success		201				{object}	officeResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/members/{member_id}/offices [post]
func (s *Service) addOffice(c *gin.Context) error {
	return createPart(c, func(ctx context.Context, id ID, match int64, r addOfficeRequest) (Changed[Office], error) {
		return s.AddOffice(ctx, auth.Current(c), id, match, OfficeInput(r))
	}, wireOffice, "/offices")
}

// endOffice sets or clears the last day of one.
//
//	@Summary	End an office of a member
//	@ID			endMemberOffice
//	@Tags		Members
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		member_id	path		string		true	"Member"	format(uuid)
//	@Param		office_id	path		string		true	"Office"	format(uuid)
//	@Param		If-Match	header		string		true	"The version of the member this change rests on"
//	@Param		dry_run		query		bool		false	"Say what would happen and write nothing"
//	@Param		body		body		endRequest	true	"The last day, null for none"
//	@Success	200			{object}	officeResponse
//	@Failure	400			{object}	httpapi.Problem
//	@Failure	401			{object}	httpapi.Problem
//	@Failure	403			{object}	httpapi.Problem
//	@Failure	404			{object}	httpapi.Problem
//	@Failure	412			{object}	httpapi.Problem
//	@Failure	413			{object}	httpapi.Problem
//	@Failure	415			{object}	httpapi.Problem
//	@Failure	422			{object}	httpapi.Problem
//	@Failure	428			{object}	httpapi.Problem
//	@Router		/api/v1/members/{member_id}/offices/{office_id} [patch]
func (s *Service) endOffice(c *gin.Context) error {
	return finishPart(c, "office_id", s.EndOffice, wireOffice)
}
