package rules

import (
	"slices"

	"sochibo/internal/org"
)

// ItemKind is how an item of a rubric gets its points.
type ItemKind string

// The kinds of items: a measured rate that falls into a band; yes or no, of what the records say or a person answers; points that
// a person gives; a condition, which has no points and either holds or does not.
const (
	Bands     ItemKind = "bands"
	YesNo     ItemKind = "yes_no"
	Number    ItemKind = "number"
	Condition ItemKind = "condition"
)

func itemKinds() []ItemKind { return []ItemKind{Bands, YesNo, Number, Condition} }

// Measure is a rate that is computed of the records.
type Measure string

// The measures. ExcusedRunning is a count: how many sessions of the year running somebody was excused, at most.
const (
	Attendance     Measure = "attendance"      // present in the base / the base
	ContentCovered Measure = "content_covered" // content items covered / those that the set asks for
	Duration       Measure = "duration"        // minutes / minutes that the set asks for
	TasksOnTime    Measure = "tasks_on_time"   // tasks due in the month and done by their day / tasks due in the month
	ExcusedRunning Measure = "excused_running"
)

// Measures returns every measure.
func Measures() []Measure {
	return []Measure{Attendance, ContentCovered, Duration, TasksOnTime, ExcusedRunning}
}

// bounded reports whether the measure never exceeds 1.
func (m Measure) bounded() bool {
	return m == Attendance || m == ContentCovered || m == TasksOnTime
}

// Fact is a yes or no that is computed of the records.
type Fact string

// The facts.
const (
	NobodyUnexcused     Fact = "nobody_unexcused"
	DurationKept        Fact = "duration_kept"
	RecordInTime        Fact = "record_in_time"
	CommitteeMetFirst   Fact = "committee_met_first"
	ConclusionsRecorded Fact = "conclusions_recorded"
	TasksAssigned       Fact = "tasks_assigned"
	TopicNamed          Fact = "topic_named"
	ThematicInQuarter   Fact = "thematic_in_quarter"
)

// KnownFacts returns every fact.
func KnownFacts() []Fact {
	return []Fact{
		NobodyUnexcused, DurationKept, RecordInTime, CommitteeMetFirst, ConclusionsRecorded, TasksAssigned, TopicNamed, ThematicInQuarter,
	}
}

// Occasion is when an item is there at all; an item that is not lowers the maximum that was available.
type Occasion string

// The occasions.
const (
	ThematicSession Occasion = "thematic_session" // a thematic session was held for the month
	CellCommittee   Occasion = "cell_committee"   // a cell committee was in office
)

// Occasions returns every occasion.
func Occasions() []Occasion { return []Occasion{ThematicSession, CellCommittee} }

// Scale is what the thresholds of the grades are compared with.
type Scale string

// The scales: the points themselves, or the points of 100 that were available.
const (
	OfPoints    Scale = "points"
	OfAvailable Scale = "available"
)

// Rubric is how sessions are rated.
type Rubric struct {
	Bodies []org.Body
	Forms  []string
	Scale  Scale
	Total  int
	Groups []Group
	Grades []Grade // the best first
	Year   []YearRule
}

// Group is a part of a rubric.
type Group struct {
	ID    string
	Title string
	Max   int
	Items []Item
}

// Item is what points are given for. Of bands, None are the points where there was nothing to measure; full points also need every
// fact of Needs, and are Otherwise where one does not hold.
type Item struct {
	ID        string
	Title     string
	Kind      ItemKind
	Max       int
	When      Occasion
	Measure   Measure
	Fact      Fact
	Bands     []Band
	None      int
	Needs     []Fact
	Otherwise int
	Least     *Least // of a condition
	Most      *Most  // of a condition
}

// Asked reports whether a person answers the item.
func (i Item) Asked() bool { return i.Measure == "" && i.Fact == "" }

// Band gives points to the rates between its bounds; a nil bound is none.
type Band struct {
	Low    *Least
	High   *Most
	Points int
}

func (b Band) holds(n, d int64) bool {
	return (b.Low == nil || b.Low.holds(n, d)) && (b.High == nil || b.High.holds(n, d))
}

// Grade is what a session gets from so many points on; it also needs full marks on the items named, as far as they were available.
type Grade struct {
	ID    string
	Title string
	From  int
	Full  []string
}

// YearRule gives a year the grade if so many sessions have the grade Of or a better one, and all others Others or a better one.
type YearRule struct {
	Grade    string
	Sessions int
	Of       string
	Others   string
}

// Rates reports whether the rubric is for sessions of the body that hold one of the forms.
func (r *Rubric) Rates(body org.Body, forms []string) bool {
	return slices.Contains(r.Bodies, body) && slices.ContainsFunc(r.Forms, func(f string) bool { return slices.Contains(forms, f) })
}

// Items returns the items of all groups in their order.
func (r *Rubric) Items() []Item {
	var all []Item
	for _, g := range r.Groups {
		all = append(all, g.Items...)
	}
	return all
}

// Bounds returns between which bounds a measure meets what the rubric asks for: a condition holds, bands give full marks. Both are nil
// where the rubric does not measure it.
func (r *Rubric) Bounds(of Measure) (least *Least, most *Most) {
	if r == nil {
		return nil, nil
	}
	for _, item := range r.Items() {
		if item.Measure != of {
			continue
		}
		if item.Kind == Condition {
			return item.Least, item.Most
		}
		for _, b := range item.Bands {
			if b.Points == item.Max {
				return b.Low, b.High
			}
		}
	}
	return nil, nil
}

// Claims returns the best grade that so many points are enough for; nil where the rubric has no points, or they are compared with what was
// available.
func (r *Rubric) Claims(points int) *Grade {
	if r == nil || r.Total == 0 || r.Scale != OfPoints {
		return nil
	}
	for i, g := range r.Grades {
		if points >= g.From {
			return &r.Grades[i]
		}
	}
	return nil
}

// Grade returns the grade of the id.
func (r *Rubric) Grade(id string) *Grade {
	if r == nil {
		return nil
	}
	for i, g := range r.Grades {
		if g.ID == id {
			return &r.Grades[i]
		}
	}
	return nil
}

// Failing returns the items of the grade's gate that the records contradict: they are computed, known, and have no full marks. What a person
// judges, or nobody knows, contradicts nothing.
func (r *Rubric) Failing(g Grade, found Findings) []Line {
	var failing []Line
	for _, item := range r.Items() {
		if line := item.assess(found, nil); line.Available && line.Computed && line.Known && !line.Full && slices.Contains(g.Full, item.ID) {
			failing = append(failing, line)
		}
	}
	return failing
}

// GradeIDs returns the grades, the best first.
func (r *Rubric) GradeIDs() []string {
	ids := make([]string, len(r.Grades))
	for i, g := range r.Grades {
		ids[i] = g.ID
	}
	return ids
}

// atLeast reports whether a grade is the other one or better.
func (r *Rubric) atLeast(grade, other string) bool {
	ids := r.GradeIDs()
	at := slices.Index(ids, grade)
	return at >= 0 && at <= slices.Index(ids, other)
}
