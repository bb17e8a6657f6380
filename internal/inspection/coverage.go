package inspection

import (
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

// Coverage says which cells were inspected in some months, and what became of the plans for them.
type Coverage struct {
	Organization org.ID
	Months       calendar.Period
	Cells        []CellCoverage // that stand at or below the organisation today and in reach, in the order of their ids
	Total        int            // cells, in reach or not
	Inspected    int            // of these, those with a round in the months
	Planned      int            // planned rounds of the months
	CarriedOut   int            // of these, those that a round carries out
}

// CellCoverage is one cell. A round counts for it if the cell itself is an object.
type CellCoverage struct {
	ID      org.ID
	Code    *string
	Name    string
	Planned int            // planned rounds of the months that name the cell
	Rounds  int            // rounds that began in the months
	LastOn  *calendar.Date // the first day of the last round until the end of the months; nil: never inspected
}

// planned is a planned round with the cells that it names.
type planned struct {
	PlanItem

	CarriedOut bool
}

// month is the month by which a planned round counts: the one it names, or the last one of its quarter.
func (p planned) month() calendar.Month {
	if p.PlannedMonth != nil {
		return *p.PlannedMonth
	}
	return p.Quarter.Last()
}

// looked is a round that a cell was an object of.
type looked struct {
	CellID org.ID
	FromOn calendar.Date
}

// cover composes the coverage of cells from the rounds until the end of the months, and from what was planned.
func cover(c Coverage, cells []org.Organization, rounds []looked, items []planned, objects []PlanObject) Coverage {
	at := map[org.ID]int{}
	for _, cell := range cells {
		at[cell.ID] = len(c.Cells)
		c.Cells = append(c.Cells, CellCoverage{ID: cell.ID, Code: cell.Code, Name: cell.Name})
	}
	for _, r := range rounds {
		n, known := at[r.CellID]
		if !known || r.FromOn.After(c.Months.Last()) {
			continue
		}
		cell := &c.Cells[n]
		if !r.FromOn.Before(c.Months.First()) {
			cell.Rounds++
		}
		if cell.LastOn == nil || r.FromOn.After(*cell.LastOn) {
			cell.LastOn = &r.FromOn
		}
	}
	due := map[uuid.UUID]bool{}
	for _, item := range items {
		if !c.Months.Contains(item.month()) {
			continue
		}
		due[item.ID] = true
		c.Planned++
		if item.CarriedOut {
			c.CarriedOut++
		}
	}
	for _, o := range objects {
		if n, known := at[o.OrganizationID]; known && due[o.ItemID] {
			c.Cells[n].Planned++
		}
	}
	c.Total = len(c.Cells)
	c.Inspected = len(slices.DeleteFunc(slices.Clone(c.Cells), func(cell CellCoverage) bool { return cell.Rounds == 0 }))
	return c
}
