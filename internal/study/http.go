package study

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// Routes returns the routes of the slice.
func (s *Service) Routes() []httpapi.Route {
	const organization, plan, joint = "/organizations/{organization_id}", "/organizations/{organization_id}/topic-plans/{topic_plan_id}", "/joint-sessions"
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/topics/{topic_id}/sessions", Permission: auth.RegistryRead, Handler: s.listSessionsOfTopic},
		{Method: http.MethodGet, Path: organization + "/topic-coverage", Permission: auth.SummaryRead, Handler: s.getTopicCoverage},
		{Method: http.MethodGet, Path: organization + "/topic-suggestions", Permission: auth.SummaryRead, Handler: s.listTopicSuggestions},
		{Method: http.MethodGet, Path: organization + "/topic-plans", Permission: auth.RegistryRead, Handler: s.listTopicPlans},
		{Method: http.MethodPost, Path: organization + "/topic-plans", Permission: auth.RegistryWrite, Handler: s.addTopicPlan},
		{Method: http.MethodPatch, Path: plan, Permission: auth.RegistryWrite, Handler: s.changeTopicPlan},
		{Method: http.MethodDelete, Path: plan, Permission: auth.RegistryWrite, Handler: s.removeTopicPlan},
		{Method: http.MethodGet, Path: "/directives/{directive_id}/studies", Permission: auth.SummaryRead, Handler: s.listStudies},
		{Method: http.MethodGet, Path: "/briefings/{briefing_id}/uses", Permission: auth.RegistryRead, Handler: s.listBriefingUses},
		{Method: http.MethodPost, Path: "/briefings/{briefing_id}/uses", Permission: auth.MeetingWrite, Handler: s.addBriefingUse},
		{Method: http.MethodDelete, Path: "/briefings/{briefing_id}/uses/{meeting_id}", Permission: auth.MeetingWrite, Handler: s.removeBriefingUse},
		{Method: http.MethodGet, Path: joint, Permission: auth.RegistryRead, Handler: s.listJointSessions},
		{Method: http.MethodPost, Path: joint, Permission: auth.RegistryWrite, Handler: s.arrangeJointSession},
		{Method: http.MethodGet, Path: joint + "/{joint_session_id}", Permission: auth.RegistryRead, Handler: s.getJointSession},
		{Method: http.MethodPost, Path: joint + "/{joint_session_id}/meetings", Permission: auth.MeetingWrite, Handler: s.joinJointSession},
		{Method: http.MethodDelete, Path: joint + "/{joint_session_id}/meetings/{meeting_id}", Permission: auth.MeetingWrite, Handler: s.leaveJointSession},
	}
}

// sessionWire is a session whose record is in the caller's reach.
type sessionWire struct {
	MeetingID      meeting.ID     `json:"meeting_id" swaggertype:"string" format:"uuid"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Body           org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Forms          []meeting.Form `json:"forms" swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"thematic"`
	PeriodMonth    calendar.Month `json:"period_month" swaggertype:"string" format:"month" example:"2018-04"`
	HeldOn         calendar.Date  `json:"held_on" swaggertype:"string" format:"date" example:"2018-04-05"`
	Status         meeting.Status `json:"status" swaggertype:"string" enums:"scheduled,held,submitted,accepted,cancelled"`
} //@name StudySession

// stubWire is a counted session out of the caller's reach, in figures that the caller may read.
type stubWire struct {
	MeetingID      meeting.ID     `json:"meeting_id" swaggertype:"string" format:"uuid"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Body           org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	PeriodMonth    calendar.Month `json:"period_month" swaggertype:"string" format:"month" example:"2018-04"`
} //@name StudySessionStub

