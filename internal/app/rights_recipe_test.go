package app_test

import (
	"fmt"
	"strings"
)

// ask is a sound request about a target. All writes are dry runs.
type ask struct {
	path, body string
	tag        string // the If-Match header, where one is needed
	lists      string // for a list: the id that is in it or not
	items      bool   // the answer holds one status for each item
	earnest    bool   // no dry run, since the route has none
	stops      string // the fault that whoever is let in gets, because the request must not write
	writes     bool   // whoever is let in changes the store
}

// asks make the request of each line of the table, by method, path and variant. A record is an accepted one or, if accepted is false, one
// that is not; where this makes no difference, accepted is false.
func asks() map[string]asking {
	all := map[string]asking{}
	for _, some := range []map[string]asking{
		plainAsks(), organizationAsks(), memberAsks(), meetingAsks(), decisionAsks(), registryAsks(), otherAsks(),
		accountAsks(), identityAsks(), decidedByTwoAsks(), ratingAsks(), scheduleAsks(),
		studyAsks(), warningAsks(), inspectionAsks(),
	} {
		for name, question := range some {
			all[name] = question
		}
	}
	return all
}

type asking = func(x target, w *rightsWorld, accepted bool) ask

// reading asks for a path with the ids of the target in it, named {so}.
func reading(path string) asking {
	return func(x target, _ *rightsWorld, _ bool) ask { return ask{path: x.fill(path)} }
}

// listing asks for a list that has the thing of the name in it, or has not.
func listing(path, name string) asking {
	return func(x target, _ *rightsWorld, _ bool) ask { return ask{path: x.fill(path), lists: x.ids[name]} }
}

// writing sends a body that rests on the version of the thing of the name.
func writing(path, name, body string) asking {
	return func(x target, _ *rightsWorld, _ bool) ask {
		a := ask{path: x.fill(path), body: x.fill(body)}
		if name != "" {
			a.tag = x.tag(name)
		}
		return a
	}
}

// fill puts the ids of the target into a text; {name} is an id.
func (x target) fill(text string) string {
	for name, id := range x.ids {
		text = strings.ReplaceAll(text, "{"+name+"}", id)
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "{organization}", x.id), "{marker}", x.marker)
}

func plainAsks() map[string]asking {
	return map[string]asking{
		"GET /health/live": reading("/health/live"), "GET /health/ready": reading("/health/ready"), "GET /version": reading("/version"),
		"GET /me": reading("/me"), "GET /enumerations": reading("/enumerations"),
		"GET /audit/entries": reading("/audit/entries"), "GET /audit/accesses": reading("/audit/accesses"), "GET /audit/checkpoint": reading("/audit/checkpoint"),
		"GET /audit/proofs": reading("/audit/proofs?leaf=0"),
	}
}

func organizationAsks() map[string]asking {
	const one = "/organizations/{organization}"
	return map[string]asking{
		"GET /organizations":                                                        listing("/organizations?limit=200", "organization"),
		"POST /organizations":                                                       writing("/organizations", "", `{"kind":"cell","name":"Tổ mới","parent_id":"{organization}"}`),
		"POST /organizations root":                                                  writing("/organizations", "", `{"kind":"cell","name":"Gốc mới"}`),
		"GET /organizations/{organization_id}":                                      reading(one),
		"PATCH /organizations/{organization_id}":                                    writing(one, "organization", `{"short_name":"CB"}`),
		"GET /organizations/{organization_id}/tree":                                 reading(one + "/tree"),
		"GET /organizations/{organization_id}/placements":                           reading(one + "/placements"),
		"POST /organizations/{organization_id}/placements below":                    writing("/organizations/{below}/placements", "below", `{"parent_id":"{beside}","from":"2018-05-01"}`),
		"POST /organizations/{organization_id}/dissolution below":                   writing("/organizations/{below}/dissolution", "below", `{"on":"2018-04-30"}`),
		"GET /organizations/{organization_id}/bodies":                               reading(one + "/bodies"),
		"POST /organizations/{organization_id}/bodies":                              writing(one+"/bodies", "organization", `{"body":"standing_committee","from":"2018-01-01"}`),
		"PATCH /organizations/{organization_id}/bodies/{term_id}":                   writing(one+"/bodies/{term}", "organization", `{"to":"2019-12-31"}`),
		"GET /organizations/{organization_id}/excused-months":                       reading(one + "/excused-months"),
		"POST /organizations/{organization_id}/excused-months":                      writing(one+"/excused-months", "organization", `{"body":"cell","month":"2016-06"}`),
		"DELETE /organizations/{organization_id}/excused-months/{excused_month_id}": writing(one+"/excused-months/{excused}", "organization", ""),
		"GET /organizations/{organization_id}/summary":                              reading(one + "/summary?from=2018-01&to=2018-04"),
		"GET /organizations/{organization_id}/activity":                             reading(one + "/activity?from=2018-01&to=2018-04"),
		"GET /organizations/{organization_id}/task-completion":                      reading(one + "/task-completion?from=2018-01&to=2018-04"),
		"GET /organizations/{organization_id}/assessment":                           reading(one + "/assessment?from=2018-01&to=2018-04"),
		"GET /organizations/{organization_id}/roster":                               reading(one + "/roster?body=cell"),
	}
}

