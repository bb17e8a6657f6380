package meeting_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/testkit/dbtest"
)

// numbered makes a draft of the month with the resolutions.
func (s *scene) numbered(t *testing.T, month string, drafts ...resolution.Draft) (meeting.Details, error) {
	t.Helper()
	in := s.draft(month)
	in.Content.Resolutions = &drafts
	return s.service.Create(t.Context(), s.secretary, in)
}

func nextNumber() resolution.Draft {
	return resolution.Draft{Title: ptr("Nghị quyết"), NextNumber: resolution.PaperResolution}
}

// wantNumbers fails unless the resolutions of the meeting have the numbers.
func wantNumbers(tb testing.TB, d meeting.Details, want ...string) {
	tb.Helper()
	var got []string
	for _, r := range d.Resolutions {
		got = append(got, *r.Number)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		tb.Errorf("numbers %v, want %v", got, want)
	}
}

// TestNumbersOfDrafts: drafts take the next number and keep it through an edit; one that is taken is refused with the meeting that has it.
func TestNumbersOfDrafts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		s.term(t, s.cell, org.CellCommittee)
		first, err := s.numbered(t, "2018-03", nextNumber(), nextNumber())
		must(t, err)
		wantNumbers(t, first, "01-NQ/CB", "02-NQ/CB")
		first, err = s.service.Edit(t.Context(), s.secretary, first.Meeting.ID, first.Meeting.Version, func(c *meeting.Content) { c.Place = ptr("Phòng 2") })
		must(t, err)
		wantNumbers(t, first, "01-NQ/CB", "02-NQ/CB")
		_, err = s.numbered(t, "2018-04", resolution.Draft{Number: ptr("2-NQ/CB")})
		wantCode(t, err, "resolution_number_taken")
		if f, ok := fault.As(err); !ok || f.Args["meeting_id"] != first.Meeting.ID.String() {
			t.Errorf("the fault does not name the meeting: %v", err)
		}
	})
}

// TestNumbersMoveWithTheTerm: a new term counts from 1 again; a draft that moves into it is numbered there, or refused, and leaves its
// numbers in the old one free.
func TestNumbersMoveWithTheTerm(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		s.term(t, s.cell, org.CellCommittee)
		first, err := s.numbered(t, "2018-03", nextNumber())
		must(t, err)
		must(t, write(t, db, func(ctx context.Context, tx *database.Tx) error {
			terms, err := org.Terms(ctx, tx, s.cell, org.CellCommittee)
			if err != nil {
				return err
			}
			if err := org.SaveTermEnd(ctx, tx, terms[0], ptr(calendar.MustDate("2018-03-31"))); err != nil {
				return err
			}
			term := terms[0]
			term.ID, term.ValidFrom, term.ValidTo = resolution.NewID().UUID, calendar.MustDate("2018-04-01"), nil
			return org.InsertTerm(ctx, tx, &term)
		}))
		second, err := s.numbered(t, "2018-04", nextNumber())
		must(t, err)
		wantNumbers(t, second, "01-NQ/CB")
		planned := s.draft("2018-03")
		planned.Content.EndedAt, planned.Content.Resolutions = nil, &[]resolution.Draft{{Number: ptr("01-KL/CB")}, {Number: ptr("09-NQ/CB")}}
		scheduled, err := s.service.Create(t.Context(), s.secretary, planned)
		must(t, err)
		april := scheduled.Meeting.StartedAt.AddDate(0, 1, 10)
		scheduled, err = s.service.Postpone(t.Context(), s.secretary, scheduled.Meeting.ID, scheduled.Meeting.Version, april, nil)
		must(t, err)
		if n := s.count(t, "SELECT count(*) FROM resolution WHERE meeting_id = ? AND number_key LIKE '%/2018-04-01/%'", scheduled.Meeting.ID); n != 2 {
			t.Errorf("%d numbers of a postponed draft moved to the new term", n)
		}
		later := func(c *meeting.Content) {
			c.StartedAt = c.StartedAt.AddDate(0, 1, 5)
			c.EndedAt, c.PeriodMonth = ptr(c.StartedAt.Add(time.Hour)), calendar.MustMonth("2018-04")
		}
		_, err = s.service.Edit(t.Context(), s.secretary, first.Meeting.ID, first.Meeting.Version, later)
		wantCode(t, err, "resolution_number_taken")
		_, err = s.service.Edit(t.Context(), s.secretary, second.Meeting.ID, second.Meeting.Version, func(c *meeting.Content) {
			c.Resolutions = &[]resolution.Draft{}
		})
		must(t, err)
		_, err = s.service.Edit(t.Context(), s.secretary, first.Meeting.ID, first.Meeting.Version, later)
		must(t, err)
		again, err := s.numbered(t, "2018-03", nextNumber())
		must(t, err)
		wantNumbers(t, again, "01-NQ/CB")
	})
}

// TestAdopted: whether a resolution was adopted follows from the frozen roll, in whole numbers; a draft has no outcome.
func TestAdopted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		in := s.draft("2018-04")
		in.Roll = &meeting.RollInput{Others: meeting.Present}
		in.Content.Resolutions = &[]resolution.Draft{
			{Title: ptr("a"), Code: ptr("A"), VotesFor: ptr(2)}, {Title: ptr("b"), Code: ptr("B"), VotesFor: ptr(3)}, {Title: ptr("c"), Code: ptr("C")},
		}
		d, err := s.service.Create(t.Context(), s.secretary, in)
		must(t, err)
		service := resolution.New(db, meeting.Sealed(), meeting.Ballots)
		outcome := func(code string) resolution.Outcome {
			found, err := service.List(t.Context(), s.secretary, resolution.Filter{Code: code, Limit: 1, Order: resolution.ByAdopted})
			must(t, err)
			return found[0].Outcome
		}
		if got := outcome("B"); got != (resolution.Outcome{}) {
			t.Errorf("a draft has an outcome: %+v", got)
		}
		d, err = s.service.Submit(t.Context(), s.secretary, d.Meeting.ID, d.Meeting.Version, nil)
		must(t, err)
		base := *d.Record.VoteBase()
		needed := base/2 + 1
		for code, votes := range map[string]int{"A": 2, "B": 3} {
			got := outcome(code)
			if got.Base == nil || *got.Base != base || *got.Needed != needed || *got.Adopted != (votes >= needed) {
				t.Errorf("%s with %d of %d: %+v", code, votes, base, got)
			}
		}
		if got := outcome("C"); got != (resolution.Outcome{}) {
			t.Errorf("without votes there is no outcome: %+v", got)
		}
	})
}
