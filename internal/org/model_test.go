package org_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// The clock of these tests: late on 6 January in London, but 7 January in Hà Nội already.
var (
	instant = time.Date(2018, 1, 6, 20, 0, 0, 0, time.UTC)
	today   = calendar.MustDate("2018-01-07")
	firstOn = calendar.MustDate("2018-01-01")
)

const days = 12

func clock() database.Options { return database.Options{Now: func() time.Time { return instant }} }

// model is a small world that is asked the same questions as the store, in the most naive way.
type model struct {
	ids        []org.ID
	placements []org.Placement
	users      []auth.UserID
	grants     []org.Grant
}

func drawModel(t *rapid.T) model {
	var m model
	for range rapid.IntRange(1, 9).Draw(t, "organisations") {
		m.ids = append(m.ids, org.NewID())
	}
	for i := 1; i < len(m.ids); i++ {
		m.drawPlacements(t, i)
	}
	m.users = []auth.UserID{auth.NewUserID(), auth.NewUserID()}
	for range rapid.IntRange(0, 5).Draw(t, "grants") {
		m.grants = append(m.grants, m.drawGrant(t))
	}
	return m
}

// drawPlacements gives organisation i parents of a smaller number, so that there is never a cycle, one after the other.
func (m *model) drawPlacements(t *rapid.T, i int) {
	from := rapid.IntRange(0, days).Draw(t, "first day")
	for from < days && rapid.IntRange(0, 3).Draw(t, "more") > 0 {
		p := org.Placement{ID: uuid.New(), OrganizationID: m.ids[i], ValidFrom: firstOn.Add(from)}
		p.ParentID = m.ids[rapid.IntRange(0, i-1).Draw(t, "parent")]
		if rapid.Bool().Draw(t, "ends") {
			last := rapid.IntRange(from, days).Draw(t, "last day")
			to := firstOn.Add(last)
			p.ValidTo = &to
			from = last + 1 + rapid.IntRange(0, 1).Draw(t, "gap")
		} else {
			from = days
		}
		m.placements = append(m.placements, p)
	}
}

func (m *model) drawGrant(t *rapid.T) org.Grant {
	from := rapid.IntRange(0, 8).Draw(t, "grant from")
	g := org.Grant{
		ID: uuid.New(), UserID: rapid.SampledFrom(m.users).Draw(t, "user"), Role: rapid.SampledFrom(auth.Roles()).Draw(t, "role"),
		Reach: rapid.SampledFrom(org.Reaches()).Draw(t, "reach"), ValidFrom: firstOn.Add(from), CreatedAt: instant,
	}
	if rapid.Bool().Draw(t, "ends") {
		to := firstOn.Add(rapid.IntRange(from, days).Draw(t, "grant to"))
		g.ValidTo = &to
	}
	if rapid.IntRange(0, 5).Draw(t, "revoked") == 0 {
		g.RevokedAt = &instant
	}
	if rapid.IntRange(0, 5).Draw(t, "installation") > 0 {
		id := rapid.SampledFrom(m.ids).Draw(t, "on")
		g.OrganizationID = &id
	}
	return g
}

func (m *model) parentOn(id org.ID, on calendar.Date) (org.ID, bool) {
	for _, p := range m.placements {
		if p.OrganizationID == id && !on.Before(p.ValidFrom) && (p.ValidTo == nil || !on.After(*p.ValidTo)) {
			return p.ParentID, true
		}
	}
	return org.ID{}, false
}

func (m *model) chainOn(id org.ID, on calendar.Date) []org.ID {
	chain := []org.ID{id}
	for parent, ok := m.parentOn(id, on); ok; parent, ok = m.parentOn(parent, on) {
		chain = append(chain, parent)
	}
	return chain
}

func (m *model) belowOn(id org.ID, on calendar.Date) []org.ID {
	var below []org.ID
	for _, other := range m.ids {
		if slices.Contains(m.chainOn(other, on), id) {
			below = append(below, other)
		}
	}
	slices.SortFunc(below, org.ID.Compare)
	return below
}

// roles returns the roles the actor has over the organisation today.
func (m *model) roles(actor auth.Actor, id org.ID) []auth.Role {
	var roles []auth.Role
	for _, g := range m.grants {
		switch {
		case g.RevokedAt != nil:
		case g.UserID != actor.UserID, actor.GrantID != uuid.Nil && actor.GrantID != g.ID:
		case today.Before(g.ValidFrom), g.ValidTo != nil && today.After(*g.ValidTo):
		case g.OrganizationID == nil, *g.OrganizationID == id:
			roles = append(roles, g.Role)
		case g.Reach == org.ReachSubtree && slices.Contains(m.chainOn(id, today), *g.OrganizationID):
			roles = append(roles, g.Role)
		}
	}
	return roles
}

