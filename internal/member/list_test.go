package member_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/text"
)

// codes reads a list of members to its end, two at a time.
func codes(t *testing.T, by apitest.Caller, query string) []string {
	t.Helper()
	all := []string{}
	for next := ""; ; {
		page := by.Get(t, "/members?limit=2&"+query+"&after="+url.QueryEscape(next)).OK(t, http.StatusOK)
		all = append(all, page.Rows(t, "code")...)
		if next = page.Field(t, "next"); next == "" {
			return all
		}
	}
}

// TestListOfOrganization: the members of an organisation come in the order of names, whoever has left it, is called otherwise by now, or has
// another cell.
func TestListOfOrganization(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		left := 70 // more than are looked at first
		for i := range left {
			path := admit(t, w, admin, fmt.Sprintf("L%d", i), fmt.Sprintf("Nguyễn Văn An %c", 'a'+i%20), "a1", "2015-01-01")
			id := admin.Get(t, path+"/memberships").OK(t, http.StatusOK).Rows(t, "id")[0]
			admin.Patch(t, path+"/memberships/"+id, `"1"`, `{"to":"2016-12-31"}`).OK(t, http.StatusOK)
		}
		admit(t, w, admin, "A1", "Trần Yến", "a1", "2015-01-01")
		renamed := admit(t, w, admin, "A2", "Trần Anh", "a1", "2015-01-01")
		moved := admit(t, w, admin, "A3", "Trần Cường", "a1", "2015-01-01")
		admit(t, w, admin, "A4", "Trần Dũng", "a2", "2015-01-01")
		admit(t, w, admin, "B1", "Trần Bình", "b1", "2015-01-01")
		of := func(code, more string) string { return "organization_id=" + w.Orgs[code].String() + more }
		expect := func(want map[string]string) {
			t.Helper()
			for query, codesOf := range want {
				if diff := cmp.Diff(strings.Fields(codesOf), codes(t, admin, query)); diff != "" {
					t.Errorf("%s: %s", query, diff)
				}
			}
		}
		expect(map[string]string{
			of("a1", ""): "A2 A3 A1", of("a", ""): "A2 A3 A4 A1", of("province", ""): "A2 B1 A3 A4 A1", of("b", ""): "B1",
			of("a1", "&scope=own"): "A2 A3 A1", of("a", "&gender=male"): "",
			of("a", "&q=tran"): "A2 A3 A4 A1", of("a", "&q=a"): "A2", of("a", "&q=nguyen"): "", of("province", "&q=b"): "B1",
		})
		admin.Patch(t, renamed, `"1"`, `{"full_name":"Trần Xuân"}`).OK(t, http.StatusOK)
		admin.Post(t, moved+"/memberships",
			fmt.Sprintf(`{"organization_id":%q,"from":"2018-01-01","close_current":true}`, w.Orgs["b1"])).OK(t, http.StatusCreated)
		expect(map[string]string{of("a1", ""): "A2 A1", of("a", ""): "A4 A2 A1", of("province", ""): "B1 A3 A4 A2 A1", of("b", ""): "B1 A3"})
		superior := w.As(t, auth.RoleSuperior, "a")
		all := codes(t, superior, "sort=name") // with those whose last home was there
		ours := slices.DeleteFunc(slices.Clone(all), func(code string) bool { return strings.HasPrefix(code, "L") })
		if diff := cmp.Diff([]string{"A4", "A2", "A1"}, ours); diff != "" || len(all) != left+len(ours) {
			t.Errorf("the superior sees %d: %s", len(all), diff)
		}
		if diff := cmp.Diff(codes(t, admin, "q=nguyen"), codes(t, superior, "q=nguyen")); diff != "" {
			t.Errorf("the superior finds: %s", diff)
		}
		if got := codes(t, superior, of("province", "")); cmp.Diff([]string{"A4", "A2", "A1"}, got) != "" {
			t.Errorf("of the province the superior sees %v", got)
		}
	})
}

