package warning_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/testkit/apitest"
)

// owed returns "code state due_on" of what the caller owes for a1 in the month, and the requests that settle it by code.
func (s *scene) owed(who apitest.Caller, month string) (lines []string, requests map[string]map[string]any) {
	s.t.Helper()
	requests = map[string]map[string]any{}
	rows, _ := who.Get(s.t, "/me/duties?month="+month+"&limit=200").OK(s.t, 200).JSON(s.t)["data"].([]any)
	for _, row := range rows {
		d, _ := row.(map[string]any)
		if d["organization_id"] != s.Orgs["a1"].String() {
			continue
		}
		due, has := d["due_on"].(string)
		if !has {
			due = "-"
		}
		code := fmt.Sprint(d["code"])
		lines = append(lines, fmt.Sprint(code, " ", d["state"], " ", due))
		requests[code], _ = d["request"].(map[string]any)
	}
	return lines, requests
}

func (s *scene) owes(when string, who apitest.Caller, month string, want ...string) map[string]map[string]any {
	s.t.Helper()
	got, requests := s.owed(who, month)
	if !slices.Equal(got, want) {
		s.t.Errorf("%s: %q, want %q", when, got, want)
	}
	return requests
}

// settle sends the request of a duty with a body.
func (s *scene) send(who apitest.Caller, request map[string]any, body string, status int) apitest.Answer {
	s.t.Helper()
	path, _ := request["path"].(string)
	method, _ := request["method"].(string)
	var headers []string
	if tag, has := request["if_match"].(string); has {
		headers = append(headers, "If-Match: "+tag)
	}
	return who.Do(s.t, method, strings.TrimPrefix(path, "/api/v1"), body, headers...).OK(s.t, status)
}

// TestDutiesOfAMonth follows a month from its registration to the confirmed grade, and settles each duty by the request that it names.
func TestDutiesOfAMonth(t *testing.T) {
	t.Parallel()
	each(t, 10, func(t *testing.T, s *scene) {
		s.today("2026-05-25")
		asked := s.owes("before", s.secretary, "2026-06", "register_month open 2026-05-25", "hold_session open 2026-06-30", "hold_thematic_session open 2026-06-30")
		s.today("2026-05-26")
		s.owes("a day later", s.secretary, "2026-06", "register_month overdue 2026-05-25", "hold_session open 2026-06-30", "hold_thematic_session open 2026-06-30")
		s.send(s.secretary, asked["register_month"], `{"month":"2026-06","sessions":[{"body":"cell","forms":["regular","thematic"],"started_at":"2026-06-05T08:00:00+07:00"}]}`, 201)
		s.owes("registered", s.secretary, "2026-06", "register_month done 2026-05-25", "post_documents open 2026-06-04",
			"hold_session open 2026-06-30", "hold_thematic_session open 2026-06-30")
		above := s.owes("above", s.superior, "2026-06", "answer_registration open -")
		s.send(s.superior, above["answer_registration"], "", 200)
		s.owes("answered", s.superior, "2026-06")

		s.today("2026-06-04")
		_, asked = s.owed(s.secretary, "2026-06")
		s.send(s.secretary, map[string]any{"method": "POST", "path": asked["post_documents"]["path"]}, `{"items":[{"kind":"notice","title":"Mời họp"}]}`, 201)
		s.today("2026-06-05")
		s.owes("on the day", s.secretary, "2026-06", "register_month done 2026-05-25", "post_documents done 2026-06-04",
			"hand_in_record open 2026-06-07", "hold_session open 2026-06-30", "hold_thematic_session open 2026-06-30")
		taker := s.As(t, auth.RoleMinutesTaker, "a1")
		s.owes("who writes the minutes", taker, "2026-06", "write_record open 2026-06-07")
		_, writing := s.owed(taker, "2026-06")
		s.send(taker, writing["write_record"], fmt.Sprintf(`{"chair_id":%q,"ended_at":"2026-06-05T10:00:00+07:00"}`, s.people[0]), 200)
		_, asked = s.owed(s.secretary, "2026-06")
		handed := s.send(s.secretary, asked["hand_in_record"], `{"attendance":{"others":"present","rows":[]}}`, 200)
		s.owes("handed in", s.secretary, "2026-06", "register_month done 2026-05-25", "post_documents done 2026-06-04",
			"hand_in_record done 2026-06-07", "hold_session done 2026-06-30", "hold_thematic_session done 2026-06-30", "rate_session open -")
		s.owes("nothing left to write", taker, "2026-06")

		s.fromRecordToGrade(handed.ETag())
	})
}

