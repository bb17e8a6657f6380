package erasure

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Routes returns the routes of erasures.
func (s *Service) Routes() []httpapi.Route {
	const one = "/erasures/{erasure_id}"
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/erasures", Permission: auth.ErasureRead, Handler: s.listErasures, Persons: true},
		{Method: http.MethodPost, Path: "/erasures", Permission: auth.ErasureRequest, Handler: s.requestErasure},
		{Method: http.MethodGet, Path: one, Permission: auth.ErasureRead, Handler: s.getErasure, Persons: true},
		{Method: http.MethodDelete, Path: one, Permission: auth.ErasureRequest, Handler: s.withdrawErasure},
		{Method: http.MethodPost, Path: one + "/confirmation", Permission: auth.ErasureConfirm, Handler: s.confirmErasure},
		{Method: http.MethodPost, Path: one + "/rejection", Permission: auth.ErasureConfirm, Handler: s.rejectErasure},
	}
}

// erasureRequest asks for an erasure.
type erasureRequest struct {
	Subject     subjectRequest  `json:"subject"     validate:"required"`
	LegalBasis  string          `json:"legal_basis" example:"Điều 14 Luật số 91/2025/QH15" maxLength:"500" validate:"required"`
	Explanation string          `json:"explanation" example:"Đảng viên đã mất, gia đình đề nghị xóa thông tin" minLength:"20" maxLength:"2000" validate:"required"`
	Basis       amendment.Basis `json:"basis"       validate:"required"`
} //@name ErasureInput

// subjectRequest is a member, or one version of the record of a meeting.
type subjectRequest struct {
	MemberID  *member.ID  `json:"member_id"  swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MeetingID *meeting.ID `json:"meeting_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Version   *int        `json:"version"    minimum:"1" example:"1" extensions:"x-nullable"`
} //@name ErasureSubjectInput

func (r erasureRequest) input() Input {
	return Input{
		MemberID: r.Subject.MemberID, MeetingID: r.Subject.MeetingID, Version: r.Subject.Version, LegalBasis: r.LegalBasis,
		Grounds: amendment.Grounds{Explanation: r.Explanation, BasisNumber: r.Basis.Number, BasisDate: r.Basis.Date},
	}
}

