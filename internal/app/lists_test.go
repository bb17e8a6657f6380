package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
)

// manyCells are more organisations than a list names one by one.
const manyCells = 60

// pagedLists are lists with what is asked of them; {base} stands for the organisation below which many cells are founded.
func pagedLists() []string {
	lists := []string{
		"/attendances?status=excused", "/attendances?organization_id={base}", "/attendances?status=unexcused", "/ledger/entries?source=meeting",
		"/ledger/entries?source=meeting&organization_id={base}", "/ratings", "/organizations/{base}/registrations", "/organizations/{base}/delegates",
		"/topics", "/joint-sessions", "/grants", "/grants?organization_id={base}", "/erasures", "/users",
	}
	for _, list := range []string{"/members", "/meetings", "/resolutions", "/tasks", "/inspections", "/remedies"} {
		lists = append(lists, list, list+"?organization_id={base}", list+"?limit=7")
	}
	for _, more := range []string{"?q=nguyen", "?q=van+a&organization_id={base}", "?sort=updated", "?status=exempt", "?q=nguyen&limit=3", "?scope=own&organization_id={base}"} {
		lists = append(lists, "/members"+more)
	}
	for _, more := range []string{"?q=sinh+hoat", "?q=chuyen+de&sort=-held", "?updated_since=2018-01-01T00:00:00Z", "?sort=-period&body=cell&organization_id={base}"} {
		lists = append(lists, "/meetings"+more)
	}
	return lists
}

// rowsOf reads a list to its end and returns each row as it is shown.
func (c client) rowsOf(t *testing.T, path string) []string {
	t.Helper()
	var rows []string
	next := path
	for {
		var page struct {
			Data []json.RawMessage
			Next *string
		}
		answer := c.must(t, http.StatusOK, http.MethodGet, next, "")
		if err := json.Unmarshal([]byte(answer.Text), &page); err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Data {
			rows = append(rows, string(row))
		}
		if page.Next == nil {
			return rows
		}
		at, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		query := at.Query()
		query.Set("after", *page.Next)
		next = at.Path + "?" + query.Encode()
	}
}

