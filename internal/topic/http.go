package topic

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Routes returns the routes of topics.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/topics", Permission: auth.RegistryRead, Handler: s.listTopics},
		{Method: http.MethodPost, Path: "/topics", Permission: auth.RegistryWrite, Handler: s.recordTopic},
		{Method: http.MethodGet, Path: "/topics/{topic_id}", Permission: auth.RegistryRead, Handler: s.getTopic},
		{Method: http.MethodPatch, Path: "/topics/{topic_id}", Permission: auth.RegistryWrite, Handler: s.editTopic},
	}
}

// topicResponse is a topic of the library.
type topicResponse struct {
	ID             ID             `json:"id"           swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code"         example:"CD01" extensions:"x-nullable"`
	OrganizationID *org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the owner, which offers it to all below; null: offered to everybody
	Category       Category       `json:"category"     swaggertype:"string" enums:"ho_chi_minh_study,cell_building,party_building,session_quality,political_task,other"`
	Title          string         `json:"title"        example:"Học tập và làm theo phong cách nêu gương của Hồ Chí Minh"`
	Outline        *string        `json:"outline" extensions:"x-nullable"`
	Links          []linkWire     `json:"links"`
	DirectiveID    *directive.ID  `json:"directive_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RetiredOn      *calendar.Date `json:"retired_on" swaggertype:"string" format:"date" extensions:"x-nullable"` // from this day on it is offered no longer
	Version        int64          `json:"version"      example:"1"`
	CreatedAt      time.Time      `json:"created_at"   format:"date-time"`
	UpdatedAt      time.Time      `json:"updated_at"   format:"date-time"`
} //@name Topic

// linkWire leads to material.
type linkWire struct {
	Title   string `json:"title"   example:"Đề cương chuyên đề" maxLength:"500" validate:"required"`
	Address string `json:"address" example:"https://example.org/de-cuong.pdf" maxLength:"2000" validate:"required"`
} //@name TopicLink

func wire(t Topic) topicResponse {
	links := make([]linkWire, len(t.Links))
	for i, link := range t.Links {
		links[i] = linkWire{link.Title, link.Address}
	}
	return topicResponse{
		ID: t.ID, Code: t.Code, OrganizationID: t.OrganizationID, Category: t.Category, Title: t.Title, Outline: t.Outline, Links: links,
		DirectiveID: t.DirectiveID, RetiredOn: t.RetiredOn, Version: t.Version, CreatedAt: t.CreatedAt.UTC(), UpdatedAt: t.UpdatedAt.UTC(),
	}
}

func linksOf(given []linkWire) []Link {
	links := make([]Link, len(given))
	for i, link := range given {
		links[i] = Link{Title: link.Title, Address: link.Address}
	}
	return links
}

// recordTopicRequest is a topic to record.
type recordTopicRequest struct {
	ID             ID             `json:"id"           swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code"         example:"CD01" maxLength:"64" extensions:"x-nullable"`
	Category       Category       `json:"category"     swaggertype:"string" enums:"ho_chi_minh_study,cell_building,party_building,session_quality,political_task,other" validate:"required"`
	Title          string         `json:"title"        example:"Học tập và làm theo phong cách nêu gương của Hồ Chí Minh" maxLength:"500" validate:"required"`
	OrganizationID *org.ID        `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the owner, which offers it to all below; without one it is offered to everybody
	Outline        *string        `json:"outline" maxLength:"20000" extensions:"x-nullable"`
	Links          []linkWire     `json:"links" maxItems:"50"`
	DirectiveID    *directive.ID  `json:"directive_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RetiredOn      *calendar.Date `json:"retired_on" swaggertype:"string" format:"date" extensions:"x-nullable"` // from this day on it is offered no longer
} //@name TopicInput

func (r recordTopicRequest) input() Input {
	return Input{
		ID: r.ID, Code: r.Code, OrganizationID: r.OrganizationID, Category: r.Category, Title: r.Title, Outline: r.Outline,
		Links: linksOf(r.Links), DirectiveID: r.DirectiveID, RetiredOn: r.RetiredOn,
	}
}

