package member_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/rules"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

func each(t *testing.T, fn func(t *testing.T, w apitest.World)) {
	t.Helper()
	apitest.Each(t, func(db *database.DB) []httpapi.Route {
		return member.New(db, calendar.Zone{}, rules.CountingOn).Routes()
	}, fn)
}

// admit adds a member to a cell and returns the address.
func admit(t *testing.T, w apitest.World, by apitest.Caller, code, name, cell, from string) string {
	t.Helper()
	body := fmt.Sprintf(`{"code":%q,"full_name":%q,"membership":{"organization_id":%q,"from":%q}}`, code, name, w.Orgs[cell], from)
	return "/members/" + by.Post(t, "/members", body).OK(t, http.StatusCreated).Field(t, "id")
}

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db, member.Member{}, member.Membership{}, member.Status{}, member.Office{})
	})
}

func TestAdmit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		path := admit(t, w, admin, "DV1", "  Nguyễn  Văn An ", "a1", "2015-09-01")
		got := admin.Get(t, path).OK(t, http.StatusOK)
		if got.Field(t, "full_name") != "Nguyễn Văn An" || got.Field(t, "organization_id") != w.Orgs["a1"].String() || got.ETag() != `"1"` {
			t.Errorf("%s %s", got, got.ETag())
		}
		admin.Post(t, "/members", `{"code":"DV1","full_name":"X"}`).Problem(t, 409, "code_taken")
		admin.Post(t, "/members", `{"id":"`+got.Field(t, "id")+`","full_name":"X"}`).Problem(t, 409, "id_taken")
		admin.Post(t, "/members", `{"gender":"x","full_name":" ","admitted_on":"2018-01-02","official_on":"2018-01-01"}`).Problem(t, 422,
			"member_invalid", "/gender word_unknown", "/full_name field_required", "/official_on official_before_admitted")
		admin.Post(t, "/members", `{"full_name":"X","membership":{"organization_id":"`+w.Orgs["a1"].String()+`","from":"2009-12-31"}}`).
			Problem(t, 422, "member_invalid", "/membership/from outside_organization_life")
		admin.Post(t, "/members", `{"full_name":"X","membership":{"organization_id":"`+w.Orgs["a"].String()+`","from":"2018-01-01"}}`).
			Problem(t, 422, "member_invalid", "/membership/organization_id body_not_possible")
		admin.Post(t, "/members", `{"full_name":"X","age":3}`).Problem(t, 400, "field_unknown", "/age field_unknown")
		if all := admin.Get(t, "/members").Rows(t, "code"); !slices.Equal(all, []string{"DV1"}) {
			t.Errorf("left behind: %v", all)
		}
	})
}

func TestAdmitRights(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		admit(t, w, secretary, "S1", "Lê Thị Hoa", "a1", "2015-09-01")
		other := `{"full_name":"X","membership":{"organization_id":"` + w.Orgs["a2"].String() + `","from":"2018-01-01"}}`
		secretary.Post(t, "/members", other).Problem(t, 422, "member_invalid", "/membership/organization_id reference_unknown")
		secretary.Post(t, "/members", `{"full_name":"X"}`).Problem(t, 403, "forbidden")
		w.As(t, auth.RoleSuperior, "a").Post(t, "/members", other).Problem(t, 403, "forbidden")
		w.As(t, auth.RoleMember, "a1").Get(t, "/members").OK(t, http.StatusForbidden)
	})
}

