package exchange

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
)

const countedNew = "touched WHERE fresh AND status IN ('submitted', 'accepted')"

// prepareVersions orders the counted meetings and says how many they are.
func (s *staging) prepareVersions(ctx context.Context) (total int64, err error) {
	if _, err := exec(ctx, s.tx, "CREATE INDEX touched_order ON touched (held_on, code)"); err != nil {
		return 0, fmt.Errorf("order records: %w", err)
	}
	if err := gormRaw(ctx, s.tx, "SELECT count(*) FROM "+countedNew).Scan(&total).Error; err != nil {
		return 0, fmt.Errorf("count records: %w", err)
	}
	return total, nil
}

// nextRecords reads the records that follow a position.
func (s *staging) nextRecords(ctx context.Context, after position) ([]submittedRecord, position, error) {
	var rows []struct {
		meeting.Meeting
		FolderCode string
	}
	const query = "SELECT m.*, t.code AS folder_code FROM (SELECT * FROM " + countedNew + ") t JOIN meeting m ON m.id = t.id" +
		" WHERE (t.held_on, t.code) > (?, ?) ORDER BY t.held_on, t.code LIMIT ?"
	if err := gormRaw(ctx, s.tx, query, after.day, after.code, versionsAtOnce).Scan(&rows).Error; err != nil {
		return nil, position{}, fmt.Errorf("read records: %w", err)
	}
	if len(rows) == 0 {
		return nil, after, nil
	}
	records, at := make([]submittedRecord, len(rows)), make(map[meeting.ID]*meeting.Record, len(rows))
	ids := make([]meeting.ID, len(rows))
	for i, row := range rows {
		m := row.Meeting
		records[i] = submittedRecord{headOf(m), m.Status == meeting.Accepted}
		ids[i], at[m.ID] = m.ID, &records[i].Record
	}
	for _, load := range []func(context.Context, []meeting.ID, map[meeting.ID]*meeting.Record) error{
		s.loadRolls, s.loadLists, s.loadMinutes, s.loadDecisions, s.loadTotals, s.loadVotes,
	} {
		if err := load(ctx, ids, at); err != nil {
			return nil, position{}, fmt.Errorf("read records: %w", err)
		}
	}
	last := rows[len(rows)-1]
	return records, position{last.HeldOn, last.FolderCode}, nil
}

// headOf begins the record of a meeting.
func headOf(m meeting.Meeting) meeting.Record {
	return meeting.Record{
		MeetingID: m.ID, Number: firstVersion, OrganizationID: m.OrganizationID, Body: m.Body, Forms: m.Forms,
		PeriodMonth: m.PeriodMonth, HeldOn: m.HeldOn, StartedAt: m.StartedAt, EndedAt: m.EndedAt, BreakMinutes: m.BreakMinutes,
		Mode: m.Mode, Place: m.Place, Title: m.Title, ChairID: m.ChairID, MinutesTakerID: m.MinutesTakerID, TopicID: m.TopicID,
		Guests: m.Guests, PreparedByID: m.PreparedByID, SelfScore: m.SelfScore, FeesReported: m.FeesReported, Paper: m.Paper(),
	}
}

// seat is one row of one roll.
type seat struct {
	meeting meeting.ID
	member  member.ID
}

// loadRolls reads the rolls with what every member was on the day.
func (s *staging) loadRolls(ctx context.Context, ids []meeting.ID, at map[meeting.ID]*meeting.Record) error {
	rows, err := s.seats(ctx, ids)
	if err != nil {
		return err
	}
	statuses, err := wordsOf[member.StatusKind](ctx, s, "e.status", "member_status e ON e.member_id = a.member_id", ids)
	if err != nil {
		return err
	}
	offices, err := wordsOf[member.OfficeKind](ctx, s, "e.office", "office e ON e.member_id = a.member_id AND e.organization_id = m.organization_id", ids)
	if err != nil {
		return err
	}
	for _, a := range rows {
		r := at[a.MeetingID]
		who, key := member.Member{AdmittedOn: a.AdmittedOn, OfficialOn: a.OfficialOn}, seat{a.MeetingID, a.MemberID}
		row := meeting.RollRow{
			MemberID: a.MemberID, Official: who.OfficialOnDay(r.HeldOn), Probationary: who.ProbationaryOnDay(r.HeldOn),
			Statuses: statuses[key], Offices: offices[key], Status: a.Status, ReasonKind: a.ReasonKind, Reason: a.Reason,
			Late: a.Late, LeftEarly: a.LeftEarly, Remote: a.Remote, Spoke: a.Spoke,
		}
		if a.Standing != nil {
			row.Standing = *a.Standing
		}
		r.Roll = append(r.Roll, row)
	}
	return nil
}

