package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/app"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// outcome is what a command leaves behind.
type outcome struct {
	status         int
	stdout, stderr string
}

// user is somebody at the command line, over one store.
type user struct{ environ []string }

func (u user) run(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), args, u.environ, &stdout, &stderr)
	return outcome{status, stdout.String(), stderr.String()}
}

// ok runs a command that must succeed, and returns what it prints.
func (u user) ok(t *testing.T, args ...string) string {
	t.Helper()
	got := u.run(t, args...)
	if got.status != 0 {
		t.Fatalf("sochibo %s: status %d\n%s%s", strings.Join(args, " "), got.status, got.stdout, got.stderr)
	}
	return got.stdout
}

// refused runs a command that must end with the status and say each text on standard error.
func (u user) refused(t *testing.T, status int, says []string, args ...string) {
	t.Helper()
	got := u.run(t, args...)
	if got.status != status {
		t.Errorf("sochibo %s: status %d, want %d\n%s%s", strings.Join(args, " "), got.status, status, got.stdout, got.stderr)
	}
	for _, text := range says {
		if !strings.Contains(got.stderr, text) {
			t.Errorf("sochibo %s: does not say %q:\n%s", strings.Join(args, " "), text, got.stderr)
		}
	}
}

// each runs fn on every engine with a store without a schema.
func each(t *testing.T, fn func(t *testing.T, u user)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			fn(t, user{[]string{"SOCHIBO_DATABASE_URL=" + dbtest.EmptyURL(t, engine)}})
		})
	}
}

// sample writes the sample into a folder and returns it.
func sample(t *testing.T, u user) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "sample")
	u.ok(t, "sample", dir)
	return dir
}

func TestImportAndExport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, u user) {
		dir := sample(t, u)
		if got := u.ok(t, "import", "--dry-run", dir); !strings.Contains(got, "dry run: nothing was written") {
			t.Errorf("dry run: %s", got)
		}
		added := regexp.MustCompile(`(?m)^\d+ rows added; the ledger stands at entry \d+$`)
		if got := u.ok(t, "import", dir); !added.MatchString(got) {
			t.Errorf("first import: %s", got)
		}
		if got := u.ok(t, "import", dir); !strings.HasSuffix(got, "nothing has changed\n") {
			t.Errorf("second import: %s", got)
		}
		if got := u.ok(t, "verify"); got != "everything adds up\n" {
			t.Errorf("verify: %s", got)
		}
		out := filepath.Join(t.TempDir(), "out")
		u.ok(t, "export", out)
		other := user{[]string{"SOCHIBO_DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "other.db")}}
		other.ok(t, "import", out)
		again := filepath.Join(t.TempDir(), "again")
		other.ok(t, "export", again)
		sameFolders(t, out, again)
	})
}

// sameFolders fails unless both hold the same files byte for byte.
func sameFolders(t *testing.T, one, other string) {
	t.Helper()
	files, err := os.ReadDir(one)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v, %d files", one, err, len(files))
	}
	for _, file := range files {
		want, err := os.ReadFile(filepath.Join(one, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(other, file.Name()))
		if err != nil || !bytes.Equal(want, got) {
			t.Errorf("%s differs: %v", file.Name(), err)
		}
	}
}

func TestImportNamesEveryFault(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, u user) {
		dir := sample(t, u)
		spoil(t, filepath.Join(dir, "organizations.csv"), "kind", "kindness")
		spoil(t, filepath.Join(dir, "attendance.csv"), ",present,", ",pressent,")
		u.refused(t, 1, []string{"organizations.csv:1: kindness: ", "attendance.csv:", ": status: "}, "import", dir)
		if got := u.ok(t, "import", sample(t, u)); strings.Contains(got, "nothing has changed") {
			t.Errorf("the refused import left rows behind: %s", got)
		}
		u.refused(t, 2, []string{"no such file"}, "import", filepath.Join(dir, "absent"))
		u.refused(t, 2, []string{"is not a folder"}, "import", filepath.Join(dir, "members.csv"))
	})
}

