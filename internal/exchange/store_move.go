package exchange

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sochibo/internal/fault"
)

// settleFile checks the staged rows of a file and moves the good ones that are new.
func (s *staging) settleFile(ctx context.Context, f *file) error {
	for _, check := range []func(context.Context, *file) error{
		s.checkReferences, s.checkDuplicates, s.compare, s.checkIDs, s.checkOrganizationOf, s.checkParent, s.checkOverlap, s.checkMeetingOf, s.checkScheduled,
		s.checkInspected,
	} {
		if err := check(ctx, f); err != nil {
			return err
		}
	}
	if f.coded() {
		if _, err := exec(ctx, s.tx, "UPDATE known_"+f.name+" SET usable = FALSE WHERE code IN (SELECT code FROM stage_"+f.name+
			" WHERE state = 2) AND NOT stored AND code NOT IN (SELECT code FROM stage_"+f.name+" WHERE state < 2 AND code IS NOT NULL)"); err != nil {
			return err
		}
	}
	if err := s.tally(ctx, f); err != nil || f.apart {
		return err
	}
	return s.move(ctx, f)
}

// tally counts what the import adds and what the store has already.
func (s *staging) tally(ctx context.Context, f *file) error {
	var count struct{ Added, Unchanged int64 }
	err := gormRaw(ctx, s.tx, "SELECT count(*) FILTER (WHERE state = 0) AS added, count(*) FILTER (WHERE state = 1) AS unchanged FROM stage_"+f.name).
		Scan(&count).Error
	if err != nil {
		return fmt.Errorf("count %s: %w", f.name, err)
	}
	s.report.Files = append(s.report.Files, FileReport{Name: f.name + ".csv", Added: count.Added, Unchanged: count.Unchanged})
	return nil
}

// move writes the new rows of a file into its table.
func (s *staging) move(ctx context.Context, f *file) error {
	d := dialectOf(s.tx)
	var columns, values []string
	var args []any
	add := func(column, value string) { columns, values = append(columns, column), append(values, value) }
	tables := "stage_" + f.name + " s"
	if !f.keyed() {
		add("id", "s.id")
	}
	if f.coded() {
		add("code", "s.own_code")
	}
	for i := range f.columns {
		c := &f.columns[i]
		switch {
		case c.unstored || c.name == "code" && f.coded():
		case c.refers != "":
			tables += fmt.Sprintf(" LEFT JOIN known_%s k%d ON k%d.code = s.%s AND k%d.usable", c.refers, i, i, c.name, i)
			add(c.store, fmt.Sprintf("k%d.id", i))
		default:
			add(c.in(), "s."+c.staged())
		}
	}
	for _, c := range f.constants() {
		if c.now {
			add(c.column, d.now)
			args = append(args, s.tx.Now)
		} else {
			add(c.column, c.value)
		}
	}
	n, err := exec(ctx, s.tx, "INSERT INTO "+f.table+" ("+strings.Join(columns, ", ")+") SELECT "+strings.Join(values, ", ")+" FROM "+tables+
		" WHERE s.state = 0", args...)
	if err != nil {
		return fmt.Errorf("add %s: %w", f.name, err)
	}
	s.progress("add "+f.name, n, n)
	return s.moved(ctx, f)
}

// keyed reports whether the rows of the table have no id of their own.
func (f *file) keyed() bool {
	return slices.Contains([]string{"minutes_line", "meeting_vote", "meeting_totals", "topic_link", "briefing_line", "joint_session_meeting"}, f.table)
}

// constant is a column that has the same value in every new row.
type constant struct {
	column, value string
	now           bool
}

func (f *file) constants() []constant {
	list := []constant{{column: "created_at", now: true}}
	switch {
	case f.table == "rating":
		return append(list, ratingConstants()...)
	case f.keyed():
		return nil
	case !f.coded():
		return list
	}
	list = append(list, constant{column: "updated_at", now: true})
	if f.table != "resolution" && f.table != "inspection_finding" {
		list = append(list, constant{column: "version", value: "1"})
	}
	if f.table == "meeting" {
		list = append(list, constant{column: "record_version", value: "CASE WHEN s.status IN ('submitted', 'accepted') THEN 1 ELSE 0 END"})
	}
	return list
}

