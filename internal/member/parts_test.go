package member_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
)

func TestTransfer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		path := admit(t, w, admin, "A1", "Trần An", "a1", "2015-01-01")
		to := func(cell, from, rest string) string {
			return fmt.Sprintf(`{"organization_id":%q,"from":%q%s}`, w.Orgs[cell], from, rest)
		}
		admin.Post(t, path+"/memberships", to("a2", "2018-01-01", "")).Problem(t, 422, "member_invalid", "/from membership_overlap")
		admin.Post(t, path+"/memberships", to("a2", "2018-01-01", `,"to":"2017-01-01"`)).Problem(t, 422, "member_invalid", "/to ends_before_start")
		admin.Post(t, path+"/memberships", `{}`).Problem(t, 422, "member_invalid", "/organization_id field_required", "/from field_required")
		w.As(t, auth.RoleSecretary, "a1").Post(t, path+"/memberships", to("a2", "2018-01-01", `,"close_current":true`)).
			Problem(t, 422, "member_invalid", "/organization_id reference_unknown")
		moved := admin.Post(t, path+"/memberships", to("a2", "2018-01-01", `,"close_current":true`)).OK(t, 201)
		if moved.ETag() != `"2"` || moved.Field(t, "member_version") != "2" {
			t.Errorf("%s %s", moved, moved.ETag())
		}
		list := admin.Get(t, path+"/memberships").OK(t, 200)
		if diff := cmp.Diff([]string{"2017-12-31", ""}, list.Rows(t, "to")); diff != "" {
			t.Error(diff)
		}
		first := list.Rows(t, "id")[0]
		admin.Patch(t, path+"/memberships/"+first, `"2"`, `{"to":"2018-01-01"}`).Problem(t, 422, "member_invalid", "/to membership_overlap")
		admin.Patch(t, path+"/memberships/"+first, `"2"`, `{"to":"2014-01-01"}`).Problem(t, 422, "member_invalid", "/to ends_before_start")
		admin.Patch(t, path+"/memberships/"+first, `"2"`, `{}`).Problem(t, 422, "member_invalid", "/to field_required")
		admin.Patch(t, path+"/memberships/"+first, `"1"`, `{"to":null}`).Problem(t, 412, "version_stale")
		admin.Patch(t, path+"/memberships/"+moved.Field(t, "member_id"), `"2"`, `{"to":null}`).Problem(t, 404, "member_part_unknown")
		admin.Patch(t, path+"/memberships/"+first, `"2"`, `{"to":"2017-11-30"}`).OK(t, 200)
		admin.Post(t, path+"/memberships", to("b1", "2017-12-01", `,"to":"2017-12-31"`)).OK(t, 201)
	})
}

func TestTransferAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		path := admit(t, w, admin, "A1", "Trần An", "a1", "2015-01-01")
		var wg sync.WaitGroup
		statuses := make([]int, 10)
		for i := range statuses {
			wg.Go(func() {
				body := fmt.Sprintf(`{"organization_id":%q,"from":"2018-01-01","close_current":true}`, w.Orgs["a2"])
				statuses[i] = admin.Post(t, path+"/memberships", body).Status
			})
		}
		wg.Wait()
		slices.Sort(statuses)
		if statuses[0] != http.StatusCreated || statuses[1] != http.StatusUnprocessableEntity || statuses[9] != http.StatusUnprocessableEntity {
			t.Errorf("%v", statuses)
		}
	})
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		path := admit(t, w, admin, "A1", "Trần An", "a1", "2015-01-01")
		admin.Post(t, path+"/statuses", `{"status":"ill","from":"2018-01-01"}`).Problem(t, 422, "member_invalid", "/status word_unknown")
		admin.Post(t, path+"/statuses", `{"status":"temporarily_here","from":"2018-01-01"}`).
			Problem(t, 422, "member_invalid", "/organization_id field_required")
		admin.Post(t, path+"/statuses", fmt.Sprintf(`{"status":"exempt","from":"2018-01-01","organization_id":%q}`, w.Orgs["a1"])).
			Problem(t, 422, "member_invalid", "/organization_id status_without_organization")
		id := admin.Post(t, path+"/statuses", `{"status":"exempt","from":"2018-01-01"}`).OK(t, 201).Field(t, "id")
		admin.Post(t, path+"/statuses", `{"status":"exempt","from":"2018-03-01"}`).Problem(t, 422, "member_invalid", "/from status_overlap")
		admin.Post(t, path+"/statuses", `{"status":"suspended","from":"2018-03-01"}`).OK(t, 201)
		admin.Patch(t, path+"/statuses/"+id, `"3"`, `{"to":"2018-02-28"}`).OK(t, 200)
		admin.Post(t, path+"/statuses", `{"status":"exempt","from":"2018-03-01"}`).OK(t, 201)
		if diff := cmp.Diff([]string{"A1"}, admin.Get(t, "/members?status=suspended").Rows(t, "code")); diff != "" {
			t.Error(diff)
		}
		if got := admin.Get(t, path+"/statuses").OK(t, 200); len(got.Rows(t, "id")) != 3 || got.ETag() != `"5"` {
			t.Errorf("%s %s", got, got.ETag())
		}
	})
}

