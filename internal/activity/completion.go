package activity

import (
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/ledger"
	"sochibo/internal/summary"
)

// GroupBy names what the completion of tasks is split by.
type GroupBy string

// The groups; ByNothing asks for the total alone.
const (
	ByNothing GroupBy = ""
	ByMonth   GroupBy = "month"
	ByQuarter GroupBy = "quarter"
	ByYear    GroupBy = "year"
	ByChild   GroupBy = "child"
)

// Tasks counts the tasks that were due in a period. Done on time, done late, done on an unknown day, overdue and still open add up to those
// due; dropped ones stand apart.
type Tasks struct {
	Rate    summary.Ratio `json:"rate"` // done on time of those due
	Due     int64         `json:"due" example:"85"`
	OnTime  int64         `json:"on_time" example:"73"`
	Late    int64         `json:"late" example:"9"`
	Undated int64         `json:"done_undated" example:"0"`
	Overdue int64         `json:"overdue" example:"3"`
	Open    int64         `json:"open" example:"0"` // not due before today
	Dropped int64         `json:"dropped" example:"3"`
} //	@name	TaskCounts

// TaskGroup is one part of the completion: a month, quarter or year in which the tasks were due, or a child they came through.
type TaskGroup struct {
	Key          string         `json:"key" example:"2018-04"`
	Organization *summary.Named `json:"organization,omitempty" extensions:"x-omitempty"` // of a child within reach
	Tasks
} //	@name	TaskGroup

// Completion tells what became of the tasks that counted meetings gave and that were due in the period.
type Completion struct {
	Organization summary.Named    `json:"organization"`
	Period       summary.PeriodOf `json:"period"`
	Scope        summary.Scope    `json:"scope" swaggertype:"string" enums:"subtree,own"`
	Basis        ledger.Basis     `json:"basis" swaggertype:"string" enums:"submitted,accepted"`
	Day          calendar.Date    `json:"day" swaggertype:"string" format:"date"` // by which open tasks are overdue
	Tasks
	GroupBy GroupBy     `json:"group_by,omitempty" swaggertype:"string" enums:"month,quarter,year,child" extensions:"x-omitempty"`
	Groups  []TaskGroup `json:"groups,omitempty" extensions:"x-omitempty"`
	Links   TaskLinks   `json:"links"`
} //	@name	TaskCompletion

// TaskLinks lead to the tasks.
type TaskLinks struct {
	Tasks string `json:"tasks" example:"/api/v1/tasks?organization_id=…"`
} //	@name	TaskLinks

// sumOf adds up the counts that fit.
func sumOf(rows []taskCount, fits func(taskCount) bool) Tasks {
	var t Tasks
	for _, r := range rows {
		if !fits(r) {
			continue
		}
		t.Due += r.Due
		t.OnTime += r.OnTime
		t.Late += r.Late
		t.Undated += r.Undated
		t.Overdue += r.Overdue
		t.Open += r.Open
		t.Dropped += r.Dropped
	}
	t.Rate = summary.NewRatio(t.OnTime, t.Due)
	return t
}

// timeGroups splits the counts by the time in which the tasks were due, in its order; times without a task are left out.
func timeGroups(rows []taskCount, by GroupBy) []TaskGroup {
	key := func(m calendar.Month) string {
		switch by {
		case ByQuarter:
			return m.Quarter().String()
		case ByYear:
			return m.String()[:4]
		case ByMonth, ByNothing, ByChild:
		}
		return m.String()
	}
	var keys []string
	for _, r := range rows {
		if k := key(r.Month); !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	groups := make([]TaskGroup, len(keys))
	for i, k := range keys {
		groups[i] = TaskGroup{Key: k, Tasks: sumOf(rows, func(r taskCount) bool { return key(r.Month) == k })}
	}
	return groups
}
