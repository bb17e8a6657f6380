package activity_test

import (
	"testing"

	"sochibo/internal/activity"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/summary"
	"sochibo/internal/testkit/dbtest"
)

// office is the sample in a store, with the services that answer for it.
type office struct {
	activities *activity.Service
	summaries  *summary.Service
	ids        map[string]org.ID
}

func open(t *testing.T, db *database.DB) office {
	t.Helper()
	zone, err := calendar.LoadZone("")
	if err != nil {
		t.Fatal(err)
	}
	book, err := rules.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.NewWith(db, zone, book).Import(t.Context(), auth.InstallationActor(), exchange.Sample(), exchange.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	o := office{ids: map[string]org.ID{}, summaries: summary.New(db, zone)}
	o.activities = activity.New(db, o.summaries)
	_, err = database.Read(t.Context(), db, func(tx *database.Tx) (struct{}, error) {
		for _, code := range []string{"DBK", "VPUB", "VPUB-TH", "VPUB-HCTC", "VPUB-QTTV"} {
			found, err := org.FindByCode(t.Context(), tx, code)
			if err != nil {
				return struct{}{}, err
			}
			o.ids[code] = found.ID
		}
		return struct{}{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o office) query(code string, scope summary.Scope) activity.Query {
	period := calendar.Period{From: calendar.MustMonth("2015-09"), To: calendar.MustMonth("2018-04")}
	return activity.Query{Organization: o.ids[code], Period: period, Scope: scope, Basis: ledger.Submitted, Threshold: 90}
}

func (o office) activity(t *testing.T, code string, scope summary.Scope) activity.Activity {
	t.Helper()
	out, err := o.activities.For(t.Context(), auth.InstallationActor(), o.query(code, scope))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAgreesWithSummary: what is counted from the records is what the ledger adds up to, for every organisation, whole and alone.
func TestAgreesWithSummary(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		o := open(t, db)
		for code := range o.ids {
			for _, scope := range []summary.Scope{summary.Subtree, summary.OwnOnly} {
				q := o.query(code, scope)
				sum, err := o.summaries.For(t.Context(), auth.InstallationActor(), summary.Query{
					Organization: q.Organization, Period: q.Period, Scope: scope, Basis: q.Basis, Base: summary.Eligible, Tree: summary.AtMeeting, GroupBy: summary.ByMonth,
				})
				if err != nil {
					t.Fatal(err)
				}
				agree(t, code+" "+string(scope), o.activity(t, code, scope), sum)
			}
		}
	})
}

func agree(t *testing.T, place string, a activity.Activity, sum summary.Summary) {
	t.Helper()
	same := func(what string, got, want int64) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s: %d by the records, %d by the ledger", place, what, got, want)
		}
	}
	held := 0
	for _, n := range sum.Sittings {
		if n > 0 {
			held++
		}
	}
	same("bodies", int64(len(a.Bodies)), int64(held))
	var thematic, summed int64
	for _, s := range sum.Sessions {
		summed += s.Thematic
	}
	for _, c := range a.Thematic {
		thematic += c.Sessions
	}
	same("thematic sessions", thematic, summed)
	for _, b := range a.Bodies {
		want := sum.Attendance[b.Body]
		same("sittings", b.Sittings, sum.Sittings[b.Body])
		same("regular", b.Regular, sum.Sessions[b.Body].Regular)
		same("present", b.Attendance.Rate.Numerator, want.Rate.Numerator)
		same("expected", b.Attendance.Rate.Denominator, want.Rate.Denominator)
		absent := map[meeting.AttendanceStatus]int64{}
		for _, n := range b.Absences {
			same("parts of an absence", n.Officers+n.Others+n.Unknown, n.Total)
			absent[n.Status] += n.Total
		}
		same("excused", absent[meeting.Excused], want.Excused)
		same("unexcused", absent[meeting.Unexcused], want.Unexcused)
		months := map[string]summary.Ratio{}
		for _, g := range sum.Groups {
			months[g.Key] = g.Attendance[b.Body].Rate
		}
		for _, m := range b.Attendance.Months {
			same(m.Month.String(), m.Rate.Numerator, months[m.Month.String()].Numerator)
			same(m.Month.String(), m.Rate.Denominator, months[m.Month.String()].Denominator)
		}
	}
}

// TestSampleActivity compares with figures that were counted from the files of the sample by other means.
func TestSampleActivity(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		o := open(t, db)
		a := o.activity(t, "VPUB", summary.Subtree)
		cells := a.Bodies[0]
		for what, got := range map[string][2]int64{
			"regular":       {cells.Regular, 89},
			"prepared":      {cells.Prepared.Numerator, 89},
			"bodies":        {int64(len(a.Bodies)), 3},
			"directives":    {int64(len(a.Directives)), 8},
			"CT05":          {a.Directives[0].Sittings, 14},
			"topics":        {int64(len(a.Thematic)), 9},
			"first topic":   {a.Thematic[0].Sessions, 2},
			"least month":   {int64(*cells.Attendance.Least.Rate.Percent), 902},
			"trips, office": {cells.Absences[0].Officers, 20},
			"trips, others": {cells.Absences[0].Others, 56},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: %d, want %d", what, got[0], got[1])
			}
		}
		items := map[string]int64{}
		for _, item := range cells.ContentItems {
			items[item.Item] = item.Sessions.Numerator
			if item.Sessions.Denominator != 89 {
				t.Errorf("%s of %d", item.Item, item.Sessions.Denominator)
			}
		}
		for item, want := range map[string]int64{"propaganda": 89, "ho_chi_minh_study": 81, "party_development": 44, "resolution_tw4_review": 51} {
			if items[item] != want {
				t.Errorf("%s: %d, want %d", item, items[item], want)
			}
		}
	})
}

// TestSampleAssessment: the period lies before any rule of attendance, so attendance is described and not judged.
func TestSampleAssessment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		o := open(t, db)
		out, err := o.activities.Assess(t.Context(), auth.InstallationActor(), o.query("VPUB", summary.Subtree))
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]activity.Finding{}
		for _, f := range out.Findings {
			found[f.Code] = f
		}
		for code, want := range map[string]activity.Finding{
			"regular_cells":        {Kind: activity.Strength, SentenceVi: "Duy trì sinh hoạt chi bộ thường kỳ đầy đủ: 89/89 tháng phải sinh hoạt."},
			"thematic_quarters":    {Kind: activity.Shortcoming, SentenceVi: "Số buổi sinh hoạt chuyên đề chưa nhiều: mới có ở 9/28 quý phải có."},
			"attendance_described": {Kind: activity.Described},
			"business_trips":       {Kind: activity.Shortcoming, SentenceVi: "Đảng viên vắng sinh hoạt chủ yếu do đi công tác: 76/98 lượt vắng (77,6 %)."},
		} {
			got, ok := found[code]
			if !ok || got.Kind != want.Kind || want.SentenceVi != "" && got.SentenceVi != want.SentenceVi {
				t.Errorf("%s: %+v", code, got)
			}
		}
		for _, code := range []string{"attendance_hd12", "attendance_hd42"} {
			if f, judged := found[code]; judged {
				t.Errorf("judged by a rule set that was not in force: %+v", f)
			}
		}
	})
}