// spoil replaces the first occurrence of a text in a file.
func spoil(t *testing.T, file, old, replacement string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	spoiled := strings.Replace(string(content), old, replacement, 1)
	if spoiled == string(content) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	if err := os.WriteFile(file, []byte(spoiled), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, u user) {
		if got := u.ok(t, "migrate", "status"); !strings.Contains(got, "pending") {
			t.Errorf("before: %s", got)
		}
		if got := u.ok(t, "migrate", "up"); !strings.HasPrefix(got, "applied ") {
			t.Errorf("up: %s", got)
		}
		if got := u.ok(t, "migrate", "up"); got != "the schema is up to date\n" {
			t.Errorf("up again: %s", got)
		}
		if got := u.ok(t, "migrate", "status"); strings.Contains(got, "pending") {
			t.Errorf("after: %s", got)
		}
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, u user) {
		u.ok(t, "import", sample(t, u))
		created := u.ok(t, "user", "create", "--name", "Trần Thị Bình", "binh")
		reset := u.ok(t, "user", "reset", "--remove-totp", "binh")
		if !strings.Contains(created, "one-time code, good for 24 hours: ") || reset == created {
			t.Errorf("%q, then %q", created, reset)
		}
		u.refused(t, 1, nil, "user", "reset", "nobody")
		link := []string{"user", "link", "binh", "--issuer", "https://login.example.org", "--subject", "5f0d3a2e"}
		if said := u.ok(t, link...); !strings.Contains(said, "identity ") {
			t.Errorf("user link says %q", said)
		}
		u.refused(t, 1, nil, link...)
		u.refused(t, 1, []string{"/issuer", "/subject"}, "user", "link", "binh")
		u.refused(t, 1, nil, "user", "create", "binh")
		printed := strings.TrimSpace(u.ok(t, "token", "create", "--user", "binh", "--role", "secretary", "--organization", "VPUB-TH"))
		if !regexp.MustCompile(`^scb_\w+$`).MatchString(printed) {
			t.Fatalf("the last line is no token: %q", printed)
		}
		list := u.ok(t, "token", "list", "--user", "binh")
		if !strings.Contains(list, "secretary") || !strings.Contains(list, "until 2") || strings.Contains(list, printed) {
			t.Errorf("list: %s", list)
		}
		id, _, _ := strings.Cut(list, " ")
		if got := u.ok(t, "token", "revoke", id); got != "revoked\n" {
			t.Errorf("revoke: %s", got)
		}
		if list := u.ok(t, "token", "list", "--user", "binh"); !strings.Contains(list, "revoked") {
			t.Errorf("list after revoking: %s", list)
		}
		u.refused(t, 1, nil, "token", "revoke", "no-id")
		u.refused(t, 1, nil, "token", "list", "--user", "nobody")
		u.refused(t, 1, nil, "token", "create", "--user", "binh", "--role", "king", "--installation")
		u.refused(t, 1, nil, "token", "create", "--user", "binh", "--role", "auditor", "--organization", "NOWHERE")
		u.refused(t, 2, nil, "token", "create", "--user", "binh", "--role", "auditor")
	})
}

// expectedHeadline is the beginning of the headline that the sample's reference answers call for.
func expectedHeadline(tb testing.TB, code string) string {
	tb.Helper()
	data, err := os.ReadFile("../../internal/exchange/testdata/expected.json")
	if err != nil {
		tb.Fatal(err)
	}
	var expected struct {
		Summaries []struct {
			Organization string
			Sessions     map[string]struct{ Regular, Thematic int }
		}
	}
	if err := json.Unmarshal(data, &expected); err != nil {
		tb.Fatal(err)
	}
	for _, s := range expected.Summaries {
		if s.Organization == code {
			return fmt.Sprintf("Đảng ủy %d · chi ủy %d · chi bộ %d · chuyên đề %d", s.Sessions["party_committee"].Regular,
				s.Sessions["cell_committee"].Regular, s.Sessions["cell"].Regular, s.Sessions["cell"].Thematic)
		}
	}
	tb.Fatalf("no reference answer for %s", code)
	return ""
}

