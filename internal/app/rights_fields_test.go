package app_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/org"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

var updateKeys = flag.Bool("update-keys", false, "write testdata/keys.txt anew")

// permitted returns somebody who may do what the line is about, everywhere.
func (w *rightsWorld) permitted(t *testing.T, l line, callers map[auth.Role]caller) (caller, bool) {
	t.Helper()
	needed, _ := l.split()
	if len(needed) == 0 {
		return caller{}, false
	}
	role := needed[len(needed)-1]
	if _, ok := callers[role]; !ok {
		callers[role] = w.newCaller(t, role, org.ReachSubtree, holding, nil)
	}
	return callers[role], true
}

// forced are fields with which a client could try to set what it must not: every column of every table, and things inside of things.
func (w *rightsWorld) forced(t *testing.T) map[string]any {
	t.Helper()
	fields := map[string]any{
		"organization": map[string]any{"id": w.targets["sibling"].id, "name": "x"}, "user": map[string]any{"role": "administrator"},
		"grants": []any{map[string]any{"role": "superior"}}, "meeting": map[string]any{"status": "accepted"}, "permissions": []any{"meeting.receive"},
		"accepted": true, "approved": true, "is_admin": true, "installation": true, "ID": w.targets["sibling"].id, "Status": "accepted", "OrganizationID": w.targets["sibling"].id,
		"__proto__": map[string]any{"role": "superior"}, "$set": map[string]any{"status": "accepted"}, "editors": []any{}, "record": map[string]any{},
	}
	for _, column := range dbtest.Columns(t, w.DB()) {
		fields[column.Name] = "1"
	}
	return fields
}

// places returns the objects of a body by their pointers.
func places(value any, pointer string, found map[string]map[string]any) {
	switch value := value.(type) {
	case map[string]any:
		found[pointer] = value
		for name, inner := range value {
			places(inner, pointer+"/"+name, found)
		}
	case []any:
		for i, inner := range value {
			places(inner, fmt.Sprintf("%s/%d", pointer, i), found)
		}
	}
}

// TestNoFieldIsForced adds to every body, at every place of it, every field that the contract does not name there.
func TestNoFieldIsForced(t *testing.T) {
	t.Parallel()
	eachRightsWorld(t, func(t *testing.T, w *rightsWorld) {
		fields, callers, questions := w.forced(t), map[auth.Role]caller{}, asks()
		for _, l := range readRights(t) {
			w.permitted(t, l, callers)
		}
		before := w.rows(t)
		tried, wrong := 0, 0
		for _, l := range readRights(t) {
			c, ok := w.permitted(t, l, callers)
			if !ok || l.method == http.MethodGet {
				continue
			}
			a := questions[l.name()](w.targets["own"], w, false)
			if a.body == "" {
				a.body = "{}"
			}
			schema := bodySchema(t, l)
			if schema == nil {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(fields)) {
				n, taken := force(t, l, c.client, a, schema, name, fields[name])
				tried, wrong = tried+n, wrong+taken
			}
		}
		if after := w.rows(t); !maps.Equal(before, after) {
			t.Errorf("something was written: %v, %v", before, after)
		}
		experiment.Report(t, experiment.Result{ID: "E-34", Engine: w.engine, N: tried, Observed: wrong, Pass: wrong == 0 && tried > 0})
	})
}

// force adds one field at every place of a body where the contract does not name it, and counts the tries and those that were taken.
func force(t *testing.T, l line, c client, a ask, schema namedFields, name string, value any) (tried, taken int) {
	t.Helper()
	var tree any
	if err := json.Unmarshal([]byte(a.body), &tree); err != nil {
		t.Fatalf("%s: %v", l.name(), err)
	}
	objects := map[string]map[string]any{}
	places(tree, "", objects)
	for pointer, object := range objects {
		if schema.names(pointer, name) {
			continue
		}
		object[name] = value
		body, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		delete(object, name)
		tried++
		forced := a
		forced.body, forced.earnest = string(body), a.earnest || a.stops == "parameter_unknown" // such a route takes no dry run
		answer := l.send(t, c, forced)
		if answer.Status != http.StatusBadRequest || !strings.Contains(answer.Text, `"field_unknown"`) {
			taken++
			t.Errorf("%s takes %s at %q: %s", l.name(), name, pointer, answer)
		}
	}
	return tried, taken
}

// namedFields are the fields of a body that the contract names, by pointer.
type namedFields map[string]bool

// names reports whether the contract names the field at the pointer; the places of lists count as one.
func (f namedFields) names(pointer, name string) bool {
	steps := strings.Split(pointer, "/")
	for i, step := range steps {
		if step != "" && strings.Trim(step, "0123456789") == "" {
			steps[i] = "0"
		}
	}
	return f[strings.Join(steps, "/")+"/"+name]
}

// bodySchema reads the contract of the line's body; nil where it has none.
func bodySchema(t *testing.T, l line) namedFields {
	t.Helper()
	item := apitest.Published(t).Document.Paths.Find("/api/v1" + l.path)
	if item == nil || item.GetOperation(l.method) == nil || item.GetOperation(l.method).RequestBody == nil {
		return nil
	}
	fields := namedFields{}
	collect(item.GetOperation(l.method).RequestBody.Value.Content.Get("application/json").Schema.Value, "", fields)
	return fields
}

// TestKeysOfAnswers compares the keys of every answer with a list that people have read: what is new in an answer is shown on purpose.
func TestKeysOfAnswers(t *testing.T) {
	t.Parallel()
	const file = "testdata/keys.txt"
	w := newRightsWorld(t, dbtest.Open(t, "sqlite", optionsAt(apitest.Now)))
	callers, questions := map[auth.Role]caller{}, asks()
	var text strings.Builder
	for _, l := range readRights(t) {
		c, ok := w.permitted(t, l, callers)
		if !ok || l.method != http.MethodGet || l.variant == "public" {
			continue
		}
		found := map[string]map[string]any{}
		var tree any
		answer := l.send(t, c.client, questions[l.name()](w.targets["own"], w, l.variant == "record"))
		if err := json.Unmarshal([]byte(answer.Text), &tree); err != nil {
			t.Fatal(err)
		}
		places(tree, "", found)
		keys := map[string]bool{}
		for pointer, object := range found {
			for name := range object {
				keys[generalized(pointer)+"/"+name] = true
			}
		}
		fmt.Fprintf(&text, "%s\n", l.name())
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			fmt.Fprintf(&text, "\t%s\n", key)
		}
	}
	if *updateKeys {
		if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("answers have other keys; read the difference, then: go test ./internal/app -run %s -update-keys (-file +answers)\n%s", t.Name(), diff)
	}
}

// generalized writes the places of lists as one.
func generalized(pointer string) string {
	steps := strings.Split(pointer, "/")
	for i, step := range steps {
		if step != "" && strings.Trim(step, "0123456789") == "" {
			steps[i] = "*"
		}
	}
	return strings.Join(steps, "/")
}
