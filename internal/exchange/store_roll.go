package exchange

import (
	"context"
	"fmt"
)

// holds says that the dated row of the alias holds on the day of the meeting m.
func holds(alias string) string {
	return alias + ".valid_from <= m.held_on AND (" + alias + ".valid_to IS NULL OR " + alias + ".valid_to >= m.held_on)"
}

// onRoster says that the member belongs to the body of the meeting m on its day. The rows of conference_scope are the organisations
// that a conference spans.
func onRoster(member string) string {
	return "(m.body = 'cell' AND EXISTS (SELECT 1 FROM membership h WHERE h.member_id = " + member +
		" AND h.organization_id = m.organization_id AND " + holds("h") + ")" +
		" OR m.body = 'conference' AND EXISTS (SELECT 1 FROM membership h JOIN conference_scope c ON c.meeting_id = m.id" +
		" AND c.organization_id = h.organization_id WHERE h.member_id = " + member + " AND " + holds("h") + ")" +
		" OR m.body NOT IN ('cell', 'conference') AND EXISTS (SELECT 1 FROM office f WHERE f.member_id = " + member +
		" AND f.organization_id = m.organization_id AND f.body = m.body AND " + holds("f") + "))"
}

// temporarilyHere says that the member is received at the organisation of the meeting m on its day.
func temporarilyHere(member string) string {
	return "EXISTS (SELECT 1 FROM member_status e WHERE e.member_id = " + member +
		" AND e.status = 'temporarily_here' AND e.organization_id = m.organization_id AND " + holds("e") + ")"
}

// exceptional are the members for whom a standing has to be looked up at all.
const exceptional = "(SELECT DISTINCT member_id FROM member_status WHERE status <> 'temporarily_here') x"

// rosterOf are the members of the bodies of the meetings m: (id, code, member_id), each once.
func rosterOf(meetings string) string {
	const columns = "m.id, m.code, m.organization_id, m.held_on, "
	return "(SELECT " + columns + "h.member_id FROM " + meetings + " m JOIN membership h ON h.organization_id = m.organization_id AND " + holds("h") +
		" WHERE m.body = 'cell' UNION ALL SELECT " +
		columns + "h.member_id FROM " + meetings + " m JOIN conference_scope c ON c.meeting_id = m.id" +
		" JOIN membership h ON h.organization_id = c.organization_id AND " + holds("h") + " WHERE m.body = 'conference' UNION ALL SELECT DISTINCT " +
		columns + "f.member_id FROM " + meetings + " m JOIN office f ON f.organization_id = m.organization_id AND f.body = m.body AND " + holds("f") +
		" WHERE m.body NOT IN ('cell', 'conference'))"
}

// conferences are the organisations below that of a conference on its day, itself among them: (meeting_id, organization_id).
func conferences(meetings string) string {
	return `WITH RECURSIVE below (meeting_id, held_on, organization_id) AS (
		SELECT m.id, m.held_on, m.organization_id FROM ` + meetings + ` m WHERE m.body = 'conference'
		UNION
		SELECT m.meeting_id, m.held_on, p.organization_id FROM below m JOIN placement p ON p.parent_id = m.organization_id AND ` + holds("p") + `
	)`
}

// totalsOnly says that no roll of the meeting is known, only its totals; so may be its roster.
func totalsOnly(alias string) string {
	return "EXISTS (SELECT 1 FROM meeting_totals u WHERE u.meeting_id = " + alias + ".id)"
}

// gatherTouched notes the meetings that the import adds, and those of the store that get further rows on their roll.
func (s *staging) gatherTouched(ctx context.Context) error {
	const columns = "INSERT INTO touched (id, code, organization_id, body, held_on, status, fresh, frozen) "
	statements := []string{
		analyze(s.tx, "meeting", "membership", "member", "office", "member_status", "placement"),
		"INSERT INTO unsure (member_code) SELECT DISTINCT member_code FROM (SELECT member_code FROM stage_memberships WHERE state = 2" +
			" UNION ALL SELECT member_code FROM stage_offices WHERE state = 2 UNION ALL SELECT member_code FROM stage_statuses WHERE state = 2) u" +
			" WHERE member_code IS NOT NULL",
		columns + "SELECT m.id, s.code, m.organization_id, m.body, m.held_on, m.status, TRUE," +
			" EXISTS (SELECT 1 FROM stage_frozen_rolls r WHERE r.meeting_code = s.code)" +
			" FROM stage_meetings s JOIN meeting m ON m.id = s.id WHERE s.state = 0 AND NOT s.doubtful",
		columns + "SELECT m.id, k.code, m.organization_id, m.body, m.held_on, m.status, FALSE, FALSE" +
			" FROM known_meetings k JOIN meeting m ON m.id = k.id WHERE k.stored AND m.status = 'held'" +
			" AND k.code IN (SELECT meeting_code FROM stage_attendance WHERE state = 0)",
	}
	statements = append(statements, analyze(s.tx, "touched"), "INSERT INTO conference_scope (meeting_id, organization_id) SELECT * FROM ("+conferences("touched")+
		" SELECT meeting_id, organization_id FROM below) b")
	return execAll(ctx, s.tx, "gather meetings", statements...)
}

