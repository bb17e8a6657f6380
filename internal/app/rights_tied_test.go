package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

// inspected are the readings that a grant tied to a round opens.
var inspected = []string{
	"GET /meetings", "GET /meetings/{meeting_id}", "GET /meetings/{meeting_id}/versions", "GET /meetings/{meeting_id}/versions/{number}",
	"GET /attendances", "GET /topic-sessions",
}

// round is a round of the whole tree's top on an object, from a day to another.
func (w *rightsWorld) round(t *testing.T, side, object, from, to string) string {
	t.Helper()
	return w.receiver.create(t, "/inspections", `{"organization_id":%q,"body":"party_committee","kind":"thematic_supervision","from":%q,"to":%s,
		"objects":[{"object_type":"organization","organization_id":%q}]}`, side, from, to, object)
}

// inspector is somebody whose only grant is tied to the round, for the months.
func (w *rightsWorld) inspector(t *testing.T, round, from, to string) caller {
	t.Helper()
	user := w.user(t)
	made := w.admin.must(t, http.StatusCreated, http.MethodPost, "/grants", fmt.Sprintf(
		`{"user_id":%q,"role":"auditor","inspection_id":%q,"from_month":%q,"to_month":%q}`, user, round, from, to))
	grant := uuid.MustParse(made.Field(t, "id"))
	token, text, err := w.Auth.IssueToken(t.Context(), auth.InstallationActor(), auth.TokenInput{User: user, GrantID: grant, Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return caller{client{w.handler, text}, auth.RoleAuditor, org.ReachSubtree, holding, auth.Actor{UserID: user, GrantID: grant, TokenID: token.ID}}
}

// TestTiedGrant asks every route about everything as somebody whose grant is tied to a round on "own" and opens the month of its submitted
// meeting: but for the readings of that record, the grant is worth what none is worth.
func TestTiedGrant(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		questions := asks()
		own := w.targets["own"]
		round := w.round(t, w.targets["parent"].id, own.id, "2018-05-01", "null")
		c := w.inspector(t, round, "2018-03", "2018-04") // of April there is a draft
		asked, wrong, opened := 0, 0, map[string]bool{}
		for _, l := range readRights(t) {
			if l.variant == "public" {
				continue
			}
			for _, relation := range relations {
				for _, accepted := range []bool{false, true} {
					x := w.targets[relation]
					a := questions[l.name()](x, w, accepted).by(c)
					answer := l.send(t, c.client, a)
					asked++
					got, want := a.outcome(answer), l.expected(caller{role: auth.RoleAuditor, reach: org.ReachSubtree, state: ended}, relation, accepted)
					open := slices.Contains(inspected, l.route()) && relation == "own" && !accepted
					if open {
						want, opened[l.route()] = allowed, got == allowed || opened[l.route()]
					}
					shown := want == allowed || slices.Contains(inspected, l.route()) && relation == "own"
					leaks := strings.Contains(everything(t, answer), x.marker) && !shown
					if got != want && (want != hidden || got != forbidden) || leaks {
						if wrong++; wrong <= 20 {
							t.Errorf("%s about %s, accepted %t: want %s, got %s: %s", l.name(), relation, accepted, want, got, shortened(answer.Text))
						}
					}
				}
			}
		}
		for _, route := range inspected {
			if !opened[route] {
				t.Errorf("%s does not show the record", route)
			}
		}
		t.Logf("%d requests, %d wrong", asked, wrong)
	})
}

// sees reports which of the records of the target somebody sees: in the list and each by itself, which has to be the same.
func (w *rightsWorld) sees(t *testing.T, c client, x target) string {
	t.Helper()
	list := c.must(t, http.StatusOK, http.MethodGet, "/meetings?limit=200", "")
	rolls := c.must(t, http.StatusOK, http.MethodGet, "/attendances?limit=200&format=csv", "").Text
	var seen []string
	for _, name := range []string{"draft", "scheduled", "submitted", "accepted"} {
		id := x.ids[name]
		one := c.send(t.Context(), http.MethodGet, "/meetings/"+id, "")
		if listed := lists(list.Text, id); listed != (one.Status == http.StatusOK) || strings.Contains(rolls, id) && !listed {
			t.Errorf("%s of %s: listed %t, alone %s", name, x.relation, listed, one)
		}
		if one.Status == http.StatusOK {
			seen = append(seen, name)
		}
	}
	return strings.Join(seen, " ")
}

// TestTiedGrantOpens tries months, objects and days of rounds.
func TestTiedGrantOpens(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		parent, own, child, cousin := w.targets["parent"], w.targets["own"], w.targets["child"], w.targets["cousin"]
		for name, try := range map[string]struct {
			side, object, from, to string
			months                 [2]string
			own, child             string
		}{
			"both months":            {parent.id, own.id, "2018-05-01", "null", [2]string{"2018-02", "2018-03"}, "submitted accepted", ""},
			"one month":              {parent.id, own.id, "2018-05-01", `"2018-05-10"`, [2]string{"2018-02", "2018-02"}, "accepted", ""},
			"other months":           {parent.id, own.id, "2018-05-01", "null", [2]string{"2018-04", "2019-12"}, "", ""},
			"begins tomorrow":        {parent.id, own.id, "2018-05-11", "null", [2]string{"2018-02", "2018-03"}, "", ""},
			"ended yesterday":        {parent.id, own.id, "2018-05-01", `"2018-05-09"`, [2]string{"2018-02", "2018-03"}, "", ""},
			"the side itself":        {own.id, own.id, "2018-05-01", "null", [2]string{"2018-03", "2018-03"}, "submitted", ""},
			"an object beside":       {cousin.id, own.id, "2018-05-01", "null", [2]string{"2018-02", "2018-03"}, "", ""},
			"an object above":        {child.id, own.id, "2018-05-01", "null", [2]string{"2018-02", "2018-03"}, "", ""},
			"a cell below the other": {own.id, child.id, "2018-05-01", "null", [2]string{"2018-03", "2018-03"}, "", "submitted"},
		} {
			c := w.inspector(t, w.round(t, try.side, try.object, try.from, try.to), try.months[0], try.months[1])
			if got := w.sees(t, c.client, own); got != try.own {
				t.Errorf("%s: %q of the own cell, want %q", name, got, try.own)
			}
			if got := w.sees(t, c.client, child); got != try.child {
				t.Errorf("%s: %q of the cell below, want %q", name, got, try.child)
			}
		}
	})
}

