package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/experiment"
)

// allButOne is the kind of shadow that has every role but those that permit what the route does.
const allButOne = "every role but those needed"

// with returns an actor who holds the roles on the organization of the grants and below.
func (w *rightsWorld) with(t *testing.T, roles ...auth.Role) auth.Actor {
	t.Helper()
	actor := auth.Actor{UserID: w.user(t), Name: "nhiều vai"}
	for _, role := range roles {
		in := org.GrantInput{UserID: actor.UserID, Role: role, Reach: org.ReachSubtree, OrganizationID: w.own()}
		if _, err := w.Org.AddGrant(t.Context(), auth.InstallationActor(), in); err != nil {
			t.Fatal(err)
		}
	}
	return actor
}

// split tells the roles that the line lets through from the others.
func (l line) split() (needed, others []auth.Role) {
	for _, role := range auth.Roles() {
		if strings.Contains("+a*of", l.cells[role]) {
			needed = append(needed, role)
		} else {
			others = append(others, role)
		}
	}
	return needed, others
}

// TestAllButOne gives somebody every role together but those a route needs: no sum of other rights opens it. The same question with one
// of those roles besides is answered, which shows that the question was sound.
func TestAllButOne(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		mask := w.newCaller(t, auth.RoleMember, org.ReachSubtree, holding, w.own())
		m := w.newMutant(t, nil)
		m.kind, m.shadows[allButOne] = allButOne, map[auth.UserID]auth.Actor{}
		questions := asks()
		asked, wrong := 0, 0
		for _, l := range readRights(t) {
			needed, others := l.split()
			if len(needed) == 0 || l.variant == "public" || l.ended == "*" {
				continue
			}
			m.route = l.route()
			for _, accepted := range []bool{false, true}[:1+strings.Count(l.variant, "record")] {
				a := questions[l.name()](w.targets["own"], w, accepted)
				outcome := func(roles ...auth.Role) string {
					m.shadows[allButOne][mask.actor.UserID] = w.with(t, roles...)
					return a.outcome(l.send(t, client{m.engine, mask.token}, a))
				}
				asked++
				if got := outcome(others...); got != forbidden && got != hidden {
					wrong++
					t.Errorf("%s for %v: %s", l.name(), others, got)
				}
				if got := outcome(append(others, needed...)...); got != allowed {
					t.Errorf("%s for every role: %s", l.name(), got)
				}
			}
		}
		experiment.Report(t, experiment.Result{ID: "E-31", Engine: w.engine, N: asked, Observed: wrong, Pass: wrong == 0})
	})
}

// nested are the routes about a part of something, and the name of the part among the ids of a target.
var nested = map[string]string{
	"term_id": "term", "excused_month_id": "excused", "membership_id": "membership", "status_id": "status", "office_id": "office",
	"amendment_id": "amendment", "identity_id": "identity", "registration_id": "registration", "delegate_id": "delegate",
	"topic_plan_id": "topic plan", "meeting_id": "draft", "finding_id": "finding", "sample_id": "sample",
}

// unnested are the further path parameters of routes that have no part of something, each with the reason.
var unnested = map[string]string{
	"number": "versions are numbered within their meeting", "file": "the secret of the feed itself",
	"study_requirement_id": "directives are everybody's", "implementing_plan_id": "directives are everybody's",
}

// whoMay is somebody who may do it everywhere; what nobody may in general, the one who asked for it may.
func (w *rightsWorld) whoMay(l line) client {
	switch {
	case l.cells[auth.RoleAdministrator] == "+":
		return w.admin
	case l.cells[auth.RoleSuperior] == "+" && l.cells[auth.RoleSecretary] == "-":
		return w.receiver
	default:
		return w.writer
	}
}

// TestWrongParent asks for parts below what they do not belong to, as those who may do everything to both.
func TestWrongParent(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		questions := asks()
		asked, wrong := 0, 0
		for _, l := range readRights(t) {
			parameters := pathParameter.FindAllStringSubmatch(l.path, -1)
			if len(parameters) < 2 || unnested[parameters[1][1]] != "" || l.variant == "elsewhere" {
				continue // users of elsewhere have no parts
			}
			name := nested[parameters[1][1]]
			if name == "" {
				t.Errorf("%s is about a part that no test knows", l.name())
				continue
			}
			for _, parent := range w.targets {
				for _, other := range w.targets {
					a := questions[l.name()](parent, w, false)
					a.path = strings.Replace(a.path, parent.ids[name], other.ids[name], 1)
					answer := l.send(t, w.whoMay(l), a)
					if parent.relation == other.relation && parent.relation != "unknown" {
						if answer.Status != http.StatusOK && answer.Status != http.StatusNoContent {
							t.Errorf("%s of its own parent: %s", l.name(), answer)
						}
						continue
					}
					asked++
					if answer.Status != http.StatusNotFound || strings.Contains(answer.Text, other.marker) {
						wrong++
						t.Errorf("%s of %s below %s: %s", l.name(), other.relation, parent.relation, answer)
					}
				}
			}
		}
		experiment.Report(t, experiment.Result{ID: "E-32", Engine: w.engine, N: asked, Observed: wrong, Pass: wrong == 0 && asked > 0})
	})
}

