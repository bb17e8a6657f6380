package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/experiment"
)

// injections are pairs of texts that differ in a condition alone: one would be true, the other false, if any of it were executed. The
// waiting ones are true or false as well; they wait where the condition holds.
func injections() [][2]string {
	conditions := [][2]string{
		{"1=1", "1=2"}, {"'a'='a'", "'a'='b'"}, {"EXISTS(SELECT 1)", "NOT EXISTS(SELECT 1)"}, {"2>1", "1>2"}, {"NULL IS NULL", "NULL IS NOT NULL"},
		{"(SELECT count(*) FROM member)>0", "(SELECT count(*) FROM member)<0"}, {"1 IN (SELECT 1)", "1 IN (SELECT 2)"},
		{"(SELECT 1 FROM pg_sleep(3))=1", "(SELECT 1)=2"}, {"length(hex(randomblob(90000000)))>0", "1=0"},
		{"(SELECT substr(version(),1,1))='P'", "(SELECT substr(version(),1,1))='x'"}, {"sqlite_version()>''", "sqlite_version()<''"},
		{"current_user=current_user", "current_user<>current_user"}, {"1::text='1'", "1::text='2'"},
	}
	shapes := []string{
		"' OR %s --", "' OR (%s) OR '1'='2", "x' AND %s --", "') OR (%s) --", "')) OR ((%s)) --", `" OR %s --`, "1 OR %s", "-1 OR (%s)#", "0) OR (%s",
		"%%' OR %s --", `\' OR %s --`, "'; SELECT %s; --", "' UNION SELECT CASE WHEN %s THEN 'a' ELSE 'b' END --", "id,(CASE WHEN %s THEN 1 ELSE 1/0 END)",
		"created_at; SELECT %s", "1 LIMIT (CASE WHEN %s THEN 1 ELSE 0 END)", "$$ OR %s --", "?' OR %s /*", "@p' OR %s --", "' || (SELECT CASE WHEN %s THEN '' ELSE NULL END) || '",
		"\u2019 OR %s --", "%%27 OR %s --", "'\n OR\t%s --", "'/**/OR/**/%s--", "e'\\047 OR %s --", "x'::text OR %s --", "(CASE WHEN %s THEN name ELSE code END) DESC",
		"ASC, (SELECT %s)", "'; DROP TABLE member; SELECT %s --", "'; UPDATE member SET full_name='x' WHERE %s; --", "'; COPY member TO PROGRAM 'id' WHERE %s --",
		"' OR load_extension('x') OR %s --", "'; ATTACH DATABASE '/tmp/x' AS y; SELECT %s --", "' AND 1=CAST((SELECT %s) AS int) --", "' GROUP BY 1 HAVING %s --",
		"' ORDER BY (CASE WHEN %s THEN 1 ELSE 2 END) --", "a' LIKE 'a' AND %s --", "[\"' OR %s --\"]", "{\"$ne\":\"%s\"}",
	}
	var list [][2]string
	for _, shape := range shapes {
		for _, condition := range conditions {
			list = append(list, [2]string{fmt.Sprintf(shape, condition[0]), fmt.Sprintf(shape, condition[1])})
		}
	}
	return list
}

// injected is one place into which a text goes.
type injected struct {
	name   string
	target func(text string) string
}

// places are every parameter of every reading operation, parameters that are not there, and every id in a path.
func (f *fuzzer) places() []injected {
	var list []injected
	for _, o := range f.operations {
		if o.method != http.MethodGet || !strings.HasPrefix(o.path, "/api/v1/") {
			continue
		}
		needed := url.Values{}
		names := []string{"sort", "order", "organization", "id"}
		for _, p := range o.parameters {
			if p.In == "query" {
				names = append(names, p.Name)
				if p.Required {
					needed.Set(p.Name, f.parameter(p))
				}
			}
		}
		path := f.fillPath(o.path, nil)
		for _, name := range names {
			list = append(list, injected{o.OperationID + " ?" + name, func(text string) string {
				query := maps.Clone(needed)
				query.Set(name, text)
				return path + "?" + query.Encode()
			}})
		}
		for _, parameter := range pathParameter.FindAllString(o.path, -1) {
			around := f.fillPath(strings.Replace(o.path, parameter, "~", 1), nil)
			list = append(list, injected{o.OperationID + " " + parameter, func(text string) string {
				return strings.Replace(around, "~", url.PathEscape(text), 1) + "?" + needed.Encode()
			}})
		}
	}
	return list
}

// TestE51Injection puts statements into every parameter. Whether the condition in them is true must make no difference to the answer, none
// may fail or wait, and nothing may be written.
func TestE51Injection(t *testing.T) {
	t.Parallel()
	eachInstallation(t, func(t *testing.T, in installation) {
		in.importSample(t)
		f := newFuzzer(t, in, 51)
		f.fillPools(t)
		list, places := injections(), f.places()
		step := 41 // every place gets some, and all are used
		if experiment.Long() {
			step = 1
		}
		before, findings, asked := in.rows(t), 0, 0
		auditor := f.callers[superior]
		for i, place := range places {
			for at := i % step; at < len(list); at += step {
				asked++
				if complaint := compareAnswers(t, auditor, place, list[at]); complaint != "" {
					findings++
					t.Errorf("%s with %q: %s", place.name, list[at][0], complaint)
				}
			}
		}
		after := in.rows(t)
		for table, n := range before {
			if after[table] != n {
				findings++
				t.Errorf("%s had %d rows and has %d", table, n, after[table])
			}
		}
		t.Logf("%d pairs, %d places", len(list), len(places))
		experiment.Report(t, experiment.Result{ID: "E-51", Engine: string(in.DB().Engine()), Seed: 51, N: 2 * asked, Observed: findings, Pass: findings == 0})
	})
}

// slept is a little less than the payloads make a store sleep that executes them.
const slept = 2900 * time.Millisecond

// timed asks and says how long the answer took.
func (c client) timed(t *testing.T, target string) (apitest.Answer, time.Duration) {
	t.Helper()
	began := time.Now()
	answer := c.send(t.Context(), http.MethodGet, strings.TrimPrefix(target, "/api/v1"), "")
	return answer, time.Since(began)
}

// compareAnswers asks with both texts of a pair and says how the answers show that one was executed.
func compareAnswers(t *testing.T, c client, place injected, pair [2]string) string {
	t.Helper()
	var status, rows [2]int
	for i, text := range pair {
		answer, took := c.timed(t, place.target(text))
		if took > slept { // asked again, for a busy machine may have been slow once
			_, again := c.timed(t, place.target(text))
			if took = min(took, again); took > slept {
				return fmt.Sprintf("it took %s", took)
			}
		}
		var body struct{ Data []json.RawMessage }
		_ = json.Unmarshal([]byte(answer.Text), &body)
		status[i], rows[i] = answer.Status, len(body.Data)
		switch {
		case answer.Status >= http.StatusInternalServerError:
			return answer.String()
		case strings.Contains(place.name, "?sort") && answer.Status != http.StatusBadRequest && answer.Status != http.StatusNotFound:
			return fmt.Sprintf("an unknown order is answered %d", answer.Status)
		}
	}
	if status[0] != status[1] || rows[0] != rows[1] {
		return fmt.Sprintf("the answers differ: status %v, rows %v", status, rows)
	}
	return ""
}

// TestInjectionsAreMany keeps the list from shrinking.
func TestInjectionsAreMany(t *testing.T) {
	t.Parallel()
	if n := len(injections()); n < 500 {
		t.Errorf("%d pairs", n)
	}

}