const rollColumns = "INSERT INTO attendance (meeting_id, member_id, status, reason_kind, reason, late, left_early, remote, spoke, standing) "

// moveRolls writes the rolls: of a counted meeting everybody on the roster, with the standing of the day, and who is here for a
// time; of a draft what was recorded.
func (s *staging) moveRolls(ctx context.Context) error {
	d := dialectOf(s.tx)
	said := "a.reason_kind, a.reason, a.late, a.left_early, a.remote, a.spoke"
	counted := "(SELECT * FROM touched WHERE fresh AND status IN ('submitted', 'accepted') AND NOT frozen AND NOT " + totalsOnly("touched") + ")"
	recorded := "stage_attendance a JOIN touched m ON m.code = a.meeting_code JOIN known_members k ON k.code = a.member_code AND k.usable" +
		" WHERE a.state = 0 AND m.status IN ('held', 'submitted', 'accepted')"
	statements := []string{
		rollColumns + "SELECT m.id, m.member_id, coalesce(a.status, 'not_recorded'), " + said + ", " + s.standings.of("m.member_id", "a.status") +
			" FROM " + rosterOf(counted) + " m JOIN member b ON b.id = m.member_id LEFT JOIN stage_attendance a ON a.meeting_code = m.code" +
			" AND a.member_code = " + canon(d, "b") + " AND a.state = 0 LEFT JOIN " + exceptional + " ON x.member_id = m.member_id" +
			" ORDER BY m.id, m.member_id",
		rollColumns + "SELECT m.id, k.id, coalesce(a.status, 'not_recorded'), " + said + ", r.standing FROM stage_frozen_rolls r" +
			" JOIN touched m ON m.code = r.meeting_code JOIN known_members k ON k.code = r.member_code AND k.usable" +
			" LEFT JOIN stage_attendance a ON a.meeting_code = r.meeting_code AND a.member_code = r.member_code AND a.state = 0" +
			" WHERE r.state = 0 AND m.status IN ('submitted', 'accepted')",
		analyze(s.tx, "attendance"),
		rollColumns + "SELECT m.id, k.id, a.status, " + said + ", CASE WHEN m.status <> 'held' THEN 'temporary' END FROM " + recorded +
			" AND NOT m.frozen AND NOT EXISTS (SELECT 1 FROM attendance t WHERE t.meeting_id = m.id AND t.member_id = k.id)" +
			" AND (m.status = 'held' OR " + temporarilyHere("k.id") + ")",
	}
	if err := execAll(ctx, s.tx, "add attendance", statements...); err != nil {
		return err
	}
	s.progress("add attendance", 1, 1)
	return s.checkRolls(ctx)
}

// checkRolls notes who is on a roll, chairs or takes the minutes without belonging to the body that day.
//
//fault:codes attendance_not_on_roster chair_not_on_roster minutes_taker_not_on_roster
func (s *staging) checkRolls(ctx context.Context) error {
	joined := "stage_attendance s JOIN touched m ON m.code = s.meeting_code JOIN known_members k ON k.code = s.member_code AND k.usable" +
		" WHERE s.state = 0 AND s.member_code NOT IN (SELECT member_code FROM unsure) AND "
	stranger := "(m.status IN ('submitted', 'accepted') AND NOT EXISTS (SELECT 1 FROM attendance t WHERE t.meeting_id = m.id AND t.member_id = k.id)" +
		" OR m.status = 'held' AND NOT " + onRoster("k.id") + " AND NOT " + temporarilyHere("k.id") + ")"
	if _, err := s.remark(ctx, findFile(s.files, "attendance"), "member_code", "attendance_not_on_roster", "s.member_code", none, joined+stranger); err != nil {
		return err
	}
	for place, code := range map[string]string{"chair_code": "chair_not_on_roster", "minutes_taker_code": "minutes_taker_not_on_roster"} {
		who := "s." + place
		rest := "stage_meetings s JOIN touched m ON m.code = s.code JOIN known_members k ON k.code = " + who + " AND k.usable" +
			" WHERE s.state = 0 AND NOT " + totalsOnly("m") + " AND " + who + " NOT IN (SELECT member_code FROM unsure) AND (NOT m.frozen AND NOT " + onRoster("k.id") +
			" OR m.frozen AND NOT EXISTS (SELECT 1 FROM stage_frozen_rolls r WHERE r.meeting_code = s.code AND r.member_code = " + who +
			" AND coalesce(r.standing, '') <> 'temporary'))"
		if _, err := s.remark(ctx, findFile(s.files, "meetings"), place, code, who, none, rest); err != nil {
			return fmt.Errorf("check %s: %w", place, err)
		}
	}
	return nil
}
