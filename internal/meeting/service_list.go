package meeting

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// List returns a page of the meetings the caller sees and the cursor of the next one.
//
// Faults: organization_unknown, forbidden where CountedFor is an organisation whose figures the caller may not read.
func (s *Service) List(ctx context.Context, actor auth.Actor, f Filter, page httpapi.Page) ([]Change, *string, error) {
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]Change, error) {
		sight, err := org.ScopeRecords(ctx, tx, actor)
		if err != nil {
			return nil, err
		}
		if f.CountedFor != (org.ID{}) {
			if err := org.Authorize(ctx, tx, actor, auth.SummaryRead, f.CountedFor); err != nil {
				return nil, err
			}
		}
		meetings, err := list(ctx, tx, sight, f, page)
		if err == nil && f.stubs() {
			return stubbed(ctx, tx, sight, f, meetings)
		}
		if err != nil || f.UpdatedSince.IsZero() {
			return woven(meetings, nil), err
		}
		removed, err := listRemoved(ctx, tx, sight, f, page)
		return woven(meetings, removed), err
	})
	if err != nil {
		return nil, nil, err
	}
	order := f.order()
	data, next := httpapi.Cut(rows, page, func(c Change) []string { return order.keys(c.Meeting) })
	return data, next, nil
}

// stubbed shows of a meeting out of the caller's reach no more than what it counts.
func stubbed(ctx context.Context, tx *database.Tx, sight org.Sight, f Filter, meetings []Meeting) ([]Change, error) {
	reach, err := inReach(ctx, tx, sight, meetings)
	if err != nil {
		return nil, err
	}
	changes := woven(meetings, nil)
	var hidden []uuid.UUID
	for _, m := range meetings {
		if !reach[m.ID] {
			hidden = append(hidden, m.ID.UUID)
		}
	}
	counted, err := ledger.CountedAs(ctx, tx, hidden, f.Basis)
	if err != nil {
		return nil, err
	}
	for i, c := range changes {
		if counters, out := counted[c.Meeting.ID.UUID]; out {
			changes[i].Stub = &counters
		}
	}
	return changes, nil
}

// ListAttendance returns a page of the roll rows the caller sees and the cursor of the next one.
//
// Faults: none of its own.
func (s *Service) ListAttendance(
	ctx context.Context, actor auth.Actor, f AttendanceFilter, page httpapi.Page,
) ([]AttendanceRow, *string, error) {
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]AttendanceRow, error) {
		sight, err := org.ScopeRecords(ctx, tx, actor)
		if err != nil {
			return nil, err
		}
		return listAttendance(ctx, tx, sight, f, page)
	})
	if err != nil {
		return nil, nil, err
	}
	data, next := httpapi.Cut(rows, page, AttendanceRow.keys)
	return data, next, nil
}
