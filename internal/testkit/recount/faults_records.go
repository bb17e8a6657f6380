package recount

// recordPlants are the faults of meetings, rolls, and what comes of them.
func recordPlants() []plant {
	return append(append(append(meetingPlants(), rollPlants()...), outcomePlants()...), oldPaperPlants()...)
}

func meetingPlants() []plant {
	const meetings = "meetings.csv"
	meeting := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) { s.row(p, with(meetingRow(s.code("hp"), s.cell()), changes...)) }
	}
	stranger := func(column string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) { meeting(column, s.member(s.cell()))(s, p) }
	}
	return []plant{
		{"bad_month", meetings, "period_month", meeting("period_month", "2016-13")},
		{"missing", meetings, "period_month", meeting("period_month", "")},
		{"missing", meetings, "started_at", meeting("started_at", "", "ended_at", "")},
		{"bad_instant", meetings, "started_at", meeting("started_at", "2016-03-10 14:00")},
		{"ends_before_start", meetings, "ended_at", meeting("ended_at", "2016-03-10T06:59:00Z")},
		{"outside_life", meetings, "started_at", meeting(
			"started_at", "2009-12-31T16:59:00Z", "ended_at", "2009-12-31T18:00:00Z", "period_month", "2010-01")},
		{"unknown_word", meetings, "forms", meeting("forms", "regular;weekly")},
		{"unknown_word", meetings, "status", meeting("status", "approved")},
		{"unknown_word", meetings, "mode", meeting("mode", "by_phone")},
		{"unknown_word", meetings, "body", meeting("body", "assembly")},
		{"bad_number", meetings, "guests", meeting("guests", "-1")},
		{"bad_number", meetings, "break_minutes", meeting("break_minutes", "mười")},
		{"dangling", meetings, "organization_code", meeting("organization_code", "không có")},
		{"dangling", meetings, "topic_code", meeting("topic_code", "không có")},
		{"dangling", meetings, "directive_codes", meeting("directive_codes", "không có")},
		{"dangling", meetings, "prepared_by_code", meeting("prepared_by_code", "không có")},
		{"not_on_roster", meetings, "chair_code", stranger("chair_code")},
		{"not_on_roster", meetings, "minutes_taker_code", stranger("minutes_taker_code")},
		{"duplicate_key", meetings, "code", func(s *spoiler, p plant) {
			row := meetingRow(s.code("hp"), s.cell())
			s.pair(p, row, with(row, "period_month", "2016-04"))
		}},
	}
}

func rollPlants() []plant {
	const rolls = "attendance.csv"
	attendance := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) { s.row(p, with(s.attendance("held"), changes...)) }
	}
	on := func(status string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) { s.row(p, s.attendance(status)) }
	}
	return []plant{
		{"dangling", rolls, "meeting_code", attendance("meeting_code", "không có")},
		{"dangling", rolls, "member_code", attendance("member_code", "không có")},
		{"explicit_not_recorded", rolls, "status", attendance("status", "not_recorded")},
		{"unknown_word", rolls, "status", attendance("status", "absent")},
		{"unknown_word", rolls, "reason_kind", attendance("status", "excused", "reason_kind", "weather")},
		{"bad_boolean", rolls, "late", attendance("late", "có")},
		{"not_met", rolls, "meeting_code", on("scheduled")},
		{"not_met", rolls, "meeting_code", on("cancelled")},
		{"not_on_roster", rolls, "member_code", func(s *spoiler, p plant) {
			s.row(p, with(s.attendance("held"), "member_code", s.member(s.cell())))
		}},
		{"two_rows", rolls, "member_code", func(s *spoiler, p plant) {
			row := s.attendance("held")
			s.pair(p, row, with(row, "status", "unexcused"))
		}},
	}
}

func (s *spoiler) attendance(status string) Row {
	cell := s.cell()
	return Row{
		"meeting_code": s.meeting(cell, status), "member_code": s.member(cell), "status": "present",
		"late": "false", "left_early": "false", "remote": "false", "spoke": "false",
	}
}

func outcomePlants() []plant {
	return []plant{
		{"unknown_column", "resolutions.csv", "secret", func(s *spoiler, p plant) {
			s.row(p, Row{
				"code": s.code("nq"), "meeting_code": s.meeting(s.cell(), "held"), "number": s.code("NQ"), "title": "Nghị quyết",
				"secret": "x",
			})
			s.found[len(s.found)-1].header = true
		}},
		{"unknown_word", "minutes.csv", "part", func(s *spoiler, p plant) {
			s.row(p, Row{"meeting_code": s.meeting(s.cell(), "held"), "position": "1", "part": "remark", "text": "x"})
		}},
		{"bad_number", "minutes.csv", "position", func(s *spoiler, p plant) {
			s.row(p, Row{"meeting_code": s.meeting(s.cell(), "held"), "position": "một", "part": "conclusion", "text": "x"})
		}},
		{"unknown_word", "tasks.csv", "status", func(s *spoiler, p plant) {
			s.row(p, Row{
				"code": s.code("nv"), "meeting_code": s.meeting(s.cell(), "held"), "title": "Việc", "status": "late",
			})
		}},
		{"dangling", "tasks.csv", "meeting_code", func(s *spoiler, p plant) {
			s.row(p, Row{"code": s.code("nv"), "meeting_code": "không có", "title": "Việc", "status": "open"})
		}},
		{"missing", "directives.csv", "issued_on", func(s *spoiler, p plant) {
			s.row(p, Row{"code": s.code("ct"), "number": "99-CT/TW"})
		}},
		{"unknown_word", "topics.csv", "category", func(s *spoiler, p plant) {
			s.row(p, Row{"code": s.code("cđ"), "category": "sport", "title": "Chuyên đề"})
		}},
		{"missing", "topics.csv", "title", func(s *spoiler, p plant) {
			s.row(p, Row{"code": s.code("cđ"), "category": "other"})
		}},
		{"missing", "inspections.csv", "from", func(s *spoiler, p plant) { s.row(p, with(s.round(), "from", "")) }},
		{"unknown_word", "inspections.csv", "kind", func(s *spoiler, p plant) { s.row(p, with(s.round(), "kind", "visit")) }},
		{"unknown_word", "inspection_objects.csv", "object_type", noObject("body")},
		{"dangling", "inspection_objects.csv", "object_code", noObject("member")},
		{"unknown_word", "frozen_rolls.csv", "standing", func(s *spoiler, p plant) {
			cell := s.cell()
			s.row(p, Row{
				"meeting_code": s.meeting(cell, "submitted"), "member_code": s.member(cell), "standing": "guest",
			})
		}},
		{"not_met", "frozen_rolls.csv", "meeting_code", func(s *spoiler, p plant) {
			cell := s.cell()
			s.row(p, Row{
				"meeting_code": s.meeting(cell, "scheduled"), "member_code": s.member(cell), "standing": "base",
			})
		}},
	}
}

