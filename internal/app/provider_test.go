package app_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/provider"
)

const (
	publicURL   = "https://so.example.org"
	returnsTo   = publicURL + "/api/v1/login-exchanges/callback"
	tokenLife   = 2 * time.Minute
	callbackFor = "/login-exchanges/callback"
)

// The programs that the provider knows: this one, and one that is somebody else's.
var (
	ourClient   = provider.Client{ID: "sochibo", Secret: "of-sochibo", Redirect: returnsTo, AfterLogout: publicURL + "/bye", Lifetime: tokenLife}
	otherClient = provider.Client{ID: "other", Secret: "of-other", Redirect: "https://other.example.org/back", AfterLogout: "https://other.example.org/", Lifetime: tokenLife}
)

// provided is an installation whose people log in through a provider.
type provided struct {
	installation

	middle *provider.Middle
	ahead  *atomic.Int64 // how far the installation's clock is ahead of the provider's
	admin  client
}

// TestE45Provider lets people log in through a provider that nobody here wrote, and attackers try to.
func TestE45Provider(t *testing.T) {
	t.Parallel()
	program := provider.Build(t)
	for name, scene := range map[string]struct {
		change func(*config.Config)
		play   func(t *testing.T, in provided)
	}{
		"login": {nil, login}, "attacks": {nil, attacks}, "returns": {nil, returns}, "pages": {nil, pages},
		"factor": {func(c *config.Config) { c.OIDC.FactorAMR = []string{"otp", "pwd"} }, factor},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachProvided(t, program, scene.change, scene.play)
		})
	}
}

// eachProvided runs fn on every engine with a provider of its own.
func eachProvided(t *testing.T, program string, change func(*config.Config), fn func(t *testing.T, in provided)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			in := newProvided(t, engine, provider.Start(t, program, ourClient, otherClient), change)
			fn(t, in)
		})
	}
}

func newProvided(t *testing.T, engine database.Engine, middle *provider.Middle, change func(*config.Config)) provided {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	ahead := &atomic.Int64{}
	db := dbtest.Open(t, engine, database.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	c := config.Config{
		Zone: zone, LogKey: logKey(t), SecretKey: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=", PublicURL: publicURL, OIDC: config.OIDC{
			Issuer: middle.Issuer, ClientID: ourClient.ID, ClientSecret: config.Secret(ourClient.Secret), Name: "Cổng đăng nhập",
		},
	}
	if change != nil {
		change(&c)
	}
	in := installation{App: app.Over(db, c, "test", slog.New(slog.DiscardHandler))}
	if in.handler, err = in.Handler(); err != nil {
		t.Fatal(err)
	}
	return provided{installation: in, middle: middle, ahead: ahead, admin: in.as(t, auth.RoleAdministrator, "")}
}

// link links a person at the issuer to a new user and returns the user and the identity.
func (in provided) link(t *testing.T, issuer, subject string) (user auth.UserID, identity string) {
	t.Helper()
	user = in.user(t)
	body := fmt.Sprintf(`{"issuer":%q,"subject":%q}`, issuer, subject)
	made := apitest.NewCaller(in.handler, in.admin.token).Post(t, "/users/"+user.String()+"/identities", body).OK(t, http.StatusCreated)
	return user, made.Field(t, "id")
}

func (in provided) unlink(t *testing.T, user auth.UserID, identity string) {
	t.Helper()
	path := "/users/" + user.String() + "/identities/" + identity
	apitest.NewCaller(in.handler, in.admin.token).Do(t, http.MethodDelete, path, "").OK(t, http.StatusNoContent)
}

// visit is one login, as a browser lives it.
type visit struct {
	authorization string
	cookie        string // binds the login to the browser
}

// begin begins a login.
func (in provided) begin(t *testing.T) visit {
	t.Helper()
	begun := apitest.NewCaller(in.handler, "").Post(t, "/login-exchanges", `{"return_to":"/so?tab=2"}`).OK(t, http.StatusOK)
	return visit{begun.Field(t, "authorization_url"), cookieOf(begun, "__Host-login")}
}

