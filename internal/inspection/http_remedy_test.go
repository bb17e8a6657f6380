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

// round records a round of a on the cell a1 and returns its path.
func round(t *testing.T, w apitest.World, by apitest.Caller) string {
	t.Helper()
	body := fmt.Sprintf(`{"organization_id":%q,"body":"party_committee","kind":"regular_supervision","from":"2018-04-02",
		"objects":[{"object_type":"organization","organization_id":%q}]}`, w.Orgs["a"], w.Orgs["a1"])
	return "/inspections/" + by.Post(t, "/inspections", body).OK(t, 201).Field(t, "id")
}

func TestEdit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		path := round(t, w, superior)
		superior.Patch(t, path, `"1"`, `{"to":"2018-04-01"}`).Problem(t, 422, "inspection_invalid", "/to ends_before_start")
		superior.Patch(t, path, `"4"`, `{"to":"2018-04-06"}`).Problem(t, 412, "version_stale")
		superior.Do(t, "PATCH", path, `{"to":"2018-04-06"}`).Problem(t, 428, "if_match_missing")
		changed := superior.Patch(t, path, `"1"`, `{"to":"2018-04-06","title":"Giám sát quý II"}`).OK(t, 200)
		if changed.Field(t, "to") != "2018-04-06" || changed.ETag() != `"2"` || superior.Get(t, path).Text != changed.Text {
			t.Errorf("%s", changed)
		}
		if found := superior.Get(t, "/inspections?q=giam+sat+quy").Rows(t, "to"); !cmp.Equal(found, []string{"2018-04-06"}) {
			t.Errorf("by its new title: %v", found)
		}
		w.As(t, auth.RoleSecretary, "a").Patch(t, path, `"2"`, `{"to":null}`).Problem(t, 403, "forbidden")
		w.As(t, auth.RoleSuperior, "b").Patch(t, path, `"2"`, `{"to":null}`).Problem(t, 404, "inspection_unknown")
		if opened := superior.Patch(t, path, `"2"`, `{"to":null,"title":null}`).OK(t, 200); !strings.Contains(opened.Text, `"to":null`) {
			t.Errorf("%s", opened)
		}
	})
}

func TestFindings(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		path := round(t, w, superior)
		superior.Post(t, path+"/findings", `{"severity":"awful","content_item":"weather"}`).Problem(t, 422, "finding_invalid",
			"/text field_required", "/severity word_unknown", "/content_item word_unknown")
		superior.Post(t, path+"/findings", fmt.Sprintf(`{"severity":"strength","text":"Tốt","organization_id":%q}`, w.Orgs["a2"])).
			Problem(t, 422, "finding_invalid", "/organization_id no_object_of_round")
		superior.Post(t, path+"/findings", fmt.Sprintf(`{"severity":"strength","text":"Tốt","member_id":%q}`, uuid.New())).
			Problem(t, 422, "finding_invalid", "/member_id no_object_of_round")
		superior.Post(t, path+"/findings", fmt.Sprintf(`{"severity":"strength","text":"Tốt","meeting_id":%q}`, uuid.New())).
			Problem(t, 422, "finding_invalid", "/meeting_id reference_unknown")
		whole := superior.Post(t, path+"/findings", `{"severity":"strength","text":"Sinh hoạt đều"}`).OK(t, 201)
		id := uuid.NewString()
		about := superior.Post(t, path+"/findings", fmt.Sprintf(`{"id":%q,"code":"KL1","severity":"shortcoming","text":"Thiếu","organization_id":%q,
			"content_item":"propaganda"}`, id, w.Orgs["a1"]), `If-Match: "2"`).OK(t, 201)
		if whole.ETag() != `"2"` || about.ETag() != `"3"` || about.Field(t, "id") != id {
			t.Errorf("%s %s", whole, about)
		}
		superior.Post(t, path+"/findings", fmt.Sprintf(`{"id":%q,"severity":"strength","text":"Tốt"}`, id)).Problem(t, 409, "id_taken")
		superior.Post(t, path+"/findings", `{"code":"KL1","severity":"strength","text":"Tốt"}`).Problem(t, 409, "code_taken")
		one := path + "/findings/" + id
		superior.Patch(t, one, `"3"`, `{"text":null}`).Problem(t, 422, "finding_invalid", "/text field_required")
		superior.Patch(t, path+"/findings/"+uuid.NewString(), `"3"`, `{"text":"x"}`).Problem(t, 404, "finding_unknown")
		changed := superior.Patch(t, one, `"3"`, `{"severity":"violation","organization_id":null}`).OK(t, 200)
		if changed.ETag() != `"4"` || changed.Field(t, "severity") != "violation" {
			t.Errorf("%s", changed)
		}
		list := superior.Get(t, path+"/findings").OK(t, 200)
		if diff := cmp.Diff([]string{"strength", "violation"}, list.Rows(t, "severity")); diff != "" || list.ETag() != `"4"` {
			t.Errorf("%s %s", diff, list)
		}
		w.As(t, auth.RoleSecretary, "a").Post(t, path+"/findings", `{"severity":"strength","text":"Tốt"}`).Problem(t, 403, "forbidden")
		w.As(t, auth.RoleSecretary, "a1").Get(t, path+"/findings").Problem(t, 404, "inspection_unknown")
	})
}

