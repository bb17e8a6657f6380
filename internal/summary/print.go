package summary

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"sochibo/internal/org"
	"sochibo/internal/text"
)

// Print writes the summary as a table that a person can read in a terminal.
func (s Summary) Print(w io.Writer, lang string) error {
	l := labelsIn(lang)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s – %s · %d %s · %s\n\n%s\n\n", s.Organization.Name, s.Period.From, s.Period.To, s.Period.Months, monthWord(lang), strings.Join(s.RuleSets, ", "), s.Headline)
	s.bodyTable(&b, l)
	fmt.Fprintf(&b, "\n%s %d/%d · %s %d · %s %d · %s %d/%d\n", l.quartersCovered, s.ThematicQuarters.Covered, s.ThematicQuarters.Due,
		l.rounds, s.Inspections.Rounds, l.inspected, s.Inspections.Organizations, l.reported, s.Coverage.Reported, s.Coverage.Due)
	if len(s.Groups) > 0 {
		b.WriteString("\n")
		s.groupTable(&b, l)
	}
	fmt.Fprintf(&b, "\nas_of=%d · basis=%s · base=%s · scope=%s · tree=%s\n", s.AsOf.Entry, s.Basis, s.Base, s.Scope, s.Tree)
	_, err := io.WriteString(w, b.String())
	return err
}

func monthWord(lang string) string {
	if lang == "en" {
		return "months"
	}
	return "tháng"
}

func (s Summary) bodyTable(b *strings.Builder, l labels) {
	rows := [][]string{{"", l.regular, l.thematic, l.extraordinary, l.covered, l.compliance, l.present, l.attendance}}
	partly := s.partly()
	if partly {
		rows[0] = append(rows[0], l.totalsSittings, l.totalsExpected, l.paperSittings)
	}
	for _, body := range s.presentBodies() {
		f, c, a := s.Sessions[body], s.Compliance[body], s.Attendance[body]
		rows = append(rows, []string{
			l.bodies[body], text.FormatInt(f.Regular), text.FormatInt(f.Thematic), text.FormatInt(f.Extraordinary),
			fmt.Sprintf("%d/%d", c.Covered, c.Due-c.Excused), shareText(c.Rate),
			fmt.Sprintf("%d/%d", a.Rate.Numerator, a.Rate.Denominator), shareText(a.Rate),
		})
		if partly {
			rows[len(rows)-1] = append(rows[len(rows)-1], fmt.Sprintf("%d/%d", a.FromTotals.Sittings, s.Sittings[body]),
				fmt.Sprintf("%d/%d", a.FromTotals.Expected, a.Rate.Denominator), fmt.Sprintf("%d/%d", a.PaperSittings, s.Sittings[body]))
		}
	}
	align(b, rows)
}

// partly reports whether a part of the figures has no roll or no text behind it; then the share stands beside every figure.
func (s Summary) partly() bool {
	for _, a := range s.Attendance {
		if a.FromTotals.Sittings != 0 || a.PaperSittings != 0 {
			return true
		}
	}
	return false
}

func (s Summary) groupTable(b *strings.Builder, l labels) {
	bodies := s.presentBodies()
	header := []string{l.group}
	for _, body := range bodies {
		header = append(header, l.bodies[body])
	}
	rows := [][]string{append(header, l.thematic, l.bodies[org.Cell]+": "+l.attendance)}
	for _, g := range s.Groups {
		name := g.Key
		if g.Organization != nil {
			name = g.Organization.Name
		}
		row := []string{name}
		for _, body := range bodies {
			row = append(row, text.FormatInt(g.Sessions[body].Regular))
		}
		rows = append(rows, append(row, text.FormatInt(g.Sessions[org.Cell].Thematic), shareText(g.Attendance[org.Cell].Rate)))
	}
	align(b, rows)
}

func shareText(r Ratio) string {
	if r.Percent == nil {
		return "–"
	}
	return percent(r)
}

// align writes the rows in columns: names to the left, figures to the right.
func align(b *strings.Builder, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				b.WriteString(cell + space)
			} else {
				b.WriteString("  " + space + cell)
			}
		}
		b.WriteString("\n")
	}
}