// oldPaperPlants are the faults of totals, votes and sessions kept on paper.
func oldPaperPlants() []plant {
	const totals, votes = "totals.csv", "votes.csv"
	numbers := func(status string, changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) { s.row(p, with(totalsRow(s.meeting(s.cell(), status)), changes...)) }
	}
	vote := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) {
			s.row(p, with(Row{
				"meeting_code": s.meeting(s.cell(), "held"), "position": "1", "subject": "Nghị quyết", "for": "3", "threshold": "two_thirds",
			}, changes...))
		}
	}
	return []plant{
		{"missing", totals, "reason", numbers("held", "reason", "")},
		{"bad_number", totals, "present", numbers("held", "present", "mười bảy")},
		{"does_not_fit", totals, "present", numbers("held", "present", "18", "unexcused", "1")},
		{"does_not_fit", totals, "expected", numbers("held", "expected", "20")},
		{"does_not_fit", totals, "official", numbers("held", "official", "18", "probationary", "2")},
		{"not_met", totals, "meeting_code", numbers("scheduled")},
		{"totals_and_roll", totals, "meeting_code", func(s *spoiler, p plant) {
			row := s.attendance("held")
			s.f.add("attendance.csv", row)
			s.row(p, totalsRow(row["meeting_code"]))
		}},
		{"unknown_word", votes, "method", vote("method", "by_shouting")},
		{"unknown_word", votes, "threshold", vote("threshold", "most")},
		{"missing", votes, "for", vote("for", "")},
		{"missing", votes, "subject", vote("subject", "")},
		{"missing", "meetings.csv", "paper_page", func(s *spoiler, p plant) {
			s.row(p, with(meetingRow(s.code("hp"), s.cell()), "paper_book", "02"))
		}},
		{"text_on_paper", "minutes.csv", "text", func(s *spoiler, p plant) {
			s.row(p, Row{"meeting_code": s.onPaper(), "position": "1", "part": "conclusion", "text": "mật"})
		}},
		{"text_on_paper", "tasks.csv", "title", func(s *spoiler, p plant) {
			s.row(p, Row{"code": s.code("nv"), "meeting_code": s.onPaper(), "title": "mật", "status": "open"})
		}},
		{"text_on_paper", "tasks.csv", "result", func(s *spoiler, p plant) {
			s.row(p, Row{"code": s.code("nv"), "meeting_code": s.onPaper(), "status": "open", "result": "mật"})
		}},
		{"dangling", "tasks.csv", "reported_by_code", func(s *spoiler, p plant) {
			s.row(p, Row{"code": s.code("nv"), "meeting_code": s.meeting(s.cell(), "held"), "title": "Việc", "status": "open", "reported_by_code": "không có"})
		}},
		{"text_on_paper", votes, "subject", func(s *spoiler, p plant) {
			s.row(p, Row{"meeting_code": s.onPaper(), "position": "1", "subject": "mật", "for": "3", "threshold": "two_thirds"})
		}},
	}
}

func totalsRow(code string) Row {
	return Row{
		"meeting_code": code, "roster": "19", "official": "18", "probationary": "1", "expected": "18", "present": "17", "excused": "1",
		"reason": "Sổ giấy chỉ ghi số người",
	}
}

// onPaper adds a sound meeting whose text is kept on paper.
func (s *spoiler) onPaper() string {
	row := with(meetingRow(s.code("hp"), s.cell()), "paper_book", "02", "paper_page", "17")
	s.f.add("meetings.csv", row)
	return row["code"]
}

func (s *spoiler) round() Row {
	return Row{
		"code": s.code("kt"), "organization_code": s.organization("base_party"), "body": "party_committee",
		"kind": "regular_supervision", "from": "2016-05-04",
	}
}

// noObject adds an inspected object of the type that does not exist to a sound round.
func noObject(objectType string) func(*spoiler, plant) {
	return func(s *spoiler, p plant) {
		round := s.round()
		s.f.add("inspections.csv", round)
		s.row(p, Row{"inspection_code": round["code"], "object_type": objectType, "object_code": "không có"})
	}
}
