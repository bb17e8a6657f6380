package study_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/study"
	"sochibo/internal/testkit/dbtest"
)

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dbtest.Drift(t, db, study.Plan{}, study.Joint{}, study.JointMeeting{}, briefing.Briefing{}, briefing.Line{}, briefing.Use{})
	})
}

func TestWordsHaveLabels(t *testing.T) {
	t.Parallel()
	list, err := org.Enumerations()
	if err != nil {
		t.Fatal(err)
	}
	words := map[string][]string{}
	for _, e := range list {
		for _, w := range e.Words {
			words[e.Name] = append(words[e.Name], w.Word)
		}
	}
	for name, want := range map[string]string{
		"directive_study_state": fmt.Sprint(study.States()), "suggestion_reason": fmt.Sprint(study.ReasonCodes()),
	} {
		if got := fmt.Sprint(words[name]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestCoverageIsTheSummary: what is covered adds up to the thematic sessions of the summary, and leaves out what the summary leaves out.
func TestCoverageIsTheSummary(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		study1, building := s.topic(t, "Nêu gương", "ho_chi_minh_study", ""), s.topic(t, "Chi bộ bốn tốt", "cell_building", "")
		s.hold(t, "a1", "2018-01", about(study1))
		s.hold(t, "a1", "2018-02", "")
		s.hold(t, "a2", "2017-11", about(building))
		s.hold(t, "b1", "2018-03", about(study1))
		s.meet(t, "a2", "2018-03", `"regular","thematic"`, about(building)+handedIn)
		s.meet(t, "a2", "2018-02", `"regular"`, about(building)+handedIn) // holds no thematic session
		s.meet(t, "a2", "2018-01", `"thematic"`, about(building))         // a draft
		s.meet(t, "a2", "2018-02", `"other"`, about(building)+handedIn)   // counts in no figure
		back := s.hold(t, "a2", "2018-01", about(study1))                 // taken back
		tag := s.writer.Get(t, "/meetings/"+back).OK(t, 200).ETag()
		s.writer.Do(t, "DELETE", "/meetings/"+back+"/submission", "", "If-Match: "+tag).OK(t, 200)
		for _, of := range []string{"province", "a", "a2", "b1"} {
			const period = "?from=2017-10&to=2018-05"
			covered := s.superior.Get(t, s.of(of)+"/topic-coverage"+period).OK(t, 200).JSON(t)
			figures := s.superior.Get(t, s.of(of)+"/summary"+period).OK(t, 200).JSON(t)
			sessions, _ := figures["sessions"].(map[string]any)
			cell, _ := sessions["cell"].(map[string]any)
			total, _ := covered["total"].(map[string]any)
			if fmt.Sprint(total["total"]) != fmt.Sprint(cell["thematic"]) {
				t.Errorf("%s: covered %v, thematic sessions %v", of, total, cell)
			}
			quarters, _ := figures["thematic_quarters"].(map[string]any)
			var due, had float64
			rows, _ := covered["rows"].([]any)
			for _, row := range rows {
				if cells, ok := row.(map[string]any)["cells"].(map[string]any); ok {
					due, had = due+cells["due"].(float64), had+cells["covered"].(float64)
				}
			}
			// The summary counts the running quarter once a month of it has ended only where it lies wholly in the period; so does this.
			if due != quarters["due"] || had != quarters["covered"] {
				t.Errorf("%s: cells owed %v and had %v, the summary says %v", of, due, had, quarters)
			}
		}
		answer := s.superior.Get(t, s.of("province")+"/topic-coverage?from=2018-01&to=2018-03").OK(t, 200)
		if got := answer.Field(t, "total"); !strings.Contains(got, `"ho_chi_minh_study":2`) || !strings.Contains(got, `"cell_building":1`) ||
			!strings.Contains(got, `"none":1`) || !strings.Contains(got, `"total":4`) {
			t.Errorf("by category: %s", got)
		}
		s.found(t, "a3")
		s.hold(t, "a3", "2018-02", about(building))
		csv := s.superior.Get(t, s.of("a")+"/topic-coverage?from=2017-10&to=2018-03&format=csv").OK(t, 200).Text
		for _, line := range []string{",a3,Chi bộ a3,2017-Q4,0,0,0,0,0,0,0,0,1,0,a3\r\n", ",a3,Chi bộ a3,2018-Q1,0,1,0,0,0,0,0,1,1,1,\r\n"} {
			if !strings.Contains(csv, line) {
				t.Errorf("no %q in %s", line, csv)
			}
		}
	})
}

// TestSessionsOfATopic: records in reach are told, others in one's figures are stubs, the rest is unknown.
func TestSessionsOfATopic(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		id := s.topic(t, "Nêu gương", "ho_chi_minh_study", "")
		first, second := s.hold(t, "a1", "2018-01", about(id)), s.hold(t, "b1", "2018-02", about(id))
		s.meet(t, "a2", "2018-06", `"thematic"`, about(id)) // not held yet
		path := "/topics/" + id + "/sessions"
		if diff := cmp.Diff([]string{first, second}, s.superior.Get(t, path).OK(t, 200).Rows(t, "meeting_id")); diff != "" {
			t.Error(diff)
		}
		page := s.superior.Get(t, path+"?limit=1").OK(t, 200)
		if rest := s.superior.Get(t, path+"?limit=1&after="+page.Field(t, "next")).OK(t, 200); rest.Rows(t, "meeting_id")[0] != second {
			t.Errorf("%s", rest)
		}
		if got := s.As(t, auth.RoleSecretary, "a").Get(t, path).OK(t, 200).Rows(t, "meeting_id"); !cmp.Equal(got, []string{first}) {
			t.Errorf("a sees %v", got)
		}
		member := s.As(t, auth.RoleMember, "a1").Get(t, path).OK(t, 200)
		if len(member.Rows(t, "meeting_id")) != 0 || strings.Contains(member.Text, "held_on") || rowOf(t, member, "stubs", "meeting_id", first) == nil {
			t.Errorf("a member sees of a record that is not accepted: %s", member)
		}
		s.superior.Get(t, path+"?organization_id="+s.Orgs["b"].String()).OK(t, 200)
		s.superior.Get(t, "/topics/"+s.Orgs["b"].String()+"/sessions").Problem(t, 404, "topic_unknown")
	})
}