func TestOffices(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		path := admit(t, w, admin, "A1", "Trần An", "a1", "2015-01-01")
		office := func(code, body, office, from string) string {
			return fmt.Sprintf(`{"organization_id":%q,"body":%q,"office":%q,"from":%q}`, w.Orgs[code], body, office, from)
		}
		admin.Post(t, path+"/offices", office("a1", "party_committee", "secretary", "2018-01-01")).
			Problem(t, 422, "member_invalid", "/organization_id body_not_possible")
		admin.Post(t, path+"/offices", office("a", "inspection_commission", "secretary", "2018-01-01")).
			Problem(t, 422, "member_invalid", "/office office_not_of_body")
		id := admin.Post(t, path+"/offices", office("a", "party_committee", "secretary", "2018-01-01")).OK(t, 201).Field(t, "id")
		admin.Post(t, path+"/offices", office("a", "party_committee", "secretary", "2018-02-01")).
			Problem(t, 422, "member_invalid", "/from office_overlap")
		admin.Patch(t, path+"/offices/"+id, `"2"`, `{"to":"2018-01-31"}`).OK(t, 200)
		admin.Post(t, path+"/offices", office("a", "party_committee", "secretary", "2018-02-01")).OK(t, 201)
		if got := admin.Get(t, path+"/offices").OK(t, 200).Rows(t, "to"); !slices.Equal(got, []string{"2018-01-31", ""}) {
			t.Errorf("%v", got)
		}
	})
}

func TestRoster(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		an := admit(t, w, admin, "AN", "Trần An", "a1", "2015-01-01")
		binh := admit(t, w, admin, "BINH", "Trần Bình", "a1", "2015-01-01")
		admit(t, w, admin, "CUONG", "Trần Cường", "a2", "2015-01-01")
		dung := admit(t, w, admin, "DUNG", "Trần Dũng", "b1", "2015-01-01")
		post := func(path, format string, args ...any) {
			t.Helper()
			admin.Post(t, path, fmt.Sprintf(format, args...)).OK(t, 201)
		}
		post(an+"/memberships", `{"organization_id":%q,"from":"2018-02-01","close_current":true}`, w.Orgs["a2"])
		post(binh+"/statuses", `{"status":"exempt","from":"2018-01-01"}`)
		post(dung+"/statuses", `{"status":"temporarily_here","organization_id":%q,"from":"2018-01-01","to":"2018-01-31"}`, w.Orgs["a1"])
		post(dung+"/offices", `{"organization_id":%q,"body":"party_committee","office":"committee_member","from":"2017-01-01"}`, w.Orgs["a"])
		post(dung+"/offices", `{"organization_id":%q,"body":"party_committee","office":"secretary","from":"2018-01-01"}`, w.Orgs["a"])

		for query, want := range map[string][]string{
			"a1?on=2018-01-31":                     {"AN", "BINH"},
			"a1?on=2018-02-01":                     {"BINH"},
			"a2?on=2018-02-01":                     {"AN", "CUONG"},
			"a1?on=2014-12-31":                     {},
			"a?body=conference&on=2018-01-15":      {"AN", "BINH", "CUONG"},
			"province?body=conference":             {"AN", "BINH", "CUONG", "DUNG"},
			"a?body=party_committee&on=2018-01-15": {"DUNG"},
			"a?body=party_committee&on=2016-12-31": {},
			"a1?body=cell_committee&on=2018-01-15": {},
			"b?body=standing_committee":            {},
			"b?body=inspection_commission":         {},
		} {
			if diff := cmp.Diff(want, roster(t, w, query, false)); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		if diff := cmp.Diff([]string{"DUNG"}, roster(t, w, "a1?on=2018-01-31", true)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{}, roster(t, w, "a1?on=2018-02-01", true)); diff != "" {
			t.Error(diff)
		}
		got := admin.Get(t, "/organizations/"+w.Orgs["a"].String()+"/roster?body=party_committee").JSON(t)["roster"].([]any)[0]
		want := map[string]any{
			"member_id": dung[len("/members/"):], "code": "DUNG", "full_name": "Trần Dũng", "official": false, "probationary": false,
			"statuses": []any{}, "offices": []any{"committee_member", "secretary"},
			"standing_if_present": "base", "standing_if_absent": "base",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		admin.Get(t, "/organizations/"+w.Orgs["a"].String()+"/roster?body=cell").Problem(t, 422, "member_invalid", "body body_not_possible")
		admin.Get(t, "/organizations/"+w.Orgs["a"].String()+"/roster?body=x&on=2018-2-1").
			Problem(t, 400, "parameter_value", "body parameter_value", "on date_malformed")
		w.As(t, auth.RoleSecretary, "a1").Get(t, "/organizations/"+w.Orgs["b1"].String()+"/roster").Problem(t, 404, "organization_unknown")
	})
}