func memberAsks() map[string]asking {
	const one = "/members/{member}"
	return map[string]asking{
		"GET /members":                         listing("/members?limit=200", "member"),
		"POST /members":                        writing("/members", "", `{"full_name":"Lê Thị Mới","membership":{"organization_id":"{organization}","from":"2018-02-01"}}`),
		"GET /members/{member_id}":             reading(one),
		"GET /members/{member_id}/accesses":    reading(one + "/accesses"),
		"PATCH /members/{member_id}":           writing(one, "member", `{"card_number":"38.1"}`),
		"GET /members/{member_id}/memberships": reading(one + "/memberships"),
		"POST /members/{member_id}/memberships": writing("/members/{second}/memberships", "second",
			`{"organization_id":"{organization}","from":"2018-05-01","close_current":true}`),
		"PATCH /members/{member_id}/memberships/{membership_id}": writing(one+"/memberships/{membership}", "member", `{"to":"2018-12-31"}`),
		"GET /members/{member_id}/statuses":                      reading(one + "/statuses"),
		"POST /members/{member_id}/statuses":                     writing(one+"/statuses", "member", `{"status":"exempt","from":"2018-05-01"}`),
		"PATCH /members/{member_id}/statuses/{status_id}":        writing(one+"/statuses/{status}", "member", `{"to":"2014-11-30"}`),
		"GET /members/{member_id}/offices":                       reading(one + "/offices"),
		"POST /members/{member_id}/offices": writing(one+"/offices", "member",
			`{"organization_id":"{organization}","body":"cell_committee","office":"deputy_secretary","from":"2015-06-01"}`),
		"PATCH /members/{member_id}/offices/{office_id}": writing(one+"/offices/{office}", "member", `{"to":"2018-12-31"}`),
	}
}

// onMeeting sends a body to a meeting: to the one of the name, or to the accepted one.
func onMeeting(name, path, body string) asking {
	return func(x target, _ *rightsWorld, accepted bool) ask {
		meeting := name
		if accepted {
			meeting = "accepted"
		}
		return ask{path: x.fill("/meetings/{" + meeting + "}" + path), body: x.fill(body), tag: x.tag(meeting)}
	}
}

// listed asks for a list that has the meeting in it: one that is submitted, or the accepted one.
func listed(path string) asking {
	return func(x target, _ *rightsWorld, accepted bool) ask {
		if accepted {
			return ask{path: x.fill(path), lists: x.ids["accepted"]}
		}
		return ask{path: x.fill(path), lists: x.ids["submitted"]}
	}
}

func meetingAsks() map[string]asking {
	fresh := func(submit string) asking {
		return func(x target, _ *rightsWorld, _ bool) ask {
			return ask{path: "/meetings", body: x.session("2018-01", withRoll+submit)}
		}
	}
	return map[string]asking{
		"GET /meetings":                           listed("/meetings?limit=200"),
		"POST /meetings":                          fresh(""),
		"POST /meetings submit":                   fresh(`,"submit":true`),
		"GET /meetings/{meeting_id}":              onMeeting("submitted", "", ""),
		"PATCH /meetings/{meeting_id}":            onMeeting("draft", "", `{"title":"Đổi"}`),
		"DELETE /meetings/{meeting_id}":           onMeeting("scheduled", "", ""),
		"PUT /meetings/{meeting_id}/attendance":   onMeeting("draft", "/attendance", `{"others":"present","rows":[]}`),
		"PATCH /meetings/{meeting_id}/attendance": onMeeting("draft", "/attendance", `{"rows":[{"member_id":"{member}","status":"present"}]}`),
		"GET /meetings/{meeting_id}/numbers":      onMeeting("submitted", "/numbers", ""),
		"POST /organizations/{organization_id}/drafts": writing("/organizations/{organization}/drafts", "",
			`{"body":"cell","forms":["regular"],"period_month":"2018-05","started_at":"2018-05-05T14:00:00+07:00"}`),
		"POST /meetings/{meeting_id}/preparation":      onMeeting("draft", "/preparation", ""),
		"GET /meetings/{meeting_id}/versions":          onMeeting("submitted", "/versions", ""),
		"GET /meetings/{meeting_id}/versions/{number}": onMeeting("submitted", "/versions/1", ""),
		"POST /meetings/{meeting_id}/submission":       onMeeting("draft", "/submission", ""),
		"DELETE /meetings/{meeting_id}/submission":     onMeeting("submitted", "/submission", ""),
		"POST /meetings/{meeting_id}/cancellation":     onMeeting("draft", "/cancellation", `{"reason":"Bão"}`),
		"POST /meetings/{meeting_id}/postponement":     onMeeting("scheduled", "/postponement", `{"started_at":"2018-06-10T14:00:00+07:00"}`),
		"POST /meetings/{meeting_id}/return":           onMeeting("submitted", "/return", `{"reason":"Thiếu chữ ký"}`),
		"POST /meetings/{meeting_id}/acceptance":       onMeeting("submitted", "/acceptance", ""),
		"POST /acceptances": func(x target, _ *rightsWorld, accepted bool) ask {
			name := map[bool]string{true: "accepted", false: "submitted"}[accepted]
			version := strings.Trim(strings.TrimPrefix(x.tag(name), "If-Match: "), `"`)
			return ask{path: "/acceptances", body: fmt.Sprintf(`{"items":[{"meeting_id":%q,"version":%s}]}`, x.ids[name], version), items: true}
		},
		"GET /attendances":    listed("/attendances?limit=200"),
		"GET /topic-sessions": listed("/topic-sessions?limit=200"),
	}
}

