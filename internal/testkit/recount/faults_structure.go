package recount

// structurePlants are the faults of organisations, placements, terms and what hangs on them.
func structurePlants() []plant {
	const orgs, places, bodies = "organizations.csv", "placements.csv", "bodies.csv"
	organization := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) { s.row(p, with(organizationRow(s.code("tc"), "cell"), changes...)) }
	}
	placement := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) {
			s.row(p, with(s.placement(), changes...))
		}
	}
	term := func(changes ...string) func(*spoiler, plant) {
		return func(s *spoiler, p plant) {
			s.row(p, with(s.term(), changes...))
		}
	}
	return []plant{
		{"unknown_word", orgs, "kind", organization("kind", "branch")},
		{"unknown_word", orgs, "cell_type", organization("cell_type", "village")},
		{"missing", orgs, "name", organization("name", "")},
		{"missing", orgs, "code", organization("code", "")},
		{"bad_date", orgs, "founded_on", organization("founded_on", "2010-02-30")},
		{"ends_before_start", orgs, "dissolved_on", organization("dissolved_on", "2009-12-31")},
		{"bad_encoding", orgs, "name", organization("name", "Chi b\xf4\xff")},
		{"duplicate_key", orgs, "code", func(s *spoiler, p plant) {
			row := organizationRow(s.code("tc"), "cell")
			s.pair(p, row, with(row, "name", "Tên khác"))
		}},
		{"dangling", places, "organization_code", placement("organization_code", "không có")},
		{"dangling", places, "parent_code", placement("parent_code", "không có")},
		{"bad_date", places, "to", placement("to", "31/12/2016")},
		{"outside_life", places, "from", placement("from", "2009-06-01")},
		{"overlap", places, "from", func(s *spoiler, p plant) {
			row := s.placement()
			s.pair(p, row, with(row, "from", "2014-01-01", "parent_code", s.organization("base_party")))
		}},
		{"cycle", places, "parent_code", func(s *spoiler, p plant) {
			row := s.placement()
			s.pair(p, row, with(row, "organization_code", row["parent_code"], "parent_code", row["organization_code"]))
		}},
		{"dangling", bodies, "organization_code", term("organization_code", "không có")},
		{"unknown_word", bodies, "body", term("body", "committee")},
		{"bad_date", bodies, "from", term("from", "2012-13-01")},
		{"ends_before_start", bodies, "to", term("to", "2011-01-01")},
		{"outside_life", bodies, "from", term("from", "2009-06-01")},
		{"overlap", bodies, "from", func(s *spoiler, p plant) {
			row := s.term()
			s.pair(p, row, with(row, "from", "2014-05-05"))
		}},
		{"bad_month", "excused_months.csv", "month", func(s *spoiler, p plant) {
			s.row(p, Row{"organization_code": s.cell(), "body": "cell", "month": "2016-00"})
		}},
		{"dangling", "excused_months.csv", "organization_code", func(s *spoiler, p plant) {
			s.row(p, Row{"organization_code": "không có", "body": "cell", "month": "2016-02"})
		}},
		{"duplicate_key", "excused_months.csv", "organization_code", func(s *spoiler, p plant) {
			row := Row{"organization_code": s.cell(), "body": "cell", "month": "2016-02", "reason": "dịch bệnh"}
			s.pair(p, row, with(row, "reason", "lý do khác"))
		}},
	}
}

func (s *spoiler) placement() Row {
	return Row{
		"organization_code": s.cell(), "parent_code": s.organization("base_party"),
		"from": "2012-01-01", "to": "2016-12-31",
	}
}

func (s *spoiler) term() Row {
	return Row{
		"organization_code": s.cell(), "body": "cell_committee", "from": "2012-01-01", "to": "2016-12-31",
	}
}
