package recount

import "strings"

// File is one file of the exchange format: its columns in order and those that make its key.
type File struct {
	Name    string
	Columns []string
	Key     []string
}

// Files are the files of the exchange format, each after those it refers to.
func Files() []File {
	return []File{
		file("organizations.csv", "code", "code, kind, cell_type, name, short_name, founded_on, dissolved_on"),
		file("placements.csv", "organization_code, from", "organization_code, parent_code, from, to"),
		file("bodies.csv", "organization_code, body, from", "organization_code, body, from, to"),
		file("members.csv", "code", "code, full_name, gender, born_on, admitted_on, official_on, card_number"),
		file("memberships.csv", "member_code, from", "member_code, organization_code, from, to"),
		file("statuses.csv", "member_code, status, organization_code, from",
			"member_code, status, organization_code, from, to, basis"),
		file("offices.csv", "member_code, organization_code, body, office, from",
			"member_code, organization_code, body, office, from, to"),
		file("directives.csv", "code", "code, number, issuer, issued_on, title"),
		file("topics.csv", "code", "code, category, title, directive_code, organization_code, outline, retired_on"),
		file("topic_links.csv", "topic_code, position", "topic_code, position, title, address"),
		file("study_requirements.csv", "directive_code, organization_code", "directive_code, organization_code, study_by"),
		file("implementing_plans.csv", "directive_code, organization_code, number, issued_on",
			"directive_code, organization_code, number, issued_on, title, address"),
		file("topic_plans.csv", "code", "code, organization_code, quarter, planned_month, topic_code, category, note"),
		file("briefings.csv", "code", "code, organization_code, month, title"),
		file("briefing_lines.csv", "briefing_code, position", "briefing_code, position, content_item, text, directive_code, address"),
		file("meetings.csv", "code", "code, organization_code, body, forms, period_month, started_at, ended_at, "+
			"break_minutes, mode, place, status, title, chair_code, minutes_taker_code, topic_code, content_items, "+
			"directive_codes, guests, prepared_by_code, self_score, cancelled_reason, fees_reported, paper_book, paper_page"),
		file("attendance.csv", "meeting_code, member_code",
			"meeting_code, member_code, status, reason_kind, reason, late, left_early, remote, spoke"),
		file("minutes.csv", "meeting_code, position", "meeting_code, position, part, content_item, member_code, text"),
		file("votes.csv", "meeting_code, position",
			"meeting_code, position, subject, for, against, abstained, method, threshold, stated_base"),
		file("totals.csv", "meeting_code", "meeting_code, roster, official, probationary, expected, present, excused, "+
			"unexcused, temporary, reason"),
		file("briefing_uses.csv", "briefing_code, meeting_code", "briefing_code, meeting_code"),
		file("joint_sessions.csv", "code", "code, organization_code, title, topic_code"),
		file("joint_session_meetings.csv", "meeting_code", "meeting_code, joint_session_code"),
		file("resolutions.csv", "code",
			"code, meeting_code, number, adopted_on, title, votes_for, votes_against, votes_abstained"),
		file("tasks.csv", "code", "code, meeting_code, title, assignee_code, due_on, status, done_on, result, evidence, "+
			"evidence_address, reported_by_code"),
		file("inspections.csv", "code", "code, organization_code, body, kind, from, to, title"),
		file("inspection_objects.csv", "inspection_code, object_type, object_code",
			"inspection_code, object_type, object_code"),
		file("excused_months.csv", "organization_code, body, month", "organization_code, body, month, reason"),
		file("frozen_rolls.csv", "meeting_code, member_code", "meeting_code, member_code, standing"),
		file("registrations.csv", "code", "code, organization_code, month, status, registered_at, decided_at, reason"),
		file("registered_sessions.csv", "registration_code, meeting_code", "registration_code, meeting_code, started_at, ended_at, place"),
		file("notices.csv", "meeting_code, position", "meeting_code, position, kind, title, link, posted_at"),
		file("delegates.csv", "code", "code, organization_code, superior_code, member_code, from, to, basis"),
		file("delegate_attendance.csv", "delegate_code, meeting_code", "delegate_code, meeting_code, attended, observation"),
	}
}

func file(name, key, columns string) File {
	return File{Name: name, Columns: strings.Split(columns, ", "), Key: strings.Split(key, ", ")}
}