func TestScope(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		admit(t, w, admin, "A1", "Trần An", "a1", "2015-01-01")
		left := admit(t, w, admin, "A2", "Trần Bình", "a1", "2015-01-01")
		moved := admit(t, w, admin, "A3", "Trần Cường", "a1", "2015-01-01")
		guest := admit(t, w, admin, "B1", "Trần Dũng", "b1", "2015-01-01")
		officer := admit(t, w, admin, "B2", "Trần Yến", "b1", "2015-01-01")
		admin.Post(t, "/members", `{"code":"N","full_name":"Trần Ẩn"}`).OK(t, http.StatusCreated)

		rows := admin.Get(t, left+"/memberships").JSON(t)["data"].([]any)
		id := rows[0].(map[string]any)["id"].(string)
		admin.Patch(t, left+"/memberships/"+id, `"1"`, `{"to":"2016-12-31"}`).OK(t, http.StatusOK)
		admin.Post(t, moved+"/memberships",
			fmt.Sprintf(`{"organization_id":%q,"from":"2018-01-01","close_current":true}`, w.Orgs["b1"])).OK(t, http.StatusCreated)
		admin.Post(t, guest+"/statuses",
			fmt.Sprintf(`{"status":"temporarily_here","organization_id":%q,"from":"2018-05-01"}`, w.Orgs["a1"])).OK(t, http.StatusCreated)
		admin.Post(t, officer+"/offices",
			fmt.Sprintf(`{"organization_id":%q,"body":"party_committee","office":"secretary","from":"2018-01-01"}`, w.Orgs["a"])).
			OK(t, http.StatusCreated)

		for _, test := range []struct {
			role auth.Role
			code string
			want []string
		}{
			{auth.RoleSecretary, "a1", []string{"A1", "A2", "B1"}},
			{auth.RoleSecretary, "a2", []string{}},
			{auth.RoleSuperior, "a", []string{"A1", "A2", "B1", "B2"}},
			{auth.RoleSuperior, "b", []string{"A3", "B1", "B2"}},
			{auth.RoleSuperior, "province", []string{"A1", "A2", "A3", "B1", "B2"}},
			{auth.RoleAuditor, "", []string{"A1", "N", "A2", "A3", "B1", "B2"}},
		} {
			if diff := cmp.Diff(test.want, w.As(t, test.role, test.code).Get(t, "/members").OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s of %q: %s", test.role, test.code, diff)
			}
		}
		secretary := w.As(t, auth.RoleSecretary, "a1")
		secretary.Get(t, moved).Problem(t, 404, "member_unknown")
		secretary.Get(t, guest).OK(t, 200)
		secretary.Patch(t, guest, `"2"`, `{"full_name":"Y"}`).Problem(t, 403, "forbidden")
		secretary.Post(t, guest+"/statuses", `{"status":"exempt","from":"2018-05-01"}`).Problem(t, 403, "forbidden")
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		for i, name := range []string{"Lê Văn Mạ", "Lê Văn Ma", "Đỗ Thị Mà", "Bùi Má", "An Mả", "Cao Mã"} {
			admit(t, w, admin, fmt.Sprint("M", i), name, []string{"a1", "a2"}[i%2], "2015-01-01")
		}
		want := []string{"Lê Văn Ma", "Đỗ Thị Mà", "An Mả", "Cao Mã", "Bùi Má", "Lê Văn Mạ"}
		for _, sort := range []string{"name", "updated"} {
			var got []string
			for next := ""; ; {
				page := admin.Get(t, "/members?limit=2&sort="+sort+"&after="+url.QueryEscape(next)).OK(t, 200)
				got = append(got, page.Rows(t, "full_name")...)
				if next = page.Field(t, "next"); next == "" {
					break
				}
			}
			if sort == "updated" { // all at one instant, so by id
				want = []string{"Lê Văn Mạ", "Lê Văn Ma", "Đỗ Thị Mà", "Bùi Má", "An Mả", "Cao Mã"}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", sort, diff)
			}
		}
		for query, want := range map[string][]string{
			"q=do+thi+ma":   {"M2"},
			"q=%25":         {},
			"code=M3":       {"M3"},
			"gender=female": {},
			"organization_id=" + w.Orgs["a2"].String():           {"M1", "M5", "M3"},
			"scope=own&organization_id=" + w.Orgs["a"].String():  {},
			"scope=own&organization_id=" + w.Orgs["a1"].String(): {"M2", "M4", "M0"},
			"updated_since=2018-05-10T05:00:00.000001Z":          {},
			"updated_since=2018-05-10T12:00:00%2B07:00&limit=1":  {"M0"},
		} {
			if diff := cmp.Diff(want, admin.Get(t, "/members?"+query).OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		admin.Get(t, "/members?sort=age&page=2&gender=x").Problem(t, 400, "parameter_value",
			"gender parameter_value", "sort parameter_value", "page parameter_unknown")
		csv := admin.Get(t, "/members?format=csv&code=M3").OK(t, 200)
		if csv.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Errorf("%v", csv.Header)
		}
	})
}

// TestSearchOrder: whoever is called exactly what was typed comes before those whose names go on, on every page and by whatever is narrowed.
func TestSearchOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		for i, name := range []string{"Hoàng Văn An", "Trần Hoài", "Lê Hoa Hoa", "Đỗ Thị Hoà", "Bùi Hoa", "Lê Hoa Mai", "An Văn Hợp"} {
			admit(t, w, admin, fmt.Sprint("M", i), name, []string{"a1", "a2"}[i%2], "2015-01-01")
		}
		matches := []string{"Bùi Hoa", "Đỗ Thị Hoà", "Lê Hoa Hoa", "Lê Hoa Mai", "Trần Hoài", "Hoàng Văn An"}
		home := "&organization_id=" + w.Orgs["a2"].String()
		for query, want := range map[string][]string{
			"q=hoa":              matches,
			"q=hoa&sort=match":   matches,
			"q=Hoà,":             matches,
			"q=hoa" + home:       {"Đỗ Thị Hoà", "Lê Hoa Mai", "Trần Hoài"},
			"q=h":                {"Bùi Hoa", "Đỗ Thị Hoà", "Lê Hoa Hoa", "Lê Hoa Mai", "Trần Hoài", "Hoàng Văn An", "An Văn Hợp"},
			"q=hoa&sort=name":    {"Hoàng Văn An", "Bùi Hoa", "Lê Hoa Hoa", "Đỗ Thị Hoà", "Trần Hoài", "Lê Hoa Mai"},
			"q=--":               {"Hoàng Văn An", "Bùi Hoa", "Lê Hoa Hoa", "Đỗ Thị Hoà", "Trần Hoài", "An Văn Hợp", "Lê Hoa Mai"},
			"q=hoa&sort=updated": {"Hoàng Văn An", "Trần Hoài", "Lê Hoa Hoa", "Đỗ Thị Hoà", "Bùi Hoa", "Lê Hoa Mai"},
		} {
			var got []string
			for next := ""; ; {
				page := admin.Get(t, "/members?limit=2&"+query+"&after="+url.QueryEscape(next)).OK(t, 200)
				got = append(got, page.Rows(t, "full_name")...)
				if next = page.Field(t, "next"); next == "" {
					break
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		admin.Get(t, "/members?sort=match").Problem(t, 400, "parameter_value", "sort parameter_value")
		admin.Get(t, "/members?sort=match&q=-").Problem(t, 400, "parameter_value", "sort parameter_value")
	})
}

