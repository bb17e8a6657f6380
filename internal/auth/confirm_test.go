package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/testkit/experiment"
)

const window = 5 * time.Minute

// withFreshProof is withKey where weighty acts need a proof of the last five minutes.
func (w world) withFreshProof() world {
	w.svc = auth.NewWith(w.db, auth.Settings{SecretKey: []byte(secretKey), RequireTOTP: true, FreshProof: window})
	w.svc.Cheap()
	return w
}

// again returns who acts in the session now.
func (w world) again(t *testing.T, o auth.Opened) auth.Actor {
	t.Helper()
	actor, err := w.svc.Authenticate(t.Context(), o.Token)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// withTotp turns one-time passwords on and returns what makes them, and a recovery code.
func (w world) withTotp(t *testing.T, actor auth.Actor) (code func() string, recovery string) {
	t.Helper()
	enrolment, err := w.svc.EnrolTotp(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	code = func() string {
		t.Helper()
		*w.now = w.now.Add(30 * time.Second) // each is good once
		code, err := totp.GenerateCode(enrolment.Secret, *w.now)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	codes, err := w.svc.ConfirmTotp(t.Context(), actor, code())
	if err != nil {
		t.Fatal(err)
	}
	return code, codes[0]
}

func (w world) confirm(t *testing.T, actor auth.Actor, in auth.Confirmation) string {
	t.Helper()
	in.Address = "192.0.2.1"
	_, err := w.svc.ConfirmSession(t.Context(), actor, in)
	return fault.CodeOf(err)
}

// TestStaleProof is the second part of E-41: no weighty act in a session whose last proof is too old, whatever else was done in it.
func TestStaleProof(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withFreshProof()
		user := w.person(t, "cap.tren")
		engine := w.weighing(t)
		opened, _ := w.in(t, "cap.tren")
		tried, wrong := 0, 0
		try := func(what, token string, stale bool) {
			for _, p := range append(auth.Permissions(), httpapi.SignedIn) {
				for _, method := range []string{http.MethodGet, http.MethodPost} {
					tried++
					want := stale && method == http.MethodPost && auth.Weighty(p)
					if got := ask(t, engine, method, "/weigh/"+string(p), token); got != want {
						wrong++
						t.Errorf("%s, %s by %s: refused is %t", what, method, p, got)
					}
				}
			}
		}
		move := func(by time.Duration) { *w.now = w.now.Add(by) }
		try("just opened", opened.Token, false)
		move(window)
		try("five minutes later", opened.Token, false)
		move(time.Second)
		try("a second more", opened.Token, true)
		actor := w.again(t, opened)
		if got := w.confirm(t, actor, auth.Confirmation{Password: otherWord}); got != "login_refused" {
			t.Errorf("with a wrong password: %q", got)
		}
		try("after a wrong proof", opened.Token, true)
		if got := w.confirm(t, actor, auth.Confirmation{Password: goodWords}); got != "" {
			t.Errorf("with the password: %q", got)
		}
		try("confirmed", opened.Token, false)
		move(window + time.Second)
		try("and too old again", opened.Token, true)
		_, token := w.token(t, user.ID)
		move(2 * window)
		try("a token knows no proof", token, false)
		experiment.Report(t, experiment.Result{ID: "E-41", Engine: string(w.db.Engine()), N: tried, Observed: wrong, Pass: wrong == 0})

		w = w.withKey() // the setting is off
		if actor := w.again(t, opened); actor.CheckProof() != nil {
			t.Error("without the setting a proof grows old")
		}
	})
}

// weighing serves a route for each permission that answers 200 to those who are let in.
func (w world) weighing(t *testing.T) *gin.Engine {
	t.Helper()
	engine, err := httpapi.New(httpapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var routes []httpapi.Route
	for _, p := range append(auth.Permissions(), httpapi.SignedIn) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			routes = append(routes, httpapi.Route{Method: method, Path: "/weigh/" + string(p), Permission: p, Handler: func(c *gin.Context) error {
				return httpapi.JSON(c, http.StatusOK, p)
			}})
		}
	}
	httpapi.Mount(engine, "/api/v1", auth.Guard(w.svc), routes)
	return engine
}

