package recount_test

import (
	"fmt"
	"testing"

	"sochibo/internal/testkit/recount"
)

// TestEdgesByHand changes one thing in the town and asks for what must follow.
func TestEdgesByHand(t *testing.T) {
	t.Parallel()
	extraMeeting := func(f recount.Folder) {
		f["meetings.csv"] = append(f["meetings.csv"],
			sitting("bz", "extraordinary", "2016-03", "2016-02-14T08:00:00+07:00", "accepted", "7"))
	}
	status := func(name string) func(recount.Folder) {
		return func(f recount.Folder) {
			f["statuses.csv"] = append(f["statuses.csv"],
				recount.Row{"member_code": "m1", "status": name, "from": "2016-01-31", "to": "2016-01-31"})
		}
	}
	for _, c := range []struct {
		name string
		edit func(recount.Folder)
		q    recount.Query
		show func(recount.Figures) string
		want string
	}{
		{
			"a meeting for March held in February belongs where the cell stood in February",
			extraMeeting, recount.Query{Organization: "P", From: "2016-03", To: "2016-03"}, cellBrief,
			"0/0/1 1 due 1-0 covered 0 open 0 att 0/2 of 4 e0 u0 n2 t0 g7",
		},
		{
			"and nothing of it is Q's but that March is reported, here by another meeting too",
			extraMeeting, recount.Query{Organization: "Q", From: "2016-03", To: "2016-03"}, cellBrief,
			"0/0/1 1 due 1-0 covered 0 open 0 att 0/1 of 2 e0 u0 n1 t0 g1",
		},
		{
			"a detained member is outside the base though present", status("detained"),
			recount.Query{Organization: "B", From: "2016-01", To: "2016-01"}, cellBrief,
			"1/0/0 1 due 1-0 covered 1 open 0 att 0/1 of 4 e0 u0 n1 t0 g0",
		},
		{
			"so is one on special duty", status("special_duty"),
			recount.Query{Organization: "B", From: "2016-01", To: "2016-01"}, cellBrief,
			"1/0/0 1 due 1-0 covered 1 open 0 att 0/1 of 4 e0 u0 n1 t0 g0",
		},
		{
			"an exempt one is back in the base when present", status("exempt"),
			recount.Query{Organization: "B", From: "2016-01", To: "2016-01"}, cellBrief,
			"1/0/0 1 due 1-0 covered 1 open 0 att 1/2 of 4 e0 u0 n1 t0 g0",
		},
		{
			"the quarter goes by the last due month that is not excused: with March aside, February under Q",
			aside("2016-03"), recount.Query{Organization: "Q", From: "2016-01", To: "2016-03"}, quarters, "[1/1]",
		},
		{
			"with February aside too, January under P",
			aside("2016-02", "2016-03"), recount.Query{Organization: "Q", From: "2016-01", To: "2016-03"}, quarters, "[0/0]",
		},
		{
			"and it is P's, beside that of A",
			aside("2016-02", "2016-03"), recount.Query{Organization: "P", From: "2016-01", To: "2016-03"}, quarters, "[1/2]",
		},
		{
			"a quarter in which no month has ended is not due",
			aside(), recount.Query{Organization: "S", From: "2016-04", To: "2016-06", Today: "2016-04-30"}, quarters, "[0/0]",
		},
		{
			"one in which a month has ended is, by the tree of that month",
			aside(), recount.Query{Organization: "P", From: "2016-01", To: "2016-03", Today: "2016-02-10"}, quarters, "[1/1]",
		},
		{
			"an excused month that runs is not open",
			aside("2016-05"), recount.Query{Organization: "B", From: "2016-05", To: "2016-05", Today: "2016-05-31"}, cellBrief,
			"0/0/0 0 due 0-0 covered 0 open 0 att 0/0 of 0 e0 u0 n0 t0 g0",
		},
	} {
		folder := town()
		c.edit(folder)
		if c.q.Today == "" {
			c.q.Today = "2016-07-15"
		}
		if got := c.show(recount.Summary(mustFacts(t, folder), c.q)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func cellBrief(f recount.Figures) string { return brief(f, "cell") }

// aside excuses months of cell B.
func aside(months ...string) func(recount.Folder) {
	return func(f recount.Folder) {
		for _, m := range months {
			f["excused_months.csv"] = append(f["excused_months.csv"],
				recount.Row{"organization_code": "B", "body": "cell", "month": m})
		}
	}
}

// TestBlocksAreAbsentWithoutDueMonthOrMeeting also shows which bodies have compliance at all.
func TestBlocksAreAbsentWithoutDueMonthOrMeeting(t *testing.T) {
	t.Parallel()
	folder := town()
	folder["meetings.csv"] = append(folder["meetings.csv"], recount.Row{
		"code": "s1", "organization_code": "S", "body": "standing_committee", "forms": "regular",
		"period_month": "2016-02", "started_at": "2016-02-20T08:00:00+07:00", "status": "submitted",
	})
	f := recount.Summary(mustFacts(t, folder), recount.Query{
		Organization: "S", From: "2016-02", To: "2016-02", Today: "2016-07-15",
	})
	got := fmt.Sprint(len(f.Sessions), len(f.Sittings), len(f.Attendance), len(f.Compliance))
	if _, ok := f.Compliance["standing_committee"]; ok || got != "3 3 3 2" {
		t.Errorf("blocks hold %s bodies: %+v", got, f.Blocks)
	}
}
