package arch

import (
	"slices"
	"testing"
)

// TestFloorPlan holds the house against the plan.
func TestFloorPlan(t *testing.T) {
	t.Parallel()
	h := load(t)
	for _, r := range rules {
		found := r.check(h)
		slices.Sort(found)
		for _, violation := range found {
			t.Errorf("%s: %s", r.name, violation)
		}
	}
	for _, e := range exceptions {
		if !h.excused[e] {
			t.Errorf("plan_test.go: nothing needs the exception %s for %s any more", e.rule, e.where)
		}
	}
}

func TestEveryTableHasAnOwner(t *testing.T) {
	t.Parallel()
	made := tables(t)
	for _, table := range made {
		if owners[table] == "" {
			t.Errorf("plan_test.go: nobody owns the table %s", table)
		}
	}
	for table := range owners {
		if !slices.Contains(made, table) && table != "goose_db_version" {
			t.Errorf("plan_test.go: there is no table %s", table)
		}
	}
}
