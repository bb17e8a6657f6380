package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/experiment"
)

// impersonal are the reading routes that show no data of persons, each for its reason.
func impersonal() map[string]string {
	return map[string]string{
		"/health/live": "the server alone", "/health/ready": "the server alone", "/version": "the program alone",
		"/login-methods": "ways to log in", "/login-exchanges/callback": "the end of the caller's own login",
		"/me": "the caller's own", "/tokens": "the caller's own", "/enumerations": "words of the interface",
		"/organizations": "organizations, no people", "/organizations/{organization_id}": "an organization",
		"/organizations/{organization_id}/tree": "organizations", "/organizations/{organization_id}/placements": "days of an organization",
		"/organizations/{organization_id}/bodies": "which bodies were in office, not who", "/organizations/{organization_id}/excused-months": "months",
		"/organizations/{organization_id}/activity": "figures", "/organizations/{organization_id}/task-completion": "figures",
		"/organizations/{organization_id}/assessment": "figures",
		"/organizations/{organization_id}/summary":    "figures", "/ledger/entries": "counters and ids of records",
		"/topics": "a registry of texts", "/topics/{topic_id}": "a text", "/directives": "a registry of documents", "/directives/{directive_id}": "a document",
		"/organizations/{organization_id}/rating-summary": "figures", "/rule-sets": "rules", "/rule-sets/{rule_set_id}": "rules",
		"/calendar-feeds": "the caller's own", "/calendar-feeds/{calendar_feed_id}/{file}": "dates, places and topics, no people",
		"/topics/{topic_id}/sessions": "cells and dates", "/joint-sessions": "cells and dates", "/joint-sessions/{joint_session_id}": "cells and dates",
		"/organizations/{organization_id}/topic-coverage": "figures", "/organizations/{organization_id}/topic-suggestions": "topics",
		"/organizations/{organization_id}/topic-plans": "topics", "/organizations/{organization_id}/briefings": "texts",
		"/briefings/{briefing_id}": "a text", "/briefings/{briefing_id}/uses": "cells and dates", "/directives/{directive_id}/studies": "cells and dates",
		"/directives/{directive_id}/study-requirements": "deadlines", "/directives/{directive_id}/implementing-plans": "documents",
		"/organizations/{organization_id}/compliance": "states of months", "/organizations/{organization_id}/awaiting-records": "cells and dates",
		"/me/duties": "the caller's own",
		"/organizations/{organization_id}/inspection-plans": "cells and quarters", "/inspection-plans/{inspection_plan_id}": "cells and quarters",
		"/organizations/{organization_id}/inspection-coverage": "figures of cells",
		"/inspections/{inspection_id}/samples":                 "ids and numbers", "/inspections/{inspection_id}/samples/{sample_id}": "ids of meetings",
		"/inspections/{inspection_id}/samples/{sample_id}/population": "ids of meetings",
		"/audit/checkpoint": "a size and a hash", "/audit/proofs": "hashes",
	}
}

// TestEveryReadSaysWhetherItShowsPersons lets no reading route be forgotten, and none be public that shows people.
func TestEveryReadSaysWhetherItShowsPersons(t *testing.T) {
	t.Parallel()
	a, excused := empty(t), impersonal()
	for _, route := range slices.Concat(a.Routes(), a.ServiceRoutes()) {
		_, without := excused[route.Path]
		switch {
		case route.Method != http.MethodGet && route.Persons:
			t.Errorf("%s %s: what writes leaves a leaf, and what tries to is always recorded", route.Method, route.Path)
		case route.Method != http.MethodGet:
		case route.Persons == without:
			t.Errorf("GET %s: either it shows data of persons (Persons: true), or it stands in impersonal() with the reason", route.Path)
		case route.Persons && route.Permission == httpapi.Public:
			t.Errorf("GET %s shows data of persons to anybody", route.Path)
		}
		if route.Method == http.MethodGet {
			delete(excused, route.Path)
		}
	}
	for path := range excused {
		t.Errorf("GET %s is excused, but is no route", path)
	}
}

// privileged are the roles whose reading is recorded.
func privileged() []auth.Role {
	return []auth.Role{auth.RoleSuperior, auth.RoleAdministrator, auth.RoleAuditor}
}

// disclosing are the questions that show, or try on, data of persons to who asks: readings of marked routes, and rehearsals of writes.
func (w *rightsWorld) disclosing(t *testing.T, roles []auth.Role) []question {
	t.Helper()
	marked := map[string]bool{}
	for _, route := range w.Routes() {
		marked[route.Method+" "+route.Path] = route.Persons || route.Method != http.MethodGet
	}
	var all []question
	questions := asks()
	for _, role := range roles {
		c := w.newCaller(t, role, org.ReachSubtree, holding, w.own())
		for _, l := range readRights(t) {
			for _, q := range w.questions(l, questions[l.name()], c) {
				plain := !q.ask.earnest && !q.ask.writes && q.ask.stops == ""
				if marked[l.route()] && plain && q.relation == "own" && q.expected(c, "own", q.accepted) == allowed {
					all = append(all, q)
				}
			}
		}
	}
	return all
}