// fromRecordToGrade returns the record that is in, has it come back and rated, and accepts and confirms it.
func (s *scene) fromRecordToGrade(etag string) {
	s.t.Helper()
	above := s.owes("above", s.superior, "2026-06", "receive_record open -")
	path, _ := above["receive_record"]["path"].(string)
	s.superior.Post(s.t, strings.TrimSuffix(strings.TrimPrefix(path, "/api/v1"), "/acceptance")+"/return", `{"reason":"Thiếu chữ ký"}`, "If-Match: "+etag).OK(s.t, 200)
	asked := s.owes("returned", s.secretary, "2026-06", "register_month done 2026-05-25", "post_documents done 2026-06-04",
		"hold_session done 2026-06-30", "hold_thematic_session done 2026-06-30", "correct_record open -")
	s.send(s.secretary, asked["correct_record"], "", 200)
	_, asked = s.owed(s.secretary, "2026-06")
	s.send(s.secretary, asked["rate_session"], `{"answers":[{"item":"documents","yes":true},{"item":"discussion","points":9},
			{"item":"political_task","points":10},{"item":"resolution_kept","points":10},{"item":"thematic_quality","points":3}]}`, 201)
	_, above = s.owed(s.superior, "2026-06")
	s.send(s.superior, above["receive_record"], "", 200)
	above = s.owes("accepted", s.superior, "2026-06", "receive_record done -", "confirm_grade open -")
	s.send(s.superior, above["confirm_grade"], `{}`, 200)
	s.owes("confirmed", s.superior, "2026-06", "receive_record done -", "confirm_grade done -")
}

// TestDutiesOfRoles: whoever writes, hands in and receives nothing owes nothing.
func TestDutiesOfRoles(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.met(session{held: "2026-05-09", draft: true})
		for _, role := range []auth.Role{auth.RoleMember, auth.RoleAdministrator, auth.RoleAuditor} {
			s.owes(string(role), s.As(t, role, "a"), "2026-05")
		}
		s.owes("the secretary of another cell", s.As(t, auth.RoleSecretary, "a2"), "2026-05")
	})
}

// TestDutiesOfSizeTasksAndVisits: the committee's session, a task and a delegate's visit.
func TestDutiesOfSizeTasksAndVisits(t *testing.T) {
	t.Parallel()
	each(t, 3, func(t *testing.T, s *scene) {
		s.term("a1", "2026-04-01")
		s.met(session{held: "2026-04-05", more: `,"tasks":[{"title":"Báo cáo","due_on":"2026-05-09"}]`})
		s.owes("May", s.secretary, "2026-05", "register_month overdue 2026-04-25", "finish_task overdue 2026-05-09",
			"hold_committee_session open 2026-05-31", "hold_session open 2026-05-31")
		s.superior.Post(t, "/organizations/"+s.Orgs["a1"].String()+"/delegates", fmt.Sprintf(`{"member_id":%q,"from":"2026-01-01"}`, s.admit("a2", "Đỗ Văn Dự"))).OK(t, 201)
		above := s.owes("April", s.superior, "2026-04", "receive_record open -", "record_delegate open -")
		s.send(s.superior, above["record_delegate"], `{"attended":true,"observation":"Thảo luận sôi nổi"}`, 200)
		s.owes("recorded", s.superior, "2026-04", "receive_record open -", "record_delegate done -")
	})
}
