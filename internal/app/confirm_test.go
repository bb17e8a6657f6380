package app_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/config"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/experiment"
)

// weighty are the routes that need a fresh proof of the person in a login session.
var weighty = []string{
	"POST /meetings/{meeting_id}/return", "POST /meetings/{meeting_id}/acceptance", "POST /acceptances",
	"POST /meetings/{meeting_id}/amendments/{amendment_id}/confirmation", "POST /meetings/{meeting_id}/amendments/{amendment_id}/rejection",
	"POST /meetings/{meeting_id}/rating-confirmation",
	"POST /organizations/{organization_id}/registrations/{registration_id}/agreement",
	"POST /organizations/{organization_id}/registrations/{registration_id}/return",
	"POST /erasures", "DELETE /erasures/{erasure_id}", "POST /erasures/{erasure_id}/confirmation", "POST /erasures/{erasure_id}/rejection",
	"POST /grants", "PATCH /grants/{grant_id}", "DELETE /grants/{grant_id}",
	"POST /users", "PATCH /users/{user_id}", "POST /users/{user_id}/password-reset",
	"POST /users/{user_id}/identities", "DELETE /users/{user_id}/identities/{identity_id}",
	"POST /tokens", "POST /me/totp", "POST /me/totp/confirmation",
}

// session opens a login session by hand that was opened and, where it is given, confirmed so long ago.
func (w *rightsWorld) session(t *testing.T, user auth.UserID, opened time.Duration, confirmed ...time.Duration) string {
	t.Helper()
	token := "scs_" + uuid.NewString() + uuid.NewString()[:7]
	hash, now := sha256.Sum256([]byte(token)), apitest.Now()
	var at *time.Time
	for _, age := range confirmed {
		stamp := now.Add(-age)
		at = &stamp
	}
	w.set(t, `INSERT INTO login_session (id, user_id, hash, second_factor, created_at, last_used_at, expires_at, confirmed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		uuid.New(), user, hash[:], true, now.Add(-opened), now, now.Add(time.Hour), at)
	return token
}

// TestWeightyActsNeedAFreshProof asks every route that changes something in a session whose last proof is six minutes old, in earnest and
// for a rehearsal, as somebody who may do everything.
func TestWeightyActsNeedAFreshProof(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		zone, err := calendar.LoadZone("")
		if err != nil {
			t.Fatal(err)
		}
		strict := app.Over(w.DB(), config.Config{Zone: zone, LogKey: logKey(t), FreshProof: config.Window(5 * time.Minute)}, "test", slog.New(w.failed))
		handler, err := strict.Handler()
		if err != nil {
			t.Fatal(err)
		}
		all := w.everyRole(t, caller{reach: org.ReachSubtree}).UserID
		stale := client{handler, w.session(t, all, 6*time.Minute)}
		fresh := map[string]client{
			"opened five minutes ago": {handler, w.session(t, all, 5*time.Minute)}, "confirmed": {handler, w.session(t, all, time.Hour, time.Minute)},
			"a token": {handler, w.newCaller(t, auth.RoleAdministrator, org.ReachSubtree, holding, w.own()).token},
		}
		refused := func(a apitest.Answer) bool {
			return a.Status == http.StatusForbidden && strings.Contains(a.Text, `"code":"fresh_proof_needed"`)
		}
		questions, before := asks(), w.rows(t)
		tried, wrong, met := 0, 0, map[string]bool{}
		judge := func(want bool, what string, answer apitest.Answer) {
			if tried++; refused(answer) != want {
				wrong++
				t.Errorf("%s: %s", what, answer)
			}
		}
		for _, l := range readRights(t) {
			if l.method == http.MethodGet || l.variant == "public" {
				continue
			}
			a := questions[l.name()](w.targets["own"], w, false)
			if slices.Contains(weighty, l.route()) {
				met[l.route()] = true
				judge(true, l.name()+" in a rehearsal", l.send(t, stale, a))
				a.earnest = true
				judge(true, l.name(), l.send(t, stale, a))
				continue
			}
			if !a.earnest {
				judge(false, l.name()+" is light", l.send(t, stale, a))
			}
		}
		if after := w.rows(t); !maps.Equal(before, after) {
			t.Errorf("something was written: %v, %v", before, after)
		}
		for _, l := range readRights(t) {
			a := questions[l.name()](w.targets["own"], w, false)
			for what, c := range fresh {
				if slices.Contains(weighty, l.route()) && !a.earnest {
					judge(false, l.name()+": "+what, l.send(t, c, a))
				}
			}
		}
		if len(met) != len(weighty) {
			t.Errorf("of %d routes only %v are in the table of rights", len(weighty), slices.Sorted(maps.Keys(met)))
		}
		experiment.Report(t, experiment.Result{ID: "E-41", Engine: w.engine, N: tried, Observed: wrong, Pass: wrong == 0})
	})
}

// TestStartWarnsWithoutFreshProof: somebody who turned it off is told at every start.
func TestStartWarnsWithoutFreshProof(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + t.TempDir() + "/x.db"
	for window, warns := range map[config.Window]bool{0: true, config.Window(5 * time.Minute): false} {
		var log bytes.Buffer
		a, err := app.Open(t.Context(), config.Config{DatabaseURL: config.Secret(url), FreshProof: window}, "test", slog.New(slog.NewJSONHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(a.CheckSafe(t.Context()), a.Close()); err != nil {
			t.Error(err)
		}
		if got := strings.Contains(log.String(), "SOCHIBO_FRESH_PROOF=off"); got != warns {
			t.Errorf("%s: %s", time.Duration(window), log.String())
		}
	}
}
