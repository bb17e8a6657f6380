package meeting_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/testkit/dbtest"
)

func TestAnswersAreWhatIsStored(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		d := s.submitted(t, "2016-03")
		got, err := s.service.Get(t.Context(), s.secretary, d.Meeting.ID)
		must(t, err)
		if diff := cmp.Diff(d, got, cmp.Comparer(func(a, b calendar.Date) bool { return a == b }),
			cmp.Comparer(func(a, b calendar.Month) bool { return a == b }),
			cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
			t.Errorf("what was answered differs from what is stored: %s", diff)
		}
	})
}

func TestSubmissionFreezesAndPosts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		d := s.submitted(t, "2016-03")
		if d.Meeting.Status != meeting.Submitted || d.Meeting.RecordVersion != 1 {
			t.Fatalf("meeting is %s with version %d", d.Meeting.Status, d.Meeting.RecordVersion)
		}
		standing := map[member.ID]string{}
		for _, row := range d.Attendance {
			standing[row.MemberID] = string(*row.Standing) + " " + string(row.Status)
		}
		want := map[member.ID]string{
			s.people[0]: "base present", s.people[1]: "base present", s.people[2]: "base present", s.people[3]: "base excused",
			s.exempt: "roster not_recorded", s.suspended: "roster not_recorded",
		}
		if diff := cmp.Diff(want, standing); diff != "" {
			t.Error(diff)
		}
		for _, id := range []org.ID{s.cell, s.root} {
			c := s.balance(t, id, "2016-03", ledger.Submitted)
			if c.Regular != 1 || c.Sittings != 1 || c.Eligible != 4 || c.EligiblePresent != 3 || c.Roster != 6 || c.Covered != 1 || c.Minutes != 90 {
				t.Errorf("balance of %s: %+v", id, c)
			}
		}
		if c := s.balance(t, s.cell, "2016-03", ledger.Accepted); c.Regular != 0 || c.Covered != 0 {
			t.Errorf("accepted before anybody accepted: %+v", c)
		}
		v, err := s.service.Version(t.Context(), s.superior, d.Meeting.ID, 1)
		must(t, err)
		if sum := sha256.Sum256(v.Content); !bytes.Equal(sum[:], v.SHA256) {
			t.Error("the hash is not that of the content")
		}
		r, err := meeting.ReadRecord(v.Content)
		must(t, err)
		if len(r.Roll) != 6 || len(r.Editors) != 1 || r.Editors[0] != s.secretary.UserID {
			t.Errorf("record: %+v", r)
		}
		s.verify(t)
	})
}

