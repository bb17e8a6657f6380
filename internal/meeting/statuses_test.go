package meeting_test

import (
	"testing"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/rules"
	"sochibo/internal/testkit/dbtest"
)

// stretch is how somebody counts on a day, absent and present: on the roster, in the attendance base, in the vote base, as a visitor.
type stretch struct {
	day             string
	absent, present [4]int
}

// stretches are the days of a quarter in which one member goes through every standing, as the table of who counts has it, above the four
// others of the cell who always count; one is exempt and one suspended throughout.
func stretches() []stretch {
	out, on := [4]int{}, func(roster, base, vote int) [4]int { return [4]int{roster, base, vote, 0} }
	return []stretch{
		{"2018-01-04", out, out},                 // not admitted yet
		{"2018-01-08", on(1, 1, 0), on(1, 1, 0)}, // probationary
		{"2018-01-20", on(1, 1, 1), on(1, 1, 1)}, // official
		{"2018-01-26", on(1, 0, 0), on(1, 1, 1)}, // temporarily away
		{"2018-02-02", on(1, 1, 1), on(1, 1, 1)}, // back
		{"2018-02-05", on(1, 0, 0), on(1, 1, 1)}, // exempt
		{"2018-02-16", on(1, 0, 0), on(1, 0, 0)}, // suspended
		{"2018-02-23", on(1, 0, 0), on(1, 0, 0)}, // detained
		{"2018-03-02", on(1, 0, 1), on(1, 0, 1)}, // on special duty
		{"2018-03-08", on(1, 1, 1), on(1, 1, 1)}, // none of it any more
		{"2018-03-12", out, out},                 // transferred
		{"2018-03-20", out, [4]int{0, 0, 0, 1}},  // and temporarily here
	}
}

// TestEveryStatusInAQuarter takes a member through every status within one quarter, with a session in each stretch that the member missed and
// one attended. Then the member's past is changed: no session that is in changes with it.
func TestEveryStatusInAQuarter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := newScene(t, db)
		who := s.wanderer(t)
		records := map[meeting.ID]string{}
		for _, at := range stretches() {
			for n, want := range [2][4]int{at.absent, at.present} {
				in := s.draft(at.day[:7])
				in.Content.Forms = []meeting.Form{meeting.Extraordinary}
				in.Content.StartedAt = s.zone.Start(calendar.MustDate(at.day)).Add(time.Duration(8+6*n) * time.Hour)
				in.Content.EndedAt = nil
				in.Submit, in.Roll = true, &meeting.RollInput{Others: meeting.Present}
				marked := meeting.Present
				if n == 0 {
					marked = meeting.Excused
				}
				if (n == 0 && want[0] == 1) || (n == 1 && want != [4]int{}) {
					in.Roll.Rows = []meeting.RollEntry{{MemberID: who, Status: marked}}
				}
				d, err := s.service.Create(t.Context(), s.secretary, in)
				must(t, err)
				counted, votes := meeting.Count(*d.Record), d.Record.VoteBase()
				got := [4]int{int(counted.Roster) - 6, int(counted.Eligible) - 4, *votes - 4, int(counted.Temporary)}
				if got != want {
					t.Errorf("%s, session %d: roster, base, votes, visitors beside the others %v, want %v", at.day, n+1, got, want)
				}
				records[d.Meeting.ID] = s.frozen(t, d.Meeting.ID)
			}
		}
		months := []string{"2018-01", "2018-02", "2018-03"}
		var before []ledger.Counters
		for _, month := range months {
			before = append(before, s.balance(t, s.root, month, ledger.Submitted))
		}

		s.rewrite(t, who)
		for id, content := range records {
			if s.frozen(t, id) != content {
				t.Errorf("the record of %s changed", id)
			}
		}
		for i, month := range months {
			if after := s.balance(t, s.root, month, ledger.Submitted); after != before[i] {
				t.Errorf("%s: %+v before, %+v after", month, before[i], after)
			}
		}
		s.verify(t)
	})
}

// wanderer admits a member who goes through every status.
func (s *scene) wanderer(t *testing.T) member.ID {
	t.Helper()
	day := func(text string) calendar.Date { return calendar.MustDate(text) }
	members := member.New(s.db, s.zone, rules.CountingOn)
	view, err := members.Admit(t.Context(), auth.InstallationActor(), member.AdmissionInput{
		FullName: "Vũ Thị Hạnh", AdmittedOn: ptr(day("2018-01-05")), OfficialOn: ptr(day("2018-01-15")),
		Home: &member.MembershipInput{OrganizationID: s.cell, From: day("2018-01-05")},
	})
	must(t, err)
	version := view.Version
	for _, status := range []member.StatusInput{
		{Status: member.TemporarilyAway, From: day("2018-01-25"), To: ptr(day("2018-01-31"))},
		{Status: member.Exempt, From: day("2018-02-03"), To: ptr(day("2018-02-10"))},
		{Status: member.Suspended, From: day("2018-02-12"), To: ptr(day("2018-02-18"))},
		{Status: member.Detained, From: day("2018-02-19"), To: ptr(day("2018-02-27"))},
		{Status: member.SpecialDuty, From: day("2018-03-01"), To: ptr(day("2018-03-05"))},
		{Status: member.TemporarilyHere, OrganizationID: &s.cell, From: day("2018-03-15")},
	} {
		changed, err := members.AddStatus(t.Context(), auth.InstallationActor(), view.ID, version, status)
		must(t, err)
		version = changed.Version
	}
	_, err = members.Transfer(t.Context(), auth.InstallationActor(), view.ID, version, member.MembershipInput{
		OrganizationID: s.other, From: day("2018-03-10"), CloseCurrent: true,
	})
	must(t, err)
	return view.ID
}

// rewrite changes the past of the member: official a year later, and in the cell for a week only.
func (s *scene) rewrite(t *testing.T, who member.ID) {
	t.Helper()
	members := member.New(s.db, s.zone, rules.CountingOn)
	view, err := members.Get(t.Context(), auth.InstallationActor(), who)
	must(t, err)
	view, err = members.Edit(t.Context(), auth.InstallationActor(), who, view.Version, member.Change{
		OfficialOn: httpapi.Optional[calendar.Date]{Set: true, Value: calendar.MustDate("2019-01-15")},
	})
	must(t, err)
	homes, err := members.Memberships(t.Context(), auth.InstallationActor(), who)
	must(t, err)
	_, err = members.EndMembership(t.Context(), auth.InstallationActor(), who, homes.Rows[0].ID, view.Version, ptr(calendar.MustDate("2018-01-12")))
	must(t, err)
	if n := s.count(t, "SELECT count(*) FROM membership WHERE member_id = ? AND valid_to = ?", who, "2018-01-12"); n != 1 {
		t.Fatalf("%d homes end that day", n)
	}
}

// frozen returns the bytes of the record that is in.
func (s *scene) frozen(t *testing.T, id meeting.ID) string {
	t.Helper()
	version, err := s.service.Version(t.Context(), s.superior, id, 1)
	must(t, err)
	return string(version.Content)
}
