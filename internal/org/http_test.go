package org_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

// caller sends requests as somebody.
type caller struct {
	engine *gin.Engine
	token  string
}

func (w world) engine(t *testing.T) *gin.Engine {
	t.Helper()
	engine, err := httpapi.New(httpapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	httpapi.Mount(engine, "/api/v1", auth.Guard(w.auth), w.svc.Routes())
	return engine
}

func (w world) caller(t *testing.T, role auth.Role, code string) caller {
	t.Helper()
	actor := w.actor(t, role, code, org.ReachSubtree)
	in := auth.TokenInput{User: actor.UserID, GrantID: actor.GrantID, Name: "test"}
	_, token, err := w.auth.IssueToken(t.Context(), auth.InstallationActor(), in)
	if err != nil {
		t.Fatal(err)
	}
	return caller{engine: w.engine(t), token: token}
}

func (c caller) get(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1"+path, nil)
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Accept-Language", "en")
	answer := httptest.NewRecorder()
	c.engine.ServeHTTP(answer, request)
	apitest.Judge(t, request, "", answer)
	return answer
}

// read gets a path that must answer 200, and returns the JSON.
func (c caller) read(t *testing.T, path string) map[string]any {
	t.Helper()
	answer := c.get(t, path)
	body := map[string]any{}
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%s: %d %v %s", path, answer.Code, err, answer.Body)
	}
	return body
}

func list(body map[string]any) []map[string]any {
	var found []map[string]any
	rows, _ := body["data"].([]any)
	for _, row := range rows {
		entry, _ := row.(map[string]any)
		found = append(found, entry)
	}
	return found
}

func TestGetOrganization(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		secretary := w.caller(t, auth.RoleSecretary, "a")
		answer := secretary.get(t, "/organizations/"+w.ids["a1"].String())
		want := `{"id":"` + w.ids["a1"].String() + `","code":"a1","kind":"cell","cell_type":null,"name":"Chi bộ Đá Bạc","short_name":null,` +
			`"founded_on":null,"dissolved_on":null,"parent_id":"` + w.ids["a"].String() + `","bodies":["cell"],"version":1,` +
			`"created_at":"2018-01-06T20:00:00Z","updated_at":"2018-01-06T20:00:00Z"}`
		if diff := cmp.Diff(want, strings.TrimSpace(answer.Body.String())); diff != "" || answer.Header().Get("ETag") != `"1"` {
			t.Errorf("%s %v", diff, answer.Header())
		}
		if answer := secretary.get(t, "/organizations/"+w.ids["b"].String()); answer.Code != http.StatusNotFound {
			t.Errorf("%d %s", answer.Code, answer.Body)
		}
	})
}

func TestListPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		auditor := w.caller(t, auth.RoleAuditor, "")
		for query, want := range map[string][]string{
			"sort=name": {"b1", "a2", "a1", "a", "b", "province"}, "sort=code": {"a", "a1", "a2", "b", "b1", "province"},
			"sort=updated":     {"province", "a", "b", "a1", "a2", "b1"}, // all at one instant, so by id
			"sort=match&q=chi": {"a1", "b1", "a2"}, "q=chi+bo": {"a1", "b1", "a2"},
		} {
			var got []string
			path := "/organizations?limit=2&" + query
			for next := any(""); next != nil; {
				after, _ := next.(string)
				body := auditor.read(t, path+"&after="+url.QueryEscape(after))
				for _, row := range list(body) {
					code, _ := row["code"].(string)
					got = append(got, code)
				}
				next = body["next"]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
	})
}

func TestListAsCSV(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		answer := w.caller(t, auth.RoleAuditor, "").get(t, "/organizations?format=csv&organization_id="+w.ids["b"].String())
		want := "\ufeffid,code,kind,cell_type,name,short_name,founded_on,dissolved_on,parent_id,bodies\r\n" +
			w.ids["b1"].String() + ",b1,cell,,Chi bộ Dân Phố,,,," + w.ids["b"].String() + ",cell\r\n" +
			w.ids["b"].String() + ",b,base_party,,Đảng bộ Bình Minh,,,," + w.ids["province"].String() + ",\r\n"
		if diff := cmp.Diff(want, answer.Body.String()); diff != "" || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/csv") {
			t.Errorf("%s %v", diff, answer.Header())
		}
	})
}

func TestParts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w.write(t, func(ctx context.Context, tx *database.Tx) error {
			id := w.ids["a1"]
			month := org.ExcusedMonth{OrganizationID: id, Body: org.Cell, Month: calendar.MustMonth("2018-02"), Reason: ptr("Tết")}
			return errors.Join(
				org.InsertTerm(ctx, tx, &org.BodyTerm{OrganizationID: id, Body: org.CellCommittee, ValidFrom: firstOn, ValidTo: &today}),
				org.InsertExcused(ctx, tx, &month, org.ErrCodeTaken),
			)
		})
		member := w.caller(t, auth.RoleMember, "a1")
		for path, want := range map[string]map[string]any{
			"placements":                         {"parent_id": w.ids["a"].String(), "from": "2018-01-01", "to": nil},
			"bodies":                             {"body": "cell_committee", "from": "2018-01-01", "to": "2018-01-07"},
			"bodies?body=cell_committee":         {"body": "cell_committee"},
			"excused-months":                     {"body": "cell", "month": "2018-02", "reason": "Tết"},
			"excused-months?body=cell":           {"month": "2018-02"},
			"bodies?body=conference":             nil,
			"excused-months?body=cell_committee": nil,
		} {
			body := member.read(t, "/organizations/"+w.ids["a1"].String()+"/"+path)
			rows := list(body)
			if next, has := body["next"]; !has || next != nil || (want == nil) != (len(rows) == 0) {
				t.Errorf("%s: %v", path, body)
				continue
			}
			for name, value := range want {
				if rows[0][name] != value {
					t.Errorf("%s: %s is %v", path, name, rows[0][name])
				}
			}
		}
	})
}

