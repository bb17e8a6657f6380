package identity_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/identity"
	"sochibo/internal/testkit/dbtest"
)

// metadata is what a provider at the address says about itself.
func metadata(issuer string) map[string]any {
	return map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/keys",
		"end_session_endpoint": issuer + "/logout?x=1",
	}
}

// place is where a provider could be: what answers there can change.
type place struct {
	*httptest.Server

	answer atomic.Pointer[http.HandlerFunc]
	asked  atomic.Int64
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{}
	p.says(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusBadGateway) })
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		(*p.answer.Load())(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *place) says(answer http.HandlerFunc) { p.answer.Store(&answer) }

func (p *place) tells(v any) {
	p.says(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(v) })
}

// eachPlace runs fn with a service whose provider is nowhere yet, and a clock to move.
func eachPlace(t *testing.T, fn func(t *testing.T, s *identity.Service, p *place, wait func(time.Duration))) {
	t.Helper()
	var at atomic.Int64
	at.Store(time.Date(2018, 5, 10, 5, 0, 0, 0, time.UTC).UnixNano())
	dbtest.EachOpt(t, database.Options{Now: func() time.Time { return time.Unix(0, at.Load()) }}, func(t *testing.T, db *database.DB) {
		p := newPlace(t)
		s := identity.New(db, identity.Settings{
			Issuer: p.URL, ClientID: "sochibo", ClientSecret: "x", Name: "x", PublicURL: "https://so.example.org",
			ReturnOrigins: []string{"https://trang.example.org"}, FactorACR: []string{"mfa", "phr"},
		})
		fn(t, s, p, func(span time.Duration) { at.Add(int64(span)) })
	})
}

// TestProviderIsFoundLater begins logins while the provider is away, comes, and goes.
func TestProviderIsFoundLater(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, s *identity.Service, p *place, wait func(time.Duration)) {
		for range 3 {
			_, err := s.Begin(t.Context(), "/", "192.0.2.1")
			if f, ok := fault.As(err); !ok || !errors.Is(err, identity.ErrProviderDown) || f.RetryAfter != 5*time.Second {
				t.Fatalf("a provider that is away: %v", err)
			}
		}
		if n := p.asked.Load(); n != 1 {
			t.Errorf("a provider that is away was asked %d times within a moment", n)
		}
		p.tells(metadata(p.URL))
		wait(6 * time.Second)
		begun, err := s.Begin(t.Context(), "https://trang.example.org/so", "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(begun.URL)
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		for name, want := range map[string]string{
			"client_id": "sochibo", "response_type": "code", "scope": "openid", "code_challenge_method": "S256", "acr_values": "mfa phr",
			"redirect_uri": "https://so.example.org/api/v1/login-exchanges/callback",
		} {
			if query.Get(name) != want {
				t.Errorf("%s is %q, want %q", name, query.Get(name), want)
			}
		}
		for _, drawn := range []string{query.Get("state"), query.Get("nonce"), query.Get("code_challenge"), begun.Browser} {
			if len(drawn) < 26 {
				t.Errorf("%q is too short to be drawn", drawn)
			}
		}
		p.says(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusBadGateway) })
		wait(2 * time.Hour)
		if _, err := s.Begin(t.Context(), "/", "192.0.2.1"); err != nil {
			t.Errorf("what the provider said last does not hold: %v", err)
		}
	})
}

