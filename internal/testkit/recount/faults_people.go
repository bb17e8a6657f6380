package recount

// peoplePlants are the faults of members and of the dated rows about them.
func peoplePlants() []plant {
	const members, homes, statuses, offices = "members.csv", "memberships.csv", "statuses.csv", "offices.csv"
	member := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) { s.row(p, with(memberRow(s.code("đv")), changes...)) }
	}
	home := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) { s.row(p, with(s.home(), changes...)) }
	}
	status := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) {
			row := Row{"member_code": s.person(), "status": "exempt", "from": "2015-01-01", "to": "2015-12-31"}
			s.row(p, with(row, changes...))
		}
	}
	office := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) {
			cell := s.cell()
			s.row(p, with(Row{
				"member_code": s.member(cell), "organization_code": cell, "body": "cell", "office": "secretary",
				"from": "2015-01-01", "to": "2015-12-31",
			}, changes...))
		}
	}
	return []plant{
		{"missing", members, "full_name", member("full_name", "")},
		{"unknown_word", members, "gender", member("gender", "nam")},
		{"bad_date", members, "born_on", member("born_on", "1970-6-1")},
		{"bad_encoding", members, "full_name", member("full_name", "Nguy\xean V\xe3n")},
		{"duplicate_key", members, "code", func(s *spoiler, p plant) {
			row := memberRow(s.code("đv"))
			s.pair(p, row, with(row, "full_name", "Trần Thị Khác"))
		}},
		{"dangling", homes, "member_code", home("member_code", "không có")},
		{"dangling", homes, "organization_code", home("organization_code", "không có")},
		{"outside_life", homes, "to", home("to", "2019-03-01")},
		{"ends_before_start", homes, "to", home("to", "2010-12-31")},
		{"overlap", homes, "from", func(s *spoiler, p plant) {
			row := s.home()
			s.pair(p, row, with(row, "organization_code", s.cell(), "from", "2016-06-30"))
		}},
		{"unknown_word", statuses, "status", status("status", "retired")},
		{"dangling", statuses, "member_code", status("member_code", "không có")},
		{"ends_before_start", statuses, "to", status("to", "2014-12-31")},
		{"unwanted", statuses, "organization_code", func(s *spoiler, p plant) {
			status("organization_code", s.cell())(s, p)
		}},
		{"missing", statuses, "organization_code", status("status", "temporarily_here")},
		{"unknown_word", offices, "office", office("office", "chairman")},
		{"unknown_word", offices, "body", office("body", "bureau")},
		{"dangling", offices, "member_code", office("member_code", "không có")},
		{"outside_life", offices, "from", office("from", "2009-12-31")},
	}
}

func (s *spoiler) home() Row {
	return Row{
		"member_code": s.person(), "organization_code": s.cell(), "from": "2012-01-01", "to": "2016-12-31",
	}
}
