package recount_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sochibo/internal/testkit/recount"
)

const today recount.Date = "2026-11-23"

// random is a source whose seed is shown with a failure and can be given again as SOCHIBO_SEED.
func random(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv("SOCHIBO_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatalf("SOCHIBO_SEED: %v", err)
		}
	}
	t.Logf("SOCHIBO_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

func TestRandomFoldersAreValid(t *testing.T) {
	t.Parallel()
	r := random(t)
	for range 30 {
		check(t, recount.RandomFolder(r, recount.Small(today)))
	}
	check(t, recount.RandomFolder(r, recount.Medium(today)))
}

func TestSameSeedSameFolder(t *testing.T) {
	t.Parallel()
	generate := func() recount.Folder {
		return recount.RandomFolder(rand.New(rand.NewPCG(7, 7)), recount.Small(today))
	}
	if !reflect.DeepEqual(generate(), generate()) {
		t.Error("one seed gave two folders")
	}
}

func TestRandomFoldersExerciseEverything(t *testing.T) {
	t.Parallel()
	r := random(t)
	seen := map[string]int{}
	for range 12 {
		features(recount.RandomFolder(r, recount.Small(today)), seen)
	}
	for _, feature := range []string{
		"kind central", "kind provincial", "kind superior", "kind base_party", "kind sectional_party",
		"kind base_cell", "kind cell", "founded unknown", "founded inside a month", "dissolved", "moved inside a month",
		"status exempt", "status temporarily_away", "status temporarily_here", "status suspended", "status detained",
		"status special_duty", "body cell", "body cell_committee", "body party_committee", "body standing_committee",
		"body conference", "body inspection_commission", "forms regular", "forms thematic", "forms extraordinary",
		"forms regular;thematic", "forms congress", "forms other", "meeting scheduled", "meeting held",
		"meeting submitted", "meeting accepted", "meeting cancelled", "period before the day", "period after the day",
		"written on another day", "guests", "roll temporary present", "roll base not_recorded", "roll roster present",
		"roll roster not_recorded", "roll base excused", "roll base unexcused", "frozen", "topics", "directives",
		"resolutions", "tasks", "minutes", "object organization", "object member", "excused", "line break", "quote", "comma",
		"running year", "probation", "office cell", "two regular in a month", "votes", "totals", "on paper",
	} {
		if seen[feature] == 0 {
			t.Errorf("never seen: %s", feature)
		}
	}
}

// features notes what occurs in the folder.
func features(f recount.Folder, seen map[string]int) {
	for _, row := range f["organizations.csv"] {
		seen["kind "+row["kind"]]++
		note(seen, "founded unknown", row["founded_on"] == "")
		note(seen, "founded inside a month", row["founded_on"] != "" && !strings.HasSuffix(row["founded_on"], "-01"))
		note(seen, "dissolved", row["dissolved_on"] != "")
	}
	for _, row := range f["placements.csv"] {
		note(seen, "moved inside a month", row["to"] != "" && row["to"][8:] > "02" && row["to"][8:] < "28")
	}
	for _, row := range f["statuses.csv"] {
		seen["status "+row["status"]]++
	}
	for _, row := range f["members.csv"] {
		note(seen, "probation", row["official_on"] == "")
	}
	for _, row := range f["offices.csv"] {
		seen["office "+row["body"]]++
	}
	for _, row := range f["inspection_objects.csv"] {
		seen["object "+row["object_type"]]++
	}
	for name, rows := range f {
		for _, row := range rows {
			for _, cell := range row {
				note(seen, "line break", strings.Contains(cell, "\n"))
				note(seen, "quote", strings.Contains(cell, `"`))
				note(seen, "comma", strings.Contains(cell, ","))
			}
		}
		seen[strings.TrimSuffix(name, ".csv")] += len(rows)
	}
	seen["frozen"] += len(f["frozen_rolls.csv"])
	seen["excused"] += len(f["excused_months.csv"])
	meetingFeatures(f, seen)
}

func meetingFeatures(f recount.Folder, seen map[string]int) {
	regular := map[string]int{}
	for _, row := range f["meetings.csv"] {
		seen["body "+row["body"]]++
		seen["forms "+row["forms"]]++
		seen["meeting "+row["status"]]++
		on, _ := recount.LocalDate(row["started_at"])
		note(seen, "period before the day", recount.Month(row["period_month"]) < on.Month())
		note(seen, "period after the day", recount.Month(row["period_month"]) > on.Month())
		note(seen, "written on another day", string(on) != row["started_at"][:10])
		note(seen, "guests", row["guests"] > "0")
		note(seen, "on paper", row["paper_book"] != "" && row["status"] == "accepted")
		note(seen, "running year", row["period_month"] > "2026" && row["status"] == "accepted")
		if key := row["organization_code"] + row["body"] + row["period_month"]; row["forms"] == "regular" {
			regular[key]++
			note(seen, "two regular in a month", regular[key] > 1)
		}
	}
	facts, _ := recount.FactsFromFolderRows(f)
	for _, m := range facts.Meetings {
		for _, p := range m.Roll {
			seen["roll "+p.Standing+" "+p.Status]++
		}
	}
}

func note(seen map[string]int, feature string, is bool) {
	if is {
		seen[feature]++
	}
}

func TestNormalFormIsStable(t *testing.T) {
	t.Parallel()
	r := random(t)
	folder := recount.RandomFolder(r, recount.Small(today))
	normal := recount.NormalForm(folder)
	if !reflect.DeepEqual(normal, recount.NormalForm(normal)) {
		t.Error("the normal form of a normal form differs")
	}
	if !reflect.DeepEqual(normal, recount.NormalForm(folder.Shuffled(r))) {
		t.Error("the normal form depends on the order of rows")
	}
	for _, row := range normal["meetings.csv"] {
		if !strings.HasSuffix(row["started_at"], "+07:00") {
			t.Fatalf("started_at %s", row["started_at"])
		}
		if _, err := time.Parse(time.RFC3339, row["started_at"]); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range recount.Files() {
		if !slices.IsSortedFunc(normal[file.Name], func(a, b recount.Row) int {
			for _, column := range file.Key {
				if c := strings.Compare(a[column], b[column]); c != 0 {
					return c
				}
			}
			return 1
		}) {
			t.Errorf("%s: keys not sorted or not unique", file.Name)
		}
	}
	dir := t.TempDir()
	if err := folder.Write(dir); err != nil {
		t.Fatal(err)
	}
	read, err := recount.ReadFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d := recount.Differences(folder, read); len(d) != 0 {
		t.Errorf("written and read again: %d differences, first %v", len(d), d[0])
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	left := recount.Folder{"directives.csv": {{"code": "a", "title": "x"}, {"code": "c"}, {"code": "d"}}}
	right := recount.Folder{"directives.csv": {{"code": "b"}, {"code": "a", "title": "y"}, {"code": "d"}, {"code": "e"}}}
	var got []string
	for _, d := range recount.Differences(left, right) {
		got = append(got, fmt.Sprintf("%s %s/%s", d.File, d.Left["code"], d.Right["code"]))
	}
	want := []string{"directives.csv a/a", "directives.csv /b", "directives.csv c/", "directives.csv /e"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
