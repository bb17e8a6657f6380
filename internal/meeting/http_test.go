package meeting_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
)

func page(limit int) httpapi.Page { return httpapi.Page{Limit: limit} }

// cursor reads a cursor as a request would.
func cursor(tb testing.TB, next string) httpapi.Cursor {
	tb.Helper()
	recorder := httptest.NewRecorder()
	c, _ := gin.CreateTestContext(recorder)
	c.Request = httptest.NewRequest(http.MethodGet, "/?after="+next, nil)
	for keys := 2; keys <= 3; keys++ {
		q := httpapi.NewQuery(c)
		checks := make([]httpapi.Key, keys)
		for i := range checks {
			checks[i] = httpapi.KeyText
		}
		if p := q.Page(checks...); p.After != nil {
			return p.After
		}
	}
	tb.Fatalf("no cursor in %q", next)
	return nil
}

// client calls the routes as a user.
type client struct {
	tb     testing.TB
	engine *gin.Engine
	token  string
}

func (s *scene) client(t *testing.T, actor auth.Actor) client {
	t.Helper()
	tokens := auth.New(s.db, s.zone)
	_, plaintext, err := tokens.IssueToken(t.Context(), auth.InstallationActor(), auth.TokenInput{
		User: actor.UserID, GrantID: actor.GrantID, Name: "test", ExpiresAt: time.Now().Add(time.Hour),
	})
	must(t, err)
	engine, err := httpapi.New(httpapi.Config{})
	must(t, err)
	httpapi.Mount(engine, "/api/v1", auth.Guard(tokens), s.service.Routes())
	return client{t, engine, plaintext}
}

// do sends a request and returns status, header and body.
func (c client) do(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	c.engine.ServeHTTP(recorder, request)
	apitest.Judge(c.tb, request, body, recorder)
	return recorder
}

// want fails unless the answer has the status, and returns the body.
func (c client) want(status int, method, path, body string, headers ...string) map[string]any {
	c.tb.Helper()
	answer := c.do(method, path, body, headers...)
	if answer.Code != status {
		c.tb.Fatalf("%s %s answers %d, want %d: %s", method, path, answer.Code, status, answer.Body)
	}
	value := map[string]any{}
	if answer.Body.Len() > 0 {
		if err := json.Unmarshal(answer.Body.Bytes(), &value); err != nil {
			c.tb.Fatalf("%s %s answers no JSON: %s", method, path, answer.Body)
		}
	}
	return value
}

func (s *scene) wholeMeeting() string {
	return `{"organization_id":"` + s.cell.String() + `","body":"cell","forms":["regular","thematic"],"period_month":"2016-03",
		"started_at":"2016-03-03T14:00:00+07:00","ended_at":"2016-03-03T15:45:00+07:00","break_minutes":15,"mode":"in_person",
		"place":"Phòng họp","title":"Sinh hoạt tháng 3","chair_id":"` + s.people[0].String() + `","content_items":["last_month_tasks"],
		"guests":2,"self_score":90,"agenda":[{"content_item":"last_month_tasks","responsible_id":"` + s.people[0].String() + `","text":"Kiểm điểm"}],
		"opinions":[{"member_id":"` + s.people[1].String() + `","text":"Nhất trí <b>"}],"conclusions":["Thông qua"],
		"resolutions":[{"number":"05-NQ/CB","title":"Nghị quyết","votes_for":4}],"tasks":[{"title":"Báo cáo","assignee_id":"` + s.people[1].String() + `"}],
		"attendance":{"others":"present","rows":[{"member_id":"` + s.people[3].String() + `","status":"excused","reason_kind":"sick"}]},"submit":true}`
}

