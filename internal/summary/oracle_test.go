package summary_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/recount"
)

// TestFiguresOfRandomFolders imports random folders and compares every figure with an independent recount of the folder, on days
// long after the records, in the midst of them, and at the edges of months and quarters.
func TestFiguresOfRandomFolders(t *testing.T) {
	t.Parallel()
	for n := range 2 * rounds(t) {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			r := seeded(t, n)
			size := recount.Small("2017-02-15")
			folder := recount.RandomFolder(r, size)
			facts := must[recount.Facts](t)(recount.FactsFromFolderRows(folder))
			houses := each(t, size.Today, func(h *house) { h.take(t, folder); h.verify(t) })
			for i, today := range []recount.Date{size.Today, "2019-03-01", pick(r, edges()), pick(r, edges())} {
				whole := around(size)
				asked := questions(r, facts, today, share(t, 12>>i), func() span { return whole })
				asked = append(asked, questions(r, facts, today, 2, func() span { return whole.part(r) })...)
				agree(t, houses, facts, asked)
			}
		})
	}
}

// edges are days on which what is due changes, and days in the midst of a month.
func edges() []recount.Date {
	return []recount.Date{
		"2016-03-31", "2016-04-01", "2016-02-29", "2016-05-01", "2016-06-30", "2016-07-01", "2016-12-31", "2017-01-01", "2016-08-17",
	}
}

// TestFiguresOfFolderInPieces imports a folder bit by bit: meetings before the tree they stood in, inspections before their
// objects, so that what is posted already has to follow.
func TestFiguresOfFolderInPieces(t *testing.T) {
	t.Parallel()
	for n := range rounds(t) {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			r := seeded(t, 100+n)
			size := recount.Small("2017-02-15")
			folder := withoutConferences(recount.RandomFolder(r, size))
			facts := must[recount.Facts](t)(recount.FactsFromFolderRows(folder))
			piece := thinned(r, folder)
			houses := each(t, size.Today, func(h *house) {
				h.take(t, piece)
				h.take(t, folder)
				if again := h.take(t, folder); again.Changed() {
					t.Errorf("a second import changed %+v", again)
				}
				h.verify(t)
			})
			whole := around(size)
			agree(t, houses, facts, questions(r, facts, size.Today, 20, func() span { return whole }))
		})
	}
}

// each makes a house on every engine.
func each(t *testing.T, today recount.Date, prepare func(*house)) []*house {
	t.Helper()
	var houses []*house
	for _, engine := range dbtest.Engines() {
		h := newHouse(t, engine, today)
		prepare(h)
		houses = append(houses, h)
	}
	return houses
}

// agree asks every house all questions; a few differences are enough to see what is wrong.
func agree(t *testing.T, houses []*house, facts recount.Facts, asked []recount.Query) {
	t.Helper()
	wrong := 0
	for _, q := range asked {
		want := recount.Summary(facts, q).Normal()
		for _, h := range houses {
			h.clock.set(q.Today)
			if h.differs(t, q, want) {
				wrong++
			}
		}
		if wrong > 3 {
			t.Fatal("too many differences")
		}
	}
	t.Logf("%d questions", len(asked))
}

// withoutConferences leaves the meetings out whose roster depends on the tree.
func withoutConferences(f recount.Folder) recount.Folder {
	return without(f, func(m recount.Row) bool { return m["body"] == "conference" })
}

// without leaves some meetings out, with all that belongs to them.
func without(f recount.Folder, out func(meeting recount.Row) bool) recount.Folder {
	f = f.Clone()
	gone := map[string]bool{}
	for _, m := range f["meetings.csv"] {
		gone[m["code"]] = out(m)
	}
	keep(f, "meetings.csv", func(row recount.Row) bool { return !gone[row["code"]] })
	for _, name := range []string{"attendance.csv", "minutes.csv", "votes.csv", "totals.csv", "resolutions.csv", "tasks.csv", "frozen_rolls.csv"} {
		keep(f, name, func(row recount.Row) bool { return !gone[row["meeting_code"]] })
	}
	for _, m := range f["meetings.csv"] {
		if gone[m["prepared_by_code"]] {
			m["prepared_by_code"] = ""
		}
	}
	return f
}

// thinned leaves out meetings, placements, terms, excused months, rounds and objects at random.
func thinned(r *rand.Rand, f recount.Folder) recount.Folder {
	prepared := map[string]bool{}
	for _, m := range f["meetings.csv"] {
		prepared[m["prepared_by_code"]] = true
	}
	f = without(f, func(m recount.Row) bool { return !prepared[m["code"]] && chance(r, 50) })
	for _, name := range []string{"placements.csv", "bodies.csv", "excused_months.csv", "inspection_objects.csv"} {
		keep(f, name, func(recount.Row) bool { return chance(r, 50) })
	}
	inspected := map[string]bool{}
	for _, object := range f["inspection_objects.csv"] {
		inspected[object["inspection_code"]] = true
	}
	keep(f, "inspections.csv", func(row recount.Row) bool { return inspected[row["code"]] || chance(r, 50) })
	return f
}

func keep(f recount.Folder, name string, wanted func(recount.Row) bool) {
	var rows []recount.Row
	for _, row := range f[name] {
		if wanted(row) {
			rows = append(rows, row)
		}
	}
	f[name] = rows
}
