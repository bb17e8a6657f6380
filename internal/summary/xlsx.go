package summary

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// XLSX returns the summary as a workbook: what was asked in the first lines, then the table, its header frozen.
func (s Summary) XLSX(lang string) ([]byte, error) {
	l := labelsIn(lang)
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Sheet1"
	w, err := book.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	style, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return nil, err
	}
	if err := w.SetColWidth(1, 1, 28); err != nil {
		return nil, err
	}
	const headerRow = 5
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: headerRow, TopLeftCell: fmt.Sprintf("B%d", headerRow+1), ActivePane: "bottomRight"}); err != nil {
		return nil, err
	}
	rows := [][]any{
		{l.organization, s.Organization.Name}, {l.period, s.Period.From.String() + " – " + s.Period.To.String()}, {s.Headline}, nil,
	}
	rows = append(rows, s.Table(lang)...)
	for i, row := range rows {
		if i+1 == headerRow {
			err = w.SetRow(fmt.Sprintf("A%d", i+1), styled(row, style))
		} else {
			err = w.SetRow(fmt.Sprintf("A%d", i+1), plain(row))
		}
		if err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func styled(row []any, style int) []any {
	out := make([]any, len(row))
	for i, cell := range row {
		out[i] = excelize.Cell{StyleID: style, Value: cell}
	}
	return out
}

// plain turns shares into numbers; texts stay texts, so that nothing in them is taken for a formula.
func plain(row []any) []any {
	out := make([]any, len(row))
	for i, cell := range row {
		if p, ok := cell.(Percent); ok {
			cell = float64(p) / 10
		}
		out[i] = cell
	}
	return out
}
