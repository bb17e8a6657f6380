package study

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// jointHead is the key that links the sessions which several organisations hold together.
type jointHead struct {
	ID             JointID   `json:"id" swaggertype:"string" format:"uuid"`
	Code           *string   `json:"code" example:"SHC-2018-05" extensions:"x-nullable"`
	OrganizationID org.ID    `json:"organization_id" swaggertype:"string" format:"uuid"` // the organizer
	Title          string    `json:"title" example:"Sinh hoạt chuyên đề chung quý II"`
	TopicID        *topic.ID `json:"topic_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Version        int64     `json:"version" example:"1"`
	CreatedAt      time.Time `json:"created_at" format:"date-time"`
	UpdatedAt      time.Time `json:"updated_at" format:"date-time"`
} //@name JointSession

func wireJointHead(j Joint) jointHead {
	return jointHead{j.ID, j.Code, j.OrganizationID, j.Title, j.TopicID, j.Version, j.CreatedAt.UTC(), j.UpdatedAt.UTC()}
}

// jointResponse is a joint session with its sessions. Stubs are those whose records are out of reach.
type jointResponse struct {
	ID             JointID       `json:"id" swaggertype:"string" format:"uuid"`
	Code           *string       `json:"code" example:"SHC-2018-05" extensions:"x-nullable"`
	OrganizationID org.ID        `json:"organization_id" swaggertype:"string" format:"uuid"` // the organizer
	Title          string        `json:"title" example:"Sinh hoạt chuyên đề chung quý II"`
	TopicID        *topic.ID     `json:"topic_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Sessions       []sessionWire `json:"sessions"`
	Stubs          []stubWire    `json:"stubs"`
	Version        int64         `json:"version" example:"1"`
	CreatedAt      time.Time     `json:"created_at" format:"date-time"`
	UpdatedAt      time.Time     `json:"updated_at" format:"date-time"`
} //@name JointSessionWithSessions

func wireJoint(j Joint) jointResponse {
	seen, stubs := split(j.Sessions)
	return jointResponse{
		j.ID, j.Code, j.OrganizationID, j.Title, j.TopicID, seen, stubs, j.Version, j.CreatedAt.UTC(), j.UpdatedAt.UTC(),
	}
}

