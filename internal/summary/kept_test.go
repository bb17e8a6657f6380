package summary_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/recount"
)

// chapter is a folder of one party organisation with two cells, of which the first met in two months.
func chapter() recount.Folder {
	f := recount.Folder{
		"organizations.csv": {
			{"code": "đb", "kind": "base_party", "name": "Đảng bộ", "founded_on": "2010-01-01"},
			{"code": "cb1", "kind": "cell", "name": "Chi bộ 1", "founded_on": "2010-01-01"},
			{"code": "cb2", "kind": "cell", "name": "Chi bộ 2", "founded_on": "2010-01-01"},
		},
		"placements.csv": {
			{"organization_code": "cb1", "parent_code": "đb", "from": "2010-01-01"},
			{"organization_code": "cb2", "parent_code": "đb", "from": "2010-01-01"},
		},
	}
	for _, code := range []string{"a", "b", "c"} {
		f["members.csv"] = append(f["members.csv"], recount.Row{"code": code, "full_name": "Đảng viên " + code})
		f["memberships.csv"] = append(f["memberships.csv"], recount.Row{"member_code": code, "organization_code": "cb1", "from": "2012-01-01"})
	}
	for _, month := range []string{"2016-01", "2016-02"} {
		f["meetings.csv"] = append(f["meetings.csv"], recount.Row{
			"code": month, "organization_code": "cb1", "body": "cell", "forms": "regular", "period_month": month,
			"started_at": month + "-03T14:00:00+07:00", "status": "submitted", "chair_code": "a",
		})
		for code, status := range map[string]string{"a": "present", "b": "excused"} {
			f["attendance.csv"] = append(f["attendance.csv"], recount.Row{"meeting_code": month, "member_code": code, "status": status})
		}
	}
	return f
}

func asked(code string) recount.Query {
	return recount.Query{
		Organization: code, From: "2016-01", To: "2016-03", Scope: "subtree", Basis: "submitted", Base: "eligible", Tree: "at_meeting",
		Today: "2016-03-15",
	}
}

// TestReturnUncoversMonth returns the only regular session of a month: the month is uncovered, for the cell and for all above it,
// until the record comes in again.
func TestReturnUncoversMonth(t *testing.T) {
	t.Parallel()
	for _, h := range each(t, "2016-03-15", func(h *house) { h.take(t, chapter()) }) {
		read := func() (covered, reported, due, quarters int) {
			f := figures(t, h.ask(t, asked("đb"), moment{}))
			return f.Compliance["cell"].Covered, f.Coverage.Reported, f.Compliance["cell"].Due, f.ThematicQuarters.Due
		}
		expect := func(when string, covered int) {
			if c, reported, due, quarters := read(); c != covered || reported != covered || due != 4 || quarters != 2 {
				t.Errorf("%s, %s: covered %d, reported %d of %d, quarters %d", h.db.Engine(), when, c, reported, due, quarters)
			}
		}
		expect("at first", 2)
		s := &story{house: h, t: t}
		m := rows[sitting](s, "SELECT id, organization_id, body, held_on, version FROM meeting WHERE code = '2016-02'")[0]
		back := must[meeting.Details](t)(h.meetings.Return(t.Context(), actor(), m.ID, m.Version, "thiếu kết luận"))
		expect("returned", 1)
		h.verify(t)
		if _, err := h.meetings.Submit(t.Context(), actor(), m.ID, back.Meeting.Version, nil); err != nil {
			t.Fatal(err)
		}
		expect("submitted again", 2)
		h.verify(t)
	}
}

// TestTransferKeepsFigures moves a member to another cell from a day before a session that is in: what was handed in stays, and a
// folder takes it along as a frozen roll, from each engine to the other.
func TestTransferKeepsFigures(t *testing.T) {
	t.Parallel()
	houses := each(t, "2016-03-15", func(h *house) { h.take(t, chapter()) })
	var folders []recount.Folder
	for _, h := range houses {
		s := &story{house: h, t: t}
		before := [][]byte{h.ask(t, asked("cb1"), moment{}), h.ask(t, asked("cb2"), moment{}), h.ask(t, asked("đb"), moment{})}
		who := rows[person](s, "SELECT id, version FROM member WHERE code = 'b'")[0]
		to := s.units("code = 'cb2'")[0]
		in := member.MembershipInput{OrganizationID: to.ID, From: calendar.MustDate("2016-02-01"), CloseCurrent: true}
		if _, err := h.members.Transfer(t.Context(), actor(), who.ID, who.Version, in); err != nil {
			t.Fatal(err)
		}
		for i, code := range []string{"cb1", "cb2", "đb"} {
			if after := h.ask(t, asked(code), moment{}); string(after) != string(before[i]) {
				t.Errorf("%s: %s before %s after %s", h.db.Engine(), code, before[i], after)
			}
		}
		folder := h.export(t)
		want := []recount.Row{
			{"meeting_code": "2016-02", "member_code": "a", "standing": "base"},
			{"meeting_code": "2016-02", "member_code": "b", "standing": "base"},
			{"meeting_code": "2016-02", "member_code": "c", "standing": "base"},
		}
		if diff := cmp.Diff(want, folder["frozen_rolls.csv"]); diff != "" {
			t.Errorf("%s (-want +exported): %s", h.db.Engine(), diff)
		}
		folders = append(folders, folder)
	}
	if diff := cmp.Diff(folders[0], folders[1]); diff != "" {
		t.Error(diff)
	}
	for i, engine := range []int{1, 0} {
		other := newHouse(t, dbtest.Engines()[engine], "2016-03-15")
		other.take(t, folders[i])
		for _, code := range []string{"cb1", "cb2", "đb"} {
			other.differs(t, asked(code), figures(t, houses[i].ask(t, asked(code), moment{})))
		}
		if diff := cmp.Diff(folders[i], other.export(t)); diff != "" {
			t.Error(diff)
		}
		other.verify(t)
	}
}