func TestTreeOnTheWire(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		body := w.caller(t, auth.RoleSuperior, "a").read(t, "/organizations/"+w.ids["a"].String()+"/tree?on=2018-01-01&depth=3")
		children, _ := body["children"].([]any)
		first, _ := children[0].(map[string]any)
		organization, _ := first["organization"].(map[string]any)
		if len(children) != 2 || organization["code"] != "a2" || first["children"] == nil {
			t.Errorf("%v", body)
		}
	})
}

func TestMe(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		body := w.caller(t, auth.RoleMember, "a1").read(t, "/me")
		permissions := []any{"organization.read", "meeting.read", "schedule.read", "registry.read", "summary.read"}
		if diff := cmp.Diff(permissions, body["permissions"]); diff != "" {
			t.Error(diff)
		}
		grants, _ := body["grants"].([]any)
		grant, _ := grants[0].(map[string]any)
		want := map[string]any{
			"id": grant["id"], "role": "member", "reach": "subtree", "from": "2018-01-07", "to": nil, "inspection_id": nil, "from_month": nil, "to_month": nil,
			"organization": map[string]any{"id": w.ids["a1"].String(), "code": "a1", "name": "Chi bộ Đá Bạc"},
		}
		if diff := cmp.Diff(want, grant); diff != "" {
			t.Error(diff)
		}
		body = w.caller(t, auth.RoleAuditor, "").read(t, "/me")
		grants, _ = body["grants"].([]any)
		if grant, _ = grants[0].(map[string]any); grant["organization"] != nil {
			t.Errorf("%v", grant)
		}
	})
}

func TestEnumerationsOnTheWire(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		rows := list(w.caller(t, auth.RoleMember, "a1").read(t, "/enumerations"))
		if !slices.ContainsFunc(rows, func(e map[string]any) bool { return e["name"] == "meeting_form" }) {
			t.Errorf("%v", rows)
		}
	})
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		auditor := w.caller(t, auth.RoleAuditor, "")
		one := "/organizations/" + w.ids["a"].String()
		stray := httpapi.NextCursor("x", "no id")
		for path, want := range map[string]string{
			"/organizations?kind=league":          `"parameter":"kind","code":"parameter_value"`,
			"/organizations?color=red":            `"parameter":"color","code":"parameter_unknown"`,
			"/organizations?limit=0":              `"parameter":"limit","code":"parameter_range"`,
			"/organizations?after=x":              `"parameter":"after","code":"cursor_malformed"`,
			"/organizations?after=" + stray:       `"parameter":"after","code":"cursor_malformed"`,
			"/organizations?parent_id=1":          `"parameter":"parent_id","code":"id_malformed"`,
			"/organizations?scope=world":          `"parameter":"scope","code":"parameter_value"`,
			"/organizations?updated_since=monday": `"parameter":"updated_since","code":"instant_malformed"`,
			"/organizations?format=pdf":           `"parameter":"format","code":"parameter_value"`,
			"/organizations/7":                    `"parameter":"organization_id","code":"id_malformed"`,
			one + "?on=2018-01-01":                `"parameter":"on","code":"parameter_unknown"`,
			one + "/tree?on=2018-02-30":           `"parameter":"on","code":"date_malformed"`,
			one + "/tree?depth=101":               `"parameter":"depth","code":"parameter_range"`,
			one + "/bodies?body=choir":            `"parameter":"body","code":"parameter_value"`,
			"/me?verbose=true":                    `"parameter":"verbose","code":"parameter_unknown"`,
		} {
			answer := auditor.get(t, path)
			if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), want) {
				t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
			}
		}
		for _, part := range []string{"", "/tree", "/placements", "/bodies", "/excused-months"} {
			answer := auditor.get(t, "/organizations/"+org.NewID().String()+part)
			if answer.Code != http.StatusNotFound || !strings.Contains(answer.Body.String(), `"code":"organization_unknown"`) {
				t.Errorf("%s: %d %s", part, answer.Code, answer.Body)
			}
		}
	})
}

func TestStoreGone(t *testing.T) {
	t.Parallel()
	db := dbtest.Broken(t)
	w := world{db: db, svc: org.New(db, calendar.Zone{}), auth: auth.New(db, calendar.Zone{})}
	if _, _, err := w.svc.List(t.Context(), auth.InstallationActor(), org.Filter{}); !errors.Is(err, database.ErrUnavailable) {
		t.Error(err)
	}
}
