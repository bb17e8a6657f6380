package app_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// The outcomes of a request.
const (
	allowed         = "allowed"
	hidden          = "hidden"
	forbidden       = "forbidden"
	unauthenticated = "unauthenticated"
	needsLogin      = "needs a login session"
)

// line is a line of the table of rights.
type line struct {
	method, path, variant string
	cells                 map[auth.Role]string
	ended                 string // the cell of those who hold nothing today
}

// secret reports whether the address of the line is a secret itself: who asks has it from somebody who may see what is there.
func (l line) secret() bool { return l.path == "/calendar-feeds/{calendar_feed_id}/{file}" }

// name is what the line is about.
func (l line) name() string {
	if l.variant == "-" || l.variant == "record" || l.variant == "public" {
		return l.route()
	}
	return l.route() + " " + l.variant
}

func (l line) route() string { return l.method + " " + l.path }

func readRights(tb testing.TB) []line {
	tb.Helper()
	file, err := os.Open("testdata/rights.txt")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	var lines []line
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		words := strings.Fields(scanner.Text())
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if len(words) != 10 {
			tb.Fatalf("not a line of the table: %q", scanner.Text())
		}
		l := line{method: words[0], path: words[1], variant: words[2], cells: map[auth.Role]string{}, ended: words[9]}
		for i, role := range auth.Roles() {
			l.cells[role] = words[3+i]
		}
		lines = append(lines, l)
	}
	return lines
}

// within reports whether the reach of a grant on "own" covers the relation.
func within(reach org.Reach, relation string, below bool) bool {
	if reach == org.ReachSelf {
		return relation == "own" && !below
	}
	return relation == "own" || relation == "child" || relation == "grandchild"
}

// expected is what the table says.
func (l line) expected(c caller, relation string, accepted bool) string {
	if l.variant == "public" {
		return allowed
	}
	cell := l.cells[c.role]
	switch c.state {
	case disabled, dropped, expired:
		return unauthenticated
	case ended, tomorrow, revoked:
		cell = l.ended
	}
	covered := within(c.reach, relation, l.variant == "below")
	switch {
	case strings.Contains("fF", cell) && relation == "parent":
		return forbidden
	case cell == "o" && relation == "parent":
		return allowed
	case cell == "*":
		return allowed
	case cell == "!":
		return forbidden
	case cell == "l":
		return needsLogin
	case !covered, cell == ".", strings.Contains("ab", cell) && !accepted:
		return hidden
	case strings.Contains("+aof", cell):
		return allowed
	case strings.Contains("-bF", cell):
		return forbidden
	default:
		return "not a cell: " + cell
	}
}

// outcome reads an answer; what is no outcome is returned as it is.
func (a ask) outcome(answer apitest.Answer) string {
	if a.stops != "" && strings.Contains(answer.Text, `"`+a.stops+`"`) {
		return allowed
	}
	switch answer.Status {
	case http.StatusUnauthorized:
		return unauthenticated
	case http.StatusForbidden:
		if strings.Contains(answer.Text, `"login_session_needed"`) {
			return needsLogin
		}
		return forbidden
	case http.StatusNotFound:
		return hidden
	case http.StatusBadRequest, http.StatusPreconditionRequired, http.StatusMethodNotAllowed, http.StatusInternalServerError:
		return answer.String()
	case http.StatusUnprocessableEntity:
		if strings.Contains(answer.Text, `"reference_unknown"`) {
			return hidden
		}
		return allowed
	}
	if a.items {
		return itemOutcome(answer)
	}
	if a.lists != "" && !lists(answer.Text, a.lists) {
		return hidden
	}
	return allowed
}

// lists reports whether a list has a row for the id; that rows name ids of what they belong to is another thing.
func lists(text, id string) bool {
	return slices.ContainsFunc([]string{"id", "meeting_id", "source_id"}, func(name string) bool {
		return strings.Contains(text, fmt.Sprintf(`"%s":"%s"`, name, id))
	})
}

func itemOutcome(answer apitest.Answer) string {
	var body struct{ Data []struct{ Status int } }
	if err := json.Unmarshal([]byte(answer.Text), &body); err != nil || len(body.Data) != 1 {
		return answer.String()
	}
	return ask{}.outcome(apitest.Answer{Status: body.Data[0].Status, Text: answer.Text})
}

// send asks as the caller; writes are dry runs.
func (l line) send(tb testing.TB, c client, a ask) apitest.Answer {
	tb.Helper()
	path := a.path
	if l.method != http.MethodGet && !a.earnest {
		path += "?dry_run=true"
	}
	var headers []string
	if a.tag != "" {
		headers = append(headers, a.tag)
	}
	if l.variant == "public" && l.method == http.MethodGet {
		return apitest.NewCaller(c.handler, c.token).Ask(tb, path)
	}
	return c.send(tb.Context(), l.method, path, a.body, headers...)
}

