package org_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/dbtest"
)

// world is a small installation: a province with two base organisations, each with cells.
type world struct {
	db   *database.DB
	svc  *org.Service
	auth *auth.Service
	ids  map[string]org.ID // by code
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	dbtest.EachOpt(t, clock(), func(t *testing.T, db *database.DB) {
		w := world{db: db, svc: org.New(db, calendar.Zone{}), auth: auth.New(db, calendar.Zone{}), ids: map[string]org.ID{}}
		w.write(t, w.build)
		fn(t, w)
	})
}

func (w world) write(t *testing.T, fn func(ctx context.Context, tx *database.Tx) error) {
	t.Helper()
	_, err := database.Write(t.Context(), w.db, func(tx *database.Tx) (struct{}, error) { return struct{}{}, fn(t.Context(), tx) })
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) build(ctx context.Context, tx *database.Tx) error {
	list := []struct {
		code, name string
		kind       org.Kind
	}{
		{"province", "Đảng bộ tỉnh", org.KindProvincial},
		{"a", "Đảng bộ Ấp Đông", org.KindBaseParty},
		{"b", "Đảng bộ Bình Minh", org.KindBaseParty},
		{"a1", "Chi bộ Đá Bạc", org.KindCell},
		{"a2", "Chi bộ Dân Quân", org.KindCell},
		{"b1", "Chi bộ Dân Phố", org.KindCell},
	}
	for _, entry := range list {
		o := org.Organization{ID: org.NewID(), Code: ptr(entry.code), Name: entry.name, Kind: entry.kind}
		w.ids[entry.code] = o.ID
		if err := org.Insert(ctx, tx, &o); err != nil {
			return err
		}
	}
	for _, link := range [][2]string{{"province", "a"}, {"province", "b"}, {"a", "a1"}, {"a", "a2"}, {"b", "b1"}} {
		p := org.Placement{ParentID: w.ids[link[0]], OrganizationID: w.ids[link[1]], ValidFrom: firstOn}
		if err := org.InsertPlacement(ctx, tx, &p); err != nil {
			return err
		}
	}
	return nil
}

// actor makes a user with one role and returns the user as a caller.
func (w world) actor(t *testing.T, role auth.Role, code string, reach org.Reach) auth.Actor {
	t.Helper()
	user, err := w.auth.CreateUser(t.Context(), auth.InstallationActor(), uuid.NewString(), "Trần Thị B")
	if err != nil {
		t.Fatal(err)
	}
	in := org.GrantInput{UserID: user.ID, Role: role, Reach: reach}
	if code != "" {
		in.OrganizationID = ptr(w.ids[code])
	}
	grant, err := w.svc.AddGrant(t.Context(), auth.InstallationActor(), in)
	if err != nil {
		t.Fatal(err)
	}
	return auth.Actor{UserID: user.ID, GrantID: grant.ID, Name: user.Name}
}

func codes(details []org.Detail) []string {
	list := []string{}
	for _, d := range details {
		list = append(list, *d.Code)
	}
	return list
}

func TestList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		all := w.actor(t, auth.RoleAuditor, "", org.ReachSubtree)
		tests := []struct {
			name   string
			actor  auth.Actor
			filter org.Filter
			want   []string
		}{
			{"all by name", all, org.Filter{}, []string{"b1", "a2", "a1", "a", "b", "province"}},
			{"all by code", all, org.Filter{Sort: org.SortCode}, []string{"a", "a1", "a2", "b", "b1", "province"}},
			{"one kind", all, org.Filter{Kind: org.KindCell, Sort: org.SortCode}, []string{"a1", "a2", "b1"}},
			{"children", all, org.Filter{ParentID: ptr(w.ids["a"]), Sort: org.SortCode}, []string{"a1", "a2"}},
			{"one code", all, org.Filter{Code: "b"}, []string{"b"}},
			{"subtree", all, org.Filter{Within: ptr(w.ids["b"]), Sort: org.SortCode}, []string{"b", "b1"}},
			{"own", all, org.Filter{Within: ptr(w.ids["b"]), Scope: org.ScopeOwn}, []string{"b"}},
			{"search", all, org.Filter{Search: "dan QUAN"}, []string{"a2"}},
			{"search for a sign", all, org.Filter{Search: "%"}, []string{}},
			{"later", all, org.Filter{UpdatedSince: instant.Add(time.Hour), Sort: org.SortUpdated}, []string{}},
			{"since", all, org.Filter{UpdatedSince: instant, Kind: org.KindProvincial, Sort: org.SortUpdated}, []string{"province"}},
			{"subtree of the caller", w.actor(t, auth.RoleSuperior, "a", org.ReachSubtree), org.Filter{Sort: org.SortCode}, []string{"a", "a1", "a2"}},
			{"only one", w.actor(t, auth.RoleSecretary, "a", org.ReachSelf), org.Filter{}, []string{"a"}},
			{"elsewhere", w.actor(t, auth.RoleSecretary, "a1", org.ReachSelf), org.Filter{Within: ptr(w.ids["b"])}, []string{}},
		}
		for _, test := range tests {
			test.filter.Page.Limit = 50
			details, next, err := w.svc.List(t.Context(), test.actor, test.filter)
			if err != nil || next != nil {
				t.Fatalf("%s: %v %v", test.name, next, err)
			}
			if diff := cmp.Diff(test.want, codes(details)); diff != "" {
				t.Errorf("%s: %s", test.name, diff)
			}
		}
	})
}

