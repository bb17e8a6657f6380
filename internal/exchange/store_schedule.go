package exchange

import (
	"context"
	"fmt"
)

// aboveQuery climbs from the followed organisation to the one that sends the delegate, on the first day, and notes who does not arrive.
const aboveQuery = `
WITH RECURSIVE climb (line, at_id, on_day, target_id) AS (
	SELECT s.line, o.id, s.valid_from, p.id
	FROM stage_delegates s JOIN known_organizations o ON o.code = s.organization_code JOIN known_organizations p ON p.code = s.superior_code
	WHERE s.state = 0
	UNION
	SELECT c.line, p.parent_id, c.on_day, c.target_id
	FROM climb c JOIN placement p ON p.organization_id = c.at_id AND p.valid_from <= c.on_day AND coalesce(p.valid_to, ` + never + `) >= c.on_day
	WHERE c.at_id <> c.target_id
)
INSERT INTO stage_fault (file, line, place, code, given, stored)
SELECT 'delegates', c.line, 'superior_code', 'delegate_not_above', CAST(NULL AS text), CAST(NULL AS text)
FROM climb c GROUP BY c.line HAVING sum(CASE WHEN c.at_id = c.target_id THEN 1 ELSE 0 END) = 0`

// checkScheduled notes what contradicts the files before: delegates that nobody above sends or who follow their own cell, sessions that
// are none of theirs, and registered sessions of other organisations.
//
//fault:codes delegate_not_above delegate_of_own_cell delegate_not_for_session delegate_session_not_held session_of_other_organization
func (s *staging) checkScheduled(ctx context.Context, f *file) error {
	const meetings = " JOIN known_meetings k ON k.code = s.meeting_code JOIN meeting m ON m.id = k.id"
	switch f.name {
	case "delegates":
		if _, err := exec(ctx, s.tx, aboveQuery); err != nil {
			return fmt.Errorf("check delegate_not_above: %w", err)
		}
		_, err := s.remark(ctx, f, "member_code", "delegate_of_own_cell", none, none, `stage_delegates s
			JOIN known_members b ON b.code = s.member_code JOIN known_organizations o ON o.code = s.organization_code
			JOIN membership h ON h.member_id = b.id AND h.organization_id = o.id AND h.valid_from <= s.valid_from
				AND coalesce(h.valid_to, `+never+`) >= s.valid_from WHERE s.state = 0`)
		return err
	case "delegate_attendance":
		joined := "stage_delegate_attendance s JOIN known_delegates q ON q.code = s.delegate_code JOIN delegate d ON d.id = q.id" + meetings
		other := ` JOIN organization o ON o.id = m.organization_id WHERE s.state = 0 AND (m.organization_id <> d.organization_id
			OR m.body <> CASE WHEN o.kind IN ('base_cell', 'cell') THEN 'cell' ELSE 'party_committee' END
			OR m.held_on < d.valid_from OR m.held_on > coalesce(d.valid_to, ` + never + "))"
		if _, err := s.remark(ctx, f, "meeting_code", "delegate_not_for_session", none, none, joined+other); err != nil {
			return err
		}
		_, err := s.remark(ctx, f, "meeting_code", "delegate_session_not_held", none, none, joined+" WHERE s.state = 0 AND m.status IN ('scheduled', 'cancelled')")
		return err
	case "registered_sessions":
		_, err := s.remark(ctx, f, "meeting_code", "session_of_other_organization", none, none,
			"stage_registered_sessions s JOIN known_registrations q ON q.code = s.registration_code JOIN registration r ON r.id = q.id"+meetings+
				" WHERE s.state = 0 AND m.organization_id <> r.organization_id")
		return err
	default:
		return nil
	}
}
