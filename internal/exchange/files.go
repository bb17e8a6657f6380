package exchange

import (
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// files returns the files of the format, each after those it refers to.
func files() []file {
	list := append(structureFiles(), peopleFiles()...)
	list = append(append(list, registryFiles()...), studyFiles()...)
	list = append(append(append(list, meetingFiles()...), numberFiles()...), linkFiles()...)
	list = append(append(list, recordFiles()...), inspectionFiles()...)
	return append(append(list, ratingFile()), scheduleFiles()...)
}

// findFile returns the file of the name among files that the format has.
func findFile(list []file, name string) *file {
	for i := range list {
		if list[i].name == name {
			return &list[i]
		}
	}
	return nil
}

func structureFiles() []file {
	return []file{
		{
			name: "organizations", table: "organization", key: []string{"code"}, check: checkOrganization, derive: deriveOrganization,
			columns: []column{
				own(), oneOf("kind", words(org.Kinds())...).must().usually(string(org.KindBaseCell)), oneOf("cell_type", words(org.CellTypes())...),
				oneLine("name").must(), oneLine("short_name"), day("founded_on"), day("dissolved_on"),
				derived("search_key"), derived("sort_key"),
			},
		},
		{
			name: "placements", table: "placement", key: []string{"organization_code", "from"}, part: "organizations",
			check: checkPlacement, life: [2]string{"from", "to"},
			columns: []column{
				ref("organization_code", "organizations", "organization_id").must(), ref("parent_code", "organizations", "parent_id").must(),
				from(), to(),
			},
		},
		{
			name: "bodies", table: "body_term", key: []string{"organization_code", "body", "from"}, part: "organizations",
			check: checkSpan, life: [2]string{"from", "to"},
			columns: []column{
				ref("organization_code", "organizations", "organization_id").must(), oneOf("body", words(org.Bodies)[1:]...).must(), from(), to(),
			},
		},
		{
			name: "excused_months", table: "excused_month", key: []string{"organization_code", "body", "month"}, part: "organizations",
			derive: deriveExcused, life: [2]string{"last_day", "first_day"},
			columns: []column{
				ref("organization_code", "organizations", "organization_id").must(), oneOf("body", words(org.Bodies)...).must(),
				column{name: "month", kind: aMonth}.must(), free("reason"),
				{name: "first_day", kind: aDate, derived: true, unstored: true, shown: "month"},
				{name: "last_day", kind: aDate, derived: true, unstored: true, shown: "month"},
			},
		},
	}
}

func peopleFiles() []file {
	organization := ref("organization_code", "organizations", "organization_id")
	who := ref("member_code", "members", "member_id").must()
	return []file{
		{
			name: "members", table: "member", key: []string{"code"}, check: checkMember, derive: deriveMember,
			columns: []column{
				own(), oneLine("full_name").must(), oneOf("gender", words(member.Genders())...), day("born_on"), day("admitted_on"),
				day("official_on"), oneLine("card_number"), derived("search_key"), derived("sort_key"),
			},
		},
		{
			name: "memberships", table: "membership", key: []string{"member_code", "from"}, part: "members",
			check: checkSpan, life: [2]string{"from", "to"}, columns: []column{who, organization.must(), from(), to()},
		},
		{
			name: "statuses", table: "member_status", key: []string{"member_code", "status", "organization_code", "from"}, part: "members",
			check: checkStatus, life: [2]string{"from", "to"},
			columns: []column{who, oneOf("status", words(member.StatusKinds())...).must(), organization, from(), to(), free("basis")},
		},
		{
			name: "offices", table: "office", key: []string{"member_code", "organization_code", "body", "office", "from"}, part: "members",
			check: checkOffice, life: [2]string{"from", "to"},
			columns: []column{
				who, organization.must(), oneOf("body", words(org.Bodies)...).must(), oneOf("office", words(member.OfficeKinds())...).must(),
				from(), to(),
			},
		},
	}
}

func registryFiles() []file {
	required := oneLine("number")
	required.blank = true
	return []file{
		{
			name: "directives", table: "directive", key: []string{"code"}, derive: deriveDirective, check: checkDirective,
			columns: []column{
				own(), required, oneLine("issuer"), day("issued_on").must(), free("title"), derived("search_key"),
			},
		},
		{
			name: "topics", table: "topic", key: []string{"code"}, derive: deriveTopic,
			columns: []column{
				own(), oneOf("category", categories()...).must(), free("title").must(),
				ref("directive_code", "directives", "directive_id"), ref("organization_code", "organizations", "organization_id"), free("outline"),
				day("retired_on"), derived("search_key"), derived("sort_key"),
			},
		},
		{
			name: "topic_links", table: "topic_link", key: []string{"topic_code", "position"}, part: "topics",
			columns: []column{
				ref("topic_code", "topics", "topic_id").must(), count("position", mostCount).must(), oneLine("title").must(), address("address").must(),
			},
		},
	}
}

func meetingFiles() []file {
	who := func(name, store string) column { return ref(name, "members", store) }
	return []file{
		{
			name: "meetings", table: "meeting", key: []string{"code"}, check: checkMeeting, derive: deriveMeeting,
			life: [2]string{"held_on", "held_on"},
			columns: []column{
				own(), ref("organization_code", "organizations", "organization_id").must(), oneOf("body", words(org.Bodies)...).must(),
				column{name: "forms", kind: manyWords, words: words(meeting.AllForms())}.must(), column{name: "period_month", kind: aMonth}.must(),
				column{name: "started_at", kind: anInstant}.must(), {name: "ended_at", kind: anInstant}, count("break_minutes", mostCount),
				oneOf("mode", words(meeting.Modes())...), free("place"), oneOf("status", words(meeting.Statuses())...).must().usually(string(meeting.Held)), free("title"),
				who("chair_code", "chair_id"), who("minutes_taker_code", "minutes_taker_id"), ref("topic_code", "topics", "topic_id"),
				column{name: "content_items", kind: manyWords, words: rules.ContentItems()}.or(itemsStored),
				column{name: "directive_codes", kind: manyCodes, refers: "directives"}.or(directivesStored),
				count("guests", mostCount), ref("prepared_by_code", "meetings", "prepared_by_id"), count("self_score", 100),
				free("cancelled_reason"), flag("fees_reported"), short("paper_book"), short("paper_page"), derived("search_key"),
				{name: "held_on", kind: aDate, derived: true, shown: "started_at"},
				{name: "doubtful", kind: aTruth, derived: true, unstored: true},
			},
		},
		{
			name: "attendance", table: "attendance", key: []string{"meeting_code", "member_code"}, apart: true, part: "meetings",
			clash: "member_code", twice: "attendance_duplicate",
			columns: []column{
				ref("meeting_code", "meetings", "meeting_id").must(), who("member_code", "member_id").must(),
				oneOf("status", words(meeting.RecordedStatuses())...).must(), oneOf("reason_kind", words(meeting.ReasonKinds())...), free("reason"),
				flag("late"), flag("left_early"), flag("remote"), flag("spoke"),
			},
		},
		{
			name: "minutes", table: "minutes_line", key: []string{"meeting_code", "position"}, part: "meetings",
			columns: []column{
				ref("meeting_code", "meetings", "meeting_id").must(), count("position", mostCount).must(),
				oneOf("part", words([]meeting.Part{meeting.Agenda, meeting.Opinion, meeting.Conclusion})...).must(),
				oneOf("content_item", rules.ContentItems()...), who("member_code", "member_id"), free("text"),
			},
		},
		{
			name: "frozen_rolls", table: "attendance", key: []string{"meeting_code", "member_code"}, apart: true,
			columns: []column{
				ref("meeting_code", "meetings", "meeting_id").must(), who("member_code", "member_id").must(),
				oneOf("standing", words([]member.Standing{member.Base, member.Roster, member.Temporary})...).must(),
			},
		},
	}
}

func numberFiles() []file {
	return []file{
		{
			name: "votes", table: "meeting_vote", key: []string{"meeting_code", "position"}, part: "meetings", check: checkVote,
			columns: []column{
				ref("meeting_code", "meetings", "meeting_id").must(), count("position", mostCount).must(), free("subject"),
				count("for", mostVotes).as("votes_for").must(), count("against", mostVotes).as("votes_against"),
				count("abstained", mostVotes).as("votes_abstained"), oneOf("method", words(meeting.VoteMethods())...),
				oneOf("threshold", words(meeting.Thresholds())...), count("stated_base", mostVotes),
			},
		},
		{
			name: "totals", table: "meeting_totals", key: []string{"meeting_code"}, part: "meetings", check: checkTotals,
			columns: []column{
				ref("meeting_code", "meetings", "meeting_id").must(), count("roster", mostVotes).must(), count("official", mostVotes),
				count("probationary", mostVotes), count("expected", mostVotes).must(), count("present", mostVotes).must(),
				count("excused", mostVotes), count("unexcused", mostVotes), count("temporary", mostVotes), free("reason").must(),
			},
		},
	}
}

func recordFiles() []file {
	of := ref("meeting_code", "meetings", "meeting_id").must()
	return []file{
		{
			name: "resolutions", table: "resolution", key: []string{"code"}, part: "meetings",
			columns: []column{
				own(), of, oneLine("number"), day("adopted_on"), free("title"),
				count("votes_for", mostCount), count("votes_against", mostCount), count("votes_abstained", mostCount),
			},
		},
		{
			name: "tasks", table: "task", key: []string{"code"}, part: "meetings",
			columns: []column{
				own(), of, free("title"), ref("assignee_code", "members", "assignee_id"), day("due_on"),
				oneOf("status", "open", "done", "dropped").must(), day("done_on"), free("result"), free("evidence"), address("evidence_address"),
				ref("reported_by_code", "members", "reported_by_id"),
			},
		},
	}
}

func categories() []string {
	return []string{"ho_chi_minh_study", "cell_building", "party_building", "session_quality", "political_task", "other"}
}

// address is the address of a page.
func address(name string) column { return column{name: name, kind: anAddress} }

// words makes plain texts of the words of a slice.
func words[W ~string](list []W) []string {
	plain := make([]string, len(list))
	for i, w := range list {
		plain[i] = string(w)
	}
	return plain
}
