package schedule_test

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/schedule"
)

func truth(b *bool) string {
	if b == nil {
		return "open"
	}
	return strconv.FormatBool(*b)
}

// TestDeadlines registers, posts and submits before and after the days of the rule set of 2025.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	eachScene(t, func(t *testing.T, s scene) {
		secretary := s.user(t, auth.RoleSecretary)
		march := calendar.MustMonth("2026-03")
		register := func(cell org.ID, at string) (meeting.ID, string) {
			v, err := s.svc.Register(t.Context(), secretary, cell, schedule.Registering{
				Month: march, Sessions: []schedule.PlannedSession{planned(at, at[:11]+"23:00", "Phòng A")},
			})
			if err != nil {
				t.Fatal(err)
			}
			return v.Sessions[0].MeetingID, truth(v.InTime)
		}
		*s.now = time.Date(2026, 2, 25, 16, 59, 0, 0, time.UTC) // a minute before midnight in Vietnam
		first, kept := register(s.cell, "2026-03-05T14:00")
		*s.now = s.now.Add(2 * time.Minute)
		_, late := register(s.other, "2026-03-05T15:00")
		if kept != "true" || late != "false" {
			t.Errorf("in time %s, late %s", kept, late)
		}
		*s.now = time.Date(2026, 3, 4, 2, 0, 0, 0, time.UTC)
		posted, err := s.svc.Post(t.Context(), secretary, first, schedule.Posting{Items: []schedule.PostedItem{{Kind: schedule.Announcement, Title: "Mời họp"}}})
		if err != nil || truth(posted.InTime) != "true" || posted.DueOn.String() != "2026-03-04" {
			t.Errorf("%+v, %v", posted, err)
		}
		*s.now = time.Date(2026, 3, 8, 2, 0, 0, 0, time.UTC)
		v, err := s.svc.For(t.Context(), secretary, s.base, org.ScopeSubtree, calendar.Period{From: march, To: march})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, session := range v.Sessions {
			got = append(got, fmt.Sprint(session.OrganizationName, " ", truth(session.Notice.InTime), " ", session.Record.DueOn, " ", truth(session.Record.InTime)))
		}
		want := []string{"Chi bộ Tổng hợp true 2026-03-07 false", "Chi bộ Hành chính false 2026-03-07 false"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		m := v.Months[0]
		if m.DueOn.String() != "2026-02-25" || m.Cells != 2 || m.InState[schedule.Registered] != 2 || m.Late != 1 || len(m.Missing) != 0 {
			t.Errorf("%+v", m)
		}
		if len(v.Clashes) != 1 || v.Clashes[0].Kind != schedule.PlaceClash {
			t.Errorf("%+v", v.Clashes)
		}
	})
}

// TestRegistrantDoesNotAgree keeps the one who registered from being the superior of it.
func TestRegistrantDoesNotAgree(t *testing.T) {
	t.Parallel()
	eachScene(t, func(t *testing.T, s scene) {
		secretary := s.user(t, auth.RoleSecretary)
		v, err := s.svc.Register(t.Context(), secretary, s.cell, schedule.Registering{
			Month: calendar.MustMonth("2026-03"), Sessions: []schedule.PlannedSession{planned("2026-03-05T14:00", "2026-03-05T15:30", "Phòng A")},
		})
		if err != nil {
			t.Fatal(err)
		}
		both, err := org.New(s.db, s.zone).AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
			UserID: secretary.UserID, Role: auth.RoleSuperior, Reach: org.ReachSubtree, OrganizationID: &s.base, From: calendar.MustDate("2026-01-01"),
		})
		if err != nil {
			t.Fatal(err)
		}
		superior := auth.Actor{UserID: secretary.UserID, GrantID: both.ID}
		if _, err := s.svc.Decide(t.Context(), superior, s.cell, v.ID, 1, schedule.Agreed, ""); !errors.Is(err, schedule.ErrOwnRegistration) {
			t.Error(err)
		}
		if _, err := s.svc.Decide(t.Context(), s.user(t, auth.RoleSuperior), s.cell, v.ID, 1, schedule.Agreed, ""); err != nil {
			t.Error(err)
		}
	})
}