func TestTheWholePathByHTTP(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		secretary, superior := s.client(t, s.secretary), s.client(t, s.superior)
		created := secretary.do(http.MethodPost, "/meetings", s.wholeMeeting(), "Idempotency-Key", "k1")
		if created.Code != http.StatusCreated || created.Header().Get("ETag") != `"2"` {
			t.Fatalf("%d %v %s", created.Code, created.Header(), created.Body)
		}
		path := strings.TrimPrefix(created.Header().Get("Location"), "/api/v1")
		m := secretary.want(http.StatusOK, http.MethodGet, path, "")
		if m["status"] != "submitted" || len(m["agenda"].([]any)) != 1 || len(m["events"].([]any)) != 1 {
			t.Errorf("meeting: %v", m)
		}
		counts := m["attendance"].(map[string]any)["counts"].(map[string]any)
		if counts["present"] != 3.0 || counts["roster"] != 6.0 || counts["base"] != 4.0 || counts["not_recorded"] != 2.0 {
			t.Errorf("counts: %v", counts)
		}
		version := superior.do(http.MethodGet, path+"/versions/1", "")
		if version.Code != http.StatusOK || !bytes.Contains(version.Body.Bytes(), []byte(`"Nhất trí <b>"`)) {
			t.Errorf("version: %d %s", version.Code, version.Body)
		}
		superior.want(http.StatusNotFound, http.MethodGet, path+"/versions/2", "")
		superior.want(http.StatusPreconditionRequired, http.MethodPost, path+"/acceptance", "")
		superior.want(http.StatusPreconditionFailed, http.MethodPost, path+"/acceptance", "", "If-Match", `"1"`)
		superior.want(http.StatusOK, http.MethodPost, path+"/return", `{"reason":"Thiếu chữ ký"}`, "If-Match", `"2"`)
		secretary.want(http.StatusOK, http.MethodPatch, path, `{"place":null,"conclusions":[]}`, "If-Match", `"3"`)
		secretary.want(http.StatusOK, http.MethodPatch, path+"/attendance",
			`{"rows":[{"member_id":"`+s.people[3].String()+`","status":null}]}`, "If-Match", `"4"`)
		secretary.want(http.StatusUnprocessableEntity, http.MethodPatch, path+"/attendance",
			`{"rows":[{"member_id":"`+s.people[2].String()+`"}]}`, "If-Match", `"5"`)
		secretary.want(http.StatusOK, http.MethodPost, path+"/submission", "", "If-Match", `"5"`)
		results := superior.want(http.StatusOK, http.MethodPost, "/acceptances",
			`{"items":[{"meeting_id":"`+m["id"].(string)+`","version":6},{"meeting_id":"`+m["id"].(string)+`","version":6}]}`)
		items := results["data"].([]any)
		if items[0].(map[string]any)["status"] != 200.0 || items[1].(map[string]any)["status"] != 412.0 {
			t.Errorf("results: %v", items)
		}
		for _, list := range []string{"/meetings?status=accepted", "/topic-sessions?sort=-held", "/attendances?member_id=" + s.people[0].String()} {
			if rows := superior.want(http.StatusOK, http.MethodGet, list, "")["data"].([]any); len(rows) != 1 {
				t.Errorf("%s: %v", list, rows)
			}
		}
		for _, list := range []string{"/meetings?format=csv", "/attendances?format=csv"} {
			if answer := superior.do(http.MethodGet, list, ""); answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), s.cell.String()) {
				t.Errorf("%s: %d %s", list, answer.Code, answer.Body)
			}
		}
		superior.want(http.StatusBadRequest, http.MethodGet, "/topic-sessions?form=regular", "")
		s.verify(t)
	})
}

func TestDeletedDraftsInTheList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		secretary := s.client(t, s.secretary)
		body := `{"organization_id":"` + s.cell.String() + `","body":"cell","forms":["regular"],"period_month":"2016-03","started_at":"2016-03-03T14:00:00+07:00"}`
		m := secretary.want(http.StatusCreated, http.MethodPost, "/meetings", body)
		path := "/meetings/" + m["id"].(string)
		secretary.want(http.StatusNoContent, http.MethodDelete, path, "", "If-Match", `"1"`)
		page := secretary.want(http.StatusOK, http.MethodGet, "/meetings?updated_since=2016-01-01T00:00:00Z", "")
		removed := page["removed"].([]any)
		if len(page["data"].([]any)) != 0 || len(removed) != 1 || removed[0].(map[string]any)["id"] != m["id"] {
			t.Errorf("page: %v", page)
		}
		secretary.want(http.StatusNotFound, http.MethodGet, path, "")
	})
}

