package ledger

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/org"
)

// Part says which share of an organisation's figures is meant.
type Part int

// The parts: everything at and below the organisation, its own, everything but split by the child it came through, and
// everything in today's subtree, whatever the tree was at the time, split by organisation.
const (
	Whole Part = iota
	Own
	ByChild
	CurrentSubtree
)

// Selection asks for balances. AsOf is the last entry that counts, 0 for all of them.
type Selection struct {
	Organization org.ID
	Part         Part
	Period       calendar.Period
	Basis        Basis
	AsOf         int64
}

// Row is a balance that a selection found. Via is the zero id for Whole, the organisation itself for Own, the child for
// ByChild, the organisation that it belongs to for CurrentSubtree.
type Row struct {
	Via   org.ID
	Month calendar.Month
	Body  org.Body
	Counters
}

// Opening is what the steps before the period add up to, for those figures that are posted in steps.
type Opening struct {
	Via  org.ID
	Body org.Body
	Counters
}

// Head is the end of the book as one answer sees it.
type Head struct {
	Number     int64
	RecordedAt time.Time
}

// ErrAsOfUnknown tells that the book has no such entry yet, or had none at that instant.
var ErrAsOfUnknown = fault.New(fault.Malformed, "as_of_unknown")

// Read returns the balances of the period, by part, month and body, and the openings of the steps. It costs what is
// stored for the organisation up to the period's end; a past AsOf costs the entries after it besides, and
// CurrentSubtree the rows of every organisation in it.
func Read(ctx context.Context, tx *database.Tx, s Selection) ([]Row, []Opening, error) {
	rows, err := s.rows(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	openings, err := s.openings(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	return rows, openings, nil
}

func (s Selection) rows(ctx context.Context, tx *database.Tx) ([]Row, error) {
	rows, err := scan[Row](s.balances(ctx, tx).Select("via_id AS via, month, body, "+sums).
		Where("month BETWEEN ? AND ?", s.Period.From, s.Period.To).
		Group("via_id, month, body").Order("month, body, via_id"))
	if err != nil || s.AsOf == 0 {
		return rows, err
	}
	later, err := scan[Row](s.laterEntries(ctx, tx).Select(s.via()+" AS via, e.month, e.body, "+sums).
		Where("e.month BETWEEN ? AND ?", s.Period.From, s.Period.To).
		Group(s.via() + ", e.month, e.body"))
	return subtract(rows, later, func(r Row) any { return Row{Via: s.fold(r.Via), Month: r.Month, Body: r.Body} }), err
}

func (s Selection) openings(ctx context.Context, tx *database.Tx) ([]Opening, error) {
	openings, err := scan[Opening](s.balances(ctx, tx).Select("via_id AS via, body, "+sums).
		Where("month < ?", s.Period.From).
		Group("via_id, body").Order("body, via_id"))
	if err != nil || s.AsOf == 0 {
		return openings, err
	}
	later, err := scan[Opening](s.laterEntries(ctx, tx).Select(s.via()+" AS via, e.body, "+sums).
		Where("e.month < ?", s.Period.From).Group(s.via() + ", e.body"))
	return subtract(openings, later, func(o Opening) any { return Opening{Via: s.fold(o.Via), Body: o.Body} }), err
}

// scan reads rows whose columns come in the order of the fields. It does without GORM's reflection, which would take longer
// over thirty counters a row than the store takes to add them up.
func scan[T summed](q *gorm.DB) (all []T, err error) {
	found, err := q.Rows()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		var row T
		if err := found.Scan(cellsOf(&row)...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, found.Err()
}

func cellsOf[T summed](row *T) []any {
	var cells []any
	var counters *Counters
	switch x := any(row).(type) {
	case *Row:
		cells, counters = []any{&x.Via, &x.Month, &x.Body}, &x.Counters
	case *Opening:
		cells, counters = []any{&x.Via, &x.Body}, &x.Counters
	}
	for _, cell := range counters.cells() {
		cells = append(cells, cell)
	}
	return cells
}

// summed is a row with counters, which subtract pairs by everything but the counters.
type summed interface{ Row | Opening }

// subtract takes every later row from the row with the same key.
func subtract[T summed](rows, later []T, key func(T) any) []T {
	index := map[any]int{}
	for i, r := range rows {
		index[key(r)] = i
	}
	for _, l := range later {
		if i, ok := index[key(l)]; ok {
			rows[i] = minus(rows[i], l)
		}
	}
	return rows
}

func minus[T summed](a, b T) T {
	switch x := any(&a).(type) {
	case *Row:
		x.Counters = x.Counters.Minus(any(b).(Row).Counters)
	case *Opening:
		x.Counters = x.Counters.Minus(any(b).(Opening).Counters)
	}
	return a
}

// balances returns the query for the selected part under the alias e.
func (s Selection) balances(ctx context.Context, tx *database.Tx) *gorm.DB {
	q := database.Gorm(ctx, tx).Table("balance AS e").Where("basis IN ?", []Basis{s.Basis, Both})
	switch s.Part {
	case Own:
		return q.Where("organization_id = ? AND via_id = ?", s.Organization, s.Organization)
	case ByChild:
		return q.Where("organization_id = ? AND via_id <> ?", s.Organization, Total)
	case CurrentSubtree:
		where, args := org.Narrow(ctx, tx, s.Organization, "subtree", "e.organization_id")
		return q.Where("via_id = organization_id").Where(where, args...)
	default:
		return q.Where("organization_id = ? AND via_id = ?", s.Organization, Total)
	}
}

// laterEntries returns the query for the entries after AsOf that lead through the selected part.
func (s Selection) laterEntries(ctx context.Context, tx *database.Tx) *gorm.DB {
	q := database.Gorm(ctx, tx).Table("ledger_entry AS e").Where("e.number > ? AND e.basis IN ?", s.AsOf, []Basis{s.Basis, Both})
	if s.Part == CurrentSubtree {
		where, args := org.Narrow(ctx, tx, s.Organization, "subtree", "e.organization_id")
		return q.Where(where, args...)
	}
	q = q.Joins("JOIN ledger_path_step s ON s.path_id = e.path_id").Where("s.organization_id = ?", s.Organization)
	if s.Part == Own {
		q = q.Where("s.via_id = ?", s.Organization)
	}
	return q
}

// fold returns the Via under which a part is kept: the children of a whole all belong to the total.
func (s Selection) fold(via org.ID) org.ID {
	if s.Part == Whole {
		return Total
	}
	return via
}

// via is the SQL for the part that an entry after AsOf belongs to.
func (s Selection) via() string {
	switch s.Part {
	case CurrentSubtree:
		return "e.organization_id"
	default:
		return "s.via_id"
	}
}

// At returns the end of the book, or where it stood at the entry or the instant. It fails with ErrAsOfUnknown.
func At(ctx context.Context, tx *database.Tx, entry int64, instant time.Time) (Head, error) {
	var head Head
	if entry == 0 && instant.IsZero() {
		return head, database.Gorm(ctx, tx).Raw(`SELECT number, recorded_at FROM ledger_head WHERE id = 1`).Scan(&head).Error
	}
	q := database.Gorm(ctx, tx).Model(&Entry{}).Select("number, recorded_at").Order("number DESC").Limit(1)
	if entry != 0 {
		q = q.Where("number = ?", entry)
	} else {
		q = q.Where("recorded_at <= ?", instant)
	}
	if err := q.Scan(&head).Error; err != nil {
		return Head{}, err
	}
	if head.Number == 0 {
		return Head{}, ErrAsOfUnknown
	}
	return head, nil
}
