package exchange

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"sochibo/internal/database"
	"sochibo/internal/org"
)

// never stands for the end of what has none.
const never = "'9999-12-31'"

// fillPossible says which bodies each kind of organisation may have.
func (s *staging) fillPossible(ctx context.Context) error {
	rows := func(yield func([]any) bool) {
		for _, kind := range org.Kinds() {
			for _, body := range org.Bodies {
				if kind.May(body) && !yield([]any{string(kind), string(body)}) {
					return
				}
			}
		}
	}
	_, err := database.InsertAll(ctx, s.tx, "possible_body", []string{"kind", "body"}, rows)
	return err
}

// checkOrganizationOf notes rows outside the life of their organisation, and bodies that its kind cannot have. A row without an end
// ends with its organisation.
//
//fault:codes outside_organization_life body_not_possible
func (s *staging) checkOrganizationOf(ctx context.Context, f *file) error {
	if f.life[0] == "" {
		return nil
	}
	joined := "stage_" + f.name + " s JOIN known_organizations k ON k.code = s.organization_code JOIN organization o ON o.id = k.id WHERE s.state = 0 AND "
	for _, name := range f.life {
		if name == "" {
			continue
		}
		c := f.column(name)
		on := "s." + c.staged()
		outside := "(" + on + " < o.founded_on OR " + on + " > o.dissolved_on)"
		if c.since {
			outside += " AND " + on + " > '" + firstDay().String() + "'"
		}
		if _, err := s.remark(ctx, f, c.place(), "outside_organization_life", "s.organization_code", none, joined+outside); err != nil {
			return err
		}
	}
	if f.column("body") == nil {
		return nil
	}
	impossible := "NOT EXISTS (SELECT 1 FROM possible_body p WHERE p.kind = o.kind AND p.body = s.body)"
	_, err := s.remark(ctx, f, "body", "body_not_possible", "s.body", "o.kind", joined+impossible)
	return err
}

// checkParent notes placements outside the life of the parent.
func (s *staging) checkParent(ctx context.Context, f *file) error {
	if f.name != "placements" {
		return nil
	}
	joined := "stage_placements s JOIN known_organizations k ON k.code = s.parent_code JOIN organization o ON o.id = k.id WHERE s.state = 0 AND "
	first := "s.valid_from > '" + firstDay().String() + "' AND (s.valid_from < o.founded_on OR s.valid_from > o.dissolved_on)"
	if _, err := s.remark(ctx, f, "from", "outside_organization_life", "s.parent_code", none, joined+first); err != nil {
		return err
	}
	last := "(s.valid_to < o.founded_on OR s.valid_to > o.dissolved_on)"
	_, err := s.remark(ctx, f, "to", "outside_organization_life", "s.parent_code", none, joined+last)
	return err
}

// overlaps says for which files the spans of rows that share some columns may not overlap.
func overlaps(f *file) (code string, shared []string) {
	switch f.name {
	case "placements":
		return "placement_overlap", []string{"organization_code"}
	case "bodies":
		return "term_overlap", []string{"organization_code", "body"}
	case "memberships":
		return "membership_overlap", []string{"member_code"}
	case "delegates":
		return "delegate_overlap", []string{"organization_code", "member_code"}
	default:
		return "", nil
	}
}

// checkOverlap notes rows whose days another row of the same organisation, body or member has already.
//
//fault:codes placement_overlap term_overlap membership_overlap delegate_overlap
func (s *staging) checkOverlap(ctx context.Context, f *file) error {
	code, shared := overlaps(f)
	if code == "" {
		return nil
	}
	both := "o.valid_from <= coalesce(s.valid_to, " + never + ") AND s.valid_from <= coalesce(o.valid_to, " + never + ")"
	within, known := "stage_"+f.name+" s JOIN stage_"+f.name+" o ON o.line < s.line AND o.state <> 2", "stage_"+f.name+" s"
	same := ""
	for i, name := range shared {
		within += " AND o." + name + " = s." + name
		if c := f.column(name); c.refers != "" {
			k := "k" + strconv.Itoa(i)
			known += " JOIN known_" + c.refers + " " + k + " ON " + k + ".code = s." + name + " AND " + k + ".stored" //nolint:perfsprint // one or two names
			same += " AND o." + c.store + " = " + k + ".id"
		} else {
			same += " AND o." + name + " = s." + name
		}
	}
	known += " JOIN " + f.table + " o ON TRUE" + same
	span := "CAST(o.valid_from AS text) || '/' || coalesce(CAST(o.valid_to AS text), '')"
	if err := s.note(ctx, f, "from", code, span, none, within+" WHERE s.state = 0 AND "+both); err != nil {
		return err
	}
	return s.note(ctx, f, "from", code, span, none, known+" WHERE s.state = 0 AND "+both)
}