// sessionList is a page of sessions, by month. Stubs are those of the page whose records are out of reach.
type sessionList struct {
	Data  []sessionWire `json:"data"`
	Stubs []stubWire    `json:"stubs"`
	Next  *string       `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name StudySessionList

func split(found []Session) (seen []sessionWire, stubs []stubWire) {
	seen, stubs = []sessionWire{}, []stubWire{}
	for _, x := range found {
		if x.Seen {
			seen = append(seen, sessionWire{x.MeetingID, x.OrganizationID, x.Body, x.Forms.List(), x.PeriodMonth, x.HeldOn, x.Status})
			continue
		}
		stubs = append(stubs, stubWire{x.MeetingID, x.OrganizationID, x.Body, x.PeriodMonth})
	}
	return seen, stubs
}

// studiedWire is a counted session; the day it was held is null where its record is out of reach.
type studiedWire struct {
	MeetingID   meeting.ID     `json:"meeting_id" swaggertype:"string" format:"uuid"`
	Body        org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	PeriodMonth calendar.Month `json:"period_month" swaggertype:"string" format:"month" example:"2018-04"`
	HeldOn      *calendar.Date `json:"held_on" swaggertype:"string" format:"date" extensions:"x-nullable"`
} //@name CountedSession

func wireStudied(found []Session) []studiedWire {
	wired := make([]studiedWire, len(found))
	for i, x := range found {
		wired[i] = studiedWire{x.MeetingID, x.Body, x.PeriodMonth, nil}
		if x.Seen {
			wired[i].HeldOn = &x.HeldOn
		}
	}
	return wired
}

// listSessionsOfTopic shows who held a topic.
//
//	@Summary		List the sessions on a topic
//	@Description	Sessions that were held on the topic, by month. Counted ones whose records are out of reach, in figures that the caller may read, are stubs.
//	@ID				listSessionsOfTopic
//	@Tags			Topics
//	@Security		Bearer
//	@Produce		json
//	@Param			topic_id		path	string	true	"Topic"	format(uuid)
//	@Param			organization_id	query	string	false	"Held by this organization or below it today"	format(uuid)
//	@Param			scope			query	string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			limit			query	int		false	"Rows of a page, 50 unless given"	minimum(1)	maximum(200)
//	@Param			after			query	string	false	"The cursor of the page before"
//	@Success		200				{object}	sessionList
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router			/api/v1/topics/{topic_id}/sessions [get]
func (s *Service) listSessionsOfTopic(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "topic_id")
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	in := Scope{Scope: q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn)}
	if of := q.UUID("organization_id"); q.Has("organization_id") {
		in.Organization = &org.ID{UUID: of}
	}
	page := q.Page(httpapi.KeyMonth, httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	found, next, err := s.OfTopic(c.Request.Context(), auth.Current(c), topic.ID{UUID: id}, in, page)
	if err != nil {
		return err
	}
	seen, stubs := split(found)
	return httpapi.JSON(c, http.StatusOK, sessionList{seen, stubs, next})
}

// listBriefingUses shows which sessions used a briefing.
//
//	@Summary		List the uses of a briefing
//	@Description	The sessions that used it, by month. Counted ones whose records are out of reach, in figures that the caller may read, are stubs.
//	@ID				listBriefingUses
//	@Tags			Briefings
//	@Security		Bearer
//	@Produce		json
//	@Param			briefing_id	path	string	true	"Briefing"	format(uuid)
//	@Param			limit		query	int		false	"Rows of a page, 50 unless given"	minimum(1)	maximum(200)
//	@Param			after		query	string	false	"The cursor of the page before"
//	@Success		200			{object}	sessionList
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router			/api/v1/briefings/{briefing_id}/uses [get]
func (s *Service) listBriefingUses(c *gin.Context) error {
	id, err := briefing.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	page := q.Page(httpapi.KeyMonth, httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	found, next, err := s.UsesOf(c.Request.Context(), auth.Current(c), id, page)
	if err != nil {
		return err
	}
	seen, stubs := split(found)
	return httpapi.JSON(c, http.StatusOK, sessionList{seen, stubs, next})
}

// meetingRequest names a meeting.
type meetingRequest struct {
	MeetingID meeting.ID `json:"meeting_id" swaggertype:"string" format:"uuid" validate:"required"`
} //@name MeetingReference

// useResponse says that a meeting used a briefing.
type useResponse struct {
	ID         uuid.UUID   `json:"id" swaggertype:"string" format:"uuid"`
	BriefingID briefing.ID `json:"briefing_id" swaggertype:"string" format:"uuid"`
	MeetingID  uuid.UUID   `json:"meeting_id" swaggertype:"string" format:"uuid"`
	CreatedAt  time.Time   `json:"created_at" format:"date-time"`
} //@name BriefingUse

// addBriefingUse notes that a meeting used a briefing.
//
//	@Summary		Note that a meeting used a briefing
//	@Description	The briefing must be one for the meeting's organization. The meeting's record stays as it is.
//	@ID				addBriefingUse
//	@Tags			Briefings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			briefing_id		path		string			true	"Briefing"	format(uuid)
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		meetingRequest	true	"The meeting"
//	@Success		200				{object}	useResponse		"What would be noted (dry run)"
//	@Success		201				{object}	useResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	409	{object}	httpapi.Problem
//	@Failure	413	{object}	httpapi.Problem
//	@Failure	415	{object}	httpapi.Problem
//	@Failure	422	{object}	httpapi.Problem
//	@Router			/api/v1/briefings/{briefing_id}/uses [post]
func (s *Service) addBriefingUse(c *gin.Context) error {
	id, err := briefing.PathID(c)
	if err != nil {
		return err
	}
	var body meetingRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (briefing.Use, error) {
		return s.Use(ctx, auth.Current(c), id, body.MeetingID)
	}, func(u briefing.Use) httpapi.Answer {
		return httpapi.Answer{Status: http.StatusCreated, Location: "/api/v1/briefings/" + id.String() + "/uses", Body: useResponse{u.ID, u.BriefingID, u.MeetingID, u.CreatedAt.UTC()}}
	})
}

// removeBriefingUse takes back that a meeting used a briefing.
//
//	@Summary	Take back that a meeting used a briefing
//	@ID			removeBriefingUse
//	@Tags		Briefings
//	@Security	Bearer
//	@Produce	json
//	@Param		briefing_id	path	string	true	"Briefing"	format(uuid)
//	@Param		meeting_id	path	string	true	"Meeting"	format(uuid)
//	@Param		dry_run		query	bool	false	"Say what would happen and write nothing"
//	@Success	204			"Removed"
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router		/api/v1/briefings/{briefing_id}/uses/{meeting_id} [delete]
func (s *Service) removeBriefingUse(c *gin.Context) error {
	id, err := briefing.PathID(c)
	if err != nil {
		return err
	}
	of, err := httpapi.PathUUID(c, "meeting_id")
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Unuse(ctx, auth.Current(c), id, meeting.ID{UUID: of})
	}, func(struct{}) httpapi.Answer { return httpapi.Deleted() })
}