// finding adds a finding about the cell a1 and returns its id.
func finding(t *testing.T, w apitest.World, by apitest.Caller, round string) string {
	t.Helper()
	body := fmt.Sprintf(`{"severity":"shortcoming","text":"Biên bản thiếu","organization_id":%q}`, w.Orgs["a1"])
	return by.Post(t, round+"/findings", body).OK(t, 201).Field(t, "id")
}

func TestRemedy(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior, other := w.As(t, auth.RoleSuperior, "a"), w.As(t, auth.RoleSuperior, "a")
		owing := w.As(t, auth.RoleSecretary, "a1")
		about := finding(t, w, superior, round(t, w, superior))
		body := func(org, due string) string {
			return fmt.Sprintf(`{"finding_id":%q,"organization_id":%q,"text":"Ghi đủ biên bản","due_on":%q}`, about, w.Orgs[org], due)
		}
		superior.Post(t, "/remedies", `{}`).Problem(t, 422, "remedy_invalid", "/finding_id field_required", "/organization_id field_required",
			"/text field_required", "/due_on field_required")
		superior.Post(t, "/remedies", body("a1", "2018-04-01")).Problem(t, 422, "remedy_invalid", "/due_on before_round")
		superior.Post(t, "/remedies", body("b1", "2018-05-01")).Problem(t, 422, "remedy_invalid", "/organization_id reference_unknown")
		w.As(t, auth.RoleSuperior, "b").Post(t, "/remedies", body("b1", "2018-05-01")).Problem(t, 422, "remedy_invalid", "/finding_id reference_unknown")
		made := superior.Post(t, "/remedies", body("a1", "2018-05-09")).OK(t, 201)
		path := "/remedies/" + made.Field(t, "id")
		if made.Field(t, "overdue") != "true" || owing.Get(t, path).OK(t, 200).Text != made.Text {
			t.Errorf("the cell sees it and that it is overdue on 10 May: %s", made)
		}
		w.As(t, auth.RoleSecretary, "a2").Get(t, path).Problem(t, 404, "remedy_unknown")
		superior.Patch(t, path, `"1"`, `{"due_on":"2018-05-10"}`).OK(t, 200)

		outcome := `{"status":"done","done_on":"2018-05-08","text":"Đã ghi đủ"}`
		owing.Patch(t, path, `"2"`, `{"text":"Không cần"}`).Problem(t, 403, "forbidden")
		owing.Post(t, path+"/outcome", `{"status":"dropped","text":"Không cần"}`, `If-Match: "2"`).Problem(t, 403, "forbidden")
		owing.Post(t, path+"/outcome", `{"status":"open","done_on":"2018-05-11"}`, `If-Match: "2"`).Problem(t, 422, "outcome_invalid",
			"/status word_unknown", "/text field_required", "/done_on done_on_without_done", "/done_on date_in_future")
		superior.Post(t, path+"/checks", `{"result":"remedied"}`, `If-Match: "2"`).Problem(t, 409, "remedy_not_reported")
		done := owing.Post(t, path+"/outcome", outcome, `If-Match: "2"`).OK(t, 200)
		if done.Field(t, "overdue") != "false" || done.Field(t, "status") != "done" {
			t.Errorf("%s", done)
		}
		owing.Post(t, path+"/outcome", outcome, `If-Match: "3"`).Problem(t, 409, "remedy_not_open")
		superior.Patch(t, path, `"3"`, `{"text":"Thêm"}`).Problem(t, 409, "remedy_not_open")
		owing.Post(t, path+"/checks", `{"result":"remedied"}`, `If-Match: "3"`).Problem(t, 403, "forbidden")
		superior.Post(t, path+"/checks", `{"result":"remedied","checked_on":"2018-05-07"}`, `If-Match: "3"`).
			Problem(t, 422, "recheck_invalid", "/checked_on check_before_outcome")

		again := superior.Post(t, path+"/checks", `{"result":"partly","checked_on":"2018-05-09"}`, `If-Match: "3"`).OK(t, 200)
		if again.Field(t, "status") != "open" || again.Field(t, "done_on") != "" || again.Field(t, "outcome") != "Đã ghi đủ" {
			t.Errorf("what is remedied in part is open again: %s", again)
		}
		superior.Post(t, path+"/outcome", `{"status":"done","text":"Đã bổ sung"}`, `If-Match: "4"`).OK(t, 200)
		superior.Post(t, path+"/checks", `{"result":"remedied"}`, `If-Match: "5"`).Problem(t, 403, "own_remedy")
		other.Post(t, path+"/checks", `{"result":"partly","checked_on":"2018-05-10"}`, `If-Match: "4"`).Problem(t, 412, "version_stale")
		last := other.Post(t, path+"/checks", `{"result":"remedied"}`, `If-Match: "5"`).OK(t, 200)
		if last.Field(t, "status") != "done" || last.Field(t, "done_on") != "2018-05-10" || strings.Count(last.Text, `"checked_on"`) != 2 {
			t.Errorf("%s", last)
		}
		other.Post(t, path+"/checks", `{"result":"not_remedied"}`, `If-Match: "6"`).Problem(t, 409, "remedy_check_exists")
	})
}