// TestE26PrivilegedReads asks every marked route as everybody privileged who may, once while accesses can be recorded: each leaves one;
// and once while they cannot: nobody is shown anything. Whoever reads the own cell is neither recorded nor hindered.
func TestE26PrivilegedReads(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		above, own := w.disclosing(t, privileged()), w.disclosing(t, []auth.Role{auth.RoleMember, auth.RoleMinutesTaker, auth.RoleSecretary})
		shown := w.recorded(t, above, own)
		w.refuseAccesses(t)
		open := 0
		for _, q := range shown {
			answer := q.line.send(t, q.client, q.ask)
			if answer.Status != http.StatusServiceUnavailable || !strings.Contains(answer.Text, `"access_unrecorded"`) || strings.Contains(everything(t, answer), q.marker) {
				open++
				t.Errorf("%s is shown though it cannot be recorded: %d %s", q, answer.Status, shortened(answer.Text))
			}
		}
		for _, q := range own {
			if complaint := q.mismatch(t); complaint != "" {
				t.Error(complaint)
			}
		}
		w.failed.forget()
		experiment.Report(t, experiment.Result{ID: "E-26", Engine: w.engine, N: len(shown), Observed: open, Pass: open == 0 && len(shown) > 100})
	})
}

// recorded asks, and returns what was shown to the privileged. Every marked route has to be among it, lists as CSV as well.
func (w *rightsWorld) recorded(t *testing.T, above, own []question) (shown []question) {
	t.Helper()
	missing := map[string]bool{}
	for _, route := range w.Routes() {
		if route.Persons {
			missing[route.Method+" "+route.Path] = true
		}
	}
	for _, q := range above {
		before := w.accesses(t)
		answer := q.line.send(t, q.client, q.ask)
		if got := w.accesses(t) - before; (answer.Status < 300) != (got == 1) || got > 1 {
			t.Errorf("%s: %d, and %d accesses are recorded", q, answer.Status, got)
		}
		if answer.Status >= 300 {
			continue
		}
		shown = append(shown, q)
		delete(missing, q.route())
		asFile := q
		asFile.ask.path += map[bool]string{true: "&", false: "?"}[strings.Contains(q.ask.path, "?")] + "format=csv"
		if q.method == http.MethodGet && asFile.line.send(t, q.client, asFile.ask).Status == http.StatusOK {
			shown = append(shown, asFile)
		}
	}
	before := w.accesses(t)
	for _, q := range own {
		q.line.send(t, q.client, q.ask)
	}
	if after := w.accesses(t); after != before {
		t.Errorf("%d readings of the own cell are recorded", after-before)
	}
	for _, route := range slices.Sorted(maps.Keys(missing)) {
		t.Errorf("%s is shown to nobody privileged", route)
	}
	return shown
}

func (w *rightsWorld) accesses(t *testing.T) int64 {
	t.Helper()
	return w.count(t, "SELECT count(*) FROM access_entry")
}

// refuseAccesses lets the store take no accesses any more.
func (w *rightsWorld) refuseAccesses(t *testing.T) {
	t.Helper()
	if w.DB().Engine() == database.Postgres {
		w.set(t, "CREATE TRIGGER full_accesses BEFORE INSERT ON access_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()")
		return
	}
	w.set(t, "CREATE TRIGGER full_accesses BEFORE INSERT ON access_entry BEGIN SELECT RAISE(ABORT, 'full'); END")
}

// TestAccessTellsWhoAskedForWhat reads in several ways and looks at what is kept about it.
func TestAccessTellsWhoAskedForWhat(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		x := w.targets["own"]
		superior := w.newCaller(t, auth.RoleSuperior, org.ReachSubtree, holding, w.own())
		const request = "0198c0de-0000-7000-8000-00000000abcd"
		read := func(path string) {
			superior.must(t, http.StatusOK, http.MethodGet, path, "", "X-Request-Id: "+request)
		}
		read("/members/" + x.ids["member"] + "/statuses")
		read("/members?organization_id=" + x.id + "&scope=own&q=nguyen")
		read("/attendances?meeting_id=" + x.ids["accepted"] + "&member_id=" + x.ids["member"] + "&format=csv")
		read("/organizations/" + x.id + "/roster")
		superior.must(t, http.StatusNotFound, http.MethodGet, "/members/"+uuid.NewString(), "")
		auditor := w.newCaller(t, auth.RoleAuditor, org.ReachSubtree, holding, nil)
		of := "/audit/accesses?user_id=" + superior.actor.UserID.String()
		list := auditor.must(t, http.StatusOK, http.MethodGet, of, "")
		var got []string
		for _, row := range list.JSON(t)["data"].([]any) {
			fields := row.(map[string]any)
			if fields["token_id"] != superior.actor.TokenID.String() || fields["login_session_id"] != nil || fields["request_id"] != request || fields["day"] != "2018-05-10" {
				t.Errorf("not who and when: %v", fields)
			}
			got = append(got, fmt.Sprint(fields["route"], fields["organization_id"], fields["member_id"], fields["meeting_id"], fields["rows"]))
		}
		want := []string{
			fmt.Sprint("/api/v1/members/{member_id}/statuses", nil, x.ids["member"], nil, 1.),
			fmt.Sprint("/api/v1/members", x.id, nil, nil, 2.),
			fmt.Sprint("/api/v1/attendances", nil, x.ids["member"], x.ids["accepted"], 1.),
			fmt.Sprint("/api/v1/organizations/{organization_id}/roster", x.id, nil, nil, 2.),
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		w.judgeFilters(t, auditor.client, of, x)
	})
}