func TestTheWayOfARecord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		d := s.submitted(t, "2016-03")
		id := d.Meeting.ID

		_, err := s.service.Edit(ctx, s.secretary, id, d.Meeting.Version, func(*meeting.Content) {})
		wantCode(t, err, "meeting_counted")
		_, err = s.service.Accept(ctx, s.secretary, id, d.Meeting.Version)
		wantCode(t, err, "forbidden")
		_, err = s.service.Return(ctx, s.superior, id, d.Meeting.Version, " ")
		wantField(t, err, "/reason", "field_required")

		d, err = s.service.Return(ctx, s.superior, id, d.Meeting.Version, "Thiếu kết luận")
		must(t, err)
		if d.Meeting.Status != meeting.Held || *d.Meeting.ReturnedReason != "Thiếu kết luận" || len(d.Attendance) != 4 {
			t.Errorf("returned: %+v with %d rows", d.Meeting, len(d.Attendance))
		}
		if c := s.balance(t, s.root, "2016-03", ledger.Submitted); c.Regular != 0 || c.Covered != 0 || c.Roster != 0 {
			t.Errorf("figures of a returned record: %+v", c)
		}
		s.verify(t)

		d, err = s.service.Submit(ctx, s.secretary, id, d.Meeting.Version, &meeting.RollInput{Rows: []meeting.RollEntry{
			{MemberID: s.exempt, Status: meeting.Present}, {MemberID: s.here, Status: meeting.Present},
		}})
		must(t, err)
		if d.Meeting.RecordVersion != 2 || d.Meeting.ReturnedReason != nil {
			t.Errorf("submitted again: %+v", d.Meeting)
		}
		if c := s.balance(t, s.root, "2016-03", ledger.Submitted); c.Regular != 1 || c.Eligible != 5 || c.EligiblePresent != 4 || c.Temporary != 1 {
			t.Errorf("figures of the second version: %+v", c)
		}
		d, err = s.service.Withdraw(ctx, s.secretary, id, d.Meeting.Version)
		must(t, err)
		d, err = s.service.Submit(ctx, s.secretary, id, d.Meeting.Version, nil)
		must(t, err)
		d, err = s.service.Accept(ctx, s.superior, id, d.Meeting.Version)
		must(t, err)
		if c := s.balance(t, s.root, "2016-03", ledger.Accepted); c.Regular != 1 || c.Covered != 1 || c.EligiblePresent != 4 {
			t.Errorf("accepted: %+v", c)
		}
		for _, act := range []func() error{
			func() error { _, err := s.service.Withdraw(ctx, s.secretary, id, d.Meeting.Version); return err },
			func() error { _, err := s.service.Return(ctx, s.superior, id, d.Meeting.Version, "x"); return err },
			func() error { _, err := s.service.Accept(ctx, s.superior, id, d.Meeting.Version); return err },
		} {
			wantCode(t, act(), "meeting_wrong_status")
		}
		_, err = s.service.Cancel(ctx, s.secretary, id, d.Meeting.Version, "x")
		wantCode(t, err, "meeting_counted")
		var acts []string
		for _, e := range d.Events {
			acts = append(acts, string(e.Act))
		}
		if strings.Join(acts, " ") != "submitted returned submitted withdrawn submitted accepted" {
			t.Errorf("events: %v", acts)
		}
		versions, err := s.service.Versions(ctx, s.superior, id)
		must(t, err)
		if len(versions) != 3 {
			t.Errorf("%d versions", len(versions))
		}
		s.verify(t)
	})
}