// TestProviderIsNotBelieved finds providers whose metadata lead astray.
func TestProviderIsNotBelieved(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, s *identity.Service, p *place, wait func(time.Duration)) {
		elsewhere := newPlace(t)
		elsewhere.tells(metadata(p.URL))
		with := func(name, value string) func() {
			return func() {
				changed := metadata(p.URL)
				changed[name] = value
				p.tells(changed)
			}
		}
		for name, prepare := range map[string]func(){
			"redirect": func() {
				p.says(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
			},
			"no end":          func() { p.tells(map[string]any{"issuer": strings.Repeat("x", 2<<20)}) },
			"another issuer":  with("issuer", "https://login.example.net"),
			"plain token":     with("token_endpoint", "http://login.example.net/token"),
			"plain keys":      with("jwks_uri", "http://login.example.net/keys"),
			"plain authorize": with("authorization_endpoint", "http://login.example.net/authorize"),
			"a script":        with("authorization_endpoint", "javascript:alert(1)"),
			"nothing":         func() { p.tells(map[string]any{}) },
			"no JSON":         func() { p.says(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }) },
		} {
			prepare()
			wait(6 * time.Second)
			if _, err := s.Begin(t.Context(), "/", "192.0.2.1"); !errors.Is(err, identity.ErrProviderDown) || strings.Contains(err.Error(), "xxxx") || strings.Contains(err.Error(), "<html>") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := elsewhere.asked.Load(); n != 0 {
			t.Errorf("a redirect was followed")
		}
	})
}

// TestProviderFailsLater breaks the provider between the beginning of a login and its end.
func TestProviderFailsLater(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, s *identity.Service, p *place, _ func(time.Duration)) {
		for _, test := range []struct {
			status int
			body   string
			want   error
			reason string
		}{
			{http.StatusInternalServerError, `{}`, identity.ErrProviderDown, ""},
			{http.StatusBadRequest, `{"error":"invalid_grant"}`, identity.ErrIdentityRefused, "invalid_grant"},
			{http.StatusBadRequest, `{"error":"Đỗ Thị Bí Mật"}`, identity.ErrIdentityRefused, "unknown_error"},
			{http.StatusOK, `{"access_token":"x","token_type":"Bearer"}`, identity.ErrIdentityRefused, "id_token"},
			{http.StatusOK, `{"id_token":"x"}`, identity.ErrIdentityRefused, "tokens"},
			{http.StatusOK, `<html>`, identity.ErrIdentityRefused, "tokens"},
			{http.StatusFound, ``, identity.ErrIdentityRefused, "unknown_error"},
		} {
			p.tells(metadata(p.URL))
			begun, err := s.Begin(t.Context(), "/", "192.0.2.1")
			if err != nil {
				t.Fatal(err)
			}
			p.says(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("Location", "https://login.example.net/")
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			u, _ := url.Parse(begun.URL)
			_, to, err := s.Finish(t.Context(), identity.Return{State: u.Query().Get("state"), Code: "x", Browser: begun.Browser, Address: "192.0.2.1"})
			f, _ := fault.As(err)
			if !errors.Is(err, test.want) || to != "/" || test.reason != "" && f.Args["reason"] != test.reason || strings.Contains(err.Error(), "Bí Mật") {
				t.Errorf("%d %s: %v", test.status, test.body, err)
			}
		}
	})
}

// TestLoginIsOff answers everything with one fault where no provider is configured, and slows down strangers where one is.
func TestLoginIsOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		off := identity.New(db, identity.Settings{})
		_, begin := off.Begin(t.Context(), "/", "192.0.2.1")
		_, _, finish := off.Finish(t.Context(), identity.Return{})
		_, leave := off.Leave(t.Context(), auth.Actor{}, "/")
		if !errors.Is(begin, identity.ErrOff) || !errors.Is(finish, identity.ErrOff) || !errors.Is(leave, auth.ErrSessionNeeded) {
			t.Errorf("%v, %v, %v", begin, finish, leave)
		}
	})
	eachPlace(t, func(t *testing.T, s *identity.Service, p *place, _ func(time.Duration)) {
		p.tells(metadata(p.URL))
		heard := 0
		for range 610 {
			if _, _, err := s.Finish(t.Context(), identity.Return{State: "x", Address: "192.0.2.1"}); !errors.Is(err, auth.ErrThrottled) {
				heard++
			}
		}
		if heard != 600 {
			t.Errorf("%d attempts of one network were heard in an hour", heard)
		}
	})
}

func TestTablesMatchModels(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { dbtest.Drift(t, db, identity.Identity{}, identity.Exchange{}) })
}
