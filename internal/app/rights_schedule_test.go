package app_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/org"
	"sochibo/internal/schedule"
)

const registering = `{"month":%q,"sessions":[{"body":"cell","forms":["regular"],"started_at":"%s-05T14:00:00+07:00","title":"Dự kiến {marker}"}]}`

// buildSchedule registers a month, and lets somebody of the target follow the organization below it.
func (w *rightsWorld) buildSchedule(t *testing.T, x *target) {
	t.Helper()
	made := w.writer.must(t, http.StatusCreated, http.MethodPost, "/organizations/"+x.id+"/registrations", x.fill(fmt.Sprintf(registering, "2018-07", "2018-07")))
	x.ids["registration"] = made.Field(t, "id")
	x.ids["visited"] = w.writer.create(t, "/meetings", `{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-04",
		"started_at":"2018-04-05T14:00:00+07:00","title":"Họp %s"}`, x.ids["below"], x.marker)
	x.ids["delegate"] = w.receiver.must(t, http.StatusCreated, http.MethodPost, "/organizations/"+x.ids["below"]+"/delegates",
		x.fill(`{"member_id":"{member}","from":"2018-01-01","basis":"QĐ {marker}"}`)).Field(t, "id")
}

// buildFeed opens a calendar feed of somebody who has a grant everywhere.
func (w *rightsWorld) buildFeed(t *testing.T) {
	t.Helper()
	owner := auth.Actor{UserID: w.user(t), SessionID: uuid.New()}
	id := org.ID{UUID: uuid.MustParse(w.targets["own"].id)}
	grant, err := w.Org.AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
		UserID: owner.UserID, Role: auth.RoleSuperior, OrganizationID: &id, Reach: org.ReachSubtree, From: calendar.MustDate("2015-01-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	feed, secret, err := w.Schedules.OpenFeed(t.Context(), owner, schedule.FeedInput{Name: "lịch", GrantID: grant.ID, OrganizationID: id})
	if err != nil {
		t.Fatal(err)
	}
	w.feedOwner = owner.UserID
	w.shared.ids["feed"], w.shared.ids["secret"] = feed.ID.String(), secret
}

func scheduleAsks() map[string]asking {
	const (
		one          = "/organizations/{organization}"
		registration = one + "/registrations/{registration}"
		delegates    = "/organizations/{below}/delegates"
		delegate     = delegates + "/{delegate}"
		paths        = "/organizations/{organization_id}"
	)
	shared := func(path string) asking {
		return func(_ target, w *rightsWorld, _ bool) ask { return ask{path: w.shared.fill(path)} }
	}
	return map[string]asking{
		"GET " + paths + "/schedule":                                   reading(one + "/schedule?from=2018-01&to=2018-12"),
		"GET " + paths + "/registrations":                              reading(one + "/registrations"),
		"POST " + paths + "/registrations":                             writing(one+"/registrations", "", fmt.Sprintf(registering, "2018-08", "2018-08")),
		"GET " + paths + "/registrations/{registration_id}":            reading(registration),
		"POST " + paths + "/registrations/{registration_id}/agreement": writing(registration+"/agreement", "registration", ""),
		"POST " + paths + "/registrations/{registration_id}/return":    writing(registration+"/return", "registration", `{"reason":"Trùng lịch"}`),
		"GET /meetings/{meeting_id}/notice":                            reading("/meetings/{scheduled}/notice"),
		"POST /meetings/{meeting_id}/notice":                           writing("/meetings/{scheduled}/notice", "", `{"items":[{"kind":"notice","title":"Mời họp"}]}`),
		"GET " + paths + "/delegates below":                            reading(delegates),
		"POST " + paths + "/delegates below":                           writing(delegates, "", `{"member_id":"{second}","from":"2018-05-01"}`),
		"GET " + paths + "/delegates/{delegate_id} below":              reading(delegate),
		"PATCH " + paths + "/delegates/{delegate_id} below":            writing(delegate, "delegate", `{"to":"2018-12-31"}`),
		"PUT " + paths + "/delegates/{delegate_id}/sessions/{meeting_id} below": writing(delegate+"/sessions/{visited}", "delegate",
			`{"attended":true,"observation":"Thảo luận sôi nổi"}`),
		"GET " + paths + "/delegate-attendance":         reading(one + "/delegate-attendance?from=2018-01&to=2018-06"),
		"GET /calendar-feeds":                           reading("/calendar-feeds"),
		"POST /calendar-feeds":                          earnestly("/calendar-feeds", `{"name":"Lịch","grant_id":"{grant}","organization_id":"{organization}"}`, ""),
		"DELETE /calendar-feeds/{calendar_feed_id}":     shared("/calendar-feeds/{feed}"),
		"GET /calendar-feeds/{calendar_feed_id}/{file}": shared("/api/v1/calendar-feeds/{feed}/{secret}.ics"),
	}
}