// roster asks as an auditor: "code?query".
func roster(t *testing.T, w apitest.World, query string, temporary bool) []string {
	t.Helper()
	var code string
	for known := range w.Orgs {
		if len(query) >= len(known)+1 && query[:len(known)+1] == known+"?" {
			code = known
		}
	}
	answer := w.As(t, auth.RoleAuditor, "").Get(t, "/organizations/"+w.Orgs[code].String()+"/roster"+query[len(code):]).OK(t, 200)
	part := map[bool]string{false: "roster", true: "temporary"}[temporary]
	rows, _ := answer.JSON(t)[part].([]any)
	codes := make([]string, len(rows))
	for i, row := range rows {
		entry, _ := row.(map[string]any)
		codes[i], _ = entry["code"].(string)
	}
	return codes
}

func TestHomeOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		path := admit(t, w, admin, "A1", "Trần An", "a1", "2015-01-01")
		id, err := member.ParseID(path[len("/members/"):])
		if err != nil {
			t.Fatal(err)
		}
		ask := func(day string) string {
			home, err := database.Read(t.Context(), w.DB, func(tx *database.Tx) (org.ID, error) {
				home, _, err := member.HomeOn(t.Context(), tx, id, calendar.MustDate(day))
				return home, err
			})
			if err != nil {
				t.Fatal(err)
			}
			return home.String()
		}
		if ask("2014-12-31") != (org.ID{}).String() || ask("2015-01-01") != w.Orgs["a1"].String() {
			t.Errorf("%s %s", ask("2014-12-31"), ask("2015-01-01"))
		}
		found, err := database.Read(t.Context(), w.DB, func(tx *database.Tx) (map[member.ID]member.Member, error) {
			return member.LookupAll(t.Context(), tx, []member.ID{id, member.NewID()})
		})
		if err != nil || len(found) != 1 {
			t.Errorf("%v %v", found, err)
		}
	})
}

// What a dissolution does with the people of an organisation.
func TestEndAll(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		stays := admit(t, w, admin, "A1", "Trần An", "a1", "2015-01-01")
		leaves := admit(t, w, admin, "A2", "Trần Bình", "a2", "2015-01-01")
		day := calendar.MustDate("2018-03-31")
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			moved, err := member.TransferAll(ctx, tx, w.Orgs["a2"], w.Orgs["b1"], day)
			if err != nil {
				return err
			}
			if err := member.EndAll(ctx, tx, w.Orgs["a2"], day); err != nil {
				return err
			}
			return member.InsertHomes(ctx, tx, moved)
		})
		if got := admin.Get(t, stays); got.ETag() != `"1"` {
			t.Errorf("%s", got)
		}
		got := admin.Get(t, leaves)
		if got.ETag() != `"2"` || got.Field(t, "organization_id") != w.Orgs["b1"].String() {
			t.Errorf("%s", got)
		}
		if diff := cmp.Diff([]string{"2018-03-31", ""}, admin.Get(t, leaves+"/memberships").Rows(t, "to")); diff != "" {
			t.Error(diff)
		}
	})
}