func TestNobodyReceivesWhatTheyEdited(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		user := s.user(t, "both", auth.RoleSecretary, &s.cell)
		_, err := org.New(db, s.zone).AddGrant(ctx, auth.InstallationActor(), org.GrantInput{
			UserID: user.UserID, Role: auth.RoleSuperior, OrganizationID: &s.root, Reach: org.ReachSubtree, From: calendar.MustDate("2010-01-01"),
		})
		must(t, err)
		user.GrantID = auth.Actor{}.GrantID // all grants
		d, err := s.service.Create(ctx, s.secretary, s.draft("2016-03"))
		must(t, err)
		d, err = s.service.RecordRoll(ctx, user, d.Meeting.ID, d.Meeting.Version, meeting.RollInput{Others: meeting.Present}, true)
		must(t, err)
		d, err = s.service.Submit(ctx, s.secretary, d.Meeting.ID, d.Meeting.Version, nil)
		must(t, err)
		_, err = s.service.Accept(ctx, user, d.Meeting.ID, d.Meeting.Version)
		wantCode(t, err, "own_record")
		_, err = s.service.Return(ctx, user, d.Meeting.ID, d.Meeting.Version, "x")
		wantCode(t, err, "own_record")
		_, err = s.service.Accept(ctx, auth.InstallationActor(), d.Meeting.ID, d.Meeting.Version)
		must(t, err)
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		tests := []struct {
			name          string
			change        func(*meeting.Creation)
			pointer, code string
		}{
			{"chair", func(c *meeting.Creation) { c.Content.ChairID = &s.here }, "/chair_id", "chair_not_on_roster"},
			{"minutes taker", func(c *meeting.Creation) { c.Content.MinutesTakerID = ptr(member.NewID()) }, "/minutes_taker_id", "minutes_taker_not_on_roster"},
			{"stranger", func(c *meeting.Creation) {
				c.Roll = &meeting.RollInput{Rows: []meeting.RollEntry{{MemberID: member.NewID(), Status: meeting.Present}}}
			}, "/attendance/rows/0/member_id", "attendance_not_on_roster"},
			{"ended", func(c *meeting.Creation) { c.Content.EndedAt = ptr(c.Content.StartedAt.Add(-time.Hour)) }, "/ended_at", "ended_before_started"},
			{"before the founding", func(c *meeting.Creation) {
				c.Content.StartedAt = time.Date(2009, 12, 31, 3, 0, 0, 0, time.UTC)
			}, "/started_at", "outside_organization_life"},
			{"impossible body", func(c *meeting.Creation) { c.Content.Body = org.PartyCommittee }, "/body", "body_not_possible"},
			{"body out of office", func(c *meeting.Creation) { c.Content.Body = org.CellCommittee }, "/body", "body_not_in_office"},
			{"empty roster", func(c *meeting.Creation) { c.Content.Body = org.CellCommittee }, "/body", "roster_empty"},
			{"unknown organisation", func(c *meeting.Creation) { c.OrganizationID = org.NewID() }, "/organization_id", "reference_unknown"},
			{"organisation out of reach", func(c *meeting.Creation) { c.OrganizationID = s.other }, "/organization_id", "reference_unknown"},
			{"no organisation", func(c *meeting.Creation) { c.OrganizationID = org.ID{} }, "/organization_id", "field_required"},
			{"preparation", func(c *meeting.Creation) { c.Content.PreparedByID = ptr(meeting.NewID()) }, "/prepared_by_id", "reference_unknown"},
			{"speaker", func(c *meeting.Creation) {
				c.Content.Opinions = []meeting.OpinionItem{{MemberID: ptr(member.NewID()), Text: "x"}}
			}, "/opinions/0/member_id", "reference_unknown"},
			{"assignee", func(c *meeting.Creation) {
				c.Content.Tasks = &[]resolution.TaskDraft{{Title: ptr("x"), AssigneeID: ptr(member.NewID())}}
			}, "/tasks/0/assignee_id", "reference_unknown"},
		}
		for _, test := range tests {
			in := s.draft("2016-03")
			in.Submit = true
			test.change(&in)
			_, err := s.service.Create(ctx, s.secretary, in)
			wantField(t, err, test.pointer, test.code)
		}
		if n := s.count(t, "SELECT count(*) FROM meeting") + s.count(t, "SELECT count(*) FROM ledger_entry WHERE source = 'meeting'"); n != 0 {
			t.Errorf("%d rows were written by refused requests", n)
		}
	})
}

func TestCommitteeInOffice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		s.term(t, s.cell, org.CellCommittee)
		view, err := member.New(db, s.zone, rules.CountingOn).Get(ctx, auth.InstallationActor(), s.people[0])
		must(t, err)
		_, err = member.New(db, s.zone, rules.CountingOn).AddOffice(ctx, auth.InstallationActor(), view.ID, view.Version, member.OfficeInput{
			OrganizationID: s.cell, Body: org.CellCommittee, Office: member.Secretary, From: calendar.MustDate("2015-01-01"),
		})
		must(t, err)
		in := s.draft("2016-03")
		in.Content.Body, in.Content.MinutesTakerID, in.Submit = org.CellCommittee, nil, true
		in.Roll = &meeting.RollInput{Others: meeting.Present}
		d, err := s.service.Create(ctx, s.secretary, in)
		must(t, err)
		if len(d.Attendance) != 1 {
			t.Errorf("roll: %+v", d.Attendance)
		}
		s.verify(t)
	})
}

