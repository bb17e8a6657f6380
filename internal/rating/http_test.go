package rating_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/rating"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { dbtest.Drift(t, db, rating.Rating{}) })
}

// A session of nine of ten, 90 minutes, in an ordinary month, of a cell with only a secretary: 100 − 5 − 2 = 93 available.
func TestRateConfirmShow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		path, etag := s.submitted(s.good())
		s.secretary.Get(t, path+"/rating").Problem(t, http.StatusNotFound, "rating_unknown")

		preview := s.secretary.Post(t, path+"/rating?dry_run=true", answers(9), "If-Match: "+etag).OK(t, http.StatusOK)
		if got := stage(t, preview, "self"); got != "92/93 good hd42-2025" {
			t.Errorf("preview: %s", got)
		}
		s.secretary.Get(t, path+"/rating").Problem(t, http.StatusNotFound, "rating_unknown")

		made := s.rated(path, etag, strings.Replace(answers(9), `{"answers"`, `{"vote":{"for":6,"against":2,"abstained":1},"answers"`, 1))
		shown := s.superior.Get(t, path+"/rating").OK(t, http.StatusOK)
		if made.ETag() != `"1"` || shown.ETag() != `"1"` || stage(t, shown, "self") != "92/93 good hd42-2025" || stage(t, shown, "confirmed") != "none" {
			t.Errorf("self-rating: %s", shown)
		}
		for of, want := range map[string]string{
			"attendance": "10/10 9/10 true", "content_items": "20/20 9/9 true", "duration": "5/5 90/90 true", "record_in_time": "5/5 1/2 true",
			"tasks_on_time": "10/10 0/0 true", "discussion": "9/10 <nil>/<nil> true", "committee": "0/2 <nil>/<nil> false", "topic": "0/2 <nil>/<nil> false",
			"conclusions": "5/5 1/1 true", "tasks_assigned": "5/5 1/1 true",
		} {
			if got := item(t, shown, "self", of); got != want {
				t.Errorf("%s: %s, want %s", of, got, want)
			}
		}
		vote := shown.JSON(t)["self"].(map[string]any)["vote"].(map[string]any)
		if fmt.Sprint(vote["base"], vote["adopted"]) != "10 true" {
			t.Errorf("vote: %v", vote)
		}

		confirm := func(who apitest.Caller, body, match string) apitest.Answer {
			return who.Post(t, path+"/rating-confirmation", body, "If-Match: "+match)
		}
		confirm(s.superior, `{}`, `"1"`).Problem(t, http.StatusConflict, "meeting_wrong_status")
		s.accept(path, etag)
		confirm(s.secretary, `{}`, `"1"`).Problem(t, http.StatusForbidden, "forbidden")
		confirm(s.superior, `{}`, `"2"`).Problem(t, http.StatusPreconditionFailed, "version_stale")
		confirm(s.superior, `{"grade":"fair"}`, `"1"`).Problem(t, http.StatusUnprocessableEntity, "rating_invalid", "/reason field_required")
		confirm(s.superior, `{"grade":"best"}`, `"1"`).Problem(t, http.StatusUnprocessableEntity, "rating_invalid", "/grade word_unknown", "/reason field_required")
		done := confirm(s.superior, `{"grade":"fair","reason":"Thảo luận còn sơ sài"}`, `"1"`).OK(t, http.StatusOK)
		if stage(t, done, "confirmed") != "92/93 fair hd42-2025" || stage(t, done, "self") != "92/93 good hd42-2025" || done.ETag() != `"2"` {
			t.Errorf("confirmed: %s", done)
		}
		confirm(s.superior, `{}`, `"2"`).Problem(t, http.StatusConflict, "rating_confirmed")
	})
}

func TestRatingIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		path, etag := s.submitted(s.good())
		rate := func(path, etag, body string) apitest.Answer {
			return s.secretary.Post(t, path+"/rating", body, "If-Match: "+etag)
		}
		rate(path, etag, `{"answers":[{"item":"documents","points":3},{"item":"duration","yes":true},{"item":"thematic_quality","points":1}],"vote":{"for":11}}`).
			Problem(t, http.StatusUnprocessableEntity, "rating_invalid",
				"/answers/0 rating_answer_kind", "/answers/1/item rating_item_computed", "/answers/2/item rating_item_unavailable",
				"/answers rating_answer_missing", "/answers rating_answer_missing", "/answers rating_answer_missing", "/vote/for votes_exceed_base")
		rate(path, etag, strings.Replace(answers(9), `{"answers"`, `{"vote":{"for":8,"against":3},"answers"`, 1)).
			Problem(t, http.StatusUnprocessableEntity, "rating_invalid", "/vote votes_exceed_base")
		s.secretary.Post(t, path+"/rating", answers(9)).Problem(t, http.StatusPreconditionRequired, "if_match_missing")
		rate(path, `"7"`, answers(9)).Problem(t, http.StatusPreconditionFailed, "version_stale")
		s.superior.Post(t, path+"/rating", answers(9), "If-Match: "+etag).Problem(t, http.StatusForbidden, "forbidden")

		draft := s.secretary.Post(t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2026-06",
			"started_at":"2026-06-03T14:00:00+07:00"}`, s.Orgs["a1"].String())).OK(t, http.StatusCreated)
		rate(strings.TrimPrefix(draft.Header.Get("Location"), "/api/v1"), draft.ETag(), answers(9)).Problem(t, http.StatusConflict, "meeting_wrong_status")
		old := s.good()
		old.held = "2016-03-03"
		oldPath, oldTag := s.submitted(old)
		rate(oldPath, oldTag, answers(9)).Problem(t, http.StatusConflict, "rating_without_rubric")
		extra := s.good()
		extra.forms = `"extraordinary"`
		extraPath, extraTag := s.submitted(extra)
		rate(extraPath, extraTag, answers(9)).Problem(t, http.StatusConflict, "rating_not_of_such")
	})
}

// A request that is repeated under its key gets the answer that was kept, and rates once.
func TestRepeatedRequestsRateOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		path, etag := s.submitted(s.good())
		first := s.secretary.Post(t, path+"/rating", answers(9), "If-Match: "+etag, "Idempotency-Key: cham-1").OK(t, http.StatusCreated)
		again := s.secretary.Post(t, path+"/rating", answers(9), "If-Match: "+etag, "Idempotency-Key: cham-1").OK(t, http.StatusCreated)
		if again.Text != first.Text || again.Header.Get("Idempotency-Replayed") != "true" || first.Field(t, "version") != "1" {
			t.Errorf("the second answer: %s", again)
		}
		s.accept(path, etag)
		for range 2 {
			s.superior.Post(t, path+"/rating-confirmation", `{}`, `If-Match: "1"`, "Idempotency-Key: xac-nhan-1").OK(t, http.StatusOK)
		}
	})
}

// HD 12 has conditions and no points: 9 of 10 came, nobody without reason, but the record of 60 minutes is too short.
func TestHD12HasNoPoints(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		in := s.good()
		in.held, in.forms = "2020-03-05", `"regular","thematic"`
		path, etag := s.submitted(in)
		met := s.rated(path, etag, `{"answers":[]}`)
		if got := stage(t, met, "self"); got != "<nil>/<nil> met hd12-2018" {
			t.Error(got)
		}
		in.held, in.forms, in.minutes = "2020-04-05", `"regular"`, 60
		path, etag = s.submitted(in)
		short := s.rated(path, etag, `{"answers":[]}`)
		if got := stage(t, short, "self"); got != "<nil>/<nil> not_met hd12-2018" {
			t.Error(got)
		}
		held := short.JSON(t)["self"].(map[string]any)["held_back"].(map[string]any)
		if got := fmt.Sprintf("%v %v", held["grade"], held["items"]); got != "met [duration]" {
			t.Errorf("held back: %s", got)
		}
	})
}

// A session of which only the numbers are known has its vote base from them: 18 official members.
func TestVoteOfTotals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		made := s.secretary.Post(t, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],"period_month":"2020-02",
			"started_at":"2020-02-03T14:00:00+07:00","submit":true,"totals":{"roster":19,"official":18,"probationary":1,"expected":18,"present":17,
			"excused":1,"unexcused":0,"reason":"Sổ giấy chỉ ghi số người dự"}}`, s.Orgs["a1"].String())).OK(t, http.StatusCreated)
		path := strings.TrimPrefix(made.Header.Get("Location"), "/api/v1")
		rate := func(votes int) apitest.Answer {
			body := fmt.Sprintf(`{"answers":[],"vote":{"for":%d,"against":0,"abstained":0}}`, votes)
			return s.secretary.Post(t, path+"/rating", body, "If-Match: "+made.ETag())
		}
		rate(19).Problem(t, http.StatusUnprocessableEntity, "rating_invalid", "/vote/for votes_exceed_base")
		vote := rate(10).OK(t, http.StatusCreated).JSON(t)["self"].(map[string]any)["vote"].(map[string]any)
		if fmt.Sprint(vote["base"], vote["adopted"]) != "18 true" {
			t.Errorf("vote: %v", vote)
		}
	})
}