// recordTopic adds a topic.
//
//	@Summary	Record a topic
//	@ID			recordTopic
//	@Tags		Topics
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param		dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param		body			body		recordTopicRequest	true	"The topic"
//	@Success	200				{object}	topicResponse		"What would be recorded (dry run)"
//	@Success	201				{object}	topicResponse
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	409				{object}	httpapi.Problem
//	@Failure	413				{object}	httpapi.Problem
//	@Failure	415				{object}	httpapi.Problem
//	@Failure	422				{object}	httpapi.Problem
//	@Router		/api/v1/topics [post]
func (s *Service) recordTopic(c *gin.Context) error {
	var body recordTopicRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Topic, error) {
		return s.Record(ctx, auth.Current(c), body.input())
	}, func(t Topic) httpapi.Answer {
		return httpapi.Created("/api/v1/topics/"+t.ID.String(), t.Version, wire(t))
	})
}

// getTopic shows one topic.
//
//	@Summary	Show a topic
//	@ID			getTopic
//	@Tags		Topics
//	@Security	Bearer
//	@Produce	json
//	@Param		topic_id		path		string	true	"Topic"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version already known"
//	@Success	200				{object}	topicResponse
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/topics/{topic_id} [get]
func (s *Service) getTopic(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	t, err := s.Get(c.Request.Context(), auth.Current(c), id)
	if err != nil || httpapi.NotModified(c, t.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(t.Version, wire(t)))
}

// editTopicRequest is what to change of a topic; what is absent stays, null clears.
type editTopicRequest struct {
	Code        httpapi.Optional[string]        `json:"code"         swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	Category    httpapi.Optional[Category]      `json:"category"     swaggertype:"string" enums:"ho_chi_minh_study,cell_building,party_building,session_quality,political_task,other"`
	Title       httpapi.Optional[string]        `json:"title"        swaggertype:"string" maxLength:"500"`
	Outline     httpapi.Optional[string]        `json:"outline" swaggertype:"string" maxLength:"20000" extensions:"x-nullable"`
	Links       []linkWire                      `json:"links" maxItems:"50"` // all of them
	DirectiveID httpapi.Optional[directive.ID]  `json:"directive_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RetiredOn   httpapi.Optional[calendar.Date] `json:"retired_on" swaggertype:"string" format:"date" extensions:"x-nullable"` // from this day on it is offered no longer
} //@name TopicChange

func (r editTopicRequest) change() Change {
	links := httpapi.Optional[[]Link]{Set: r.Links != nil, Value: linksOf(r.Links)}
	return Change{
		Code: r.Code, Category: r.Category, Title: r.Title, Outline: r.Outline, Links: links, DirectiveID: r.DirectiveID, RetiredOn: r.RetiredOn,
	}
}

// editTopic changes a topic.
//
//	@Summary	Change a topic
//	@ID			editTopic
//	@Tags		Topics
//	@Security	Bearer
//	@Accept		json
//	@Produce	json
//	@Param		topic_id	path		string				true	"Topic"	format(uuid)
//	@Param		If-Match	header		string				true	"The version this change rests on"
//	@Param		dry_run		query		bool				false	"Say what would happen and write nothing"
//	@Param		body		body		editTopicRequest	true	"What changes"
//	@Success	200			{object}	topicResponse
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
//	@Router		/api/v1/topics/{topic_id} [patch]
func (s *Service) editTopic(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body editTopicRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Topic, error) {
		return s.Edit(ctx, auth.Current(c), id, match, body.change())
	}, func(t Topic) httpapi.Answer { return httpapi.OK(t.Version, wire(t)) })
}

// pathID reads the topic's id from the path.
func pathID(c *gin.Context) (ID, error) {
	id, err := httpapi.PathUUID(c, "topic_id")
	return ID{id}, err
}