// TestStudiesOfADirective: who studied it by the day, who after it, who has not.
func TestStudiesOfADirective(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		id := s.writer.Post(t, "/directives", `{"number":"05-CT/TW","issued_on":"2016-05-15"}`).OK(t, 201).Field(t, "id")
		path := "/directives/" + id
		s.hold(t, "a1", "2018-01", studying(id))
		s.hold(t, "b1", "2018-04", studying(id))
		s.meet(t, "a2", "2018-01", `"regular"`, studying(id)) // a draft counts nowhere
		s.meet(t, "a2", "2018-02", `"other"`, studying(id)+handedIn)
		state := func(of, cell string) string {
			return fmt.Sprint(rowOf(t, s.superior.Get(t, path+"/studies?organization_id="+s.Orgs[of].String()).OK(t, 200), "data", "code", cell)["state"])
		}
		want := func(day string, states map[string]string) {
			t.Helper()
			for cell, expected := range states {
				if got := state("province", cell); got != expected {
					t.Errorf("required by %s: %s is %s, want %s", day, cell, got, expected)
				}
			}
		}
		want("nobody", map[string]string{"a1": "studied", "a2": "not_studied", "b1": "studied"})
		for _, step := range []struct {
			by, day string
			states  map[string]string
		}{
			{"province", "2018-05-10", map[string]string{"a1": "studied", "a2": "waiting", "b1": "studied"}}, // the day itself has not passed
			{"a", "2018-05-09", map[string]string{"a1": "studied", "a2": "overdue", "b1": "studied"}},        // the earlier day counts
			{"b", "2018-04-04", map[string]string{"a1": "studied", "a2": "overdue", "b1": "late"}},
			{"b1", "2018-04-05", map[string]string{"b1": "late"}},
		} {
			s.writer.Post(t, path+"/study-requirements", fmt.Sprintf(`{"organization_id":%q,"study_by":%q}`, s.Orgs[step.by], step.day)).OK(t, 201)
			want(step.day, step.states)
		}
		answer := s.superior.Get(t, path+"/studies?organization_id="+s.Orgs["a"].String()).OK(t, 200)
		if got := answer.Field(t, "counts"); got != `{"late":0,"not_studied":0,"overdue":1,"studied":1,"waiting":0}` {
			t.Errorf("counts: %s", got)
		}
		csv := s.superior.Get(t, path+"/studies?format=csv&organization_id="+s.Orgs["b"].String()).OK(t, 200).Text
		if !strings.Contains(csv, ",b1,Chi bộ Dân Phố,late,2018-04-04,"+s.Orgs["b"].String()+",1,2018-04,2018-04-05\r\n") {
			t.Errorf("%s", csv)
		}
		s.superior.Get(t, path+"/studies").Problem(t, 400, "parameter_missing", "organization_id parameter_missing")
		s.As(t, auth.RoleSecretary, "a").Get(t, path+"/studies?organization_id="+s.Orgs["b"].String()).Problem(t, 404, "organization_unknown")
	})
}

