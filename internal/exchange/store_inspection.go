package exchange

import (
	"context"
)

// checkInspected notes quarters outside the year of their plan, rounds that carry out what another side planned, findings about what is no
// object of their round, and days before the round.
//
//fault:codes no_object_of_round before_round check_before_outcome quarter_outside_year plan_item_of_other_side inspection_plan_exists
func (s *staging) checkInspected(ctx context.Context, f *file) error {
	switch f.name {
	case "inspection_plans":
		return s.checkOnePlan(ctx, f)
	case "inspection_plan_items":
		_, err := s.remark(ctx, f, "quarter", "quarter_outside_year", "CAST(p.year AS text)", none,
			"stage_inspection_plan_items s JOIN known_inspection_plans k ON k.code = s.plan_code JOIN inspection_plan p ON p.id = k.id"+
				" WHERE s.state = 0 AND substr(s.quarter, 1, 4) <> CAST(p.year AS text)")
		return err
	case "inspections":
		_, err := s.remark(ctx, f, "plan_item_code", "plan_item_of_other_side", "s.plan_item_code", none,
			"stage_inspections s JOIN known_inspection_plan_items k ON k.code = s.plan_item_code JOIN inspection_plan_item it ON it.id = k.id"+
				" JOIN inspection_plan p ON p.id = it.plan_id JOIN known_organizations o ON o.code = s.organization_code"+
				" WHERE s.state = 0 AND (p.organization_id <> o.id OR p.body <> s.body)")
		return err
	case "findings":
		return s.checkFindings(ctx, f)
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

// checkFindings notes findings about an organisation or a member that is no object of the round.
func (s *staging) checkFindings(ctx context.Context, f *file) error {
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
}

// checkOnePlan notes a second plan of a body for a year, in the folder or beside the store.
func (s *staging) checkOnePlan(ctx context.Context, f *file) error {
	if err := s.note(ctx, f, "year", "inspection_plan_exists", none, none,
		"stage_inspection_plans s JOIN stage_inspection_plans o ON o.line < s.line AND o.organization_code = s.organization_code AND "+
			"o.body = s.body AND o.year = s.year WHERE s.state = 0"); err != nil {
		return err
	}
	return s.note(ctx, f, "year", "inspection_plan_exists", none, none,
		"stage_inspection_plans s JOIN known_organizations k ON k.code = s.organization_code JOIN inspection_plan p ON p.organization_id = k.id"+
			" AND p.body = s.body AND p.year = s.year WHERE s.state = 0")
}
