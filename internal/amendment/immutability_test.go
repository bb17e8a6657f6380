package amendment_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db, amendment.Amendment{}, meeting.RecordVersion{}, meeting.Event{})
	})
}

// bodies are sound requests of every route that writes on a meeting, as far as they have a body.
func (s *scene) bodies() map[string]string {
	roll := fmt.Sprintf(`{"rows":[{"member_id":%q,"status":"present"}]}`, s.people[3])
	return map[string]string{
		"POST /meetings": "",
		"POST /organizations/{organization_id}/drafts":                       `{"body":"cell","forms":["regular"],"period_month":"2018-03","started_at":"2018-03-09T14:00:00+07:00"}`,
		"POST /meetings/{meeting_id}/preparation":                            "",
		"POST /acceptances":                                                  fmt.Sprintf(`{"items":[{"meeting_id":%q,"version":%d}]}`, s.id(), s.version()),
		"PATCH /meetings/{meeting_id}":                                       `{"title":"Sửa lén"}`,
		"DELETE /meetings/{meeting_id}":                                      "",
		"PUT /meetings/{meeting_id}/attendance":                              roll,
		"PATCH /meetings/{meeting_id}/attendance":                            roll,
		"POST /meetings/{meeting_id}/submission":                             `{"attendance":` + roll + `}`,
		"DELETE /meetings/{meeting_id}/submission":                           "",
		"POST /meetings/{meeting_id}/cancellation":                           `{"reason":"xóa"}`,
		"POST /meetings/{meeting_id}/postponement":                           `{"started_at":"2018-04-03T14:00:00+07:00"}`,
		"POST /meetings/{meeting_id}/return":                                 `{"reason":"sửa lại"}`,
		"POST /meetings/{meeting_id}/acceptance":                             "",
		"POST /meetings/{meeting_id}/amendments":                             asked(`{"guests":9}`),
		"DELETE /meetings/{meeting_id}/amendments/{amendment_id}":            "",
		"POST /meetings/{meeting_id}/amendments/{amendment_id}/confirmation": "",
		"POST /meetings/{meeting_id}/amendments/{amendment_id}/rejection":    `{"reason":"không"}`,
	}
}

// approved is everything that the accepted record consists of: the bytes of its first version, and the rows that show the last one.
func (s *scene) approved() (bytes, rows string) {
	s.t.Helper()
	first := s.superior.Get(s.t, s.path+"/versions/1").OK(s.t, http.StatusOK).JSON(s.t)
	m := s.superior.Get(s.t, s.path).OK(s.t, http.StatusOK).JSON(s.t)
	for _, name := range []string{"events", "version", "updated_at"} {
		delete(m, name)
	}
	return fmt.Sprint(first["content"], first["sha256"]), fmt.Sprint(m)
}

// TestAcceptedRecordsDoNotChange is E-20 for meetings and amendments: every route that writes, as every role, on an accepted record. The
// bytes of what was accepted never change, and what a reader sees only where a superior has confirmed an amendment.
func TestAcceptedRecordsDoNotChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		one := s.requested(s.came())
		callers := map[auth.Role]apitest.Caller{}
		for _, role := range auth.Roles() {
			callers[role] = s.As(t, role, "")
		}
		var writing []httpapi.Route
		for _, route := range append(meeting.New(s.DB, zone(t)).Routes(), amendment.New(s.DB, zone(t)).Routes()...) {
			if route.Method != http.MethodGet {
				writing = append(writing, route)
			}
		}
		content, rows := s.approved()
		sent, changed, confirmations := 0, 0, 0
		for _, role := range auth.Roles() {
			for _, route := range writing {
				name := route.Method + " " + route.Path
				body, listed := s.bodies()[name]
				if !listed {
					t.Fatalf("no request of %s", name)
				}
				path := strings.NewReplacer("/meetings/{meeting_id}/amendments/{amendment_id}", one, "/meetings/{meeting_id}", s.path,
					"/organizations/{organization_id}", "/organizations/"+s.Orgs["a1"].String()).Replace(route.Path)
				if name == "POST /meetings" {
					body = fmt.Sprintf(`{"id":%q,"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-03","started_at":"2018-03-03T14:00:00+07:00"}`,
						s.id(), s.Orgs["a1"].String())
				}
				answer := callers[role].Do(t, route.Method, path, body, fmt.Sprintf(`If-Match: "%d"`, s.version()))
				sent++
				bytes, shown := s.approved()
				if bytes != content || shown != rows {
					confirmed := strings.HasSuffix(route.Path, "/confirmation") && answer.Status == http.StatusOK && role == auth.RoleSuperior
					if bytes != content || !confirmed {
						changed++
						t.Errorf("%s as %s changes an accepted record: %s", name, role, answer)
					}
					confirmations++
					rows = shown
				}
			}
		}
		if confirmations == 0 {
			t.Error("no amendment was confirmed, so nothing was tried")
		}
		s.verify()
		experiment.Report(t, experiment.Result{ID: "E-20", Engine: string(s.DB.Engine()), N: sent, Observed: changed, Pass: changed == 0 && sent == len(writing)*len(auth.Roles())})
	})
}
