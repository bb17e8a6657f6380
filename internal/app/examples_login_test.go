package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
)

// person is the one of the examples who logs in; each answer gives what the next request needs.
type person struct {
	story

	in     installation
	caller apitest.Caller
}

// ask sends an example with some of its members replaced by what earlier answers gave.
func (p person) ask(t *testing.T, method, path, example string, status int, replaced ...string) apitest.Answer {
	t.Helper()
	body := ""
	if example != "" {
		members := map[string]any{}
		if err := json.Unmarshal([]byte(p.examples[example]), &members); err != nil {
			t.Fatalf("%s.json: %v", example, err)
		}
		for i := 0; i < len(replaced); i += 2 {
			members[replaced[i]] = replaced[i+1]
		}
		text, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		body = string(text)
	}
	answer := p.caller.Do(t, method, path, body).OK(t, status)
	if example != "" && answer.Operation != example {
		t.Errorf("the example %s.json is for %s", example, answer.Operation)
	}
	p.operations[answer.Operation] = true
	return answer
}

// loggedIn returns the person in a new session.
func (p person) loggedIn(t *testing.T, replaced ...string) person {
	t.Helper()
	p.caller = apitest.NewCaller(p.in.handler, "")
	opened := p.ask(t, post, "/login-sessions", "openLoginSession", http.StatusCreated, replaced...)
	if cookies := opened.Header.Values("Set-Cookie"); len(cookies) == 0 || !strings.HasPrefix(cookies[0], "__Host-sid=scs_") {
		t.Errorf("cookies: %v", cookies)
	}
	p.caller = apitest.NewCaller(p.in.handler, opened.Field(t, "token"))
	return p
}

// tellLogin tells how a user is made, logs in, and goes. It comes last: where people log in, tokens do not accept records any more.
func (s story) tellLogin(t *testing.T, in installation) {
	t.Helper()
	p := person{story: s, in: in, caller: s.callers[asAdministrator]}
	made := p.ask(t, post, "/users", "createUser", http.StatusCreated)
	user, _ := made.JSON(t)["user"].(map[string]any)
	id, _ := user["id"].(string)
	p.ask(t, get, "/users?name=nguyen.van.an", "", http.StatusOK)
	etag := p.ask(t, get, "/users/"+id, "", http.StatusOK).ETag()
	p.operations[p.caller.Patch(t, "/users/"+id, etag, s.examples["editUser"]).OK(t, http.StatusOK).Operation] = true
	code := p.ask(t, post, "/users/"+id+"/password-reset", "", http.StatusOK).Field(t, "one_time_code")

	p.tellIdentity(t, "/users/"+id+"/identities")
	stranger := p
	stranger.caller = apitest.NewCaller(in.handler, "")
	stranger.ask(t, post, "/password-settings", "setPassword", http.StatusNoContent, "code", code)
	p = p.loggedIn(t)
	p.ask(t, post, "/login-sessions/current/confirmation", "confirmLoginSession", http.StatusOK)
	p.ask(t, get, "/login-sessions", "", http.StatusOK)
	p.tellToken(t, auth.UserID{UUID: uuid.MustParse(id)})
	p.tellTotp(t)
	p.ask(t, post, "/me/password", "changePassword", http.StatusNoContent)
	p = p.loggedIn(t, "password", "năm con nghé vàng về làng")
	other := p.loggedIn(t, "password", "năm con nghé vàng về làng")
	for _, session := range other.ask(t, get, "/login-sessions?limit=1", "", http.StatusOK).Rows(t, "id") {
		other.ask(t, http.MethodDelete, "/login-sessions/"+session, "", http.StatusNoContent)
	}
	p.caller.Get(t, "/me").Problem(t, http.StatusUnauthorized, "unauthenticated")
	other.ask(t, post, "/provider-logouts", "leaveProvider", http.StatusNotFound)
	other.ask(t, http.MethodDelete, "/login-sessions/current", "", http.StatusNoContent)
	other.caller.Get(t, "/me").Problem(t, http.StatusUnauthorized, "unauthenticated")
}