// TestListOfTwoGrants: who was given two organisations sees the members of both in one order, each once, on every page.
func TestListOfTwoGrants(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		for i, name := range []string{"Trần An", "Trần Bình", "Trần Cường", "Trần Dũng", "Trần Em"} {
			admit(t, w, admin, fmt.Sprint("M", i), name, []string{"a1", "b1", "a2"}[i%3], "2015-01-01")
		}
		both := admit(t, w, admin, "M9", "Trần Bảo", "a1", "2015-01-01")
		admin.Post(t, both+"/memberships",
			fmt.Sprintf(`{"organization_id":%q,"from":"2018-01-01","close_current":true}`, w.Orgs["b1"])).OK(t, http.StatusCreated)
		actor := w.Actor(t, auth.RoleSecretary, "a1")
		b := w.Orgs["b"]
		in := org.GrantInput{UserID: actor.UserID, Role: auth.RoleSuperior, Reach: org.ReachSubtree, From: calendar.MustDate("2010-01-01"), OrganizationID: &b}
		if _, err := org.New(w.DB, calendar.Zone{}).AddGrant(t.Context(), auth.InstallationActor(), in); err != nil {
			t.Fatal(err)
		}
		actor.GrantID = uuid.UUID{} // all that the user was given
		filter := member.Filter{Order: member.ByName, Limit: 2}
		var got []string
		for {
			page, err := member.New(w.DB, calendar.Zone{}, nil).List(t.Context(), actor, filter)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page[:min(len(page), filter.Limit)] {
				got = append(got, *m.Code)
				filter.After = &member.Position{SortKey: m.SortKey, ID: m.ID}
			}
			if len(page) <= filter.Limit {
				break
			}
		}
		if diff := cmp.Diff([]string{"M0", "M9", "M1", "M3", "M4"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// shaken are changes, by whatever hand, to what organization_member follows from; each takes a random number.
func shaken(w apitest.World, people []member.ID) []func(n int) (statement string, args []any) {
	orgs := []org.ID{w.Orgs["province"], w.Orgs["a"], w.Orgs["b"], w.Orgs["a1"], w.Orgs["a2"], w.Orgs["b1"]}
	day := calendar.MustDate("2015-01-01")
	who := func(n int) member.ID { return people[n%len(people)] }
	where := func(n int) org.ID { return orgs[n/len(people)%len(orgs)] }
	some := func(table string) string {
		return table + " WHERE id = (SELECT id FROM " + table + " ORDER BY id LIMIT 1)"
	}
	return []func(n int) (string, []any){
		func(n int) (string, []any) {
			day = day.Add(1)
			return "INSERT INTO membership (id, member_id, organization_id, valid_from, valid_to, created_at) VALUES (?, ?, ?, ?, ?, ?)",
				[]any{uuid.New(), who(n), where(n), day, day, apitest.Now()}
		},
		func(n int) (string, []any) {
			return "INSERT INTO member_status (id, member_id, status, organization_id, valid_from, created_at) VALUES (?, ?, 'temporarily_here', ?, ?, ?)",
				[]any{uuid.New(), who(n), where(n), day, apitest.Now()}
		},
		func(n int) (string, []any) {
			day = day.Add(1)
			return "INSERT INTO office (id, member_id, organization_id, body, office, valid_from, created_at) VALUES (?, ?, ?, 'cell', 'secretary', ?, ?)",
				[]any{uuid.New(), who(n), where(n), day, apitest.Now()}
		},
		func(n int) (string, []any) {
			return "UPDATE member SET sort_key = ? WHERE id = ?", []any{text.SortKey(fmt.Sprint("Trần ", n)), who(n)}
		},
		func(n int) (string, []any) {
			return "UPDATE membership SET organization_id = ?, member_id = member_id WHERE member_id = ? AND valid_from = (SELECT max(valid_from) FROM membership WHERE member_id = ?)",
				[]any{where(n), who(n), who(n)}
		},
		func(n int) (string, []any) {
			return "UPDATE office SET member_id = ? WHERE organization_id = ? AND valid_from = (SELECT max(valid_from) FROM office)", []any{who(n), where(n)}
		},
		func(n int) (string, []any) {
			return "DELETE FROM " + some([]string{"membership", "member_status", "office"}[n%3]), nil
		},
		func(n int) (string, []any) {
			return "UPDATE placement SET parent_id = ? WHERE organization_id = ?", []any{orgs[n%3], orgs[3+n/3%3]} // a cell moves
		},
		func(n int) (string, []any) {
			return "UPDATE placement SET parent_id = ? WHERE organization_id = ?", []any{orgs[2*(n%2)], w.Orgs["a"]} // with its cells
		},
	}
}

// TestOrganizationMembersFollow: whatever changes, organization_member is what it would be if it were written anew.
func TestOrganizationMembersFollow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		admin := w.As(t, auth.RoleAdministrator, "")
		var people []member.ID
		for i := range 6 {
			id := strings.TrimPrefix(admit(t, w, admin, fmt.Sprint("M", i), fmt.Sprint("Nguyễn ", i), "a1", "2012-01-01"), "/members/")
			people = append(people, member.ID{UUID: uuid.MustParse(id)})
		}
		service := member.New(w.DB, calendar.Zone{}, nil)
		verify := func() []audit.Mismatch {
			found, err := service.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			return database.Gorm(ctx, tx).Exec("UPDATE membership SET valid_to = ?", calendar.MustDate("2012-12-31")).Error
		})
		changes, seed := shaken(w, people), rand.Uint64()
		random := rand.New(rand.NewPCG(seed, 1))
		for range 40 {
			var said []string
			for range 3 {
				statement, args := changes[random.IntN(len(changes))](random.IntN(1000))
				said = append(said, fmt.Sprint(statement, args))
				w.Write(t, func(ctx context.Context, tx *database.Tx) error {
					return database.Gorm(ctx, tx).Exec(statement, args...).Error
				})
			}
			if found := verify(); len(found) > 0 {
				t.Fatalf("seed %d: after %q: %v", seed, said, found)
			}
		}
		for i, wrong := range []string{
			"DELETE FROM organization_member WHERE member_id = ?", "UPDATE organization_member SET sort_key = 'x' WHERE member_id = ?",
		} {
			id := strings.TrimPrefix(admit(t, w, admin, fmt.Sprint("W", i), "Trần Sai", "a1", "2012-01-01"), "/members/")
			w.Write(t, func(ctx context.Context, tx *database.Tx) error { return database.Gorm(ctx, tx).Exec(wrong, id).Error })
			if !slices.ContainsFunc(verify(), func(m audit.Mismatch) bool { return m.Place == "organization_member "+id }) {
				t.Errorf("%s: %v", wrong, verify())
			}
		}
	})
}
