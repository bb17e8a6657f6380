package activity_test

import (
	"fmt"
	"strings"
	"testing"

	"sochibo/internal/activity"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/summary"
	"sochibo/internal/testkit/apitest"
)

// scene is the small installation of apitest with somebody who writes everywhere and a superior of everything.
type scene struct {
	apitest.World

	writer, superior apitest.Caller
	people           map[string][]string // of each cell
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
			member.New(db, zone, rules.CountingOn).Routes(), meeting.New(db, zone).Routes(),
			resolution.New(db, meeting.Sealed(), meeting.Ballots).Routes(), activity.New(db, summary.New(db, zone)).Routes(),
		} {
			routes = append(routes, more...)
		}
		return routes
	}, func(t *testing.T, w apitest.World) {
		s := scene{w, w.As(t, auth.RoleSecretary, ""), w.As(t, auth.RoleSuperior, "province"), map[string][]string{}}
		for _, cell := range []string{"a1", "a2"} {
			for _, name := range []string{"An", "Bình", "Cúc"} {
				s.people[cell] = append(s.people[cell], s.writer.Post(t, "/members", fmt.Sprintf(
					`{"full_name":"Trần %s","official_on":"2012-01-01","membership":{"organization_id":%q,"from":"2015-01-01"}}`, name, w.Orgs[cell])).OK(t, 201).Field(t, "id"))
			}
		}
		fn(t, s)
	})
}

