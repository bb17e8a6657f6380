package app_test

import (
	"fmt"
	"net/http"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/testkit/apitest"
)

// inspectionAsks are about what rounds found and what organizations have to put right; the target is the inspecting side and owes the remedy.
func inspectionAsks() map[string]asking {
	const (
		round  = "/inspections/{inspection}"
		remedy = "/remedies/{remedy}"
	)
	return map[string]asking{
		"PATCH /inspections/{inspection_id}":                       writing(round, "inspection", `{"title":"Đổi","to":"2018-03-31"}`),
		"GET /inspections/{inspection_id}/findings":                reading(round + "/findings"),
		"POST /inspections/{inspection_id}/findings":               writing(round+"/findings", "inspection", `{"severity":"strength","text":"Sinh hoạt đều"}`),
		"PATCH /inspections/{inspection_id}/findings/{finding_id}": writing(round+"/findings/{finding}", "inspection", `{"severity":"violation"}`),
		"GET /remedies": listing("/remedies?limit=200", "remedy"),
		"POST /remedies": writing("/remedies", "",
			`{"finding_id":"{finding}","organization_id":"{organization}","text":"Bổ sung","due_on":"2018-05-31"}`),
		"GET /remedies/{remedy_id}":                                       reading(remedy),
		"PATCH /remedies/{remedy_id}":                                     writing(remedy, "remedy", `{"text":"Đổi","due_on":"2018-06-30"}`),
		"POST /remedies/{remedy_id}/outcome":                              writing(remedy+"/outcome", "remedy", `{"status":"done","done_on":"2018-05-09","text":"Đã bổ sung"}`),
		"GET /inspections/{inspection_id}/samples":                        reading(round + "/samples"),
		"POST /inspections/{inspection_id}/samples":                       writing(round+"/samples", "", `{"count":1,"from":"2018-01","to":"2018-04"}`),
		"GET /inspections/{inspection_id}/samples/{sample_id}":            reading(round + "/samples/{sample}"),
		"GET /inspections/{inspection_id}/samples/{sample_id}/population": reading(round + "/samples/{sample}/population"),
		"GET /organizations/{organization_id}/inspection-plans":           reading("/organizations/{organization}/inspection-plans"),
		"POST /organizations/{organization_id}/inspection-plans": writing("/organizations/{organization}/inspection-plans", "",
			`{"body":"party_committee","year":2019,"number":"2-KH","approved_on":"2018-05-01","items":[]}`),
		"GET /inspection-plans/{inspection_plan_id}": reading("/inspection-plans/{inspection plan}"),
		"PUT /inspection-plans/{inspection_plan_id}": writing("/inspection-plans/{inspection plan}", "inspection plan",
			`{"number":"3-KH","approved_on":"2018-05-01","items":[{"kind":"regular_supervision","quarter":"2018-Q3"}]}`),
		"GET /organizations/{organization_id}/inspection-coverage": reading("/organizations/{organization}/inspection-coverage?from=2018-01&to=2018-04"),
		"POST /remedies/{remedy_id}/checks":                        writing(remedy+"/checks", "remedy", `{"result":"partly","text":"Còn thiếu"}`),
	}
}

// buildInspected makes a finding, a remedy, a sample and a plan.
func (w *rightsWorld) buildInspected(t *testing.T, x *target) {
	t.Helper()
	x.ids["finding"] = w.receiver.create(t, "/inspections/"+x.ids["inspection"]+"/findings",
		`{"severity":"shortcoming","text":"Khuyết điểm %s","organization_id":%q,"meeting_id":%q}`, x.marker, x.id, x.ids["accepted"])
	x.ids["remedy"] = w.receiver.create(t, "/remedies", `{"finding_id":%q,"organization_id":%q,"text":"Khắc phục %s","due_on":"2018-04-30"}`,
		x.ids["finding"], x.id, x.marker)
	x.ids["sample"] = w.receiver.create(t, "/inspections/"+x.ids["inspection"]+"/samples", `{"count":1,"from":"2018-01","to":"2018-04","seed":"a"}`)
	x.ids["inspection plan"] = w.receiver.create(t, "/organizations/"+x.id+"/inspection-plans", `{"body":"party_committee","year":2018,
		"number":"1-KH %s","approved_on":"2018-01-05","items":[{"kind":"regular_supervision","quarter":"2018-Q2","organization_ids":[%q]}]}`, x.marker, x.id)
}

// ownRemedies are reports of what became of remedies, each checked by who reported it and by somebody else.
func (w *rightsWorld) ownRemedies(t *testing.T, x target) []duty {
	t.Helper()
	user := w.user(t)
	secretary, superior := w.acting(t, user, auth.RoleSecretary, ""), w.acting(t, user, auth.RoleSuperior, "")
	var duties []duty
	for n, reporter := range []client{secretary, superior} {
		made := w.receiver.must(t, http.StatusCreated, http.MethodPost, "/remedies", fmt.Sprintf(
			`{"finding_id":%q,"organization_id":%q,"text":"Khắc phục","due_on":"2018-04-30"}`, x.ids["finding"], x.id))
		path := "/remedies/" + made.Field(t, "id")
		done := reporter.must(t, http.StatusOK, http.MethodPost, path+"/outcome", `{"status":"done","text":"Đã làm"}`, "If-Match: "+made.ETag())
		for _, result := range []string{"remedied", "partly", "not_remedied"} {
			body := fmt.Sprintf(`{"result":%q}`, result)
			duties = append(duties, duty{fmt.Sprintf("checks the own outcome %d: %s", n, result), func() apitest.Answer {
				return superior.send(t.Context(), http.MethodPost, path+"/checks", body, "If-Match: "+done.ETag())
			}, "own_remedy"}, duty{fmt.Sprintf("checks the outcome of another %d: %s", n, result), func() apitest.Answer {
				answer := w.receiver.send(t.Context(), http.MethodPost, path+"/checks?dry_run=true", body, "If-Match: "+done.ETag())
				if answer.Status != http.StatusOK {
					return answer
				}
				return apitest.Answer{Text: `"code":"fine"`}
			}, "fine"})
		}
	}
	return duties
}
