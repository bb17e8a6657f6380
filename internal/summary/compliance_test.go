package summary_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/summary"
	"sochibo/internal/testkit/recount"
)

// TestComplianceOfRandomFolders imports random folders and compares the map of every organisation, month by month, with its summary, on
// days long after the records, in the midst of them and at the edges of months.
func TestComplianceOfRandomFolders(t *testing.T) {
	t.Parallel()
	for n := range 2 * rounds(t) {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			r := seeded(t, 300+n)
			size := recount.Small("2017-02-15")
			folder := recount.RandomFolder(r, size)
			facts := must[recount.Facts](t)(recount.FactsFromFolderRows(folder))
			whole := around(size)
			for _, h := range each(t, size.Today, func(h *house) { h.take(t, folder) }) {
				compared := 0
				for _, today := range []recount.Date{size.Today, pick(r, edges())} {
					h.clock.set(today)
					for _, o := range facts.Organizations {
						compared += h.compareMap(t, o.Code, whole, today)
					}
				}
				if compared < 100 {
					t.Errorf("%s: compared %d months only", h.db.Engine(), compared)
				}
			}
		})
	}
}

// mapped returns the map of one organisation.
func (h *house) mapped(tb testing.TB, code string, over span) []summary.BodyRow {
	tb.Helper()
	id := must[org.ID](tb)(database.Read(tb.Context(), h.db, func(tx *database.Tx) (org.ID, error) {
		o, err := org.FindByCode(tb.Context(), tx, code)
		return o.ID, err
	}))
	period := must[calendar.Period](tb)(calendar.ParsePeriod(string(over.from), string(over.to)))
	rows, next, err := h.summaries.Compliance(tb.Context(), auth.InstallationActor(), summary.Reach{Organization: id, Scope: org.ScopeOwn},
		period, httpapi.Page{Limit: 1})
	if err != nil || len(rows) != 1 || next != nil {
		tb.Fatalf("%s: %d rows, %v, %v", code, len(rows), next, err)
	}
	return rows[0].Bodies
}

// compareMap holds every month of the map against the summary of that month, and returns how many were due.
func (h *house) compareMap(tb testing.TB, code string, over span, today recount.Date) int {
	tb.Helper()
	q := recount.Query{
		Organization: code, From: over.from, To: over.to, Scope: "own", Basis: "submitted", Base: "eligible", Tree: "at_meeting",
		GroupBy: "month", Today: today,
	}
	var answer struct {
		Groups []struct {
			Key        string
			Compliance map[org.Body]struct{ Due, Excused, Covered, Open int64 }
		}
	}
	if err := json.Unmarshal(h.ask(tb, q, moment{}), &answer); err != nil {
		tb.Fatal(err)
	}
	bodies, due := h.mapped(tb, code, over), 0
	for i, group := range answer.Groups {
		for _, body := range bodies {
			month, want := body.Months[i], group.Compliance[body.Body]
			got := want
			got.Due, got.Excused, got.Covered = counted(month, recount.Date(month.Month.Last().String()) < today)
			if got.Due > 0 {
				due++
			}
			if month.Month.String() != group.Key || got != want {
				tb.Errorf("%s on %s, %s %s of %s: %s, want %+v", h.db.Engine(), today, code, body.Body, group.Key, month.State, want)
			}
		}
	}
	return due
}

// counted says what the state of an ended month adds to the figures.
func counted(m summary.MonthCell, ended bool) (due, excused, covered int64) {
	switch {
	case m.State == summary.NotDue || !ended:
		return 0, 0, 0
	case m.State == summary.Excused:
		return 1, 1, 0
	case m.State == summary.Submitted || m.State == summary.Accepted:
		return 1, 0, 1
	default:
		return 1, 0, 0
	}
}

// TestComplianceAddsUp shows that the figures beside the months are those of the months.
func TestComplianceAddsUp(t *testing.T) {
	t.Parallel()
	for _, h := range each(t, "2016-03-15", func(h *house) { h.take(t, chapter()) }) {
		row := h.mapped(t, "cb1", span{"2016-01", "2016-04"})[0]
		if row.Due != 2 || row.Excused != 0 || row.Covered != 2 {
			t.Errorf("%s: %+v", h.db.Engine(), row)
		}
		want := []summary.MonthState{summary.Submitted, summary.Submitted, summary.Open, summary.Open}
		for i, month := range row.Months {
			if month.State != want[i] || month.Late != nil {
				t.Errorf("%s: %s is %s, late %v", h.db.Engine(), month.Month, month.State, month.Late)
			}
		}
		row = h.mapped(t, "cb2", span{"2016-02", "2016-03"})[0]
		if row.Months[0].State != summary.Nothing || row.Months[1].State != summary.Open {
			t.Errorf("%s: %+v", h.db.Engine(), row.Months)
		}
	}
}
