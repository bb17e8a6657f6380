package inspection_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/testkit/apitest"
)

// planned is the body of a planned round of a quarter on some organisations.
func planned(w apitest.World, id, quarter string, codes ...string) string {
	ids := make([]string, len(codes))
	for n, code := range codes {
		ids[n] = fmt.Sprintf("%q", w.Orgs[code])
	}
	return fmt.Sprintf(`{"id":%q,"kind":"regular_supervision","quarter":%q,"organization_ids":[%s]}`, id, quarter, strings.Join(ids, ","))
}

func TestPlan(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		list := "/organizations/" + w.Orgs["a"].String() + "/inspection-plans"
		first, second := uuid.NewString(), uuid.NewString()
		body := func(items ...string) string {
			return `{"body":"party_committee","year":2018,"number":"05-KH/ĐU","approved_on":"2018-01-15","items":[` + strings.Join(items, ",") + `]}`
		}
		superior.Post(t, list, `{"body":"choir","year":20180,"items":[{"quarter":"2018-Q1"}]}`).Problem(t, 422, "inspection_plan_invalid",
			"/body word_unknown", "/year number_out_of_range", "/number field_required", "/approved_on field_required", "/items/0/kind field_required",
			"/items/0/quarter quarter_outside_year")
		superior.Post(t, list, body(planned(w, first, "2018-Q1", "a1", "a1"), planned(w, first, "2018-Q1", "b1"))).Problem(t, 422, "inspection_plan_invalid",
			"/items/0/organization_ids/1 object_duplicate", "/items/1/id id_taken", "/items/1/organization_ids/0 reference_unknown")
		superior.Post(t, list, strings.Replace(body(), "party_committee", "cell", 1)).Problem(t, 422, "inspection_plan_invalid", "/body body_not_possible")
		w.As(t, auth.RoleSecretary, "a").Post(t, list, body()).Problem(t, 403, "forbidden")
		made := superior.Post(t, list, body(planned(w, first, "2018-Q2", "a1"), planned(w, second, "2018-Q3", "a1", "a2"))).OK(t, 201)
		superior.Post(t, list, body()).Problem(t, 409, "inspection_plan_exists")
		path := "/inspection-plans/" + made.Field(t, "id")
		if got := w.As(t, auth.RoleSecretary, "a").Get(t, path).OK(t, 200); got.Text != made.Text {
			t.Errorf("%s %s", got, made)
		}
		w.As(t, auth.RoleSecretary, "a1").Get(t, path).Problem(t, 404, "inspection_plan_unknown")
		if n := len(superior.Get(t, list+"?year=2018").OK(t, 200).Rows(t, "id")) - len(superior.Get(t, list+"?year=2017").Rows(t, "id")); n != 1 {
			t.Errorf("%d plans", n)
		}

		round := func(body, item string) string {
			return fmt.Sprintf(`{"organization_id":%q,"body":%q,"kind":"regular_supervision","from":"2018-04-02","plan_item_id":%q,
				"objects":[{"object_type":"organization","organization_id":%q}]}`, w.Orgs["a"], body, item, w.Orgs["a1"])
		}
		superior.Post(t, "/inspections", round("party_committee", uuid.NewString())).Problem(t, 422, "inspection_invalid", "/plan_item_id reference_unknown")
		superior.Post(t, "/inspections", round("inspection_commission", first)).Problem(t, 422, "inspection_invalid", "/plan_item_id reference_unknown")
		carrying := superior.Post(t, "/inspections", round("party_committee", first)).OK(t, 201)
		if got := superior.Get(t, path).OK(t, 200).Text; !strings.Contains(got, `"inspection_ids":["`+carrying.Field(t, "id")+`"]`) {
			t.Errorf("%s", got)
		}

		replace := func(tag string, items ...string) apitest.Answer {
			body := `{"number":"06-KH/ĐU","approved_on":"2018-02-15","items":[` + strings.Join(items, ",") + `]}`
			return superior.Do(t, "PUT", path, body, "If-Match: "+tag)
		}
		replace(`"9"`).Problem(t, 412, "version_stale")
		replace(`"1"`, planned(w, second, "2018-Q4", "a2")).Problem(t, 409, "plan_item_carried_out")
		changed := replace(`"1"`, planned(w, first, "2018-Q2", "a1", "a2"), planned(w, uuid.NewString(), "2018-Q4")).OK(t, 200)
		if changed.ETag() != `"2"` || strings.Contains(changed.Text, second) || strings.Count(changed.Text, w.Orgs["a2"].String()) != 1 {
			t.Errorf("%s", changed)
		}
		superior.Patch(t, "/inspections/"+carrying.Field(t, "id"), `"1"`, `{"plan_item_id":null}`).OK(t, 200)
		if emptied := replace(`"2"`).OK(t, 200); !strings.Contains(emptied.Text, `"items":[]`) {
			t.Errorf("%s", emptied)
		}
	})
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "province")
		first := uuid.NewString()
		superior.Post(t, "/organizations/"+w.Orgs["a"].String()+"/inspection-plans", fmt.Sprintf(
			`{"body":"party_committee","year":2018,"number":"05-KH/ĐU","approved_on":"2018-01-15","items":[%s,%s]}`,
			planned(w, first, "2018-Q2", "a1"), planned(w, uuid.NewString(), "2018-Q1", "a1", "a2"))).OK(t, 201)
		for _, r := range [][4]string{
			{"a", "a1", "2018-04-02", fmt.Sprintf("%q", first)}, {"province", "a1", "2018-03-31", "null"}, {"a", "a2", "2016-05-05", "null"}, {"b", "b1", "2018-07-01", "null"},
		} {
			superior.Post(t, "/inspections", fmt.Sprintf(`{"organization_id":%q,"body":"party_committee","kind":"regular_supervision","from":%q,"plan_item_id":%s,
				"objects":[{"object_type":"organization","organization_id":%q}]}`, w.Orgs[r[0]], r[2], r[3], w.Orgs[r[1]])).OK(t, 201)
		}
		covered := func(place, query string) string {
			got := superior.Get(t, "/organizations/"+w.Orgs[place].String()+"/inspection-coverage?"+query).OK(t, 200)
			var out strings.Builder
			out.WriteString(got.Field(t, "inspected") + got.Field(t, "fulfilment"))
			for _, code := range []string{"a1", "a2"} {
				for _, cell := range got.JSON(t)["cells"].([]any) {
					if c := cell.(map[string]any); c["code"] == code {
						fmt.Fprint(&out, " ", code, c["planned"], c["rounds"], c["last_on"])
					}
				}
			}
			return out.String()
		}
		for query, want := range map[string]string{
			"from=2018-04&to=2018-06": `{"denominator":2,"numerator":1}{"denominator":1,"numerator":1} a1 1 1 2018-04-02 a2 0 0 2016-05-05`,
			"from=2018-01&to=2018-05": `{"denominator":2,"numerator":1}{"denominator":1,"numerator":0} a1 1 1 2018-04-02 a2 1 0 2016-05-05`,
			"from=2015-01&to=2016-04": `{"denominator":2,"numerator":0}{"denominator":0,"numerator":0} a1 0 0 <nil> a2 0 0 <nil>`,
		} {
			if diff := cmp.Diff(strings.ReplaceAll(want, " ", ""), strings.ReplaceAll(covered("a", query), " ", "")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		if got := covered("province", "from=2018-01&to=2018-06"); !strings.Contains(strings.ReplaceAll(got, " ", ""), "a122") {
			t.Errorf("planned in Q1 and Q2, inspected by a and by the province: %s", got)
		}
		w.As(t, auth.RoleMember, "a").Get(t, "/organizations/"+w.Orgs["a"].String()+"/inspection-coverage?from=2018-01&to=2018-02").Problem(t, 403, "forbidden")
		superior.Get(t, "/organizations/"+w.Orgs["a"].String()+"/inspection-coverage").Problem(t, 400, "parameter_missing", "from parameter_missing", "to parameter_missing")
		superior.Get(t, "/organizations/"+w.Orgs["a"].String()+"/inspection-coverage?term_of=inspection_commission").Problem(t, 404, "no_term_on_day")
	})
}