// seated is a row of a roll, with the days on which its member was admitted and became official.
type seated struct {
	meeting.Attendance
	AdmittedOn, OfficialOn *calendar.Date
}

// seats reads rolls. They are most of what an import reads back, so they are scanned without reflection on every row.
func (s *staging) seats(ctx context.Context, ids []meeting.ID) (seats []seated, err error) {
	const query = "SELECT a.meeting_id, a.member_id, a.status, a.reason_kind, a.reason, a.late, a.left_early, a.remote, a.spoke, a.standing," +
		" b.admitted_on, b.official_on FROM attendance a JOIN member b ON b.id = a.member_id WHERE a.meeting_id IN ?"
	rows, err := gormRaw(ctx, s.tx, query, ids).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var a seated
		if err := rows.Scan(&a.MeetingID, &a.MemberID, &a.Status, &a.ReasonKind, &a.Reason, &a.Late, &a.LeftEarly, &a.Remote, &a.Spoke, &a.Standing,
			&a.AdmittedOn, &a.OfficialOn); err != nil {
			return nil, err
		}
		seats = append(seats, a)
	}
	return seats, rows.Err()
}

// wordsOf reads what held for the members of rolls on the days of their meetings.
func wordsOf[W ~string](ctx context.Context, s *staging, word, from string, ids []meeting.ID) (map[seat][]W, error) {
	var rows []struct {
		MeetingID meeting.ID
		MemberID  member.ID
		Word      W
	}
	query := "SELECT DISTINCT a.meeting_id, a.member_id, " + word + " AS word FROM attendance a JOIN meeting m ON m.id = a.meeting_id JOIN " + from +
		" AND " + holds("e") + " WHERE a.meeting_id IN ?"
	if err := gormRaw(ctx, s.tx, query, ids).Scan(&rows).Error; err != nil {
		return nil, err
	}
	words := make(map[seat][]W)
	for _, row := range rows {
		key := seat{row.MeetingID, row.MemberID}
		words[key] = append(words[key], row.Word)
	}
	return words, nil
}

func (s *staging) loadLists(ctx context.Context, ids []meeting.ID, at map[meeting.ID]*meeting.Record) error {
	var items []meeting.ContentItem
	if err := gormRaw(ctx, s.tx, "SELECT * FROM meeting_content_item WHERE meeting_id IN ? ORDER BY meeting_id, position", ids).Scan(&items).Error; err != nil {
		return err
	}
	for _, item := range items {
		at[item.MeetingID].ContentItems = append(at[item.MeetingID].ContentItems, item.Item)
	}
	var studied []struct {
		MeetingID   meeting.ID
		DirectiveID directive.ID
	}
	const query = "SELECT meeting_id, directive_id FROM meeting_directive WHERE meeting_id IN ? ORDER BY meeting_id, position"
	if err := gormRaw(ctx, s.tx, query, ids).Scan(&studied).Error; err != nil {
		return err
	}
	for _, d := range studied {
		at[d.MeetingID].DirectiveIDs = append(at[d.MeetingID].DirectiveIDs, d.DirectiveID)
	}
	return nil
}

func (s *staging) loadMinutes(ctx context.Context, ids []meeting.ID, at map[meeting.ID]*meeting.Record) error {
	var lines []meeting.MinutesLine
	if err := gormRaw(ctx, s.tx, "SELECT * FROM minutes_line WHERE meeting_id IN ?", ids).Scan(&lines).Error; err != nil {
		return err
	}
	for _, l := range lines {
		r := at[l.MeetingID]
		r.Minutes = append(r.Minutes, meeting.RecordLine{
			Position: l.Position, Part: l.Part, ContentItem: l.ContentItem, MemberID: l.MemberID, Text: l.Text,
		})
	}
	return nil
}

