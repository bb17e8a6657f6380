package schedule

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// Routes returns the routes of the schedule.
func (s *Service) Routes() []httpapi.Route {
	const (
		one           = "/organizations/{organization_id}"
		registrations = one + "/registrations"
		registration  = registrations + "/{registration_id}"
		delegates     = one + "/delegates"
		delegate      = delegates + "/{delegate_id}"
		notice        = "/meetings/{meeting_id}/notice"
	)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: one + "/schedule", Permission: auth.ScheduleRead, Handler: s.getSchedule, Persons: true},
		{Method: http.MethodGet, Path: registrations, Permission: auth.ScheduleRead, Handler: s.listRegistrations, Persons: true},
		{Method: http.MethodPost, Path: registrations, Permission: auth.MeetingSubmit, Handler: s.registerMonth},
		{Method: http.MethodGet, Path: registration, Permission: auth.ScheduleRead, Handler: s.getRegistration, Persons: true},
		{Method: http.MethodPost, Path: registration + "/agreement", Permission: auth.MeetingReceive, Handler: s.agreeToRegistration},
		{Method: http.MethodPost, Path: registration + "/return", Permission: auth.MeetingReceive, Handler: s.returnRegistration},
		{Method: http.MethodGet, Path: notice, Permission: auth.ScheduleRead, Handler: s.getNotice, Persons: true},
		{Method: http.MethodPost, Path: notice, Permission: auth.MeetingWrite, Handler: s.postNotice},
		{Method: http.MethodGet, Path: delegates, Permission: auth.DelegateRead, Handler: s.listDelegates, Persons: true},
		{Method: http.MethodPost, Path: delegates, Permission: auth.DelegateWrite, Handler: s.assignDelegate},
		{Method: http.MethodGet, Path: delegate, Permission: auth.DelegateRead, Handler: s.getDelegate, Persons: true},
		{Method: http.MethodPatch, Path: delegate, Permission: auth.DelegateWrite, Handler: s.endDelegate},
		{Method: http.MethodPut, Path: delegate + "/sessions/{meeting_id}", Permission: auth.DelegateWrite, Handler: s.recordDelegateAttendance},
		{Method: http.MethodGet, Path: one + "/delegate-attendance", Permission: auth.DelegateRead, Handler: s.getDelegateAttendance, Persons: true},
		{Method: http.MethodGet, Path: "/calendar-feeds", Permission: httpapi.SignedIn, Handler: s.listFeeds},
		{Method: http.MethodPost, Path: "/calendar-feeds", Permission: httpapi.SignedIn, Handler: s.openFeed},
		{Method: http.MethodDelete, Path: "/calendar-feeds/{calendar_feed_id}", Permission: httpapi.SignedIn, Handler: s.closeFeed},
		{Method: http.MethodGet, Path: "/calendar-feeds/{calendar_feed_id}/{file}", Permission: httpapi.Public, Handler: s.readFeed},
	}
}

// part reads an id of a part of an organisation from the path, and the organisation's.
func part(c *gin.Context, name string) (org.ID, uuid.UUID, error) {
	organization, err := org.PathID(c)
	if err != nil {
		return organization, uuid.Nil, err
	}
	id, err := httpapi.PathUUID(c, name)
	return organization, id, err
}

// change is part, with the version that the request rests on.
func change(c *gin.Context, name string) (org.ID, uuid.UUID, int64, error) {
	organization, id, err := part(c, name)
	if err != nil {
		return organization, id, 0, err
	}
	match, err := httpapi.IfMatch(c)
	return organization, id, match, err
}

// meetingID reads the meeting's id from the path.
func meetingID(c *gin.Context) (meeting.ID, error) {
	id, err := httpapi.PathUUID(c, "meeting_id")
	return meeting.ID{UUID: id}, err
}

// scopeOf reads the reach of a question.
func scopeOf(q *httpapi.Query) string {
	return q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn)
}

// months reads a period that is short enough to be listed session by session.
func months(q *httpapi.Query) calendar.Period {
	period := q.Period()
	if period.From.IsZero() {
		return period
	}
	if period.Months() > longestSchedule {
		q.Fail("to", "schedule_period_too_long", map[string]any{"limit": longestSchedule})
	}
	return period
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	in := t.UTC()
	return &in
}
