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
	"sochibo/internal/topic"
)

// registrationWire is what an organisation registered for a month.
type registrationWire struct {
	ID             uuid.UUID          `json:"id"              swaggertype:"string" format:"uuid"`
	Code           *string            `json:"code"            example:"DK-2018-06" extensions:"x-nullable"`
	OrganizationID org.ID             `json:"organization_id" swaggertype:"string" format:"uuid"`
	Month          calendar.Month     `json:"month"           swaggertype:"string" example:"2018-06"`
	Status         RegistrationStatus `json:"status"          swaggertype:"string" enums:"registered,agreed,returned"`
	RegisteredBy   *auth.UserID       `json:"registered_by"   swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RegisteredAt   time.Time          `json:"registered_at"   format:"date-time"`
	DueOn          *calendar.Date     `json:"due_on"          swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day in time; null where the rule set names none
	InTime         *bool              `json:"in_time"         extensions:"x-nullable"`
	DecidedBy      *auth.UserID       `json:"decided_by"      swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DecidedAt      *time.Time         `json:"decided_at"      format:"date-time" extensions:"x-nullable"`
	Reason         *string            `json:"reason"          extensions:"x-nullable"` // why it was returned
	Sessions       []plannedWire      `json:"sessions"`
	Version        int64              `json:"version"         example:"1"`
	CreatedAt      time.Time          `json:"created_at"      format:"date-time"`
	UpdatedAt      time.Time          `json:"updated_at"      format:"date-time"`
} //@name Registration

// plannedWire is a session as it was registered, beside what has become of it.
type plannedWire struct {
	MeetingID    meeting.ID     `json:"meeting_id"     swaggertype:"string" format:"uuid"`
	StartedAt    time.Time      `json:"started_at"     format:"date-time" example:"2018-06-05T07:00:00Z"` // as registered
	EndedAt      *time.Time     `json:"ended_at"       format:"date-time" extensions:"x-nullable"`        // the planned end, as registered
	Place        *string        `json:"place"          example:"Phòng họp tầng 2" extensions:"x-nullable"`
	Changed      bool           `json:"changed"        example:"false"` // start or place is another one now
	NowStartedAt time.Time      `json:"now_started_at" format:"date-time"`
	NowEndedAt   *time.Time     `json:"now_ended_at"   format:"date-time" extensions:"x-nullable"`
	NowPlace     *string        `json:"now_place"      extensions:"x-nullable"`
	NowStatus    meeting.Status `json:"now_status"     swaggertype:"string" enums:"scheduled,held,submitted,accepted,cancelled"`
} //@name RegisteredSession

func wireRegistration(v RegistrationView) registrationWire {
	wire := registrationWire{
		ID: v.ID, Code: v.Code, OrganizationID: v.OrganizationID, Month: v.Month, Status: v.Status, RegisteredBy: v.RegisteredBy,
		RegisteredAt: v.RegisteredAt.UTC(), DueOn: v.DueOn, InTime: v.InTime, DecidedBy: v.DecidedBy, DecidedAt: utc(v.DecidedAt),
		Reason: v.Reason, Sessions: []plannedWire{}, Version: v.Version, CreatedAt: v.CreatedAt.UTC(), UpdatedAt: v.UpdatedAt.UTC(),
	}
	for _, p := range v.Sessions {
		wire.Sessions = append(wire.Sessions, plannedWire{
			MeetingID: p.MeetingID, StartedAt: p.StartedAt.UTC(), EndedAt: utc(p.EndedAt), Place: p.Place, Changed: p.changed(),
			NowStartedAt: p.NowStartedAt.UTC(), NowEndedAt: utc(p.NowEndedAt), NowPlace: p.NowPlace, NowStatus: p.NowStatus,
		})
	}
	return wire
}

// registrationRequest is a month to register.
type registrationRequest struct {
	ID       *uuid.UUID       `json:"id"       swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Code     *string          `json:"code"     example:"DK-2018-06" maxLength:"64" extensions:"x-nullable"`
	Month    calendar.Month   `json:"month"    swaggertype:"string" example:"2018-06" validate:"required"`
	Sessions []plannedRequest `json:"sessions" maxItems:"31" validate:"required"`
} //@name RegistrationInput

