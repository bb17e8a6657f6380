package org

import (
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
)

// Body is one of the bodies of an organisation that meet.
type Body string

// The bodies.
const (
	Cell                 Body = "cell"
	CellCommittee        Body = "cell_committee"
	PartyCommittee       Body = "party_committee"
	StandingCommittee    Body = "standing_committee"
	Conference           Body = "conference"
	InspectionCommission Body = "inspection_commission"
)

// Bodies are all bodies in the order in which they are shown; it is never changed.
var Bodies = []Body{Cell, CellCommittee, PartyCommittee, StandingCommittee, Conference, InspectionCommission}

// May reports whether an organisation of the kind can have the body.
func (k Kind) May(body Body) bool {
	switch body {
	case Cell:
		return k == KindCell || k == KindBaseCell
	case CellCommittee:
		return true
	case PartyCommittee, StandingCommittee, Conference, InspectionCommission:
		return k != KindCell
	default:
		return false
	}
}

// BodyTerm says during which days a committee or commission is in office. A cell has none: it exists as long as its organisation.
type BodyTerm struct {
	ID             uuid.UUID `gorm:"primaryKey"`
	OrganizationID ID
	Body           Body
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date // the last day
	CreatedAt      time.Time
}

// TableName names the table of terms.
func (BodyTerm) TableName() string { return "body_term" }

// Span returns the days of the term.
func (t BodyTerm) Span() calendar.Span { return calendar.Span{From: t.ValidFrom, To: t.ValidTo} }

// InOffice reports whether the body of the organisation exists on the day, given the terms of its bodies.
func InOffice(o Organization, body Body, terms []BodyTerm, on calendar.Date) bool {
	if !o.Kind.May(body) || !o.ExistsOn(on) {
		return false
	}
	if body == Cell {
		return true
	}
	for _, term := range terms {
		if term.OrganizationID == o.ID && term.Body == body && term.Span().Contains(on) {
			return true
		}
	}
	return false
}

// ExcusedMonth sets a due month of a body aside: neither met nor missed.
type ExcusedMonth struct {
	ID             uuid.UUID `gorm:"primaryKey"`
	OrganizationID ID
	Body           Body
	Month          calendar.Month
	Reason         *string
	CreatedAt      time.Time
}

// TableName names the table of excused months.
func (ExcusedMonth) TableName() string { return "excused_month" }
