package app_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"

	"sochibo/api"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/testkit/apitest"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

const (
	fuzzRequests = 10_000
	fuzzLong     = 100_000
	fuzzEach     = 40  // requests of every operation, at least
	fuzzGood     = 20  // per cent of the answers that are 2xx, at least
	fuzzHeap     = 768 // MiB that the whole test process may hold
	fuzzShares   = 4   // installations of an engine that share its requests
	seedVariable = "SOCHIBO_SEED"
)

// Places among the callers, who have the roles in the order of auth.Roles.
const (
	secretary = 2
	superior  = 3
)

// TestE50Fuzz sends requests that are derived from the contract, many of them broken on purpose. None may fail for a fault of the server,
// and every refusal has to be a problem of a documented code. The
// long form, which runs alone, also bounds what the process keeps afterwards.
func TestE50Fuzz(t *testing.T) {
	t.Parallel()
	seed := fuzzSeed(t)
	t.Logf("seed %d; %s=%d repeats this run", seed, seedVariable, seed)
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			shares := make([]*fuzzer, fuzzShares)
			t.Run("share", func(t *testing.T) { // ends when all of them have
				for i := range shares {
					t.Run(strconv.Itoa(i), func(t *testing.T) {
						t.Parallel()
						in := newInstallation(t, dbtest.Open(t, engine, database.Options{}))
						shares[i] = newFuzzer(t, in, seed+uint64(i))
						shares[i].run(t)
						in.failed.report(t)
					})
				}
			})
			if !t.Failed() {
				together(shares).report(t, engine, seed)
			}
		})
	}
}

// run sends the fuzzer's share.
func (f *fuzzer) run(t *testing.T) {
	t.Helper()
	f.in.importSample(t)
	f.fillPools(t)
	before := footprint()
	for number := range f.requests {
		f.step(t, number)
		if f.broken > 20 {
			t.Fatal("too many failures")
		}
	}
	f.turnsForLuckless(t)
	if experiment.Long() {
		footprint().within(t, before)
	}
	f.in.verified(t)
}

// together adds up what the shares did.
func together(shares []*fuzzer) *fuzzer {
	all := shares[0]
	for _, f := range shares[1:] {
		all.requests, all.broken, all.good, all.peakHeap = all.requests+f.requests, all.broken+f.broken, all.good+f.good, max(all.peakHeap, f.peakHeap)
		for _, o := range f.operations {
			i := slices.IndexFunc(all.operations, func(same *operation) bool { return same.OperationID == o.OperationID })
			all.operations[i].add(o)
		}
	}
	return all
}

func (o *operation) add(other *operation) {
	o.sent, o.good = o.sent+other.sent, o.good+other.good
	for answer, n := range other.answers {
		o.answers[answer] += n
	}
}

func fuzzSeed(tb testing.TB) uint64 {
	tb.Helper()
	given := os.Getenv(seedVariable)
	if given == "" {
		return uint64(time.Now().UnixNano())
	}
	seed, err := strconv.ParseUint(given, 10, 64)
	if err != nil {
		tb.Fatalf("%s: %v", seedVariable, err)
	}
	return seed
}

// operation is one operation of the contract.
type operation struct {
	*openapi3.Operation

	method, path string
	parameters   []*openapi3.Parameter
	body         *openapi3.Schema

	sent, good int
	answers    map[string]int // by status and code
	role       int            // the caller who was last let in
	barred     []int          // callers who were forbidden
}

// fuzzer makes requests and judges the answers.
type fuzzer struct {
	*rand.Rand

	in         installation
	callers    []client
	operations []*operation
	problem    *openapi3.Schema
	codes      map[string]bool
	record     func(meeting string) apitest.Answer // outside of the count

	pools    map[string][]string    // ids by the name of the path parameter
	parts    map[string][][2]string // ids of parts with those of what they belong to
	states   map[string][]string    // meetings by status
	rosters  map[string][]string    // members by cell
	sittings map[string][]string    // sessions of its members by cell
	cursors  []string
	keys     []string
	tags     map[string]string // entity tags by the path of what they are of
	requests int
	drafted  int
	broken   int
	good     int
	peakHeap uint64
}