// cookieOf returns a cookie that an answer sets, as a browser sends it, or nothing.
func cookieOf(answer apitest.Answer, name string) string {
	for _, set := range (&http.Response{Header: answer.Header}).Cookies() {
		if set.Name == name && set.MaxAge >= 0 && set.Secure && set.HttpOnly && set.SameSite == http.SameSiteLaxMode && set.Path == "/" {
			return set.Name + "=" + set.Value
		}
	}
	return ""
}

// changed is the authorization address with another parameter; nothing takes it out.
func (v visit) changed(t *testing.T, name, value string) string {
	t.Helper()
	u, err := url.Parse(v.authorization)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set(name, value)
	if value == "" {
		query.Del(name)
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// back brings a browser with the cookie back to the server.
func (in provided) back(t *testing.T, query url.Values, cookie string, headers ...string) apitest.Answer {
	t.Helper()
	if cookie != "" {
		headers = append(headers, "Cookie: "+cookie)
	}
	return apitest.NewCaller(in.handler, "").Do(t, http.MethodGet, callbackFor+"?"+query.Encode(), "", append(headers, "Sec-Fetch-Site: cross-site")...)
}

// logIn is a whole login of somebody at the provider.
func (in provided) logIn(t *testing.T, user string) apitest.Answer {
	t.Helper()
	v := in.begin(t)
	return in.back(t, in.middle.LogIn(t, v.authorization, user).Query(), v.cookie)
}

// session returns the session that an answer of the callback opens, or nothing.
func session(answer apitest.Answer) string {
	return strings.TrimPrefix(cookieOf(answer, "__Host-sid"), "__Host-sid=")
}

// enters logs in and fails the test where that opens no session.
func (in provided) enters(t *testing.T, user string) apitest.Caller {
	t.Helper()
	answer := in.logIn(t, user).OK(t, http.StatusSeeOther)
	if to := answer.Header.Get("Location"); to != "/so?tab=2" {
		t.Errorf("the login leads to %q", to)
	}
	caller := apitest.NewCaller(in.handler, session(answer))
	caller.Get(t, "/me").OK(t, http.StatusOK)
	return caller
}

// login logs in, sees who that is, logs out here and at the provider, and finds the leaves of it.
func login(t *testing.T, in provided) {
	t.Helper()
	stranger := apitest.NewCaller(in.handler, "")
	if told := stranger.Get(t, "/login-methods").OK(t, http.StatusOK).Text; told != `{"password":true,"provider":{"name":"Cổng đăng nhập"}}` {
		t.Errorf("ways to log in: %s", told)
	}
	user, identity := in.link(t, in.middle.Issuer, provider.SubjectOne)
	before := in.acts(t)
	caller := in.enters(t, provider.UserOne)
	if me := caller.Get(t, "/me").Text; !strings.Contains(me, user.String()) {
		t.Errorf("somebody else logged in: %s", me)
	}
	open := caller.Get(t, "/login-sessions").OK(t, http.StatusOK).JSON(t)["data"].([]any)[0].(map[string]any)
	if open["second_factor"] != false {
		t.Errorf("a password at the provider counts as a second factor: %v", open)
	}
	if again := in.enters(t, provider.UserOne); again == caller {
		t.Error("two logins share a session")
	}
	end := caller.Post(t, "/provider-logouts", `{"return_to":"/bye"}`).OK(t, http.StatusOK).Field(t, "end_session_url")
	caller.Get(t, "/me").Problem(t, http.StatusUnauthorized, "unauthenticated")
	if to := in.middle.Leave(t, end); to != publicURL+"/bye" {
		t.Errorf("logged out, the provider leads to %s", to)
	}
	other := in.enters(t, provider.UserOne)
	in.unlink(t, user, identity)
	other.Get(t, "/me").Problem(t, http.StatusUnauthorized, "unauthenticated")
	in.logIn(t, provider.UserOne).Problem(t, http.StatusForbidden, "identity_unlinked")
	for act, n := range map[string]int{"login.begin": 4, "login.attempt": 4, "login.open": 3, "login.close": 1, "identity.unlink": 1} {
		if got := in.acts(t)[act] - before[act]; got != n {
			t.Errorf("%d leaves of %s, want %d", got, act, n)
		}
	}
	in.verified(t)
}

// acts counts the leaves of each act.
func (in installation) acts(tb testing.TB) map[string]int {
	tb.Helper()
	counts := map[string]int{}
	_, err := database.Read(tb.Context(), in.DB(), func(tx *database.Tx) (int, error) {
		var contents []string
		err := database.Gorm(tb.Context(), tx).Raw("SELECT content FROM log_leaf").Scan(&contents).Error
		for _, content := range contents {
			_, act, _ := strings.Cut(content, `"act":"`)
			act, _, _ = strings.Cut(act, `"`)
			counts[act]++
		}
		return 0, err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return counts
}

// factor lets what the provider says of a second factor count where it is configured to.
func factor(t *testing.T, in provided) {
	t.Helper()
	in.link(t, in.middle.Issuer, provider.SubjectOne)
	caller := in.enters(t, provider.UserOne)
	open := caller.Get(t, "/login-sessions").OK(t, http.StatusOK).JSON(t)["data"].([]any)[0].(map[string]any)
	if open["second_factor"] != true {
		t.Errorf("a factor that is configured does not count: %v", open)
	}
}

// pages shows a refusal to a browser as a page in the reader's language, without anything in it that a stranger could plant.
func pages(t *testing.T, in provided) {
	t.Helper()
	v := in.begin(t)
	query := in.middle.LogIn(t, v.authorization, provider.UserOne).Query()
	page := askPage(t, in, query, v.cookie, "vi")
	for _, want := range []string{"<html lang=\"vi\">", "Chưa được liên kết", in.middle.Issuer, provider.SubjectOne, `href="/so?tab=2"`, "identity_unlinked"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q: %s", want, page)
		}
	}
	v = in.begin(t)
	state := url.Values{"state": {stateOf(t, v)}, "error": {`access_denied"><script>`}, "error_description": {"<b>x"}}
	if page = askPage(t, in, state, v.cookie, "en"); strings.Contains(page, "<script>") || strings.Contains(page, "<b>") || !strings.Contains(page, "unknown_error") {
		t.Errorf("the page shows what a stranger planted: %s", page)
	}
}

func stateOf(t *testing.T, v visit) string {
	t.Helper()
	u, err := url.Parse(v.authorization)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("state")
}

// TestProviderOwnAccount keeps an administrator from making another way into the own account, and two users from sharing one person.
func TestProviderOwnAccount(t *testing.T) {
	t.Parallel()
	eachInstallation(t, func(t *testing.T, in installation) {
		caller := apitest.NewCaller(in.handler, in.as(t, auth.RoleAdministrator, "").token)
		me, _ := caller.Get(t, "/me").JSON(t)["user"].(map[string]any)
		own, _ := me["id"].(string)
		const body = `{"issuer":"https://login.example.org","subject":"a b|c"}`
		caller.Post(t, "/users/"+own+"/identities", body).Problem(t, http.StatusForbidden, "own_identity")
		path := "/users/" + in.user(t).String() + "/identities"
		caller.Post(t, path, body).OK(t, http.StatusCreated)
		caller.Post(t, path, body).Problem(t, http.StatusConflict, "identity_taken")
		caller.Post(t, "/users/"+in.user(t).String()+"/identities", body).Problem(t, http.StatusConflict, "identity_taken")
		caller.Post(t, path, `{"issuer":"","subject":""}`).Problem(t, 422, "identity_invalid", "/issuer field_required", "/subject field_required")
		caller.Post(t, path, `{"issuer":"ftp://x","subject":"đỗ"}`).Problem(t, 422, "identity_invalid", "/issuer issuer_malformed", "/subject subject_malformed")
		caller.Do(t, http.MethodDelete, path+"/"+uuid.NewString(), "").Problem(t, http.StatusNotFound, "identity_unknown")
	})
}

// askPage comes back as a browser does and returns the page that it shows.
func askPage(t *testing.T, in provided, query url.Values, cookie, lang string) string {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1"+callbackFor+"?"+query.Encode(), http.NoBody)
	for name, value := range map[string]string{"Cookie": cookie, "Accept": "text/html,application/xhtml+xml;q=0.9", "Accept-Language": lang} {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	in.handler.ServeHTTP(recorder, request)
	header := recorder.Header()
	if recorder.Code != http.StatusForbidden || !strings.HasPrefix(header.Get("Content-Type"), "text/html") || header.Get("Content-Security-Policy") == "" {
		t.Errorf("%d %v", recorder.Code, header)
	}
	return recorder.Body.String()
}