func TestCongressIsInNoFigure(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		in := s.draft("2016-03")
		in.Content.Forms, in.Submit = []meeting.Form{meeting.Congress}, true
		d, err := s.service.Create(ctx, s.secretary, in)
		must(t, err)
		_, err = s.service.Accept(ctx, s.superior, d.Meeting.ID, d.Meeting.Version)
		must(t, err)
		if n := s.count(t, "SELECT count(*) FROM ledger_entry WHERE source = 'meeting'"); n != 0 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		in := s.draft("2016-03")
		in.ID, in.Content.EndedAt, in.Content.Code = meeting.NewID(), nil, ptr("HOP-1")
		d, err := s.service.Create(ctx, s.secretary, in)
		must(t, err)
		if d.Meeting.Status != meeting.Scheduled || d.Meeting.Version != 1 {
			t.Errorf("created: %+v", d.Meeting)
		}
		_, err = s.service.Create(ctx, s.secretary, in)
		wantCode(t, err, "id_taken")
		in.ID = meeting.NewID()
		_, err = s.service.Create(ctx, s.secretary, in)
		wantCode(t, err, "code_taken")

		later := d.Meeting.StartedAt.AddDate(0, 0, 7)
		d, err = s.service.Postpone(ctx, s.secretary, d.Meeting.ID, 1, later, nil)
		must(t, err)
		if !d.Meeting.Postponed || d.Meeting.Status != meeting.Scheduled || d.Meeting.HeldOn != calendar.MustDate("2016-03-10") {
			t.Errorf("postponed: %+v", d.Meeting)
		}
		_, err = s.service.RecordRoll(ctx, s.secretary, d.Meeting.ID, 1, meeting.RollInput{Others: meeting.Present}, true)
		wantCode(t, err, "version_stale")
		if f, _ := fault.As(err); f.ETag != `"2"` {
			t.Errorf("stale without the current tag: %q", f.ETag)
		}
		d, err = s.service.RecordRoll(ctx, s.secretary, d.Meeting.ID, 2, meeting.RollInput{Others: meeting.Present}, true)
		must(t, err)
		if d.Meeting.Status != meeting.Held || len(d.Attendance) != 4 {
			t.Errorf("held: %s with %d rows", d.Meeting.Status, len(d.Attendance))
		}
		_, err = s.service.Postpone(ctx, s.secretary, d.Meeting.ID, 3, later, nil)
		wantCode(t, err, "meeting_wrong_status")
		_, err = s.service.Edit(ctx, s.secretary, d.Meeting.ID, 3, func(c *meeting.Content) { c.Body = org.Conference })
		wantField(t, err, "/body", "body_not_possible")
		d, err = s.service.Edit(ctx, s.secretary, d.Meeting.ID, 3, func(c *meeting.Content) {
			c.Title, c.Conclusions = ptr("Sinh hoạt"), []string{"Nhất trí"}
			c.Resolutions = &[]resolution.Draft{{Number: ptr("05-NQ/CB"), Title: ptr("Nghị quyết")}}
		})
		must(t, err)
		if *d.Meeting.Title != "Sinh hoạt" || len(d.Minutes) != 1 || len(d.Resolutions) != 1 || len(d.Attendance) != 4 {
			t.Errorf("edited: %+v", d)
		}
		d, err = s.service.Cancel(ctx, s.secretary, d.Meeting.ID, 4, "Mưa bão")
		must(t, err)
		if d.Meeting.Status != meeting.Cancelled || len(d.Attendance) != 0 {
			t.Errorf("cancelled: %+v", d)
		}
		wantCode(t, s.service.Remove(ctx, s.secretary, d.Meeting.ID, 5), "meeting_wrong_status")
	})
}

func TestRemovedDraftsLeaveATrace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		prepared, err := s.service.Create(ctx, s.secretary, s.draft("2016-03"))
		must(t, err)
		in := s.draft("2016-04")
		in.Content.PreparedByID = &prepared.Meeting.ID
		d, err := s.service.Create(ctx, s.secretary, in)
		must(t, err)
		wantCode(t, s.service.Remove(ctx, s.secretary, prepared.Meeting.ID, 1), "meeting_in_use")
		since := d.Meeting.UpdatedAt
		must(t, s.service.Remove(ctx, s.secretary, d.Meeting.ID, 1))
		changes, _, err := s.service.List(ctx, s.secretary, meeting.Filter{UpdatedSince: since}, page(10))
		must(t, err)
		if len(changes) != 1 || !changes[0].Removed || changes[0].Meeting.ID != d.Meeting.ID {
			t.Errorf("changes: %+v", changes)
		}
		stranger := s.user(t, "stranger", auth.RoleSecretary, &s.other)
		changes, _, err = s.service.List(ctx, stranger, meeting.Filter{UpdatedSince: since}, page(10))
		must(t, err)
		if len(changes) != 0 {
			t.Errorf("a stranger sees %+v", changes)
		}
		in.ID = d.Meeting.ID
		_, err = s.service.Create(ctx, s.secretary, in)
		must(t, err)
		must(t, s.service.Remove(ctx, s.secretary, in.ID, 1))
		submitted := s.submitted(t, "2016-05")
		d, err = s.service.Withdraw(ctx, s.secretary, submitted.Meeting.ID, submitted.Meeting.Version)
		must(t, err)
		wantCode(t, s.service.Remove(ctx, s.secretary, d.Meeting.ID, d.Meeting.Version), "meeting_has_versions")
	})
}

func TestMembersSeeAcceptedRecordsAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		reader := s.user(t, "reader", auth.RoleMember, &s.cell)
		d := s.submitted(t, "2016-03")
		_, err := s.service.Get(ctx, reader, d.Meeting.ID)
		wantCode(t, err, "meeting_unknown")
		d, err = s.service.Accept(ctx, s.superior, d.Meeting.ID, d.Meeting.Version)
		must(t, err)
		_, err = s.service.Get(ctx, reader, d.Meeting.ID)
		must(t, err)
		_, err = s.service.Cancel(ctx, reader, d.Meeting.ID, d.Meeting.Version, "x")
		wantCode(t, err, "forbidden")
		stranger := s.user(t, "stranger", auth.RoleSecretary, &s.other)
		_, err = s.service.Get(ctx, stranger, d.Meeting.ID)
		wantCode(t, err, "meeting_unknown")
	})
}

func TestLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		for i := range 7 {
			in := s.draft(fmt.Sprintf("2016-%02d", i+1))
			in.Content.Title = ptr(fmt.Sprintf("Học tập tấm gương %d", i))
			if i%2 == 0 {
				in.Content.Forms = []meeting.Form{meeting.Regular, meeting.Thematic}
			}
			_, err := s.service.Create(ctx, s.secretary, in)
			must(t, err)
		}
		for _, sort := range meeting.Sorts() {
			seen := map[meeting.ID]bool{}
			p := page(3)
			for {
				rows, next, err := s.service.List(ctx, s.superior, meeting.Filter{Sort: sort}, p)
				must(t, err)
				for _, row := range rows {
					if seen[row.Meeting.ID] {
						t.Errorf("sort %s shows %s twice", sort, row.Meeting.ID)
					}
					seen[row.Meeting.ID] = true
				}
				if next == nil {
					break
				}
				p.After = cursor(t, *next)
			}
			if len(seen) != 7 {
				t.Errorf("sort %s shows %d of 7", sort, len(seen))
			}
		}
		filters := map[string]struct {
			filter meeting.Filter
			want   int
		}{
			"thematic": {meeting.Filter{Form: meeting.Thematic}, 4},
			"regular":  {meeting.Filter{Form: meeting.Regular}, 7},
			"search":   {meeting.Filter{Search: "TAM GUONG 3"}, 1},
			"percent":  {meeting.Filter{Search: "%"}, 0},
			"period":   {meeting.Filter{PeriodFrom: calendar.MustMonth("2016-02"), PeriodTo: calendar.MustMonth("2016-03")}, 2},
			"held":     {meeting.Filter{HeldFrom: calendar.MustDate("2016-06-03"), HeldTo: calendar.MustDate("2016-06-03")}, 1},
			"own":      {meeting.Filter{Organization: s.root, Scope: org.ScopeOwn}, 0},
			"subtree":  {meeting.Filter{Organization: s.root, Scope: org.ScopeSubtree, Status: meeting.Held, Body: org.Cell}, 7},
		}
		for name, test := range filters {
			rows, _, err := s.service.List(ctx, s.superior, test.filter, page(50))
			must(t, err)
			if len(rows) != test.want {
				t.Errorf("%s finds %d, want %d", name, len(rows), test.want)
			}
		}
	})
}

