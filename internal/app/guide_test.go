package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/api"
	"sochibo/internal/app"
	"sochibo/internal/auth"
)

// block is one piece of shell in a guide, and what the guide says that it prints.
type block struct{ code, prints string }

var blocks = regexp.MustCompile("(?ms)^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?")

func guide(t *testing.T, name string) []block {
	t.Helper()
	var found []block
	for _, match := range blocks.FindAllStringSubmatch(text(t, name), -1) {
		found = append(found, block{match[1], match[2]})
	}
	return found
}

// TestGuide runs the walks of the guides as they stand, and compares what they print with what the guides say.
func TestGuide(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "grep", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the guide is run with bash, curl, grep and sed: install %s (Debian: apt-get install %s)", tool, tool)
		}
	}
	for _, name := range []string{"api-guide", "a-month"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(t, guide(t, "../../docs/"+name+".md"))
		})
	}
}

// walk runs the blocks of a guide on a server of its own on each engine.
func walk(t *testing.T, blocks []block) {
	t.Helper()
	if len(blocks) < 10 {
		t.Fatalf("found only %d blocks of shell", len(blocks))
	}
	eachServer(t, func(t *testing.T, s server) {
		printed := runBlocks(t, s, blocks)
		for i, b := range blocks {
			if diff := cmp.Diff(b.prints, printed[i]); diff != "" {
				t.Errorf("%s\nprints other than the guide says (-says +prints):\n%s", b.code, diff)
			}
		}
		found, err := s.Verify(t.Context(), app.VerifyOptions{})
		if err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

// runBlocks runs the blocks in one shell, in order, and returns what each printed.
func runBlocks(t *testing.T, s server, blocks []block) []string {
	t.Helper()
	const mark = "=== end of block"
	var script strings.Builder
	for _, b := range blocks {
		fmt.Fprintf(&script, "%s\necho '%s'\n", b.code, mark)
	}
	shell := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script.String())
	shell.Dir = t.TempDir()
	shell.Env = append(os.Environ(), "SOCHIBO_URL="+s.url, "no_proxy=127.0.0.1")
	for _, role := range []auth.Role{auth.RoleAdministrator, auth.RoleSecretary, auth.RoleSuperior} {
		shell.Env = append(shell.Env, "SOCHIBO_TOKEN_"+strings.ToUpper(string(role))+"="+s.token(t, role))
	}
	var stdout, stderr bytes.Buffer
	shell.Stdout, shell.Stderr = &stdout, &stderr
	if err := shell.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, &stdout, &stderr)
	}
	printed := strings.Split(stdout.String(), mark+"\n")
	if len(printed) != len(blocks)+1 {
		t.Fatalf("%d of %d blocks ran", len(printed)-1, len(blocks))
	}
	return printed
}

// TestMonthInVietnamese holds the page for secretaries against the walk: the same requests, in the same order, and all of them in the contract.
func TestMonthInVietnamese(t *testing.T) {
	t.Parallel()
	said := regexp.MustCompile("`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`").FindAllStringSubmatch(text(t, "../../docs/vi/mot-thang-cua-bi-thu.md"), -1)
	_, month, _ := strings.Cut(text(t, "../../docs/a-month.md"), "\n## Registering")
	month, _, _ = strings.Cut(month, "\n## One request")
	var asked, told []string
	names := strings.NewReplacer("$committee", "{meeting_id}", "$meeting", "{meeting_id}", "$cell", "{organization_id}", "$base", "{organization_id}",
		"$registration", "{registration_id}", "$task", "{task_id}")
	for _, match := range regexp.MustCompile(`(?m)^(?:task=.*\n)?call [A-Z]+ ([A-Z]+) "([^"?]+)`).FindAllStringSubmatch(month, -1) {
		asked = append(asked, match[1]+" "+names.Replace(match[2]))
	}
	var contract struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(api.OpenAPI(), &contract); err != nil {
		t.Fatal(err)
	}
	for _, match := range said {
		told = append(told, match[1])
		method, path, _ := strings.Cut(match[1], " ")
		if contract.Paths["/api/v1"+path][strings.ToLower(method)] == nil {
			t.Errorf("the contract has no %s", match[1])
		}
	}
	if diff := cmp.Diff(asked, told); diff != "" || len(asked) < 10 {
		t.Errorf("%d requests; the page and the walk differ (-walk +page):\n%s", len(asked), diff)
	}
}

func text(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
