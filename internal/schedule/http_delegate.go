package schedule

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

// delegateWire is a member who follows an organisation for one above it.
type delegateWire struct {
	ID             uuid.UUID      `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code"            extensions:"x-nullable"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"` // the organization that is followed
	SuperiorID     org.ID         `json:"superior_id"     swaggertype:"string" format:"uuid"` // the one that sends the delegate
	MemberID       member.ID      `json:"member_id"       swaggertype:"string" format:"uuid"`
	FullName       string         `json:"full_name"       example:"Nguyễn Văn An"`
	From           calendar.Date  `json:"from"            swaggertype:"string" format:"date" example:"2018-01-01"`
	To             *calendar.Date `json:"to"              swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day
	Basis          *string        `json:"basis"           example:"Quyết định phân công số 15-QĐ/ĐU" extensions:"x-nullable"`
	Version        int64          `json:"version"         example:"1"`
	CreatedAt      time.Time      `json:"created_at"      format:"date-time"`
	UpdatedAt      time.Time      `json:"updated_at"      format:"date-time"`
} //@name Delegate

func wireDelegate(d DelegateView) delegateWire {
	return delegateWire{
		ID: d.ID, Code: d.Code, OrganizationID: d.OrganizationID, SuperiorID: d.SuperiorID, MemberID: d.MemberID, FullName: d.FullName,
		From: d.ValidFrom, To: d.ValidTo, Basis: d.Basis, Version: d.Version, CreatedAt: d.CreatedAt.UTC(), UpdatedAt: d.UpdatedAt.UTC(),
	}
}

// visitWire is whether a delegate attended a session.
type visitWire struct {
	MeetingID   meeting.ID    `json:"meeting_id"  swaggertype:"string" format:"uuid"`
	HeldOn      calendar.Date `json:"held_on"     swaggertype:"string" format:"date" example:"2018-04-03"`
	Attended    bool          `json:"attended"    example:"true"`
	Observation *string       `json:"observation" example:"Nội dung chuẩn bị kỹ, thảo luận sôi nổi" extensions:"x-nullable"`
	RecordedBy  *auth.UserID  `json:"recorded_by" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RecordedAt  time.Time     `json:"recorded_at" format:"date-time"`
	UpdatedAt   *time.Time    `json:"updated_at"  format:"date-time" extensions:"x-nullable"`
} //@name DelegateSession

// delegateWithSessions is a delegate with the attendance that is recorded.
type delegateWithSessions struct {
	delegateWire
	Sessions []visitWire `json:"sessions"`
} //@name DelegateWithSessions

func wireVisits(v Visits) delegateWithSessions {
	wire := delegateWithSessions{delegateWire: wireDelegate(v.DelegateView), Sessions: []visitWire{}}
	for _, a := range v.Sessions {
		wire.Sessions = append(wire.Sessions, visitWire{
			MeetingID: a.MeetingID, HeldOn: a.HeldOn, Attended: a.Attended, Observation: a.Observation, RecordedBy: a.RecordedBy,
			RecordedAt: a.CreatedAt.UTC(), UpdatedAt: utc(a.UpdatedAt),
		})
	}
	return wire
}

// delegateRequest is a delegate to assign.
type delegateRequest struct {
	ID         *uuid.UUID     `json:"id"          swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Code       *string        `json:"code"        maxLength:"64" extensions:"x-nullable"`
	MemberID   member.ID      `json:"member_id"   swaggertype:"string" format:"uuid" validate:"required"`
	SuperiorID *org.ID        `json:"superior_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the organization directly above when left out
	From       calendar.Date  `json:"from"        swaggertype:"string" format:"date" example:"2018-01-01" validate:"required"`
	To         *calendar.Date `json:"to"          swaggertype:"string" format:"date" extensions:"x-nullable"`
	Basis      *string        `json:"basis"       maxLength:"500" extensions:"x-nullable"`
} //@name DelegateInput

func (r delegateRequest) assignment() Assignment {
	in := Assignment{Code: r.Code, MemberID: r.MemberID, SuperiorID: r.SuperiorID, From: r.From, To: r.To, Basis: r.Basis}
	if r.ID != nil {
		in.ID = *r.ID
	}
	return in
}

// assignDelegate assigns a delegate.
//
//	@Summary		Assign a delegate
//	@Description	Lets a member follow the organization for one above it, from a day on. A delegate is no member of the cell that is followed, and counts in none of its figures.
//	@ID				assignDelegate
//	@Tags			Delegates
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string			true	"The organization that is followed"	format(uuid)
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		delegateRequest	true	"The delegate"
//	@Success		200				{object}	delegateWire	"What would be assigned (dry run)"
//	@Success		201				{object}	delegateWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/delegates [post]
func (s *Service) assignDelegate(c *gin.Context) error {
	organization, err := org.PathID(c)
	if err != nil {
		return err
	}
	var body delegateRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (DelegateView, error) {
		return s.Assign(ctx, auth.Current(c), organization, body.assignment())
	}, func(d DelegateView) httpapi.Answer {
		return httpapi.Created("/api/v1/organizations/"+organization.String()+"/delegates/"+d.ID.String(), d.Version, wireDelegate(d))
	})
}