// moved writes the lists of new meetings, and looks for cycles once the tree stands.
func (s *staging) moved(ctx context.Context, f *file) error {
	switch f.name {
	case "placements":
		return s.checkCycles(ctx)
	case "meetings":
		return execAll(ctx, s.tx, "add lists of meetings",
			"INSERT INTO meeting_content_item (meeting_id, position, item) SELECT s.id, l.position, l.code FROM "+stageItems+
				" l JOIN stage_meetings s ON s.line = l.line WHERE s.state = 0",
			"INSERT INTO meeting_directive (meeting_id, position, directive_id) SELECT s.id, l.position, k.id FROM "+stageDirectives+
				" l JOIN stage_meetings s ON s.line = l.line JOIN known_directives k ON k.code = l.code AND k.usable WHERE s.state = 0",
		)
	case "totals":
		_, err := exec(ctx, s.tx, "UPDATE meeting SET totals_only = TRUE WHERE id IN (SELECT k.id FROM stage_totals s"+
			" JOIN known_meetings k ON k.code = s.meeting_code AND k.usable WHERE s.state = 0)")
		return err
	default:
		return nil
	}
}

// touchParents raises the version of what was there before and has new parts now.
func (s *staging) touchParents(ctx context.Context) error {
	for i := range s.files {
		f := &s.files[i]
		if f.part == "" {
			continue
		}
		parent := findFile(s.files, f.part)
		if _, err := exec(ctx, s.tx, "UPDATE "+parent.table+" SET version = version + 1, updated_at = "+dialectOf(s.tx).now+
			" WHERE id IN (SELECT k.id FROM stage_"+f.name+" s JOIN known_"+f.part+" k ON k.code = s."+f.naming(f.part)+" AND k.stored WHERE s.state = 0)",
			s.tx.Now); err != nil {
			return fmt.Errorf("touch %s: %w", f.part, err)
		}
	}
	return nil
}

// naming returns the column that names the aggregate a row is part of.
func (f *file) naming(refers string) string {
	for i := range f.columns {
		if f.columns[i].refers == refers {
			return f.columns[i].name
		}
	}
	return ""
}

// gatherFaults reads what the queries found; of every file and code the first ones are named, the rest is counted.
func (s *staging) gatherFaults(ctx context.Context) error {
	var rows []struct {
		File, Place, Code string
		Line              int
		Given, Stored     *string
		Total             int
	}
	const query = `SELECT file, line, place, code, given, stored, total FROM (
			SELECT file, line, place, code, given, stored, row_number() OVER (PARTITION BY file, code ORDER BY line, place) AS nth, count(*) OVER () AS total
			FROM stage_fault
		) f WHERE nth <= ? ORDER BY nth, file, code LIMIT ?`
	if err := gormRaw(ctx, s.tx, query, mostOfCode, mostFaults).Scan(&rows).Error; err != nil {
		return fmt.Errorf("gather faults: %w", err)
	}
	for _, row := range rows {
		s.faults.at(row.File, row.Line, row.Place, row.Code, argsOf(row.Code, row.Given, row.Stored))
	}
	if len(rows) > 0 {
		s.faults.total += rows[0].Total - len(rows)
	}
	return nil
}

// argsOf names the values of a fault as its message does.
func argsOf(code string, given, stored *string) fault.Args {
	args := fault.Args{}
	if stored != nil {
		args["stored"] = printable(*stored)
	}
	if given == nil {
		return args
	}
	name := "given"
	switch {
	case strings.HasSuffix(code, "_overlap"):
		name = "span"
	case code == "quarter_outside_year":
		name = "year"
	case code == "before_round":
		name = "day"
	case code == "outside_organization_life":
		name = "organization"
	case code == "key_duplicate":
		name = "line"
	}
	args[name] = printable(*given)
	return args
}
