package exchange

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// versionsAtOnce is how many records are put together in memory at a time.
const versionsAtOnce = 500

// firstVersion is the number of every imported record version.
const firstVersion = 1

// post brings the ledger up to what was added: versions of counted meetings with their entries, inspections, and obligations.
func (s *staging) post(ctx context.Context) error {
	bulk, err := ledger.OpenBulk(ctx, s.tx)
	if err != nil {
		return err
	}
	if s.report.Changed() {
		if err := s.postAdded(ctx, bulk); err != nil {
			return err
		}
	}
	s.report.Entry, err = bulk.Close(ctx)
	return err
}

func (s *staging) postAdded(ctx context.Context, bulk *ledger.Bulk) error {
	moved, err := s.movedOrganizations(ctx)
	if err != nil {
		return err
	}
	if err := bulk.Rechain(ctx, moved, firstDay()); err != nil {
		return err
	}
	if err := s.writeVersions(ctx, bulk); err != nil {
		return err
	}
	if err := s.postInspections(ctx, bulk); err != nil {
		return err
	}
	owing, err := s.owingOrganizations(ctx)
	if err != nil {
		return err
	}
	s.progress("settle", 0, int64(len(owing)))
	return bulk.SettleAll(ctx, owing)
}

// writeVersions keeps the bytes of every counted meeting and posts its counters.
func (s *staging) writeVersions(ctx context.Context, bulk *ledger.Bulk) error {
	after, done := position{day: firstDay().Add(-1)}, int64(0)
	total, err := s.prepareVersions(ctx)
	if err != nil {
		return err
	}
	for done < total {
		records, last, err := s.nextRecords(ctx, after)
		if err != nil {
			return err
		}
		if len(records) == 0 {
			return nil
		}
		if err := s.writeRecords(ctx, records); err != nil {
			return err
		}
		var postings []ledger.Posting
		for _, r := range records {
			postings = append(postings, r.postings()...)
		}
		if err := bulk.Post(ctx, postings...); err != nil {
			return err
		}
		after, done = last, done+int64(len(records))
		s.progress("write versions", done, total)
	}
	return nil
}

// position is how far the records have been written, in the order of day and code.
type position struct {
	day  calendar.Date
	code string
}

// submittedRecord is a record of the folder with the status it came in.
type submittedRecord struct {
	meeting.Record
	accepted bool
}

// postings are what a record counts: once as it is in, and once more where it is accepted.
func (r submittedRecord) postings() []ledger.Posting {
	if !r.Forms.Counted() {
		return nil
	}
	number := firstVersion
	p := ledger.Posting{
		Cause: ledger.FolderBatch, Source: ledger.Meeting, SourceID: r.MeetingID.UUID, Version: &number, Organization: r.OrganizationID,
		Day: r.HeldOn, Month: r.PeriodMonth, Body: r.Body, Basis: ledger.Submitted, Counters: meeting.Count(r.Record),
	}
	if !r.accepted {
		return []ledger.Posting{p}
	}
	accepted := p
	accepted.Basis = ledger.Accepted
	return []ledger.Posting{p, accepted}
}

// postInspections posts the new rounds and objects.
func (s *staging) postInspections(ctx context.Context, bulk *ledger.Bulk) error {
	for _, source := range []ledger.Source{ledger.Inspection, ledger.InspectionObject} {
		after := 0
		for {
			rows, err := s.nextInspected(ctx, source, after)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			postings := make([]ledger.Posting, len(rows))
			for i, row := range rows {
				postings[i], after = row.posting(source), row.Line
			}
			if err := bulk.Post(ctx, postings...); err != nil {
				return err
			}
		}
	}
	return nil
}

// inspected is a round or one of its objects.
type inspected struct {
	Line           int
	ID             uuid.UUID
	OrganizationID org.ID
	Body           org.Body
	FromOn         calendar.Date
	ObjectType     string
}

func (i inspected) posting(source ledger.Source) ledger.Posting {
	counters := ledger.Counters{Rounds: 1}
	switch {
	case source == ledger.Inspection:
	case i.ObjectType == "organization":
		counters = ledger.Counters{InspectedOrganizations: 1}
	default:
		counters = ledger.Counters{InspectedMembers: 1}
	}
	return ledger.Posting{
		Cause: ledger.FolderBatch, Source: source, SourceID: i.ID, Organization: i.OrganizationID, Day: i.FromOn, Month: i.FromOn.Month(),
		Body: i.Body, Basis: ledger.Both, Counters: counters,
	}
}
