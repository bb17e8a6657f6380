package directive_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

func each(t *testing.T, fn func(t *testing.T, w apitest.World)) {
	t.Helper()
	apitest.Each(t, func(db *database.DB) []httpapi.Route { return directive.New(db, calendar.Zone{}).Routes() }, fn)
}

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db, directive.Directive{}, directive.Requirement{}, directive.Plan{})
	})
}

func TestRecordAndEdit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		made := secretary.Post(t, "/directives", `{"code":"CT05","number":"05-CT/TW","issued_on":"2016-05-15","title":"Về học tập","issuer":""}`).OK(t, 201)
		path := "/directives/" + made.Field(t, "id")
		if made.Header.Get("Location") != "/api/v1"+path || made.ETag() != `"1"` || made.Field(t, "issuer") != "" {
			t.Errorf("%s %v", made, made.Header)
		}
		secretary.Post(t, "/directives", `{"code":"CT05","number":"1","issued_on":"2016-05-15"}`).Problem(t, 409, "code_taken")
		secretary.Post(t, "/directives", fmt.Sprintf(`{"id":%q,"number":"1","issued_on":"2016-05-15"}`, made.Field(t, "id"))).Problem(t, 409, "id_taken")
		secretary.Post(t, "/directives", `{"code":"a;b","title":"a\u0000b"}`).Problem(t, 422, "directive_invalid", "/code code_with_semicolon",
			"/number field_required", "/issued_on field_required", "/title text_control")
		secretary.Post(t, "/directives", `{"number":"1","issued_on":"2016-5-15"}`).Problem(t, 400, "date_malformed", "/issued_on date_malformed")

		secretary.Patch(t, path, `"1"`, `{"title":null,"number":"05"}`).OK(t, 200)
		if got := secretary.Get(t, path).OK(t, 200); got.Field(t, "title") != "" || got.Field(t, "number") != "05" || got.ETag() != `"2"` {
			t.Errorf("%s", got)
		}
		secretary.Patch(t, path, `"1"`, `{}`).Problem(t, 412, "version_stale")
		secretary.Patch(t, path, `"2"`, `{"issued_on":null}`).Problem(t, 422, "directive_invalid", "/issued_on field_required")
		secretary.Get(t, "/directives/"+directive.NewID().String()).Problem(t, 404, "directive_unknown")

		reader := w.As(t, auth.RoleMember, "a1")
		reader.Get(t, path).OK(t, 200)
		reader.Patch(t, path, `"2"`, `{"title":"X"}`).Problem(t, 403, "forbidden")
		reader.Post(t, "/directives", `{"number":"1","issued_on":"2016-05-15"}`).Problem(t, 403, "forbidden")
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		for i, day := range []string{"2016-05-15", "2007-03-30", "2018-07-06", "2016-05-15"} {
			body := fmt.Sprintf(`{"code":"D%d","number":"%d-CT/TW","issued_on":%q,"title":"Văn bản đề số %d"}`, i, i, day, i)
			superior.Post(t, "/directives", body).OK(t, 201)
		}
		for query, want := range map[string][]string{
			"":             {"D1", "D0", "D3", "D2"},
			"sort=updated": {"D0", "D1", "D2", "D3"},
			"issued_from=2016-05-15&issued_to=2016-12-31": {"D0", "D3"},
			"number=2-CT/TW": {"D2"},
			"q=" + url.QueryEscape("van ban DE so 3"): {"D3"},
			"q=_":                                {},
			"code=D1":                            {"D1"},
			"updated_since=2018-05-10T05:00:01Z": {},
			"updated_since=" + url.QueryEscape("2018-05-10T05:00:00Z") + "&limit=2": {"D0", "D1"},
		} {
			if diff := cmp.Diff(want, superior.Get(t, "/directives?"+query).OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		var got []string
		for next := ""; ; {
			page := superior.Get(t, "/directives?limit=1&after="+next).OK(t, 200)
			got = append(got, page.Rows(t, "code")...)
			if next = page.Field(t, "next"); next == "" {
				break
			}
		}
		if diff := cmp.Diff([]string{"D1", "D0", "D3", "D2"}, got); diff != "" {
			t.Error(diff)
		}
		superior.Get(t, "/directives?after=x").Problem(t, 400, "cursor_malformed", "after cursor_malformed")
		superior.Get(t, "/directives?format=csv").OK(t, 200)
		superior.Get(t, "/directives?format=pdf").OK(t, 400)
	})
}