// TestSuggestions: what has to be studied, then what the year lacks, then what sister cells held; never what was held already.
func TestSuggestions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		id := s.writer.Post(t, "/directives", `{"number":"05-CT/TW","issued_on":"2016-05-15"}`).OK(t, 201).Field(t, "id")
		asked := s.topic(t, "Phong cách", "ho_chi_minh_study", fmt.Sprintf(`,"directive_id":%q`, id))
		sister := s.topic(t, "Dân vận", "other", "")
		mine := s.topic(t, "Bốn tốt", "cell_building", "")
		foreign := s.writer.Post(t, "/topics", fmt.Sprintf(`{"title":"Riêng","category":"party_building","organization_id":%q}`, s.Orgs["b"])).OK(t, 201).Field(t, "id")
		s.writer.Post(t, "/directives/"+id+"/study-requirements", fmt.Sprintf(`{"organization_id":%q,"study_by":"2018-04-30"}`, s.Orgs["province"])).OK(t, 201)
		s.hold(t, "a1", "2018-01", about(mine))
		theirs := s.hold(t, "a2", "2018-02", about(sister))
		s.hold(t, "b1", "2018-02", about(asked))
		path := s.of("a1") + "/topic-suggestions"
		answer := s.superior.Get(t, path).OK(t, 200)
		want := []string{
			"required_directive " + asked, "category_uncovered  party_building", "category_uncovered  session_quality",
			"category_uncovered  political_task", "sister_cells " + sister,
		}
		rows, _ := answer.JSON(t)["data"].([]any)
		got := make([]string, len(rows))
		for i, row := range rows {
			entry, _ := row.(map[string]any)
			got[i] = fmt.Sprint(entry["reason"]) + " "
			if entry["topic_id"] != nil {
				got[i] += fmt.Sprint(entry["topic_id"])
			} else {
				got[i] += " " + fmt.Sprint(entry["category"])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", diff, answer)
		}
		for _, text := range []string{"đã quá hạn quán triệt (30/04/2018)", "the day has passed", theirs, id} {
			if !strings.Contains(answer.Text, text) {
				t.Errorf("no %q in %s", text, answer)
			}
		}
		if strings.Contains(answer.Text, foreign) {
			t.Error("a topic that is not offered is suggested")
		}
		if again := s.superior.Get(t, path).OK(t, 200); again.Text != answer.Text {
			t.Error("the order is another one the second time")
		}
		s.hold(t, "a1", "2018-04", studying(id)+about(asked))
		if after := s.superior.Get(t, path).OK(t, 200); strings.Contains(after.Text, "required_directive") || strings.Contains(after.Text, asked) {
			t.Errorf("suggested after it was held: %s", after)
		}
	})
}