func TestAttendanceList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		for i := range 3 {
			s.submitted(t, fmt.Sprintf("2016-%02d", i+1))
		}
		p, seen := page(4), 0
		for {
			rows, next, err := s.service.ListAttendance(ctx, s.superior, meeting.AttendanceFilter{Organization: s.root, Scope: org.ScopeSubtree}, p)
			must(t, err)
			seen += len(rows)
			if next == nil {
				break
			}
			p.After = cursor(t, *next)
		}
		if seen != 18 {
			t.Errorf("%d rows, want 18", seen)
		}
		rows, _, err := s.service.ListAttendance(ctx, s.superior, meeting.AttendanceFilter{
			Member: s.people[3], Status: meeting.Excused, From: calendar.MustMonth("2016-02"), To: calendar.MustMonth("2016-02"), Body: org.Cell,
		}, page(50))
		must(t, err)
		if len(rows) != 1 || rows[0].FullName != "Nguyễn Văn D" {
			t.Errorf("rows: %+v", rows)
		}
	})
}

func TestCountedOutside(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		s.submitted(t, "2016-03")
		s.submitted(t, "2016-04")
		found, err := database.Read(t.Context(), db, func(tx *database.Tx) ([]meeting.Meeting, error) {
			return meeting.CountedOutside(t.Context(), tx, s.cell, []org.Body{org.Cell}, []calendar.Span{{From: calendar.MustDate("2016-04-01")}})
		})
		must(t, err)
		if len(found) != 1 || found[0].HeldOn != calendar.MustDate("2016-03-03") {
			t.Errorf("found: %+v", found)
		}
	})
}

func TestDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		in := s.draft("2016-03")
		in.Submit = true
		d, err := s.service.Create(database.WithDryRun(t.Context()), s.secretary, in)
		must(t, err)
		if d.Meeting.Status != meeting.Submitted {
			t.Errorf("dry run says %s", d.Meeting.Status)
		}
		if n := s.count(t, "SELECT count(*) FROM meeting") + s.count(t, "SELECT count(*) FROM ledger_entry WHERE source = 'meeting'"); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestEditorsLoseNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		d, err := s.service.Create(ctx, s.secretary, s.draft("2016-03"))
		must(t, err)
		const editors, edits = 8, 5
		var wait sync.WaitGroup
		for editor := range editors {
			wait.Go(func() {
				for edit := range edits {
					line := fmt.Sprintf("%d/%d", editor, edit)
					for {
						seen, err := s.service.Get(ctx, s.secretary, d.Meeting.ID)
						if err == nil {
							_, err = s.service.Edit(ctx, s.secretary, d.Meeting.ID, seen.Meeting.Version, func(c *meeting.Content) {
								c.Conclusions = append(c.Conclusions, line)
							})
						}
						if err == nil {
							break
						}
						if fault.CodeOf(err) != "version_stale" {
							t.Errorf("edit %s: %v", line, err)
							return
						}
					}
				}
			})
		}
		wait.Wait()
		d, err = s.service.Get(ctx, s.secretary, d.Meeting.ID)
		must(t, err)
		if len(d.Minutes) != editors*edits || d.Meeting.Version != editors*edits+1 {
			t.Errorf("%d lines and version %d after %d edits", len(d.Minutes), d.Meeting.Version, editors*edits)
		}
	})
}

func TestConcurrentSubmissionsCoverOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, ctx := newScene(t, db), t.Context()
		const writers = 12
		var wait sync.WaitGroup
		for range writers {
			wait.Go(func() {
				in := s.draft("2016-03")
				in.Submit, in.Roll = true, &meeting.RollInput{Others: meeting.Present}
				d, err := s.service.Create(ctx, s.secretary, in)
				if err == nil {
					_, err = s.service.Accept(ctx, s.superior, d.Meeting.ID, d.Meeting.Version)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, basis := range []ledger.Basis{ledger.Submitted, ledger.Accepted} {
			if c := s.balance(t, s.root, "2016-03", basis); c.Covered != 1 || c.Reported != 1 || c.Regular != writers {
				t.Errorf("%s: %+v", basis, c)
			}
		}
		s.verify(t)
	})
}