func TestDetails(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w.write(t, func(ctx context.Context, tx *database.Tx) error {
			return errors.Join(
				org.InsertTerm(ctx, tx, &org.BodyTerm{OrganizationID: w.ids["a1"], Body: org.CellCommittee, ValidFrom: firstOn}),
				org.InsertTerm(ctx, tx, &org.BodyTerm{OrganizationID: w.ids["a"], Body: org.PartyCommittee, ValidFrom: today.Add(1)}),
			)
		})
		secretary := w.actor(t, auth.RoleSecretary, "a", org.ReachSubtree)
		cell, err := w.svc.Get(t.Context(), secretary, w.ids["a1"])
		if err != nil || *cell.ParentID != w.ids["a"] || !cmp.Equal(cell.Bodies, []org.Body{org.Cell, org.CellCommittee}) || cell.Version != 1 {
			t.Errorf("%+v, %v", cell, err)
		}
		if base, err := w.svc.Get(t.Context(), secretary, w.ids["a"]); err != nil || len(base.Bodies) != 0 {
			t.Errorf("%+v, %v", base, err)
		}
		terms, err := w.svc.Terms(t.Context(), secretary, w.ids["a"], org.PartyCommittee)
		if err != nil || len(terms.Rows) != 1 || terms.Rows[0].ValidTo != nil || terms.Organization.ID != w.ids["a"] {
			t.Errorf("%+v, %v", terms, err)
		}
		for _, id := range []org.ID{w.ids["b1"], w.ids["province"], org.NewID()} {
			if _, err := w.svc.Get(t.Context(), secretary, id); !errors.Is(err, org.ErrUnknown) {
				t.Error(err)
			}
		}
	})
}

func shape(tree *org.Tree) string {
	if len(tree.Children) == 0 {
		return *tree.Code
	}
	below := make([]string, len(tree.Children))
	for i, child := range tree.Children {
		below[i] = shape(child)
	}
	return *tree.Code + "(" + strings.Join(below, " ") + ")"
}

func TestTree(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		moved := today.Add(-2)
		w.write(t, func(ctx context.Context, tx *database.Tx) error {
			placements, err := org.Placements(ctx, tx, w.ids["b1"])
			if err != nil {
				return err
			}
			return errors.Join(
				org.SavePlacementEnd(ctx, tx, placements[0], ptr(moved.Add(-1))),
				org.InsertPlacement(ctx, tx, &org.Placement{OrganizationID: w.ids["b1"], ParentID: w.ids["a"], ValidFrom: moved}),
			)
		})
		auditor := w.actor(t, auth.RoleAuditor, "", org.ReachSubtree)
		tests := []struct {
			actor auth.Actor
			root  string
			on    calendar.Date
			depth int
			want  string
		}{
			{auditor, "province", calendar.Date{}, 100, "province(a(b1 a2 a1) b)"},
			{auditor, "province", moved.Add(-1), 100, "province(a(a2 a1) b(b1))"},
			{auditor, "province", calendar.Date{}, 1, "province(a b)"},
			{auditor, "province", calendar.Date{}, 0, "province"},
			{w.actor(t, auth.RoleSecretary, "b", org.ReachSubtree), "b", moved.Add(-1), 100, "b"}, // b1 is out of sight today
			{w.actor(t, auth.RoleSecretary, "a", org.ReachSelf), "a", calendar.Date{}, 100, "a"},
		}
		for i, test := range tests {
			tree, err := w.svc.TreeOn(t.Context(), test.actor, w.ids[test.root], test.on, test.depth)
			if err != nil {
				t.Fatal(err)
			}
			if got := shape(tree); got != test.want {
				t.Errorf("%d: %s, not %s", i, got, test.want)
			}
		}
	})
}

