package member

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Routes returns the routes of members.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/members", Permission: auth.MemberRead, Handler: s.listMembers, Persons: true},
		{Method: http.MethodPost, Path: "/members", Permission: auth.MemberWrite, Handler: s.admitMember},
		{Method: http.MethodGet, Path: "/members/{member_id}", Permission: auth.MemberRead, Handler: s.getMember, Persons: true},
		{Method: http.MethodPatch, Path: "/members/{member_id}", Permission: auth.MemberWrite, Handler: s.editMember},
		{Method: http.MethodGet, Path: "/members/{member_id}/memberships", Permission: auth.MemberRead, Handler: s.listMemberships, Persons: true},
		{Method: http.MethodPost, Path: "/members/{member_id}/memberships", Permission: auth.MemberWrite, Handler: s.transferMember},
		{Method: http.MethodPatch, Path: "/members/{member_id}/memberships/{membership_id}", Permission: auth.MemberWrite, Handler: s.endMembership},
		{Method: http.MethodGet, Path: "/members/{member_id}/statuses", Permission: auth.MemberRead, Handler: s.listStatuses, Persons: true},
		{Method: http.MethodPost, Path: "/members/{member_id}/statuses", Permission: auth.MemberWrite, Handler: s.addStatus},
		{Method: http.MethodPatch, Path: "/members/{member_id}/statuses/{status_id}", Permission: auth.MemberWrite, Handler: s.endStatus},
		{Method: http.MethodGet, Path: "/members/{member_id}/offices", Permission: auth.MemberRead, Handler: s.listOffices, Persons: true},
		{Method: http.MethodPost, Path: "/members/{member_id}/offices", Permission: auth.MemberWrite, Handler: s.addOffice},
		{Method: http.MethodPatch, Path: "/members/{member_id}/offices/{office_id}", Permission: auth.MemberWrite, Handler: s.endOffice},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/roster", Permission: auth.MemberRead, Handler: s.getRoster, Persons: true},
	}
}

// memberResponse is a member with the home cell of today.
type memberResponse struct {
	ID             ID             `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code"            example:"DV0001" extensions:"x-nullable"`
	FullName       string         `json:"full_name"       example:"Nguyễn Văn An"`
	Gender         *Gender        `json:"gender"          enums:"male,female" swaggertype:"string" extensions:"x-nullable"`
	BornOn         *calendar.Date `json:"born_on"         swaggertype:"string" format:"date" example:"1980-02-03" extensions:"x-nullable"`
	AdmittedOn     *calendar.Date `json:"admitted_on"     swaggertype:"string" format:"date" example:"2005-05-19" extensions:"x-nullable"`
	OfficialOn     *calendar.Date `json:"official_on"     swaggertype:"string" format:"date" example:"2006-05-19" extensions:"x-nullable"`
	CardNumber     *string        `json:"card_number"     example:"38.012345" extensions:"x-nullable"`
	OrganizationID *org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // home cell of today
	Version        int64          `json:"version"         example:"1"`
	CreatedAt      time.Time      `json:"created_at"      format:"date-time"`
	UpdatedAt      time.Time      `json:"updated_at"      format:"date-time"`
} //@name Member

func wire(v View) memberResponse {
	return memberResponse{
		ID: v.ID, Code: v.Code, FullName: v.FullName, Gender: v.Gender, BornOn: v.BornOn, AdmittedOn: v.AdmittedOn, OfficialOn: v.OfficialOn,
		CardNumber: v.CardNumber, OrganizationID: v.Home, Version: v.Version, CreatedAt: v.CreatedAt.UTC(), UpdatedAt: v.UpdatedAt.UTC(),
	}
}

// admitMemberRequest is a member to add.
type admitMemberRequest struct {
	ID         *ID                     `json:"id"          swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Code       *string                 `json:"code"        example:"DV0001" maxLength:"64" extensions:"x-nullable"`
	FullName   string                  `json:"full_name"   example:"Nguyễn Văn An" maxLength:"500" validate:"required"`
	Gender     *Gender                 `json:"gender"      enums:"male,female" swaggertype:"string" extensions:"x-nullable"`
	BornOn     *calendar.Date          `json:"born_on"     swaggertype:"string" format:"date" example:"1980-02-03" extensions:"x-nullable"`
	AdmittedOn *calendar.Date          `json:"admitted_on" swaggertype:"string" format:"date" example:"2005-05-19" extensions:"x-nullable"`
	OfficialOn *calendar.Date          `json:"official_on" swaggertype:"string" format:"date" example:"2006-05-19" extensions:"x-nullable"`
	CardNumber *string                 `json:"card_number" example:"38.012345" maxLength:"64" extensions:"x-nullable"`
	Membership *admitMembershipRequest `json:"membership"  extensions:"x-nullable"` // the first home cell
} //@name MemberInput

// admitMembershipRequest is the first home cell of a member.
type admitMembershipRequest struct {
	OrganizationID org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"`
	From           calendar.Date `json:"from"            swaggertype:"string" format:"date" example:"2015-09-01" validate:"required"`
} //@name MemberFirstHome

