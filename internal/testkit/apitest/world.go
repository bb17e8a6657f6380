package apitest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/dbtest"
)

// Now is the instant at which the installation stands: 10 May 2018, about noon in Vietnam.
func Now() time.Time { return time.Date(2018, 5, 10, 5, 0, 0, 0, time.UTC) }

// World is a small installation on one engine.
type World struct {
	DB   *database.DB
	Auth *auth.Service
	Orgs map[string]org.ID // by code

	engine *gin.Engine
}

// Each runs fn on every engine with a fresh World that serves the routes.
func Each(t *testing.T, routes func(db *database.DB) []httpapi.Route, fn func(t *testing.T, w World)) {
	t.Helper()
	EachAt(t, Now(), routes, fn)
}

// EachAt is Each at another instant, at which the clock stands still.
func EachAt(t *testing.T, now time.Time, routes func(db *database.DB) []httpapi.Route, fn func(t *testing.T, w World)) {
	t.Helper()
	dbtest.EachOpt(t, database.Options{Now: func() time.Time { return now }}, func(t *testing.T, db *database.DB) {
		fn(t, newWorld(t, db, routes))
	})
}

// Clock tells the time of a World and can be set.
type Clock struct{ at atomic.Pointer[time.Time] }

// Set turns the clock.
func (c *Clock) Set(at time.Time) { c.at.Store(&at) }

// EachClock is EachAt with a clock that can be set.
func EachClock(t *testing.T, now time.Time, routes func(db *database.DB) []httpapi.Route, fn func(t *testing.T, w World, clock *Clock)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			clock := &Clock{}
			clock.Set(now)
			db := dbtest.Open(t, engine, database.Options{Now: func() time.Time { return *clock.at.Load() }})
			fn(t, newWorld(t, db, routes), clock)
		})
	}
}

func newWorld(t *testing.T, db *database.DB, routes func(db *database.DB) []httpapi.Route) World {
	t.Helper()
	w := World{DB: db, Auth: auth.New(db, calendar.Zone{}), Orgs: map[string]org.ID{}}
	w.Write(t, w.build)
	engine, err := httpapi.New(httpapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	httpapi.Mount(engine, "/api/v1", auth.Guard(w.Auth), routes(db))
	w.engine = engine
	return w
}

// Write runs fn in a transaction that must succeed.
func (w World) Write(tb testing.TB, fn func(ctx context.Context, tx *database.Tx) error) {
	tb.Helper()
	_, err := database.Write(tb.Context(), w.DB, func(tx *database.Tx) (struct{}, error) { return struct{}{}, fn(tb.Context(), tx) })
	if err != nil {
		tb.Fatal(err)
	}
}

func (w World) build(ctx context.Context, tx *database.Tx) error {
	founded := calendar.MustDate("2010-01-01")
	for _, entry := range []struct {
		code, name, parent string
		kind               org.Kind
	}{
		{"province", "Đảng bộ tỉnh", "", org.KindProvincial},
		{"a", "Đảng bộ Văn phòng", "province", org.KindBaseParty},
		{"b", "Đảng bộ Bình Minh", "province", org.KindBaseParty},
		{"a1", "Chi bộ Tổng hợp", "a", org.KindCell},
		{"a2", "Chi bộ Hành chính", "a", org.KindCell},
		{"b1", "Chi bộ Dân Phố", "b", org.KindCell},
	} {
		o := org.Organization{ID: org.NewID(), Code: &entry.code, Name: entry.name, Kind: entry.kind, FoundedOn: &founded}
		w.Orgs[entry.code] = o.ID
		if err := org.Insert(ctx, tx, &o); err != nil {
			return err
		}
		if entry.parent == "" {
			continue
		}
		p := org.Placement{ParentID: w.Orgs[entry.parent], OrganizationID: o.ID, ValidFrom: founded}
		if err := org.InsertPlacement(ctx, tx, &p); err != nil {
			return err
		}
	}
	return nil
}

// Actor makes a user with one role on the organisation and below it; no code means the installation.
func (w World) Actor(tb testing.TB, role auth.Role, code string) auth.Actor {
	tb.Helper()
	user, err := w.Auth.CreateUser(tb.Context(), auth.InstallationActor(), uuid.NewString(), "Trần Thị Bình")
	if err != nil {
		tb.Fatal(err)
	}
	in := org.GrantInput{UserID: user.ID, Role: role, Reach: org.ReachSubtree, From: calendar.MustDate("2010-01-01")}
	if code != "" {
		id := w.Orgs[code]
		in.OrganizationID = &id
	}
	grant, err := org.New(w.DB, calendar.Zone{}).AddGrant(tb.Context(), auth.InstallationActor(), in)
	if err != nil {
		tb.Fatal(err)
	}
	return auth.Actor{UserID: user.ID, GrantID: grant.ID, Name: user.Name}
}

// As returns somebody new who sends requests with the role; no code means the installation.
func (w World) As(tb testing.TB, role auth.Role, code string) Caller {
	tb.Helper()
	actor := w.Actor(tb, role, code)
	in := auth.TokenInput{User: actor.UserID, GrantID: actor.GrantID, Name: "test"}
	_, token, err := w.Auth.IssueToken(tb.Context(), auth.InstallationActor(), in)
	if err != nil {
		tb.Fatal(err)
	}
	return Caller{handler: w.engine, token: token, Actor: actor}
}

// Holding returns the user with a token for one of the user's grants.
func (w World) Holding(tb testing.TB, user auth.UserID, grant string) Caller {
	tb.Helper()
	in := auth.TokenInput{User: user, GrantID: uuid.MustParse(grant), Name: "test"}
	_, token, err := w.Auth.IssueToken(tb.Context(), auth.InstallationActor(), in)
	if err != nil {
		tb.Fatal(err)
	}
	return Caller{handler: w.engine, token: token, Actor: auth.Actor{UserID: user, GrantID: in.GrantID}}
}

// With returns somebody who sends requests with the token.
func (w World) With(token string) Caller { return Caller{handler: w.engine, token: token} }
