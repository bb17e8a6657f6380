package main

import (
	"fmt"
	"strings"
)

// What the program sends for one summary and for one submission, statement for statement, as its log shows it; a change of the
// program that adds or saves a statement belongs here too. What PostgreSQL alone gets is marked so.

// counters are the columns of entries and balances that count.
var counters = strings.Fields(`regular thematic extraordinary sittings roster roster_present roster_excused roster_unexcused eligible
	eligible_present eligible_excused eligible_unexcused temporary guests speakers minutes timed due excused covered reported
	quarters_due1 quarters_due2 quarters_due quarters_covered1 quarters_covered2 quarters_covered
	rounds inspected_organizations inspected_members totals_sittings totals_roster totals_eligible totals_excused paper_sittings`)

const (
	holderSQL = `SELECT t.*, u.name AS user_name, u.disabled_at FROM api_token t JOIN user_account u ON u.id = t.user_id WHERE t.id = ?`
	grantSQL  = `SELECT * FROM role_grant WHERE (user_id = ? AND revoked_at IS NULL AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)) AND id = ? ORDER BY id`
	chainSQL  = `WITH RECURSIVE chain (id, depth) AS (
			SELECT id, 0 FROM organization WHERE id = ?
			UNION
			SELECT p.parent_id, c.depth + 1 FROM chain c JOIN placement p
			ON p.organization_id = c.id AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?) WHERE c.depth < 100
		) SELECT id FROM chain ORDER BY depth`
	organizationSQL = `SELECT * FROM organization WHERE id = ? LIMIT 1`
	headSQL         = `SELECT number, recorded_at FROM ledger_head WHERE id = 1`
	treeLockSQL     = `SELECT pg_advisory_xact_lock_shared(8317976336872402689)` // PostgreSQL
	rowLockSQL      = ` FOR NO KEY UPDATE`                                       // PostgreSQL

	onRoll      = `(SELECT member_id FROM membership WHERE organization_id IN (?) AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?))`
	onVisit     = `(SELECT member_id FROM member_status WHERE status = 'temporarily_here' AND organization_id IN (?) AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?))`
	membersSQL  = `SELECT * FROM member WHERE id IN %s ORDER BY sort_key, id`
	statusesSQL = `SELECT DISTINCT member_id, status AS word FROM member_status WHERE valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) AND member_id IN %s ORDER BY member_id, word`
	officesSQL  = `SELECT DISTINCT member_id, office AS word FROM office WHERE organization_id = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) AND member_id IN %s ORDER BY member_id, word`

	aboveSQL = `WITH RECURSIVE above (id) AS (
			SELECT id FROM organization WHERE id IN (?)
			UNION SELECT p.parent_id FROM above a JOIN placement p ON p.organization_id = a.id
		) SELECT p.* FROM above a JOIN placement p ON p.organization_id = a.id ORDER BY p.organization_id, p.valid_from`
	organizationsSQL = `SELECT * FROM organization WHERE id IN (?)`
	termsSQL         = `SELECT * FROM body_term WHERE organization_id IN (?) ORDER BY valid_from`
	excusedSQL       = `SELECT * FROM excused_month WHERE organization_id IN (?)`
	metSQL           = `SELECT * FROM balance WHERE (organization_id IN (?) AND via_id = organization_id AND basis <> 'both' AND month BETWEEN ? AND ?) AND sittings <> 0`
	pathSQL          = `INSERT INTO ledger_path (id, chain) VALUES (?, ?) ON CONFLICT DO NOTHING`
	advanceSQL       = `UPDATE ledger_head SET number = number + 2, recorded_at = CASE WHEN recorded_at > ? THEN recorded_at ELSE ? END WHERE id = 1 RETURNING number, recorded_at`

	meetingSQL = `INSERT INTO meeting (id, code, organization_id, body, forms, period_month, held_on, started_at, ended_at, break_minutes, mode, place,
		status, title, search_key, chair_id, minutes_taker_id, topic_id, guests, prepared_by_id, self_score, fees_reported, paper_book, paper_page, totals_only,
		cancelled_reason, returned_reason, postponed, record_version, version, created_at, updated_at) VALUES (` + marks32 + `)`
	marks32 = `?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?`
	saveSQL = `UPDATE meeting SET code=?, body=?, forms=?, period_month=?, held_on=?, started_at=?, ended_at=?, break_minutes=?, mode=?, place=?,
		status=?, title=?, search_key=?, chair_id=?, minutes_taker_id=?, topic_id=?, guests=?, prepared_by_id=?, self_score=?, fees_reported=?, paper_book=?,
		paper_page=?, totals_only=?, cancelled_reason=?, returned_reason=?, postponed=?, record_version=?, version=?, updated_at=? WHERE id = ? AND version = ?`
	editorSQL  = `INSERT INTO meeting_editor (meeting_id, user_id, edited_at) VALUES (?,?,?) ON CONFLICT (meeting_id, user_id) DO UPDATE SET edited_at = excluded.edited_at`
	versionSQL = `INSERT INTO record_version (meeting_id, number, content, sha256, submitted_by, recorded_at) VALUES (?,1,?,?,?,?)`
	eventSQL   = `INSERT INTO meeting_event (id, meeting_id, act, version_number, user_id, reason, recorded_at) VALUES (?,?,'submitted',1,?,NULL,?)`
)