// TestAbsentInTheList: whoever was not present is found by status, whatever was changed in a roll, in the day of its meeting, or taken away.
func TestAbsentInTheList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		secretary, superior := s.client(t, s.secretary), s.client(t, s.superior)
		draft := func(day string, roll string) string {
			return "/meetings/" + secretary.want(http.StatusCreated, http.MethodPost, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell",
				"forms":["regular"],"period_month":"2016-03","started_at":"2016-03-%sT14:00:00+07:00","attendance":{"rows":[%s]}}`, s.cell, day, roll))["id"].(string)
		}
		row := func(person int, status string) string {
			return fmt.Sprintf(`{"member_id":%q,"status":%q}`, s.people[person], status)
		}
		expect := func(when string, want int) {
			t.Helper()
			read := func(caller client, query string) (rows []string) {
				for next := ""; ; {
					page := caller.want(http.StatusOK, http.MethodGet, "/attendances?limit=2&"+query+"&after="+url.QueryEscape(next), "")
					for _, r := range page["data"].([]any) {
						if r := r.(map[string]any); strings.Contains(query, "status") || r["status"] != "present" {
							rows = append(rows, fmt.Sprint(r["held_on"], r["meeting_id"], r["member_id"], r["status"]))
						}
					}
					if page["next"] == nil {
						return rows
					}
					next = page["next"].(string)
				}
			}
			for who, caller := range map[string]client{"secretary": secretary, "superior": superior} {
				var parts []string
				for _, status := range []string{"excused", "unexcused", "not_recorded"} {
					parts = append(parts, read(caller, "status="+status)...)
				}
				slices.Sort(parts)
				all := read(caller, "")
				slices.Sort(all)
				if diff := cmp.Diff(all, parts); diff != "" || len(parts) != want {
					t.Errorf("%s, the %s: %d, want %d: %s", when, who, len(parts), want, diff)
				}
			}
			if found, err := s.service.Verify(t.Context()); err != nil || len(found) > 0 {
				t.Errorf("%s: %v %v", when, found, err)
			}
		}
		first := draft("20", row(0, "present")+","+row(1, "excused")+","+row(2, "unexcused"))
		second := draft("03", row(1, "unexcused")+","+row(3, "excused"))
		expect("begun", 4)
		secretary.want(http.StatusOK, http.MethodPatch, first+"/attendance", `{"rows":[`+row(0, "excused")+`,`+row(1, "present")+`]}`, "If-Match", `"1"`)
		expect("recorded anew", 4)
		secretary.want(http.StatusOK, http.MethodPatch, first, `{"started_at":"2016-03-01T14:00:00+07:00"}`, "If-Match", `"2"`)
		expect("on another day", 4)
		secretary.want(http.StatusOK, http.MethodPost, first+"/submission", "", "If-Match", `"3"`)
		expect("submitted", 7)
		secretary.want(http.StatusNoContent, http.MethodDelete, second, "", "If-Match", `"1"`)
		expect("removed", 5)
	})
}

// TestAttendanceOfMonths: rows are found by the month for which the meeting was, on whatever day it was held.
func TestAttendanceOfMonths(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		secretary := s.client(t, s.secretary)
		for month, day := range map[string]string{"2016-03": "2016-04-02", "2016-04": "2016-04-01", "2016-05": "2016-05-05"} {
			secretary.want(http.StatusCreated, http.MethodPost, "/meetings", fmt.Sprintf(`{"organization_id":%q,"body":"cell","forms":["regular"],
				"period_month":%q,"started_at":"%sT14:00:00+07:00","attendance":{"rows":[{"member_id":%q,"status":"excused"}]}}`,
				s.cell, month, day, s.people[1]))
		}
		for query, want := range map[string][]string{
			"from=2016-03&to=2016-03": {"2016-03"}, "from=2016-04": {"2016-04", "2016-05"}, "to=2016-04": {"2016-04", "2016-03"},
			"to=2016-02": {}, "from=2016-06&to=2016-07": {}, "from=2016-01&to=2016-12": {"2016-04", "2016-03", "2016-05"},
		} {
			for _, more := range []string{"", "&status=excused", "&member_id=" + s.people[1].String()} {
				got := []string{}
				for _, row := range secretary.want(http.StatusOK, http.MethodGet, "/attendances?"+query+more, "")["data"].([]any) {
					got = append(got, row.(map[string]any)["period_month"].(string))
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s%s: %s", query, more, diff)
				}
			}
		}
	})
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		secretary := s.client(t, s.secretary)
		tests := []struct {
			body   string
			status int
			code   string
		}{
			{`{"organization_id":"x"}`, 400, "id_malformed"},
			{`{"title":"a","title":"b"}`, 400, "field_duplicate"},
			{`{"heading":"a"}`, 400, "field_unknown"},
			{`{"period_month":"2016-13"}`, 400, "month_malformed"},
			{`{"started_at":"3.3.2016"}`, 400, "instant_malformed"},
			{`{"guests":"2"}`, 400, "field_type"},
			{`{}`, 422, "meeting_invalid"},
			{strings.Replace(s.wholeMeeting(), `"others":"present"`, `"others":"excused"`, 1), 422, "meeting_invalid"},
		}
		for _, test := range tests {
			problem := secretary.want(test.status, http.MethodPost, "/meetings", test.body)
			if problem["code"] != test.code || len(problem["errors"].([]any)) == 0 {
				t.Errorf("%s: %v", test.body, problem)
			}
		}
		secretary.want(http.StatusBadRequest, http.MethodGet, "/meetings?status=lost&limit=0&after=%21&colour=red", "")
		secretary.want(http.StatusBadRequest, http.MethodGet, "/meetings/x", "")
		secretary.want(http.StatusUnprocessableEntity, http.MethodPost, "/acceptances", `{"items":[]}`)
	})
}

func TestRetriesMakeOneMeeting(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		secretary := s.client(t, s.secretary)
		const retries = 40
		bodies := make([]string, retries)
		var wait sync.WaitGroup
		for i := range retries {
			wait.Go(func() {
				answer := secretary.do(http.MethodPost, "/meetings", s.wholeMeeting(), "Idempotency-Key", "once")
				if answer.Code != http.StatusCreated {
					t.Errorf("retry answers %d: %s", answer.Code, answer.Body)
				}
				bodies[i] = answer.Body.String()
			})
		}
		wait.Wait()
		for _, body := range bodies {
			if body != bodies[0] {
				t.Fatalf("answers differ:\n%s\n%s", bodies[0], body)
			}
		}
		if n := s.count(t, "SELECT count(*) FROM meeting"); n != 1 {
			t.Errorf("%d meetings", n)
		}
		if n := s.count(t, "SELECT count(*) FROM ledger_entry WHERE source = 'meeting'"); n != 1 {
			t.Errorf("%d postings", n)
		}
	})
}

func TestAcceptancesAreRepeated(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		secretary, superior := s.client(t, s.secretary), s.client(t, s.superior)
		made := secretary.want(http.StatusCreated, http.MethodPost, "/meetings", s.wholeMeeting())
		path := "/meetings/" + made["id"].(string)
		item := fmt.Sprintf(`{"items":[{"meeting_id":%q,"version":%v}]}`, made["id"], made["version"])
		rehearsed := superior.do(http.MethodPost, "/acceptances?dry_run=true", item, "Idempotency-Key", "once")
		if rehearsed.Code != http.StatusOK || rehearsed.Header().Get("Sochibo-Dry-Run") != "true" {
			t.Errorf("rehearsed: %d %s", rehearsed.Code, rehearsed.Body)
		}
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				answer := superior.do(http.MethodPost, "/acceptances", item, "Idempotency-Key", "once")
				busy := answer.Code == http.StatusConflict && answer.Header().Get("Retry-After") != "" // the first one is still at it
				if !busy && !strings.Contains(answer.Body.String(), `"status":200`) {
					t.Errorf("one of many: %d %s", answer.Code, answer.Body)
				}
			})
		}
		wait.Wait()
		again := superior.do(http.MethodPost, "/acceptances", item, "Idempotency-Key", "once")
		if !strings.Contains(again.Body.String(), `"status":200`) || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("again: %s %v", again.Body, again.Header())
		}
		if got := superior.do(http.MethodPost, "/acceptances", item).Body.String(); !strings.Contains(got, `"status":412`) {
			t.Errorf("without the key: %s", got)
		}
		other := strings.Replace(item, `]`, `,{"meeting_id":"`+made["id"].(string)+`","version":9}]`, 1)
		if got := superior.do(http.MethodPost, "/acceptances", other, "Idempotency-Key", "once"); got.Code != http.StatusUnprocessableEntity {
			t.Errorf("another request under the key: %d %s", got.Code, got.Body)
		}
		if got := superior.want(http.StatusOK, http.MethodGet, path, "")["status"]; got != "accepted" {
			t.Errorf("the meeting is %v", got)
		}
		if n := s.count(t, "SELECT count(*) FROM meeting_event WHERE act = 'accepted'"); n != 1 {
			t.Errorf("accepted %d times", n)
		}
	})
}
