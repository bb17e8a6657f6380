package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	out, progress io.Writer
	dir           string // for everything that is made
	program       string // the binary, built as make build does
	stores        []store
	size          size
}

// size is how much is measured.
type size struct {
	trees       []int // cells of the trees that are summed up
	treeMonths  int
	rounds      int // of every repetition that takes turns
	summaries   int // in a round
	submissions int // in a round
	leaves      int // submissions in a round of the comparison without the leaf
	small       shape
	tenfold     int // months of the tenfold folder; 0 leaves it out
	imports     int // repetitions of the small import
	starts      int
	fewRows     shape // the store of few rows and the one of many in which lists are asked for
	manyRows    shape
	lists       int // in a round
}

// full takes some ten minutes on two cores, quick less than two.
var (
	full = size{
		trees: []int{3, 300, 3000}, treeMonths: 32, rounds: 7, summaries: 150, submissions: 60, leaves: 200,
		small: shape{cells: 1400, members: 12, months: 12}, tenfold: 120, imports: 3, starts: 7,
		fewRows: shape{cells: 84, members: 12, months: 10, districts: true}, manyRows: shape{cells: 8334, members: 12, months: 10, districts: true}, lists: 30,
	}
	quick = size{
		trees: []int{3, 100}, treeMonths: 32, rounds: 5, summaries: 30, submissions: 15, leaves: 24,
		small: shape{cells: 70, members: 12, months: 12}, tenfold: 0, imports: 1, starts: 3,
		fewRows: shape{cells: 84, members: 12, months: 10, districts: true}, manyRows: shape{cells: 840, members: 12, months: 10, districts: true}, lists: 10,
	}
)

// choice is what the command line asks for.
type choice struct {
	size           size
	engines, parts []string
}

// options reads the command line.
func options(args []string, stderr io.Writer) (chosen choice, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	small := flags.Bool("quick", false, "a short round with small folders, to see that everything runs")
	cells := flags.String("cells", "", "sizes of the trees to sum up, such as 3,300,30000")
	engines := flags.String("engines", "sqlite,postgres", "which engines to measure")
	parts := flags.String("parts", "summary,submission,leaf,lists,import,process", "what to measure")
	if err := flags.Parse(args); err != nil {
		return choice{}, err
	}
	chosen = choice{size: full, engines: strings.Split(*engines, ","), parts: strings.Split(*parts, ",")}
	if *small {
		chosen.size = quick
	}
	if *cells != "" {
		chosen.size.trees = nil
		for part := range strings.SplitSeq(*cells, ",") {
			n, err := strconv.Atoi(part)
			if err != nil || n < 1 {
				return choice{}, fmt.Errorf("-cells: %q is no number of cells", part)
			}
			chosen.size.trees = append(chosen.size.trees, n)
		}
	}
	return chosen, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	chosen, err := options(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	b := &bench{out: stdout, progress: stderr, size: chosen.size}
	if b.dir, err = os.MkdirTemp("", "sochibo-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.build(ctx); err != nil {
		return err
	}
	if err := b.openStores(ctx, chosen.engines); err != nil {
		return err
	}
	if err := b.introduce(ctx); err != nil {
		return err
	}
	return b.measure(ctx, chosen.parts)
}

// measure does the parts in the order in which they are named.
func (b *bench) measure(ctx context.Context, parts []string) error {
	for _, name := range parts {
		part, ok := map[string]func(context.Context) error{
			"summary": b.summaries, "submission": b.submissions, "leaf": b.leaf, "lists": b.lists, "import": b.imports, "process": b.process,
		}[name]
		if !ok {
			return fmt.Errorf("-parts: there is no part %q", name)
		}
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) close() error {
	var all []error
	for _, s := range b.stores {
		all = append(all, s.close())
	}
	return errors.Join(append(all, os.RemoveAll(b.dir))...)
}

// say tells the person who waits what is being done.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, "bench: "+format+"\n", args...)
}

func (b *bench) printf(format string, args ...any) { fmt.Fprintf(b.out, format, args...) }
