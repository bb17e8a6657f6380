package topic_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/topic"
)

func each(t *testing.T, fn func(t *testing.T, w apitest.World)) {
	t.Helper()
	apitest.Each(t, func(db *database.DB) []httpapi.Route {
		return append(topic.New(db, calendar.Zone{}).Routes(), directive.New(db, calendar.Zone{}).Routes()...)
	}, fn)
}

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { dbtest.Drift(t, db, topic.Topic{}, topic.Link{}) })
}

func TestRecordAndEdit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		asked := secretary.Post(t, "/directives", `{"number":"05-CT/TW","issued_on":"2016-05-15"}`).OK(t, 201).Field(t, "id")
		body := fmt.Sprintf(`{"code":"CD1","category":"ho_chi_minh_study","title":"Phong cách nêu gương","directive_id":%q}`, asked)
		made := secretary.Post(t, "/topics", body).OK(t, 201)
		path := "/topics/" + made.Field(t, "id")
		secretary.Post(t, "/topics", body).Problem(t, 409, "code_taken")
		secretary.Post(t, "/topics", fmt.Sprintf(`{"category":"x","directive_id":%q}`, topic.NewID())).Problem(t, 422, "topic_invalid",
			"/category word_unknown", "/title field_required", "/directive_id reference_unknown")
		if got := secretary.Get(t, path).OK(t, 200); got.Text != made.Text {
			t.Errorf("%s %s", got, made)
		}
		changed := secretary.Patch(t, path, `"1"`, `{"directive_id":null,"category":"other"}`).OK(t, 200)
		if changed.Field(t, "directive_id") != "" || changed.Field(t, "category") != "other" || changed.ETag() != `"2"` {
			t.Errorf("%s", changed)
		}
		secretary.Patch(t, path, `"1"`, `{}`).Problem(t, 412, "version_stale")
		secretary.Patch(t, path, `"2"`, `{"category":null}`).Problem(t, 422, "topic_invalid", "/category field_required")
		secretary.Get(t, "/topics/x").Problem(t, 400, "id_malformed", "topic_id id_malformed")
		w.As(t, auth.RoleMinutesTaker, "a1").Post(t, "/topics", body).Problem(t, 403, "forbidden")

		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			id, err := topic.ParseID(made.Field(t, "id"))
			if err != nil {
				return err
			}
			found, err := topic.LookupAll(ctx, tx, []topic.ID{id, topic.NewID()})
			if len(found) != 1 {
				t.Errorf("%v", found)
			}
			return err
		})
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior := w.As(t, auth.RoleSuperior, "a")
		for i, title := range []string{"Đạo đức", "Dân vận", "Nêu gương", "Ân tình"} {
			category := []string{"other", "cell_building"}[i%2]
			superior.Post(t, "/topics", fmt.Sprintf(`{"code":"T%d","category":%q,"title":%q}`, i, category, title)).OK(t, 201)
		}
		for query, want := range map[string][]string{
			"":                       {"T3", "T1", "T0", "T2"},
			"category=cell_building": {"T3", "T1"},
			"q=dan":                  {"T1"},
			"sort=updated&limit=1":   {"T0"},
			"directive_id=" + directive.NewID().String(): {},
		} {
			if diff := cmp.Diff(want, superior.Get(t, "/topics?"+query).OK(t, 200).Rows(t, "code")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		first := superior.Get(t, "/topics?limit=2").OK(t, 200)
		rest := superior.Get(t, "/topics?limit=2&after="+first.Field(t, "next")).OK(t, 200)
		if diff := cmp.Diff([]string{"T0", "T2"}, rest.Rows(t, "code")); diff != "" || rest.Field(t, "next") != "" {
			t.Errorf("%s %s", diff, rest)
		}
		superior.Get(t, "/topics?format=csv").OK(t, 200)
	})
}