// judgeFilters narrows the list of accesses in every way.
func (w *rightsWorld) judgeFilters(t *testing.T, auditor client, of string, x target) {
	t.Helper()
	for more, n := range map[string]int{
		"": 4, "&organization_id=" + x.id: 2, "&subject_id=" + x.ids["member"]: 2, "&subject_id=" + x.ids["accepted"]: 1, "&from=2018-05-10&to=2018-05-10": 4,
		"&from=2018-05-11": 0, "&to=2018-05-09": 0, "&limit=3": 3,
	} {
		if rows := auditor.must(t, http.StatusOK, http.MethodGet, of+more, "").Rows(t, "id"); len(rows) != n {
			t.Errorf("%s: %d rows, want %d", more, len(rows), n)
		}
		answer := auditor.must(t, http.StatusOK, http.MethodGet, of+more+"&format=csv", "")
		if lines := strings.Count(answer.Text, "\r\n"); lines != n+1 || strings.Contains(answer.Text, "nguyen") {
			t.Errorf("%s as CSV: %d lines, want %d: %s", more, lines, n+1, answer.Text)
		}
	}
	next := auditor.must(t, http.StatusOK, http.MethodGet, of+"&limit=3", "").Field(t, "next")
	if rows := auditor.must(t, http.StatusOK, http.MethodGet, of+"&after="+next, "").Rows(t, "id"); len(rows) != 1 {
		t.Errorf("the second page has %d rows", len(rows))
	}
	administrator := w.newCaller(t, auth.RoleAdministrator, org.ReachSubtree, holding, w.own())
	seen := administrator.must(t, http.StatusOK, http.MethodGet, "/members/"+x.ids["member"]+"/accesses", "")
	if text := seen.Text; !strings.Contains(text, "/statuses") || !strings.Contains(text, "/api/v1/attendances") || strings.Contains(text, "/roster") {
		t.Errorf("who saw the member: %s", text)
	}
	again := administrator.must(t, http.StatusOK, http.MethodGet, "/members/"+x.ids["member"]+"/accesses", "")
	if !strings.Contains(again.Text, "/api/v1/members/{member_id}/accesses") {
		t.Errorf("that somebody looked who saw the member is not recorded: %s", again.Text)
	}
}

// TestAccessInSession reads as a person who has logged in and may look from above in one place alone.
func TestAccessInSession(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		x := w.targets["own"]
		own := w.newCaller(t, auth.RoleSecretary, org.ReachSubtree, holding, w.own())
		session := client{w.handler, w.session(t, own.actor.UserID, 0)}
		before := w.accesses(t)
		session.must(t, http.StatusOK, http.MethodGet, "/members/"+x.ids["member"], "")
		session.must(t, http.StatusOK, http.MethodGet, "/login-sessions", "")
		if after := w.accesses(t); after != before {
			t.Errorf("a secretary is recorded %d times", after-before)
		}
		elsewhere := org.ID{UUID: uuid.MustParse(w.targets["other root"].id)}
		if _, err := w.Org.AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
			UserID: own.actor.UserID, Role: auth.RoleSuperior, Reach: org.ReachSubtree, OrganizationID: &elsewhere,
		}); err != nil {
			t.Fatal(err)
		}
		session.must(t, http.StatusOK, http.MethodGet, "/members/"+x.ids["member"], "")
		session.must(t, http.StatusOK, http.MethodGet, "/login-sessions", "")
		own.must(t, http.StatusOK, http.MethodGet, "/members/"+x.ids["member"], "")
		if n := w.count(t, "SELECT count(*) FROM access_entry WHERE user_id = ? AND session_id IS NOT NULL AND token_id IS NULL", own.actor.UserID); n != 2 {
			t.Errorf("%d readings in the session are recorded, want 2", n)
		}
		if after := w.accesses(t); after != before+2 {
			t.Errorf("%d readings are recorded, want 2: a token of the secretary's grant has no other role", after-before)
		}
	})
}
