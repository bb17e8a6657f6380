package app_test

import (
	"fmt"
	"net/http"
	"testing"
)

// aboutDirective asks about what the target does with the directive that is everybody's.
func aboutDirective(path, name, body string) asking {
	return func(x target, w *rightsWorld, _ bool) ask {
		a := ask{path: w.shared.fill("/directives/{directive}") + x.fill(path), body: x.fill(body)}
		if name != "" {
			a.lists = x.ids[name]
		}
		return a
	}
}

func studyAsks() map[string]asking {
	const (
		organization = "/organizations/{organization}"
		directive    = " /directives/{directive_id}"
		plan         = "/organizations/{organization_id}/topic-plans"
		onBriefing   = "/briefings/{briefing}"
		onJoint      = "/joint-sessions/{joint}"
	)
	return map[string]asking{
		"GET /topics owned":              listing("/topics?limit=200", "topic"),
		"POST /topics owned":             writing("/topics", "", `{"category":"other","title":"Mới","organization_id":"{organization}"}`),
		"GET /topics/{topic_id} owned":   reading("/topics/{topic}"),
		"PATCH /topics/{topic_id} owned": writing("/topics/{topic}", "topic", `{"title":"Đổi","links":[{"title":"Tài liệu","address":"https://example.org/a"}]}`),
		"GET /topics/{topic_id}/sessions": func(x target, w *rightsWorld, _ bool) ask {
			return ask{path: w.shared.fill("/topics/{topic}/sessions?limit=200"), lists: x.ids["submitted"]}
		},
		"GET /organizations/{organization_id}/topic-coverage":    reading(organization + "/topic-coverage?from=2018-01&to=2018-03"),
		"GET /organizations/{organization_id}/topic-suggestions": reading(organization + "/topic-suggestions"),
		"GET " + plan:                             reading(organization + "/topic-plans?from=2018-01&to=2018-12"),
		"POST " + plan:                            writing(organization+"/topic-plans", "", `{"quarter":"2018-Q3","category":"other"}`),
		"PATCH " + plan + "/{topic_plan_id}":      writing(organization+"/topic-plans/{topic plan}", "topic plan", `{"note":"Đổi"}`),
		"DELETE " + plan + "/{topic_plan_id}":     writing(organization+"/topic-plans/{topic plan}", "topic plan", ""),
		"GET" + directive + "/study-requirements": aboutDirective("/study-requirements", "requirement", ""),
		"POST" + directive + "/study-requirements": func(x target, w *rightsWorld, _ bool) ask {
			return ask{path: w.shared.fill("/directives/{other directive}/study-requirements"), body: x.fill(`{"organization_id":"{organization}","study_by":"2018-12-31"}`)}
		},
		"DELETE" + directive + "/study-requirements/{study_requirement_id}": aboutDirective("/study-requirements/{requirement}", "", ""),
		"GET" + directive + "/implementing-plans":                           aboutDirective("/implementing-plans", "plan", ""),
		"POST" + directive + "/implementing-plans": aboutDirective("/implementing-plans", "",
			`{"organization_id":"{organization}","number":"13-KH","issued_on":"2018-01-31"}`),
		"DELETE" + directive + "/implementing-plans/{implementing_plan_id}": aboutDirective("/implementing-plans/{plan}", "", ""),
		"GET" + directive + "/studies":                                      aboutDirective("/studies?organization_id={organization}", "", ""),
		"GET /organizations/{organization_id}/briefings":                    reading(organization + "/briefings"),
		"POST /organizations/{organization_id}/briefings": writing(organization+"/briefings", "",
			`{"month":"2018-05","title":"Mới","lines":[{"text":"Một việc"}]}`),
		"GET /briefings/{briefing_id}":                                    reading(onBriefing),
		"PATCH /briefings/{briefing_id}":                                  writing(onBriefing, "briefing", `{"title":"Đổi","lines":[{"text":"Một việc"}]}`),
		"GET /briefings/{briefing_id}/uses":                               reading(onBriefing + "/uses"),
		"POST /briefings/{briefing_id}/uses":                              writing(onBriefing+"/uses", "", `{"meeting_id":"{submitted}"}`),
		"DELETE /briefings/{briefing_id}/uses/{meeting_id}":               writing(onBriefing+"/uses/{draft}", "", ""),
		"GET /joint-sessions":                                             listing("/joint-sessions?limit=200", "joint"),
		"POST /joint-sessions":                                            writing("/joint-sessions", "", `{"organization_id":"{organization}","title":"Mới"}`),
		"GET /joint-sessions/{joint_session_id}":                          reading(onJoint),
		"POST /joint-sessions/{joint_session_id}/meetings":                writing("/joint-sessions/{empty joint}/meetings", "", `{"meeting_id":"{submitted}"}`),
		"DELETE /joint-sessions/{joint_session_id}/meetings/{meeting_id}": writing(onJoint+"/meetings/{draft}", "", ""),
	}
}

// buildStudies makes what the target plans, requires, asks for and holds together with others.
func (w *rightsWorld) buildStudies(t *testing.T, x *target) {
	t.Helper()
	one, directive := "/organizations/"+x.id, "/directives/"+w.shared.ids["directive"]
	x.ids["topic"] = w.writer.create(t, "/topics", `{"category":"other","title":"Chuyên đề %s","organization_id":%q}`, x.offer, x.id)
	x.ids["topic plan"] = w.added(t, one+"/topic-plans", fmt.Sprintf(`{"quarter":"2018-Q2","category":"other","note":"Kế hoạch %s"}`, x.marker))
	x.ids["requirement"] = w.added(t, directive+"/study-requirements", fmt.Sprintf(`{"organization_id":%q,"study_by":"2018-12-31"}`, x.id))
	x.ids["plan"] = w.added(t, directive+"/implementing-plans", fmt.Sprintf(`{"organization_id":%q,"number":"12-KH","issued_on":"2018-01-31","title":"Kế hoạch %s"}`, x.id, x.offer))
	x.ids["briefing"] = w.added(t, one+"/briefings", fmt.Sprintf(`{"month":"2018-05","title":"Định hướng %s","lines":[{"text":"Việc %s"}]}`, x.offer, x.offer))
	w.added(t, "/briefings/"+x.ids["briefing"]+"/uses", fmt.Sprintf(`{"meeting_id":%q}`, x.ids["draft"]))
	x.ids["joint"] = w.added(t, "/joint-sessions", fmt.Sprintf(`{"organization_id":%q,"title":"Chung %s","meeting_ids":[%q]}`, x.id, x.offer, x.ids["draft"]))
	x.ids["empty joint"] = w.added(t, "/joint-sessions", fmt.Sprintf(`{"organization_id":%q,"title":"Chung %s"}`, x.id, x.offer))
}

// added posts as the writer and returns the id of what was made.
func (w *rightsWorld) added(t *testing.T, path, body string) string {
	t.Helper()
	return w.writer.must(t, http.StatusCreated, http.MethodPost, path, body).Field(t, "id")
}