// ask reports whether the request was refused for want of a fresh proof.
func ask(t *testing.T, engine http.Handler, method, path, token string) bool {
	t.Helper()
	answer := send(t, engine, method, path, "", "Authorization", "Bearer "+token)
	switch {
	case answer.Code == http.StatusOK:
		return false
	case answer.Code == http.StatusForbidden && strings.Contains(answer.Body.String(), `"fresh_proof_needed"`) &&
		strings.Contains(answer.Body.String(), "POST /api/v1/login-sessions/current/confirmation"):
		return true
	}
	t.Fatalf("%s %s: %d %s", method, path, answer.Code, answer.Body)
	return false
}

func TestConfirmation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withFreshProof()
		user := w.person(t, "cap.tren")
		opened, actor := w.in(t, "cap.tren")
		enrolled, err := w.svc.EnrolTotp(t.Context(), actor)
		if err != nil {
			t.Fatal(err)
		}
		unconfirmed, err := totp.GenerateCode(enrolled.Secret, *w.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.confirm(t, actor, auth.Confirmation{TOTP: unconfirmed}); got != "login_refused" {
			t.Errorf("by a secret that counts for nothing yet: %q", got)
		}
		code, recovery := w.withTotp(t, actor)
		for _, step := range []struct {
			what string
			in   func() auth.Confirmation
			want string
		}{
			{"nothing", func() auth.Confirmation { return auth.Confirmation{} }, "confirmation_invalid"},
			{"a wrong code", func() auth.Confirmation { return auth.Confirmation{TOTP: "000000"} }, "login_refused"},
			{"a code", func() auth.Confirmation { return auth.Confirmation{TOTP: code()} }, ""},
			{"the right password and a wrong code", func() auth.Confirmation { return auth.Confirmation{Password: goodWords, TOTP: "000000"} }, "login_refused"},
			{"a wrong password and a right code", func() auth.Confirmation { return auth.Confirmation{Password: otherWord, TOTP: code()} }, "login_refused"},
			{"both", func() auth.Confirmation { return auth.Confirmation{Password: goodWords, TOTP: code()} }, ""},
			{"a recovery code", func() auth.Confirmation { return auth.Confirmation{RecoveryCode: recovery} }, ""},
			{"the recovery code again", func() auth.Confirmation { return auth.Confirmation{RecoveryCode: recovery} }, "login_refused"},
		} {
			*w.now = w.now.Add(time.Minute)
			if got := w.confirm(t, actor, step.in()); got != step.want {
				t.Errorf("%s: %q, want %q", step.what, got, step.want)
			}
		}
		if got := w.confirm(t, auth.Actor{UserID: user.ID, TokenID: uuid.New(), Name: user.Name}, auth.Confirmation{Password: goodWords}); got != "login_session_needed" {
			t.Errorf("with a token: %q", got)
		}
		if _, err := w.svc.Logout(t.Context(), w.again(t, opened)); err != nil {
			t.Fatal(err)
		}
		if got := w.confirm(t, actor, auth.Confirmation{Password: goodWords}); got != "unauthenticated" {
			t.Errorf("after logging out: %q", got)
		}
	})
}

// TestConfirmationMakesASecondFactor: a session that was opened without a one-time password becomes one with it.
func TestConfirmationMakesASecondFactor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withFreshProof()
		w.person(t, "cap.tren")
		opened, actor := w.in(t, "cap.tren")
		code, _ := w.withTotp(t, actor)
		w.write(t, func(ctx context.Context, tx *database.Tx) error { // as somebody else's login page would have opened it
			return database.Gorm(ctx, tx).Exec("UPDATE login_session SET second_factor = ? WHERE id = ?", false, opened.Session.ID).Error
		})
		may := func() string {
			_, err := database.Read(t.Context(), w.db, func(tx *database.Tx) (struct{}, error) {
				return struct{}{}, auth.CheckFactor(t.Context(), tx, w.again(t, opened), auth.MeetingReceive)
			})
			return fault.CodeOf(err)
		}
		if got := w.confirm(t, actor, auth.Confirmation{Password: goodWords}) + may(); got != "second_factor_required" {
			t.Errorf("by the password: %q", got)
		}
		if got := w.confirm(t, actor, auth.Confirmation{TOTP: code()}) + may(); got != "" {
			t.Errorf("by a one-time password: %q", got)
		}
		if got := w.confirm(t, actor, auth.Confirmation{Password: goodWords}) + may(); got != "" {
			t.Errorf("by the password afterwards: %q", got)
		}
	})
}

