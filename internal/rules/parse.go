package rules

import (
	"fmt"
	"slices"
	"strings"

	"sochibo/internal/org"
)

// The rubric as a file writes it. Of a local set a section that is absent is the parent's.
type fileRubric struct {
	Bodies []org.Body  `yaml:"bodies"`
	Forms  []string    `yaml:"forms"`
	Scale  Scale       `yaml:"scale"`
	Total  *int        `yaml:"total"`
	Groups []fileGroup `yaml:"groups"`
	Grades []fileGrade `yaml:"grades"`
	Year   []fileYear  `yaml:"year"`
}

type fileGroup struct {
	ID    string     `yaml:"id"`
	Title string     `yaml:"title"`
	Max   int        `yaml:"max"`
	When  Occasion   `yaml:"when"`
	Items []fileItem `yaml:"items"`
}

type fileItem struct {
	ID        string     `yaml:"id"`
	Title     string     `yaml:"title"`
	Kind      ItemKind   `yaml:"kind"`
	Max       int        `yaml:"max"`
	When      Occasion   `yaml:"when"`
	Measure   Measure    `yaml:"measure"`
	Fact      Fact       `yaml:"fact"`
	Bands     []fileBand `yaml:"bands"`
	None      *int       `yaml:"none"`
	Needs     []Fact     `yaml:"needs"`
	Otherwise *int       `yaml:"otherwise"`
	Bounds    fileBounds `yaml:",inline"`
}

type fileBounds struct {
	Above   string `yaml:"above"`
	AtLeast string `yaml:"at_least"`
	Below   string `yaml:"below"`
	AtMost  string `yaml:"at_most"`
}

type fileBand struct {
	Bounds fileBounds `yaml:",inline"`
	Points int        `yaml:"points"`
}

type fileGrade struct {
	ID    string   `yaml:"id"`
	Title string   `yaml:"title"`
	From  int      `yaml:"from"`
	Full  []string `yaml:"full"`
}

type fileYear struct {
	Grade    string `yaml:"grade"`
	Sessions int    `yaml:"sessions"`
	Of       string `yaml:"of"`
	Others   string `yaml:"others"`
}

// over returns the rubric with the sections that it writes in the place of the parent's.
func (f fileRubric) over(parent fileRubric) fileRubric {
	whole := parent
	if f.Bodies != nil {
		whole.Bodies = f.Bodies
	}
	if f.Forms != nil {
		whole.Forms = f.Forms
	}
	if f.Scale != "" {
		whole.Scale = f.Scale
	}
	if f.Total != nil {
		whole.Total = f.Total
	}
	if f.Groups != nil {
		whole.Groups = f.Groups
	}
	if f.Grades != nil {
		whole.Grades = f.Grades
	}
	if f.Year != nil {
		whole.Year = f.Year
	}
	return whole
}

// notes gathers what is wrong, each with its place in the document.
type notes struct{ problems []error }

