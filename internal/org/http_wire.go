package org

import (
	"iter"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
)

// Wire is an organisation as clients see it.
type Wire struct {
	ID          ID             `json:"id" swaggertype:"string" format:"uuid" example:"0198c0de-0000-7000-8000-000000000001"`
	Code        *string        `json:"code" extensions:"x-nullable" example:"38.168.053.000.001"`
	Kind        Kind           `json:"kind" swaggertype:"string" enums:"central,provincial,superior,base_party,sectional_party,base_cell,cell" example:"cell"`
	CellType    *CellType      `json:"cell_type" swaggertype:"string" enums:"neighbourhood,agency,state_enterprise,private_enterprise,students,armed_forces" extensions:"x-nullable" example:"agency"`
	Name        string         `json:"name" example:"Chi bộ Văn phòng"`
	ShortName   *string        `json:"short_name" extensions:"x-nullable" example:"CB Văn phòng"`
	FoundedOn   *calendar.Date `json:"founded_on" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2010-05-19"`
	DissolvedOn *calendar.Date `json:"dissolved_on" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2025-06-30"`
	ParentID    *ID            `json:"parent_id" swaggertype:"string" format:"uuid" extensions:"x-nullable" example:"0198c0de-0000-7000-8000-000000000002"`
	Bodies      []Body         `json:"bodies" swaggertype:"array,string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" example:"cell,cell_committee"`
	Version     int64          `json:"version" example:"1"`
	CreatedAt   time.Time      `json:"created_at" format:"date-time"`
	UpdatedAt   time.Time      `json:"updated_at" format:"date-time"`
} //	@name	Organization

// WireOf renders an organisation for clients.
func WireOf(d Detail) Wire {
	return Wire{
		ID: d.ID, Code: d.Code, Kind: d.Kind, CellType: d.CellType, Name: d.Name, ShortName: d.ShortName,
		FoundedOn: d.FoundedOn, DissolvedOn: d.DissolvedOn, ParentID: d.ParentID, Bodies: d.Bodies,
		Version: d.Version, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

type organizationList struct {
	Data []Wire  `json:"data"`
	Next *string `json:"next" extensions:"x-nullable"`
} //	@name	OrganizationList

// organizationRows are the organisations as lines of a table, its head first.
func organizationRows(details []Detail) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		head := []string{"id", "code", "kind", "cell_type", "name", "short_name", "founded_on", "dissolved_on", "parent_id", "bodies"}
		if !yield(head) {
			return
		}
		for _, d := range details {
			row := []string{
				d.ID.String(), cell(d.Code), string(d.Kind), cell(d.CellType), d.Name, cell(d.ShortName),
				day(d.FoundedOn), day(d.DissolvedOn), "", joined(d.Bodies),
			}
			if d.ParentID != nil {
				row[8] = d.ParentID.String()
			}
			if !yield(row) {
				return
			}
		}
	}
}

func cell[W ~string](value *W) string {
	if value == nil {
		return ""
	}
	return string(*value)
}

func day(value *calendar.Date) string {
	if value == nil {
		return ""
	}
	return value.String()
}

type treeNode struct {
	Organization Wire       `json:"organization"`
	Children     []treeNode `json:"children"`
} //	@name	OrganizationTree

func treeOf(t *Tree) treeNode {
	return treeNode{Organization: WireOf(t.Detail), Children: mapped(t.Children, treeOf)}
}

// PlacementWire is a placement as clients see it.
type PlacementWire struct {
	ID             uuid.UUID      `json:"id" swaggertype:"string" format:"uuid"`
	OrganizationID ID             `json:"organization_id" swaggertype:"string" format:"uuid"`
	ParentID       ID             `json:"parent_id" swaggertype:"string" format:"uuid"`
	From           calendar.Date  `json:"from" swaggertype:"string" format:"date" example:"2015-09-01"`
	To             *calendar.Date `json:"to" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2018-04-30"`
	CreatedAt      time.Time      `json:"created_at" format:"date-time"`
} //	@name	Placement

// WireOfPlacement renders a placement for clients.
func WireOfPlacement(p Placement) PlacementWire {
	return PlacementWire{
		ID: p.ID, OrganizationID: p.OrganizationID, ParentID: p.ParentID, From: p.ValidFrom, To: p.ValidTo, CreatedAt: p.CreatedAt,
	}
}

type placementList struct {
	Data []PlacementWire `json:"data"`
	Next *string         `json:"next" extensions:"x-nullable"`
} //	@name	PlacementList

// TermWire is a term of a body as clients see it.
type TermWire struct {
	ID             uuid.UUID      `json:"id" swaggertype:"string" format:"uuid"`
	OrganizationID ID             `json:"organization_id" swaggertype:"string" format:"uuid"`
	Body           Body           `json:"body" swaggertype:"string" enums:"cell_committee,party_committee,standing_committee,conference,inspection_commission" example:"cell_committee"`
	From           calendar.Date  `json:"from" swaggertype:"string" format:"date" example:"2015-09-01"`
	To             *calendar.Date `json:"to" swaggertype:"string" format:"date" extensions:"x-nullable" example:"2018-04-30"`
	CreatedAt      time.Time      `json:"created_at" format:"date-time"`
} //	@name	BodyTerm

// WireOfTerm renders a term for clients.
func WireOfTerm(t BodyTerm) TermWire {
	return TermWire{
		ID: t.ID, OrganizationID: t.OrganizationID, Body: t.Body, From: t.ValidFrom, To: t.ValidTo, CreatedAt: t.CreatedAt,
	}
}

type termList struct {
	Data []TermWire `json:"data"`
	Next *string    `json:"next" extensions:"x-nullable"`
} //	@name	BodyTermList

// ExcusedMonthWire is an excused month as clients see it.
type ExcusedMonthWire struct {
	ID             uuid.UUID      `json:"id" swaggertype:"string" format:"uuid"`
	OrganizationID ID             `json:"organization_id" swaggertype:"string" format:"uuid"`
	Body           Body           `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" example:"cell"`
	Month          calendar.Month `json:"month" swaggertype:"string" example:"2018-02"`
	Reason         *string        `json:"reason" extensions:"x-nullable" example:"Tết Nguyên đán"`
	CreatedAt      time.Time      `json:"created_at" format:"date-time"`
} //	@name	ExcusedMonth

// WireOfExcused renders an excused month for clients.
func WireOfExcused(m ExcusedMonth) ExcusedMonthWire { return ExcusedMonthWire(m) }

type excusedMonthList struct {
	Data []ExcusedMonthWire `json:"data"`
	Next *string            `json:"next" extensions:"x-nullable"`
} //	@name	ExcusedMonthList
