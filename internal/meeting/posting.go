package meeting

import (
	"context"
	"crypto/sha256"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/ledger"
)

// recordOf puts together what is handed in.
func recordOf(ctx context.Context, tx *database.Tx, m Meeting, roll []RollRow) (Details, Record, error) {
	d, err := detailsOf(ctx, tx, m)
	if err != nil {
		return d, Record{}, err
	}
	editors, err := editorsOf(ctx, tx, m.ID)
	if err != nil {
		return d, Record{}, err
	}
	return d, assemble(d, roll, editors), nil
}

// assemble makes the record of what belongs to a meeting.
func assemble(d Details, roll []RollRow, editors []auth.UserID) Record {
	m := d.Meeting
	r := Record{
		MeetingID: m.ID, Number: m.RecordVersion, OrganizationID: m.OrganizationID, Body: m.Body, Forms: m.Forms,
		PeriodMonth: m.PeriodMonth, HeldOn: m.HeldOn, StartedAt: m.StartedAt, EndedAt: m.EndedAt, BreakMinutes: m.BreakMinutes,
		Mode: m.Mode, Place: m.Place, Title: m.Title, ChairID: m.ChairID, MinutesTakerID: m.MinutesTakerID, TopicID: m.TopicID,
		ContentItems: d.ContentItems, DirectiveIDs: d.DirectiveIDs, Guests: m.Guests, PreparedByID: m.PreparedByID,
		SelfScore: m.SelfScore, FeesReported: m.FeesReported, Paper: m.Paper(), Totals: d.Totals, Roll: roll, Editors: editors,
	}
	for _, line := range d.Minutes {
		r.Minutes = append(r.Minutes, RecordLine{line.Position, line.Part, line.ContentItem, line.MemberID, line.Text})
	}
	for _, x := range d.Resolutions {
		r.Resolutions = append(r.Resolutions, RecordResolution{
			x.ID, x.Number, x.AdoptedOn, x.Title, x.VotesFor, x.VotesAgainst, x.VotesAbstained,
		})
	}
	for _, t := range d.Tasks {
		r.Tasks = append(r.Tasks, RecordTask{t.ID, t.Title, t.AssigneeID, t.DueOn})
	}
	return r.WithVotes(d.Votes)
}

// NewVersion returns the row that keeps a record: its canonical bytes and their SHA-256.
func NewVersion(r Record, by *auth.UserID, now time.Time) (RecordVersion, error) {
	content, err := Canonical(r)
	if err != nil {
		return RecordVersion{}, err
	}
	sum := sha256.Sum256(content)
	return RecordVersion{
		MeetingID: r.MeetingID, Number: r.Number, Content: content, SHA256: sum[:], SubmittedBy: by, RecordedAt: now,
	}, nil
}

// post adds what a record counts to the book and settles what the organisation owes for that month.
func post(
	ctx context.Context, tx *database.Tx, m Meeting, cause ledger.Cause, basis ledger.Basis, counters ledger.Counters,
) error {
	if !m.Forms.Counted() {
		return nil
	}
	book, err := ledger.Open(ctx, tx)
	if err != nil {
		return err
	}
	if err := book.Post(ctx, posting(m, cause, basis, counters)); err != nil {
		return err
	}
	return settle(ctx, book, m)
}

func posting(m Meeting, cause ledger.Cause, basis ledger.Basis, counters ledger.Counters) ledger.Posting {
	number := m.RecordVersion
	return ledger.Posting{
		Cause: cause, Source: ledger.Meeting, SourceID: m.ID.UUID, Version: &number, Organization: m.OrganizationID,
		Day: m.HeldOn, Month: m.PeriodMonth, Body: m.Body, Basis: basis, Counters: counters,
	}
}

// repost takes back what an accepted record counted and posts what its next version counts, under both bases, and settles the months
// of both.
func repost(ctx context.Context, tx *database.Tx, before, after Meeting, counters ledger.Counters) error {
	book, err := ledger.Open(ctx, tx)
	if err != nil {
		return err
	}
	if err := book.Reverse(ctx, ledger.Amending, ledger.Meeting, after.ID.UUID); err != nil {
		return err
	}
	for _, basis := range []ledger.Basis{ledger.Submitted, ledger.Accepted} {
		if !after.Forms.Counted() {
			break
		}
		if err := book.Post(ctx, posting(after, ledger.Amending, basis, counters)); err != nil {
			return err
		}
	}
	for _, m := range []Meeting{before, after} {
		month := calendar.Period{From: m.PeriodMonth, To: m.PeriodMonth}
		if err := book.Settle(ctx, m.OrganizationID, m.Body, month); err != nil {
			return err
		}
	}
	_, err = book.Close(ctx)
	return err
}

// reverse takes back what a record counted and settles again.
func reverse(ctx context.Context, tx *database.Tx, m Meeting, cause ledger.Cause) error {
	if !m.Forms.Counted() {
		return nil
	}
	book, err := ledger.Open(ctx, tx)
	if err != nil {
		return err
	}
	if err := book.Reverse(ctx, cause, ledger.Meeting, m.ID.UUID); err != nil {
		return err
	}
	return settle(ctx, book, m)
}

func settle(ctx context.Context, book *ledger.Book, m Meeting) error {
	month := calendar.Period{From: m.PeriodMonth, To: m.PeriodMonth}
	if err := book.Settle(ctx, m.OrganizationID, m.Body, month); err != nil {
		return err
	}
	_, err := book.Close(ctx)
	return err
}