// cast are the callers of the matrix. The long form has everybody everywhere; the short one leaves out what differs in nothing.
func (w *rightsWorld) cast(t *testing.T) []caller {
	t.Helper()
	var cast []caller
	for _, role := range auth.Roles() {
		for _, reach := range org.Reaches() {
			for _, state := range states {
				if state == holding || reach == org.ReachSubtree || w.long {
					cast = append(cast, w.newCaller(t, role, reach, state, w.own()))
				}
			}
		}
	}
	return cast
}

// relationsOf are the relations that the caller asks about.
func (w *rightsWorld) relationsOf(c caller) []string {
	switch {
	case w.long:
		return relations
	case c.state != holding:
		return []string{"own"}
	case c.reach == org.ReachSelf:
		return []string{"own", "child", "parent"}
	default:
		return relations
	}
}

// question is one cell of the matrix for one caller.
type question struct {
	line
	caller
	target

	accepted bool
	ask      ask
}

func (q question) String() string {
	record := map[bool]string{true: ", accepted", false: ""}[q.accepted]
	return fmt.Sprintf("%s as %s about %s%s", q.name(), q.caller, q.relation, record)
}

// questions are all that a caller asks through a line.
func (w *rightsWorld) questions(l line, about asking, c caller) []question {
	var all []question
	for _, relation := range w.relationsOf(c) {
		if relation == "unknown" && (strings.ContainsAny(l.ended, "*") || l.variant == "public") {
			continue
		}
		for _, accepted := range []bool{false, true} {
			if accepted && (l.variant != "record" || relation == "unknown") {
				continue
			}
			x := w.targets[relation]
			all = append(all, question{l, c, x, accepted, about(x, w, accepted).by(c)})
		}
	}
	return all
}

// mismatch asks and returns how the answer differs from what the table says, or nothing. What is allowed has to succeed, too, but for
// acts on a record that is accepted already.
func (q question) mismatch(tb testing.TB) string {
	tb.Helper()
	answer := q.line.send(tb, q.client, q.ask)
	want, got := q.expected(q.caller, q.relation, q.accepted), q.ask.outcome(answer)
	if want != got {
		return fmt.Sprintf("%s: want %s, got %s (%d %s)", q, want, got, answer.Status, shortened(answer.Text))
	}
	if got == allowed && answer.Status >= 300 && !q.accepted && q.ask.stops == "" {
		return fmt.Sprintf("%s: is allowed but answers %d %s", q, answer.Status, shortened(answer.Text))
	}
	return ""
}

// TestRightsTable demands one line or more for every route there is, and a question for every line.
func TestRightsTable(t *testing.T) {
	t.Parallel()
	a := empty(t)
	mounted, lined := map[string]bool{}, map[string]bool{}
	for _, route := range slices.Concat(a.Routes(), a.ServiceRoutes()) {
		mounted[route.Method+" "+route.Path] = true
	}
	questions := asks()
	for _, l := range readRights(t) {
		lined[l.route()] = true
		if questions[l.name()] == nil {
			t.Errorf("nothing is asked for %s", l.name())
		}
		delete(questions, l.name())
	}
	for name := range questions {
		t.Errorf("%s is asked, but has no line", name)
	}
	for _, name := range slices.Sorted(maps.Keys(mounted)) {
		if !lined[name] {
			t.Errorf("%s has no line in testdata/rights.txt", name)
		}
	}
	for name := range lined {
		if !mounted[name] {
			t.Errorf("%s has a line, but is no route", name)
		}
	}
}

func empty(t *testing.T) *app.App {
	t.Helper()
	return app.Over(dbtest.Open(t, database.SQLite, database.Options{}), config.Config{LogKey: logKey(t)}, "test", slog.New(slog.DiscardHandler))
}

// TestRightsMatrix asks every route as everybody about everything and compares with the table.
func TestRightsMatrix(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		w.long = experiment.Long()
		cast := append(w.cast(t), caller{client: client{handler: w.handler}, role: "stranger", state: expired})
		if _, err := w.Proofs.Checkpoint(t.Context()); err != nil { // the first question would sign it
			t.Fatal(err)
		}
		before := w.rows(t)
		asked, wrong := w.interrogate(t, cast, false)
		if after := w.rows(t); !maps.Equal(before, after) {
			t.Errorf("the questions changed the store: %v, %v", before, after)
		}
		more, moreWrong := w.interrogate(t, cast, true)
		asked, wrong = asked+more, wrong+moreWrong
		experiment.Report(t, experiment.Result{ID: "E-30", Engine: w.engine, N: asked, Observed: wrong, Pass: wrong == 0})
	})
}

// interrogate asks everybody everything that changes the store, or everything that does not, and complains about the first mismatches.
func (w *rightsWorld) interrogate(t *testing.T, cast []caller, writes bool) (asked, wrong int) {
	t.Helper()
	questions := asks()
	for _, l := range readRights(t) {
		for _, c := range cast {
			for _, q := range w.questions(l, questions[l.name()], c) {
				if q.ask.writes != writes {
					continue
				}
				asked++
				if complaint := q.mismatch(t); complaint != "" {
					if wrong++; wrong <= 20 {
						t.Error(complaint)
					}
				}
			}
		}
	}
	return asked, wrong
}
