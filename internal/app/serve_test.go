package app_test

import (
	"context"
	"log/slog"
	"net"
	"testing"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/testkit/dbtest"
)

// server is the whole program, answering on a socket.
type server struct {
	*app.App

	url string
}

// eachServer runs fn on every engine with a server over an empty store.
func eachServer(t *testing.T, fn func(t *testing.T, s server)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			fn(t, serve(t, engine))
		})
	}
}

// serve starts the program as `sochibo serve` does; it is stopped when the test ends.
func serve(t *testing.T, engine database.Engine) server {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	c := config.Config{DatabaseURL: config.Secret(dbtest.EmptyURL(t, engine)), Zone: zone, MaxConns: 4}
	a, err := app.Open(t.Context(), c, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	stopped := make(chan error, 1)
	go func() { stopped <- a.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return server{a, "http://" + listener.Addr().String()}
}

// token makes a user with the role on the whole installation, and a token for it.
func (s server) token(tb testing.TB, role auth.Role) string {
	tb.Helper()
	installation := auth.InstallationActor()
	user, err := s.Auth.CreateUser(tb.Context(), installation, string(role), string(role))
	if err != nil {
		tb.Fatal(err)
	}
	grant, err := s.Org.AddGrant(tb.Context(), installation, org.GrantInput{UserID: user.ID, Role: role, Reach: org.ReachSubtree})
	if err != nil {
		tb.Fatal(err)
	}
	_, token, err := s.Auth.IssueToken(tb.Context(), installation, auth.TokenInput{User: user.ID, GrantID: grant.ID, Name: "test"})
	if err != nil {
		tb.Fatal(err)
	}
	return token
}