// TestFeed reads a calendar at its address as long as the owner may, and not a moment longer.
func TestFeed(t *testing.T) {
	t.Parallel()
	eachScene(t, func(t *testing.T, s scene) {
		owner := s.user(t, auth.RoleMember)
		if _, err := s.svc.Register(t.Context(), s.user(t, auth.RoleSecretary), s.cell, schedule.Registering{
			Month: calendar.MustMonth("2026-03"), Sessions: []schedule.PlannedSession{planned("2026-03-01T00:30", "2026-03-01T02:00", "Phòng A")},
		}); err != nil {
			t.Fatal(err)
		}
		in := schedule.FeedInput{Name: "điện thoại", GrantID: owner.GrantID, OrganizationID: s.cell}
		token := owner
		token.SessionID = uuid.Nil
		if _, _, err := s.svc.OpenFeed(t.Context(), token, in); !errors.Is(err, auth.ErrSessionNeeded) {
			t.Error(err)
		}
		foreign := in
		foreign.GrantID = s.user(t, auth.RoleSuperior).GrantID
		if _, _, err := s.svc.OpenFeed(t.Context(), owner, foreign); err == nil || !strings.Contains(err.Error(), "calendar_feed_invalid") {
			t.Error(err)
		}
		feed, secret, err := s.svc.OpenFeed(t.Context(), owner, in)
		if err != nil {
			t.Fatal(err)
		}
		data, err := s.svc.ReadFeed(t.Context(), feed.ID, secret)
		if err != nil {
			t.Fatal(err)
		}
		cal, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
		if err != nil || len(cal.Events()) != 1 || cal.Events()[0].Props.Get("DTSTART").Value != "20260301T003000" {
			t.Errorf("%s %v", data, err)
		}
		again, err := s.svc.ReadFeed(t.Context(), feed.ID, secret)
		if err != nil || !bytes.Equal(again, data) {
			t.Error("the same calendar has other bytes")
		}
		closed := func(why string) {
			t.Helper()
			if _, err := s.svc.ReadFeed(t.Context(), feed.ID, secret); !errors.Is(err, schedule.ErrFeedUnknown) {
				t.Errorf("%s: %v", why, err)
			}
		}
		for _, wrong := range []string{"", secret[:len(secret)-1], secret + "x"} {
			if _, err := s.svc.ReadFeed(t.Context(), feed.ID, wrong); !errors.Is(err, schedule.ErrFeedUnknown) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		before := *s.now
		*s.now = feed.ExpiresAt
		closed("expired")
		*s.now = before
		s.exec(t, `UPDATE user_account SET disabled_at = ? WHERE id = ?`, before, owner.UserID)
		closed("user disabled")
		s.exec(t, `UPDATE user_account SET disabled_at = NULL WHERE id = ?`, owner.UserID)
		s.exec(t, `UPDATE role_grant SET valid_to = ? WHERE id = ?`, calendar.MustDate("2026-02-19"), owner.GrantID)
		closed("grant ended")
		s.exec(t, `UPDATE role_grant SET valid_to = NULL WHERE id = ?`, owner.GrantID)
		if _, err := s.svc.ReadFeed(t.Context(), feed.ID, secret); err != nil {
			t.Fatal(err)
		}
		if err := s.svc.CloseFeed(t.Context(), s.user(t, auth.RoleAdministrator), feed.ID); !errors.Is(err, schedule.ErrFeedUnknown) {
			t.Error(err)
		}
		if err := s.svc.CloseFeed(t.Context(), owner, feed.ID); err != nil {
			t.Fatal(err)
		}
		closed("revoked")
	})
}

// exec writes behind the back of the program.
func (s scene) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := database.Write(t.Context(), s.db, func(tx *database.Tx) (int, error) {
		return 0, database.Gorm(t.Context(), tx).Exec(statement, args...).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}