// Somebody excused four times running in the year breaks the condition of HD 12; a new year begins anew.
func TestExcusedRunning(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		for month := 11; month <= 17; month++ {
			in := s.good()
			in.held = fmt.Sprintf("%d-%02d-05", 2019+(month-1)/12, (month-1)%12+1)
			in.forms = `"regular","thematic"`
			path, etag := s.submitted(in)
			got := item(t, s.rated(path, etag, `{"answers":[]}`), "self", "excused_running")
			run := month - 10
			if month > 12 {
				run = month - 12
			}
			if want := fmt.Sprintf("0/0 %d/1 true", run); got != want {
				t.Errorf("%s: %s, want %s", in.held, got, want)
			}
		}
		list := s.secretary.Get(t, "/ratings?from=2020-01&to=2020-05").OK(t, http.StatusOK)
		if got := fmt.Sprint(list.Rows(t, "grade")); got != "[met met met not_met not_met]" {
			t.Error(got)
		}
	})
}

// A judgement stays what it was when the record is amended; only the new version is rated anew.
func TestJudgementsStay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		path, etag := s.submitted(s.good())
		s.rated(path, etag, answers(10))
		tag := s.accept(path, etag)
		s.superior.Post(t, path+"/rating-confirmation", `{}`, `If-Match: "1"`).OK(t, http.StatusOK)
		s.secretary.Post(t, path+"/rating", answers(1), "If-Match: "+tag).Problem(t, http.StatusConflict, "rating_confirmed")
		before := s.superior.Get(t, path+"/rating").OK(t, http.StatusOK).JSON(t)

		asked := s.secretary.Post(t, path+"/amendments", fmt.Sprintf(`{"reason_code":"wrong_roll","explanation":"Biên bản ghi nhầm người vắng mặt",
			"basis":{"number":"12-CV/CB","date":"2026-05-09"},"change":{"attendance":{"rows":[%s]}}}`, s.row(8, "unexcused")), "If-Match: "+tag).OK(t, http.StatusCreated)
		one := strings.TrimPrefix(asked.Header.Get("Location"), "/api/v1")
		tag = s.superior.Post(t, one+"/confirmation", "", "If-Match: "+asked.ETag()).OK(t, http.StatusOK).ETag()

		after := s.superior.Get(t, path+"/rating").OK(t, http.StatusOK)
		self := after.JSON(t)["self"].(map[string]any)
		if self["outdated"] != true || fmt.Sprint(self["items"]) != fmt.Sprint(before["self"].(map[string]any)["items"]) || stage(t, after, "self") != "93/93 good hd42-2025" {
			t.Errorf("after the amendment: %s", after)
		}
		// 8 of 10 and one without reason: 7 points instead of 10.
		again := s.rated(path, tag, answers(10))
		if stage(t, again, "self") != "90/93 good hd42-2025" || item(t, again, "self", "attendance") != "7/10 8/10 true" || stage(t, again, "confirmed") != "93/93 good hd42-2025" {
			t.Errorf("rated anew: %s", again)
		}
		s.superior.Post(t, path+"/rating-confirmation", `{"grade":"fair","reason":"Có người vắng không lý do"}`, `If-Match: "3"`).OK(t, http.StatusOK)
		_, err := database.Write(t.Context(), s.DB, func(tx *database.Tx) (struct{}, error) {
			return struct{}{}, database.Gorm(t.Context(), tx).Exec("UPDATE rating SET grade = 'good'").Error
		})
		if err == nil {
			t.Error("a judgement can be changed")
		}
	})
}