// hold hands in a session of a cell; rest is the rest of its body, which ends with a roll.
func (s scene) hold(t *testing.T, cell, month, rest string) apitest.Answer {
	t.Helper()
	return s.writer.Post(t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","period_month":%q,"started_at":"%s-05T14:00:00+07:00",
		"ended_at":"%s-05T15:30:00+07:00","chair_id":%q,"minutes_taker_id":%q,"submit":true,%s}`,
		s.Orgs[cell], month, month, month, s.people[cell][0], s.people[cell][1], rest)).OK(t, 201)
}

func (s scene) of(code string) string { return "/organizations/" + s.Orgs[code].String() }

const year = "?from=2018-01&to=2018-04"

func TestActivity(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		third := s.people["a1"][2]
		s.hold(t, "a1", "2018-01", `"forms":["regular"],"content_items":["propaganda"],"attendance":{"others":"present","rows":[
			{"member_id":"`+third+`","status":"excused","reason_kind":"business_trip"}]},"opinions":[{"member_id":"`+s.people["a1"][0]+`","text":"Nhất trí"}]`)
		s.hold(t, "a1", "2018-02", `"forms":["regular","thematic"],"attendance":{"others":"present","rows":[
			{"member_id":"`+third+`","status":"unexcused"}]},"tasks":[{"title":"Việc","assignee_id":"`+third+`"},{"title":"Hai"}]`)
		s.hold(t, "a2", "2018-02", `"forms":["extraordinary"],"attendance":{"others":"present","rows":[]}`)
		s.hold(t, "a2", "2018-03", `"forms":["congress"],"attendance":{"others":"present","rows":[]}`)
		withdrawn := s.hold(t, "a2", "2018-04", `"forms":["regular"],"attendance":{"others":"present","rows":[]}`)
		s.writer.Do(t, "DELETE", "/meetings/"+withdrawn.Field(t, "id")+"/submission", "", "If-Match: "+withdrawn.ETag()).OK(t, 200)

		out := s.superior.Get(t, s.of("a")+"/activity"+year+"&threshold=67&format=csv").OK(t, 200).Text
		for _, want := range []string{
			"sittings,cell,,,3,,", "regular,cell,,,2,,", "content_item,cell,propaganda,,1,2,50.0", "prepared,cell,,,0,2,0.0", "tasks,cell,,,2,,",
			"tasks_with_member,cell,,,1,,", "members_with_tasks,cell,,,1,,", "speakers,cell,,,1,7,14.3", "minutes,cell,,,270,3,",
			"attendance,cell,,,7,9,77.8", "sittings_reaching,cell,67,,1,3,33.3", "attendance_month,cell,2018-02,,5,6,83.3",
			"excused_others,cell,business_trip,,1,,", "unexcused_others,cell,unknown,,1,,", "thematic:,,,,1,,",
		} {
			if !strings.Contains(out, want+"\r\n") && !strings.Contains(out, want+"\n") {
				t.Errorf("%q is missing in\n%s", want, out)
			}
		}
		accepted := s.superior.Get(t, s.of("a")+"/activity"+year+"&basis=accepted").OK(t, 200).JSON(t)
		if bodies, _ := accepted["bodies"].([]any); len(bodies) != 0 {
			t.Errorf("nothing is accepted yet: %v", bodies)
		}
		own := s.superior.Get(t, s.of("a")+"/activity"+year+"&scope=own").OK(t, 200).JSON(t)
		if bodies, _ := own["bodies"].([]any); len(bodies) != 0 {
			t.Errorf("the organisation itself held nothing: %v", bodies)
		}
		s.superior.Get(t, s.of("a")+"/activity"+year+"&threshold=101").Problem(t, 400, "parameter_range", "threshold parameter_range")
		s.superior.Get(t, s.of("a")+"/activity?from=2018-04&to=2018-01").Problem(t, 400, "period_reversed", "to period_reversed")
		s.World.As(t, auth.RoleSuperior, "b").Get(t, s.of("a")+"/activity"+year).Problem(t, 404, "organization_unknown")
	})
}

func TestTaskCompletion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		roll := `,"attendance":{"others":"present","rows":[]}`
		first := s.hold(t, "a1", "2018-01", `"forms":["regular"],"tasks":[{"code":"K1","title":"Một","due_on":"2018-02-28"},{"code":"K2","title":"Hai","due_on":"2018-03-31"},
			{"code":"K3","title":"Ba","due_on":"2018-03-31"},{"code":"K4","title":"Bốn","due_on":"2018-05-31"},{"code":"K5","title":"Không hạn"}]`+roll)
		s.hold(t, "a2", "2018-01", `"forms":["regular"],"tasks":[{"code":"K6","title":"Sáu","due_on":"2018-03-31"}]`+roll)
		_ = first
		for code, change := range map[string]string{
			"K1": `{"status":"done","done_on":"2018-02-28"}`, "K2": `{"status":"done","done_on":"2018-04-01"}`, "K6": `{"status":"dropped"}`,
		} {
			id := s.writer.Get(t, "/tasks?code="+code).OK(t, 200).Rows(t, "id")[0]
			s.writer.Patch(t, "/tasks/"+id, `"1"`, change).OK(t, 200)
		}
		for query, want := range map[string]string{
			"": "total,Đảng bộ Văn phòng,4,1,1,0,1,1,1,25.0",
			"&group_by=month": "2018-02,,1,1,0,0,0,0,0,100.0\n2018-03,,2,0,1,0,1,0,1,0.0\n2018-05,,1,0,0,0,0,1,0,0.0\n" +
				"total,Đảng bộ Văn phòng,4,1,1,0,1,1,1,25.0",
			"&group_by=quarter": "2018-Q1,,3,1,1,0,1,0,1,33.3\n2018-Q2,,1,0,0,0,0,1,0,0.0\ntotal,Đảng bộ Văn phòng,4,1,1,0,1,1,1,25.0",
			"&group_by=child": "a1,Chi bộ Tổng hợp,4,1,1,0,1,1,0,25.0\na2,Chi bộ Hành chính,0,0,0,0,0,0,1,\n" +
				"total,Đảng bộ Văn phòng,4,1,1,0,1,1,1,25.0",
		} {
			text := strings.ReplaceAll(s.superior.Get(t, s.of("a")+"/task-completion?from=2018-01&to=2018-12&format=csv"+query).OK(t, 200).Text, "\r\n", "\n")
			if _, got, _ := strings.Cut(text, "\n"); strings.TrimSuffix(got, "\n") != want {
				t.Errorf("%q:\n%s\nwant\n%s", query, got, want)
			}
		}
		out := s.superior.Get(t, s.of("a")+"/task-completion?from=2018-02&to=2018-03").OK(t, 200).JSON(t)
		if links, _ := out["links"].(map[string]any); len(s.superior.Get(t, strings.TrimPrefix(links["tasks"].(string), "/api/v1")).OK(t, 200).Rows(t, "id")) != 4 {
			t.Errorf("%v does not lead to the tasks", links)
		}
	})
}
