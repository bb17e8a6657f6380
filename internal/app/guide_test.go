package app_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/app"
	"sochibo/internal/auth"
)

// block is one piece of shell in a guide, and what the guide says that it prints.
type block struct{ code, prints string }

var blocks = regexp.MustCompile("(?ms)^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?")

func guide(t *testing.T, name string) []block {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var found []block
	for _, match := range blocks.FindAllStringSubmatch(string(text), -1) {
		found = append(found, block{match[1], match[2]})
	}
	return found
}

// TestGuide runs the walk of the API guide as it stands, and compares what it prints with what the guide says.
func TestGuide(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "grep", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the guide is run with bash, curl, grep and sed: install %s (Debian: apt-get install %s)", tool, tool)
		}
	}
	blocks := guide(t, "../../docs/api-guide.md")
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
