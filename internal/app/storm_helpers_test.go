package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/app"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

// installation is the whole program over a store of its own, called without a socket.
type installation struct {
	*app.App

	handler http.Handler
	failed  *failures
}

// secretKey seals what only the program may read.
const secretKey config.Secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="

// eachInstallation runs fn on every engine with a fresh installation.
func eachInstallation(t *testing.T, fn func(t *testing.T, in installation)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		in := newInstallation(t, db)
		fn(t, in)
		in.failed.report(t)
	})
}

func newInstallation(t *testing.T, db *database.DB) installation {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	failed := &failures{}
	in := installation{App: app.Over(db, config.Config{Zone: zone, LogKey: logKey(t), SecretKey: secretKey}, "test", slog.New(failed)), failed: failed}
	if in.handler, err = in.Handler(); err != nil {
		t.Fatal(err)
	}
	return in
}

// logKey makes a key that signs checkpoints.
func logKey(tb testing.TB) config.Secret {
	tb.Helper()
	secret, _, err := audit.NewKey("sochibo.test/log")
	if err != nil {
		tb.Fatal(err)
	}
	return config.Secret(secret)
}

// importSample loads the sample.
func (in installation) importSample(tb testing.TB) {
	tb.Helper()
	if _, err := in.Exchange.Import(tb.Context(), auth.InstallationActor(), exchange.Sample(), exchange.ImportOptions{}); err != nil {
		tb.Fatal(err)
	}
}

// as returns somebody new with the role on the organisation and below; none means the installation.
func (in installation) as(tb testing.TB, role auth.Role, organization string) client {
	tb.Helper()
	return in.acting(tb, in.user(tb), role, organization)
}

// user makes somebody who may do nothing yet.
func (in installation) user(tb testing.TB) auth.UserID {
	tb.Helper()
	user, err := in.Auth.CreateUser(tb.Context(), auth.InstallationActor(), "u-"+uuid.NewString(), "Nguyễn Văn Thử")
	if err != nil {
		tb.Fatal(err)
	}
	return user.ID
}

// acting gives a user the role and returns the user in it.
func (in installation) acting(tb testing.TB, user auth.UserID, role auth.Role, organization string) client {
	tb.Helper()
	grant := org.GrantInput{UserID: user, Role: role, Reach: org.ReachSubtree, From: calendar.MustDate("2010-01-01")}
	if organization != "" {
		id := org.ID{UUID: uuid.MustParse(organization)}
		grant.OrganizationID = &id
	}
	granted, err := in.Org.AddGrant(tb.Context(), auth.InstallationActor(), grant)
	if err != nil {
		tb.Fatal(err)
	}
	_, token, err := in.Auth.IssueToken(tb.Context(), auth.InstallationActor(), auth.TokenInput{User: user, GrantID: granted.ID, Name: "test"})
	if err != nil {
		tb.Fatal(err)
	}
	return client{handler: in.handler, token: token}
}

// verified fails the test if the books do not add up.
func (in installation) verified(tb testing.TB) {
	tb.Helper()
	found, err := in.Verify(tb.Context(), app.VerifyOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	for _, mismatch := range found {
		tb.Errorf("%s: %s", mismatch.Place, mismatch.Detail)
	}
}

// count returns the number a query gives.
func (in installation) count(tb testing.TB, query string, args ...any) int64 {
	tb.Helper()
	n, err := database.Read(tb.Context(), in.DB(), func(tx *database.Tx) (n int64, err error) {
		return n, database.Gorm(tb.Context(), tx).Raw(query, args...).Scan(&n).Error
	})
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// rows returns how many rows each table has, but for that of the accesses, which grows with every look at it.
func (in installation) rows(tb testing.TB) map[string]int64 {
	tb.Helper()
	rows := map[string]int64{}
	for _, column := range dbtest.Columns(tb, in.DB()) {
		if _, done := rows[column.Table]; !done {
			rows[column.Table] = in.count(tb, `SELECT count(*) FROM "`+column.Table+`"`)
		}
	}
	delete(rows, "access_entry")
	return rows
}

// client sends requests with a token. It may be used from several goroutines.
type client struct {
	handler http.Handler
	token   string
}

// send sends a request below /api/v1; headers are given as "Name: value", and one without a value is left out.
func (c client) send(ctx context.Context, method, path, body string, headers ...string) apitest.Answer {
	request := httptest.NewRequestWithContext(ctx, method, "/api/v1"+path, strings.NewReader(body))
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ":")
		request.Header.Del(name)
		if value = strings.TrimSpace(value); value != "" {
			request.Header.Add(name, value)
		}
	}
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, request)
	return apitest.Answer{Status: recorder.Code, Header: recorder.Header(), Text: recorder.Body.String()}
}

// must sends a request that has to be answered with the status.
func (c client) must(tb testing.TB, status int, method, path, body string, headers ...string) apitest.Answer {
	tb.Helper()
	answer := c.send(tb.Context(), method, path, body, headers...)
	if answer.Status != status {
		tb.Fatalf("%s %s %s: want status %d, got %d %s", method, path, body, status, answer.Status, answer.Text)
	}
	return answer
}

// create posts a body and returns the new id.
func (c client) create(tb testing.TB, path, body string, args ...any) string {
	tb.Helper()
	return c.must(tb, http.StatusCreated, http.MethodPost, path, fmt.Sprintf(body, args...)).Field(tb, "id")
}

// failures keeps the log lines of requests that failed for a fault of ours, so that a test can say why.
type failures struct {
	mu    sync.Mutex
	lines []string
}

// Enabled takes errors alone.
func (f *failures) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

// Handle keeps a line.
func (f *failures) Handle(_ context.Context, record slog.Record) error {
	var line strings.Builder
	line.WriteString(record.Message)
	record.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(&line, " %s=%s", a.Key, a.Value)
		return true
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines = append(f.lines, line.String())
	return nil
}

// WithAttrs needs to keep nothing: the program gives its logger no attributes.
func (f *failures) WithAttrs([]slog.Attr) slog.Handler { return f }

// WithGroup needs to keep nothing.
func (f *failures) WithGroup(string) slog.Handler { return f }

// forget drops the lines of failures that were meant.
func (f *failures) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines = nil
}

// report fails the test for every line, the first ones in full.
func (f *failures) report(tb testing.TB) {
	tb.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, line := range f.lines {
		if i == 10 {
			tb.Errorf("and %d more", len(f.lines)-i)
			break
		}
		tb.Error(line)
	}
}