func TestTopicPlans(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		id := s.topic(t, "Nêu gương", "ho_chi_minh_study", "")
		cell := s.As(t, auth.RoleSecretary, "a1")
		path := s.of("a1") + "/topic-plans"
		made := cell.Post(t, path, fmt.Sprintf(`{"code":"K1","quarter":"2018-Q1","planned_month":"2018-02","topic_id":%q}`, id)).OK(t, 201)
		cell.Post(t, path, `{"quarter":"2018-Q2","category":"cell_building","note":"Mời báo cáo viên"}`).OK(t, 201)
		cell.Post(t, path, fmt.Sprintf(`{"planned_month":"2018-05","topic_id":%q,"category":"other"}`, id)).
			Problem(t, 422, "topic_plan_invalid", "/quarter field_required", "/topic_id plan_subject")
		cell.Post(t, path, `{"quarter":"2018-Q2","planned_month":"2018-03","category":"x"}`).
			Problem(t, 422, "topic_plan_invalid", "/planned_month month_outside_quarter", "/category word_unknown")
		cell.Post(t, path, fmt.Sprintf(`{"quarter":"2018-Q2","topic_id":%q}`, s.Orgs["a"])).Problem(t, 422, "topic_plan_invalid", "/topic_id reference_unknown")
		const year = "?from=2018-01&to=2018-12"
		if got := fmt.Sprint(rowOf(t, cell.Get(t, path+year).OK(t, 200), "data", "code", "K1")["held"]); got != "[]" {
			t.Errorf("held before: %s", got)
		}
		session := s.hold(t, "a1", "2018-03", about(id))
		s.hold(t, "a1", "2018-04", about(id)) // the quarter after
		if got := fmt.Sprint(rowOf(t, cell.Get(t, path+year).OK(t, 200), "data", "code", "K1")["held"]); strings.Count(got, "meeting_id") != 1 ||
			!strings.Contains(got, session) {
			t.Errorf("held: %s", got)
		}
		one := path + "/" + made.Field(t, "id")
		s.As(t, auth.RoleSecretary, "a2").Patch(t, one, `"1"`, `{"note":"x"}`).Problem(t, 404, "organization_unknown")
		cell.Patch(t, one, `"1"`, `{"topic_id":null,"category":"ho_chi_minh_study"}`).OK(t, 200)
		cell.Patch(t, one, `"1"`, `{"note":"x"}`).Problem(t, 412, "version_stale")
		cell.Do(t, "DELETE", one, "", `If-Match: "2"`).OK(t, 204)
		cell.Do(t, "DELETE", one, "", `If-Match: "2"`).Problem(t, 404, "topic_plan_unknown")
		if got := cell.Get(t, path+year).OK(t, 200).Rows(t, "quarter"); !cmp.Equal(got, []string{"2018-Q2"}) {
			t.Errorf("left: %v", got)
		}
	})
}

func TestBriefingsAndTheirUses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		cell := s.As(t, auth.RoleSecretary, "a1")
		issue := func(by, code string) string {
			return s.superior.Post(t, s.of(by)+"/briefings", fmt.Sprintf(`{"code":%q,"month":"2018-05","title":"Định hướng",
				"lines":[{"content_item":"propaganda","text":"Thời sự","address":"https://example.org/a.pdf"},{"text":"Việc khác"}]}`, code)).OK(t, 201).Field(t, "id")
		}
		below, above, beside := issue("a", "B-a"), issue("province", "B-province"), issue("b", "B-b")
		s.superior.Post(t, s.of("a")+"/briefings", `{"title":"","lines":[{"content_item":"x","text":"","address":"http://x","directive_id":"0198c0de-0000-7000-8000-000000000099"}]}`).
			Problem(t, 422, "briefing_invalid", "/month field_required", "/title field_required", "/lines/0/content_item word_unknown",
				"/lines/0/text field_required", "/lines/0/address address_malformed", "/lines/0/directive_id reference_unknown")
		got := cell.Get(t, s.of("a1")+"/briefings?month=2018-05").OK(t, 200).Rows(t, "code")
		if diff := cmp.Diff([]string{"B-province", "B-a"}, got); diff != "" {
			t.Errorf("offered to a1: %s", diff)
		}
		s.Write(t, func(ctx context.Context, tx *database.Tx) error {
			found, err := briefing.For(ctx, tx, s.Orgs["a2"], calendar.MustMonth("2018-05"))
			if len(found) != 2 || len(found[0].Lines) != 2 {
				t.Errorf("%+v", found)
			}
			return err
		})
		cell.Get(t, "/briefings/"+beside).Problem(t, 404, "briefing_unknown")
		cell.Patch(t, "/briefings/"+below, `"1"`, `{"title":"x"}`).Problem(t, 403, "forbidden")
		changed := s.superior.Patch(t, "/briefings/"+below, `"1"`, `{"lines":[{"text":"Một việc"}]}`).OK(t, 200)
		if seen := cell.Get(t, "/briefings/"+below).OK(t, 200); seen.Text != changed.Text {
			t.Errorf("%s %s", seen, changed)
		}

		session := s.hold(t, "a1", "2018-05", "")
		used := fmt.Sprintf(`{"meeting_id":%q}`, session)
		cell.Post(t, "/briefings/"+above+"/uses", used).OK(t, 201)
		cell.Post(t, "/briefings/"+above+"/uses", used).Problem(t, 409, "briefing_use_exists")
		s.writer.Post(t, "/briefings/"+beside+"/uses", used).Problem(t, 409, "briefing_not_offered")
		s.As(t, auth.RoleSecretary, "a2").Post(t, "/briefings/"+above+"/uses", used).Problem(t, 404, "meeting_unknown")
		if got := s.superior.Get(t, "/briefings/"+above+"/uses").OK(t, 200).Rows(t, "meeting_id"); !cmp.Equal(got, []string{session}) {
			t.Errorf("uses: %v", got)
		}
		draft := s.meet(t, "a1", "2018-06", `"regular"`, "")
		cell.Post(t, "/briefings/"+below+"/uses", fmt.Sprintf(`{"meeting_id":%q}`, draft)).OK(t, 201)
		s.writer.Do(t, "DELETE", "/meetings/"+draft, "", `If-Match: "1"`).Problem(t, 409, "meeting_in_use")
		cell.Do(t, "DELETE", "/briefings/"+below+"/uses/"+draft, "").OK(t, 204)
		cell.Do(t, "DELETE", "/briefings/"+below+"/uses/"+draft, "").Problem(t, 404, "briefing_use_unknown")
	})
}