// duty is something that somebody must not do, and how it is refused.
type duty struct {
	name string
	try  func() apitest.Answer
	want string // the code
}

// TestSeparationOfDuties lets people try to judge, confirm and permit what is their own.
func TestSeparationOfDuties(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		x := w.targets["own"]
		tried, wrong := 0, 0
		for _, d := range slices.Concat(w.ownRecords(t, x), w.ownGrants(t, x), w.ownRemedies(t, x), w.auditorWrites(t, x)) {
			tried++
			if answer := d.try(); !strings.Contains(answer.Text, fmt.Sprintf(`"code":%q`, d.want)) {
				wrong++
				t.Errorf("%s: want %s, got %s", d.name, d.want, answer)
			}
		}
		sent, seen := w.minutesSeenBy(t, x, auth.RoleAdministrator)
		_, control := w.minutesSeenBy(t, x, auth.RoleAuditor)
		if control == 0 {
			t.Error("the auditor sees no minutes: the crawl finds nothing")
		}
		tried, wrong = tried+sent, wrong+seen
		experiment.Report(t, experiment.Result{ID: "E-35", Engine: w.engine, N: tried, Observed: wrong, Pass: wrong == 0})
	})
}

// ownRecords are the ways to have edited a version, after each of which the editor tries to receive it.
func (w *rightsWorld) ownRecords(t *testing.T, x target) []duty {
	t.Helper()
	edits := map[string]func(c client, path, tag string) apitest.Answer{
		"created it": nil,
		"edited it": func(c client, path, tag string) apitest.Answer {
			return c.must(t, http.StatusOK, http.MethodPatch, path, `{"title":"Sửa"}`, "If-Match: "+tag)
		},
		"wrote the roll": func(c client, path, tag string) apitest.Answer {
			return c.must(t, http.StatusOK, http.MethodPut, path+"/attendance", `{"others":"present","rows":[]}`, "If-Match: "+tag)
		},
		"added a task": func(c client, path, _ string) apitest.Answer {
			c.must(t, http.StatusCreated, http.MethodPost, "/tasks", fmt.Sprintf(`{"meeting_id":%q,"title":"Việc"}`, strings.TrimPrefix(path, "/meetings/")))
			return c.must(t, http.StatusOK, http.MethodGet, path, "")
		},
		"added a resolution": func(c client, path, _ string) apitest.Answer {
			c.must(t, http.StatusCreated, http.MethodPost, "/resolutions", fmt.Sprintf(`{"meeting_id":%q,"title":"NQ"}`, strings.TrimPrefix(path, "/meetings/")))
			return c.must(t, http.StatusOK, http.MethodGet, path, "")
		},
		"handed it in": func(c client, path, tag string) apitest.Answer {
			return c.must(t, http.StatusOK, http.MethodPost, path+"/submission", "", "If-Match: "+tag)
		},
		"withdrew it": func(c client, path, tag string) apitest.Answer {
			handed := c.must(t, http.StatusOK, http.MethodPost, path+"/submission", "", "If-Match: "+tag)
			return c.must(t, http.StatusOK, http.MethodDelete, path+"/submission", "", "If-Match: "+handed.ETag())
		},
	}
	var duties []duty
	for i, name := range sortedKeys(edits) {
		user := w.user(t)
		writing, receiving := w.acting(t, user, auth.RoleSecretary, ""), w.acting(t, user, auth.RoleSuperior, "")
		creator := w.writer
		if edits[name] == nil {
			creator = writing
		}
		made := creator.must(t, http.StatusCreated, http.MethodPost, "/meetings", x.session(fmt.Sprintf("2017-%02d", i+1), withRoll))
		path := "/meetings/" + made.Field(t, "id")
		if edits[name] != nil {
			made = edits[name](writing, path, made.ETag())
		}
		if made.Field(t, "status") != "submitted" {
			made = w.writer.must(t, http.StatusOK, http.MethodPost, path+"/submission", "", "If-Match: "+made.ETag())
		}
		tag := "If-Match: " + made.ETag()
		send := func(suffix, body string) func() apitest.Answer {
			return func() apitest.Answer { return receiving.send(t.Context(), http.MethodPost, path+suffix, body, tag) }
		}
		several := fmt.Sprintf(`{"items":[{"meeting_id":%q,"version":%s}]}`, made.Field(t, "id"), strings.Trim(made.ETag(), `"`))
		duties = append(duties,
			duty{"accepts who " + name, send("/acceptance", ""), "own_record"},
			duty{"returns who " + name, send("/return", `{"reason":"Thiếu"}`), "own_record"},
			duty{"accepts among several who " + name, func() apitest.Answer {
				return receiving.send(t.Context(), http.MethodPost, "/acceptances", several)
			}, "own_record"},
			duty{"accepts who has not: " + name, func() apitest.Answer {
				answer := w.receiver.send(t.Context(), http.MethodPost, path+"/acceptance?dry_run=true", "", tag)
				if answer.Status != http.StatusOK {
					return answer
				}
				return apitest.Answer{Text: `"code":"fine"`}
			}, "fine"})
	}
	return duties
}

