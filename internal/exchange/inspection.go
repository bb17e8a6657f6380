package exchange

import (
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/inspection"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// inspectionFiles are plans, rounds of inspection, what they found and what organisations have to put right. Samples of records and grants
// that are tied to a round belong to the installation and are in no folder.
func inspectionFiles() []file {
	return append(append(plannedFiles(), roundFiles()...), remedyFiles()...)
}

// plannedFiles are what bodies mean to inspect in a year.
func plannedFiles() []file {
	plan := ref("plan_code", "inspection_plans", "plan_id").must()
	return []file{
		{
			name: "inspection_plans", table: "inspection_plan", key: []string{"code"},
			columns: []column{
				own(), ref("organization_code", "organizations", "organization_id").must(), oneOf("body", words(org.Bodies)...).must(),
				count("year", calendar.LastYear).must(), oneLine("number").must(), day("approved_on").must(),
			},
		},
		{
			name: "inspection_plan_items", table: "inspection_plan_item", key: []string{"code"}, part: "inspection_plans", check: checkPlanItem,
			columns: []column{
				own(), plan, oneOf("kind", words(inspection.Kinds())...).must(), column{name: "quarter", kind: aQuarter}.must(),
				{name: "planned_month", kind: aMonth}, free("title"),
			},
		},
		{
			name: "inspection_plan_objects", table: "inspection_plan_object", key: []string{"item_code", "organization_code"}, part: "inspection_plan_items",
			columns: []column{
				ref("item_code", "inspection_plan_items", "item_id").must(), ref("organization_code", "organizations", "organization_id").must(),
			},
		},
	}
}

// roundFiles are rounds with their objects and findings.
func roundFiles() []file {
	round := ref("inspection_code", "inspections", "inspection_id").must()
	return []file{
		{
			name: "inspections", table: "inspection", key: []string{"code"}, check: checkSpan, derive: deriveInspection,
			life: [2]string{"from"},
			columns: []column{
				own(), ref("organization_code", "organizations", "organization_id").must(), oneOf("body", words(org.Bodies)...).must(),
				oneOf("kind", words(inspection.Kinds())...).must(), day("from").as("from_on").must(), day("to").as("to_on"), free("title"),
				ref("plan_item_code", "inspection_plan_items", "plan_item_id"),
				derived("search_key"),
			},
		},
		{
			name: "inspection_objects", table: "inspection_object", key: []string{"inspection_code", "object_type", "object_code"},
			part: "inspections", derive: deriveObject,
			columns: []column{
				round, oneOf("object_type", "organization", "member").must(),
				column{name: "object_code", kind: aCode}.must().or(objectStored),
				{name: "organization_code", kind: aCode, refers: "organizations", store: "organization_id", derived: true, shown: "object_code"},
				{name: "member_code", kind: aCode, refers: "members", store: "member_id", derived: true, shown: "object_code"},
			},
		},
		{
			name: "findings", table: "inspection_finding", key: []string{"code"}, part: "inspections", besides: true, check: checkFinding,
			columns: []column{
				own(), round, ref("organization_code", "organizations", "organization_id"), ref("member_code", "members", "member_id"),
				ref("meeting_code", "meetings", "meeting_id"), oneOf("content_item", rules.ContentItems()...),
				oneOf("severity", words(inspection.Severities())...).must(), free("text").must(),
			},
		},
	}
}

// remedyFiles are what organisations have to put right, and how that was checked again.
func remedyFiles() []file {
	return []file{
		{
			name: "remedies", table: "remedy", key: []string{"code"}, check: checkRemedy,
			columns: []column{
				own(), ref("finding_code", "findings", "finding_id").must(),
				ref("organization_code", "organizations", "organization_id").must(), free("text").must(), day("due_on").must(),
				oneOf("status", words(inspection.RemedyStatuses())...).must().usually(string(inspection.RemedyOpen)), day("done_on"), free("outcome"),
			},
		},
		{
			name: "remedy_checks", table: "remedy_check", key: []string{"remedy_code", "checked_on"}, part: "remedies",
			columns: []column{
				ref("remedy_code", "remedies", "remedy_id").must(), day("checked_on").must(),
				oneOf("result", words(inspection.CheckResults())...).must(), free("text"),
			},
		},
	}
}

// checkPlanItem demands a month of the quarter.
func checkPlanItem(r *record) {
	quarter, known := r.values[r.at("quarter")].(calendar.Quarter)
	month, planned := r.values[r.at("planned_month")].(calendar.Month)
	if known && planned && month.Quarter() != quarter {
		r.bad("planned_month", "month_outside_quarter", fault.Args{"quarter": quarter.String()})
	}
}

// checkFinding notes a finding about an organisation and a member at once.
func checkFinding(r *record) {
	if r.text("organization_code") != "" && r.text("member_code") != "" {
		r.bad("member_code", "object_of_other_type", nil)
		r.set("member_code", nil)
	}
}

// checkRemedy demands a day of what is done, and none of what is not.
func checkRemedy(r *record) {
	_, dated := r.date("done_on")
	switch done := r.text("status") == string(inspection.RemedyDone); {
	case r.text("status") == "":
	case done && !dated:
		r.bad("done_on", "field_required", nil)
		r.set("status", string(inspection.RemedyOpen))
	case !done && dated:
		r.bad("done_on", "done_on_without_done", nil)
		r.set("done_on", nil)
	}
}