// getDelegate shows a delegate.
//
//	@Summary		Show a delegate
//	@Description	Shows a delegate with the sessions for which attendance is recorded, and the observations.
//	@ID				getDelegate
//	@Tags			Delegates
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"The organization that is followed"	format(uuid)
//	@Param			delegate_id		path		string	true	"Delegate"							format(uuid)
//	@Success		200				{object}	delegateWithSessions
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/delegates/{delegate_id} [get]
func (s *Service) getDelegate(c *gin.Context) error {
	organization, id, err := part(c, "delegate_id")
	if err != nil {
		return err
	}
	v, err := s.Delegate(c.Request.Context(), auth.Current(c), organization, id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(v.Version, wireVisits(v)))
}

// delegateEnd is the last day of an assignment.
type delegateEnd struct {
	To httpapi.Optional[calendar.Date] `json:"to" swaggertype:"string" format:"date" validate:"required" extensions:"x-nullable"` // null: until further notice
} //@name DelegateEnd

// endDelegate ends an assignment.
//
//	@Summary		End the assignment of a delegate
//	@Description	Sets the last day of an assignment, or takes it away. Sessions for which attendance is recorded stay within it.
//	@ID				endDelegate
//	@Tags			Delegates
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string		true	"The organization that is followed"	format(uuid)
//	@Param			delegate_id		path		string		true	"Delegate"							format(uuid)
//	@Param			If-Match		header		string		true	"The version this change rests on"
//	@Param			dry_run			query		bool		false	"Say what would happen and write nothing"
//	@Param			body			body		delegateEnd	true	"The last day"
//	@Success		200				{object}	delegateWire
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
//	@Router			/api/v1/organizations/{organization_id}/delegates/{delegate_id} [patch]
func (s *Service) endDelegate(c *gin.Context) error {
	organization, id, match, err := change(c, "delegate_id")
	if err != nil {
		return err
	}
	var body delegateEnd
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (DelegateView, error) {
		return s.EndAssignment(ctx, auth.Current(c), organization, id, match, body.To)
	}, changedDelegate)
}

func changedDelegate(d DelegateView) httpapi.Answer { return httpapi.OK(d.Version, wireDelegate(d)) }

// visitRequest is whether a delegate attended a session.
type visitRequest struct {
	Attended    *bool   `json:"attended"    validate:"required"`
	Observation *string `json:"observation" example:"Nội dung chuẩn bị kỹ" maxLength:"2000" extensions:"x-nullable"` // about the session, not about persons
} //@name DelegateSessionInput

// recordDelegateAttendance records whether a delegate attended a session.
//
//	@Summary		Record a delegate's attendance
//	@Description	Records whether the delegate attended a session that has begun, with a short observation, in place of what was recorded before. It changes nothing in the roll of the meeting.
//	@ID				recordDelegateAttendance
//	@Tags			Delegates
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string			true	"The organization that is followed"	format(uuid)
//	@Param			delegate_id		path		string			true	"Delegate"							format(uuid)
//	@Param			meeting_id		path		string			true	"Meeting"							format(uuid)
//	@Param			If-Match		header		string			true	"The version of the delegate"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		visitRequest	true	"The attendance"
//	@Success		200				{object}	delegateWire
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
//	@Router			/api/v1/organizations/{organization_id}/delegates/{delegate_id}/sessions/{meeting_id} [put]
func (s *Service) recordDelegateAttendance(c *gin.Context) error {
	organization, id, match, err := change(c, "delegate_id")
	if err != nil {
		return err
	}
	of, err := meetingID(c)
	if err != nil {
		return err
	}
	var body visitRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (DelegateView, error) {
		return s.RecordVisit(ctx, auth.Current(c), organization, id, of, match, Visiting(body))
	}, changedDelegate)
}

// delegateList is a page of delegates.
type delegateList struct {
	Data []delegateWire `json:"data"`
	Next *string        `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name DelegateList

// listDelegates lists delegates.
//
//	@Summary	List delegates
//	@ID			listDelegates
//	@Tags		Delegates
//	@Security	Bearer
//	@Produce	json
//	@Param		organization_id	path		string	true	"The organization that is followed"							format(uuid)
//	@Param		scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param		on				query		string	false	"Those of this day"											format(date)
//	@Param		limit			query		int		false	"-"															minimum(1)	maximum(200)
//	@Param		after			query		string	false	"-"
//	@Success	200				{object}	delegateList
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/organizations/{organization_id}/delegates [get]
func (s *Service) listDelegates(c *gin.Context) error {
	organization, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	filter := DelegateFilter{
		Organization: organization, Scope: scopeOf(q), On: q.Date("on"), Page: q.Page(httpapi.KeyDate, httpapi.KeyUUID),
	}
	if err := q.Err(); err != nil {
		return err
	}
	delegates, next, err := s.Delegates(c.Request.Context(), auth.Current(c), filter)
	if err != nil {
		return err
	}
	list := delegateList{Data: []delegateWire{}, Next: next}
	for _, d := range delegates {
		list.Data = append(list.Data, wireDelegate(d))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}
