package exchange

import (
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/rules"
)

// studyFiles are what organisations require, plan and ask for.
func studyFiles() []file {
	of := ref("directive_code", "directives", "directive_id").must()
	by := ref("organization_code", "organizations", "organization_id").must()
	return []file{
		{
			name: "study_requirements", table: "study_requirement", key: []string{"directive_code", "organization_code"},
			columns: []column{of, by, day("study_by").must()},
		},
		{
			name: "implementing_plans", table: "implementing_plan", key: []string{"directive_code", "organization_code", "number", "issued_on"},
			columns: []column{of, by, oneLine("number").must(), day("issued_on").must(), free("title"), address("address")},
		},
		{
			name: "topic_plans", table: "topic_plan", key: []string{"code"}, check: checkPlan,
			columns: []column{
				own(), by, column{name: "quarter", kind: aQuarter}.must(), {name: "planned_month", kind: aMonth},
				ref("topic_code", "topics", "topic_id"), oneOf("category", categories()...), free("note"),
			},
		},
		{
			name: "briefings", table: "briefing", key: []string{"code"},
			columns: []column{own(), by, column{name: "month", kind: aMonth}.must(), free("title").must()},
		},
		{
			name: "briefing_lines", table: "briefing_line", key: []string{"briefing_code", "position"}, part: "briefings",
			columns: []column{
				ref("briefing_code", "briefings", "briefing_id").must(), count("position", mostCount).must(),
				oneOf("content_item", rules.ContentItems()...), free("text").must(), ref("directive_code", "directives", "directive_id"),
				address("address"),
			},
		},
	}
}

// linkFiles are what links meetings with briefings and with each other. They are no part of a record, so that counted meetings take them too.
func linkFiles() []file {
	meeting := ref("meeting_code", "meetings", "meeting_id").must()
	return []file{
		{
			name: "briefing_uses", table: "briefing_use", key: []string{"briefing_code", "meeting_code"}, besides: true,
			columns: []column{ref("briefing_code", "briefings", "briefing_id").must(), meeting},
		},
		{
			name: "joint_sessions", table: "joint_session", key: []string{"code"},
			columns: []column{
				own(), ref("organization_code", "organizations", "organization_id").must(), free("title").must(), ref("topic_code", "topics", "topic_id"),
			},
		},
		{
			name: "joint_session_meetings", table: "joint_session_meeting", key: []string{"meeting_code"}, part: "joint_sessions", besides: true,
			columns: []column{meeting, ref("joint_session_code", "joint_sessions", "joint_session_id").must()},
		},
	}
}

// checkPlan demands a topic or a category, and a month of the quarter.
func checkPlan(r *record) {
	if (r.text("topic_code") == "") == (r.text("category") == "") {
		r.bad("topic_code", "plan_subject", nil)
		r.set("topic_code", nil)
		r.set("category", categories()[0])
	}
	quarter, known := r.values[r.at("quarter")].(calendar.Quarter)
	month, planned := r.values[r.at("planned_month")].(calendar.Month)
	if known && planned && month.Quarter() != quarter {
		r.bad("planned_month", "month_outside_quarter", fault.Args{"quarter": quarter.String()})
	}
}
