package org

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
)

// Placement says below which organisation another one stands, and during which days.
type Placement struct {
	ID             uuid.UUID `gorm:"primaryKey"`
	OrganizationID ID
	ParentID       ID
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date // the last day
	CreatedAt      time.Time
}

// TableName names the table of placements.
func (Placement) TableName() string { return "placement" }

// Span returns the days of the placement.
func (p Placement) Span() calendar.Span { return calendar.Span{From: p.ValidFrom, To: p.ValidTo} }

// Forest is every placement of some organisations and of all that ever stood above them, by organisation.
type Forest map[ID][]Placement

// NewForest arranges placements by organisation.
func NewForest(placements []Placement) Forest {
	forest := make(Forest)
	for _, p := range placements {
		forest[p.OrganizationID] = append(forest[p.OrganizationID], p)
	}
	return forest
}

// ParentOn returns the organisation above on the day, if there is one.
func (f Forest) ParentOn(id ID, on calendar.Date) (ID, bool) {
	for _, p := range f[id] {
		if p.Span().Contains(on) {
			return p.ParentID, true
		}
	}
	return ID{}, false
}

// ChainOn returns the organisation, its parent on the day, and so on up to the root.
func (f Forest) ChainOn(id ID, on calendar.Date) []ID {
	chain := []ID{id}
	for {
		parent, ok := f.ParentOn(id, on)
		if !ok || slices.Contains(chain, parent) {
			return chain
		}
		chain = append(chain, parent)
		id = parent
	}
}

// Reaches reports whether target is the organisation itself, or above it on any day of the span.
func (f Forest) Reaches(id, target ID, span calendar.Span) bool {
	return f.reaches(id, target, span, nil)
}

func (f Forest) reaches(id, target ID, span calendar.Span, below []ID) bool {
	if id == target {
		return true
	}
	if slices.Contains(below, id) {
		return false
	}
	for _, p := range f[id] {
		shared, ok := p.Span().Intersect(span)
		if ok && f.reaches(p.ParentID, target, shared, append(below, id)) {
			return true
		}
	}
	return false
}
