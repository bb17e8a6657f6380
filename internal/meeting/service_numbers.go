package meeting

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Preview is what a record counts: frozen, or of a draft as it would be if it were handed in now, with everything that keeps it from
// being handed in.
type Preview struct {
	Details

	Faults []fault.Field
}

// Preview returns the numbers of a meeting, and of a draft all faults and warnings. It writes nothing.
//
// Faults: meeting_unknown.
func (s *Service) Preview(ctx context.Context, actor auth.Actor, id ID) (Preview, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Preview, error) {
		m, err := s.see(ctx, tx, actor, id)
		if err != nil {
			return Preview{}, err
		}
		d, err := detailsOf(ctx, tx, m)
		if err != nil {
			return Preview{}, err
		}
		if !m.Draft() {
			if err := d.loadRecord(ctx, tx); err != nil {
				return Preview{}, err
			}
			d, err = name(ctx, tx, d)
			return Preview{Details: d}, err
		}
		return s.previewDraft(ctx, tx, actor, d)
	})
}

func (s *Service) previewDraft(ctx context.Context, tx *database.Tx, actor auth.Actor, before Details) (Preview, error) {
	d := draft{
		meeting: before.Meeting, content: contentOf(before), before: before.Attendance, stored: before, at: "/attendance", submitting: true,
	}
	d.content.sameMinutes = true
	var faults []fault.Field
	if err := s.check(ctx, tx, actor, &d); err != nil {
		f, is := fault.As(err)
		if !is || f.Kind != fault.Invalid {
			return Preview{}, err
		}
		faults = f.Fields
	}
	record := d.record()
	before.Record = &record
	named, err := name(ctx, tx, before)
	return Preview{named, faults}, err
}

// warn adds the warnings about a record to the details.
func (d *Details) warn() error {
	if d.Record == nil {
		return nil
	}
	var asked []string
	if d.Meeting.Body == org.Cell {
		set, err := ruleSet(d.Meeting.HeldOn)
		if err != nil {
			return err
		}
		asked = set.ContentItems
	}
	var w fault.Fields
	recordWarnings(&w, *d.Record, asked)
	d.Warnings = w.All()
	return nil
}

// absent names everybody of a roll who was not there.
func (r Record) absent() []member.ID {
	var ids []member.ID
	for _, row := range r.Roll {
		if row.Status != Present {
			ids = append(ids, row.MemberID)
		}
	}
	return ids
}