// ownGrants are the ways of giving rights to oneself.
func (w *rightsWorld) ownGrants(t *testing.T, x target) []duty {
	t.Helper()
	var duties []duty
	for _, on := range []*org.ID{w.own(), nil} {
		c := w.newCaller(t, auth.RoleAdministrator, org.ReachSubtree, holding, on)
		for _, role := range auth.Roles() {
			body := fmt.Sprintf(`{"user_id":%q,"role":%q,"organization_id":%q}`, c.actor.UserID, role, x.id)
			duties = append(duties, duty{"gives themselves " + string(role), func() apitest.Answer {
				return c.send(t.Context(), http.MethodPost, "/grants", body)
			}, "own_grant"})
		}
		path := "/grants/" + c.actor.GrantID.String()
		duties = append(duties,
			duty{"changes the own grant", func() apitest.Answer {
				return c.send(t.Context(), http.MethodPatch, path, `{"to":"2018-12-31"}`, `If-Match: "1"`)
			}, "own_grant"},
			duty{"revokes the own grant", func() apitest.Answer {
				return c.send(t.Context(), http.MethodDelete, path, "", `If-Match: "1"`)
			}, "own_grant"})
	}
	return duties
}

// auditorWrites are all writes there are, by an auditor of the whole installation.
func (w *rightsWorld) auditorWrites(t *testing.T, x target) []duty {
	t.Helper()
	auditor := w.newCaller(t, auth.RoleAuditor, org.ReachSubtree, holding, nil)
	questions := asks()
	var duties []duty
	for _, l := range readRights(t) {
		if l.method == http.MethodGet || !strings.Contains("-!b", l.cells[auth.RoleAuditor]) { // the own tokens and sessions are no records
			continue
		}
		for _, accepted := range []bool{false, true} {
			a := questions[l.name()](x, w, accepted)
			duties = append(duties, duty{"the auditor: " + l.name(), func() apitest.Answer { return l.send(t, auditor.client, a) }, "forbidden"})
		}
	}
	return duties
}

// minutesSeenBy reads everything there is about the target in the role, everywhere and on the organization, and counts the answers that
// hold a text of the minutes or of what they decided.
func (w *rightsWorld) minutesSeenBy(t *testing.T, x target, role auth.Role) (sent, seen int) {
	t.Helper()
	questions := asks()
	texts := []string{"Kết luận " + x.marker, "Họp " + x.marker, "Nhà " + x.marker, "Nghị quyết " + x.marker, "Việc " + x.marker}
	for _, on := range []*org.ID{w.own(), nil} {
		c := w.newCaller(t, role, org.ReachSubtree, holding, on)
		for _, l := range readRights(t) {
			if l.secret() {
				continue
			}
			for _, accepted := range []bool{false, true} {
				answers := []apitest.Answer{l.send(t, c.client, questions[l.name()](x, w, accepted))}
				if l.path == "/meetings" && l.method == http.MethodGet {
					answers = append(answers, c.send(t.Context(), l.method, "/meetings?counted_for="+x.id, ""))
				}
				for _, answer := range answers {
					sent++
					if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(answer.Text, text) }) {
						seen++
						if role == auth.RoleAdministrator {
							t.Errorf("the administrator reads minutes by %s: %s", l.name(), shortened(answer.Text))
						}
					}
				}
			}
		}
	}
	return sent, seen
}