func (r admitMemberRequest) input() AdmissionInput {
	in := AdmissionInput{
		Code: r.Code, FullName: r.FullName, Gender: r.Gender, BornOn: r.BornOn, AdmittedOn: r.AdmittedOn, OfficialOn: r.OfficialOn,
		CardNumber: r.CardNumber,
	}
	if r.ID != nil {
		in.ID = *r.ID
	}
	if r.Membership != nil {
		in.Home = &MembershipInput{OrganizationID: r.Membership.OrganizationID, From: r.Membership.From}
	}
	return in
}

// admitMember adds a member.
//
//	@Summary		Add a member
//	@Description	Adds a member, with the first home cell when `membership` is given. Without one, only somebody who writes members of the whole installation may add a member.
//	@ID				admitMember
//	@Tags			Members
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		admitMemberRequest	true	"The member"
//	@Success		200				{object}	memberResponse		"What would be added (dry run)"
//	@Success		201				{object}	memberResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/members [post]
func (s *Service) admitMember(c *gin.Context) error {
	var body admitMemberRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (View, error) {
		return s.Admit(ctx, auth.Current(c), body.input())
	}, func(v View) httpapi.Answer {
		return httpapi.Created("/api/v1/members/"+v.ID.String(), v.Version, wire(v))
	})
}

// getMember shows one member.
//
//	@Summary	Show a member
//	@ID			getMember
//	@Tags		Members
//	@Security	Bearer
//	@Produce	json
//	@Param		member_id		path		string	true	"Member"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version already known"
//	@Success	200				{object}	memberResponse
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/members/{member_id} [get]
func (s *Service) getMember(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	v, err := s.Get(c.Request.Context(), auth.Current(c), id)
	if err != nil || httpapi.NotModified(c, v.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(v.Version, wire(v)))
}

// editMemberRequest is what to change of a member; what is absent stays, null clears.
type editMemberRequest struct {
	Code       httpapi.Optional[string]        `json:"code"        swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	FullName   httpapi.Optional[string]        `json:"full_name"   swaggertype:"string" maxLength:"500"`
	Gender     httpapi.Optional[Gender]        `json:"gender"      swaggertype:"string" enums:"male,female" extensions:"x-nullable"`
	BornOn     httpapi.Optional[calendar.Date] `json:"born_on"     swaggertype:"string" format:"date" extensions:"x-nullable"`
	AdmittedOn httpapi.Optional[calendar.Date] `json:"admitted_on" swaggertype:"string" format:"date" extensions:"x-nullable"`
	OfficialOn httpapi.Optional[calendar.Date] `json:"official_on" swaggertype:"string" format:"date" extensions:"x-nullable"`
	CardNumber httpapi.Optional[string]        `json:"card_number" swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
} //@name MemberChange

// editMember changes a member's own data.
//
//	@Summary	Change a member
//	@ID			editMember
//	@Tags		Members
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		member_id	path		string				true	"Member"	format(uuid)
//	@Param		If-Match	header		string				true	"The version this change rests on"
//	@Param		dry_run		query		bool				false	"Say what would happen and write nothing"
//	@Param		body		body		editMemberRequest	true	"What changes"
//	@Success	200			{object}	memberResponse
//	@Failure	400			{object}	httpapi.Problem
//	@Failure	401			{object}	httpapi.Problem
//	@Failure	403			{object}	httpapi.Problem
//	@Failure	404			{object}	httpapi.Problem
//	@Failure	409			{object}	httpapi.Problem
//	@Failure	412			{object}	httpapi.Problem
//	@Failure	413			{object}	httpapi.Problem
//	@Failure	415			{object}	httpapi.Problem
//	@Failure	422			{object}	httpapi.Problem
//	@Failure	428			{object}	httpapi.Problem
//	@Router		/api/v1/members/{member_id} [patch]
func (s *Service) editMember(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body editMemberRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (View, error) {
		return s.Edit(ctx, auth.Current(c), id, match, Change(body))
	}, func(v View) httpapi.Answer { return httpapi.OK(v.Version, wire(v)) })
}

// pathID reads the member's id from the path.
func pathID(c *gin.Context) (ID, error) {
	id, err := httpapi.PathUUID(c, "member_id")
	return ID{id}, err
}

// optionalMatch reads If-Match where it may be missing: AnyVersion then.
func optionalMatch(c *gin.Context) (int64, error) {
	match, err := httpapi.IfMatch(c)
	if errors.Is(err, httpapi.ErrIfMatchMissing) {
		return AnyVersion, nil
	}
	return match, err
}
