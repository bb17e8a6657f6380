package auth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/testkit/dbtest"
)

// world is a store with a service and a clock that tests move.
type world struct {
	db  *database.DB
	svc *auth.Service
	now *time.Time
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			now := time.Date(2018, 1, 6, 20, 0, 0, 0, time.UTC)
			db := dbtest.Open(t, engine, database.Options{Now: func() time.Time { return now }})
			fn(t, world{db: db, svc: auth.New(db, calendar.Zone{}), now: &now})
		})
	}
}

func (w world) user(t *testing.T, name string) auth.User {
	t.Helper()
	user, err := w.svc.CreateUser(t.Context(), auth.InstallationActor(), name, "Nguyễn Văn A")
	if err != nil {
		t.Fatal(err)
	}
	return user
}

// grant writes a grant as the room to the right would.
func (w world) grant(t *testing.T, user auth.UserID) uuid.UUID {
	t.Helper()
	id := uuid.New()
	_, err := database.Write(t.Context(), w.db, func(tx *database.Tx) (struct{}, error) {
		const insert = `INSERT INTO role_grant (id, user_id, role, reach, valid_from, created_at) VALUES (?, ?, 'auditor', 'subtree', ?, ?)`
		return struct{}{}, database.Gorm(t.Context(), tx).Exec(insert, id, user, tx.Today(), tx.Now).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w world) token(t *testing.T, user auth.UserID) (auth.Token, string) {
	t.Helper()
	in := auth.TokenInput{User: user, GrantID: w.grant(t, user), Name: "máy của bí thư", ExpiresAt: w.now.Add(time.Hour)}
	token, plaintext, err := w.svc.IssueToken(t.Context(), auth.InstallationActor(), in)
	if err != nil {
		t.Fatal(err)
	}
	return token, plaintext
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		user := w.user(t, "bi.thu")
		got, err := w.svc.UserByName(t.Context(), "bi.thu")
		if err != nil || got.ID != user.ID || got.FullName != "Nguyễn Văn A" || !got.CreatedAt.Equal(*w.now) {
			t.Errorf("%+v, %v", got, err)
		}
		for code, input := range map[string][2]string{
			"user_name_taken": {"bi.thu", "B"},
			"user_invalid":    {"Bí thư", "\u202eA"},
		} {
			if _, err := w.svc.CreateUser(t.Context(), auth.InstallationActor(), input[0], input[1]); fault.CodeOf(err) != code {
				t.Errorf("%v: %v", input, err)
			}
		}
		if _, err := w.svc.CreateUser(t.Context(), auth.Actor{UserID: user.ID}, "b", "B"); !errors.Is(err, auth.ErrForbidden) {
			t.Errorf("a user made a user: %v", err)
		}
		if _, err := w.svc.UserByName(t.Context(), "nobody"); !errors.Is(err, auth.ErrUserUnknown) {
			t.Error(err)
		}
	})
}

func TestUserFaultsNameTheirFields(t *testing.T) {
	t.Parallel()
	svc := auth.New(dbtest.Open(t, database.SQLite, database.Options{}), calendar.Zone{})
	_, err := svc.CreateUser(t.Context(), auth.InstallationActor(), "A B", strings.Repeat("x", 201))
	f, ok := fault.As(err)
	if !ok || len(f.Fields) != 2 || f.Fields[0].Pointer != "/name" || f.Fields[1].Code != "text_too_long" {
		t.Errorf("%v", err)
	}
	if _, err = svc.CreateUser(t.Context(), auth.InstallationActor(), "a", " "); !strings.Contains(err.Error(), "/full_name: field_required") {
		t.Errorf("%v", err)
	}
}

func TestTokenLife(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		user := w.user(t, "bi.thu")
		token, plaintext := w.token(t, user.ID)
		actor, err := w.svc.Authenticate(t.Context(), plaintext)
		want := auth.Actor{UserID: user.ID, TokenID: token.ID, GrantID: token.GrantID, Name: "bi.thu"}
		if err != nil || actor != want {
			t.Errorf("%+v, %v", actor, err)
		}
		*w.now = w.now.Add(time.Hour)
		if _, err := w.svc.Authenticate(t.Context(), plaintext); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("an expired token: %v", err)
		}
		*w.now = w.now.Add(-time.Minute)
		for _, who := range []auth.Actor{{UserID: user.ID}, auth.InstallationActor()} {
			revoked, err := w.svc.RevokeToken(t.Context(), who, token.ID)
			if err != nil || revoked.RevokedAt == nil || !revoked.RevokedAt.Equal(*w.now) {
				t.Errorf("%+v, %v", revoked, err)
			}
		}
		if _, err := w.svc.Authenticate(t.Context(), plaintext); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("a revoked token: %v", err)
		}
		tokens, err := w.svc.ListTokens(t.Context(), actor, user.ID)
		if err != nil || len(tokens) != 1 || tokens[0].ID != token.ID {
			t.Errorf("%+v, %v", tokens, err)
		}
	})
}

func TestTokenOfOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		one, two := w.user(t, "one"), w.user(t, "two")
		token, _ := w.token(t, one.ID)
		stranger := auth.Actor{UserID: two.ID}
		if _, err := w.svc.RevokeToken(t.Context(), stranger, token.ID); !errors.Is(err, auth.ErrTokenUnknown) {
			t.Error(err)
		}
		if _, err := w.svc.ListTokens(t.Context(), stranger, one.ID); !errors.Is(err, auth.ErrForbidden) {
			t.Error(err)
		}
		for code, in := range map[string]auth.TokenInput{
			"grant_unknown": {User: two.ID, GrantID: token.GrantID, Name: "x"},
			"user_unknown":  {User: auth.NewUserID(), GrantID: token.GrantID, Name: "x"},
			"token_invalid": {User: one.ID, GrantID: token.GrantID, Name: " "},
			"token_expiry":  {User: one.ID, GrantID: token.GrantID, Name: "x", ExpiresAt: *w.now},
			"token_expiry ": {User: one.ID, GrantID: token.GrantID, Name: "x", ExpiresAt: w.now.Add(365*24*time.Hour + time.Second)},
		} {
			if _, _, err := w.svc.IssueToken(t.Context(), auth.InstallationActor(), in); fault.CodeOf(err) != strings.TrimSpace(code) {
				t.Errorf("%s: %v", code, err)
			}
		}
		in := auth.TokenInput{User: one.ID, GrantID: token.GrantID, Name: "x"}
		if _, _, err := w.svc.IssueToken(t.Context(), auth.Actor{UserID: one.ID}, in); !errors.Is(err, auth.ErrSessionNeeded) {
			t.Errorf("a token made a token: %v", err)
		}
	})
}

func TestDisabledUser(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		user := w.user(t, "bi.thu")
		_, plaintext := w.token(t, user.ID)
		_, err := database.Write(t.Context(), w.db, func(tx *database.Tx) (struct{}, error) {
			return struct{}{}, database.Gorm(t.Context(), tx).Exec("UPDATE user_account SET disabled_at = ?", tx.Now).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.svc.Authenticate(t.Context(), plaintext); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Error(err)
		}
	})
}

func TestGuard(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		user := w.user(t, "bi.thu")
		_, plaintext := w.token(t, user.ID)
		engine := mounted(t, w.svc)
		const challenge = `Bearer realm="sochibo"`
		tests := []struct {
			name, path, authorization string
			status                    int
			wantChallenge, body       string
		}{
			{"public", "/api/v1/open", "", 200, "", ""},
			{"public with a bad token", "/api/v1/open", "Bearer x", 200, "", ""},
			{"no token", "/api/v1/me", "", 401, challenge, "unauthenticated"},
			{"another scheme", "/api/v1/me", "Basic " + plaintext, 401, challenge, "unauthenticated"},
			{"bad token", "/api/v1/me", "Bearer " + plaintext[:len(plaintext)-1] + "~", 401, challenge, "unauthenticated"},
			{"token", "/api/v1/me", "Bearer " + plaintext, 200, "", "user:" + user.ID.String()},
			{"token, small letters", "/api/v1/me", "bearer  " + plaintext, 200, "", "user:" + user.ID.String()},
			{"middleware", "/plain", "", 401, challenge, "unauthenticated"},
			{"middleware with token", "/plain", "Bearer " + plaintext, 200, "", "bi.thu"},
		}
		for _, test := range tests {
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, test.path, nil)
			if test.authorization != "" {
				request.Header.Set("Authorization", test.authorization)
			}
			answer := httptest.NewRecorder()
			engine.ServeHTTP(answer, request)
			if answer.Code != test.status || answer.Header().Get("WWW-Authenticate") != test.wantChallenge ||
				!strings.Contains(answer.Body.String(), test.body) {
				t.Errorf("%s: %d %v %s", test.name, answer.Code, answer.Header(), answer.Body)
			}
		}
	})
}

func mounted(t *testing.T, svc *auth.Service) *gin.Engine {
	t.Helper()
	engine, err := httpapi.New(httpapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	httpapi.Mount(engine, "/api/v1", auth.Guard(svc), []httpapi.Route{
		{Method: http.MethodGet, Path: "/open", Permission: httpapi.Public, Handler: func(c *gin.Context) error {
			return httpapi.JSON(c, http.StatusOK, auth.Current(c).Name)
		}},
		{Method: http.MethodGet, Path: "/me", Permission: httpapi.SignedIn, Handler: func(c *gin.Context) error {
			return httpapi.JSON(c, http.StatusOK, httpapi.Principal(c))
		}},
	})
	engine.GET("/plain", auth.Authenticate(svc), func(c *gin.Context) { c.String(http.StatusOK, auth.Current(c).Name) })
	return engine
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	user := auth.Actor{UserID: auth.NewUserID()}
	if auth.InstallationActor().Principal() == user.Principal() || auth.InstallationActor().Editor() != nil || *user.Editor() != user.UserID {
		t.Error("actors are mixed up")
	}
}

func TestModelsMatchTables(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db, append(auth.Models(), auth.User{}, auth.Token{}, auth.Credential{}, auth.Session{})...)
	})
}
