package schedule_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/testkit/apitest"
)

const june = `{"month":"2018-06","sessions":[
	{"body":"cell","forms":["regular"],"started_at":"2018-06-05T14:00:00+07:00","ended_at":"2018-06-05T15:30:00+07:00","place":"Phòng họp tầng 2",
	 "title":"Sinh hoạt thường kỳ tháng 6","mode":"in_person"},
	{"body":"cell","forms":["thematic"],"started_at":"2018-06-20T14:00:00+07:00","place":"Hội trường"}]}`

// sessions are the sessions of a schedule, or of a registration.
func sessions(tb testing.TB, a apitest.Answer) []map[string]any {
	tb.Helper()
	rows, _ := a.JSON(tb)["sessions"].([]any)
	list := make([]map[string]any, len(rows))
	for i, row := range rows {
		list[i], _ = row.(map[string]any)
	}
	return list
}

// TestRegister goes the whole way: a month is registered, returned, registered again and agreed to, and what changes shows.
func TestRegister(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary, superior := w.As(t, auth.RoleSecretary, "a1"), w.As(t, auth.RoleSuperior, "a")
		path := "/organizations/" + w.Orgs["a1"].String() + "/registrations"
		secretary.Post(t, path+"?dry_run=true", june).OK(t, 200)
		if got := secretary.Get(t, path+"?from=2018-06&to=2018-06").OK(t, 200).Rows(t, "id"); len(got) != 0 {
			t.Errorf("a dry run left %v", got)
		}
		made := secretary.Post(t, path, june, "Idempotency-Key: k1").OK(t, 201)
		if again := secretary.Post(t, path, june, "Idempotency-Key: k1"); again.Text != made.Text {
			t.Errorf("%s is not %s", again, made)
		}
		secretary.Post(t, path, june).Problem(t, 409, "registration_exists")
		one := path + "/" + made.Field(t, "id")
		if got := secretary.Get(t, one).OK(t, 200); got.Text != made.Text || got.ETag() != `"1"` {
			t.Errorf("%s is not %s", got, made)
		}
		first, second := sessions(t, made)[0]["meeting_id"].(string), sessions(t, made)[1]["meeting_id"].(string)
		scheduled := secretary.Get(t, "/meetings/"+first).OK(t, 200)
		if scheduled.Field(t, "status") != "scheduled" || scheduled.Field(t, "ended_at") != "2018-06-05T08:30:00Z" || scheduled.Field(t, "period_month") != "2018-06" {
			t.Errorf("%s", scheduled)
		}
		secretary.Do(t, http.MethodDelete, "/meetings/"+first, "", "If-Match: "+scheduled.ETag()).Problem(t, 409, "meeting_in_use")

		superior.Post(t, one+"/return", `{"reason":"  "}`, `If-Match: "1"`).Problem(t, 422, "registration_invalid", "/reason field_required")
		superior.Post(t, one+"/return", `{"reason":"Trùng lịch"}`).Problem(t, 428, "if_match_missing")
		superior.Post(t, one+"/return", `{"reason":"Trùng lịch"}`, `If-Match: "7"`).Problem(t, 412, "version_stale")
		secretary.Post(t, one+"/agreement", "", `If-Match: "1"`).Problem(t, 403, "forbidden")
		superior.Post(t, one+"/return", `{"reason":"Trùng lịch"}`, `If-Match: "1"`).OK(t, 200)
		superior.Post(t, one+"/agreement", "", `If-Match: "2"`).Problem(t, 409, "registration_decided")

		again := secretary.Post(t, path, fmt.Sprintf(`{"month":"2018-06","sessions":[{"meeting_id":%q},{"meeting_id":%q}]}`, first, second)).OK(t, 201)
		agreed := superior.Post(t, path+"/"+again.Field(t, "id")+"/agreement", "", `If-Match: "1"`).OK(t, 200)
		if agreed.Field(t, "status") != "agreed" || agreed.Field(t, "decided_by") != superior.Actor.UserID.String() {
			t.Errorf("%s", agreed)
		}
		if got := superior.Get(t, path+"?from=2018-06&to=2018-06&status=returned").OK(t, 200).Rows(t, "status"); !cmp.Equal(got, []string{"returned"}) {
			t.Errorf("%v", got)
		}
		secretary.Post(t, "/meetings/"+first+"/postponement", `{"started_at":"2018-06-07T14:00:00+07:00"}`, "If-Match: "+scheduled.ETag()).OK(t, 200)
		secretary.Post(t, "/meetings/"+second+"/cancellation", `{"reason":"Bão số 2"}`, `If-Match: "1"`).OK(t, 200)
		var seen []string
		for _, row := range sessions(t, secretary.Get(t, path+"/"+again.Field(t, "id")).OK(t, 200)) {
			seen = append(seen, fmt.Sprint(row["started_at"], " ", row["now_started_at"], " ", row["changed"], " ", row["now_status"]))
		}
		want := []string{"2018-06-05T07:00:00Z 2018-06-07T07:00:00Z true scheduled", "2018-06-20T07:00:00Z 2018-06-20T07:00:00Z false cancelled"}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Error(diff)
		}
	})
}

