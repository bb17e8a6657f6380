package meeting_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/testkit/dbtest"
)

// totals are numbers of a session of which no roll is known.
func totals() *meeting.Totals {
	return &meeting.Totals{Roster: 19, Official: ptr(18), Probationary: ptr(1), Expected: 18, Present: 17, Excused: 1, Reason: "sổ giấy chỉ ghi số người"}
}

func TestTotalsInsteadOfARoll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		in := s.draft("2012-04")
		in.Submit, in.Content.Totals = true, totals()
		in.Content.Votes = []meeting.VoteDraft{{Subject: ptr("Nghị quyết"), For: ptr(17), Threshold: meeting.TwoThirds}}
		d, err := s.service.Create(t.Context(), s.secretary, in)
		must(t, err)
		want := ledger.Counters{
			Regular: 1, Sittings: 1, Roster: 19, RosterPresent: 17, RosterExcused: 1, Eligible: 18, EligiblePresent: 17, EligibleExcused: 1,
			Minutes: 90, Timed: 1, TotalsSittings: 1, TotalsRoster: 19, TotalsEligible: 18, TotalsExcused: 1,
		}
		got := s.balance(t, s.root, "2012-04", ledger.Submitted)
		got.Due, got.Covered, got.Reported = 0, 0, 0
		got.QuartersDue1, got.QuartersDue2, got.QuartersDue = 0, 0, 0
		if got != want {
			t.Errorf("balance %+v", got)
		}
		if len(d.Attendance) != 0 || !d.Meeting.TotalsOnly || *d.Record.Votes[0].Base != 18 || !*d.Record.Votes[0].Adopted {
			t.Errorf("details %+v", d)
		}
		read, err := s.service.Get(t.Context(), s.superior, d.Meeting.ID)
		must(t, err)
		if read.Totals == nil || *read.Totals.Official != 18 || read.Record.Totals.Present != 17 {
			t.Errorf("read back %+v", read.Totals)
		}
		s.verify(t)
		back, err := s.service.Withdraw(t.Context(), s.secretary, d.Meeting.ID, d.Meeting.Version)
		must(t, err)
		_, err = s.service.RecordRoll(t.Context(), s.secretary, d.Meeting.ID, back.Meeting.Version, meeting.RollInput{Others: meeting.Present}, true)
		wantField(t, err, "/rows", "totals_and_roll")
		cancelled, err := s.service.Cancel(t.Context(), s.secretary, d.Meeting.ID, back.Meeting.Version, "nhập nhầm")
		must(t, err)
		if cancelled.Totals != nil || s.count(t, "SELECT count(*) FROM meeting_totals") != 0 {
			t.Error("a cancelled meeting keeps its totals")
		}
		s.verify(t)
	})
}

func TestTotalsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		in := s.draft("2012-04")
		in.Content.Totals = totals()
		in.Roll = &meeting.RollInput{Rows: []meeting.RollEntry{{MemberID: s.people[0], Status: meeting.Present}}}
		_, err := s.service.Create(t.Context(), s.secretary, in)
		wantField(t, err, "/totals", "totals_and_roll")

		now := calendar.MustMonth(s.zone.MonthOf(time.Now()).String())
		in = s.draft(now.String())
		in.Content.Totals = totals()
		_, err = s.service.Create(t.Context(), s.secretary, in)
		wantField(t, err, "/totals", "totals_not_past")

		in = s.draft("2012-04")
		in.Content.Totals = &meeting.Totals{Roster: 17, Expected: 18, Present: 19}
		_, err = s.service.Create(t.Context(), s.secretary, in)
		wantField(t, err, "/totals/expected", "totals_over_roster")
		wantField(t, err, "/totals/present", "totals_over_expected")
		wantField(t, err, "/totals/reason", "field_required")
	})
}

