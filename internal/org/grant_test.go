package org_test

import (
	"fmt"
	"net/http"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
)

func eachGrants(t *testing.T, fn func(t *testing.T, w apitest.World)) {
	t.Helper()
	apitest.Each(t, func(db *database.DB) []httpapi.Route { return org.New(db, calendar.Zone{}).Routes() }, fn)
}

// The days of apitest's clock.
const (
	grantToday     = "2018-05-10"
	grantYesterday = "2018-05-09"
	grantLongAgo   = "2018-05-01"
)

// grantBody asks for a role of somebody; no code means the installation.
func grantBody(w apitest.World, user auth.UserID, role auth.Role, code, more string) string {
	organization := "null"
	if code != "" {
		organization = fmt.Sprintf("%q", w.Orgs[code])
	}
	return fmt.Sprintf(`{"user_id":%q,"role":%q,"organization_id":%s%s}`, user, role, organization, more)
}

func TestGrantsOverTheAPI(t *testing.T) {
	t.Parallel()
	eachGrants(t, func(t *testing.T, w apitest.World) {
		administrator, auditor := w.As(t, auth.RoleAdministrator, "a"), w.As(t, auth.RoleAuditor, "a")
		somebody := w.As(t, auth.RoleMember, "b1").Actor.UserID
		body := grantBody(w, somebody, auth.RoleSecretary, "a1", `,"to":"2018-12-31","basis":" Quyết định 12 "`)
		given := administrator.Post(t, "/grants", body, "Idempotency-Key: g").OK(t, http.StatusCreated)
		for name, want := range map[string]string{
			"role": "secretary", "reach": "subtree", "from": grantToday, "to": "2018-12-31", "basis": "Quyết định 12",
			"granted_by": administrator.Actor.UserID.String(), "revoked_at": "", "user_id": somebody.String(),
		} {
			if got := given.Field(t, name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		path := "/grants/" + given.Field(t, "id")
		if again := administrator.Post(t, "/grants", body, "Idempotency-Key: g"); again.Text != given.Text {
			t.Errorf("the repetition answers %s", again)
		}
		for _, reader := range []apitest.Caller{administrator, auditor} {
			if seen := reader.Get(t, path).OK(t, http.StatusOK); seen.Text != given.Text || seen.ETag() != `"1"` {
				t.Errorf("%s %s", seen.ETag(), seen)
			}
		}
		auditor.Post(t, "/grants", body).Problem(t, 403, "forbidden")
		shorter := administrator.Patch(t, path, `"1"`, `{"to":"`+grantToday+`"}`).OK(t, http.StatusOK)
		if shorter.Field(t, "to") != grantToday || shorter.ETag() != `"2"` {
			t.Errorf("%s", shorter)
		}
		administrator.Patch(t, path, `"1"`, `{"to":"`+grantToday+`"}`).Problem(t, 412, "version_stale")
		administrator.Patch(t, path, `"2"`, `{"to":"2018-05-11"}`).Problem(t, 422, "grant_invalid", "/to grant_extended")
		administrator.Patch(t, path, `"2"`, `{"to":"`+grantYesterday+`"}`).Problem(t, 422, "grant_invalid", "/to ends_before_start")
		administrator.Patch(t, path, `"2"`, `{}`).Problem(t, 422, "grant_invalid", "/to field_required")
		revoked := administrator.Do(t, http.MethodDelete, path, "", `If-Match: "2"`).OK(t, http.StatusOK)
		if revoked.Field(t, "revoked_by") != administrator.Actor.UserID.String() || revoked.Field(t, "to") != grantToday {
			t.Errorf("%s", revoked)
		}
		administrator.Do(t, http.MethodDelete, path, "", `If-Match: "3"`).Problem(t, 409, "grant_revoked")
		administrator.Patch(t, path, `"3"`, `{"to":"`+grantToday+`"}`).Problem(t, 409, "grant_revoked")
		list := "/grants?user_id=" + somebody.String()
		if rows := auditor.Get(t, list).OK(t, http.StatusOK).Rows(t, "id"); len(rows) != 1 {
			t.Errorf("a revoked grant stays listed, but %v", rows)
		}
		if rows := auditor.Get(t, list+"&on="+grantToday).OK(t, http.StatusOK).Rows(t, "id"); len(rows) != 0 {
			t.Errorf("a revoked grant holds: %v", rows)
		}
	})
}

// TestGrantsStayWithinReach tries everything an administrator may not do with grants.
func TestGrantsStayWithinReach(t *testing.T) {
	t.Parallel()
	eachGrants(t, func(t *testing.T, w apitest.World) {
		administrator := w.As(t, auth.RoleAdministrator, "a")
		everywhere := w.As(t, auth.RoleAdministrator, "")
		other := w.As(t, auth.RoleMember, "b1").Actor
		me := administrator.Actor
		give := func(c apitest.Caller, user auth.UserID, code, more string) apitest.Answer {
			return c.Post(t, "/grants", grantBody(w, user, auth.RoleSecretary, code, more))
		}
		give(administrator, me.UserID, "a1", "").Problem(t, 403, "own_grant")
		give(everywhere, everywhere.Actor.UserID, "", "").Problem(t, 403, "own_grant")
		give(administrator, other.UserID, "", "").Problem(t, 403, "grant_beyond_reach")
		give(administrator, other.UserID, "b1", "").Problem(t, 422, "grant_invalid", "/organization_id reference_unknown")
		give(administrator, other.UserID, "province", "").Problem(t, 422, "grant_invalid", "/organization_id reference_unknown")
		give(administrator, auth.NewUserID(), "a1", "").Problem(t, 422, "grant_invalid", "/user_id reference_unknown")
		give(administrator, other.UserID, "a1", `,"from":"`+grantYesterday+`"`).Problem(t, 422, "grant_invalid", "/from grant_of_the_past")
		give(administrator, other.UserID, "a1", `,"to":"`+grantYesterday+`"`).Problem(t, 422, "grant_invalid", "/to ends_before_start")
		give(administrator, other.UserID, "a1", `,"role":1`).Problem(t, 400, "field_duplicate", "/role field_duplicate")
		give(administrator, other.UserID, "a", "").OK(t, http.StatusCreated)
		give(everywhere, other.UserID, "", "").OK(t, http.StatusCreated)

		own := "/grants/" + me.GrantID.String()
		administrator.Do(t, http.MethodDelete, own, "", `If-Match: "1"`).Problem(t, 403, "own_grant")
		administrator.Patch(t, own, `"1"`, `{"to":"`+grantToday+`"}`).Problem(t, 403, "own_grant")
		foreign := "/grants/" + other.GrantID.String()
		administrator.Get(t, foreign).Problem(t, 404, "grant_unknown")
		administrator.Do(t, http.MethodDelete, foreign, "", `If-Match: "1"`).Problem(t, 404, "grant_unknown")
		administrator.Do(t, http.MethodDelete, "/grants/"+everywhere.Actor.GrantID.String(), "", `If-Match: "1"`).Problem(t, 404, "grant_unknown")
		everywhere.Do(t, http.MethodDelete, foreign, "", `If-Match: "1"`).OK(t, http.StatusOK)
	})
}

// TestSelfReachGivesSelfReach shows that an administrator of one organisation alone cannot give its subtree.
func TestSelfReachGivesSelfReach(t *testing.T) {
	t.Parallel()
	eachGrants(t, func(t *testing.T, w apitest.World) {
		a := w.Orgs["a"]
		narrow, wide := w.As(t, auth.RoleMember, "b1").Actor.UserID, w.As(t, auth.RoleAdministrator, "")
		in := grantBody(w, narrow, auth.RoleAdministrator, "a", `,"reach":"self"`)
		given := wide.Post(t, "/grants", in).OK(t, http.StatusCreated)
		caller := w.Holding(t, narrow, given.Field(t, "id"))
		other := w.As(t, auth.RoleMember, "b1").Actor.UserID
		ask := func(code, reach string) apitest.Answer {
			return caller.Post(t, "/grants", grantBody(w, other, auth.RoleMember, code, `,"reach":"`+reach+`"`))
		}
		ask("a", "subtree").Problem(t, 403, "grant_beyond_reach")
		ask("a1", "self").Problem(t, 422, "grant_invalid", "/organization_id reference_unknown")
		ask("a", "self").OK(t, http.StatusCreated)
		if rows := caller.Get(t, "/grants?organization_id="+a.String()).Rows(t, "id"); len(rows) != 2 {
			t.Errorf("%v", rows)
		}
	})
}

// TestEndedGrantsGiveNothing shows that a token lives no longer than its grant, however that ends.
func TestEndedGrantsGiveNothing(t *testing.T) {
	t.Parallel()
	eachGrants(t, func(t *testing.T, w apitest.World) {
		administrator := w.As(t, auth.RoleAdministrator, "")
		end := map[string]func(path string){
			"revoked": func(path string) {
				administrator.Do(t, http.MethodDelete, path, "", `If-Match: "1"`).OK(t, http.StatusOK)
			},
			"ended yesterday": func(path string) {
				administrator.Patch(t, path, `"1"`, `{"to":"`+grantYesterday+`"}`).OK(t, http.StatusOK)
			},
		}
		for name, act := range end {
			caller := w.As(t, auth.RoleSecretary, "a1")
			one := "/organizations/" + w.Orgs["a1"].String()
			caller.Get(t, one).OK(t, http.StatusOK)
			administrator.Patch(t, "/grants/"+caller.Actor.GrantID.String(), `"1"`, `{"to":"`+grantLongAgo+`"}`).
				Problem(t, 422, "grant_invalid", "/to grant_of_the_past")
			act("/grants/" + caller.Actor.GrantID.String())
			caller.Get(t, one).Problem(t, 404, "organization_unknown")
			if rows := caller.Get(t, "/organizations").Rows(t, "id"); len(rows) != 0 {
				t.Errorf("%s: still sees %v", name, rows)
			}
			if me := caller.Get(t, "/me"); me.Field(t, "grants") != "[]" || me.Field(t, "permissions") != "[]" {
				t.Errorf("%s: %s", name, me)
			}
		}
	})
}