// TestSchedule reads a schedule as JSON, CSV and iCalendar.
func TestSchedule(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary, superior := w.As(t, auth.RoleSecretary, "a1"), w.As(t, auth.RoleSuperior, "a")
		made := secretary.Post(t, "/organizations/"+w.Orgs["a1"].String()+"/registrations", june).OK(t, 201)
		first := sessions(t, made)[0]["meeting_id"].(string)
		secretary.Post(t, "/meetings/"+first+"/postponement", `{"started_at":"2018-06-07T14:00:00+07:00"}`, `If-Match: "1"`).OK(t, 200)
		path := "/organizations/" + w.Orgs["a"].String() + "/schedule?from=2018-06&to=2018-06"
		got := superior.Get(t, path).OK(t, 200)
		rows := sessions(t, got)
		if len(rows) != 2 {
			t.Fatalf("%s", got)
		}
		registration, _ := rows[0]["registration"].(map[string]any)
		if rows[0]["started_at"] != "2018-06-07T07:00:00Z" || registration["started_at"] != "2018-06-05T07:00:00Z" || registration["changed"] != true {
			t.Errorf("%v", rows[0])
		}
		months, _ := got.JSON(t)["months"].([]any)
		month, _ := months[0].(map[string]any)
		missing, _ := month["missing"].([]any)
		if month["cells"] != 2.0 || month["registered"] != 1.0 || len(missing) != 1 || missing[0].(map[string]any)["name"] != "Chi bộ Hành chính" {
			t.Errorf("%v", month)
		}
		if own := sessions(t, superior.Get(t, path+"&scope=own").OK(t, 200)); len(own) != 0 {
			t.Errorf("%v", own)
		}
		csv := superior.Get(t, path+"&format=csv").OK(t, 200)
		if !strings.Contains(csv.Text, "2018-06-07T14:00:00+07:00") || !strings.Contains(csv.Text, "Sinh hoạt thường kỳ tháng 6") {
			t.Errorf("%s", csv)
		}
		calendar := superior.Do(t, http.MethodGet, path, "", "Accept: text/calendar").OK(t, 200)
		if !strings.HasPrefix(calendar.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(calendar.Text, "DTSTART;TZID=Asia/Ho_Chi_Minh:20180607T140000") {
			t.Errorf("%s", calendar)
		}
		superior.Get(t, "/organizations/"+w.Orgs["a"].String()+"/schedule?from=2018-01&to=2021-01").Problem(t, 400, "schedule_period_too_long", "to schedule_period_too_long")
		w.As(t, auth.RoleSuperior, "b").Get(t, path).Problem(t, 404, "organization_unknown")
		w.As(t, auth.RoleAdministrator, "a").Get(t, path).Problem(t, 403, "forbidden")
	})
}