// Whoever is secretary and superior at once does not confirm the own rating, nor that of a record they wrote on.
func TestNobodyConfirmsTheirOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *scene) {
		path, etag := s.submitted(s.good())
		grant := func(role auth.Role, user auth.UserID, code string) apitest.Caller {
			return s.Holding(t, user, s.grant(user, role, code))
		}
		rater := s.As(t, auth.RoleSecretary, "a1")
		rater.Post(t, path+"/rating", answers(10), "If-Match: "+etag).OK(t, http.StatusCreated)
		s.accept(path, etag)
		grant(auth.RoleSuperior, rater.Actor.UserID, "a").Post(t, path+"/rating-confirmation", `{}`, `If-Match: "1"`).Problem(t, http.StatusForbidden, "own_rating")
		grant(auth.RoleSuperior, s.secretary.Actor.UserID, "a").Post(t, path+"/rating-confirmation", `{}`, `If-Match: "1"`).Problem(t, http.StatusForbidden, "own_record")
		s.superior.Post(t, path+"/rating-confirmation", `{}`, `If-Match: "1"`).OK(t, http.StatusOK)
	})
}

// The gate of a local set turns 92 points into Khá; the year is Tốt with seven sessions Tốt and all at least Khá.
func TestLocalSetAndYear(t *testing.T) {
	t.Parallel()
	const local = "id: local\ntitle: L\nparent: hd42-2025\norganization: a\nfrom: 2026-01-01\nrubric:\n  grades:\n" +
		"    - {id: good, title: Tốt, from: 90, full: [duration]}\n    - {id: fair, title: Khá, from: 70}\n    - {id: poor, title: Kém, from: 0}\n" +
		"  year: [{grade: good, sessions: 3, of: good, others: fair}]\n"
	eachBy(t, withLocal(t, local), func(t *testing.T, s *scene) {
		figures := func(more string) map[string]any {
			return s.superior.Get(t, "/organizations/"+s.Orgs["a1"].String()+"/rating-summary?year=2026"+more).OK(t, http.StatusOK).JSON(t)
		}
		rate := func(month string, minutes int) {
			in := s.good()
			in.month, in.minutes = month, minutes
			if minutes < 90 {
				in.absent = ""
			}
			path, etag := s.submitted(in)
			s.rated(path, etag, answers(9))
		}
		rate("2026-01", 90)
		rate("2026-02", 90)
		if got := fmt.Sprint(figures("")["cell"]); got != "[map[grade:<nil> stage:self why:too_few] map[grade:<nil> stage:confirmed why:unrated]]" {
			t.Error(got)
		}
		rate("2026-03", 90)
		if got := fmt.Sprint(figures("")["cell"].([]any)[0]); got != "map[grade:good stage:self why:reached]" {
			t.Error(got)
		}
		path, etag := s.submitted(session{held: "2026-05-09", month: "2026-04", minutes: 89, more: s.good().more})
		gate := s.rated(path, etag, answers(10))
		if got := stage(t, gate, "self"); got != "88/93 fair local" {
			t.Error(got)
		}
		unrated, _ := s.submitted(session{held: "2026-05-09", month: "2026-05", minutes: 95, more: s.good().more})
		year := figures("&scope=own")
		self := year["stages"].([]any)[0].(map[string]any)
		if fmt.Sprint(year["sessions"], self["rated"], self["unrated"]) != "5 4 1" || fmt.Sprint(year["cell"].([]any)[0]) != "map[grade:<nil> stage:self why:unrated]" {
			t.Errorf("year with %s: %v", unrated, year)
		}
		if got := fmt.Sprint(self["grades"].([]any)[0].(map[string]any)["rate"]); got != "map[denominator:4 numerator:3 percent:75]" {
			t.Error(got)
		}
		held := s.secretary.Get(t, "/rule-sets?organization_id="+s.Orgs["a1"].String()+"&on=2026-05-09").OK(t, http.StatusOK)
		other := s.As(t, auth.RoleSecretary, "b1").Get(t, "/rule-sets?organization_id="+s.Orgs["b1"].String()).OK(t, http.StatusOK)
		if fmt.Sprint(held.Rows(t, "id"), other.Rows(t, "id")) != "[local] [hd42-2025]" {
			t.Errorf("%s %s", held, other)
		}
		s.secretary.Get(t, "/rule-sets?organization_id="+s.Orgs["b1"].String()).Problem(t, http.StatusNotFound, "organization_unknown")
		s.secretary.Get(t, "/rule-sets/none").Problem(t, http.StatusNotFound, "rule_set_unknown")
		s.secretary.Get(t, "/rule-sets/local").OK(t, http.StatusOK)
	})
}
