package study_test

import (
	"fmt"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/structure"
	"sochibo/internal/study"
	"sochibo/internal/summary"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/topic"
)

// scene is the small installation of apitest with somebody who writes everywhere and a superior of everything.
type scene struct {
	apitest.World

	writer, superior apitest.Caller
	chairs           map[string]string // the one member of each cell
}

func each(t *testing.T, fn func(t *testing.T, s scene)) {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	apitest.Each(t, func(db *database.DB) []httpapi.Route {
		var routes []httpapi.Route
		for _, more := range [][]httpapi.Route{
			topic.New(db, zone).Routes(), directive.New(db, zone).Routes(), briefing.New(db, zone).Routes(), member.New(db, zone, rules.CountingOn).Routes(), structure.New(db, zone).Routes(),
			meeting.New(db, zone).Routes(),
			study.New(db, zone).Routes(), summary.New(db, zone).Routes(),
		} {
			routes = append(routes, more...)
		}
		return routes
	}, func(t *testing.T, w apitest.World) {
		s := scene{w, w.As(t, auth.RoleSecretary, ""), w.As(t, auth.RoleSuperior, "province"), map[string]string{}}
		for _, cell := range []string{"a1", "a2", "b1"} {
			s.admit(t, cell)
		}
		fn(t, s)
	})
}

// admit gives a cell its one member.
func (s scene) admit(t *testing.T, cell string) {
	t.Helper()
	s.chairs[cell] = s.writer.Post(t, "/members", fmt.Sprintf(
		`{"full_name":"Nguyễn Văn An","membership":{"organization_id":%q,"from":"2016-01-01"}}`, s.Orgs[cell])).OK(t, 201).Field(t, "id")
}

// found founds a further cell below a as an administrator does, so that it owes sessions.
func (s scene) found(t *testing.T, cell string) {
	t.Helper()
	made := s.As(t, auth.RoleAdministrator, "").Post(t, "/organizations", fmt.Sprintf(
		`{"code":%q,"kind":"cell","name":"Chi bộ %s","founded_on":"2016-01-01","parent_id":%q}`, cell, cell, s.Orgs["a"])).OK(t, 201)
	id, err := org.ParseID(made.Field(t, "id"))
	if err != nil {
		t.Fatal(err)
	}
	s.Orgs[cell] = id
	s.admit(t, cell)
}

// topic records a topic for everybody and returns its id.
func (s scene) topic(t *testing.T, title, category, more string) string {
	t.Helper()
	return s.writer.Post(t, "/topics", fmt.Sprintf(`{"title":%q,"category":%q%s}`, title, category, more)).OK(t, 201).Field(t, "id")
}

func about(id string) string { return fmt.Sprintf(`,"topic_id":%q`, id) }

func studying(id string) string { return fmt.Sprintf(`,"directive_ids":[%q]`, id) }

// meet records a meeting of a cell on the fifth of a month and returns its id.
func (s scene) meet(t *testing.T, cell, month, forms, more string) string {
	t.Helper()
	return s.writer.Post(t, "/meetings", fmt.Sprintf(
		`{"organization_id":%q,"body":"cell","forms":[%s],"period_month":%q,"started_at":"%s-05T14:00:00+07:00","chair_id":%q%s}`,
		s.Orgs[cell], forms, month, month, s.chairs[cell], more)).OK(t, 201).Field(t, "id")
}

const handedIn = `,"attendance":{"others":"present","rows":[]},"submit":true`

// hold is meet for a thematic session whose record is in.
func (s scene) hold(t *testing.T, cell, month, more string) string {
	t.Helper()
	return s.meet(t, cell, month, `"thematic"`, more+handedIn)
}

func (s scene) of(cell string) string { return "/organizations/" + s.Orgs[cell].String() }

// rowOf returns the row of a list whose member is the value.
func rowOf(t *testing.T, answer apitest.Answer, list, name, value string) map[string]any {
	t.Helper()
	rows, _ := answer.JSON(t)[list].([]any)
	for _, row := range rows {
		if entry, ok := row.(map[string]any); ok && fmt.Sprint(entry[name]) == value {
			return entry
		}
	}
	t.Fatalf("no row with %s %s in %s", name, value, answer)
	return nil
}