// TestJointSessions: one key, one session and roll for each, and no figure changes.
func TestJointSessions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scene) {
		first, second, third := s.hold(t, "a1", "2018-04", ""), s.hold(t, "a2", "2018-04", ""), s.hold(t, "b1", "2018-04", "")
		figures := func() string {
			return s.superior.Get(t, s.of("a")+"/summary?from=2018-04&to=2018-04").OK(t, 200).Field(t, "sessions")
		}
		before := figures()
		made := s.writer.Post(t, "/joint-sessions", fmt.Sprintf(`{"code":"C1","organization_id":%q,"title":"Sinh hoạt chung","meeting_ids":[%q]}`, s.Orgs["a"], first)).OK(t, 201)
		path := "/joint-sessions/" + made.Field(t, "id")
		named := func(id string) string { return fmt.Sprintf(`{"meeting_id":%q}`, id) }
		cell := s.As(t, auth.RoleSecretary, "a2")
		cell.Post(t, path+"/meetings", named(second)).OK(t, 201)
		cell.Post(t, path+"/meetings", named(second)).Problem(t, 409, "meeting_joined")
		cell.Post(t, path+"/meetings", named(first)).Problem(t, 404, "meeting_unknown")
		cell.Post(t, path+"/meetings", named(s.hold(t, "a2", "2018-03", ""))).Problem(t, 409, "organization_joined")
		s.writer.Post(t, path+"/meetings", named(third)).Problem(t, 409, "meeting_outside_organizer")
		s.writer.Post(t, "/joint-sessions", fmt.Sprintf(`{"organization_id":%q,"title":"","meeting_ids":[%q]}`, s.Orgs["a"], s.Orgs["a"])).
			Problem(t, 422, "joint_session_invalid", "/title field_required", "/meeting_ids/0 reference_unknown")
		if got := s.superior.Get(t, path).OK(t, 200); strings.Count(got.Text, "meeting_id") != 2 || got.ETag() != `"2"` {
			t.Errorf("%s %s", got.ETag(), got)
		}
		seen := cell.Get(t, path).OK(t, 200)
		if !strings.Contains(seen.Field(t, "sessions"), second) || strings.Contains(seen.Text, first) {
			t.Errorf("a2 sees %s", seen)
		}
		if after := figures(); after != before {
			t.Errorf("figures changed: %s, %s", before, after)
		}
		s.As(t, auth.RoleSecretary, "b1").Get(t, path).Problem(t, 404, "joint_session_unknown")
		if got := cell.Get(t, "/joint-sessions?code=C1").OK(t, 200).Rows(t, "id"); len(got) != 1 {
			t.Errorf("%v", got)
		}
		cell.Do(t, "DELETE", path+"/meetings/"+second, "").OK(t, 204)
		cell.Do(t, "DELETE", path+"/meetings/"+second, "").Problem(t, 404, "meeting_not_joined")
	})
}
