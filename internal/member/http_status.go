package member

import (
	"context"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

// statusResponse is a status of a member with its days.
type statusResponse struct {
	ID             uuid.UUID      `json:"id"              swaggertype:"string" format:"uuid"`
	MemberID       ID             `json:"member_id"       swaggertype:"string" format:"uuid"`
	Status         StatusKind     `json:"status"          swaggertype:"string" enums:"exempt,temporarily_away,temporarily_here,suspended,detained,special_duty"`
	OrganizationID *org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the receiving one, of temporarily_here
	From           calendar.Date  `json:"from"            swaggertype:"string" format:"date" example:"2017-01-01"`
	To             *calendar.Date `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day
	Basis          *string        `json:"basis"           example:"QĐ 12-QĐ/ĐU" extensions:"x-nullable"`
	MemberVersion  int64          `json:"member_version"  example:"2"`
} //@name MemberStatus

// statusList is the statuses of a member.
type statusList struct {
	Data []statusResponse `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name MemberStatusList

func wireStatus(s Status, version int64) statusResponse {
	return statusResponse{
		ID: s.ID, MemberID: s.MemberID, Status: s.Status, OrganizationID: s.OrganizationID, From: s.ValidFrom, To: s.ValidTo,
		Basis: s.Basis, MemberVersion: version,
	}
}

// addStatusRequest is a status with its days.
type addStatusRequest struct {
	Status         StatusKind     `json:"status"          swaggertype:"string" enums:"exempt,temporarily_away,temporarily_here,suspended,detained,special_duty" validate:"required"`
	OrganizationID *org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the receiving one, of temporarily_here
	From           calendar.Date  `json:"from"            swaggertype:"string" format:"date" example:"2017-01-01" validate:"required"`
	To             *calendar.Date `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"`
	Basis          *string        `json:"basis"           maxLength:"500" extensions:"x-nullable"`
} //@name MemberStatusInput

// listStatuses shows all of them in the order of time.
//
//	@Summary	List the statuses of a member
//	@ID			listMemberStatuses
//	@Tags		Members
//	@Security	Bearer
//	@Produce	json
//	@Param		member_id		path		string	true	"Member"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version of the member already known"
//	@Success	200				{object}	statusList
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/members/{member_id}/statuses [get]
func (s *Service) listStatuses(c *gin.Context) error {
	return showParts(c, s.Statuses, func(found Parts[Status]) statusList {
		list := statusList{Data: make([]statusResponse, len(found.Rows))}
		for i, row := range found.Rows {
			list.Data[i] = wireStatus(row, found.Version)
		}
		return list
	})
}

// addStatus adds one.
//
//	@Summary		Note a status of a member
//	@Description	`temporarily_here` names the receiving organization; any other status names none.
//	@ID				addMemberStatus
//	@Tags			Members
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			member_id		path		string				true	"Member"	format(uuid)
//	@Param			If-Match		header		string				false	"The version of the member this change rests on"
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		addStatusRequest	true	"The row"
//	@Success		200				{object}	statusResponse		"What would be added (dry run)"
//	@Success		201				{object}	statusResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/members/{member_id}/statuses [post]
func (s *Service) addStatus(c *gin.Context) error {
	return createPart(c, func(ctx context.Context, id ID, match int64, r addStatusRequest) (Changed[Status], error) {
		return s.AddStatus(ctx, auth.Current(c), id, match, StatusInput(r))
	}, wireStatus, "/statuses")
}

// endStatus sets or clears the last day of one.
//
//	@Summary	End a status of a member
//	@ID			endMemberStatus
//	@Tags		Members
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		member_id	path		string		true	"Member"	format(uuid)
//	@Param		status_id	path		string		true	"Status"	format(uuid)
//	@Param		If-Match	header		string		true	"The version of the member this change rests on"
//	@Param		dry_run		query		bool		false	"Say what would happen and write nothing"
//	@Param		body		body		endRequest	true	"The last day, null for none"
//	@Success	200			{object}	statusResponse
//	@Failure	400			{object}	httpapi.Problem
//	@Failure	401			{object}	httpapi.Problem
//	@Failure	403			{object}	httpapi.Problem
//	@Failure	404			{object}	httpapi.Problem
//	@Failure	412			{object}	httpapi.Problem
//	@Failure	413			{object}	httpapi.Problem
//	@Failure	415			{object}	httpapi.Problem
//	@Failure	422			{object}	httpapi.Problem
//	@Failure	428			{object}	httpapi.Problem
//	@Router		/api/v1/members/{member_id}/statuses/{status_id} [patch]
func (s *Service) endStatus(c *gin.Context) error {
	return finishPart(c, "status_id", s.EndStatus, wireStatus)
}
