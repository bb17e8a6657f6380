package study

import (
	"cmp"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// Named is an organisation; code and name are known within the caller's reach alone.
type Named struct {
	ID   org.ID  `json:"id" swaggertype:"string" format:"uuid"`
	Code *string `json:"code" extensions:"x-nullable" example:"VPUB-TH"`
	Name *string `json:"name" extensions:"x-nullable" example:"Chi bộ Tổng hợp"`
} //@name CoveredOrganization

// Categories counts thematic sessions by the category of their topic.
type Categories struct {
	HoChiMinhStudy int64 `json:"ho_chi_minh_study" example:"1"`
	CellBuilding   int64 `json:"cell_building" example:"0"`
	PartyBuilding  int64 `json:"party_building" example:"1"`
	SessionQuality int64 `json:"session_quality" example:"0"`
	PoliticalTask  int64 `json:"political_task" example:"0"`
	Other          int64 `json:"other" example:"0"`
	None           int64 `json:"none" example:"0"` // sessions without a topic
	Total          int64 `json:"total" example:"2"`
} //@name SessionsByCategory

// of returns the count of a category.
func (c *Categories) of(category topic.Category) *int64 {
	switch category {
	case topic.HoChiMinhStudy:
		return &c.HoChiMinhStudy
	case topic.CellBuilding:
		return &c.CellBuilding
	case topic.PartyBuilding:
		return &c.PartyBuilding
	case topic.SessionQuality:
		return &c.SessionQuality
	case topic.PoliticalTask:
		return &c.PoliticalTask
	case topic.Other:
		return &c.Other
	default:
		return &c.None
	}
}

// Cells tells how many cells owed a thematic session in a quarter and how many had one.
type Cells struct {
	Due     int64   `json:"due" example:"3"`
	Covered int64   `json:"covered" example:"1"`
	Without []Named `json:"without"` // those that owed one and had none
} //@name CellsOfQuarter

// CoverageRow is one organisation directly below, or the organisation's own part, in one quarter. Cells are null in a quarter that does not
// lie wholly in the period or has not begun to be due.
type CoverageRow struct {
	Organization Named            `json:"organization"`
	Quarter      calendar.Quarter `json:"quarter" swaggertype:"string" example:"2018-Q1"`
	Sessions     Categories       `json:"sessions"`
	Cells        *Cells           `json:"cells" extensions:"x-nullable"`
} //@name TopicCoverageRow

// Coverage is the thematic sessions of the cells at and below an organisation, by the tree of each meeting's day.
type Coverage struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	From           calendar.Month `json:"from" swaggertype:"string" format:"month" example:"2018-01"`
	To             calendar.Month `json:"to" swaggertype:"string" format:"month" example:"2018-06"`
	Basis          ledger.Basis   `json:"basis" swaggertype:"string" enums:"submitted,accepted"`
	Total          Categories     `json:"total"`
	Rows           []CoverageRow  `json:"rows"`
} //@name TopicCoverage

// held is how many thematic sessions on a category came through a child in a month.
type held struct {
	ViaID    org.ID
	Category topic.Category
	Month    calendar.Month
	Sessions int64
}

// owed is what the ledger posted of a cell's thematic quarters in a month, through a child.
type owed struct {
	ViaID          org.ID
	OrganizationID org.ID
	Month          calendar.Month
	Due1           int64
	Due2           int64
	Due3           int64
	Covered1       int64
	Covered2       int64
	Covered3       int64
}

// at returns what is due, which is posted in steps, and covered once so many months of the quarter have ended.
func (o owed) at(ended int) (due, covered int64) {
	switch ended {
	case 1:
		return o.Due1, o.Covered1
	case 2:
		return o.Due2, o.Covered2
	case 3:
		return o.Due3, o.Covered3
	default:
		return 0, 0
	}
}

// place is where a row of the table stands.
type place struct {
	via     org.ID
	quarter calendar.Quarter
}

// compose makes the table of the period. Rows stand by quarter, then by organisation.
func compose(period calendar.Period, today calendar.Date, sessions []held, obligations []owed) []CoverageRow {
	rows := map[place]*CoverageRow{}
	at := func(p place) *CoverageRow {
		if rows[p] == nil {
			rows[p] = &CoverageRow{Organization: Named{ID: p.via}, Quarter: p.quarter}
		}
		return rows[p]
	}
	for _, h := range sessions {
		row := at(place{h.ViaID, h.Month.Quarter()})
		*row.Sessions.of(h.Category) += h.Sessions
		row.Sessions.Total += h.Sessions
	}
	for quarter := range period.Quarters() {
		ended := endedMonths(quarter, today)
		if ended == 0 || !period.Contains(quarter.First()) || !period.Contains(quarter.Last()) {
			continue
		}
		for via, cells := range cellsOf(quarter, ended, obligations) {
			at(place{via, quarter}).Cells = &cells
		}
	}
	table := make([]CoverageRow, 0, len(rows))
	for _, row := range rows {
		table = append(table, *row)
	}
	slices.SortFunc(table, func(a, b CoverageRow) int {
		return cmp.Or(a.Quarter.Compare(b.Quarter), a.Organization.ID.Compare(b.Organization.ID))
	})
	return table
}

// endedMonths returns how many months of the quarter have ended.
func endedMonths(q calendar.Quarter, today calendar.Date) int {
	n := 0
	for month := range q.Period().All() {
		if month.Ended(today) {
			n++
		}
	}
	return n
}

// cellsOf adds up what the cells below each child owe and have in the quarter.
func cellsOf(quarter calendar.Quarter, ended int, obligations []owed) map[org.ID]Cells {
	type cell struct{ via, id org.ID }
	due, covered := map[cell]int64{}, map[cell]int64{}
	for _, o := range obligations {
		who := cell{o.ViaID, o.OrganizationID}
		steps, has := o.at(ended)
		if !o.Month.After(quarter.First()) {
			due[who] += steps
		}
		if o.Month == quarter.First() {
			covered[who] += has
		}
	}
	found := map[org.ID]Cells{}
	for who, n := range due {
		if n == 0 && covered[who] == 0 {
			continue
		}
		cells := found[who.via]
		cells.Due, cells.Covered = cells.Due+n, cells.Covered+covered[who]
		if n > covered[who] {
			cells.Without = append(cells.Without, Named{ID: who.id})
		}
		found[who.via] = cells
	}
	for via, cells := range found {
		slices.SortFunc(cells.Without, func(a, b Named) int { return a.ID.Compare(b.ID) })
		if cells.Without == nil {
			cells.Without = []Named{}
		}
		found[via] = cells
	}
	return found
}
