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
	dbtest.Each(t, func(t *testing.T, db *database.DB) { dbtest.Drift(t, db, directive.Directive{}) })
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