func (m *model) store(ctx context.Context, t *rapid.T, tx *database.Tx) {
	put(ctx, t, tx, "user_account", []string{"id", "name", "full_name", "created_at", "updated_at"}, rows(m.users, func(id auth.UserID) []any {
		return []any{id, id.String(), "Người dùng", tx.Now, tx.Now}
	}))
	columns := []string{"id", "kind", "name", "search_key", "sort_key", "created_at", "updated_at"}
	put(ctx, t, tx, "organization", columns, rows(m.ids, func(id org.ID) []any {
		return []any{id, string(org.KindCell), "Chi bộ", "chi bo", "1", tx.Now, tx.Now}
	}))
	columns = []string{"id", "organization_id", "parent_id", "valid_from", "valid_to", "created_at"}
	put(ctx, t, tx, "placement", columns, rows(m.placements, func(p org.Placement) []any {
		return []any{p.ID, p.OrganizationID, p.ParentID, p.ValidFrom, p.ValidTo, tx.Now}
	}))
	columns = []string{"id", "user_id", "role", "organization_id", "reach", "valid_from", "valid_to", "revoked_at", "created_at"}
	put(ctx, t, tx, "role_grant", columns, rows(m.grants, func(g org.Grant) []any {
		return []any{g.ID, g.UserID, string(g.Role), g.OrganizationID, string(g.Reach), g.ValidFrom, g.ValidTo, g.RevokedAt, tx.Now}
	}))
}

func rows[T any](list []T, row func(T) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, item := range list {
			if !yield(row(item)) {
				return
			}
		}
	}
}

func put(ctx context.Context, t *rapid.T, tx *database.Tx, table string, columns []string, rows iter.Seq[[]any]) {
	if _, err := database.InsertAll(ctx, tx, table, columns, rows); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
}