// TestTiedGrantEnds lets the round end, and the object leave the side.
func TestTiedGrantEnds(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		parent, own := w.targets["parent"], w.targets["own"]
		round := w.round(t, parent.id, own.id, "2018-05-01", "null")
		c := w.inspector(t, round, "2018-02", "2018-03")
		before := w.accesses(t)
		if got := w.sees(t, c.client, own); got != "submitted accepted" {
			t.Fatalf("sees %q", got)
		}
		if n := w.accesses(t) - before; n == 0 {
			t.Error("what an inspector reads is not recorded")
		}
		me := c.must(t, http.StatusOK, http.MethodGet, "/me", "")
		if !strings.Contains(me.Text, round) || me.Field(t, "permissions") != `["meeting.read"]` {
			t.Errorf("%s", me)
		}
		w.receiver.must(t, http.StatusOK, http.MethodPatch, "/inspections/"+round, `{"to":"2018-05-09"}`, `If-Match: "1"`)
		if got := w.sees(t, c.client, own); got != "" {
			t.Errorf("after the round sees %q", got)
		}
		w.receiver.must(t, http.StatusOK, http.MethodPatch, "/inspections/"+round, `{"to":null}`, `If-Match: "2"`)
		if got := w.sees(t, c.client, own); got != "submitted accepted" {
			t.Errorf("in the round that goes on sees %q", got)
		}
		w.admin.must(t, http.StatusOK, http.MethodDelete, "/grants/"+c.actor.GrantID.String(), "", `If-Match: "1"`)
		if got := w.sees(t, c.client, own); got != "" {
			t.Errorf("after the grant was revoked sees %q", got)
		}
	})
}

// TestTiedGrantRefused tries to tie grants wrongly, and beyond one's reach.
func TestTiedGrantRefused(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		parent, own, sibling := w.targets["parent"], w.targets["own"], w.targets["sibling"]
		round := w.round(t, parent.id, own.id, "2018-05-01", "null")
		body := func(more string) string { return fmt.Sprintf(`{"user_id":%q%s}`, w.grantee, more) }
		tied := func(round string) string {
			return body(fmt.Sprintf(`,"role":"auditor","inspection_id":%q,"from_month":"2018-02","to_month":"2018-03"`, round))
		}
		within := w.newCaller(t, auth.RoleAdministrator, org.ReachSubtree, holding, w.own())
		narrow := w.newCaller(t, auth.RoleAdministrator, org.ReachSelf, holding, &org.ID{UUID: uuid.MustParse(parent.id)})
		for name, try := range map[string]struct {
			c          client
			body, want string
		}{
			"a role that writes":     {w.admin, body(fmt.Sprintf(`,"role":"superior","inspection_id":%q,"from_month":"2018-02","to_month":"2018-03"`, round)), "/role tied_to_round"},
			"one organization":       {w.admin, body(fmt.Sprintf(`,"role":"auditor","reach":"self","inspection_id":%q,"from_month":"2018-02","to_month":"2018-03"`, round)), "/reach tied_to_round"},
			"no months":              {w.admin, body(fmt.Sprintf(`,"role":"auditor","inspection_id":%q`, round)), "/from_month field_required"},
			"months backwards":       {w.admin, body(fmt.Sprintf(`,"role":"auditor","inspection_id":%q,"from_month":"2018-03","to_month":"2018-02"`, round)), "/to_month period_reversed"},
			"months alone":           {w.admin, body(fmt.Sprintf(`,"role":"auditor","organization_id":%q,"from_month":"2018-03"`, own.id)), "/from_month months_without_round"},
			"another side":           {w.admin, body(fmt.Sprintf(`,"role":"auditor","inspection_id":%q,"organization_id":%q,"from_month":"2018-02","to_month":"2018-03"`, round, sibling.id)), "/inspection_id reference_unknown"},
			"no round":               {w.admin, tied(uuid.NewString()), "/inspection_id reference_unknown"},
			"a round of the parent":  {within.client, tied(round), "/inspection_id reference_unknown"},
			"the side, nothing more": {narrow.client, tied(round), "grant_beyond_reach"},
		} {
			answer := try.c.send(t.Context(), http.MethodPost, "/grants", try.body)
			pointer, code, _ := strings.Cut(try.want, " ")
			if code == "" {
				code, pointer = pointer, ""
			}
			if answer.Status < 400 || !strings.Contains(answer.Text, fmt.Sprintf(`"code":%q`, code)) || pointer != "" && !strings.Contains(answer.Text, fmt.Sprintf(`"pointer":%q`, pointer)) {
				t.Errorf("%s: want %s, got %s", name, try.want, answer)
			}
		}
		if _, err := w.Org.AddGrant(t.Context(), auth.InstallationActor(), org.GrantInput{
			UserID: w.grantee, Role: auth.RoleAuditor, InspectionID: new(uuid.UUID), FromMonth: new(calendar.Month), ToMonth: new(calendar.Month),
		}); err == nil {
			t.Error("the installation ties a grant to no round")
		}
	})
}