func (n *notes) bad(place, format string, args ...any) {
	n.problems = append(n.problems, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

func (n *notes) check(ok bool, place, format string, args ...any) bool {
	if !ok {
		n.bad(place, format, args...)
	}
	return ok
}

// word checks that a word is one of those there are.
func word[W ~string](n *notes, place string, given W, known []W) bool {
	texts := make([]string, len(known))
	for i, w := range known {
		texts[i] = string(w)
	}
	return n.check(slices.Contains(known, given), place, "unknown word %q, not one of %s", given, strings.Join(texts, ", "))
}

// rubric reads the whole of it and checks it.
func (f fileRubric) rubric(n *notes) *Rubric {
	const at = "rubric"
	before := len(n.problems)
	r := &Rubric{Bodies: f.Bodies, Forms: f.Forms, Scale: f.Scale}
	n.check(len(f.Bodies) > 0, at+".bodies", "is missing")
	for i, body := range f.Bodies {
		word(n, fmt.Sprintf("%s.bodies[%d]", at, i), body, org.Bodies)
	}
	n.check(len(f.Forms) > 0, at+".forms", "is missing")
	for i, form := range f.Forms {
		word(n, fmt.Sprintf("%s.forms[%d]", at, i), form, []string{"regular", "thematic", "extraordinary"})
	}
	word(n, at+".scale", f.Scale, []Scale{OfPoints, OfAvailable})
	if n.check(f.Total != nil, at+".total", "is missing") {
		r.Total = *f.Total
	}
	for i, g := range f.Groups {
		r.Groups = append(r.Groups, g.group(n, fmt.Sprintf("%s.groups[%d]", at, i)))
	}
	for _, g := range f.Grades {
		r.Grades = append(r.Grades, Grade(g))
	}
	for _, y := range f.Year {
		r.Year = append(r.Year, YearRule(y))
	}
	r.checkNames(n, at)
	r.checkSums(n, at)
	if len(n.problems) == before { // only then the points add up
		r.checkGrades(n, at)
	}
	return r
}

func (f fileGroup) group(n *notes, at string) Group {
	g := Group{ID: f.ID, Title: f.Title, Max: f.Max}
	n.check(f.ID != "", at+".id", "is missing")
	n.check(f.Title != "", at+".title", "is missing")
	if f.When != "" {
		word(n, at+".when", f.When, Occasions())
	}
	n.check(len(f.Items) > 0, at+".items", "is missing")
	for i, item := range f.Items {
		if item.When == "" {
			item.When = f.When
		} else {
			n.check(f.When == "" || f.When == item.When, fmt.Sprintf("%s.items[%d].when", at, i), "the whole group is for another occasion, %s", f.When)
		}
		g.Items = append(g.Items, item.item(n, fmt.Sprintf("%s.items[%d]", at, i)))
	}
	return g
}

func (f fileItem) item(n *notes, at string) Item {
	item := Item{
		ID: f.ID, Title: f.Title, Kind: f.Kind, Max: f.Max, When: f.When, Measure: f.Measure, Fact: f.Fact, Needs: f.Needs,
	}
	n.check(f.ID != "", at+".id", "is missing")
	n.check(f.Title != "", at+".title", "is missing")
	if !word(n, at+".kind", f.Kind, itemKinds()) {
		return item
	}
	if f.When != "" {
		word(n, at+".when", f.When, Occasions())
	}
	f.checkShape(n, at)
	if f.Measure != "" {
		word(n, at+".measure", f.Measure, Measures())
	}
	if f.Fact != "" {
		word(n, at+".fact", f.Fact, KnownFacts())
	}
	switch f.Kind {
	case YesNo, Number:
	case Bands:
		f.bands(n, at, &item)
	case Condition:
		item.Least, item.Most = f.Bounds.bounds(n, at)
		n.check(f.Measure == "" || item.Least != nil || item.Most != nil, at, "a condition on a measure needs a bound")
	}
	return item
}

// checkShape refuses what belongs to items of another kind.
func (f fileItem) checkShape(n *notes, at string) {
	bands, condition := f.Kind == Bands, f.Kind == Condition
	n.check(condition == (f.Max == 0), at+".max", "a condition has no points, and every other item has some")
	n.check(f.Max >= 0, at+".max", "is negative")
	n.check(!bands || f.Measure != "" && f.Fact == "", at+".measure", "bands are of a measure")
	n.check(!condition || (f.Measure == "") != (f.Fact == ""), at, "a condition is on a measure or on a fact")
	n.check(bands || condition || f.Measure == "", at+".measure", "only bands and conditions have a measure")
	n.check(f.Kind != Number || f.Fact == "", at+".fact", "points that a person gives rest on no fact")
	n.check(bands || f.Bands == nil && f.None == nil && f.Needs == nil && f.Otherwise == nil, at, "bands, none, needs and otherwise are for items of the kind bands")
	n.check(condition || f.Bounds == fileBounds{}, at, "above, at_least, below and at_most are for conditions and bands")
}

func (f fileItem) bands(n *notes, at string, item *Item) {
	before := len(n.problems)
	for i, b := range f.Bands {
		place := fmt.Sprintf("%s.bands[%d]", at, i)
		low, high := b.Bounds.bounds(n, place)
		item.Bands = append(item.Bands, Band{low, high, b.Points})
		n.check(b.Points >= 0 && b.Points <= f.Max, place+".points", "%d is not between 0 and the maximum of %d", b.Points, f.Max)
	}
	if n.check(len(f.Bands) > 0, at+".bands", "is missing") && len(n.problems) == before {
		item.checkBands(n, at+".bands")
	}
	if n.check(f.None != nil, at+".none", "is missing: the points where there is nothing to measure") {
		item.None = *f.None
		n.check(item.None >= 0 && item.None <= f.Max, at+".none", "%d is not between 0 and the maximum of %d", item.None, f.Max)
	}
	for i, fact := range f.Needs {
		word(n, fmt.Sprintf("%s.needs[%d]", at, i), fact, KnownFacts())
	}
	if n.check((len(f.Needs) > 0) == (f.Otherwise != nil), at+".otherwise", "belongs to needs: the points where a fact does not hold") && f.Otherwise != nil {
		item.Otherwise = *f.Otherwise
		n.check(item.Otherwise >= 0 && item.Otherwise < f.Max, at+".otherwise", "%d is not less than the maximum of %d", item.Otherwise, f.Max)
	}
}

// bounds reads at most one lower and one upper bound.
func (f fileBounds) bounds(n *notes, at string) (*Least, *Most) {
	n.check(f.Above == "" || f.AtLeast == "", at, "has two lower bounds")
	n.check(f.Below == "" || f.AtMost == "", at, "has two upper bounds")
	var low *Least
	var high *Most
	read := func(name, text string, take func(Share)) {
		if text == "" {
			return
		}
		share, err := ParseShare(text)
		if n.check(err == nil, at+"."+name, "%v", err) {
			take(share)
		}
	}
	read("above", f.Above, func(s Share) { low = &Least{s, true} })
	read("at_least", f.AtLeast, func(s Share) { low = &Least{s, false} })
	read("below", f.Below, func(s Share) { high = &Most{s, true} })
	read("at_most", f.AtMost, func(s Share) { high = &Most{s, false} })
	if low != nil && high != nil {
		by := low.compare(high.Share)
		n.check(by < 0 || by == 0 && !low.Above && !high.Below, at, "no rate lies between its bounds")
	}
	return low, high
}