// TestSearchWithoutAccents: a name is found without its accents, wherever the tone is written.
func TestSearchWithoutAccents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		for i, name := range []string{"Nguyễn Thị Hoà", "Nguyễn Thị Hòa", "Nguyễn Văn Hoà"} {
			admit(t, w, admin, fmt.Sprint("M", i), name, "a1", "2015-01-01")
		}
		for _, query := range []string{"nguyen+thi+hoa", "Nguy%E1%BB%85n+Th%E1%BB%8B+Ho%C3%A0", "NGUYEN+THI+HOA"} {
			got := admin.Get(t, "/members?q="+query).OK(t, 200).Rows(t, "full_name")
			slices.Sort(got)
			if diff := cmp.Diff([]string{"Nguyễn Thị Hoà", "Nguyễn Thị Hòa"}, got); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
	})
}

func TestEdit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		path := admit(t, w, secretary, "S1", "Lê Thị Hoa", "a1", "2015-09-01")
		secretary.Do(t, http.MethodPatch, path, `{}`).Problem(t, 428, "if_match_missing")
		changed := secretary.Patch(t, path, `"1"`, `{"full_name":"Lê Thị Hòa","gender":"female","code":null}`).OK(t, 200)
		if changed.Field(t, "code") != "" || changed.Field(t, "gender") != "female" || changed.ETag() != `"2"` {
			t.Errorf("%s", changed)
		}
		if got := secretary.Get(t, path).Text; got != changed.Text {
			t.Errorf("%s %s", got, changed.Text)
		}
		stale := secretary.Patch(t, path, `"1"`, `{"full_name":"X"}`)
		stale.Problem(t, 412, "version_stale")
		if stale.ETag() != `"2"` {
			t.Errorf("%v", stale.Header)
		}
		secretary.Patch(t, path, `"2"`, `{"full_name":null}`).Problem(t, 422, "member_invalid", "/full_name field_required")
		secretary.Do(t, http.MethodPatch, path+"?dry_run=true", `{"full_name":"X"}`, `If-Match: "2"`).OK(t, 200)
		if got := secretary.Get(t, path); got.ETag() != `"2"` {
			t.Errorf("%s", got)
		}
		if again := secretary.Do(t, http.MethodGet, path, "", `If-None-Match: "2"`); again.Status != http.StatusNotModified {
			t.Errorf("%s", again)
		}
	})
}

// TestSameName finds who may be entered twice, and nobody else.
func TestSameName(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		for i, name := range []string{"Trần Thị Hòa", "TRẦN THỊ HOÀ", "Trần Thị Hoa", "Trần Thị Hoá", "Trần Thị Hòa Bình", "Lê Quý Đôn"} {
			admit(t, w, admin, fmt.Sprintf("DV%d", i), name, "a1", "2015-09-01")
		}
		for name, codes := range map[string][]string{
			"trần  thị hoà": {"DV0", "DV1"}, "Trần Thị Hoa": {"DV2"}, "Trần Thị Hóa": {"DV3"}, "Lê Quý Ðôn": {"DV5"}, "Lê Quy Đôn": {}, "%": {},
		} {
			got := admin.Get(t, "/members?same_name="+url.QueryEscape(name)).OK(t, http.StatusOK).Rows(t, "code")
			if slices.Sort(got); !slices.Equal(got, codes) {
				t.Errorf("%q: %v, want %v", name, got, codes)
			}
		}
		if got := w.As(t, auth.RoleSecretary, "b").Get(t, "/members?same_name="+url.QueryEscape("Trần Thị Hòa")).OK(t, http.StatusOK).Rows(t, "code"); len(got) > 0 {
			t.Errorf("shown beyond its reach: %v", got)
		}
		admin.Post(t, "/members", `{"full_name":"Trần Thị Hо̀a"}`).Problem(t, 422, "member_invalid", "/full_name name_mixed_scripts")
		admin.Post(t, "/members", `{"full_name":"H’Hen Niê","membership":{"organization_id":"`+w.Orgs["a1"].String()+`","from":"2015-09-01"}}`).OK(t, http.StatusCreated)
	})
}
