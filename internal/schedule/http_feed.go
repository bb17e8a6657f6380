package schedule

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// feedWire is a private address of a schedule, without its secret.
type feedWire struct {
	ID             uuid.UUID  `json:"id"              swaggertype:"string" format:"uuid"`
	Name           string     `json:"name"            example:"lịch trên điện thoại"`
	GrantID        uuid.UUID  `json:"grant_id"        swaggertype:"string" format:"uuid"`
	OrganizationID org.ID     `json:"organization_id" swaggertype:"string" format:"uuid"`
	Scope          string     `json:"scope"           enums:"subtree,own"`
	CreatedAt      time.Time  `json:"created_at"      format:"date-time"`
	ExpiresAt      time.Time  `json:"expires_at"      format:"date-time"`
	RevokedAt      *time.Time `json:"revoked_at"      format:"date-time" extensions:"x-nullable"`
} //@name CalendarFeed

// feedOpened is a feed with its address, which is told once.
type feedOpened struct {
	Feed feedWire `json:"feed"`
	Path string   `json:"path" example:"/api/v1/calendar-feeds/0198c0de-0000-7000-8000-000000000071/scf_….ics"` // the address on this server; whoever has it reads the calendar
} //@name CalendarFeedOpened

func wireFeed(f Feed) feedWire {
	return feedWire{
		ID: f.ID, Name: f.Name, GrantID: f.GrantID, OrganizationID: f.OrganizationID, Scope: f.Scope, CreatedAt: f.CreatedAt.UTC(),
		ExpiresAt: f.ExpiresAt.UTC(), RevokedAt: utc(f.RevokedAt),
	}
}

// feedRequest is a feed to open.
type feedRequest struct {
	Name           string    `json:"name"            example:"lịch trên điện thoại" maxLength:"100" validate:"required"`
	GrantID        uuid.UUID `json:"grant_id"        swaggertype:"string" format:"uuid" validate:"required"` // one of the own grants, as in /me
	OrganizationID org.ID    `json:"organization_id" swaggertype:"string" format:"uuid" validate:"required"` // within the grant's reach
	Scope          string    `json:"scope"           enums:"subtree,own"`                                    // subtree when left out
	ExpiresAt      time.Time `json:"expires_at"      format:"date-time"`                                     // 180 days from now when left out, 365 at most
} //@name CalendarFeedInput

const feedsPath = "/api/v1/calendar-feeds/"

// openFeed opens a calendar feed.
//
//	@Summary		Open a calendar feed
//	@Description	Makes a private address at which a calendar program reads the schedule of the organization, three months back and twelve ahead, as long as the grant permits it. The address is told once; whoever has it reads the calendar. It takes a login session.
//	@ID				openCalendarFeed
//	@Tags			Schedule
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			body	body		feedRequest	true	"The feed"
//	@Success		201		{object}	feedOpened
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Failure		403		"The request came with an API token, or the grant does not permit it."
//	@Failure		409		"There are twenty feeds already."
//	@Failure		413		{object}	httpapi.Problem
//	@Failure		415		{object}	httpapi.Problem
//	@Failure		422		{object}	httpapi.Problem
//	@Router			/api/v1/calendar-feeds [post]
func (s *Service) openFeed(c *gin.Context) error {
	if err := httpapi.RefuseDryRun(c); err != nil { // the answer is a secret: it can be neither rehearsed nor repeated
		return err
	}
	var body feedRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	feed, secret, err := s.OpenFeed(c.Request.Context(), auth.Current(c), FeedInput(body))
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.Answer{
		Status: http.StatusCreated, Location: feedsPath + feed.ID.String(),
		Body: feedOpened{Feed: wireFeed(feed), Path: feedsPath + feed.ID.String() + "/" + secret + fileSuffix},
	})
}

// feedList is a page of feeds.
type feedList struct {
	Data []feedWire `json:"data"`
	Next *string    `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name CalendarFeedList

// listFeeds lists the own feeds.
//
//	@Summary		List the own calendar feeds
//	@Description	Revoked and expired ones are among them. Their secrets are kept nowhere.
//	@ID				listCalendarFeeds
//	@Tags			Schedule
//	@Security		Bearer
//	@Produce		json
//	@Param			limit	query		int		false	"-"	minimum(1)	maximum(200)
//	@Param			after	query		string	false	"-"
//	@Success		200		{object}	feedList
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Router			/api/v1/calendar-feeds [get]
func (s *Service) listFeeds(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	page := q.Page(httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	feeds, next, err := s.Feeds(c.Request.Context(), auth.Current(c), page)
	if err != nil {
		return err
	}
	list := feedList{Data: []feedWire{}, Next: next}
	for _, f := range feeds {
		list.Data = append(list.Data, wireFeed(f))
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// closeFeed ends a feed.
//
//	@Summary		Revoke a calendar feed
//	@Description	It ends at once; one that was revoked stays as it is.
//	@ID				closeCalendarFeed
//	@Tags			Schedule
//	@Security		Bearer
//	@Param			calendar_feed_id	path	string	true	"The feed"	format(uuid)
//	@Success		204					"Revoked"
//	@Failure		400					{object}	httpapi.Problem
//	@Failure		401					{object}	httpapi.Problem
//	@Failure		403					{object}	httpapi.Problem
//	@Failure		404					{object}	httpapi.Problem
//	@Router			/api/v1/calendar-feeds/{calendar_feed_id} [delete]
func (s *Service) closeFeed(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "calendar_feed_id")
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.CloseFeed(ctx, auth.Current(c), id)
	}, func(struct{}) httpapi.Answer { return httpapi.Deleted() })
}

// readFeed answers with the calendar of a feed.
//
//	@Summary		Read a calendar feed
//	@Description	The schedule as iCalendar. The address is all that is asked for; what it opens is what its owner may see at that moment. A wrong, ended or revoked address is unknown, whatever the reason.
//	@ID				readCalendarFeed
//	@Tags			Schedule
//	@Produce		text/calendar
//	@Param			calendar_feed_id	path		string	true	"The feed"	format(uuid)
//	@Param			file				path		string	true	"The secret, followed by .ics"
//	@Param			If-None-Match		header		string	false	"The version already known"
//	@Success		200					{string}	string	"The calendar"
//	@Success		304					"Not changed"
//	@Failure		400					{object}	httpapi.Problem
//	@Failure		404					{object}	httpapi.Problem
//	@Failure		422					{object}	httpapi.Problem
//	@Router			/api/v1/calendar-feeds/{calendar_feed_id}/{file} [get]
func (s *Service) readFeed(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "calendar_feed_id")
	if err != nil {
		return err
	}
	secret, ok := secretIn(c.Param("file"))
	if !ok {
		return ErrFeedUnknown
	}
	data, err := s.ReadFeed(c.Request.Context(), id, secret)
	if err != nil || httpapi.SameTag(c, tagOf(data)) {
		return err
	}
	return httpapi.File(c, "schedule.ics", "ics", data)
}
