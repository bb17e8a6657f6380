package auth_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/testkit/experiment"
)

func (w world) engine(t *testing.T) *gin.Engine {
	t.Helper()
	engine, err := httpapi.New(httpapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	httpapi.Mount(engine, "/api/v1", auth.Guard(w.svc), append(w.svc.Routes(),
		httpapi.Route{Method: http.MethodPost, Path: "/touch", Permission: httpapi.SignedIn, Handler: func(c *gin.Context) error {
			return httpapi.JSON(c, http.StatusOK, httpapi.Principal(c))
		}}))
	return engine
}

func post(t *testing.T, engine http.Handler, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return send(t, engine, http.MethodPost, path, body, headers...)
}

func send(t *testing.T, engine http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, "/api/v1"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	engine.ServeHTTP(answer, request)
	return answer
}

func login(name, password string) string {
	body, _ := json.Marshal(map[string]any{"name": name, "password": password})
	return string(body)
}

// same is what of an answer must not tell one failure from another.
func same(answer *httptest.ResponseRecorder) string {
	header := answer.Header().Clone()
	header.Del("X-Request-Id")
	body := map[string]any{}
	_ = json.Unmarshal(answer.Body.Bytes(), &body)
	delete(body, "request_id")
	text, _ := json.Marshal([]any{answer.Code, header, body})
	return string(text)
}

// TestE43FailuresLookAlike is the first half of E-43; the long form times them too.
func TestE43FailuresLookAlike(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		if !experiment.Long() {
			w.svc.Cheap()
		}
		w.person(t, "known")
		gone := w.person(t, "gone")
		w.invited(t, "fresh") // has no password yet
		if err := w.change(t, gone.ID, func(ctx context.Context, tx *database.Tx, user auth.User) error {
			_, err := auth.EditUser(ctx, tx, auth.InstallationActor(), user, 1, disabled(true))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		engine := w.engine(t)
		want := ""
		differing, trials := 0, 0
		for range 7 { // the throttle answers alike, too
			var answers []string
			for _, body := range []string{login("unknown", goodWords), login("known", "x"), login("gone", goodWords), login("fresh", goodWords), login("\x00", "x")} {
				answers = append(answers, same(post(t, engine, "/login-sessions", body)))
				trials++
			}
			want = answers[0]
			for _, got := range answers[1:] {
				if got != want {
					differing++
					t.Error(cmp.Diff(want, got))
				}
			}
		}
		if !strings.Contains(want, "login_throttled") || !strings.Contains(want, "Retry-After") {
			t.Errorf("the last answer: %s", want)
		}
		if experiment.Long() {
			differing += w.timed(t)
			trials += 4 * timedTrials
		}
		experiment.Report(t, experiment.Result{ID: "E-43", Engine: string(w.db.Engine()), N: trials, Observed: differing, Pass: differing == 0})
	})
}

const timedTrials = 500

// timed compares how long refused logins take for names that are known, unknown, of a disabled account and of one without a password,
// shuffled; it returns how many of the medians lie more than 5 ms from that of the unknown name.
func (w world) timed(t *testing.T) int {
	t.Helper()
	took := map[string][]time.Duration{}
	names := slices.Repeat([]string{"unknown", "known", "gone", "fresh"}, timedTrials)
	rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		*w.now = w.now.Add(time.Hour)
		w.write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec("DELETE FROM login_failure").Error
		})
		start := time.Now()
		w.guess(t, name, "192.0.2.1")
		took[name] = append(took[name], time.Since(start))
	}
	median := map[string]time.Duration{}
	for name, times := range took {
		slices.Sort(times)
		median[name] = times[timedTrials/2]
	}
	t.Logf("medians: %v", median)
	far := 0
	for _, m := range median {
		if max(m-median["unknown"], median["unknown"]-m) > 5*time.Millisecond {
			far++
		}
	}
	return far
}

func TestCookie(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withKey()
		user := w.person(t, "bi.thu")
		engine := w.engine(t)
		body := `{"name":"bi.thu","password":"` + goodWords + `","cookie":true}`
		planted := "__Host-sid=scs_" + strings.Repeat("A", 43)
		answer := post(t, engine, "/login-sessions", body, "Cookie", planted)
		cookies := answer.Result().Cookies()
		if answer.Code != http.StatusCreated || len(cookies) != 2 {
			t.Fatalf("%d %v %s", answer.Code, cookies, answer.Body)
		}
		for i, name := range []string{"__Host-sid", "__Host-device"} {
			c := cookies[i]
			if c.Name != name || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%+v", c)
			}
		}
		sid := cookies[0].Name + "=" + cookies[0].Value
		if sid == planted {
			t.Error("the planted session was taken over")
		}
		for _, test := range []struct {
			what    string
			headers []string
			status  int
			code    string
		}{
			{"own page", []string{"Cookie", sid, "Sec-Fetch-Site", "same-origin"}, 200, "user:" + user.ID.String()},
			{"no browser", []string{"Cookie", sid}, 200, "user:"},
			{"another site", []string{"Cookie", sid, "Sec-Fetch-Site", "cross-site"}, 403, "cross_origin_request"},
			{"another origin", []string{"Cookie", sid, "Origin", "https://evil.example"}, 403, "cross_origin_request"},
			{"planted", []string{"Cookie", planted}, 401, "unauthenticated"},
			{"a bad header goes before a good cookie", []string{"Cookie", sid, "Authorization", "Bearer x"}, 401, "unauthenticated"},
			{"another header goes before a good cookie", []string{"Cookie", sid, "Authorization", "Basic x"}, 401, "unauthenticated"},
			{"as bearer", []string{"Authorization", "Bearer " + cookies[0].Value}, 200, "user:"},
		} {
			answer := post(t, engine, "/touch", "", test.headers...)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.code) ||
				test.status == 403 && answer.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %d %s", test.what, answer.Code, answer.Body)
			}
		}
		if got := post(t, engine, "/login-sessions?dry_run=true", body); got.Code != http.StatusBadRequest {
			t.Errorf("a login was rehearsed: %d", got.Code)
		}
		w.token(t, user.ID)
		again := post(t, engine, "/login-sessions", body, "Cookie", cookies[1].Name+"="+cookies[1].Value)
		if fresh := again.Result().Cookies(); len(fresh) != 1 || fresh[0].Value == cookies[0].Value {
			t.Errorf("from a known device: %v", fresh)
		}
	})
}
