package warning_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/warning"
)

// TestWordsHaveLabels holds the words against the enumerations that the interface serves.
func TestWordsHaveLabels(t *testing.T) {
	t.Parallel()
	list, err := org.Enumerations()
	must(t, err)
	words := map[string][]string{}
	for _, e := range list {
		for _, w := range e.Words {
			words[e.Name] = append(words[e.Name], w.Word)
		}
	}
	for name, want := range map[string]string{
		"warning_code": fmt.Sprint(warning.Codes()), "warning_audience": fmt.Sprint(warning.Audiences()),
		"warning_severity": fmt.Sprint(warning.Severities()), "warning_evidence": fmt.Sprint(warning.EvidenceTypes()),
		"duty": fmt.Sprint(warning.DutyCodes()), "duty_state": fmt.Sprint(warning.DutyStates()),
	} {
		if got := fmt.Sprint(words[name]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// crowd makes a cell in which every audience has something to see.
func (s *scene) crowd() {
	s.t.Helper()
	s.met(session{held: "2026-04-06", absent: s.row(1, "unexcused")}) // late, and 2 of 3 came
	s.met(session{held: "2026-03-06", absent: s.row(1, "unexcused")})
}

func audiences(list []map[string]any) string {
	var seen []string
	for _, w := range list {
		if of := fmt.Sprint(w["audience"]); !slices.Contains(seen, of) {
			seen = append(seen, of)
		}
	}
	slices.Sort(seen)
	return strings.Join(seen, " ")
}

// TestWhoSeesWhat: what is for superiors and auditors leaves the server for nobody else, by no filter and in no format.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.crowd()
		for role, want := range map[auth.Role]string{
			auth.RoleSecretary: "secretary", auth.RoleSuperior: "auditor secretary superior", auth.RoleAuditor: "auditor secretary superior",
		} {
			who := s.As(t, role, "a1")
			if got := audiences(s.list(who, "", "2026-01", "2026-05")); got != want {
				t.Errorf("%s sees what is for %s", role, got)
			}
			for _, audience := range []string{"superior", "auditor"} {
				found := s.list(who, "audience="+audience, "2026-01", "2026-05")
				if (role == auth.RoleSecretary) != (len(found) == 0) {
					t.Errorf("%s sees %d that are for %s", role, len(found), audience)
				}
			}
			path := "/warnings?from=2026-01&to=2026-05&format=csv&organization_id="
			text := who.Get(t, path+s.Orgs["a1"].String()).OK(t, http.StatusOK).Text
			if strings.Contains(text, string(warning.AttendanceBelow)) != (role != auth.RoleSecretary) {
				t.Errorf("%s: %s", role, text)
			}
			who.Get(t, path+s.Orgs["b1"].String()).Problem(t, http.StatusNotFound, "organization_unknown")
		}
		for _, role := range []auth.Role{auth.RoleMember, auth.RoleMinutesTaker, auth.RoleAdministrator} {
			s.As(t, role, "a1").Get(t, "/warnings?from=2026-01&to=2026-05&organization_id="+s.Orgs["a1"].String()).Problem(t, http.StatusForbidden, "forbidden")
		}
	})
}

// TestSeveralRoles gives somebody the one role here and the other one there: each counts where it is held.
func TestSeveralRoles(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.crowd()
		who := s.As(t, auth.RoleSecretary, "a")
		if got := audiences(s.list(who, "scope=own", "2026-01", "2026-05")); got != "secretary" {
			t.Errorf("the secretary of all sees what is for %s", got)
		}
		own := s.As(t, auth.RoleSecretary, "a2")
		own.Get(t, "/warnings?from=2026-01&to=2026-05&organization_id="+s.Orgs["a1"].String()).Problem(t, http.StatusNotFound, "organization_unknown")
	})
}

// TestPages walks through the warnings one by one, over several organisations.
func TestPages(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.crowd()
		path := "/warnings?from=2026-01&to=2026-05&organization_id=" + s.Orgs["province"].String()
		who := s.As(t, auth.RoleSuperior, "province")
		whole := who.Get(t, path+"&limit=200").OK(t, http.StatusOK)
		want := whole.Rows(t, "key")
		var got []string
		for after := ""; ; {
			page := who.Get(t, path+"&limit=1"+after).OK(t, http.StatusOK)
			got = append(got, page.Rows(t, "key")...)
			next := page.Field(t, "next")
			if next == "" {
				break
			}
			after = "&after=" + next
		}
		if len(want) < 20 || !slices.Equal(got, want) {
			t.Errorf("page by page %d, at once %d", len(got), len(want))
		}
	})
}

// TestManyCells looks at more cells than are loaded at once: each is there once, however the pages fall.
func TestManyCells(t *testing.T) {
	t.Parallel()
	each(t, 0, func(t *testing.T, s *scene) {
		founded := calendar.MustDate("2010-01-01")
		s.Write(t, func(ctx context.Context, tx *database.Tx) error {
			for i := range 120 {
				code := fmt.Sprintf("n%03d", i)
				o := org.Organization{ID: org.NewID(), Code: &code, Name: "Chi bộ " + code, Kind: org.KindCell, FoundedOn: &founded}
				s.Orgs[code] = o.ID
				if err := org.Insert(ctx, tx, &o); err != nil {
					return err
				}
				if err := org.InsertPlacement(ctx, tx, &org.Placement{OrganizationID: o.ID, ParentID: s.Orgs["a"], ValidFrom: founded}); err != nil {
					return err
				}
			}
			return nil
		})
		s.settle()
		path := "/warnings?from=2026-04&to=2026-04&code=nothing_for_month&organization_id=" + s.Orgs["a"].String()
		for _, limit := range []int{200, 50, 49, 30} {
			seen, pages := map[string]bool{}, 0
			for after := ""; ; pages++ {
				page := s.superior.Get(t, fmt.Sprint(path, "&limit=", limit, after)).OK(t, http.StatusOK)
				for _, id := range page.Rows(t, "organization_id") {
					if seen[id] {
						t.Errorf("pages of %d: %s twice", limit, id)
					}
					seen[id] = true
				}
				next := page.Field(t, "next")
				if next == "" {
					break
				}
				after = "&after=" + next
			}
			if len(seen) != 122 || pages != 121/limit {
				t.Errorf("pages of %d: %d cells on %d pages", limit, len(seen), pages+1)
			}
		}
		none := s.superior.Get(t, path+"&severity=warning").OK(t, http.StatusOK)
		if len(none.Rows(t, "key")) != 0 || none.Field(t, "next") != "" {
			t.Errorf("%s", none)
		}
	})
}

func TestBadQuestions(t *testing.T) {
	t.Parallel()
	each(t, 0, func(t *testing.T, s *scene) {
		at := "/warnings?organization_id=" + s.Orgs["a1"].String()
		for query, faults := range map[string][]string{
			at: {"from parameter_missing", "to parameter_missing"}, "/warnings?from=2026-01&to=2026-01": {"organization_id parameter_missing"},
			at + "&from=2023-05&to=2026-05":               {"to period_over_months"},
			at + "&from=2026-05&to=2026-05&code=nothing":  {"code parameter_value"},
			at + "&from=2026-05&to=2026-05&severity=grim": {"severity parameter_value"},
		} {
			_, code, _ := strings.Cut(faults[0], " ")
			s.superior.Get(t, query).Problem(t, http.StatusBadRequest, code, faults...)
		}
		s.superior.Get(t, "/me/duties?month=2026-13").Problem(t, http.StatusBadRequest, "month_malformed", "month month_malformed")
	})
}