func (s *staging) loadDecisions(ctx context.Context, ids []meeting.ID, at map[meeting.ID]*meeting.Record) error {
	var resolutions []resolution.Resolution
	if err := gormRaw(ctx, s.tx, "SELECT * FROM resolution WHERE meeting_id IN ?", ids).Scan(&resolutions).Error; err != nil {
		return err
	}
	for _, x := range resolutions {
		r := at[meeting.ID{UUID: x.MeetingID}]
		r.Resolutions = append(r.Resolutions, meeting.RecordResolution{
			ID: x.ID, Number: x.Number, AdoptedOn: x.AdoptedOn, Title: x.Title,
			VotesFor: x.VotesFor, VotesAgainst: x.VotesAgainst, VotesAbstained: x.VotesAbstained,
		})
	}
	var tasks []resolution.Task
	if err := gormRaw(ctx, s.tx, "SELECT * FROM task WHERE meeting_id IN ?", ids).Scan(&tasks).Error; err != nil {
		return err
	}
	for _, x := range tasks {
		r := at[meeting.ID{UUID: x.MeetingID}]
		r.Tasks = append(r.Tasks, meeting.RecordTask{ID: x.ID, Title: x.Title, AssigneeID: x.AssigneeID, DueOn: x.DueOn})
	}
	return nil
}

// nextInspected reads the new rounds or objects that follow a line of their file.
func (s *staging) nextInspected(ctx context.Context, source ledger.Source, after int) ([]inspected, error) {
	query := "SELECT s.line, t.id, t.organization_id, t.body, t.from_on, '' AS object_type FROM stage_inspections s JOIN inspection t ON t.id = s.id"
	if source == ledger.InspectionObject {
		query = "SELECT s.line, s.id, t.organization_id, t.body, t.from_on, s.object_type FROM stage_inspection_objects s" +
			" JOIN inspection_object o ON o.id = s.id JOIN inspection t ON t.id = o.inspection_id"
	}
	var rows []inspected
	if err := gormRaw(ctx, s.tx, query+" WHERE s.state = 0 AND s.line > ? ORDER BY s.line LIMIT ?", after, chunk).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read inspections: %w", err)
	}
	return rows, nil
}

// movedOrganizations are those of the store that got a new place, and all that ever stood below them.
func (s *staging) movedOrganizations(ctx context.Context) ([]org.ID, error) {
	const query = `WITH RECURSIVE below (id) AS (
			SELECT k.id FROM stage_placements s JOIN known_organizations k ON k.code = s.organization_code AND k.stored WHERE s.state = 0
			UNION
			SELECT p.organization_id FROM below b JOIN placement p ON p.parent_id = b.id
		) SELECT id FROM below ORDER BY id`
	return s.organizations(ctx, query)
}

// owingOrganizations are those whose obligations the import may have changed.
func (s *staging) owingOrganizations(ctx context.Context) ([]org.ID, error) {
	const query = `WITH RECURSIVE below (id) AS (
			SELECT k.id FROM stage_placements s JOIN known_organizations k ON k.code = s.organization_code WHERE s.state = 0
			UNION
			SELECT p.organization_id FROM below b JOIN placement p ON p.parent_id = b.id
		) SELECT id FROM (
			SELECT id FROM below
			UNION SELECT id FROM stage_organizations WHERE state = 0
			UNION SELECT k.id FROM stage_bodies s JOIN known_organizations k ON k.code = s.organization_code WHERE s.state = 0
			UNION SELECT k.id FROM stage_excused_months s JOIN known_organizations k ON k.code = s.organization_code WHERE s.state = 0
			UNION SELECT organization_id FROM ` + countedNew + `
		) o ORDER BY id`
	return s.organizations(ctx, query)
}

func (s *staging) organizations(ctx context.Context, query string) ([]org.ID, error) {
	var ids []uuid.UUID
	if err := gormRaw(ctx, s.tx, query).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("find organisations: %w", err)
	}
	found := make([]org.ID, len(ids))
	for i, id := range ids {
		found[i] = org.ID{UUID: id}
	}
	return found, nil
}