// TestNumberDayAndIssuerAreTheKey: numbers repeat, and so do number and day; of one issuer they do not.
func TestNumberDayAndIssuerAreTheKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		first := secretary.Post(t, "/directives", `{"number":"05-NQ/ĐU","issuer":"Đảng ủy A","issued_on":"2016-05-15"}`).OK(t, 201)
		secretary.Post(t, "/directives", `{"number":"05-NQ/ĐU","issuer":"Đảng ủy B","issued_on":"2016-05-15"}`).OK(t, 201)
		other := secretary.Post(t, "/directives", `{"number":"05-NQ/ĐU","issued_on":"2016-05-15"}`).OK(t, 201)
		secretary.Post(t, "/directives", `{"number":"05-NQ/ĐU","issuer":"Đảng ủy A","issued_on":"2017-05-15"}`).OK(t, 201)
		secretary.Post(t, "/directives", `{"number":" 05-NQ/ĐU ","issuer":"Đảng ủy A","issued_on":"2016-05-15"}`).Problem(t, 409, "directive_exists")
		secretary.Post(t, "/directives", `{"number":"05-NQ/ĐU","issued_on":"2016-05-15"}`).Problem(t, 409, "directive_exists")
		secretary.Patch(t, "/directives/"+other.Field(t, "id"), `"1"`, `{"issuer":"Đảng ủy A"}`).Problem(t, 409, "directive_exists")
		secretary.Patch(t, "/directives/"+first.Field(t, "id"), `"1"`, `{"title":"Về học tập"}`).OK(t, 200)
	})
}

func TestRequirementsAndPlans(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior, cell := w.As(t, auth.RoleSuperior, "a"), w.As(t, auth.RoleSecretary, "a1")
		path := "/directives/" + superior.Post(t, "/directives", `{"number":"05-CT/TW","issued_on":"2016-05-15"}`).OK(t, 201).Field(t, "id")
		require := func(owner, day string) string {
			return fmt.Sprintf(`{"organization_id":%q,"study_by":%q}`, w.Orgs[owner], day)
		}
		superior.Post(t, path+"/study-requirements", require("a", "2016-05-14")).
			Problem(t, 422, "study_requirement_invalid", "/study_by deadline_before_issue")
		superior.Post(t, path+"/study-requirements", require("province", "2016-06-30")).
			Problem(t, 422, "study_requirement_invalid", "/organization_id reference_unknown")
		superior.Post(t, path+"/study-requirements", `{}`).Problem(t, 422, "study_requirement_invalid", "/organization_id field_required")
		made := superior.Post(t, path+"/study-requirements", require("a", "2016-06-30")).OK(t, 201)
		superior.Post(t, path+"/study-requirements", require("a", "2016-07-30")).Problem(t, 409, "study_requirement_exists")
		own := cell.Post(t, path+"/study-requirements", require("a1", "2016-06-01")).OK(t, 201)
		days := cell.Get(t, path+"/study-requirements").OK(t, 200).Rows(t, "study_by")
		if diff := cmp.Diff([]string{"2016-06-01", "2016-06-30"}, days); diff != "" {
			t.Errorf("the cell sees %s", diff)
		}
		if got := w.As(t, auth.RoleSecretary, "b1").Get(t, path+"/study-requirements").OK(t, 200).Rows(t, "id"); len(got) != 0 {
			t.Errorf("another tree sees %v", got)
		}
		cell.Do(t, "DELETE", path+"/study-requirements/"+made.Field(t, "id"), "").Problem(t, 403, "forbidden")
		cell.Do(t, "DELETE", path+"/study-requirements/"+own.Field(t, "id"), "").OK(t, 204)
		cell.Do(t, "DELETE", path+"/study-requirements/"+own.Field(t, "id"), "").Problem(t, 404, "study_requirement_unknown")

		plan := func(owner, address string) string {
			return fmt.Sprintf(`{"organization_id":%q,"number":"12-KH/ĐU","issued_on":"2016-06-20","title":"Kế hoạch","address":%q}`, w.Orgs[owner], address)
		}
		superior.Post(t, path+"/implementing-plans", plan("a", "ftp://x")).Problem(t, 422, "implementing_plan_invalid", "/address address_malformed")
		superior.Post(t, path+"/implementing-plans", plan("b", "")).Problem(t, 422, "implementing_plan_invalid", "/organization_id reference_unknown")
		kept := superior.Post(t, path+"/implementing-plans", plan("a", "https://example.org/kh.pdf")).OK(t, 201)
		superior.Post(t, path+"/implementing-plans", plan("a", "")).Problem(t, 409, "implementing_plan_exists")
		cell.Post(t, path+"/implementing-plans", plan("a1", "")).OK(t, 201)
		if got := cell.Get(t, path+"/implementing-plans").OK(t, 200).Rows(t, "number"); len(got) != 2 {
			t.Errorf("the cell sees %v", got)
		}
		cell.Do(t, "DELETE", path+"/implementing-plans/"+kept.Field(t, "id"), "").Problem(t, 403, "forbidden")
		superior.Do(t, "DELETE", path+"/implementing-plans/"+kept.Field(t, "id"), "").OK(t, 204)
		superior.Get(t, "/directives/"+directive.NewID().String()+"/implementing-plans").Problem(t, 404, "directive_unknown")
	})
}