// TestRegisterRefuses names the place of everything that is wrong.
func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		path := "/organizations/" + w.Orgs["a1"].String() + "/registrations"
		secretary.Post(t, path, `{"month":"2018-06","sessions":[]}`).Problem(t, 422, "registration_invalid", "/sessions field_required")
		secretary.Post(t, path, `{"month":"2018-06","sessions":[{"body":"cell"},{"body":"party_committee","forms":["regular"],"started_at":"2018-06-05T14:00:00+07:00"}]}`).
			Problem(t, 422, "registration_invalid", "/sessions/0/forms field_required", "/sessions/0/started_at field_required", "/sessions/1/body body_not_possible")
		other := w.As(t, auth.RoleSecretary, "b1").Post(t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],
			"period_month":"2018-06","started_at":"2018-06-05T14:00:00+07:00"}`, w.Orgs["b1"])).OK(t, 201).Field(t, "id")
		secretary.Post(t, path, fmt.Sprintf(`{"month":"2018-06","sessions":[{"meeting_id":%q},{"meeting_id":%q,"place":"x"}]}`, other, other)).
			Problem(t, 422, "registration_invalid", "/sessions/1/meeting_id session_duplicate", "/sessions/1 session_described_twice")
		secretary.Post(t, path, fmt.Sprintf(`{"month":"2018-06","sessions":[{"meeting_id":%q}]}`, other)).
			Problem(t, 422, "registration_invalid", "/sessions/0/meeting_id reference_unknown")
		held := secretary.Post(t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2018-04",
			"started_at":"2018-04-05T14:00:00+07:00","ended_at":"2018-04-05T15:30:00+07:00"}`, w.Orgs["a1"])).OK(t, 201).Field(t, "id")
		secretary.Post(t, path, fmt.Sprintf(`{"month":"2018-06","sessions":[{"meeting_id":%q}]}`, held)).
			Problem(t, 422, "registration_invalid", "/sessions/0/meeting_id session_not_scheduled")
		if got := sessions(t, secretary.Get(t, "/organizations/"+w.Orgs["a1"].String()+"/schedule?from=2018-06&to=2018-06").OK(t, 200)); len(got) != 0 {
			t.Errorf("left behind: %v", got)
		}
		superior := w.As(t, auth.RoleSuperior, "")
		superior.Post(t, path, june).Problem(t, 403, "forbidden")
		w.As(t, auth.RoleSecretary, "b1").Post(t, path, june).Problem(t, 404, "organization_unknown")
	})
}

// TestNotice posts a notice and documents, and adds to them.
func TestNotice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		secretary := w.As(t, auth.RoleSecretary, "a1")
		of := sessions(t, secretary.Post(t, "/organizations/"+w.Orgs["a1"].String()+"/registrations", june).OK(t, 201))[0]["meeting_id"].(string)
		path := "/meetings/" + of + "/notice"
		secretary.Post(t, path, `{"items":[]}`).Problem(t, 422, "notice_invalid", "/items field_required")
		secretary.Post(t, path, `{"posted_at":"2018-05-11T00:00:00Z","items":[{"kind":"notice","title":" "},{"kind":"x","title":"a","link":"javascript:alert(1)"}]}`).
			Problem(t, 422, "notice_invalid", "/posted_at notice_of_the_future", "/items/0/title field_required", "/items/1/kind word_unknown", "/items/1/link notice_link")
		secretary.Post(t, path, `{"posted_at":"2018-05-09T01:00:00Z","items":[{"kind":"notice","title":"Thông báo sinh hoạt tháng 6"}]}`).OK(t, 201)
		added := secretary.Post(t, path, `{"items":[{"kind":"document","title":"Dự thảo nghị quyết","link":"https://vanban.example.vn/a.pdf"}]}`).OK(t, 201)
		if got := w.As(t, auth.RoleMember, "a1").Get(t, path).OK(t, 200); got.Text != added.Text || strings.Count(got.Text, `"position"`) != 2 {
			t.Errorf("%s is not %s", got, added)
		}
		w.As(t, auth.RoleMember, "a1").Post(t, path, `{"items":[{"kind":"notice","title":"x"}]}`).Problem(t, 403, "forbidden")
		w.As(t, auth.RoleAdministrator, "a1").Get(t, path).Problem(t, 404, "meeting_unknown")
		w.As(t, auth.RoleSecretary, "b1").Get(t, path).Problem(t, 404, "meeting_unknown")
		secretary.Post(t, "/meetings/"+of+"/cancellation", `{"reason":"Bão"}`, `If-Match: "1"`).OK(t, 200)
		secretary.Post(t, path, `{"items":[{"kind":"notice","title":"x"}]}`).Problem(t, 409, "meeting_wrong_status")
	})
}

