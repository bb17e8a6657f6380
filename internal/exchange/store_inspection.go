package exchange

import "context"

// checkInspected notes findings about what is no object of their round, and days before the round.
//
//fault:codes no_object_of_round before_round check_before_outcome
func (s *staging) checkInspected(ctx context.Context, f *file) error {
	switch f.name {
	case "findings":
		for _, about := range []struct{ column, known, stored string }{
			{"organization_code", "known_organizations", "organization_id"}, {"member_code", "known_members", "member_id"},
		} {
			if _, err := s.remark(ctx, f, about.column, "no_object_of_round", "s."+about.column, none,
				"stage_findings s JOIN known_inspections i ON i.code = s.inspection_code JOIN "+about.known+" k ON k.code = s."+about.column+
					" WHERE s.state = 0 AND NOT EXISTS (SELECT 1 FROM inspection_object o WHERE o.inspection_id = i.id AND o."+about.stored+" = k.id)",
			); err != nil {
				return err
			}
		}
		return nil
	case "remedies":
		_, err := s.remark(ctx, f, "due_on", "before_round", "CAST(i.from_on AS text)", none,
			"stage_remedies s JOIN known_findings k ON k.code = s.finding_code JOIN inspection_finding q ON q.id = k.id"+
				" JOIN inspection i ON i.id = q.inspection_id WHERE s.state = 0 AND s.due_on < i.from_on")
		return err
	case "remedy_checks":
		joined := "stage_remedy_checks s JOIN known_remedies k ON k.code = s.remedy_code JOIN remedy r ON r.id = k.id" +
			" JOIN inspection_finding q ON q.id = r.finding_id JOIN inspection i ON i.id = q.inspection_id WHERE s.state = 0 AND "
		if _, err := s.remark(ctx, f, "checked_on", "before_round", "CAST(i.from_on AS text)", none, joined+"s.checked_on < i.from_on"); err != nil {
			return err
		}
		_, err := s.remark(ctx, f, "checked_on", "check_before_outcome", none, none, joined+"s.result = 'remedied' AND s.checked_on < r.done_on")
		return err
	default:
		return nil
	}
}