// TestStaleSessionGetsNoSecret: whoever found an open session neither makes a token nor a secret to prove by.
func TestStaleSessionGetsNoSecret(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withFreshProof()
		user := w.person(t, "cap.tren")
		opened, _ := w.in(t, "cap.tren")
		*w.now = w.now.Add(window + time.Second)
		actor := w.again(t, opened)
		_, _, issued := w.svc.IssueToken(t.Context(), actor, auth.TokenInput{User: user.ID, GrantID: w.grant(t, user.ID), Name: "x"})
		_, enrolled := w.svc.EnrolTotp(t.Context(), actor)
		_, confirmed := w.svc.ConfirmTotp(t.Context(), actor, "000000")
		for what, err := range map[string]error{"a token": issued, "a secret": enrolled, "one-time passwords on": confirmed} {
			if !errors.Is(err, auth.ErrProofNeeded) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// TestConfirmationIsThrottled: wrong proofs count with wrong logins, and the other way round.
func TestConfirmationIsThrottled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withFreshProof()
		w.person(t, "mot")
		w.person(t, "hai")
		_, one := w.in(t, "mot")
		_, two := w.in(t, "hai")
		for range 5 {
			if got := w.confirm(t, one, auth.Confirmation{TOTP: "000000"}); got != "login_refused" {
				t.Errorf("a wrong proof: %q", got)
			}
			if heard, _ := w.guess(t, "hai", "192.0.2.1"); !heard {
				t.Error("a wrong login was not heard")
			}
		}
		if heard, _ := w.guess(t, "mot", "192.0.2.1"); heard {
			t.Error("five wrong proofs, and a login is heard")
		}
		for _, actor := range []auth.Actor{one, two} {
			if got := w.confirm(t, actor, auth.Confirmation{Password: goodWords}); got != "login_throttled" {
				t.Errorf("the right password after five failures: %q", got)
			}
		}
		*w.now = w.now.Add(15 * time.Minute)
		if got := w.confirm(t, one, auth.Confirmation{Password: goodWords}); got != "" {
			t.Errorf("after waiting: %q", got)
		}
		w.guess(t, "mot", "192.0.2.1") // the failures before are forgiven
		if heard, _ := w.guess(t, "mot", "192.0.2.1"); !heard {
			t.Error("a right proof forgave nothing")
		}
	})
}

func TestConfirmationOverHTTP(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w = w.withFreshProof()
		w.person(t, "cap.tren")
		engine := w.engine(t)
		opened := w.login(t, auth.LoginInput{Name: "cap.tren", Password: goodWords, Address: "192.0.2.1"})
		*w.now = w.now.Add(10 * time.Minute)
		const path = "/login-sessions/current/confirmation"
		body := fmt.Sprintf(`{"password":%q}`, goodWords)
		bearer := []string{"Authorization", "Bearer " + opened.Token}
		answer := post(t, engine, path, body, bearer...)
		stamp := w.now.UTC().Format(time.RFC3339)
		until := w.now.Add(window).UTC().Format(time.RFC3339)
		for _, part := range []string{`"confirmed_at":"` + stamp + `"`, `"fresh_until":"` + until + `"`, `"second_factor":false`, opened.Session.ID.String()} {
			if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), part) {
				t.Errorf("%s is not in %d %s", part, answer.Code, answer.Body)
			}
		}
		for body, want := range map[string]int{`{}`: 422, `{"password":"x"}`: 401, `{"pasword":"x"}`: 400} {
			if got := post(t, engine, path, body, bearer...); got.Code != want {
				t.Errorf("%s: %d %s", body, got.Code, got.Body)
			}
		}
		if got := post(t, engine, path+"?dry_run=true", body, bearer...); got.Code != http.StatusBadRequest {
			t.Errorf("a proof was rehearsed: %d", got.Code)
		}
		if got := post(t, engine, path, body); got.Code != http.StatusUnauthorized {
			t.Errorf("a stranger: %d", got.Code)
		}
	})
}