// cycleQuery walks upwards from the new rows of organisations that have others below them, narrowing the days as it goes.
const cycleQuery = `
WITH RECURSIVE climb (line, start_id, at_id, first_day, last_day) AS (
	SELECT s.line, p.organization_id, p.parent_id, p.valid_from, coalesce(p.valid_to, ` + never + `)
	FROM stage_placements s JOIN placement p ON p.id = s.id
	WHERE s.state = 0 AND EXISTS (SELECT 1 FROM placement b WHERE b.parent_id = p.organization_id)
	UNION
	SELECT c.line, c.start_id, p.parent_id,
		CASE WHEN p.valid_from > c.first_day THEN p.valid_from ELSE c.first_day END,
		CASE WHEN p.valid_to < c.last_day THEN p.valid_to ELSE c.last_day END
	FROM climb c JOIN placement p ON p.organization_id = c.at_id
		AND p.valid_from <= c.last_day AND coalesce(p.valid_to, ` + never + `) >= c.first_day
	WHERE c.at_id <> c.start_id
)
INSERT INTO stage_fault (file, line, place, code, given, stored)
SELECT 'placements', c.line, 'parent_code', 'placement_cycle', CAST(min(c.first_day) AS text), CAST(NULL AS text)
FROM climb c WHERE c.at_id = c.start_id GROUP BY c.line`

// checkCycles notes placements by which an organisation stands below itself on some day. The rows have been moved by then; the
// import ends with the fault.
//
//fault:codes placement_cycle
func (s *staging) checkCycles(ctx context.Context) error {
	if _, err := exec(ctx, s.tx, cycleQuery); err != nil {
		return fmt.Errorf("check placement_cycle of placements: %w", err)
	}
	return nil
}

// checkMeetingOf notes rows of meetings that cannot have them: a roll before the meeting or of one that was called off, and anything
// new in a record that the store counts already.
//
//fault:codes attendance_without_sitting frozen_roll_of_draft meeting_counted totals_and_roll
func (s *staging) checkMeetingOf(ctx context.Context, f *file) error {
	if f.column("meeting_code") == nil || f.besides || slices.Contains([]string{"registered_sessions", "notices", "delegate_attendance"}, f.name) {
		return nil // these are beside the record, and come after it as well
	}
	joined := "stage_" + f.name + " s JOIN known_meetings k ON k.code = s.meeting_code JOIN meeting m ON m.id = k.id WHERE s.state = 0 AND "
	if err := s.checkTotalsAndPaper(ctx, f, joined); err != nil {
		return err
	}
	switch f.name {
	case "ratings":
		return s.checkRatings(ctx, f, joined)
	case "attendance", "totals":
		if err := s.note(ctx, f, "meeting_code", "attendance_without_sitting", "s.meeting_code", "m.status",
			joined+"m.status IN ('scheduled', 'cancelled')"); err != nil {
			return err
		}
	case "frozen_rolls":
		if err := s.note(ctx, f, "meeting_code", "frozen_roll_of_draft", "s.meeting_code", "m.status",
			joined+"m.status NOT IN ('submitted', 'accepted')"); err != nil {
			return err
		}
	}
	if stored, err := some(ctx, s.tx, "known_meetings WHERE stored"); err != nil || !stored {
		return err
	}
	return s.note(ctx, f, "meeting_code", "meeting_counted", "s.meeting_code", none, joined+"k.stored AND m.status IN ('submitted', 'accepted')")
}

// checkTotalsAndPaper notes totals beside a roll or of a month that still runs, and texts of a meeting that is kept on paper.
//
//fault:codes totals_and_roll totals_not_past paper_without_text field_required
func (s *staging) checkTotalsAndPaper(ctx context.Context, f *file, joined string) error {
	note := func(place, code, where string) error {
		return s.note(ctx, f, place, code, "s.meeting_code", none, joined+where)
	}
	onPaper := "m.paper_book IS NOT NULL AND s."
	switch f.name {
	case "attendance", "frozen_rolls":
		return note("meeting_code", "totals_and_roll", "m.totals_only")
	case "minutes":
		return note("text", "paper_without_text", onPaper+"text IS NOT NULL")
	case "resolutions":
		return note("title", "paper_without_text", onPaper+"title IS NOT NULL")
	case "tasks":
		for _, column := range []string{"title", "result", "evidence", "evidence_address"} {
			if err := note(column, "paper_without_text", onPaper+column+" IS NOT NULL"); err != nil {
				return err
			}
		}
		return nil
	case "votes":
		if err := note("subject", "field_required", "m.paper_book IS NULL AND s.subject IS NULL"); err != nil {
			return err
		}
		return note("subject", "paper_without_text", onPaper+"subject IS NOT NULL")
	case "totals":
		if err := note("meeting_code", "totals_and_roll", "(EXISTS (SELECT 1 FROM stage_attendance a WHERE a.meeting_code = s.meeting_code)"+
			" OR EXISTS (SELECT 1 FROM attendance a WHERE a.meeting_id = m.id))"); err != nil {
			return err
		}
		month := s.zone.Today(s.tx.Now).Month()
		return note("meeting_code", "totals_not_past", "(m.period_month >= '"+month.String()+"' OR m.held_on >= '"+month.First().String()+"')")
	default:
		return nil
	}
}

// checkIDs notes new rows whose code is an id that another row of the store has.
//
//fault:codes id_taken
func (s *staging) checkIDs(ctx context.Context, f *file) error {
	if !f.coded() {
		return nil
	}
	return s.note(ctx, f, "code", "id_taken", "s.code", none,
		"stage_"+f.name+" s JOIN known_"+f.name+" k ON k.code = s.code AND NOT k.stored JOIN "+f.table+" t ON t.id = s.id WHERE s.own_code IS NULL AND s.state = 0")
}
