package app_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/org"
	"sochibo/internal/schedule"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

// TestFeedSecretIsNotLogged reads a feed at its address, well and badly, with every statement taken for a slow one: no line tells the secret,
// and no row keeps it.
func TestFeedSecretIsNotLogged(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			var log lockedBuffer
			in := loggingTo(t, engine, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			cell := in.as(t, auth.RoleAdministrator, "").create(t, "/organizations", `{"kind":"base_cell","name":"Chi bộ","founded_on":"2010-01-01"}`)
			owner := auth.Actor{UserID: in.user(t), SessionID: uuid.New()}
			id := org.ID{UUID: uuid.MustParse(cell)}
			grant, err := in.Org.AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
				UserID: owner.UserID, Role: auth.RoleMember, OrganizationID: &id, From: calendar.MustDate("2018-01-01"),
			})
			if err != nil {
				t.Fatal(err)
			}
			feed, secret, err := in.Schedules.OpenFeed(t.Context(), owner, schedule.FeedInput{Name: "lịch", GrantID: grant.ID, OrganizationID: id})
			if err != nil {
				t.Fatal(err)
			}
			stranger, path := apitest.NewCaller(in.handler, ""), "/calendar-feeds/"+feed.ID.String()+"/"
			read := stranger.Get(t, path+secret+".ics").OK(t, http.StatusOK)
			if !strings.Contains(read.Text, "END:VCALENDAR") || read.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%v %s", read.Header, read)
			}
			stranger.Get(t, path+secret).Problem(t, http.StatusNotFound, "calendar_feed_unknown")
			stranger.Get(t, path+secret+"x.ics").Problem(t, http.StatusNotFound, "calendar_feed_unknown")
			stranger.Get(t, path+secret+".ics?x="+secret).Problem(t, http.StatusBadRequest, "parameter_unknown", "x parameter_unknown")
			if err := in.Schedules.CloseFeed(t.Context(), owner, feed.ID); err != nil {
				t.Fatal(err)
			}
			stranger.Get(t, path+secret+".ics").Problem(t, http.StatusNotFound, "calendar_feed_unknown")
			if core := secret[4:20]; strings.Contains(log.String(), core) || !strings.Contains(log.String(), "calendar-feeds/:calendar_feed_id/:file") {
				t.Error("the log tells the secret, or nothing of the requests")
			}
		})
	}
}