// erasureResponse is a decision to erase.
type erasureResponse struct {
	ID             ID              `json:"id"              swaggertype:"string" format:"uuid"`
	Status         Status          `json:"status"          swaggertype:"string" enums:"requested,confirmed,rejected,withdrawn"`
	Subject        subjectResponse `json:"subject"`
	OrganizationID *org.ID         `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // where the subject belonged when it was asked for
	LegalBasis     string          `json:"legal_basis"     example:"Điều 14 Luật số 91/2025/QH15"`
	Explanation    string          `json:"explanation"`
	Basis          amendment.Basis `json:"basis"`
	Pseudonym      *string         `json:"pseudonym"       example:"Đã xóa 1a2b3c" extensions:"x-nullable"` // what the member is called from the confirmation on
	RequestedBy    *auth.UserID    `json:"requested_by"    swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RequestedAt    time.Time       `json:"requested_at"    format:"date-time"`
	ConfirmedBy    *auth.UserID    `json:"confirmed_by"    swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ConfirmedAt    *time.Time      `json:"confirmed_at"    format:"date-time" extensions:"x-nullable"`
	EndedBy        *auth.UserID    `json:"ended_by"        swaggertype:"string" format:"uuid" extensions:"x-nullable"` // who withdrew or rejected it
	EndedAt        *time.Time      `json:"ended_at"        format:"date-time" extensions:"x-nullable"`
	DecisionReason *string         `json:"decision_reason" extensions:"x-nullable"` // of a rejection
	Version        int64           `json:"version"         example:"1"`
} //@name Erasure

// subjectResponse is a member, or one version of the record of a meeting.
type subjectResponse struct {
	MemberID  *member.ID  `json:"member_id"  swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MeetingID *meeting.ID `json:"meeting_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Version   *int        `json:"version"    extensions:"x-nullable"`
} //@name ErasureSubject

// erasureList is a page of erasures.
type erasureList struct {
	Data []erasureResponse `json:"data"`
	Next *string           `json:"next" extensions:"x-nullable"`
} //@name ErasureList

func wire(e Erasure) erasureResponse {
	return erasureResponse{
		ID: e.ID, Status: e.Status, Subject: subjectResponse{e.MemberID, e.MeetingID, e.VersionNumber}, OrganizationID: e.OrganizationID,
		LegalBasis: e.LegalBasis, Explanation: e.Explanation, Basis: e.Basis(), Pseudonym: e.Pseudonym,
		RequestedBy: e.RequestedBy, RequestedAt: e.RequestedAt.UTC(), ConfirmedBy: e.ConfirmedBy, ConfirmedAt: utc(e.ConfirmedAt),
		EndedBy: e.EndedBy, EndedAt: utc(e.EndedAt), DecisionReason: e.DecisionReason, Version: e.Version,
	}
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	in := t.UTC()
	return &in
}

// listErasures lists erasures.
//
//	@Summary		List erasures
//	@Description	Those that wait and those that were decided, about members and records in the caller's reach, the first one first.
//	@ID				listErasures
//	@Tags			Erasures
//	@Security		Bearer
//	@Produce		json
//	@Param			limit	query		int		false	"Rows on a page"	minimum(1)	maximum(200)	default(50)
//	@Param			after	query		string	false	"Where the last page ended"
//	@Success		200		{object}	erasureList
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		{object}	httpapi.Problem
//	@Router			/api/v1/erasures [get]
func (s *Service) listErasures(c *gin.Context) error {
	query := httpapi.NewQuery(c)
	page := query.Page(httpapi.KeyUUID)
	if err := query.Err(); err != nil {
		return err
	}
	rows, next, err := s.List(c.Request.Context(), auth.Current(c), page)
	if err != nil {
		return err
	}
	list := erasureList{Data: make([]erasureResponse, len(rows)), Next: next}
	for i, e := range rows {
		list.Data[i] = wire(e)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// getErasure shows an erasure.
//
//	@Summary		Show an erasure
//	@Description	With its legal basis, who asked for it and who decided.
//	@ID				getErasure
//	@Tags			Erasures
//	@Security		Bearer
//	@Produce		json
//	@Param			erasure_id	path		string	true	"Erasure"	format(uuid)
//	@Success		200			{object}	erasureResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/erasures/{erasure_id} [get]
func (s *Service) getErasure(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "erasure_id")
	if err != nil {
		return err
	}
	e, err := s.Get(c.Request.Context(), auth.Current(c), ID{id})
	if err != nil {
		return err
	}
	if httpapi.NotModified(c, e.Version) {
		return nil
	}
	return httpapi.Respond(c, httpapi.OK(e.Version, wire(e)))
}

// requestErasure asks for an erasure.
//
//	@Summary		Ask for an erasure
//	@Description	Asks to erase what is kept about a member, or the texts of one version of a record, with the legal basis and the document it rests on. It takes an administrator above the organization of the subject. Nothing is erased until somebody else confirms.
//	@ID				requestErasure
//	@Tags			Erasures
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		erasureRequest	true	"-"
//	@Success		200				{object}	erasureResponse	"What would be kept (dry run)"
//	@Success		201				{object}	erasureResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/erasures [post]
func (s *Service) requestErasure(c *gin.Context) error {
	var body erasureRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Erasure, error) {
		return s.Request(ctx, auth.Current(c), body.input())
	}, func(e Erasure) httpapi.Answer {
		return httpapi.Created("/api/v1/erasures/"+e.ID.String(), e.Version, wire(e))
	})
}

// confirmErasure confirms an erasure.
//
//	@Summary		Confirm an erasure
//	@Description	Carries it out; it takes an administrator or superior other than the one who asked. A member gets a pseudonym and loses code, day of birth and card number; the reasons of absence and the texts of the member's opinions go from rolls, minutes and all record versions, of which tombstones remain. Rolls keep the member's id, status and standing, so no figure changes. The free texts of others are not searched for the name.
//	@ID				confirmErasure
//	@Tags			Erasures
//	@Security		Bearer
//	@Produce		json
//	@Param			erasure_id		path		string	true	"Erasure"	format(uuid)
//	@Param			If-Match		header		string	true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string	false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool	false	"Say what would happen and write nothing"
//	@Success		200				{object}	erasureResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Router			/api/v1/erasures/{erasure_id}/confirmation [post]
func (s *Service) confirmErasure(c *gin.Context) error { return s.decision(c, s.Confirm) }

// erasureRejection says why.
type erasureRejection struct {
	Reason string `json:"reason" example:"Hồ sơ còn trong thời hạn lưu trữ theo quy định" maxLength:"2000" validate:"required"`
} //@name ErasureRejection

// rejectErasure rejects an erasure.
//
//	@Summary		Reject an erasure
//	@Description	Turns it down, with the reason; it takes somebody who might have confirmed it, other than the one who asked. Nothing is erased. The erasure stays in the list as rejected, and the same subject may be asked about anew.
//	@ID				rejectErasure
//	@Tags			Erasures
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			erasure_id		path		string				true	"Erasure"	format(uuid)
//	@Param			If-Match		header		string				true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		erasureRejection	true	"-"
//	@Success		200				{object}	erasureResponse
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
//	@Router			/api/v1/erasures/{erasure_id}/rejection [post]
func (s *Service) rejectErasure(c *gin.Context) error {
	var body erasureRejection
	return s.decision(c, func(ctx context.Context, actor auth.Actor, id ID, match int64) (Erasure, error) {
		return s.Reject(ctx, actor, id, match, body.Reason)
	}, &body)
}

// withdrawErasure withdraws an erasure.
//
//	@Summary		Withdraw an erasure
//	@Description	Takes back an erasure that waits; only who asked for it may. It stays in the list as withdrawn, and the same subject may be asked about anew.
//	@ID				withdrawErasure
//	@Tags			Erasures
//	@Security		Bearer
//	@Produce		json
//	@Param			erasure_id	path		string	true	"Erasure"	format(uuid)
//	@Param			If-Match	header		string	true	"The version this change rests on"
//	@Param			dry_run		query		bool	false	"Say what would happen and write nothing"
//	@Success		200			{object}	erasureResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		409			{object}	httpapi.Problem
//	@Failure		412			{object}	httpapi.Problem
//	@Failure		428			{object}	httpapi.Problem
//	@Router			/api/v1/erasures/{erasure_id} [delete]
func (s *Service) withdrawErasure(c *gin.Context) error { return s.decision(c, s.Withdraw) }

// decision serves an act on one erasure; where the act has a body, it is read first.
func (s *Service) decision(
	c *gin.Context, act func(ctx context.Context, actor auth.Actor, id ID, match int64) (Erasure, error), body ...any,
) error {
	id, err := httpapi.PathUUID(c, "erasure_id")
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	for _, b := range body {
		if err := httpapi.Bind(c, b); err != nil {
			return err
		}
	}
	return httpapi.Write(c, func(ctx context.Context) (Erasure, error) {
		return act(ctx, auth.Current(c), ID{id}, match)
	}, func(e Erasure) httpapi.Answer { return httpapi.OK(e.Version, wire(e)) })
}
