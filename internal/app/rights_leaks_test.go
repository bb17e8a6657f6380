package app_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/experiment"
)

// tenants are organizations that have nothing to do with each other. In the long form there are more.
func (w *rightsWorld) tenants() []target {
	names := []string{"own", "sibling", "other root"}
	if w.long {
		names = append(names, "parent", "cousin")
	}
	var all []target
	for _, name := range names {
		all = append(all, w.targets[name])
	}
	return all
}

// everything returns all bytes of an answer as a client could read them: headers, body, and what is packed in it.
func everything(tb testing.TB, answer apitest.Answer) string {
	tb.Helper()
	parts := []string{fmt.Sprint(answer.Header), answer.Text}
	if !strings.HasPrefix(answer.Text, "PK\x03\x04") {
		return strings.Join(parts, "")
	}
	archive, err := zip.NewReader(bytes.NewReader([]byte(answer.Text)), int64(len(answer.Text)))
	if err != nil {
		tb.Fatal(err)
	}
	for _, file := range archive.File {
		part, err := file.Open()
		if err != nil {
			tb.Fatal(err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			tb.Fatal(err)
		}
		parts = append(parts, file.Name, string(data))
	}
	return strings.Join(parts, "")
}

// crawl are further addresses that read about the target: searches, filters, formats, orders and figures.
func (w *rightsWorld) crawl(x target) []string {
	paths := []string{
		"/organizations?q=dau", "/organizations?parent_id=" + x.id, "/organizations?organization_id=" + x.id, "/organizations?code=" + x.marker[:4],
		"/organizations?sort=updated&updated_since=2018-01-01T00:00:00Z", "/members?q=nguyen", "/members?organization_id=" + x.id, "/members?status=special_duty",
		"/meetings?q=hop", "/meetings?counted_for=" + x.id, "/meetings?organization_id=" + x.id, "/meetings?updated_since=2018-01-01T00:00:00Z",
		"/meetings?topic_id=" + w.shared.ids["topic"], "/attendances?member_id=" + x.ids["member"], "/attendances?meeting_id=" + x.ids["accepted"],
		"/topic-sessions?organization_id=" + x.id, "/resolutions?meeting_id=" + x.ids["accepted"], "/tasks?organization_id=" + x.id, "/inspections?organization_id=" + x.id,
		"/remedies?organization_id=" + x.id, "/remedies?inspection_id=" + x.ids["inspection"], "/remedies?due_before=2030-01-01&status=open",
		"/grants?user_id=" + w.grantee.String(), "/grants?organization_id=" + x.id, "/ledger/entries?source_id=" + x.ids["accepted"], "/topics?q=chuyen", "/directives",
	}
	one := "/organizations/" + x.id
	for _, more := range []string{"group_by=child", "group_by=month", "tree=current&group_by=child", "basis=accepted", "scope=own", "format=csv", "format=xlsx&group_by=child"} {
		paths = append(paths, one+"/summary?from=2018-01&to=2018-04&"+more)
	}
	for _, more := range []string{"activity?", "activity?scope=own&format=csv&", "task-completion?group_by=child&", "assessment?", "assessment?format=csv&"} {
		paths = append(paths, one+"/"+more+"from=2018-01&to=2018-04")
	}
	for _, path := range []string{"/organizations", "/members", "/meetings", "/attendances", "/topic-sessions", "/resolutions", "/tasks", "/inspections", "/remedies"} {
		paths = append(paths, path+"?format=csv")
	}
	for _, more := range []string{"", "&format=csv", "&scope=own", "&audience=auditor", "&limit=1"} {
		paths = append(paths, "/warnings?from=2017-06&to=2018-05&organization_id="+x.id+more)
	}
	for _, path := range []string{"/compliance?from=2016-01&to=2018-05", "/missing-records?from=2016-01&to=2018-05", "/awaiting-records?scope=subtree"} {
		paths = append(paths, one+path, one+path+"&format=csv")
	}
	return append(paths, "/me/duties?month=2018-02", one+"/tree?on=2017-01-01", one+"/bodies?body=cell_committee", one+"/roster?body=cell_committee&on=2018-01-01", one+"/nothing", one+"?x=y")
}

// TestTenantsSeeNothingOfEachOther lets everybody of one tenant ask for everything of the others, in every way there is, and looks for
// their names in all bytes of the answers.
func TestTenantsSeeNothingOfEachOther(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		w.long = experiment.Long()
		leaks := &leakCount{tb: t, own: map[string]int{}}
		questions, lines := asks(), readRights(t)
		for _, home := range w.tenants() {
			on := &org.ID{UUID: uuid.MustParse(home.id)}
			for _, role := range auth.Roles() {
				c := w.newCaller(t, role, org.ReachSelf, holding, on)
				for _, x := range w.tenants() {
					for _, l := range lines {
						if l.secret() {
							continue
						}
						for _, accepted := range []bool{false, true}[:1+strings.Count(l.variant, "record")] {
							leaks.look(w, home, l.name(), l.send(t, c.client, questions[l.name()](x, w, accepted)))
						}
					}
					for _, path := range w.crawl(x) {
						leaks.look(w, home, path, c.send(t.Context(), http.MethodGet, path, ""))
					}
				}
				w.replays(t, home, c, leaks)
			}
		}
		if leaks.own["sibling"] == 0 || leaks.own["own"] == 0 {
			t.Errorf("the tenants do not even see themselves: %v", leaks.own)
		}
		experiment.Report(t, experiment.Result{ID: "E-33", Engine: w.engine, N: leaks.looked, Observed: leaks.seen, Pass: leaks.seen == 0})
	})
}