// TestDelegates assigns a delegate, records what was attended, counts it and ends the assignment.
func TestDelegates(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w apitest.World) {
		superior, secretary := w.As(t, auth.RoleSuperior, "a"), w.As(t, auth.RoleSecretary, "a1")
		binh, an := admit(t, w, "Trần Thị Bình", "a2"), admit(t, w, "Nguyễn Văn An", "a1")
		path := "/organizations/" + w.Orgs["a1"].String() + "/delegates"
		assign := func(who string) string {
			return fmt.Sprintf(`{"member_id":%q,"from":"2018-01-01","basis":"Quyết định 15-QĐ/ĐU"}`, who)
		}
		superior.Post(t, path, assign(an)).Problem(t, 422, "delegate_invalid", "/member_id delegate_of_own_cell")
		superior.Post(t, path, assign(w.Orgs["a"].String())).Problem(t, 422, "delegate_invalid", "/member_id reference_unknown")
		superior.Post(t, path, fmt.Sprintf(`{"member_id":%q,"from":"2018-01-01","to":"2017-01-01"}`, binh)).Problem(t, 422, "delegate_invalid", "/to ends_before_start")
		superior.Post(t, path, fmt.Sprintf(`{"member_id":%q,"from":"2018-01-01","superior_id":%q}`, binh, w.Orgs["b"])).
			Problem(t, 422, "delegate_invalid", "/superior_id delegate_not_above")
		secretary.Post(t, path, assign(binh)).Problem(t, 403, "forbidden")
		made := superior.Post(t, path, assign(binh)).OK(t, 201)
		superior.Post(t, path, assign(binh)).Problem(t, 409, "delegate_overlap")
		if made.Field(t, "superior_id") != w.Orgs["a"].String() || made.Field(t, "full_name") != "Trần Thị Bình" {
			t.Errorf("%s", made)
		}
		one := path + "/" + made.Field(t, "id")
		meetings := map[string]string{}
		for _, month := range []string{"2018-01", "2018-02", "2018-04"} {
			meetings[month] = secretary.Post(t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":%q,
				"started_at":"%s-05T14:00:00+07:00","attendance":{"rows":[{"member_id":%q,"status":"present"}]}}`, w.Orgs["a1"], month, month, an)).OK(t, 201).Field(t, "id")
		}
		put := func(month, tag, body string) apitest.Answer {
			return superior.Do(t, http.MethodPut, one+"/sessions/"+meetings[month], body, "If-Match: "+tag)
		}
		put("2018-01", `"1"`, `{}`).Problem(t, 422, "delegate_invalid", "/attended field_required")
		put("2018-01", `"1"`, `{"attended":true,"observation":"Chuẩn bị kỹ"}`).OK(t, 200)
		put("2018-02", `"1"`, `{"attended":false}`).Problem(t, 412, "version_stale")
		put("2018-02", `"2"`, `{"attended":false}`).OK(t, 200)
		put("2018-04", `"3"`, `{"attended":false}`).OK(t, 200)
		put("2018-04", `"4"`, `{"attended":true}`).OK(t, 200)
		shown := superior.Get(t, one).OK(t, 200)
		if len(sessions(t, shown)) != 3 || sessions(t, shown)[0]["observation"] != "Chuẩn bị kỹ" || shown.ETag() != `"5"` {
			t.Errorf("%s", shown)
		}
		superior.Patch(t, one, `"5"`, `{"to":"2018-03-31"}`).Problem(t, 409, "delegate_attended_later")
		superior.Patch(t, one, `"5"`, `{"to":"2018-04-30"}`).OK(t, 200)
		counts := superior.Get(t, "/organizations/"+w.Orgs["a"].String()+"/delegate-attendance?from=2018-01&to=2018-06").OK(t, 200)
		var groups []string
		for _, g := range counts.JSON(t)["groups"].([]any) {
			q := g.(map[string]any)
			groups = append(groups, fmt.Sprint(q["organization_name"], " ", q["quarter"], " ", q["sessions"], " ", q["attended"], " ", len(q["delegates"].([]any))))
		}
		if diff := cmp.Diff([]string{"Chi bộ Tổng hợp 2018-Q1 2 1 1", "Chi bộ Tổng hợp 2018-Q2 1 1 1"}, groups); diff != "" {
			t.Error(diff)
		}
		superior.Get(t, "/organizations/"+w.Orgs["a"].String()+"/delegate-attendance?from=2018-01&to=2018-06&format=csv").OK(t, 200)
		secretary.Get(t, path).Problem(t, 403, "forbidden")
		if got := superior.Get(t, "/organizations/"+w.Orgs["a"].String()+"/delegates?on=2018-04-30").OK(t, 200).Rows(t, "full_name"); len(got) != 1 {
			t.Errorf("%v", got)
		}
		if got := superior.Get(t, path+"?on=2018-05-01").OK(t, 200).Rows(t, "full_name"); len(got) != 0 {
			t.Errorf("%v", got)
		}
		attendanceIsUntouched(t, superior, meetings["2018-01"])
	})
}

// attendanceIsUntouched says that a delegate is nowhere on the roll.
func attendanceIsUntouched(t *testing.T, superior apitest.Caller, of string) {
	t.Helper()
	roll, _ := superior.Get(t, "/meetings/"+of).OK(t, 200).JSON(t)["attendance"].(map[string]any)
	if rows, _ := roll["rows"].([]any); len(rows) != 1 {
		t.Errorf("%v", roll)
	}
}
