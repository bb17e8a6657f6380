package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
)

func embeddedBook(t *testing.T) *Book {
	t.Helper()
	book, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func hd42(t *testing.T) *Rubric {
	t.Helper()
	return embeddedBook(t).On(calendar.MustDate("2026-03-01")).Rubric
}

func rate(n, d int64) Evidence { return Evidence{Known: true, Numerator: n, Denominator: d} }
func yes() Evidence            { return Evidence{Known: true, Holds: true} }
func no() Evidence             { return Evidence{Known: true} }

// whole are findings that give full marks everywhere.
func whole() Findings {
	return Findings{
		Measures: map[Measure]Evidence{
			Attendance: rate(9, 10), ContentCovered: rate(9, 9), Duration: rate(120, 120), TasksOnTime: rate(0, 0), ExcusedRunning: rate(3, 1),
		},
		Facts: map[Fact]Evidence{
			NobodyUnexcused: yes(), DurationKept: yes(), RecordInTime: yes(), CommitteeMetFirst: yes(), ConclusionsRecorded: yes(),
			TasksAssigned: yes(), TopicNamed: yes(), ThematicInQuarter: yes(),
		},
		Occasions: map[Occasion]bool{ThematicSession: true, CellCommittee: true},
	}
}

func said(item string, yes bool) Answer      { return Answer{Item: item, Yes: &yes} }
func awarded(item string, points int) Answer { return Answer{Item: item, Points: &points} }
func without(all []Answer, item string) []Answer {
	return slices.DeleteFunc(slices.Clone(all), func(a Answer) bool { return a.Item == item })
}

func fullAnswers() []Answer {
	return []Answer{
		said("documents", true), awarded("discussion", 10), awarded("political_task", 10), awarded("resolution_kept", 10), awarded("thematic_quality", 3),
	}
}

func assess(t *testing.T, r *Rubric, found Findings, answers []Answer) Result {
	t.Helper()
	var f fault.Fields
	result := r.Assess(found, answers, &f, "/answers")
	if err := f.Err(fault.Invalid, "rating_invalid"); err != nil {
		t.Fatal(err)
	}
	return result
}

func (r Result) line(item string) Line {
	return r.Lines[slices.IndexFunc(r.Lines, func(l Line) bool { return l.Item == item })]
}

func (r Result) String() string { return fmt.Sprintf("%d/%d %s", *r.Points, *r.Available, r.Grade) }

// The frame is 5/5/10/40/5/30/5 = 100; each case takes something away from full marks, and the sum is worked out by hand.
func TestHD42ByHand(t *testing.T) {
	t.Parallel()
	with := func(change func(f *Findings)) Findings {
		f := whole()
		change(&f)
		return f
	}
	attendance := func(n, d int64) Findings { return with(func(f *Findings) { f.Measures[Attendance] = rate(n, d) }) }
	content := func(n int64) Findings { return with(func(f *Findings) { f.Measures[ContentCovered] = rate(n, 9) }) }
	tasks := func(n, d int64) Findings { return with(func(f *Findings) { f.Measures[TasksOnTime] = rate(n, d) }) }
	not := func(fact Fact) Findings { return with(func(f *Findings) { f.Facts[fact] = no() }) }
	for name, c := range map[string]struct {
		found   Findings
		answers []Answer
		want    string
	}{
		"everything":              {whole(), fullAnswers(), "100/100 good"},
		"attendance at 90 %":      {attendance(18, 20), fullAnswers(), "100/100 good"},
		"just below 90 %":         {attendance(899, 1000), fullAnswers(), "97/100 good"}, // 100 − 10 + 7
		"attendance at 80 %":      {attendance(16, 20), fullAnswers(), "97/100 good"},
		"just below 80 %":         {attendance(799, 1000), fullAnswers(), "94/100 good"}, // − 10 + 4
		"attendance at 70 %":      {attendance(14, 20), fullAnswers(), "94/100 good"},
		"just below 70 %":         {attendance(699, 1000), fullAnswers(), "90/100 good"}, // − 10
		"nobody was expected":     {attendance(0, 0), fullAnswers(), "90/100 good"},
		"somebody unexcused":      {not(NobodyUnexcused), fullAnswers(), "97/100 good"}, // full marks only with nobody
		"80 % and unexcused":      {with(func(f *Findings) { f.Measures[Attendance] = rate(16, 20); f.Facts[NobodyUnexcused] = no() }), fullAnswers(), "97/100 good"},
		"8 of 9 content items":    {content(8), fullAnswers(), "95/100 good"}, // 88.9 %: 15 of 20
		"7 of 9 content items":    {content(7), fullAnswers(), "95/100 good"}, // 77.8 %
		"6 of 9 content items":    {content(6), fullAnswers(), "90/100 good"}, // 66.7 %: 10
		"5 of 9 content items":    {content(5), fullAnswers(), "90/100 good"}, // 55.6 %
		"4 of 9 content items":    {content(4), fullAnswers(), "80/100 fair"}, // 44.4 %: 0
		"too short":               {not(DurationKept), fullAnswers(), "95/100 good"},
		"record too late":         {not(RecordInTime), fullAnswers(), "95/100 good"},
		"no conclusions":          {not(ConclusionsRecorded), fullAnswers(), "95/100 good"},
		"no tasks":                {not(TasksAssigned), fullAnswers(), "95/100 good"},
		"no topic":                {not(TopicNamed), fullAnswers(), "98/100 good"},
		"committee did not meet":  {not(CommitteeMetFirst), fullAnswers(), "98/100 good"},
		"tasks at 90 %":           {tasks(9, 10), fullAnswers(), "100/100 good"},
		"tasks at 70 %":           {tasks(7, 10), fullAnswers(), "97/100 good"},
		"tasks at 50 %":           {tasks(1, 2), fullAnswers(), "94/100 good"},
		"tasks at 49.9 %":         {tasks(499, 1000), fullAnswers(), "90/100 good"},
		"no thematic session":     {with(func(f *Findings) { f.Occasions[ThematicSession] = false }), without(fullAnswers(), "thematic_quality"), "95/95 good"},
		"only a secretary":        {with(func(f *Findings) { f.Occasions[CellCommittee] = false }), fullAnswers(), "98/98 good"},
		"neither":                 {with(func(f *Findings) { f.Occasions = nil }), without(fullAnswers(), "thematic_quality"), "93/93 good"},
		"the people say nothing":  {whole(), []Answer{said("documents", false), awarded("discussion", 0), awarded("political_task", 0), awarded("resolution_kept", 0), awarded("thematic_quality", 0)}, "64/100 average"}, // − 3 − 10 − 10 − 10 − 3
		"70 points":               {whole(), []Answer{said("documents", false), awarded("discussion", 3), awarded("political_task", 0), awarded("resolution_kept", 0), awarded("thematic_quality", 3)}, "70/100 fair"},
		"69 points":               {whole(), []Answer{said("documents", false), awarded("discussion", 2), awarded("political_task", 0), awarded("resolution_kept", 0), awarded("thematic_quality", 3)}, "69/100 average"},
		"nothing at all, nothing": {Findings{}, []Answer{said("documents", false), awarded("discussion", 0), awarded("political_task", 0), awarded("resolution_kept", 0)}, "0/93 poor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := assess(t, hd42(t), c.found, c.answers).String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestFrameOfHD42(t *testing.T) {
	t.Parallel()
	var maxima []int
	for _, g := range hd42(t).Groups {
		maxima = append(maxima, g.Max)
	}
	if got := fmt.Sprint(maxima); got != "[5 5 10 40 5 30 5]" {
		t.Error(got)
	}
}

func TestUnknownIsNoPoint(t *testing.T) {
	t.Parallel()
	found := whole()
	found.Facts[DurationKept] = Evidence{}
	found.Measures[TasksOnTime] = Evidence{}
	result := assess(t, hd42(t), found, fullAnswers())
	if got := result.String(); got != "85/100 fair" {
		t.Error(got)
	}
	if line := result.line("duration"); line.Known || line.Yes != nil || line.Numerator != nil || !line.Available {
		t.Errorf("%+v", line)
	}
}

func examples(t *testing.T) *Book {
	t.Helper()
	book, err := Books("../../docs/rules")
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestLocalSetsByHand(t *testing.T) {
	t.Parallel()
	book, day := examples(t), calendar.MustDate("2026-03-05")
	country, threshold, gate := book.For(nil, day), book.For([]string{"38.168", "38"}, day), book.For([]string{"40"}, day)
	if country.ID != "hd42-2025" || threshold.ID != "local-threshold" || gate.ID != "local-gate" {
		t.Fatal(country.ID, threshold.ID, gate.ID)
	}
	// 92 points with a record that came late: − 5 for the record, − 3 for attendance at 80 %.
	found := whole()
	found.Facts[RecordInTime], found.Measures[Attendance] = no(), rate(8, 10)
	if got := assess(t, country.Rubric, found, fullAnswers()).String(); got != "92/100 good" {
		t.Error(got)
	}
	held := assess(t, gate.Rubric, found, fullAnswers())
	if got := held.String(); got != "92/100 fair" {
		t.Error(got)
	}
	if held.HeldBack == nil || held.HeldBack.Grade != "good" || fmt.Sprint(held.HeldBack.Items) != "[attendance record_in_time]" {
		t.Errorf("%+v", held.HeldBack)
	}
	// 80 and 79 points: − 20 for 4 of 9 content items, and one point of the discussion.
	found = whole()
	found.Measures[ContentCovered] = rate(4, 9)
	at79 := append(without(fullAnswers(), "discussion"), awarded("discussion", 9))
	for _, c := range []struct {
		of      *Rubric
		answers []Answer
		want    string
	}{
		{threshold.Rubric, fullAnswers(), "80/100 good"}, {country.Rubric, fullAnswers(), "80/100 fair"}, {threshold.Rubric, at79, "79/100 fair"},
	} {
		if got := assess(t, c.of, found, c.answers).String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if gate.AttendanceBase != "roster" || threshold.AttendanceBase != "eligible" || gate.Minutes.Combined != 120 {
		t.Error("what is not replaced is the parent's")
	}
}

// Of points that were available: 86 of 95 are 90.5 of 100, 85 are 89.5.
func TestThresholdsOfAvailable(t *testing.T) {
	t.Parallel()
	r := *hd42(t)
	r.Scale = OfAvailable
	found := whole()
	found.Occasions[ThematicSession] = false
	found.Measures[TasksOnTime] = rate(5, 10) // 4 of 10
	answers := func(discussion int) []Answer {
		return append(without(without(fullAnswers(), "thematic_quality"), "discussion"), awarded("discussion", discussion))
	}
	for discussion, want := range map[int]string{7: "86/95 good", 6: "85/95 fair"} {
		if got := assess(t, &r, found, answers(discussion)).String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := assess(t, hd42(t), found, answers(7)).String(); got != "86/95 fair" {
		t.Errorf("of points: %s", got)
	}
}

func TestHD12IsConditions(t *testing.T) {
	t.Parallel()
	r := embeddedBook(t).On(calendar.MustDate("2020-03-01")).Rubric
	for name, c := range map[string]struct {
		change func(f *Findings)
		want   string
	}{
		"all hold":               {func(*Findings) {}, "met"},
		"exactly 85 %":           {func(f *Findings) { f.Measures[Attendance] = rate(85, 100) }, "not_met"},
		"just above 85 %":        {func(f *Findings) { f.Measures[Attendance] = rate(851, 1000) }, "met"},
		"excused 4 running":      {func(f *Findings) { f.Measures[ExcusedRunning] = rate(4, 1) }, "not_met"},
		"no thematic session":    {func(f *Findings) { f.Facts[ThematicInQuarter] = no() }, "not_met"},
		"length is not known":    {func(f *Findings) { f.Facts[DurationKept] = Evidence{} }, "not_met"},
		"nobody was in the base": {func(f *Findings) { f.Measures[Attendance] = rate(0, 0) }, "not_met"},
	} {
		found := whole()
		c.change(&found)
		got := assess(t, r, found, nil)
		if got.Grade != c.want || got.Points != nil || got.Available != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if embeddedBook(t).On(calendar.MustDate("2016-03-01")).Rubric != nil {
		t.Error("CT 10 has no numeric test")
	}
}

func TestAnswersAreRefused(t *testing.T) {
	t.Parallel()
	found := whole()
	found.Occasions[ThematicSession] = false
	var f fault.Fields
	hd42(t).Assess(found, []Answer{
		{Item: "x"}, said("duration", true), awarded("thematic_quality", 1), awarded("documents", 1), said("discussion", true),
		awarded("political_task", 11), awarded("political_task", 1),
	}, &f, "/answers")
	var got []string
	for _, one := range f.All() {
		got = append(got, one.Pointer+" "+one.Code)
	}
	want := []string{
		"/answers/0/item rating_item_unknown", "/answers/1/item rating_item_computed", "/answers/2/item rating_item_unavailable",
		"/answers/3 rating_answer_kind", "/answers/4 rating_answer_kind", "/answers/5/points rating_points_outside",
		"/answers/6/item rating_answer_twice", "/answers rating_answer_missing",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestAdoptionByHand counts in whole numbers: more than half of 16 is 9, two thirds are 11.
func TestAdoptionByHand(t *testing.T) {
	t.Parallel()
	for _, set := range embeddedBook(t).Sets() {
		half, _ := set.Takes(MoreThanHalf)
		thirds, _ := set.Takes(TwoThirds)
		for _, c := range []struct{ base, half, thirds int64 }{{16, 9, 11}, {20, 11, 14}, {15, 8, 10}, {3, 2, 2}, {1, 1, 1}, {2, 2, 2}} {
			if got := half.Needed(c.base); got != c.half {
				t.Errorf("%s: more than half of %d is %d, not %d", set.ID, c.base, c.half, got)
			}
			if got := thirds.Needed(c.base); got != c.thirds {
				t.Errorf("%s: two thirds of %d are %d, not %d", set.ID, c.base, c.thirds, got)
			}
			for yes := range c.base + 1 {
				if half.Enough(yes, c.base) != (yes >= c.half) || thirds.Enough(yes, c.base) != (yes >= c.thirds) {
					t.Errorf("%s: %d of %d", set.ID, yes, c.base)
				}
			}
		}
		if half.Enough(0, 0) || thirds.Enough(0, 0) {
			t.Errorf("%s: nothing is adopted where nobody votes", set.ID)
		}
		if _, known := set.Takes("unanimity"); known {
			t.Errorf("%s knows unanimity", set.ID)
		}
	}
}

// refusals are changes of a sound local set, each of one place, and what must be said of it.
func TestRubricIsRefused(t *testing.T) {
	t.Parallel()
	const head = "id: x\ntitle: X\nparent: hd42-2025\norganization: '38'\nfrom: 2026-01-01\nrubric:\n"
	one := func(item string) string {
		return "  total: 10\n  groups:\n    - id: g\n      title: G\n      max: 10\n      items:\n        - " + item + "\n"
	}
	bands := func(list string) string {
		return one("{id: a, title: A, kind: bands, max: 10, measure: attendance, none: 0, bands: ["+list+"]}") +
			"  grades: [{id: good, title: T, from: 10}, {id: poor, title: K, from: 0}]\n"
	}
	grades := func(list string) string { return "  grades: [" + list + "]\n" }
	const at = "x.yaml: rubric."
	for name, c := range map[string]struct{ text, want string }{
		"gap":                  {bands("{at_least: 90%, points: 10}, {below: 80%, points: 0}"), at + "groups[0].items[0].bands: gap: no band for rates from 80% to 90%"},
		"gap of one rate":      {bands("{above: 90%, points: 10}, {below: 90%, points: 0}"), at + "groups[0].items[0].bands: gap: no band for exactly 90%"},
		"gap below":            {bands("{at_least: 90%, points: 10}, {at_least: 10%, below: 90%, points: 0}"), "bands: gap: no band for rates below 10%"},
		"gap above":            {bands("{at_least: 50%, below: 100%, points: 10}, {below: 50%, points: 0}"), "bands: gap: no band for rates from 100% on"},
		"overlap":              {bands("{at_least: 80%, points: 10}, {below: 90%, points: 0}"), "bands: overlap: bands 1 and 0 share rates from 80% to 90%"},
		"overlap of one":       {bands("{at_least: 90%, points: 10}, {at_most: 90%, points: 0}"), "bands: overlap: bands 1 and 0 share exactly 90%"},
		"open overlap":         {bands("{points: 10}, {at_least: 90%, points: 0}"), "bands: overlap: bands 0 and 1 share rates from 90% on"},
		"no maximum":           {bands("{at_least: 90%, points: 9}, {below: 90%, points: 0}"), "bands: no band gives the maximum of 10"},
		"too many points":      {bands("{at_least: 90%, points: 11}, {below: 90%, points: 0}"), "bands[0].points: 11 is not between 0 and the maximum of 10"},
		"empty band":           {bands("{at_least: 90%, below: 90%, points: 10}"), "bands[0]: no rate lies between its bounds"},
		"not a share":          {bands("{at_least: ninety, points: 10}"), `bands[0].at_least: "ninety" is neither a percentage`},
		"sum":                  {strings.Replace(bands("{points: 10}"), "max: 10\n", "max: 9\n", 1), at + "groups[0].max: is 9, but its items add up to 10"},
		"total":                {strings.Replace(bands("{points: 10}"), "total: 10", "total: 12", 1), at + "total: is 12, but the groups add up to 10"},
		"unknown kind":         {one("{id: a, title: A, kind: stars, max: 10}"), at + `groups[0].items[0].kind: unknown word "stars"`},
		"unknown measure":      {one("{id: a, title: A, kind: bands, max: 10, measure: mood, none: 0, bands: [{points: 10}]}"), `items[0].measure: unknown word "mood"`},
		"unknown fact":         {one("{id: a, title: A, kind: yes_no, max: 10, fact: sunny}"), `items[0].fact: unknown word "sunny"`},
		"unknown occasion":     {one("{id: a, title: A, kind: yes_no, max: 10, when: sunny}"), `items[0].when: unknown word "sunny"`},
		"unknown key":          {"  stars: 3\n", `x.yaml: [7:3] unknown field "stars"`},
		"nothing measured":     {one("{id: a, title: A, kind: bands, max: 10, measure: attendance, bands: [{points: 10}]}"), "items[0].none: is missing"},
		"gate of nothing":      {grades("{id: good, title: T, from: 90, full: [mood]}, {id: poor, title: K, from: 0}"), at + `grades[0].full[0]: there is no item "mood"`},
		"grade out of reach":   {grades("{id: good, title: T, from: 101}, {id: poor, title: K, from: 0}"), at + `grades[0]: "good" can never be reached`},
		"shadowed grade":       {grades("{id: good, title: T, from: 90}, {id: fair, title: F, from: 90}, {id: poor, title: K, from: 0}"), at + `grades[1]: "fair" can never be reached`},
		"ordinary month":       {grades("{id: good, title: T, from: 94}, {id: poor, title: K, from: 0}"), at + `grades[0].from: "good" from 94 points can never be reached in a month in which only 93 are available`},
		"no lowest grade":      {grades("{id: good, title: T, from: 90}, {id: poor, title: K, from: 10}"), at + "grades[1].from: gap: no grade for less than 10 points"},
		"order":                {grades("{id: poor, title: K, from: 10}, {id: good, title: T, from: 90}, {id: none, title: N, from: 0}"), at + "grades[1].from: grades stand from the best to the last, but 90 is more than 10"},
		"gate at the end":      {grades("{id: good, title: T, from: 90}, {id: poor, title: K, from: 0, full: [duration]}"), at + "grades[1].full: the last grade takes everything"},
		"year of nothing":      {"  year: [{grade: best, sessions: 7, of: good, others: fair}]\n", at + `year[0].grade: there is no grade "best"`},
		"year upside down":     {"  year: [{grade: good, sessions: 7, of: fair, others: good}]\n", at + `year[0].others: "good" is better than "fair"`},
		"scale":                {"  scale: stars\n", at + `scale: unknown word "stars"`},
		"item twice":           {one("{id: a, title: A, kind: yes_no, max: 5}\n        - {id: a, title: A, kind: yes_no, max: 5}"), at + `groups[0].items[1].id: "a" stands twice`},
		"no sum comes between": {one("{id: a, title: A, kind: yes_no, max: 10}") + grades("{id: good, title: T, from: 10}, {id: fair, title: F, from: 5}, {id: poor, title: K, from: 0}"), at + `grades[1]: "fair" can never be reached`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := embeddedBook(t).With(fstest.MapFS{"x.yaml": {Data: []byte(head + c.text)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
}

func TestLocalSetIsRefused(t *testing.T) {
	t.Parallel()
	set := func(id, more string) string { return "id: " + id + "\ntitle: X\nparent: hd42-2025\n" + more }
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"other name":   {map[string]string{"x.yaml": set("y", "organization: '38'\nfrom: 2026-01-01")}, `x.yaml: id: "y" is not the name of the file`},
		"taken":        {map[string]string{"hd42-2025.yaml": set("hd42-2025", "organization: '38'\nfrom: 2026-01-01")}, "hd42-2025.yaml: id: there is a set"},
		"no parent":    {map[string]string{"x.yaml": "id: x\ntitle: X\nparent: hd99\norganization: '38'\nfrom: 2026-01-01"}, `x.yaml: parent: there is no set "hd99"`},
		"too early":    {map[string]string{"x.yaml": set("x", "organization: '38'\nfrom: 2024-01-01")}, "x.yaml: from: hd42-2025 is in force from 2025-10-28/"},
		"no place":     {map[string]string{"x.yaml": set("x", "from: 2026-01-01")}, "x.yaml: organization: is missing"},
		"no beginning": {map[string]string{"x.yaml": set("x", "organization: '38'")}, "x.yaml: from: is missing"},
		"who counts":   {map[string]string{"x.yaml": set("x", "organization: '38'\nfrom: 2026-01-01\nstanding: {}")}, `x.yaml: [6:1] unknown field "standing"`},
		"twice": {map[string]string{
			"x.yaml": set("x", "organization: '38'\nfrom: 2026-01-01\nto: 2026-06-30"), "y.yaml": set("y", "organization: '38'\nfrom: 2026-06-30"),
		}, "y.yaml: from: x holds for organisation 38 at the same time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{}
			for file, text := range c.files {
				fsys[file] = &fstest.MapFile{Data: []byte(text)}
			}
			_, err := embeddedBook(t).With(fsys)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
	if _, err := Books("testdata/nowhere"); err == nil {
		t.Error("a folder that is not there")
	}
}

func TestNearestLocalSetHolds(t *testing.T) {
	t.Parallel()
	set := func(id, code, days string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("id: " + id + "\ntitle: X\nparent: hd42-2025\norganization: " + code + "\n" + days)}
	}
	book, err := embeddedBook(t).With(fstest.MapFS{
		"province.yaml": set("province", "'38'", "from: 2026-01-01\nto: 2026-12-31"), "ward.yaml": set("ward", "38.168", "from: 2026-03-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2025-12-31": "hd42-2025", "2026-01-01": "province", "2026-03-01": "ward", "2027-01-01": "ward"} {
		if got := book.For([]string{"38.168.1", "38.168", "38"}, calendar.MustDate(day)).ID; got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
	if got := book.For([]string{"38"}, calendar.MustDate("2027-01-01")).ID; got != "hd42-2025" {
		t.Error(got)
	}
}