// partsSQL is read for the record, and once more for the answer.
var partsSQL = []string{
	`SELECT * FROM meeting_content_item WHERE meeting_id = ? ORDER BY position`,
	`SELECT * FROM meeting_directive WHERE meeting_id = ? ORDER BY position`,
	`SELECT * FROM attendance WHERE meeting_id = ? ORDER BY member_id`,
	`SELECT * FROM minutes_line WHERE meeting_id = ? ORDER BY position`,
	`SELECT * FROM meeting_event WHERE meeting_id = ? ORDER BY recorded_at, id`,
	`SELECT * FROM meeting_vote WHERE meeting_id = ? ORDER BY position`,
	`SELECT * FROM resolution WHERE meeting_id IN (?) ORDER BY created_at, id`,
	`SELECT * FROM task WHERE meeting_id IN (?) ORDER BY created_at, id`,
}

const editorsSQL = `SELECT * FROM meeting_editor WHERE meeting_id = ? ORDER BY user_id`

// sums adds up every counter.
func sums() string {
	parts := make([]string, len(counters))
	for i, c := range counters {
		parts[i] = fmt.Sprintf("CAST(sum(e.%[1]s) AS bigint) AS %[1]s", c)
	}
	return strings.Join(parts, ", ")
}

func balanceSQL() string {
	return `SELECT via_id AS via, month, body, ` + sums() + ` FROM balance AS e WHERE basis IN ('submitted', 'both')
		AND (organization_id = ? AND via_id = ?) AND (month BETWEEN ? AND ?) GROUP BY via_id, month, body ORDER BY month, body, via_id`
}

func openingSQL() string {
	return `SELECT via_id AS via, body, ` + sums() + ` FROM balance AS e WHERE basis IN ('submitted', 'both')
		AND (organization_id = ? AND via_id = ?) AND month < ? GROUP BY via_id, body ORDER BY body, via_id`
}

func postedSQL() string {
	return `SELECT e.organization_id, e.body, e.path_id, e.month, e.basis, ` + sums() + ` FROM ledger_entry e WHERE e.source_id IN (?)
		AND e.source = 'obligation' AND e.month BETWEEN ? AND ? GROUP BY e.organization_id, e.body, e.path_id, e.month, e.basis`
}

// many repeats the marks of a row.
func many(rows, columns int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + ")"
	return strings.TrimSuffix(strings.Repeat(row+",", rows), ",")
}

func rollSQL(rows int) string {
	return `INSERT INTO attendance (meeting_id, member_id, status, reason_kind, reason, late, left_early, remote, spoke, standing) VALUES ` + many(rows, 10)
}

func addBalanceSQL(rows int) string {
	set := make([]string, len(counters))
	for i, c := range counters {
		set[i] = c + " = balance." + c + " + excluded." + c
	}
	return `INSERT INTO balance (organization_id, via_id, month, body, basis, ` + strings.Join(counters, ", ") + `) VALUES ` + many(rows, 5+len(counters)) +
		` ON CONFLICT (organization_id, via_id, month, body, basis) DO UPDATE SET ` + strings.Join(set, ", ")
}

func entriesSQL(rows int) string {
	return `INSERT INTO ledger_entry (number, recorded_at, cause, source, source_id, version_number, reverses, path_id, organization_id, day, month, body, basis, ` +
		strings.Join(counters, ", ") + `) VALUES ` + many(rows, 13+len(counters))
}