// jointList is a page of joint sessions.
type jointList struct {
	Data []jointHead `json:"data"`
	Next *string     `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name JointSessionList

// listJointSessions lists joint sessions.
//
//	@Summary		List joint sessions
//	@Description	Those whose organizers are in reach or above what is, the newest first.
//	@ID				listJointSessions
//	@Tags			Joint sessions
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	query	string	false	"Organized by this organization or below it today"	format(uuid)
//	@Param			scope			query	string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			code			query	string	false	"The joint session with this code"
//	@Param			limit			query	int		false	"Rows of a page, 50 unless given"	minimum(1)	maximum(200)
//	@Param			after			query	string	false	"The cursor of the page before"
//	@Success		200				{object}	jointList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Router			/api/v1/joint-sessions [get]
func (s *Service) listJointSessions(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	f := JointFilter{Scope: q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn), Code: q.Text("code")}
	if id := q.UUID("organization_id"); q.Has("organization_id") {
		f.Organization = &org.ID{UUID: id}
	}
	f.Page = q.Page(httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	found, next, err := s.ListJoint(c.Request.Context(), auth.Current(c), f)
	if err != nil {
		return err
	}
	list := jointList{Data: make([]jointHead, len(found)), Next: next}
	for i, j := range found {
		list.Data[i] = wireJointHead(j)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// jointRequest is a joint session to arrange.
type jointRequest struct {
	ID             JointID      `json:"id" swaggertype:"string" format:"uuid"`
	Code           *string      `json:"code" example:"SHC-2018-05" maxLength:"64" extensions:"x-nullable"`
	OrganizationID org.ID       `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"` // the organizer
	Title          string       `json:"title" example:"Sinh hoạt chuyên đề chung quý II" maxLength:"500" validate:"required"`
	TopicID        *topic.ID    `json:"topic_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MeetingIDs     []meeting.ID `json:"meeting_ids" swaggertype:"array,string" format:"uuid" maxItems:"100"` // of the organizer and of organizations below it
} //@name JointSessionInput

// arrangeJointSession arranges a joint session.
//
//	@Summary		Arrange a joint session
//	@Description	One key for the sessions that the organizer and organizations below it hold together. Each keeps a session and a roll of its own, so no figure changes. Meetings of others join later.
//	@ID				arrangeJointSession
//	@Tags			Joint sessions
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		jointRequest	true	"The joint session"
//	@Success		200				{object}	jointResponse	"What would be arranged (dry run)"
//	@Success		201				{object}	jointResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	409	{object}	httpapi.Problem
//	@Failure	413	{object}	httpapi.Problem
//	@Failure	415	{object}	httpapi.Problem
//	@Failure	422	{object}	httpapi.Problem
//	@Router			/api/v1/joint-sessions [post]
func (s *Service) arrangeJointSession(c *gin.Context) error {
	var body jointRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Joint, error) {
		return s.Arrange(ctx, auth.Current(c), JointInput(body))
	}, func(j Joint) httpapi.Answer {
		return httpapi.Created("/api/v1/joint-sessions/"+j.ID.String(), j.Version, wireJoint(j))
	})
}

// getJointSession shows one joint session.
//
//	@Summary	Show a joint session
//	@ID			getJointSession
//	@Tags		Joint sessions
//	@Security	Bearer
//	@Produce	json
//	@Param		joint_session_id	path		string	true	"Joint session"	format(uuid)
//	@Success	200					{object}	jointResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router		/api/v1/joint-sessions/{joint_session_id} [get]
func (s *Service) getJointSession(c *gin.Context) error {
	id, err := jointPath(c)
	if err != nil {
		return err
	}
	j, err := s.Joint(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(j.Version, wireJoint(j)))
}

func jointPath(c *gin.Context) (JointID, error) {
	id, err := httpapi.PathUUID(c, "joint_session_id")
	return JointID{id}, err
}

// joinJointSession makes a meeting part of a joint session.
//
//	@Summary		Join a joint session
//	@Description	Makes a meeting part of it: of the organizer or of an organization below it, one of each body.
//	@ID				joinJointSession
//	@Tags			Joint sessions
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			joint_session_id	path		string			true	"Joint session"	format(uuid)
//	@Param			Idempotency-Key		header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run				query		bool			false	"Say what would happen and write nothing"
//	@Param			body				body		meetingRequest	true	"The meeting"
//	@Success		200					{object}	jointResponse	"What would be (dry run)"
//	@Success		201					{object}	jointResponse
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	409	{object}	httpapi.Problem
//	@Failure	413	{object}	httpapi.Problem
//	@Failure	415	{object}	httpapi.Problem
//	@Failure	422	{object}	httpapi.Problem
//	@Router			/api/v1/joint-sessions/{joint_session_id}/meetings [post]
func (s *Service) joinJointSession(c *gin.Context) error {
	id, err := jointPath(c)
	if err != nil {
		return err
	}
	var body meetingRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Joint, error) {
		return s.Join(ctx, auth.Current(c), id, body.MeetingID)
	}, func(j Joint) httpapi.Answer {
		return httpapi.Created("/api/v1/joint-sessions/"+id.String(), j.Version, wireJoint(j))
	})
}

// leaveJointSession takes a meeting out of a joint session.
//
//	@Summary	Leave a joint session
//	@ID			leaveJointSession
//	@Tags		Joint sessions
//	@Security	Bearer
//	@Produce	json
//	@Param		joint_session_id	path	string	true	"Joint session"	format(uuid)
//	@Param		meeting_id			path	string	true	"Meeting"		format(uuid)
//	@Param		dry_run				query	bool	false	"Say what would happen and write nothing"
//	@Success	204					"Removed"
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router		/api/v1/joint-sessions/{joint_session_id}/meetings/{meeting_id} [delete]
func (s *Service) leaveJointSession(c *gin.Context) error {
	id, err := jointPath(c)
	if err != nil {
		return err
	}
	of, err := httpapi.PathUUID(c, "meeting_id")
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Leave(ctx, auth.Current(c), id, meeting.ID{UUID: of})
	}, func(struct{}) httpapi.Answer { return httpapi.Deleted() })
}
