package exchange

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
)

// What the store holds of a meeting's lists and of an inspected object, written as the files have it. t is the row.
const (
	itemsStored      = "(SELECT string_agg(i.item, ';' ORDER BY i.position) FROM meeting_content_item i WHERE i.meeting_id = t.id)"
	directivesStored = "(SELECT string_agg(coalesce(d.code, CAST(d.id AS text)), ';' ORDER BY l.position)" +
		" FROM meeting_directive l JOIN directive d ON d.id = l.directive_id WHERE l.meeting_id = t.id)"
	objectStored = "coalesce((SELECT coalesce(o.code, CAST(o.id AS text)) FROM organization o WHERE o.id = t.organization_id)," +
		" (SELECT coalesce(b.code, CAST(b.id AS text)) FROM member b WHERE b.id = t.member_id))"
)

// exportQuery selects the rows of a file as they are written, sorted by their keys.
func exportQuery(d dialect, list []file, f *file) string {
	tables, cells := f.table+" t", make(map[string]string)
	var selected []string
	for i := range f.columns {
		c := &f.columns[i]
		if c.derived {
			continue
		}
		cell := "t." + c.in()
		switch {
		case c.stored != "":
			cell = engineText(d, c.stored)
		case c.name == "code" && f.coded():
			cell = canon(d, "t")
		case c.refers != "":
			alias := fmt.Sprintf("r%d", i)
			tables += fmt.Sprintf(" LEFT JOIN %s %s ON %s.id = t.%s", findFile(list, c.refers).table, alias, alias, c.store)
			cell = canon(d, alias)
		}
		cells[c.name] = cell
		selected = append(selected, cell+" AS c"+strconv.Itoa(i))
	}
	order := make([]string, len(f.key))
	for i, name := range f.key {
		order[i] = "coalesce(" + d.binary("CAST("+cells[name]+" AS text)") + ", '')"
	}
	return "SELECT " + strings.Join(selected, ", ") + " FROM " + tables + exported(f.name) + " ORDER BY " + strings.Join(order, ", ")
}

// engineText lets the ids in a text compare byte by byte with codes, where the engine asks for it.
func engineText(d dialect, expr string) string {
	for _, alias := range []string{"d", "o", "b"} {
		expr = strings.ReplaceAll(expr, "coalesce("+alias+".code, CAST("+alias+".id AS text))", canon(d, alias))
	}
	return expr
}

// exported narrows the rows of a table to those that the file holds: of a roll what was recorded.
func exported(name string) string {
	switch name {
	case "attendance":
		return " JOIN meeting m ON m.id = t.meeting_id WHERE t.status <> 'not_recorded' AND m.status IN ('held', 'submitted', 'accepted')"
	case "ratings":
		return " WHERE " + standingRating
	case "frozen_rolls":
		return " JOIN differing ON differing.id = t.meeting_id"
	default:
		return ""
	}
}

// differingQuery finds the counted meetings whose frozen roll is not what the other files give: members of whom the standing is
// another or who would not be on the roll at all, and members who would be on it and are not.
func differingQuery(s standings) string {
	counted := "(SELECT id, code, organization_id, body, held_on FROM meeting WHERE status IN ('submitted', 'accepted') AND NOT totals_only)"
	would := "CASE WHEN " + onRoster("a.member_id") + " THEN " + s.of("a.member_id", "a.status") +
		" WHEN a.status <> 'not_recorded' AND " + temporarilyHere("a.member_id") + " THEN 'temporary' ELSE 'absent' END"
	return conferences("meeting") + `, conference_scope AS (SELECT meeting_id, organization_id FROM below),
	differing AS (
		SELECT m.id FROM ` + counted + ` m JOIN attendance a ON a.meeting_id = m.id LEFT JOIN ` + exceptional + ` ON x.member_id = a.member_id
		WHERE coalesce(a.standing, '') <> ` + would + `
		UNION
		SELECT m.id FROM ` + rosterOf(counted) + ` m
		WHERE NOT EXISTS (SELECT 1 FROM attendance a WHERE a.meeting_id = m.id AND a.member_id = m.member_id)
	) `
}

// eachRow runs the query of a file and hands every row to take, as the texts of its cells.
func eachRow(ctx context.Context, tx *database.Tx, list []file, f *file, zone calendar.Zone, take func([]string) error) error {
	query := exportQuery(dialectOf(tx), list, f)
	if f.name == "frozen_rolls" {
		by, err := embedded()
		if err != nil {
			return err
		}
		query = differingQuery(by) + query
	}
	rows, err := gormRaw(ctx, tx, query).Rows()
	if err != nil {
		return fmt.Errorf("read %s: %w", f.name, err)
	}
	defer func() { _ = rows.Close() }()
	written := f.written()
	cells, texts := make([]any, len(written)), make([]string, len(written))
	for i := range written {
		cells[i] = written[i].holder()
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			return fmt.Errorf("read %s: %w", f.name, err)
		}
		for i := range written {
			texts[i] = written[i].format(cells[i], zone)
		}
		if err := take(texts); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", f.name, err)
	}
	return nil
}

// holder returns what a cell of the column is scanned into.
func (c *column) holder() any {
	switch c.kind {
	case aDate:
		return new(calendar.Date)
	case anInstant:
		return new(sql.NullTime)
	case aNumber:
		return new(sql.NullInt64)
	case aTruth:
		return new(sql.NullBool)
	default:
		return new(sql.NullString)
	}
}

// format writes a scanned cell the one way in which an export writes it.
func (c *column) format(cell any, zone calendar.Zone) string {
	switch v := cell.(type) {
	case *calendar.Date:
		if v.IsZero() || c.since && *v == firstDay() {
			return ""
		}
		return v.String()
	case *sql.NullTime:
		if v.Valid {
			return zone.Local(v.Time).Format(time.RFC3339Nano)
		}
	case *sql.NullInt64:
		if v.Valid {
			return strconv.FormatInt(v.Int64, 10)
		}
	case *sql.NullBool:
		if v.Valid {
			return strconv.FormatBool(v.Bool)
		}
	case *sql.NullString:
		return v.String
	}
	return ""
}
