package rules

import (
	"slices"
	"strconv"

	"sochibo/internal/fault"
)

// Evidence is what the records say: a rate, or for a fact whether it holds, with the numbers that show it.
type Evidence struct {
	Known       bool
	Holds       bool
	Numerator   int64
	Denominator int64
}

// Findings are what was found about one session.
type Findings struct {
	Measures  map[Measure]Evidence
	Facts     map[Fact]Evidence
	Occasions map[Occasion]bool
}

// Answer is what a person says about an item: yes or no, or points.
type Answer struct {
	Item   string
	Yes    *bool
	Points *int
}

// Line is what one item came to. Full are its full marks, or that the condition holds.
type Line struct {
	Group       string   `json:"group"`
	Item        string   `json:"item"`
	Title       string   `json:"title"`
	Kind        ItemKind `json:"kind"`
	Available   bool     `json:"available"`
	Computed    bool     `json:"computed"`
	Known       bool     `json:"known"`
	Numerator   *int64   `json:"numerator"`
	Denominator *int64   `json:"denominator"`
	Yes         *bool    `json:"yes"`
	Points      int      `json:"points"`
	Max         int      `json:"max"`
	Full        bool     `json:"full"`
}

// Result is a session held against a rubric. Points and Available are nil where the rubric has no points. HeldBack names the better
// grade that the points were enough for, and the items whose full marks it lacked.
type Result struct {
	Lines      []Line    `json:"items"`
	Points     *int      `json:"points"`
	Available  *int      `json:"available"`
	Grade      string    `json:"grade"`
	GradeTitle string    `json:"grade_title"`
	HeldBack   *HeldBack `json:"held_back"`
}

// HeldBack is a grade that a gate kept out of reach.
type HeldBack struct {
	Grade string   `json:"grade"`
	Items []string `json:"items"`
}

// Assess holds findings and answers against the rubric and notes what is wrong with the answers, which stand at the pointer:
// rating_item_unknown, rating_item_computed, rating_item_unavailable, rating_answer_twice, rating_answer_kind, rating_points_outside,
// rating_answer_missing.
func (r *Rubric) Assess(found Findings, answers []Answer, f *fault.Fields, pointer string) Result {
	given := r.answers(found, answers, f, pointer)
	var result Result
	points, available := 0, 0
	for _, g := range r.Groups {
		for _, item := range g.Items {
			line := item.assess(found, given[item.ID])
			line.Group = g.ID
			result.Lines = append(result.Lines, line)
			points += line.Points
			if line.Available {
				available += item.Max
				f.Check(!item.Asked() || given[item.ID] != nil, pointer, "rating_answer_missing", fault.Args{"item": item.ID})
			}
		}
	}
	if r.Total > 0 {
		result.Points, result.Available = &points, &available
	}
	best, held := r.grade(result.Lines, points, available)
	result.Grade, result.GradeTitle, result.HeldBack = best.ID, best.Title, held
	return result
}

// answers returns the sound ones by item.
func (r *Rubric) answers(found Findings, answers []Answer, f *fault.Fields, pointer string) map[string]*Answer {
	items, given := r.Items(), make(map[string]*Answer, len(answers))
	for i, a := range answers {
		at := pointer + "/" + strconv.Itoa(i)
		args := fault.Args{"item": a.Item}
		index := slices.IndexFunc(items, func(item Item) bool { return item.ID == a.Item })
		switch {
		case index < 0:
			f.Check(false, at+"/item", "rating_item_unknown", args)
		case given[a.Item] != nil:
			f.Check(false, at+"/item", "rating_answer_twice", args)
		case !items[index].Asked():
			f.Check(false, at+"/item", "rating_item_computed", args)
		case !items[index].there(found):
			f.Check(false, at+"/item", "rating_item_unavailable", args)
		case items[index].takes(a, f, at):
			given[a.Item] = &answers[i]
		default:
			given[a.Item] = &Answer{Item: a.Item}
		}
	}
	return given
}

