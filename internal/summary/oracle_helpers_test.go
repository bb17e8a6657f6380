package summary_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/amendment"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/fault"
	"sochibo/internal/inspection"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/rules"
	"sochibo/internal/structure"
	"sochibo/internal/summary"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/recount"
)

// seedVariable names the environment variable that repeats a run: each random test prints the value it needs.
const seedVariable = "SOCHIBO_SEED"

// roundsVariable names the environment variable that makes the random tests longer, so many times.
const roundsVariable = "SOCHIBO_ROUNDS"

// seeded returns the source of chance of the n-th random case, and prints how to have it again.
func seeded(t *testing.T, n int) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv(seedVariable); given != "" {
		seed = must[uint64](t)(strconv.ParseUint(given, 10, 64))
	}
	t.Logf("%s=%d", seedVariable, seed)
	return rand.New(rand.NewPCG(seed, uint64(n)))
}

// rounds is how often the random tests repeat their cases; roundsVariable asks for a long run.
func rounds(t *testing.T) int {
	t.Helper()
	given := os.Getenv(roundsVariable)
	if given == "" {
		return 1
	}
	return must[int](t)(strconv.Atoi(given))
}

// share is how many of a hundred questions are asked: in a long run all of them.
func share(t *testing.T, percent int) int {
	t.Helper()
	if rounds(t) > 1 {
		return 100
	}
	return percent
}

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

func between(r *rand.Rand, low, high int) int { return low + r.IntN(high-low+1) }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// clock stands still unless it is set; many transactions read it.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time { return *c.at.Load() }

// set turns the clock to noon of the day in the installation's zone.
func (c *clock) set(day recount.Date) {
	noon := calendar.MustDate(string(day)).Time().Add(5 * time.Hour)
	c.at.Store(&noon)
}

// house is an installation on one engine: a store, its clock and the services on it.
type house struct {
	db          *database.DB
	clock       *clock
	exchange    *exchange.Service
	summaries   *summary.Service
	meetings    *meeting.Service
	amendments  *amendment.Service
	members     *member.Service
	structure   *structure.Service
	inspections *inspection.Service
}

func newHouse(tb testing.TB, engine database.Engine, today recount.Date) *house {
	tb.Helper()
	zone, err := calendar.LoadZone(calendar.DefaultZone)
	if err != nil {
		tb.Fatal(err)
	}
	h := &house{clock: &clock{}}
	h.clock.set(today)
	h.db = dbtest.Open(tb, engine, database.Options{Now: h.clock.now})
	h.exchange, h.summaries, h.meetings = exchange.New(h.db, zone), summary.New(h.db, zone), meeting.New(h.db, zone)
	h.amendments = amendment.New(h.db, zone)
	h.members, h.structure, h.inspections = member.New(h.db, zone, rules.CountingOn), structure.New(h.db, zone), inspection.New(h.db, zone)
	return h
}

// take imports a folder, which must be sound.
func (h *house) take(tb testing.TB, folder recount.Folder) exchange.Report {
	tb.Helper()
	report, err := h.try(tb, folder)
	if err != nil {
		tb.Fatal(named(err))
	}
	return report
}

// try imports a folder.
func (h *house) try(tb testing.TB, folder recount.Folder) (exchange.Report, error) {
	tb.Helper()
	dir := tb.TempDir()
	if err := folder.Write(dir); err != nil {
		tb.Fatal(err)
	}
	return h.exchange.Import(tb.Context(), auth.InstallationActor(), os.DirFS(dir), exchange.ImportOptions{})
}

// named writes a fault with the places it names, each on a line of its own.
func named(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	lines := []string{err.Error()}
	for _, field := range f.Fields {
		lines = append(lines, field.String()+" "+field.Text("en"))
	}
	return strings.Join(lines, "\n")
}

// moment is an entry or an instant as of which a question is asked; the zero moment is the present.
type moment struct {
	entry   int64
	instant time.Time
}

