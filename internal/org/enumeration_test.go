package org_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/org"
)

func enumerated(tb testing.TB) map[string][]string {
	tb.Helper()
	list, err := org.Enumerations()
	if err != nil {
		tb.Fatal(err)
	}
	words := map[string][]string{}
	for _, e := range list {
		for _, w := range e.Words {
			if w.Word == "" || w.Vi == "" || w.En == "" || slices.Contains(words[e.Name], w.Word) {
				tb.Errorf("%s: %+v", e.Name, w)
			}
			words[e.Name] = append(words[e.Name], w.Word)
		}
	}
	return words
}

func texts[W ~string](words []W) []string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = string(word)
	}
	return list
}

func TestEnumerationsAreThoseOfTheRooms(t *testing.T) {
	t.Parallel()
	words := enumerated(t)
	for name, want := range map[string][]string{
		"body": texts(org.Bodies), "organization_kind": texts(org.Kinds()), "cell_type": texts(org.CellTypes()),
		"role": texts(auth.Roles()), "reach": texts(org.Reaches()),
	} {
		if diff := cmp.Diff(want, words[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

var (
	tablePattern = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\);`)
	checkPattern = regexp.MustCompile(`(?m)^\s*(\w+) .*CHECK \(\w+ IN \(([^)]*)\)`)
)

// TestEnumerationsAreThoseOfTheSchema compares with the words that the columns of the schema take.
func TestEnumerationsAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	columns := map[string]string{
		"organization.kind": "organization_kind", "organization.cell_type": "cell_type", "excused_month.body": "body",
		"role_grant.role": "role", "role_grant.reach": "reach", "member.gender": "gender", "member_status.status": "member_status",
		"office.body": "body", "office.office": "office", "topic.category": "topic_category",
		"topic_plan.category": "topic_category", "meeting.body": "body",
		"meeting.mode": "meeting_mode", "meeting.status": "meeting_status", "attendance.status": "attendance_status",
		"attendance.reason_kind": "reason_kind", "attendance.standing": "standing", "minutes_line.part": "minutes_part",
		"task.status": "task_status", "meeting_event.act": "meeting_act", "inspection.body": "body", "inspection.kind": "inspection_kind",
		"inspection_object.object_type": "inspection_object_type", "inspection_finding.severity": "finding_severity",
		"inspection_plan.body": "body", "inspection_plan_item.kind": "inspection_kind", "remedy.status": "remedy_status", "remedy_check.result": "remedy_check_result",
		"amendment.status": "amendment_status", "amendment.reason_code": "amendment_reason", "erasure.status": "erasure_status", "rating.stage": "rating_stage",
	}
	words := enumerated(t)
	files, err := filepath.Glob("../database/migrations/*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tablePattern.FindAllStringSubmatch(string(content), -1) {
			for _, check := range checkPattern.FindAllStringSubmatch(table[2], -1) {
				column := table[1] + "." + check[1]
				name, known := columns[column]
				if !known {
					continue
				}
				seen[column] = true
				got := strings.Split(strings.Join(strings.Fields(strings.ReplaceAll(check[2], "'", "")), ""), ",")
				if diff := cmp.Diff(words[name][:min(len(got), len(words[name]))], got); diff != "" { // a later migration may know more
					t.Errorf("%s: %s: %s", file, column, diff)
				}
			}
		}
	}
	for column := range columns {
		if !seen[column] {
			t.Errorf("no words of %s found in the schema", column)
		}
	}
}
