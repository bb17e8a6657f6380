package inspection_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/inspection"
	"sochibo/internal/member"
	"sochibo/internal/rules"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

func each(t *testing.T, fn func(t *testing.T, w apitest.World)) {
	t.Helper()
	apitest.Each(t, func(db *database.DB) []httpapi.Route {
		return append(inspection.New(db, calendar.Zone{}).Routes(), member.New(db, calendar.Zone{}, rules.CountingOn).Routes()...)
	}, fn)
}

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db,
			inspection.Inspection{}, inspection.Object{}, inspection.Finding{}, inspection.Remedy{}, inspection.Check{},
			inspection.Sample{}, inspection.SampleOrganization{}, inspection.SampleMeeting{},
			inspection.Plan{}, inspection.PlanItem{}, inspection.PlanObject{})
	})
}

// balance sums up the inspection counters of an organisation over all months.
func balance(t *testing.T, w apitest.World, code string) string {
	t.Helper()
	var sums struct{ Rounds, Organizations, Members int }
	const query = `SELECT coalesce(sum(rounds), 0) AS rounds, coalesce(sum(inspected_organizations), 0) AS organizations,
		coalesce(sum(inspected_members), 0) AS members FROM balance WHERE organization_id = ? AND via_id = ? AND month = '2017-04' AND basis = 'both'`
	w.Write(t, func(ctx context.Context, tx *database.Tx) error {
		return database.Gorm(ctx, tx).Raw(query, w.Orgs[code], "00000000-0000-0000-0000-000000000000").Scan(&sums).Error
	})
	return fmt.Sprint(sums.Rounds, sums.Organizations, sums.Members)
}

func TestRecord(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		who := admin.Post(t, "/members", fmt.Sprintf(`{"full_name":"Trần An","membership":{"organization_id":%q,"from":"2015-01-01"}}`,
			w.Orgs["a1"])).OK(t, 201).Field(t, "id")
		superior := w.As(t, auth.RoleSuperior, "a")
		body := fmt.Sprintf(`{"code":"KT1","organization_id":%q,"body":"party_committee","kind":"thematic_supervision","from":"2017-04-10",
			"title":"Giám sát","objects":[{"object_type":"organization","organization_id":%q},{"object_type":"member","member_id":%q}]}`,
			w.Orgs["a"], w.Orgs["a1"], who)
		made := superior.Post(t, "/inspections?dry_run=true", body).OK(t, 200)
		if got := balance(t, w, "a"); got != "0 0 0" {
			t.Errorf("dry run posted %s", got)
		}
		made = superior.Post(t, "/inspections", body, "Idempotency-Key: k1").OK(t, 201)
		if again := superior.Post(t, "/inspections", body, "Idempotency-Key: k1"); again.Text != made.Text {
			t.Errorf("%s %s", again, made)
		}
		path := "/inspections/" + made.Field(t, "id")
		if got := superior.Get(t, path).OK(t, 200); got.Text != made.Text {
			t.Errorf("%s %s", got, made)
		}
		for _, code := range []string{"a", "province"} {
			if got := balance(t, w, code); got != "1 1 1" {
				t.Errorf("%s: %s", code, got)
			}
		}
		if got := balance(t, w, "a1"); got != "0 0 0" {
			t.Errorf("a1: %s", got)
		}

		object := func(code string) string {
			return fmt.Sprintf(`{"object_type":"organization","organization_id":%q}`, w.Orgs[code])
		}
		superior.Post(t, path+"/objects", object("a1")).Problem(t, 422, "inspection_invalid", "object_duplicate")
		superior.Post(t, path+"/objects", object("b1")).Problem(t, 422, "inspection_invalid", "/organization_id reference_unknown")
		superior.Post(t, path+"/objects", object("a2"), `If-Match: "7"`).Problem(t, 412, "version_stale")
		superior.Post(t, path+"/objects", `{"object_type":"member"}`).Problem(t, 422, "inspection_invalid", "/member_id field_required")
		added := superior.Post(t, path+"/objects", object("a2"), `If-Match: "1"`).OK(t, 201)
		if added.ETag() != `"2"` || balance(t, w, "a") != "1 2 1" {
			t.Errorf("%s %s", added, balance(t, w, "a"))
		}
		if got := superior.Get(t, path+"/objects").OK(t, 200); len(got.Rows(t, "id")) != 3 || got.ETag() != `"2"` {
			t.Errorf("%s", got)
		}
	})
}

func TestRecordRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		body := func(code, body, from, rest string) string {
			return fmt.Sprintf(`{"organization_id":%q,"body":%q,"kind":"regular_supervision","from":%q%s}`, w.Orgs[code], body, from, rest)
		}
		superior.Post(t, "/inspections", `{"to":"2017-01-01","objects":[{"object_type":"x"}]}`).Problem(t, 422, "inspection_invalid",
			"/organization_id field_required", "/body field_required", "/kind field_required", "/from field_required",
			"/objects/0/object_type word_unknown")
		superior.Post(t, "/inspections", body("a1", "party_committee", "2009-01-01", "")).Problem(t, 422, "inspection_invalid",
			"/body body_not_possible", "/from outside_organization_life")
		superior.Post(t, "/inspections", body("b", "party_committee", "2017-01-01", "")).Problem(t, 422, "inspection_invalid",
			"/organization_id reference_unknown")
		superior.Post(t, "/inspections", body("a", "party_committee", "2017-01-01", `,"to":"2016-12-31"`)).Problem(t, 422, "inspection_invalid",
			"/to ends_before_start")
		twice := fmt.Sprintf(`{"object_type":"organization","organization_id":%q}`, w.Orgs["a1"])
		superior.Post(t, "/inspections", body("a", "party_committee", "2017-01-01", `,"objects":[`+twice+","+twice+`]`)).
			Problem(t, 422, "inspection_invalid", "/objects/1 object_duplicate")
		superior.Post(t, "/inspections", body("a", "party_committee", "2017-01-01",
			fmt.Sprintf(`,"objects":[{"object_type":"member","member_id":%q}]`, member.NewID()))).
			Problem(t, 422, "inspection_invalid", "/objects/0/member_id reference_unknown")
		w.As(t, auth.RoleSecretary, "a").Post(t, "/inspections", body("a", "party_committee", "2017-01-01", "")).Problem(t, 403, "forbidden")
		w.As(t, auth.RoleMember, "a").Get(t, "/inspections").Problem(t, 403, "forbidden")
		if got := w.As(t, auth.RoleAuditor, "").Get(t, "/inspections").OK(t, 200).Rows(t, "id"); len(got) != 0 {
			t.Errorf("left behind: %v", got)
		}
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "province")
		for i, from := range []string{"2017-04-10", "2016-01-05", "2018-02-01"} {
			body := fmt.Sprintf(`{"code":"K%d","organization_id":%q,"body":"party_committee","kind":%q,"from":%q,"title":"Đợt %d"}`,
				i, w.Orgs[[]string{"a", "b", "province"}[i]], inspection.Kinds()[i], from, i)
			superior.Post(t, "/inspections", body).OK(t, 201)
		}
		for query, want := range map[string][]string{
			"":                           {"K1", "K0", "K2"},
			"sort=updated":               {"K0", "K1", "K2"},
			"from=2017-01-01":            {"K0", "K2"},
			"to=2017-04-10":              {"K1", "K0"},
			"kind=compliance_inspection": {"K0"},
			"q=dot+2":                    {"K2"},
			"organization_id=" + w.Orgs["province"].String():           {"K1", "K0", "K2"},
			"scope=own&organization_id=" + w.Orgs["province"].String(): {"K2"},
		} {
			if diff := cmp.Diff(want, superior.Get(t, "/inspections?"+query).OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		below := w.As(t, auth.RoleSecretary, "a").Get(t, "/inspections").OK(t, 200)
		if diff := cmp.Diff([]string{"K0"}, below.Rows(t, "code")); diff != "" {
			t.Error(diff)
		}
		w.As(t, auth.RoleSecretary, "a").Get(t, "/inspections/"+superior.Get(t, "/inspections?code=K1").Rows(t, "id")[0]).
			Problem(t, 404, "inspection_unknown")
		superior.Get(t, "/inspections?format=csv&limit=1").OK(t, 200)
	})
}