func newFuzzer(tb testing.TB, in installation, seed uint64) *fuzzer {
	tb.Helper()
	f := &fuzzer{
		Rand: rand.New(rand.NewPCG(seed, 1)), in: in, codes: documentedCodes(tb), requests: fuzzRequests / fuzzShares, tags: map[string]string{},
		pools: map[string][]string{}, parts: map[string][][2]string{}, states: map[string][]string{}, rosters: map[string][]string{},
		sittings: map[string][]string{},
	}
	if experiment.Long() {
		f.requests = fuzzLong / fuzzShares
	}
	for _, role := range auth.Roles() {
		f.callers = append(f.callers, in.as(tb, role, ""))
	}
	f.record = func(meeting string) apitest.Answer {
		return f.callers[secretary].send(tb.Context(), http.MethodPost, "/meetings", meeting)
	}
	document, err := openapi3.NewLoader().LoadFromData(api.OpenAPI())
	if err != nil {
		tb.Fatal(err)
	}
	f.problem = document.Components.Schemas["Problem"].Value
	for path, item := range document.Paths.Map() {
		for method, op := range item.Operations() {
			f.operations = append(f.operations, readOperation(method, path, item, op))
		}
	}
	slices.SortFunc(f.operations, byID)
	if len(f.operations)*fuzzEach > fuzzRequests {
		tb.Fatalf("%d requests are too few for %d operations", fuzzRequests, len(f.operations))
	}
	return f
}

func byID(a, b *operation) int { return strings.Compare(a.OperationID, b.OperationID) }

func readOperation(method, path string, item *openapi3.PathItem, op *openapi3.Operation) *operation {
	o := &operation{Operation: op, method: method, path: path, answers: map[string]int{}, role: secretary}
	for _, list := range []openapi3.Parameters{item.Parameters, op.Parameters} {
		for _, reference := range list {
			o.parameters = append(o.parameters, reference.Value)
		}
	}
	if op.RequestBody != nil {
		o.body = op.RequestBody.Value.Content.Get("application/json").Schema.Value
	}
	return o
}

