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
	dbtest.Each(t, func(t *testing.T, db *database.DB) { dbtest.Drift(t, db, topic.Topic{}) })
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