// leakCount counts answers and what they should not have held.
type leakCount struct {
	tb           testing.TB
	looked, seen int
	own          map[string]int
}

func (l *leakCount) look(w *rightsWorld, home target, what string, answer apitest.Answer) {
	l.looked++
	text := everything(l.tb, answer)
	for relation, x := range w.targets {
		offered := x.offer != "" && strings.Contains(text, x.offer) && !standsAbove(relation, home.relation)
		if !strings.Contains(text, x.marker) && !offered {
			continue
		}
		if relation == home.relation {
			l.own[relation]++
			continue
		}
		if l.seen++; l.seen <= 20 {
			l.tb.Errorf("%s sees %s by %s: %s", home.relation, relation, what, shortened(text))
		}
	}
}

// standsAbove reports whether an organization stands above another one.
func standsAbove(relation, of string) bool {
	for of != "" && of != relation {
		of = above[of]
	}
	return of == relation
}

// replays has every tenant's secretary keep an answer under one and the same key, which the caller then asks for.
func (w *rightsWorld) replays(t *testing.T, home target, c caller, leaks *leakCount) {
	t.Helper()
	for i, x := range w.tenants() {
		body := x.session(fmt.Sprintf("2017-%02d", i+1), withRoll)
		w.writer.must(t, http.StatusCreated, http.MethodPost, "/meetings", body, "Idempotency-Key: "+x.relation[:2])
		leaks.look(w, home, "a repeated request", c.send(t.Context(), http.MethodPost, "/meetings?dry_run=false", body, "Idempotency-Key: "+x.relation[:2]))
	}
}

// TestRepeatedRequestsNeedTheRightsStill shows that a kept answer goes to nobody who could not ask for it anew.
func TestRepeatedRequestsNeedTheRightsStill(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		x := w.targets["own"]
		c := w.newCaller(t, auth.RoleSecretary, org.ReachSelf, holding, w.own())
		body, key := x.session("2017-05", withRoll), "Idempotency-Key: mot"
		first := c.must(t, http.StatusCreated, http.MethodPost, "/meetings", body, key)
		if again := c.must(t, http.StatusCreated, http.MethodPost, "/meetings", body, key); again.Text != first.Text {
			t.Errorf("the repetition differs: %s", again)
		}
		elsewhere := w.acting(t, c.actor.UserID, auth.RoleSecretary, w.targets["sibling"].id)
		elsewhere.send(t.Context(), http.MethodPost, "/meetings", body, key).Problem(t, 422, "idempotency_key_reused")
		grant := w.admin.must(t, http.StatusOK, http.MethodGet, "/grants/"+c.actor.GrantID.String(), "")
		w.admin.must(t, http.StatusOK, http.MethodDelete, "/grants/"+c.actor.GrantID.String(), "", "If-Match: "+grant.ETag())
		answer := c.send(t.Context(), http.MethodPost, "/meetings", body, key)
		answer.Problem(t, 403, "forbidden")
		if strings.Contains(everything(t, answer), x.marker) {
			t.Errorf("the kept answer is shown after the grant was revoked: %s", answer)
		}
	})
}

// TestFaultsNameNobodyOutOfReach shows that a fault about a member who is only a guest does not name the home.
func TestFaultsNameNobodyOutOfReach(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		own := w.targets["own"].id
		far := w.admin.create(t, "/organizations", `{"kind":"cell","name":"Chi bộ KÍN","founded_on":"2010-01-01"}`)
		guest := "/members/" + w.admin.create(t, "/members", `{"full_name":"Lê Văn Khách","membership":{"organization_id":%q,"from":"2010-01-01"}}`, far)
		w.part(t, w.admin, guest, "/statuses", fmt.Sprintf(`{"status":"temporarily_here","organization_id":%q,"from":"2014-01-01"}`, own))
		c := w.newCaller(t, auth.RoleSecretary, org.ReachSelf, holding, w.own())
		tag := "If-Match: " + c.must(t, http.StatusOK, http.MethodGet, guest, "").ETag()
		overlap := fmt.Sprintf(`{"organization_id":%q,"from":"2018-01-01"}`, own)
		answers := []apitest.Answer{c.send(t.Context(), http.MethodPost, guest+"/memberships", overlap, tag)}
		answers[0].Problem(t, 422, "member_invalid", "/from membership_overlap")
		for _, path := range []string{"", "/memberships", "/statuses", "/offices"} {
			answers = append(answers, c.send(t.Context(), http.MethodGet, guest+path, ""))
		}
		for _, answer := range answers {
			if strings.Contains(everything(t, answer), "KÍN") {
				t.Errorf("an organization out of reach is named: %s", answer)
			}
		}
	})
}