// documentedCodes are those that have texts.
func documentedCodes(tb testing.TB) map[string]bool {
	tb.Helper()
	data, err := os.ReadFile("../fault/messages.en.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	texts := map[string]any{}
	if err := yaml.Unmarshal(data, &texts); err != nil {
		tb.Fatal(err)
	}
	codes := map[string]bool{}
	for code := range texts {
		codes[code] = true
	}
	return codes
}

// step sends one request: the operations take turns, so that each gets its share.
func (f *fuzzer) step(tb testing.TB, number int) {
	if number%len(f.operations) == 0 {
		f.Shuffle(len(f.operations), func(i, j int) { f.operations[i], f.operations[j] = f.operations[j], f.operations[i] })
	}
	f.turn(tb, number, f.operations[number%len(f.operations)], f.IntN(100) < 50)
}

// turnsForLuckless asks on, soundly, for the operations that have not succeeded: the more there are of them all, the fewer requests has
// each, and chance leaves out some. Before each turn what it needs is made once more, since much can be done to a thing only once.
func (f *fuzzer) turnsForLuckless(tb testing.TB) {
	for _, o := range f.operations {
		for turns := 0; o.good == 0 && turns < fuzzEach && !slices.Contains(unguessable, o.OperationID); turns++ {
			for _, first := range append(f.makersOf(o), o) {
				f.turn(tb, f.requests, first, true)
				f.requests++
			}
		}
	}
}

// makersOf are the operations that make what the path of another leads through, the owners first: those that post to a beginning of it.
func (f *fuzzer) makersOf(o *operation) []*operation {
	makers := slices.DeleteFunc(slices.Clone(f.operations), func(m *operation) bool {
		return m == o || m.method != http.MethodPost || !strings.HasPrefix(o.path, m.path)
	})
	slices.SortFunc(makers, func(a, b *operation) int { return len(a.path) - len(b.path) })
	return makers
}

// turn sends one request of the operation, as it should be or with something wrong in it.
func (f *fuzzer) turn(tb testing.TB, number int, o *operation, sound bool) {
	r := f.request(tb, o)
	if !sound {
		for range 1 + f.IntN(2) {
			f.mutate(r)
		}
	}
	recorder := r.send(tb, f.in.handler)
	f.learnTag(r, recorder.Code, recorder.Header())
	o.sent++
	o.answers[outcome(recorder)]++
	if recorder.Code/100 == 2 {
		o.good++
		f.good++
		f.harvest(o, r, recorder.Body.Bytes())
	}
	if sound && (recorder.Code == http.StatusForbidden || recorder.Code == http.StatusNotFound && o.good == 0) {
		f.another(o, recorder.Code == http.StatusForbidden)
	}
	if complaint := f.judge(o, r, recorder); complaint != "" {
		f.broken++
		tb.Errorf("request %d, %s: %s\n%s\n%d %s", number, o.OperationID, complaint, r, recorder.Code, shortened(recorder.Body.String()))
	}
	if number%500 == 0 {
		f.peakHeap = max(f.peakHeap, heap())
	}
}

// unguessable operations take a password or a login session, which no chance finds and no token has.
var unguessable = []string{
	"openLoginSession", "confirmLoginSession", "closeLoginSession", "endLoginSession", "setPassword", "changePassword", "enrolTotp",
	"confirmTotp", "removeTotp", "issueToken", "revokeToken", "getLogProof", "openCalendarFeed", "closeCalendarFeed", "readCalendarFeed",
	"beginLoginExchange", "finishLoginExchange", "leaveProvider",
}

// another gives the operation to somebody else, who has not been forbidden it yet.
func (f *fuzzer) another(o *operation, forbidden bool) {
	if forbidden && o.good == 0 {
		o.barred = append(o.barred, o.role)
	}
	if len(o.barred) >= len(f.callers) {
		o.barred = nil
	}
	o.role = f.IntN(len(f.callers))
	for slices.Contains(o.barred, o.role) {
		o.role = f.IntN(len(f.callers))
	}
}

// report checks that the requests were worth sending, and says what came of them.
func (f *fuzzer) report(tb testing.TB, engine database.Engine, seed uint64) {
	tb.Helper()
	slices.SortFunc(f.operations, byID)
	for _, o := range f.operations {
		if o.sent < fuzzEach {
			tb.Errorf("%s was asked for %d times only", o.OperationID, o.sent)
		}
		if o.good == 0 && !slices.Contains(unguessable, o.OperationID) {
			tb.Errorf("%s never succeeded: %v", o.OperationID, o.answers)
		}
		if testing.Verbose() {
			tb.Logf("%-24s %4d good of %4d %v", o.OperationID, o.good, o.sent, o.answers)
		}
	}
	if f.good*100 < fuzzGood*f.requests {
		tb.Errorf("%d of %d requests succeeded, want %d %%", f.good, f.requests, fuzzGood)
	}
	runtime.GC()
	f.peakHeap = max(f.peakHeap, heap())
	if f.peakHeap > fuzzHeap<<20 {
		tb.Errorf("the process holds %d MiB", f.peakHeap>>20)
	}
	tb.Logf("%d requests, %d succeeded, at most %d MiB of heap", f.requests, f.good, f.peakHeap>>20)
	experiment.Report(tb, experiment.Result{
		ID: "E-50", Engine: string(engine), Seed: seed, N: f.requests, Observed: f.broken, Pass: f.broken == 0 && !tb.Failed(),
	})
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func shortened(s string) string {
	const most = 1500
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

// fuzzRequest is a request that may still be broken.
type fuzzRequest struct {
	method  string
	path    string
	query   []string // name=value, escaped or not
	headers map[string][]string
	body    []byte
	tree    any  // the body before it was written, if it is one
	astray  bool // it no longer asks for its operation
}

// send hands the request to the handler as the server would that had read it from the wire.
func (r *fuzzRequest) send(tb testing.TB, handler http.Handler) *httptest.ResponseRecorder {
	tb.Helper()
	request := httptest.NewRequestWithContext(tb.Context(), r.method, "/", strings.NewReader(string(r.body)))
	target := r.path
	if len(r.query) > 0 {
		target += "?" + strings.Join(r.query, "&")
	}
	parsed, err := url.ParseRequestURI(target)
	if err != nil {
		parsed = &url.URL{Path: "/unreadable"} // the server refuses these before the handler sees them
		r.astray = true
	}
	request.URL, request.RequestURI = parsed, target
	for name, values := range r.headers {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// String writes the request for a message.
func (r *fuzzRequest) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s?%s", r.method, r.path, shortened(strings.Join(r.query, "&")))
	for name, values := range r.headers {
		if name != "Authorization" {
			fmt.Fprintf(&b, " [%s: %s]", name, shortened(strings.Join(values, " | ")))
		}
	}
	fmt.Fprintf(&b, "\n%s", shortened(string(r.body)))
	return b.String()
}