// plannedRequest is a session to register: the id of a meeting that is scheduled already and nothing else, or what is to be scheduled.
type plannedRequest struct {
	MeetingID *meeting.ID    `json:"meeting_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Body      org.Body       `json:"body"       swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Forms     []meeting.Form `json:"forms"      swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"regular"`
	StartedAt *time.Time     `json:"started_at" format:"date-time" example:"2018-06-05T14:00:00+07:00" extensions:"x-nullable"`
	EndedAt   *time.Time     `json:"ended_at"   format:"date-time" example:"2018-06-05T15:30:00+07:00" extensions:"x-nullable"` // the planned end
	Mode      *meeting.Mode  `json:"mode"       swaggertype:"string" enums:"in_person,online,hybrid" extensions:"x-nullable"`
	Place     *string        `json:"place"      maxLength:"300" extensions:"x-nullable"`
	Title     *string        `json:"title"      maxLength:"500" extensions:"x-nullable"`
	TopicID   *topic.ID      `json:"topic_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ChairID   *member.ID     `json:"chair_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"`
} //@name PlannedSessionInput

func (r registrationRequest) registering() Registering {
	in := Registering{Code: r.Code, Month: r.Month, Sessions: make([]PlannedSession, len(r.Sessions))}
	if r.ID != nil {
		in.ID = *r.ID
	}
	for i, p := range r.Sessions {
		in.Sessions[i] = PlannedSession{
			MeetingID: p.MeetingID, Body: p.Body, Forms: p.Forms, EndedAt: p.EndedAt, Mode: p.Mode, Place: p.Place, Title: p.Title,
			TopicID: p.TopicID, ChairID: p.ChairID,
		}
		if p.StartedAt != nil {
			in.Sessions[i].StartedAt = *p.StartedAt
		}
	}
	return in
}

// registerMonth registers a month.
//
//	@Summary		Register a month
//	@Description	Registers the sessions of a month with the superior, in one call: those that are scheduled already by their ids, and others that are scheduled by it. Dates and places are kept as they are registered; what is postponed or changed afterwards shows beside them. A month is registered again only after its registration was returned.
//	@ID				registerMonth
//	@Tags			Schedule
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string				true	"Organization"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		registrationRequest	true	"The month"
//	@Success		200				{object}	registrationWire	"What would be registered (dry run)"
//	@Success		201				{object}	registrationWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/registrations [post]
func (s *Service) registerMonth(c *gin.Context) error {
	organization, err := org.PathID(c)
	if err != nil {
		return err
	}
	var body registrationRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (RegistrationView, error) {
		return s.Register(ctx, auth.Current(c), organization, body.registering())
	}, func(v RegistrationView) httpapi.Answer {
		return httpapi.Created("/api/v1/organizations/"+organization.String()+"/registrations/"+v.ID.String(), v.Version, wireRegistration(v))
	})
}

// getRegistration shows a registration.
//
//	@Summary	Show a registration
//	@ID			getRegistration
//	@Tags		Schedule
//	@Security	Bearer
//	@Produce	json
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Param		registration_id	path		string	true	"Registration"	format(uuid)
//	@Success	200				{object}	registrationWire
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/organizations/{organization_id}/registrations/{registration_id} [get]
func (s *Service) getRegistration(c *gin.Context) error {
	organization, id, err := part(c, "registration_id")
	if err != nil {
		return err
	}
	v, err := s.Registration(c.Request.Context(), auth.Current(c), organization, id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(v.Version, wireRegistration(v)))
}

// agreeToRegistration agrees to a registration.
//
//	@Summary	Agree to a registration
//	@ID			agreeToRegistration
//	@Tags		Schedule
//	@Security	Bearer
//	@Produce	json
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Param		registration_id	path		string	true	"Registration"	format(uuid)
//	@Param		If-Match		header		string	true	"The version this change rests on"
//	@Param		Idempotency-Key	header		string	false	"Makes a repeated request answer like the first"
//	@Param		dry_run			query		bool	false	"Say what would happen and write nothing"
//	@Success	200				{object}	registrationWire
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Failure	409				{object}	httpapi.Problem
//	@Failure	412				{object}	httpapi.Problem
//	@Failure	422				{object}	httpapi.Problem
//	@Failure	428				{object}	httpapi.Problem
//	@Router		/api/v1/organizations/{organization_id}/registrations/{registration_id}/agreement [post]
func (s *Service) agreeToRegistration(c *gin.Context) error {
	organization, id, match, err := change(c, "registration_id")
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (RegistrationView, error) {
		return s.Decide(ctx, auth.Current(c), organization, id, match, Agreed, "")
	}, decided)
}

func decided(v RegistrationView) httpapi.Answer { return httpapi.OK(v.Version, wireRegistration(v)) }

// registrationReturn is why a registration is returned.
type registrationReturn struct {
	Reason string `json:"reason" example:"Trùng lịch họp Đảng ủy, đề nghị đăng ký ngày khác" maxLength:"2000" validate:"required"`
} //@name RegistrationReturn

// returnRegistration returns a registration.
//
//	@Summary		Return a registration
//	@Description	Gives a registration back with the reason. The organization registers the month again.
//	@ID				returnRegistration
//	@Tags			Schedule
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string				true	"Organization"	format(uuid)
//	@Param			registration_id	path		string				true	"Registration"	format(uuid)
//	@Param			If-Match		header		string				true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		registrationReturn	true	"The reason"
//	@Success		200				{object}	registrationWire
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
//	@Router			/api/v1/organizations/{organization_id}/registrations/{registration_id}/return [post]
func (s *Service) returnRegistration(c *gin.Context) error {
	organization, id, match, err := change(c, "registration_id")
	if err != nil {
		return err
	}
	var body registrationReturn
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (RegistrationView, error) {
		return s.Decide(ctx, auth.Current(c), organization, id, match, Returned, body.Reason)
	}, decided)
}

// registrationList is a page of registrations.
type registrationList struct {
	Data []registrationWire `json:"data"`
	Next *string            `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name RegistrationList

// listRegistrations lists registrations.
//
//	@Summary		List registrations
//	@Description	Lists what the organization, and those below it, registered for the months; returned ones are among them, and of a month the last one counts.
//	@ID				listRegistrations
//	@Tags			Schedule
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"Organization"												format(uuid)
//	@Param			from			query		string	false	"First month"												format(month)
//	@Param			to				query		string	false	"Last month"												format(month)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			status			query		string	false	"In this status"											Enums(registered, agreed, returned)
//	@Param			limit			query		int		false	"-"															minimum(1)	maximum(200)
//	@Param			after			query		string	false	"-"
//	@Success		200				{object}	registrationList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/registrations [get]
func (s *Service) listRegistrations(c *gin.Context) error {
	organization, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	filter := RegistrationFilter{
		Organization: organization, Scope: scopeOf(q), From: q.Month("from"), To: q.Month("to"), Page: q.Page(httpapi.KeyMonth, httpapi.KeyUUID),
		Status: RegistrationStatus(q.String("status", words(RegistrationStatuses())...)),
	}
	if err := q.Err(); err != nil {
		return err
	}
	views, next, err := s.Registrations(c.Request.Context(), auth.Current(c), filter)
	if err != nil {
		return err
	}
	list := registrationList{Data: []registrationWire{}, Next: next}
	for _, v := range views {
		list.Data = append(list.Data, wireRegistration(v))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}
