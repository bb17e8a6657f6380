package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/config"
	"sochibo/internal/exchange"
	"sochibo/internal/org"
)

// server is the program over one database, in this process and on the loopback.
type server struct {
	app     *app.App
	handler http.Handler
	client  *http.Client
	address string
	token   string
	stop    func() error
}

// load makes a database, imports a folder of the shape into it and serves it.
func (b *bench) load(ctx context.Context, s store, name string, folder shape) (server, string, error) {
	b.say("%s: loading %s", s.engine, folder)
	dir, err := os.MkdirTemp(b.dir, "folder-")
	if err != nil {
		return server{}, "", err
	}
	if err := folder.write(dir); err != nil {
		return server{}, "", err
	}
	address, err := s.migrated(ctx, name)
	if err != nil {
		return server{}, "", err
	}
	served, err := serve(ctx, address)
	if err != nil {
		return server{}, "", err
	}
	if _, err := served.app.Exchange.Import(ctx, auth.InstallationActor(), os.DirFS(dir), exchange.ImportOptions{}); err != nil {
		return server{}, "", errors.Join(err, served.stop())
	}
	return served, address, os.RemoveAll(dir)
}

func serve(ctx context.Context, address string) (server, error) {
	c, err := config.Load(append(unlimited(), "SOCHIBO_DATABASE_URL="+address))
	if err != nil {
		return server{}, err
	}
	a, err := app.Open(ctx, c, "bench", slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		return server{}, err
	}
	handler, err := a.Handler()
	if err != nil {
		return server{}, errors.Join(err, a.Close())
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return server{}, errors.Join(err, a.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, listener) }()
	transport := &http.Transport{MaxIdleConnsPerHost: writers}
	stop := func() error {
		transport.CloseIdleConnections()
		cancel()
		return errors.Join(<-ended, a.Close())
	}
	return server{
		app: a, handler: handler, client: &http.Client{Transport: transport}, address: "http://" + listener.Addr().String(), stop: stop,
	}, nil
}

// admit makes a user with a role on the whole tree and keeps the token.
func (s *server) admit(ctx context.Context, role auth.Role) error {
	user, err := s.app.Auth.CreateUser(ctx, auth.InstallationActor(), string(role), "Nguyễn Văn An")
	if err != nil {
		return err
	}
	root, err := s.app.Org.ByCode(ctx, auth.InstallationActor(), rootCode)
	if err != nil {
		return err
	}
	in := org.GrantInput{UserID: user.ID, Role: role, Reach: org.ReachSubtree, OrganizationID: &root.ID}
	grant, err := s.app.Org.EnsureGrant(ctx, auth.InstallationActor(), in)
	if err != nil {
		return err
	}
	_, s.token, err = s.app.Auth.IssueToken(ctx, auth.InstallationActor(), auth.TokenInput{User: user.ID, GrantID: grant.ID, Name: "bench"})
	return err
}

func (s *server) request(ctx context.Context, method, target string, body []byte) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

// inside asks the handler, without a network.
func (s *server) inside(ctx context.Context, method, path string, body []byte, want int) error {
	request, err := s.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	if recorder.Code != want {
		return fmt.Errorf("%s %s: %d %s", method, path, recorder.Code, recorder.Body)
	}
	return nil
}

// outside asks over the loopback.
func (s *server) outside(ctx context.Context, method, path string, body []byte, want int) error {
	_, err := s.answer(ctx, method, path, body, want)
	return err
}

func (s *server) answer(ctx context.Context, method, path string, body []byte, want int) ([]byte, error) {
	request, err := s.request(ctx, method, s.address+path, body)
	if err != nil {
		return nil, err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	err = errors.Join(err, response.Body.Close())
	if err == nil && response.StatusCode != want {
		err = fmt.Errorf("%s %s: %s %s", method, path, response.Status, answer)
	}
	return answer, err
}