func TestGrants(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		user, err := w.auth.CreateUser(t.Context(), auth.InstallationActor(), "bi.thu", "A")
		if err != nil {
			t.Fatal(err)
		}
		in := org.GrantInput{UserID: user.ID, Role: auth.RoleSecretary, OrganizationID: ptr(w.ids["a1"])}
		first, err := w.svc.EnsureGrant(t.Context(), auth.InstallationActor(), in)
		if err != nil || first.ValidFrom != today || first.Reach != org.ReachSubtree {
			t.Fatalf("%+v, %v", first, err)
		}
		again, err := w.svc.EnsureGrant(t.Context(), auth.InstallationActor(), in)
		if err != nil || again.ID != first.ID {
			t.Errorf("%+v, %v", again, err)
		}
		in.OrganizationID = nil
		everywhere, err := w.svc.EnsureGrant(t.Context(), auth.InstallationActor(), in)
		if err != nil || everywhere.ID == first.ID {
			t.Errorf("%+v, %v", everywhere, err)
		}
		self, err := w.svc.Me(t.Context(), auth.Actor{UserID: user.ID})
		if err != nil || len(self.Grants) != 2 || *self.Organizations[w.ids["a1"]].Code != "a1" || self.User.Name != "bi.thu" {
			t.Errorf("%+v, %v", self, err)
		}
		for code, bad := range map[string]org.GrantInput{
			"grant_invalid":        {UserID: user.ID, Role: "emperor", Reach: "world"},
			"user_unknown":         {UserID: auth.NewUserID(), Role: auth.RoleAuditor},
			"organization_unknown": {UserID: user.ID, Role: auth.RoleAuditor, OrganizationID: ptr(org.NewID())},
		} {
			if _, err := w.svc.AddGrant(t.Context(), auth.InstallationActor(), bad); fault.CodeOf(err) != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		if _, err := w.svc.AddGrant(t.Context(), auth.Actor{UserID: user.ID}, in); !errors.Is(err, org.ErrOwnGrant) {
			t.Errorf("somebody granted to themselves: %v", err)
		}
	})
}

func TestVersions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		refused := func(code string, act func(ctx context.Context, tx *database.Tx, o org.Organization) error) {
			t.Helper()
			_, err := database.Write(t.Context(), w.db, func(tx *database.Tx) (struct{}, error) {
				o, err := org.Lock(t.Context(), tx, w.ids["a1"])
				if err != nil {
					return struct{}{}, err
				}
				return struct{}{}, act(t.Context(), tx, o)
			})
			f, _ := fault.As(err)
			if f == nil || f.Code != code || (code == "version_stale") != (f.ETag == httpapi.ETag(3)) {
				t.Errorf("%s: %v", code, err)
			}
		}
		w.write(t, func(ctx context.Context, tx *database.Tx) error {
			o, err := org.FindByCode(ctx, tx, "a1")
			if err != nil {
				return err
			}
			o.Name, o.CellType = "Chi bộ Đá Vàng", ptr(org.CellAgency)
			if err := org.SaveUnchecked(ctx, tx, &o, 1); err != nil {
				return err
			}
			version, err := org.Touch(ctx, tx, o.ID, 2)
			if version != 3 {
				t.Errorf("version %d", version)
			}
			return err
		})
		got, err := w.svc.ByCode(t.Context(), auth.InstallationActor(), "a1")
		if err != nil || got.Name != "Chi bộ Đá Vàng" || got.SearchKey != "chi bo da vang a1" || got.Version != 3 || *got.CellType != org.CellAgency {
			t.Errorf("%+v, %v", got, err)
		}
		refused("version_stale", func(ctx context.Context, tx *database.Tx, o org.Organization) error {
			return org.SaveUnchecked(ctx, tx, &o, 2)
		})
		refused("version_stale", func(ctx context.Context, tx *database.Tx, o org.Organization) error {
			_, err := org.Touch(ctx, tx, o.ID, 1)
			return err
		})
		refused("code_taken", func(ctx context.Context, tx *database.Tx, o org.Organization) error {
			o.Code = ptr("a2")
			return org.SaveUnchecked(ctx, tx, &o, 3)
		})
		refused("code_taken", func(ctx context.Context, tx *database.Tx, _ org.Organization) error {
			return org.Insert(ctx, tx, &org.Organization{ID: org.NewID(), Code: ptr("a2"), Kind: org.KindCell, Name: "A"})
		})
		refused("id_taken", func(ctx context.Context, tx *database.Tx, o org.Organization) error {
			return org.Insert(ctx, tx, &org.Organization{ID: o.ID, Kind: org.KindCell, Name: "A"})
		})
		refused("organization_unknown", func(ctx context.Context, tx *database.Tx, _ org.Organization) error {
			_, err := org.Touch(ctx, tx, org.NewID(), 1)
			return err
		})
	})
}

// TestTreeLock has holders and sharers of the tree wait for each other on PostgreSQL; on SQLite writers are alone anyhow.
func TestTreeLock(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.Postgres, clock())
	lock := func(ctx context.Context, take func(context.Context, *database.Tx) error, then func()) error {
		_, err := database.Write(ctx, db, func(tx *database.Tx) (struct{}, error) {
			if err := take(ctx, tx); err != nil {
				return struct{}{}, err
			}
			then()
			return struct{}{}, nil
		})
		return err
	}
	err := lock(t.Context(), org.ShareTree, func() {
		if err := lock(t.Context(), org.ShareTree, func() {}); err != nil {
			t.Errorf("two cannot share: %v", err)
		}
		brief, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := lock(brief, org.HoldTree, func() { t.Error("held while it is shared") }); fault.KindOf(err) != fault.Timeout {
			t.Errorf("%v", err)
		}
	})
	if err != nil {
		t.Error(err)
	}
	if err := lock(t.Context(), org.HoldTree, func() {}); err != nil {
		t.Error(err)
	}
}

func TestModelsMatchTables(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db, org.Organization{}, org.Placement{}, org.BodyTerm{}, org.ExcusedMonth{}, org.Grant{})
	})
}