// takes checks that the answer is of the item's kind.
func (i Item) takes(a Answer, f *fault.Fields, at string) bool {
	if i.Kind == Number {
		return f.Check(a.Points != nil && a.Yes == nil, at, "rating_answer_kind", fault.Args{"item": i.ID, "kind": string(i.Kind)}) &&
			f.Check(*a.Points >= 0 && *a.Points <= i.Max, at+"/points", "rating_points_outside", fault.Args{"item": i.ID, "max": i.Max})
	}
	return f.Check(a.Yes != nil && a.Points == nil, at, "rating_answer_kind", fault.Args{"item": i.ID, "kind": string(i.Kind)})
}

// there reports whether the occasion of the item was there.
func (i Item) there(found Findings) bool { return i.When == "" || found.Occasions[i.When] }

func (i Item) assess(found Findings, answer *Answer) Line {
	line := Line{Item: i.ID, Title: i.Title, Kind: i.Kind, Available: i.there(found), Computed: !i.Asked(), Max: i.Max}
	switch {
	case !line.Available:
		return line
	case i.Asked():
		i.answered(&line, answer)
	case i.Measure != "":
		i.measured(&line, found)
	default:
		evidence := found.Facts[i.Fact]
		line.shows(evidence)
		if evidence.Known {
			line.Yes = &evidence.Holds
		}
		line.Full = evidence.Known && evidence.Holds
	}
	if line.Full {
		line.Points = i.Max
	}
	return line
}

func (l *Line) shows(e Evidence) {
	l.Known = e.Known
	if e.Known {
		l.Numerator, l.Denominator = &e.Numerator, &e.Denominator
	}
}

func (i Item) answered(line *Line, answer *Answer) {
	if answer == nil {
		return
	}
	line.Known, line.Yes = true, answer.Yes
	if answer.Points != nil {
		line.Points = *answer.Points
		line.Full = line.Points == i.Max
		return
	}
	line.Full = answer.Yes != nil && *answer.Yes
}

// measured gives the points of the band, or says whether the condition holds.
func (i Item) measured(line *Line, found Findings) {
	e := found.Measures[i.Measure]
	line.shows(e)
	if !e.Known {
		return
	}
	if i.Kind == Condition {
		line.Full = e.Denominator > 0 && (i.Least == nil || i.Least.holds(e.Numerator, e.Denominator)) &&
			(i.Most == nil || i.Most.holds(e.Numerator, e.Denominator))
		holds := line.Full
		line.Yes = &holds
		return
	}
	line.Points = i.None
	if e.Denominator > 0 {
		at := slices.IndexFunc(i.Bands, func(b Band) bool { return b.holds(e.Numerator, e.Denominator) })
		line.Points = i.Bands[at].Points // the bands leave no rate out
	}
	lacking := slices.ContainsFunc(i.Needs, func(fact Fact) bool { return !found.Facts[fact].Known || !found.Facts[fact].Holds })
	if line.Points == i.Max && lacking {
		line.Points = i.Otherwise
	}
	line.Full = line.Points == i.Max
}

// grade returns the best grade whose threshold and gate are reached, and the best one that a gate kept out of reach.
func (r *Rubric) grade(lines []Line, points, available int) (Grade, *HeldBack) {
	var held *HeldBack
	for _, g := range r.Grades {
		if !r.reaches(points, available, g.From) {
			continue
		}
		lacking := lacks(lines, g.Full)
		if len(lacking) == 0 {
			return g, held
		}
		if held == nil {
			held = &HeldBack{g.ID, lacking}
		}
	}
	return Grade{}, held // the last grade of a rubric takes everything
}

// reaches compares points with a threshold: as they are, or as so many of 100 that were available.
func (r *Rubric) reaches(points, available, from int) bool {
	if r.Scale == OfAvailable {
		return points*100 >= from*available
	}
	return points >= from
}

// lacks returns those of the items that were available and did not get full marks.
func lacks(lines []Line, items []string) []string {
	var lacking []string
	for _, line := range lines {
		if line.Available && !line.Full && slices.Contains(items, line.Item) {
			lacking = append(lacking, line.Item)
		}
	}
	return lacking
}