// ask answers the question in JSON, as the API does.
func (h *house) ask(tb testing.TB, q recount.Query, at moment) []byte {
	tb.Helper()
	period, err := calendar.ParsePeriod(string(q.From), string(q.To))
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := h.summaries.ForCode(tb.Context(), auth.InstallationActor(), q.Organization, summary.Query{
		Period: period, Scope: summary.Scope(q.Scope), GroupBy: summary.GroupBy(q.GroupBy), Basis: ledger.Basis(q.Basis),
		Base: summary.Base(q.Base), Tree: summary.Tree(q.Tree), AsOfEntry: at.entry, AsOfInstant: at.instant,
	})
	if err != nil {
		tb.Fatalf("%+v: %v", q, err)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// figures reads the figures of an answer.
func figures(tb testing.TB, answer []byte) recount.Figures {
	tb.Helper()
	var f recount.Figures
	if err := json.Unmarshal(answer, &f); err != nil {
		tb.Fatal(err)
	}
	return f.Normal()
}

// differs compares what the house answers with what the recount found, and names the question where they differ.
func (h *house) differs(tb testing.TB, q recount.Query, want recount.Figures) bool {
	tb.Helper()
	diff := cmp.Diff(want, figures(tb, h.ask(tb, q, moment{})))
	if diff != "" {
		tb.Errorf("%s: %+v (-recount +summary):\n%s", h.db.Engine(), q, diff)
	}
	return diff != ""
}

// verify fails the test for every place where the book is not what it should be.
func (h *house) verify(tb testing.TB) {
	tb.Helper()
	found, err := database.Read(tb.Context(), h.db, func(tx *database.Tx) ([]ledger.Mismatch, error) {
		return ledger.Verify(tb.Context(), tx)
	})
	if err != nil {
		tb.Fatal(err)
	}
	records, err := h.meetings.Verify(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	for _, m := range append(found, records...) {
		tb.Errorf("%s: %s: %s", h.db.Engine(), m.Place, m.Detail)
	}
}

func (h *house) export(tb testing.TB) recount.Folder {
	tb.Helper()
	dir := tb.TempDir()
	if _, err := h.exchange.Export(tb.Context(), auth.InstallationActor(), dir, exchange.ExportOptions{}); err != nil {
		tb.Fatal(err)
	}
	folder, err := recount.ReadFolder(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return folder
}

func (h *house) head(tb testing.TB) int64 {
	tb.Helper()
	head, err := database.Read(tb.Context(), h.db, func(tx *database.Tx) (ledger.Head, error) {
		return ledger.At(tb.Context(), tx, 0, time.Time{})
	})
	if err != nil {
		tb.Fatal(err)
	}
	return head.Number
}

// span is the months that questions are asked about.
type span struct{ from, to recount.Month }

// around widens the months of a folder, so that questions begin before its records and end after them.
func around(size recount.Size) span {
	return span{size.From.Plus(-4), max(size.To, size.Today.Month()).Plus(4)}
}

// part is a random run of months within the span.
func (s span) part(r *rand.Rand) span {
	months := recount.Months(s.from, s.to)
	from := r.IntN(len(months))
	return span{months[from], months[between(r, from, len(months)-1)]}
}

// questions are those about every organisation in every choice of scope, basis, base, tree and group, over one span; of
// each hundred only so many as percent says, at random.
func questions(r *rand.Rand, facts recount.Facts, today recount.Date, percent int, over func() span) []recount.Query {
	var all []recount.Query
	for _, o := range facts.Organizations {
		for _, choice := range choices() {
			if !chance(r, percent) {
				continue
			}
			s := over()
			choice.Organization, choice.From, choice.To, choice.Today = o.Code, s.from, s.to, today
			all = append(all, choice)
		}
	}
	return all
}

// choices are all that can be chosen beside organisation and months.
func choices() []recount.Query {
	var all []recount.Query
	for _, scope := range []string{"subtree", "own"} {
		for _, basis := range []string{"submitted", "accepted"} {
			for _, base := range []string{"eligible", "roster", "eligible_minus_excused"} {
				for _, tree := range []string{"at_meeting", "current"} {
					for _, group := range []string{"", "month", "quarter", "year", "child"} {
						all = append(all, recount.Query{Scope: scope, Basis: basis, Base: base, Tree: tree, GroupBy: group})
					}
				}
			}
		}
	}
	return all
}

// must returns what a call gives, which must not fail.
func must[T any](tb testing.TB) func(T, error) T {
	return func(value T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return value
	}
}

// tolerable reports whether an act was refused as one may be: by a fault that says why, and is no failure of the program.
func tolerable(err error) bool {
	f, ok := fault.As(err)
	return ok && slices.Contains([]fault.Kind{fault.Conflict, fault.Invalid, fault.NotFound}, f.Kind)
}
