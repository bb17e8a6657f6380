package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	requirement = regexp.MustCompile(`(?m)^\t(\S+) (v\S+)$`)
	listed      = regexp.MustCompile(`\| v[0-9]`)
)

// TestArchitectureDocument keeps docs/architecture.md true: it draws the line of the rooms, and lists every direct dependency with its
// version.
func TestArchitectureDocument(t *testing.T) {
	t.Parallel()
	top := root(t)
	read := func(parts ...string) string {
		content, err := os.ReadFile(filepath.Join(append([]string{top}, parts...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	document := read("docs", "architecture.md")
	line := strings.Join(order[:len(leaves)], " ") + " | " + strings.Join(order[len(leaves):], " ")
	if !strings.Contains(strings.Join(strings.Fields(document), " "), line) {
		t.Errorf("docs/architecture.md does not draw the line %s", line)
	}
	direct := requirement.FindAllStringSubmatch(read("go.mod"), -1)
	if len(direct) == 0 {
		t.Fatal("go.mod requires nothing")
	}
	for _, d := range direct {
		if !strings.Contains(document, "| "+d[1]+" | "+d[2]+" |") {
			t.Errorf("docs/architecture.md does not list %s %s", d[1], d[2])
		}
	}
	if rows := len(listed.FindAllString(document, -1)); rows != len(direct) {
		t.Errorf("docs/architecture.md lists %d dependencies, go.mod %d", rows, len(direct))
	}
}
