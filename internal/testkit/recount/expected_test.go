package recount_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"sochibo/internal/testkit/recount"
)

type expectedFile struct {
	Summaries []expectedSummary `json:"summaries"`
}

type expectedSummary struct {
	Organization string `json:"organization"`
	Period       struct {
		From recount.Month `json:"from"`
		To   recount.Month `json:"to"`
	} `json:"period"`
	GroupBy string `json:"group_by"`
	expectedBlocks
	Groups []expectedGroup `json:"groups"`
}

type expectedGroup struct {
	Key string `json:"key"`
	expectedBlocks
}

type expectedBlocks struct {
	Sessions         map[string]recount.Sessions   `json:"sessions"`
	Sittings         map[string]int                `json:"sittings"`
	Compliance       map[string]expectedCompliance `json:"compliance"`
	ThematicQuarters expectedQuarters              `json:"thematic_quarters"`
	Coverage         recount.Coverage              `json:"coverage"`
	Attendance       map[string]expectedAttendance `json:"attendance"`
	Inspections      recount.Inspections           `json:"inspections"`
}

type expectedQuarters struct {
	Due     int `json:"due"`
	Covered int `json:"covered"`
}

type expectedCompliance struct {
	recount.Ratio
	Due     int `json:"due"`
	Excused int `json:"excused"`
	Covered int `json:"covered"`
}

type expectedAttendance struct {
	recount.Ratio
	Recorded    int           `json:"recorded"`
	NotRecorded int           `json:"not_recorded"`
	Low         recount.Ratio `json:"low"`
	High        recount.Ratio `json:"high"`
	Roster      int           `json:"roster"`
	Excused     int           `json:"excused"`
	Unexcused   int           `json:"unexcused"`
	Temporary   int           `json:"temporary"`
	Guests      int           `json:"guests"`
}

// sample is the folder of the sample and the file of its expected figures.
func sample(t *testing.T) (dir, expected string) {
	t.Helper()
	exchange := filepath.Join("..", "..", "exchange")
	dir = filepath.Join(exchange, "sample")
	if given := os.Getenv("SOCHIBO_SAMPLE"); given != "" {
		dir = given
	}
	for _, beside := range []string{dir, filepath.Join(exchange, "testdata")} {
		expected = filepath.Join(beside, "expected.json")
		if _, err := os.Stat(expected); err == nil {
			return dir, expected
		}
	}
	t.Fatal("no expected.json beside the sample: set SOCHIBO_SAMPLE to a folder that holds both")
	return "", ""
}

func TestSampleIsAsExpected(t *testing.T) {
	t.Parallel()
	dir, file := sample(t)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var expected expectedFile
	if err := json.Unmarshal(content, &expected); err != nil {
		t.Fatal(err)
	}
	facts, err := recount.FactsFromFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(expected.Summaries) == 0 {
		t.Fatal("no expected summaries")
	}
	for _, want := range expected.Summaries {
		got := recount.Summary(facts, recount.Query{
			Organization: want.Organization, From: want.Period.From, To: want.Period.To,
			GroupBy: want.GroupBy, Today: "2018-06-15",
		})
		sameBlocks(t, want.Organization, want.expectedBlocks, got.Blocks)
		if len(got.Groups) != len(want.Groups) {
			t.Fatalf("%s: %d groups, want %d", want.Organization, len(got.Groups), len(want.Groups))
		}
		for i, group := range want.Groups {
			if got.Groups[i].Key != group.Key {
				t.Errorf("group %d: key %s, want %s", i, got.Groups[i].Key, group.Key)
			}
			sameBlocks(t, want.Organization+" "+group.Key, group.expectedBlocks, got.Groups[i].Blocks)
		}
	}
}

// sameBlocks compares every number that is expected; a body that is absent in ours is zeros there.
func sameBlocks(t *testing.T, where string, want expectedBlocks, got recount.Blocks) {
	t.Helper()
	for body, c := range want.Compliance {
		g := got.Compliance[body]
		same(t, where+" compliance "+body, c, expectedCompliance{g.Rate, g.Due, g.Excused, g.Covered})
	}
	for body, a := range want.Attendance {
		g := got.Attendance[body]
		same(t, where+" attendance "+body, a, expectedAttendance{
			g.Rate, g.Recorded, g.NotRecorded, withoutPercent(g.Low), withoutPercent(g.High),
			g.Roster, g.Excused, g.Unexcused, g.Temporary, g.Guests,
		})
	}
	for body, s := range want.Sessions {
		same(t, where+" sessions "+body, s, got.Sessions[body])
	}
	for body, n := range want.Sittings {
		same(t, where+" sittings "+body, n, got.Sittings[body])
	}
	q := got.ThematicQuarters
	same(t, where+" thematic quarters", want.ThematicQuarters, expectedQuarters{q.Due, q.Covered})
	same(t, where+" coverage", want.Coverage, got.Coverage)
	same(t, where+" inspections", want.Inspections, got.Inspections)
	for body := range got.Sessions {
		if _, ok := want.Sessions[body]; !ok {
			t.Errorf("%s: body %s is not expected", where, body)
		}
	}
}

func withoutPercent(r recount.Ratio) recount.Ratio {
	r.Percent = nil
	return r
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		w, _ := json.Marshal(want)
		g, _ := json.Marshal(got)
		t.Errorf("%s:\nwant %s\ngot  %s", what, w, g)
	}
}