// inWorld draws a world, stores it, asks, and leaves nothing behind.
func inWorld(t *testing.T, db *database.DB, ask func(ctx context.Context, t *rapid.T, tx *database.Tx, m model)) {
	t.Helper()
	ctx := database.WithDryRun(t.Context())
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		_, err := database.Write(ctx, db, func(tx *database.Tx) (struct{}, error) {
			m.store(ctx, t, tx)
			ask(ctx, t, tx, m)
			return struct{}{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestRightsAgreeWithModel asks random questions of random worlds, 100,000 in the long form.
func TestRightsAgreeWithModel(t *testing.T) {
	t.Parallel()
	dbtest.EachOpt(t, clock(), func(t *testing.T, db *database.DB) {
		least, each := 1000, 10
		if experiment.Long() {
			least, each = 100_000, 50
		}
		asked := 0
		for asked < least && !t.Failed() {
			asked += askModel(t, db, each)
		}
		result := experiment.Result{ID: "E-39", Engine: string(db.Engine()), N: asked, Pass: !t.Failed()}
		if t.Failed() {
			result.Observed = 1 // rapid stops at the first
		}
		experiment.Report(t, result)
	})
}

// askModel draws some worlds, asks each so many times, and returns how many questions were compared.
func askModel(t *testing.T, db *database.DB, each int) int {
	t.Helper()
	asked := 0
	inWorld(t, db, func(ctx context.Context, t *rapid.T, tx *database.Tx, m model) {
		for range each {
			asked += 2
			actor := auth.Actor{UserID: rapid.SampledFrom(m.users).Draw(t, "actor")}
			if len(m.grants) > 0 && rapid.Bool().Draw(t, "token") {
				actor.GrantID = rapid.SampledFrom(m.grants).Draw(t, "grant").ID
			}
			permission := rapid.SampledFrom(auth.Permissions()).Draw(t, "permission")
			compareAuthorize(ctx, t, tx, m, actor, permission)
			compareScope(ctx, t, tx, m, actor, permission)
		}
	})
	return asked
}

func compareAuthorize(ctx context.Context, t *rapid.T, tx *database.Tx, m model, actor auth.Actor, permission httpapi.Permission) {
	id := rapid.SampledFrom(append([]org.ID{org.NewID()}, m.ids...)).Draw(t, "organisation")
	roles := m.roles(actor, id)
	var want error
	switch {
	case len(roles) == 0 || !slices.Contains(m.ids, id):
		want = org.ErrUnknown
	case !slices.ContainsFunc(roles, func(r auth.Role) bool { return auth.Allows(r, permission) }):
		want = org.ErrForbidden
	}
	if got := org.Authorize(ctx, tx, actor, permission, id); !errors.Is(got, want) {
		t.Fatalf("Authorize says %v, the model %v for roles %v and %s", got, want, roles, permission)
	}
	for _, accepted := range []bool{false, true} {
		want := slices.Contains(m.ids, id) && slices.ContainsFunc(roles, func(r auth.Role) bool { return seesRecord(r, accepted) })
		got, err := org.SeesRecord(ctx, tx, actor, id, accepted)
		if err != nil || got != want {
			t.Fatalf("SeesRecord says %v (%v), the model %v for roles %v", got, err, want, roles)
		}
	}
}

func seesRecord(role auth.Role, accepted bool) bool {
	return auth.Allows(role, auth.MeetingRead) && (accepted || role != auth.RoleMember)
}

func compareScope(ctx context.Context, t *rapid.T, tx *database.Tx, m model, actor auth.Actor, permission httpapi.Permission) {
	sight, err := org.Scope(ctx, tx, actor, permission)
	if err != nil {
		t.Fatal(err)
	}
	want := m.where(actor, func(r auth.Role) bool { return auth.Allows(r, permission) })
	sights := everyWay(ctx, t, tx, sight)
	for way, sight := range sights {
		condition, args := sight.Where("o.id")
		compareIDs(t, "Where "+way, want, query(ctx, t, tx, condition, args))
	}
	filter := m.drawFilter(t)
	filtered := filter.everyWay(ctx, t, tx, sight)
	for way, sight := range filtered {
		condition, args := sight.Where("o.id")
		compareIDs(t, "Where within "+way, filter.of(want), query(ctx, t, tx, condition, args))
	}
	if anywhere := org.AuthorizeAnywhere(ctx, tx, actor, permission); (anywhere == nil) == sight.None() {
		t.Fatalf("AuthorizeAnywhere says %v, but None is %v", anywhere, sight.None())
	}
	if len(want) > 0 && sight.None() {
		t.Fatal("None, but the model finds some")
	}
	if permission != auth.MeetingRead {
		return
	}
	for _, accepted := range []bool{false, true} {
		want := m.where(actor, func(r auth.Role) bool { return seesRecord(r, accepted) })
		status := map[bool]string{false: "'submitted'", true: "'accepted'"}[accepted]
		for way, sight := range sights {
			condition, args := sight.WhereRecords("o.id", status)
			compareIDs(t, "WhereRecords "+way, want, query(ctx, t, tx, condition, args))
		}
		for way, sight := range filtered {
			condition, args := sight.WhereRecords("o.id", status)
			compareIDs(t, "WhereRecords within "+way, filter.of(want), query(ctx, t, tx, condition, args))
		}
		if !accepted && sight.AcceptedOnly() && len(want) > 0 {
			t.Fatal("AcceptedOnly, but the model shows drafts")
		}
	}
}

// filter is organization_id=…&scope=…, with what belongs to it.
type filter struct {
	id    org.ID
	scope string
	ids   []org.ID
}

func (m *model) drawFilter(t *rapid.T) filter {
	f := filter{id: rapid.SampledFrom(m.ids).Draw(t, "filter"), scope: rapid.SampledFrom([]string{org.ScopeOwn, org.ScopeSubtree}).Draw(t, "scope")}
	f.ids = []org.ID{f.id}
	if f.scope == org.ScopeSubtree {
		f.ids = m.belowOn(f.id, today)
	}
	return f
}

// of returns those that belong to the filter.
func (f filter) of(ids []org.ID) (some []org.ID) {
	for _, id := range ids {
		if slices.Contains(f.ids, id) {
			some = append(some, id)
		}
	}
	return some
}

// everyWay returns the sight within the filter in all the ways in which SQL may ask for it.
func (f filter) everyWay(ctx context.Context, t *rapid.T, tx *database.Tx, sight org.Sight) map[string]org.Sight {
	ways := map[string]org.Sight{}
	for _, rows := range []int{1, 1000} {
		within, err := sight.Within(ctx, tx, f.id, f.scope, rows)
		if err != nil {
			t.Fatal(err)
		}
		ways[fmt.Sprint("for a page of ", rows)], ways[fmt.Sprint("for a row of ", rows)] = within, within.ForRow()
	}
	return ways
}

// everyWay returns the sight in all the ways in which SQL may ask for it, which are to give the same.
func everyWay(ctx context.Context, t *rapid.T, tx *database.Tx, sight org.Sight) map[string]org.Sight {
	ways := map[string]org.Sight{"for all": sight, "for a row": sight.ForRow()}
	for _, rows := range []int{1, 1000} { // found from the organisations, and asked
		paged, err := sight.ForPage(ctx, tx, rows)
		if err != nil {
			t.Fatal(err)
		}
		ways[fmt.Sprint("for a page of ", rows)] = paged
	}
	return ways
}

func (m *model) where(actor auth.Actor, allows func(auth.Role) bool) []org.ID {
	var ids []org.ID
	for _, id := range m.ids {
		if slices.ContainsFunc(m.roles(actor, id), allows) {
			ids = append(ids, id)
		}
	}
	return ids
}

func query(ctx context.Context, t *rapid.T, tx *database.Tx, condition string, args []any) []org.ID {
	var ids []org.ID
	if err := database.Gorm(ctx, tx).Raw("SELECT o.id FROM organization o WHERE "+condition, args...).Scan(&ids).Error; err != nil {
		t.Fatalf("%s: %v", condition, err)
	}
	return ids
}

func compareIDs(t *rapid.T, what string, want, got []org.ID) {
	want, got = slices.Clone(want), slices.Clone(got)
	slices.SortFunc(want, org.ID.Compare)
	slices.SortFunc(got, org.ID.Compare)
	if !slices.Equal(want, got) {
		t.Fatalf("%s: %v, the model %v", what, got, want)
	}
}

func TestTreeAgreesWithModel(t *testing.T) {
	t.Parallel()
	dbtest.EachOpt(t, clock(), func(t *testing.T, db *database.DB) {
		inWorld(t, db, func(ctx context.Context, t *rapid.T, tx *database.Tx, m model) {
			var positions []org.Position
			for range 4 {
				id := rapid.SampledFrom(m.ids).Draw(t, "organisation")
				on := firstOn.Add(rapid.IntRange(0, days).Draw(t, "day"))
				positions = append(positions, org.Position{ID: id, On: on})
				compareTree(ctx, t, tx, m, id, on)
			}
			chains, err := org.ChainsOn(ctx, tx, positions)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range positions {
				if diff := cmp.Diff(m.chainOn(p.ID, p.On), chains[p]); diff != "" {
					t.Fatal(diff)
				}
			}
			compareCycles(ctx, t, tx, m)
		})
	})
}

func compareTree(ctx context.Context, t *rapid.T, tx *database.Tx, m model, id org.ID, on calendar.Date) {
	chain, err := org.ChainOn(ctx, tx, id, on)
	if diff := cmp.Diff(m.chainOn(id, on), chain); err != nil || diff != "" {
		t.Fatalf("ChainOn: %v %s", err, diff)
	}
	below, err := org.SubtreeOn(ctx, tx, id, on)
	if diff := cmp.Diff(m.belowOn(id, on), below); err != nil || diff != "" {
		t.Fatalf("SubtreeOn: %v %s", err, diff)
	}
	children, err := org.ChildrenOn(ctx, tx, id, on)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []org.ID
	for _, o := range children {
		got = append(got, o.ID)
	}
	for _, other := range m.ids {
		if parent, ok := m.parentOn(other, on); ok && parent == id {
			want = append(want, other)
		}
	}
	compareIDs(t, fmt.Sprintf("ChildrenOn(%s)", on), want, got)
	condition, args := org.Narrow(ctx, tx, id, org.ScopeSubtree, "o.id")
	compareIDs(t, "Narrow", m.belowOn(id, today), query(ctx, t, tx, condition, args))
	for way, sight := range everyWay(ctx, t, tx, org.Chosen(tx, id, org.ScopeSubtree)) {
		condition, args := sight.Where("o.id")
		compareIDs(t, "Chosen "+way, m.belowOn(id, today), query(ctx, t, tx, condition, args))
	}
}

// compareCycles asks day by day what AncestorEver finds in one walk.
func compareCycles(ctx context.Context, t *rapid.T, tx *database.Tx, m model) {
	parent, child := rapid.SampledFrom(m.ids).Draw(t, "candidate"), rapid.SampledFrom(m.ids).Draw(t, "child")
	from := rapid.IntRange(0, days).Draw(t, "from")
	span := calendar.Span{From: firstOn.Add(from)}
	last := days + 1 // nothing changes after this day
	if rapid.Bool().Draw(t, "ends") {
		last = rapid.IntRange(from, days).Draw(t, "to")
		to := firstOn.Add(last)
		span.To = &to
	}
	want := false
	for day := from; day <= last; day++ {
		want = want || slices.Contains(m.chainOn(parent, firstOn.Add(day)), child)
	}
	got, err := org.AncestorEver(ctx, tx, parent, child, span)
	if err != nil || got != want {
		t.Fatalf("AncestorEver(%s) says %v (%v), the days say %v", span, got, err, want)
	}
}
