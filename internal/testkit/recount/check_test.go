package recount_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sochibo/internal/testkit/recount"
)

// check holds a folder against what the format refuses, written anew without the generator's knowledge.
func check(t *testing.T, f recount.Folder) {
	t.Helper()
	c := checker{t: t, f: f, life: map[string]recount.Row{}}
	for _, row := range f["organizations.csv"] {
		c.life[row["code"]] = recount.Row{"from": row["founded_on"], "to": row["dissolved_on"]}
		c.that(row["dissolved_on"] == "" || row["founded_on"] <= row["dissolved_on"], "life", row)
	}
	c.keysAndCells()
	c.references()
	c.spans()
	c.noOverlap("memberships.csv", "member_code")
	c.noOverlap("placements.csv", "organization_code")
	c.noOverlap("bodies.csv", "organization_code", "body")
	c.meetings()
	facts, err := recount.FactsFromFolderRows(f)
	if err != nil {
		t.Error(err)
	}
	c.rolls(facts)
}

type checker struct {
	t    *testing.T
	f    recount.Folder
	life map[string]recount.Row
}

func (c checker) that(ok bool, what string, row recount.Row) {
	c.t.Helper()
	if !ok {
		c.t.Errorf("%s: %v", what, row)
	}
}

func (c checker) keysAndCells() {
	for _, file := range recount.Files() {
		seen := map[string]bool{}
		for _, row := range c.f[file.Name] {
			var key []string
			for _, column := range file.Key {
				key = append(key, row[column])
			}
			c.that(!seen[strings.Join(key, "|")], file.Name+": key twice", row)
			seen[strings.Join(key, "|")] = true
			for column, cell := range row {
				c.that(slices.Contains(file.Columns, column), "column "+column, row)
				c.that(utf8.ValidString(cell) && cell == strings.TrimSpace(cell), "cell "+column, row)
			}
		}
	}
}

func (c checker) references() {
	codes := map[string]map[string]bool{}
	for _, name := range []string{
		"organizations.csv", "members.csv", "directives.csv", "topics.csv", "meetings.csv", "inspections.csv",
	} {
		codes[name] = map[string]bool{}
		for _, row := range c.f[name] {
			codes[name][row["code"]] = true
			c.that(row["code"] != "" && utf8.RuneCountInString(row["code"]) <= 64, "code", row)
		}
	}
	targets := map[string]string{
		"organization_code": "organizations.csv", "parent_code": "organizations.csv", "member_code": "members.csv",
		"chair_code": "members.csv", "minutes_taker_code": "members.csv", "assignee_code": "members.csv",
		"topic_code": "topics.csv", "directive_code": "directives.csv", "directive_codes": "directives.csv",
		"meeting_code": "meetings.csv", "prepared_by_code": "meetings.csv", "inspection_code": "inspections.csv",
	}
	for name, rows := range c.f {
		for _, row := range rows {
			for column, target := range targets {
				for code := range strings.SplitSeq(row[column], ";") {
					c.that(code == "" || codes[target][code], name+": dangling "+column, row)
				}
			}
			if name == "inspection_objects.csv" {
				c.that(codes[row["object_type"]+"s.csv"][row["object_code"]], "dangling object", row)
			}
		}
	}
}

// inside says whether a row's days lie within the life of the organisation.
func (c checker) inside(code, from, to string) bool {
	life := c.life[code]
	return from >= life["from"] && (life["to"] == "" || to != "" && to <= life["to"])
}

func (c checker) spans() {
	for _, name := range []string{"placements.csv", "bodies.csv", "memberships.csv", "statuses.csv", "offices.csv"} {
		for _, row := range c.f[name] {
			c.that(row["to"] == "" || row["from"] <= row["to"], name+": turned round", row)
			for _, column := range []string{"organization_code", "parent_code"} {
				c.that(row[column] == "" || c.inside(row[column], row["from"], row["to"]), name+": outside the life", row)
			}
		}
	}
	for _, row := range c.f["statuses.csv"] {
		c.that((row["organization_code"] != "") == (row["status"] == "temporarily_here"), "organisation of a status", row)
	}
	for _, row := range c.f["excused_months.csv"] {
		m := recount.Month(row["month"])
		c.that(c.inside(row["organization_code"], string(m.First()), string(m.Last())), "excused outside the life", row)
	}
	for _, row := range c.f["inspections.csv"] {
		to := row["to"]
		if to == "" {
			to = row["from"]
		}
		c.that(row["from"] != "" && row["from"] <= to && c.inside(row["organization_code"], row["from"], to), "round", row)
	}
}

func (c checker) noOverlap(name string, columns ...string) {
	rows := c.f[name]
	for i, a := range rows {
		for _, b := range rows[:i] {
			same := !slices.ContainsFunc(columns, func(column string) bool { return a[column] != b[column] })
			apart := a["to"] != "" && a["to"] < b["from"] || b["to"] != "" && b["to"] < a["from"]
			c.that(!same || apart, name+": overlap", a)
		}
	}
}

func (c checker) meetings() {
	status := map[string]string{}
	for _, row := range c.f["meetings.csv"] {
		status[row["code"]] = row["status"]
		on, err := recount.LocalDate(row["started_at"])
		c.that(err == nil && c.inside(row["organization_code"], string(on), string(on)), "meeting outside the life", row)
		met := row["status"] != "scheduled" && row["status"] != "cancelled"
		c.that(!met || on < today, "met in the future", row)
		normal := recount.NormalForm(recount.Folder{"meetings.csv": {row}})["meetings.csv"][0]
		c.that(row["ended_at"] == "" || normal["ended_at"] > normal["started_at"], "ended before it started", row)
	}
	for _, row := range c.f["attendance.csv"] {
		s := status[row["meeting_code"]]
		c.that(s == "held" || s == "submitted" || s == "accepted", "attendance on "+s, row)
		c.that(row["status"] != "not_recorded", "explicit not_recorded", row)
	}
	for _, row := range c.f["totals.csv"] {
		s := status[row["meeting_code"]]
		c.that(s == "held" || s == "submitted" || s == "accepted", "totals on "+s, row)
	}
	for _, row := range c.f["frozen_rolls.csv"] {
		s := status[row["meeting_code"]]
		c.that(s == "submitted" || s == "accepted", "frozen roll on "+s, row)
	}
}

func (c checker) rolls(facts recount.Facts) {
	rolls := map[string][]recount.Person{}
	for _, m := range facts.Meetings {
		rolls[m.Code] = m.Roll
	}
	for _, row := range c.f["meetings.csv"] {
		for _, column := range []string{"chair_code", "minutes_taker_code"} {
			member := row[column]
			if member == "" || rolls[row["code"]] == nil {
				continue
			}
			c.that(slices.ContainsFunc(rolls[row["code"]], func(p recount.Person) bool {
				return p.Member == member && p.Standing != "temporary"
			}), column+" not on the roster", row)
		}
	}
	for _, m := range facts.Meetings {
		for _, o := range facts.Organizations {
			if o.Code == m.Organization {
				c.that(len(m.Roll) > 0 || m.Totals != nil || m.Status != "submitted" && m.Status != "accepted", "nobody", recount.Row{"code": m.Code})
			}
		}
	}
}