func TestPaperHasNoText(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		in := s.draft("2018-04")
		in.Content.Paper = &meeting.PaperReference{Book: "02", Page: "17"}
		in.Content.Agenda = []meeting.AgendaItem{{ContentItem: ptr("propaganda")}, {Text: ptr("mật")}}
		in.Content.Opinions = []meeting.OpinionItem{{MemberID: &s.people[0], Text: "mật"}}
		in.Content.Conclusions = []string{"mật"}
		in.Content.Votes = []meeting.VoteDraft{{For: ptr(3)}, {Subject: ptr("mật"), For: ptr(3)}}
		in.Content.Resolutions = &[]resolution.Draft{{Number: ptr("01-NQ/CB")}, {Title: ptr("mật")}}
		in.Content.Tasks = &[]resolution.TaskDraft{{Title: ptr("mật")}}
		_, err := s.service.Create(t.Context(), s.secretary, in)
		for _, place := range []string{
			"/agenda/1/text", "/opinions/0/text", "/conclusions/0", "/votes/1/subject", "/resolutions/1/title", "/tasks/0/title",
		} {
			wantField(t, err, place, "paper_without_text")
		}
		in.Content.Agenda, in.Content.Opinions, in.Content.Conclusions, in.Content.Tasks = in.Content.Agenda[:1], nil, nil, nil
		in.Content.Votes, in.Content.Resolutions = in.Content.Votes[:1], &[]resolution.Draft{{Number: ptr("01-NQ/CB")}}
		in.Roll = &meeting.RollInput{Others: meeting.Present}
		d, err := s.service.Create(t.Context(), s.secretary, in)
		must(t, err)
		// A text that comes in beside the meeting keeps it from being handed in.
		_, err = resolution.New(db, meeting.Sealed(), meeting.Ballots).Record(t.Context(), s.secretary, d.Meeting.ID.UUID, resolution.Draft{Title: ptr("mật")})
		must(t, err)
		d, err = s.service.Get(t.Context(), s.secretary, d.Meeting.ID)
		must(t, err)
		_, err = s.service.Submit(t.Context(), s.secretary, d.Meeting.ID, d.Meeting.Version, nil)
		wantField(t, err, "/resolutions/1/title", "paper_without_text")
		d, err = s.service.Edit(t.Context(), s.secretary, d.Meeting.ID, d.Meeting.Version, func(c *meeting.Content) {
			c.Resolutions, c.FeesReported = &[]resolution.Draft{}, ptr(true)
		})
		must(t, err)
		d, err = s.service.Submit(t.Context(), s.secretary, d.Meeting.ID, d.Meeting.Version, nil)
		must(t, err)
		if n := s.balance(t, s.cell, "2018-04", ledger.Submitted).PaperSittings; n != 1 || d.Record.Paper.Page != "17" || !*d.Record.FeesReported {
			t.Errorf("%d sittings on paper, record %+v", n, d.Record)
		}
		s.verify(t)
	})
}

func TestPreviewTellsEverything(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		in := s.draft("2018-04")
		in.Content.Votes = []meeting.VoteDraft{{Subject: ptr("Nghị quyết"), For: ptr(3), StatedBase: ptr(3)}, {Subject: ptr("Kết luận"), For: ptr(5)}}
		in.Roll = &meeting.RollInput{Rows: []meeting.RollEntry{{MemberID: s.people[0], Status: meeting.Present}, {MemberID: s.people[1], Status: meeting.Excused}}}
		d, err := s.service.Create(t.Context(), s.secretary, in)
		must(t, err)
		before := s.count(t, "SELECT version FROM meeting")
		p, err := s.service.Preview(t.Context(), s.secretary, d.Meeting.ID)
		must(t, err)
		n := meeting.NumbersOf(*p.Record)
		if n.Roster != 6 || n.Expected != 4 || n.Present != 1 || n.NotRecorded != 2 || n.Exempt != 1 || n.Suspended != 1 || *n.VoteBase != 4 {
			t.Errorf("numbers %+v", n)
		}
		codes := map[string]bool{}
		for _, w := range p.Warnings {
			codes[w.Pointer+" "+w.Code] = true
		}
		for _, want := range []string{
			"/votes/0/stated_base vote_base_differs", "/votes/1 votes_over_base", "/attendance roll_incomplete", "/content_items content_items_not_covered",
		} {
			if !codes[want] {
				t.Errorf("%s is missing in %v", want, codes)
			}
		}
		if len(p.Faults) != 1 || p.Faults[0].Code != "vote_impossible" || p.Faults[0].Pointer != "/votes/1/for" {
			t.Errorf("faults %v", p.Faults)
		}
		if after := s.count(t, "SELECT version FROM meeting"); after != before {
			t.Error("a preview wrote something")
		}
		_, err = s.service.Submit(t.Context(), s.secretary, d.Meeting.ID, d.Meeting.Version, nil)
		wantField(t, err, "/votes/1/for", "vote_impossible")
	})
}

func TestPrepareFillsIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		s.term(t, s.cell, org.CellCommittee)
		last := s.draft("2018-03")
		last.Submit, last.Roll, last.Content.Place = true, &meeting.RollInput{Others: meeting.Present}, ptr("Phòng 2")
		last.Content.Tasks = &[]resolution.TaskDraft{{Title: ptr("Chuẩn bị chuyên đề"), AssigneeID: &s.people[2]}}
		held, err := s.service.Create(t.Context(), s.secretary, last)
		must(t, err)
		_, err = resolution.New(db, meeting.Sealed(), meeting.Ballots).EditTask(t.Context(), s.secretary, held.Tasks[0].ID, 1,
			resolution.TaskChange{Result: httpapi.Some("Đã có đề cương")})
		must(t, err)
		committee := s.draft("2018-04")
		committee.Content.Body, committee.Content.ChairID, committee.Content.MinutesTakerID = org.CellCommittee, nil, nil
		committee.Content.EndedAt = nil
		prepared, err := s.service.Create(t.Context(), s.secretary, committee)
		must(t, err)

		for month, said := range map[string]string{"2018-04": "Thời sự tháng tư", "2018-05": "Thời sự tháng năm"} {
			_, err := briefing.New(db, s.zone).Issue(t.Context(), auth.InstallationActor(), s.root, briefing.Input{
				Month: calendar.MustMonth(month), Title: "Định hướng", Lines: []briefing.Line{
					{ContentItem: ptr("propaganda"), Text: said}, {Text: "Việc riêng"},
				},
			})
			must(t, err)
		}
		in := s.draft("2018-04").Content
		p, err := s.service.Prepare(t.Context(), s.secretary, meeting.Preparation{
			OrganizationID: s.cell, Body: org.Cell, Forms: in.Forms, PeriodMonth: in.PeriodMonth, StartedAt: in.StartedAt.Add(time.Hour),
		})
		must(t, err)
		m := p.Meeting
		if m.Status != meeting.Scheduled || *m.Place != "Phòng 2" || *m.MinutesTakerID != s.people[1] || *m.PreparedByID != prepared.Meeting.ID {
			t.Errorf("head %+v", m)
		}
		if len(p.Attendance) != 0 || len(p.Roster) != 6 || len(p.Temporary) != 1 || p.RuleSet.ID != "ct10-2007" || len(p.ContentItems) != 0 {
			t.Errorf("proposal: %d on the roster, %d here, rules %s", len(p.Roster), len(p.Temporary), p.RuleSet.ID)
		}
		if len(p.OpenTasks) != 1 || len(p.Minutes) != len(p.RuleSet.ContentItems)+1 {
			t.Fatalf("%d open tasks, %d lines", len(p.OpenTasks), len(p.Minutes))
		}
		if first := p.Minutes[0]; *first.ContentItem != "last_month_tasks" || *first.Text != "Chuẩn bị chuyên đề\nKết quả đến nay: Đã có đề cương" || *first.MemberID != s.people[2] {
			t.Errorf("first line %+v", first)
		}
		if third := p.Minutes[2]; *third.ContentItem != "propaganda" || *third.Text != "Thời sự tháng tư" || len(p.Briefings) != 1 {
			t.Errorf("the line of the briefing %+v", third)
		}
		if last := p.Minutes[len(p.Minutes)-1]; last.ContentItem != nil || *last.Text != "Việc riêng" {
			t.Errorf("last line %+v", last)
		}

		scheduled := s.draft("2018-04")
		scheduled.Planned, scheduled.Content.Place, scheduled.Content.ChairID = true, ptr("Nhà văn hóa"), &s.people[3]
		scheduled.Content.MinutesTakerID, scheduled.Content.StartedAt = nil, in.StartedAt.Add(2*time.Hour)
		scheduled.Content.EndedAt = nil
		d, err := s.service.Create(t.Context(), s.secretary, scheduled)
		must(t, err)
		filled, err := s.service.FillIn(t.Context(), s.secretary, d.Meeting.ID, d.Meeting.Version)
		must(t, err)
		if got := filled.Meeting; *got.Place != "Nhà văn hóa" || *got.ChairID != s.people[3] || *got.MinutesTakerID != s.people[1] ||
			*got.PreparedByID != prepared.Meeting.ID || got.Status != meeting.Scheduled {
			t.Errorf("what was written has to stay, and the rest comes: %+v", got)
		}
		if diff := cmp.Diff(p.Minutes, filled.Minutes, cmpopts.IgnoreFields(meeting.MinutesLine{}, "MeetingID")); diff != "" {
			t.Errorf("the agenda of a draft that stood already (-prepared +filled in):\n%s", diff)
		}
		_, err = s.service.FillIn(t.Context(), s.secretary, d.Meeting.ID, d.Meeting.Version)
		wantCode(t, err, "version_stale")
		again, err := s.service.Edit(t.Context(), s.secretary, d.Meeting.ID, filled.Meeting.Version, func(c *meeting.Content) { c.Agenda = c.Agenda[:1] })
		must(t, err)
		filled, err = s.service.FillIn(t.Context(), s.secretary, d.Meeting.ID, again.Meeting.Version)
		must(t, err)
		if len(filled.Minutes) != 1 {
			t.Errorf("an agenda that stands was changed: %d lines", len(filled.Minutes))
		}

		_, err = s.service.Prepare(t.Context(), s.secretary, meeting.Preparation{OrganizationID: s.cell, Body: "group"})
		wantField(t, err, "/body", "word_unknown")
		_, err = s.service.Prepare(t.Context(), s.secretary, meeting.Preparation{OrganizationID: s.other, Body: org.Cell})
		wantCode(t, err, "organization_unknown")
	})
}
