package meeting

import "sochibo/internal/database"

// absentRows is attendance_absent, as it follows from rolls and meetings. Rows are called by their meetings.
func absentRows() database.Derived {
	return database.Derived{
		Table: "attendance_absent",
		Extra: `SELECT k.meeting_id AS name FROM attendance_absent k WHERE NOT EXISTS (
			SELECT 1 FROM attendance a JOIN meeting m ON m.id = a.meeting_id
			WHERE a.meeting_id = k.meeting_id AND a.member_id = k.member_id AND a.status = k.status AND a.status <> 'present'
				AND m.held_on = k.held_on AND m.organization_id = k.organization_id
				AND m.period_month = k.period_month AND m.body = k.body)`,
		ExtraDetail: "says of somebody what the roll or the meeting does not say",
		Missing: `SELECT a.meeting_id AS name FROM attendance a WHERE a.status <> 'present' AND NOT EXISTS (
			SELECT 1 FROM attendance_absent k WHERE k.meeting_id = a.meeting_id AND k.member_id = a.member_id)`,
		MissingDetail: "leaves out somebody who was not present by the roll",
	}
}