// onDecision asks about a resolution or task of the draft, or of the accepted meeting.
func onDecision(kind, body string) asking {
	return func(x target, _ *rightsWorld, accepted bool) ask {
		name := map[bool]string{true: "accepted ", false: "draft "}[accepted] + kind
		a := ask{path: "/" + kind + "/" + x.ids[name], body: body}
		if body != "" {
			a.tag = x.tag(name)
		}
		return a
	}
}

func decisionAsks() map[string]asking {
	list := func(kind string) asking {
		return func(x target, _ *rightsWorld, accepted bool) ask {
			name := map[bool]string{true: "accepted ", false: "draft "}[accepted] + kind
			return ask{path: "/" + kind + "?limit=200", lists: x.ids[name]}
		}
	}
	record := func(path, more string) asking {
		return func(x target, _ *rightsWorld, accepted bool) ask {
			name := map[bool]string{true: "accepted", false: "draft"}[accepted]
			return ask{path: path, body: fmt.Sprintf(`{"meeting_id":%q,"title":"Thêm"%s}`, x.ids[name], more)}
		}
	}
	return map[string]asking{
		"GET /resolutions": list("resolutions"), "POST /resolutions": record("/resolutions", ""),
		"GET /resolutions/{resolution_id}": onDecision("resolutions", ""),
		"GET /tasks":                       list("tasks"), "POST /tasks": record("/tasks", ""),
		"GET /tasks/{task_id}": onDecision("tasks", ""), "PATCH /tasks/{task_id}": onDecision("tasks", `{"status":"done"}`),
	}
}

func registryAsks() map[string]asking {
	shared := func(path, body string) asking {
		return func(_ target, w *rightsWorld, _ bool) ask {
			a := ask{path: w.shared.fill(path), body: body}
			if strings.Contains(path, "{") && body != "" {
				a.tag = w.shared.tag("")
			}
			return a
		}
	}
	return map[string]asking{
		"GET /topics": shared("/topics", ""), "POST /topics": shared("/topics", `{"category":"other","title":"Chuyên đề mới"}`),
		"GET /topics/{topic_id}": shared("/topics/{topic}", ""), "PATCH /topics/{topic_id}": shared("/topics/{topic}", `{"title":"Đổi"}`),
		"GET /directives":                  shared("/directives", ""),
		"POST /directives":                 shared("/directives", `{"number":"06-CT/TW","issuer":"Bộ Chính trị","issued_on":"2017-05-15","title":"Mới"}`),
		"GET /directives/{directive_id}":   shared("/directives/{directive}", ""),
		"PATCH /directives/{directive_id}": shared("/directives/{directive}", `{"title":"Đổi"}`),
	}
}

func otherAsks() map[string]asking {
	const round = `{"organization_id":"{organization}","body":"party_committee","kind":"regular_supervision","from":"2018-04-01","objects":[]}`
	grant := func(organization string) asking {
		return func(x target, w *rightsWorld, _ bool) ask {
			return ask{path: "/grants", body: x.fill(fmt.Sprintf(`{"user_id":%q,"role":"member","reach":"self","organization_id":%s}`, w.grantee, organization))}
		}
	}
	return map[string]asking{
		"GET /inspections":                         listing("/inspections?limit=200", "inspection"),
		"POST /inspections":                        writing("/inspections", "", round),
		"GET /inspections/{inspection_id}":         reading("/inspections/{inspection}"),
		"GET /inspections/{inspection_id}/objects": reading("/inspections/{inspection}/objects"),
		"POST /inspections/{inspection_id}/objects": writing("/inspections/{inspection}/objects", "inspection",
			`{"object_type":"member","member_id":"{member}"}`),
		"GET /ledger/entries":       reading("/ledger/entries?organization_id={organization}"),
		"GET /ledger/entries all":   listing("/ledger/entries?limit=200", "accepted"),
		"GET /grants":               listing("/grants?limit=200", "grant"),
		"POST /grants":              grant(`"{organization}"`),
		"POST /grants everywhere":   grant("null"),
		"GET /grants/{grant_id}":    reading("/grants/{grant}"),
		"PATCH /grants/{grant_id}":  writing("/grants/{grant}", "grant", `{"to":"2018-12-31"}`),
		"DELETE /grants/{grant_id}": writing("/grants/{grant}", "grant", ""),
	}
}