func TestSummary(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, u user) {
		u.ok(t, "import", sample(t, u))
		period := []string{"--from", "2015-09", "--to", "2018-04"}
		table := u.ok(t, append([]string{"summary", "VPUB"}, period...)...)
		if line := expectedHeadline(t, "VPUB"); !strings.Contains(table, line) {
			t.Errorf("the table has no %q:\n%s", line, table)
		}
		rows := u.ok(t, append([]string{"summary", "VPUB", "--csv", "--group-by", "month"}, period...)...)
		if lines := strings.Count(rows, "\n"); lines < 33 {
			t.Errorf("CSV by month has %d lines", lines)
		}
		u.ok(t, "user", "create", "auditor")
		token := strings.TrimSpace(u.ok(t, "token", "create", "--user", "auditor", "--role", "auditor", "--installation"))
		said := u.ok(t, append([]string{"summary", "VPUB", "--json", "--group-by", "quarter"}, period...)...)
		served := overHTTP(t, u, token, "VPUB", "group_by=quarter&from=2015-09&to=2018-04")
		if diff := cmp.Diff(served, said); diff != "" {
			t.Errorf("--json is not the API's body (-API +command): %s", diff)
		}
		u.refused(t, 1, nil, append([]string{"summary", "NOWHERE"}, period...)...)
		u.refused(t, 1, []string{"group_by"}, append([]string{"summary", "VPUB", "--group-by", "week"}, period...)...)
		u.refused(t, 1, nil, "summary", "VPUB", "--from", "2018-13", "--to", "2018-04")
		u.refused(t, 1, nil, "summary", "VPUB", "--from", "2018-04", "--to", "2015-09")
		u.refused(t, 2, nil, "summary", "VPUB", "--from", "2015-09")
	})
}

// overHTTP reads a summary from the API over the same store.
func overHTTP(t *testing.T, u user, token, code, query string) string {
	t.Helper()
	p := &program{environ: u.environ, stdout: io.Discard, stderr: io.Discard}
	a, err := p.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	handler, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) string {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/organizations"+path, nil)
		request.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK {
			t.Fatalf("%s answers %d %s", path, answer.Code, answer.Body)
		}
		return answer.Body.String()
	}
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(get("?code=" + code))
	if id == nil {
		t.Fatalf("no organization %s", code)
	}
	return get("/" + id[1] + "/summary?" + query)
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, u user) {
		u.ok(t, "import", sample(t, u))
		p := &program{environ: u.environ, stdout: io.Discard, stderr: io.Discard}
		a, err := p.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		tamper(t, a, `UPDATE balance SET regular = regular + 1 WHERE month = '2018-04' AND body = 'cell'`)
		got := u.run(t, "verify")
		if got.status != 1 || !strings.Contains(got.stdout, "balance") || !strings.Contains(got.stdout, "2018-04") {
			t.Errorf("verify: status %d\n%s%s", got.status, got.stdout, got.stderr)
		}
	})
}

func TestWithoutAStore(t *testing.T) {
	t.Parallel()
	u := user{[]string{"SOCHIBO_DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "none", "x.db")}}
	if got := u.ok(t, "version"); got != "dev\n" {
		t.Errorf("version: %q", got)
	}
	dir := sample(t, u)
	if _, err := os.Stat(filepath.Join(dir, "README.md")); err != nil {
		t.Error(err)
	}
	u.refused(t, 2, []string{"sochibo: "}, "verify")
	u.refused(t, 2, []string{"unknown command"}, "dance")
	u.refused(t, 2, []string{"SOCHIBO_"}, "--database-url", "mysql://x", "verify")
	u.refused(t, 2, []string{"sochibo: "}, "health", "--url", "http://127.0.0.1:1")
}

func TestHealth(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/health/ready" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	u := user{}
	if got := u.ok(t, "health", "--url", server.URL); got != "ok\n" {
		t.Errorf("health: %q", got)
	}
	u.refused(t, 2, []string{"503"}, "health", "--url", server.URL+"/elsewhere")
}

func TestLanguageOfTheTerminal(t *testing.T) {
	t.Parallel()
	u := user{[]string{"SOCHIBO_DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "x.db"), "LANG=vi_VN.UTF-8"}}
	english := user{u.environ[:1]}
	if u.run(t, "token", "list", "--user", "nobody").stderr == english.run(t, "token", "list", "--user", "nobody").stderr {
		t.Error("the message is the same in Vietnamese and English")
	}
}

// tamper changes the store behind the program's back.
func tamper(t *testing.T, a *app.App, statement string) {
	t.Helper()
	_, err := database.Write(t.Context(), a.DB(), func(tx *database.Tx) (struct{}, error) {
		return struct{}{}, database.Gorm(t.Context(), tx).Exec(statement).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}
