package rules

import (
	"context"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
)

// Places answers, for some organisations and any day, which set is in force, without asking the store again.
type Places struct {
	book   *Book
	forest org.Forest
	codes  map[org.ID]string
}

// Over prepares the answers of Holding for the organisations. It takes a few statements, however many there are.
func (b *Book) Over(ctx context.Context, tx *database.Tx, ids []org.ID) (Places, error) {
	p := Places{book: b}
	if len(b.locals) == 0 || len(ids) == 0 {
		return p, nil
	}
	var err error
	if p.forest, err = org.ForestAbove(ctx, tx, ids...); err != nil {
		return p, err
	}
	named := append([]org.ID{}, ids...)
	for _, placements := range p.forest {
		for _, placed := range placements {
			named = append(named, placed.ParentID)
		}
	}
	known, err := org.LookupAll(ctx, tx, named)
	p.codes = make(map[org.ID]string, len(known))
	for id, o := range known {
		if o.Code != nil {
			p.codes[id] = *o.Code
		}
	}
	return p, err
}

// On returns the set in force for the organisation on the day, by the tree of that day.
func (p Places) On(id org.ID, day calendar.Date) Set {
	if p.forest == nil {
		return p.book.On(day)
	}
	var codes []string
	for _, above := range p.forest.ChainOn(id, day) {
		if code, has := p.codes[above]; has {
			codes = append(codes, code)
		}
	}
	return p.book.For(codes, day)
}
