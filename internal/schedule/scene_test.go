package schedule_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/schedule"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/topic"
)

func vietnam(tb testing.TB) calendar.Zone {
	tb.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		tb.Fatal(err)
	}
	return zone
}

// each runs fn on every engine with a small installation that serves the routes of the schedule, on 10 May 2018.
func each(t *testing.T, fn func(t *testing.T, w apitest.World)) {
	t.Helper()
	zone := vietnam(t)
	apitest.Each(t, func(db *database.DB) []httpapi.Route {
		routes := append(schedule.New(db, zone).Routes(), meeting.New(db, zone).Routes()...)
		return append(routes, append(member.New(db, zone, rules.CountingOn).Routes(), topic.New(db, zone).Routes()...)...)
	}, fn)
}

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db, schedule.Registration{}, schedule.RegisteredSession{}, schedule.Notice{}, schedule.Delegate{}, schedule.Visit{},
			schedule.Feed{})
	})
}

// admit makes a member of the cell and returns the id.
func admit(t *testing.T, w apitest.World, name, cell string) string {
	t.Helper()
	body := fmt.Sprintf(`{"full_name":%q,"membership":{"organization_id":%q,"from":"2015-01-01"}}`, name, w.Orgs[cell])
	return w.As(t, auth.RoleAdministrator, "").Post(t, "/members", body).OK(t, 201).Field(t, "id")
}

// scene is an installation in 2026, when a rule set with deadlines is in force, and the clock can be set.
type scene struct {
	db    *database.DB
	zone  calendar.Zone
	now   *time.Time
	svc   *schedule.Service
	meets *meeting.Service
	base  org.ID
	cell  org.ID
	other org.ID
	who   member.ID // of the other cell
	users *auth.Service
}

func eachScene(t *testing.T, fn func(t *testing.T, s scene)) {
	t.Helper()
	zone := vietnam(t)
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 2, 20, 3, 0, 0, 0, time.UTC)
			db := dbtest.Open(t, engine, database.Options{Now: func() time.Time { return now }, Zone: zone})
			s := scene{db: db, zone: zone, now: &now, svc: schedule.New(db, zone), meets: meeting.New(db, zone), users: auth.New(db, zone)}
			_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) { return 0, s.build(t.Context(), tx) })
			if err != nil {
				t.Fatal(err)
			}
			who, err := member.New(db, zone, rules.CountingOn).Admit(t.Context(), auth.InstallationActor(), member.AdmissionInput{
				FullName: "Trần Thị Bình", Home: &member.MembershipInput{OrganizationID: s.other, From: calendar.MustDate("2015-01-01")},
			})
			if err != nil {
				t.Fatal(err)
			}
			s.who = who.ID
			fn(t, s)
		})
	}
}

func (s *scene) build(ctx context.Context, tx *database.Tx) error {
	founded := calendar.MustDate("2010-01-01")
	for _, entry := range []struct {
		id     *org.ID
		name   string
		kind   org.Kind
		parent *org.ID
	}{
		{&s.base, "Đảng bộ Văn phòng", org.KindBaseParty, nil},
		{&s.cell, "Chi bộ Tổng hợp", org.KindCell, &s.base},
		{&s.other, "Chi bộ Hành chính", org.KindCell, &s.base},
	} {
		o := org.Organization{ID: org.NewID(), Name: entry.name, Kind: entry.kind, FoundedOn: &founded}
		*entry.id = o.ID
		if err := org.Insert(ctx, tx, &o); err != nil {
			return err
		}
		if entry.parent == nil {
			continue
		}
		if err := org.InsertPlacement(ctx, tx, &org.Placement{ParentID: *entry.parent, OrganizationID: o.ID, ValidFrom: founded}); err != nil {
			return err
		}
	}
	return nil
}

// user makes somebody with a role on the base, logged in.
func (s scene) user(t *testing.T, role auth.Role) auth.Actor {
	t.Helper()
	user, err := s.users.CreateUser(t.Context(), auth.InstallationActor(), uuid.NewString(), "Lê Văn Cường")
	if err != nil {
		t.Fatal(err)
	}
	grant, err := org.New(s.db, s.zone).AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
		UserID: user.ID, Role: role, Reach: org.ReachSubtree, OrganizationID: &s.base, From: calendar.MustDate("2026-01-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return auth.Actor{UserID: user.ID, GrantID: grant.ID, SessionID: uuid.New(), Name: user.Name}
}

// planned is a regular session of a cell at a local time.
func planned(at, until, place string) schedule.PlannedSession {
	start, end := inVietnam(at), inVietnam(until)
	return schedule.PlannedSession{Body: org.Cell, Forms: []meeting.Form{meeting.Regular}, StartedAt: start, EndedAt: &end, Place: &place}
}

func inVietnam(local string) time.Time {
	at, err := time.Parse(time.RFC3339, local+":00+07:00")
	if err != nil {
		return time.Time{}
	}
	return at
}
