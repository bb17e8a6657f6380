package activity

import (
	"fmt"
	"iter"
	"slices"
	"strconv"

	"sochibo/internal/summary"
)

// A table of figures has one row for each: what it is about, its two numbers, and the share in per cent where it is one.
func figureColumns() []string {
	return []string{"figure", "body", "key", "name", "count", "of", "percent"}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func shareRow(figure, body, key string, r summary.Ratio) []string {
	percent := ""
	if r.Percent != nil {
		percent = fmt.Sprintf("%d.%d", *r.Percent/10, *r.Percent%10)
	}
	return []string{figure, body, key, "", number(r.Numerator), number(r.Denominator), percent}
}

func countRow(figure, body, key, name string, n int64) []string {
	return []string{figure, body, key, name, number(n), "", ""}
}

// cells writes the answer as rows.
func (a Activity) cells() iter.Seq[[]string] {
	rows := [][]string{figureColumns()}
	for _, b := range a.Bodies {
		rows = append(rows, b.rows()...)
	}
	for _, t := range a.Thematic {
		id, category := "", ""
		if t.TopicID != nil {
			id = t.TopicID.String()
		}
		if t.Category != nil {
			category = string(*t.Category)
		}
		rows = append(rows, countRow("thematic:"+category, "", id, textOf(t.Title), t.Sessions))
	}
	for _, d := range a.Directives {
		name := d.Number + " (" + d.IssuedOn.String() + ")"
		rows = append(rows, countRow("directive_sittings", "", d.DirectiveID.String(), name, d.Sittings),
			countRow("directive_cell_sittings", "", d.DirectiveID.String(), name, d.CellSittings),
			countRow("directive_cells", "", d.DirectiveID.String(), name, d.Cells))
	}
	return slices.Values(rows)
}

func (b BodyActivity) rows() [][]string {
	body := string(b.Body)
	rows := [][]string{countRow("sittings", body, "", "", b.Sittings), countRow("regular", body, "", "", b.Regular)}
	for _, item := range b.ContentItems {
		rows = append(rows, shareRow("content_item", body, item.Item, item.Sessions))
	}
	if b.Prepared != nil {
		rows = append(rows, shareRow("prepared", body, "", *b.Prepared))
	}
	rows = append(rows, countRow("tasks", body, "", "", b.Assignments.Tasks), countRow("tasks_with_member", body, "", "", b.Assignments.WithMember),
		countRow("members_with_tasks", body, "", "", b.Assignments.Members), countRow("agenda_responsible", body, "", "", b.Assignments.Responsible),
		shareRow("speakers", body, "", b.Speakers.Rate), countRow("sittings_with_speakers", body, "", "", b.Speakers.Heard),
		[]string{"minutes", body, "", "", number(b.Duration.Minutes), number(b.Duration.Timed), ""},
		shareRow("attendance", body, "", b.Attendance.Rate),
		shareRow("sittings_reaching", body, strconv.Itoa(b.Attendance.Threshold), b.Attendance.Reaching))
	for _, m := range b.Attendance.Months {
		rows = append(rows, shareRow("attendance_month", body, m.Month.String(), m.Rate))
	}
	for _, absent := range b.Absences {
		kind := "unknown"
		if absent.ReasonKind != nil {
			kind = string(*absent.ReasonKind)
		}
		status := string(absent.Status)
		rows = append(rows, countRow(status+"_officers", body, kind, "", absent.Officers),
			countRow(status+"_others", body, kind, "", absent.Others), countRow(status+"_unknown", body, kind, "", absent.Unknown))
	}
	return rows
}

// cells writes the completion as rows: one for each group, the last for the total.
func (c Completion) cells() iter.Seq[[]string] {
	rows := [][]string{{"group", "name", "due", "on_time", "late", "done_undated", "overdue", "open", "dropped", "percent_on_time"}}
	line := func(key, name string, t Tasks) {
		share := shareRow("", "", "", t.Rate)
		rows = append(rows, []string{
			key, name, number(t.Due), number(t.OnTime), number(t.Late), number(t.Undated), number(t.Overdue), number(t.Open), number(t.Dropped),
			share[len(share)-1],
		})
	}
	for _, g := range c.Groups {
		name := ""
		if g.Organization != nil {
			name = g.Organization.Name
		}
		line(g.Key, name, g.Tasks)
	}
	line("total", c.Organization.Name, c.Tasks)
	return slices.Values(rows)
}