// TestTopicsAreOfferedDownTheTree: what an organisation owns is offered to itself and to all below it, and to nobody else.
func TestTopicsAreOfferedDownTheTree(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		province := w.As(t, auth.RoleSuperior, "province")
		paths := map[string]string{}
		for _, owner := range []string{"province", "a", "b", "a1"} {
			body := fmt.Sprintf(`{"code":"T-%s","category":"other","title":"Chuyên đề %s","organization_id":%q}`, owner, owner, w.Orgs[owner])
			paths[owner] = "/topics/" + province.Post(t, "/topics", body).OK(t, 201).Field(t, "id")
		}
		province.Post(t, "/topics", `{"code":"T","category":"other","title":"Chuyên đề"}`).OK(t, 201)
		for to, want := range map[string][]string{
			"province": {"T", "T-province"}, "a": {"T", "T-a", "T-province"}, "a1": {"T", "T-a", "T-a1", "T-province"},
			"a2": {"T", "T-a", "T-province"}, "b1": {"T", "T-b", "T-province"},
		} {
			got := province.Get(t, "/topics?offered_to="+w.Orgs[to].String()).OK(t, 200).Rows(t, "code")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", to, diff)
			}
		}
		cell := w.As(t, auth.RoleSecretary, "a1")
		if diff := cmp.Diff([]string{"T", "T-a", "T-a1", "T-province"}, cell.Get(t, "/topics").OK(t, 200).Rows(t, "code")); diff != "" {
			t.Errorf("the cell sees: %s", diff)
		}
		cell.Get(t, "/topics?offered_to="+w.Orgs["b1"].String()).Problem(t, 404, "organization_unknown")
		cell.Get(t, paths["a"]).OK(t, 200)
		cell.Patch(t, paths["a"], `"1"`, `{"title":"x"}`).Problem(t, 403, "forbidden")
		cell.Get(t, paths["b"]).Problem(t, 404, "topic_unknown")
		cell.Patch(t, paths["b"], `"1"`, `{"title":"x"}`).Problem(t, 404, "topic_unknown")
		cell.Patch(t, paths["a1"], `"1"`, `{"title":"Chuyên đề a1 khác"}`).OK(t, 200)
		cell.Post(t, "/topics", fmt.Sprintf(`{"category":"other","title":"x","organization_id":%q}`, w.Orgs["a"])).
			Problem(t, 422, "topic_invalid", "/organization_id reference_unknown")
	})
}

// TestInheritanceFollowsTheTreeOfToday: after a move the topics of the new superior are offered, those of the old one are not.
func TestInheritanceFollowsTheTreeOfToday(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		province := w.As(t, auth.RoleSuperior, "province")
		for _, owner := range []string{"a", "b"} {
			province.Post(t, "/topics", fmt.Sprintf(`{"code":"T-%s","category":"other","title":"T","organization_id":%q}`, owner, w.Orgs[owner])).OK(t, 201)
		}
		w.Write(t, func(ctx context.Context, tx *database.Tx) error {
			placements, err := org.Placements(ctx, tx, w.Orgs["a1"])
			if err != nil {
				return err
			}
			last := calendar.MustDate("2018-05-09")
			if err := org.SavePlacementEnd(ctx, tx, placements[0], &last); err != nil {
				return err
			}
			return org.InsertPlacement(ctx, tx, &org.Placement{OrganizationID: w.Orgs["a1"], ParentID: w.Orgs["b"], ValidFrom: last.Add(1)})
		})
		if got := province.Get(t, "/topics?offered_to="+w.Orgs["a1"].String()).OK(t, 200).Rows(t, "code"); !cmp.Equal(got, []string{"T-b"}) {
			t.Errorf("offered: %v", got)
		}
	})
}

func TestOutlineLinksAndRetirement(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		made := secretary.Post(t, "/topics", `{"code":"CD1","category":"other","title":"Nêu gương","outline":"1. Mở đầu\n2. Thảo luận",
			"links":[{"title":"Đề cương","address":"https://example.org/de-cuong.pdf"},{"title":"Video","address":"https://example.org/v"}]}`).OK(t, 201)
		path := "/topics/" + made.Field(t, "id")
		if got := secretary.Get(t, path).OK(t, 200); got.Text != made.Text {
			t.Errorf("%s %s", got, made)
		}
		secretary.Patch(t, path, `"1"`, `{"links":[{"title":"","address":"http://example.org"},{"title":"x","address":"javascript:alert(1)"}]}`).
			Problem(t, 422, "topic_invalid", "/links/0/title field_required", "/links/0/address address_malformed", "/links/1/address address_malformed")
		changed := secretary.Patch(t, path, `"1"`, `{"links":[{"title":"Video","address":"https://example.org/v"}],"retired_on":"2018-05-10"}`).OK(t, 200)
		if links := changed.Field(t, "links"); links != `[{"address":"https://example.org/v","title":"Video"}]` {
			t.Errorf("links: %s", links)
		}
		kept := secretary.Patch(t, path, `"2"`, `{"outline":null}`).OK(t, 200)
		if kept.Field(t, "links") != changed.Field(t, "links") || kept.Field(t, "outline") != "" {
			t.Errorf("%s", kept)
		}
		for query, want := range map[string][]string{"retired=true": {"CD1"}, "retired=false": {}, "offered_to=" + w.Orgs["a1"].String(): {}, "": {"CD1"}} {
			if got := secretary.Get(t, "/topics?"+query).OK(t, 200).Rows(t, "code"); !cmp.Equal(got, want) {
				t.Errorf("%s: %v", query, got)
			}
		}
	})
}