// TestEmptyCellsChangeNoList founds so many cells that lists no longer name the organisations in sight one by one but ask each row: they show
// every caller what they showed before, of an organisation beside as little as before.
func TestEmptyCellsChangeNoList(t *testing.T) {
	t.Parallel()
	eachInstallation(t, func(t *testing.T, in installation) {
		in.importSample(t)
		all := in.as(t, auth.RoleAdministrator, "")
		id := func(code string) string {
			return in.as(t, auth.RoleAuditor, "").must(t, http.StatusOK, http.MethodGet, "/organizations?code="+code, "").Rows(t, "id")[0]
		}
		base, above := id("VPUB"), id("DBK")
		beside := all.create(t, "/organizations", `{"kind":"base_cell","cell_type":"agency","name":"Chi bộ Bên cạnh","founded_on":"2010-01-01","parent_id":%q}`, above)
		stranger := all.create(t, "/members", `{"full_name":"Nguyễn Văn Bên","admitted_on":"2011-01-01","membership":{"organization_id":%q,"from":"2011-01-01"}}`, beside)
		in.as(t, auth.RoleSecretary, beside).create(t, "/organizations/"+beside+"/registrations", registering, "2018-07", "2018-07")
		superior := in.as(t, auth.RoleSuperior, above)
		superior.create(t, "/inspections", `{"organization_id":%q,"body":"party_committee","kind":"thematic_supervision","from":"2018-03-01",
			"objects":[{"object_type":"organization","organization_id":%q}]}`, beside, beside)
		superior.create(t, "/topics", `{"category":"other","title":"Chuyên đề bên cạnh","organization_id":%q}`, beside)
		callers := map[string]client{
			"auditor": in.as(t, auth.RoleAuditor, base), "superior": in.as(t, auth.RoleSuperior, base), "member": in.as(t, auth.RoleMember, base),
			"secretary": in.as(t, auth.RoleSecretary, base), "auditor above": in.as(t, auth.RoleAuditor, above), "superior beside": in.as(t, auth.RoleSuperior, beside),
		}
		show := func() map[string][]string {
			shown := map[string][]string{}
			for who, caller := range callers {
				for _, path := range pagedLists() {
					path = strings.ReplaceAll(path, "{base}", base)
					if first := caller.send(t.Context(), http.MethodGet, path, ""); first.Status != http.StatusForbidden && first.Status != http.StatusNotFound {
						shown[who+" "+path] = caller.rowsOf(t, path)
					}
				}
			}
			return shown
		}
		before := show()
		for n := range manyCells {
			all.create(t, "/organizations", `{"kind":"cell","cell_type":"agency","name":"Chi bộ %d","founded_on":"2018-01-01","parent_id":%q}`, n, base)
		}
		for what, rows := range show() {
			who, list, _ := strings.Cut(what, " /")
			narrowed := strings.Contains(list, base)
			if within := who != "auditor above" && who != "superior beside"; within || narrowed {
				for _, row := range rows {
					if strings.Contains(row, `"organization_id":"`+beside) {
						t.Errorf("%s shows %s", what, row)
					}
				}
			}
			if diff := cmp.Diff(before[what], rows); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		if shown := callers["auditor"].rowsOf(t, "/organizations?q=chi+bo"); len(shown) <= manyCells {
			t.Errorf("%d organisations are listed", len(shown))
		}
		for who, want := range map[string]int{"auditor": http.StatusNotFound, "superior": http.StatusNotFound, "auditor above": http.StatusOK, "superior beside": http.StatusOK} {
			callers[who].must(t, want, http.MethodGet, "/members/"+stranger, "")
			sees := slices.ContainsFunc(before[who+" /members"], func(row string) bool { return strings.Contains(row, stranger) })
			if sees != (want == http.StatusOK) {
				t.Errorf("the list of the %s has the member beside: %v", who, sees)
			}
		}
		if len(before) < 60 || len(before["auditor /members"]) < 40 || len(before["member /meetings"]) == 0 {
			t.Errorf("little is listed: %d lists, %d members", len(before), len(before["auditor /members"]))
		}
	})
}

// TestEntriesOfAnOrganization holds the entries of each organisation against all entries and the tree: of the top, which are asked one by one,
// of a party organisation of the base, which are gathered, and of cells.
func TestEntriesOfAnOrganization(t *testing.T) {
	t.Parallel()
	eachInstallation(t, func(t *testing.T, in installation) {
		in.importSample(t)
		auditor := in.as(t, auth.RoleAuditor, "")
		for n := range manyCells {
			in.as(t, auth.RoleAdministrator, "").create(t, "/organizations", `{"kind":"base_cell","cell_type":"agency","name":"Chi bộ %d","founded_on":"2018-01-01","parent_id":%q}`,
				n, auditor.must(t, http.StatusOK, http.MethodGet, "/organizations?code=DBK", "").Rows(t, "id")[0])
		}
		entries := auditor.rowsOf(t, "/ledger/entries?limit=200")
		for _, o := range auditor.must(t, http.StatusOK, http.MethodGet, "/organizations?limit=10&sort=updated", "").Rows(t, "id") {
			below := auditor.must(t, http.StatusOK, http.MethodGet, "/organizations?limit=200&organization_id="+o, "").Rows(t, "id")
			var want []string
			for _, entry := range entries {
				if slices.ContainsFunc(below, func(id string) bool { return strings.Contains(entry, `"organization_id":"`+id) }) {
					want = append(want, entry)
				}
			}
			if diff := cmp.Diff(want, auditor.rowsOf(t, "/ledger/entries?limit=200&organization_id="+o)); diff != "" || len(want) == 0 {
				t.Errorf("%d entries of %s: %s", len(want), o, diff)
			}
		}
	})
}