// tellIdentity tells how an identity is linked and taken away. Here is no provider, so that nobody logs in through one: that is told, with
// a real one, by TestE45Provider.
func (p person) tellIdentity(t *testing.T, path string) {
	t.Helper()
	p.ask(t, post, path, "linkIdentity", http.StatusCreated)
	for _, linked := range p.ask(t, get, path, "", http.StatusOK).Rows(t, "id") {
		p.ask(t, http.MethodDelete, path+"/"+linked, "", http.StatusNoContent)
	}
	p.ask(t, get, "/login-methods", "", http.StatusOK)
	p.ask(t, post, "/login-exchanges", "beginLoginExchange", http.StatusNotFound)
	p.ask(t, get, "/login-exchanges/callback?state=x&code=y", "", http.StatusNotFound)
}

func (p person) tellToken(t *testing.T, user auth.UserID) {
	t.Helper()
	grant, err := p.in.Org.AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
		UserID: user, Role: auth.RoleAuditor, From: calendar.MustDate("2018-01-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.tellFeed(t, grant.ID.String())
	issued := p.ask(t, post, "/tokens", "issueToken", http.StatusCreated, "grant_id", grant.ID.String())
	token := apitest.NewCaller(p.in.handler, issued.Field(t, "secret"))
	token.Get(t, "/me").OK(t, http.StatusOK)
	token.Post(t, "/tokens", `{"name":"x","grant_id":"`+grant.ID.String()+`"}`).Problem(t, http.StatusForbidden, "login_session_needed")
	for _, id := range p.ask(t, get, "/tokens", "", http.StatusOK).Rows(t, "id") {
		p.ask(t, http.MethodDelete, "/tokens/"+id, "", http.StatusNoContent)
	}
	token.Get(t, "/me").Problem(t, http.StatusUnauthorized, "unauthenticated")
}

// tellFeed opens a calendar feed, reads it as a stranger, and closes it.
func (p person) tellFeed(t *testing.T, grant string) {
	t.Helper()
	opened := p.ask(t, post, "/calendar-feeds", "openCalendarFeed", http.StatusCreated, "grant_id", grant)
	address := strings.TrimPrefix(opened.Field(t, "path"), "/api/v1")
	stranger := p
	stranger.caller = apitest.NewCaller(p.in.handler, "")
	read := stranger.ask(t, get, address, "", http.StatusOK)
	if !strings.HasPrefix(read.Text, "BEGIN:VCALENDAR\r\n") || read.ETag() == "" {
		t.Errorf("%s", read)
	}
	stranger.caller.Do(t, get, address, "", "If-None-Match: "+read.ETag()).OK(t, http.StatusNotModified)
	for _, id := range p.ask(t, get, "/calendar-feeds", "", http.StatusOK).Rows(t, "id") {
		p.ask(t, http.MethodDelete, "/calendar-feeds/"+id, "", http.StatusNoContent)
	}
	stranger.caller.Get(t, address).Problem(t, http.StatusNotFound, "calendar_feed_unknown")
}

func (p person) tellTotp(t *testing.T) {
	t.Helper()
	secret := p.ask(t, post, "/me/totp", "", http.StatusOK).Field(t, "secret")
	code, err := totp.GenerateCode(secret, p.in.DB().Now())
	if err != nil {
		t.Fatal(err)
	}
	codes, _ := p.ask(t, post, "/me/totp/confirmation", "confirmTotp", http.StatusOK, "code", code).JSON(t)["recovery_codes"].([]any)
	if len(codes) == 0 {
		t.Fatal("no recovery codes")
	}
	recovery, _ := codes[0].(string)
	p.ask(t, post, "/me/totp/removal", "removeTotp", http.StatusNoContent, "recovery_code", recovery)
}
