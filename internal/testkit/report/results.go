package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// The columns: a test counts for the engine that is a part of its name, as dbtest.Each writes it.
const (
	onSQLite   = "sqlite"
	onPostgres = "postgres"
	onNeither  = "no store"
)

// event is one line of `go test -json`.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// count is what happened to the tests of one package on one engine.
type count struct{ passed, failed, skipped int }

// pack is what happened to one package.
type pack struct {
	counts  map[string]*count
	parents map[string]bool
	output  map[string]*strings.Builder
	state   string
	seconds float64
}

type results struct{ packs map[string]*pack }

// read follows the run to its end, printing every failure as it happens.
func read(in io.Reader, out io.Writer) (*results, error) {
	r := &results{packs: map[string]*pack{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line, out)
		}
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the results: %w", err)
		}
	}
}

// line takes one event; what is not JSON comes from the go command itself and is shown as it is.
func (r *results) line(line []byte, out io.Writer) {
	var e event
	if json.Unmarshal(line, &e) != nil {
		_, _ = out.Write(line)
		return
	}
	switch e.Action {
	case "build-output":
		fmt.Fprint(out, e.Output)
	case "output":
		r.pack(e.Package).write(e.Test, e.Output)
	case "run":
		r.pack(e.Package).run(e.Test)
	case "pass", "fail", "skip":
		r.pack(e.Package).end(e, out)
	}
}

func (r *results) pack(name string) *pack {
	p := r.packs[name]
	if p == nil {
		p = &pack{counts: map[string]*count{}, parents: map[string]bool{}, output: map[string]*strings.Builder{}}
		r.packs[name] = p
	}
	return p
}

// run notes that the tests above this one are only its frame.
func (p *pack) run(test string) {
	for i := strings.LastIndex(test, "/"); i > 0; i = strings.LastIndex(test, "/") {
		test = test[:i]
		p.parents[test] = true
	}
}

func (p *pack) write(test, text string) {
	if strings.HasPrefix(text, "=== ") {
		return
	}
	if p.output[test] == nil {
		p.output[test] = &strings.Builder{}
	}
	p.output[test].WriteString(text)
}

func (p *pack) end(e event, out io.Writer) {
	output := p.output[e.Test]
	delete(p.output, e.Test)
	if e.Action == "fail" && output != nil {
		fmt.Fprintf(out, "--- %s %s\n%s", short(e.Package), e.Test, output)
	}
	if e.Test == "" {
		if p.state != "fail" { // a package may come twice, with tests of its own each time
			p.state = e.Action
		}
		p.seconds += e.Elapsed
		return
	}
	if p.parents[e.Test] {
		return
	}
	c := p.counts[engine(e.Test)]
	if c == nil {
		c = &count{}
		p.counts[engine(e.Test)] = c
	}
	switch e.Action {
	case "pass":
		c.passed++
	case "fail":
		c.failed++
	case "skip":
		c.skipped++
	}
}

func engine(test string) string {
	for part := range strings.SplitSeq(test, "/") {
		if part == onSQLite || part == onPostgres {
			return part
		}
	}
	return onNeither
}

// short is the package without the module's name.
func short(name string) string {
	_, rest, found := strings.Cut(name, "/")
	if !found {
		return name
	}
	return rest
}

func (r *results) print(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "\n%s\t%s\t%s\tseconds\t package\n", onSQLite, onPostgres, onNeither)
	total := map[string]*count{onSQLite: {}, onPostgres: {}, onNeither: {}}
	for _, name := range slices.Sorted(maps.Keys(r.packs)) {
		p := r.packs[name]
		if p.state == "skip" || name == "" {
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.1f\t %s%s\n", p.counts[onSQLite], p.counts[onPostgres], p.counts[onNeither],
			p.seconds, short(name), map[bool]string{true: "  FAILED"}[p.state != "pass"])
		for engine, sum := range total {
			sum.add(p.counts[engine])
		}
	}
	fmt.Fprintf(table, "%s\t%s\t%s\t\t all\n", total[onSQLite], total[onPostgres], total[onNeither])
	_ = table.Flush()
}

func (c *count) add(other *count) {
	if other != nil {
		c.passed += other.passed
		c.failed += other.failed
		c.skipped += other.skipped
	}
}

// String is "12", "12 (1 failed)" or "-" when nothing ran.
func (c *count) String() string {
	if c == nil || *c == (count{}) {
		return "-"
	}
	text := strconv.Itoa(c.passed)
	if c.failed > 0 {
		text += fmt.Sprintf(" (%d failed)", c.failed)
	}
	if c.skipped > 0 {
		text += fmt.Sprintf(" (%d skipped)", c.skipped)
	}
	return text
}

// verdict is nil if every package passed and every engine named has run tests.
func (r *results) verdict(engines []string) error {
	var failed []string
	ran := map[string]bool{}
	for name, p := range r.packs {
		if p.state != "pass" && p.state != "skip" {
			failed = append(failed, short(name))
		}
		for engine, c := range p.counts {
			ran[engine] = ran[engine] || c.passed > 0
		}
	}
	if len(failed) > 0 {
		slices.Sort(failed)
		return fmt.Errorf("FAILED: %s", strings.Join(failed, ", "))
	}
	if len(r.packs) == 0 {
		return errors.New("FAILED: no package was tested")
	}
	for _, engine := range engines {
		if !ran[engine] {
			return fmt.Errorf("FAILED: no test ran on %s", engine)
		}
	}
	return nil
}