func TestRemedies(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "province")
		inspection := round(t, w, superior)
		about := finding(t, w, superior, inspection)
		for code, due := range map[string]string{"a1": "2018-06-30", "a2": "2018-04-30", "a": "2018-05-10", "b1": "2018-05-09"} {
			superior.Post(t, "/remedies", fmt.Sprintf(`{"code":%q,"finding_id":%q,"organization_id":%q,"text":"=Sửa","due_on":%q}`,
				code, about, w.Orgs[code], due)).OK(t, 201)
		}
		dropped := "/remedies/" + superior.Get(t, "/remedies?code=b1").Rows(t, "id")[0]
		superior.Post(t, dropped+"/outcome", `{"status":"dropped","text":"Đã giải thể"}`, `If-Match: "1"`).OK(t, 200)
		superior.Post(t, dropped+"/checks", `{"result":"partly"}`, `If-Match: "2"`).Problem(t, 403, "own_remedy")
		w.As(t, auth.RoleSuperior, "province").Post(t, dropped+"/checks", `{"result":"partly"}`, `If-Match: "2"`).Problem(t, 409, "remedy_dropped")
		for query, want := range map[string][]string{
			"":                                  {"a2", "b1", "a", "a1"},
			"status=open":                       {"a2", "a", "a1"},
			"due_before=2018-05-10&status=open": {"a2"},
			"inspection_id=" + inspection[13:]:  {"a2", "b1", "a", "a1"},
			"inspection_id=" + uuid.NewString(): {},
			"organization_id=" + w.Orgs["a"].String():           {"a2", "a", "a1"},
			"scope=own&organization_id=" + w.Orgs["a"].String(): {"a"},
		} {
			if diff := cmp.Diff(want, superior.Get(t, "/remedies?"+query).OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		first := superior.Get(t, "/remedies?limit=2").OK(t, 200)
		rest := superior.Get(t, "/remedies?limit=2&after="+first.Field(t, "next")).OK(t, 200)
		if diff := cmp.Diff([]string{"a2", "b1", "a", "a1"}, append(first.Rows(t, "code"), rest.Rows(t, "code")...)); diff != "" {
			t.Error(diff)
		}
		for place, want := range map[string][]string{"a1": {"a1"}, "a": {"a2", "b1", "a", "a1"}, "b": {"b1"}} { // a inspects
			if diff := cmp.Diff(want, w.As(t, auth.RoleSecretary, place).Get(t, "/remedies").OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s: %s", place, diff)
			}
		}
		if table := superior.Get(t, "/remedies?format=csv&due_before=2018-05-01").OK(t, 200).Text; strings.Count(table, "\n") != 2 ||
			!strings.Contains(table, "'=Sửa") || !strings.Contains(table, "2018-04-30,open,true") {
			t.Errorf("%s", table)
		}
		w.As(t, auth.RoleMember, "a").Get(t, "/remedies").Problem(t, 403, "forbidden")
	})
}
