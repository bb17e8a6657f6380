package rules

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

//go:embed sets/*.yaml
var embedded embed.FS

// Embedded returns the rule sets that come with the program. They are validated when they are first asked for; the
// tests keep a set that is not valid from being released.
var Embedded = sync.OnceValues(func() (*Book, error) {
	sub, err := fs.Sub(embedded, "sets")
	if err != nil {
		return nil, err
	}
	return Load(sub)
})

// earliest is the first day that the calendar can write; the oldest set holds from there.
var earliest = calendar.MustDate(fmt.Sprintf("%d-01-01", calendar.FirstYear))

type file struct {
	ID             string       `yaml:"id"`
	Title          string       `yaml:"title"`
	From           string       `yaml:"from"`
	To             string       `yaml:"to"`
	Sources        []string     `yaml:"sources"`
	AttendanceBase string       `yaml:"attendance_base"`
	Obligations    []Obligation `yaml:"obligations"`
	ContentItems   []string     `yaml:"content_items"`
	Deadlines      Deadlines    `yaml:"deadlines"`
}

// Load reads every *.yaml of a folder as one rule set each and returns them as a book. It refuses, naming the file:
// unknown keys and words, dates that are none, and sets that leave a gap or overlap.
func Load(fsys fs.FS) (*Book, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	var sets []Set
	var problems []error
	for _, name := range names {
		s, err := read(fsys, name)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
			continue
		}
		sets = append(sets, s)
	}
	slices.SortFunc(sets, func(a, b Set) int { return a.From.Compare(b.From) })
	problems = append(problems, joints(sets)...)
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("rule sets: %w", err)
	}
	return &Book{sets: sets}, nil
}

func read(fsys fs.FS, name string) (Set, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Set{}, err
	}
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return Set{}, err
	}
	s := Set{ID: f.ID, Title: f.Title, From: earliest, Sources: f.Sources, AttendanceBase: f.AttendanceBase, Obligations: f.Obligations, ContentItems: f.ContentItems, Deadlines: f.Deadlines}
	if f.From != "" {
		if s.From, err = calendar.ParseDate(f.From); err != nil {
			return Set{}, fmt.Errorf("from: %q is not a day", f.From)
		}
	}
	if f.To != "" {
		to, err := calendar.ParseDate(f.To)
		if err != nil {
			return Set{}, fmt.Errorf("to: %q is not a day", f.To)
		}
		s.To = &to
	}
	return s, s.check()
}

// check collects what is wrong within one set.
func (s Set) check() error {
	var problems []error
	if s.ID == "" {
		problems = append(problems, errors.New("id is missing"))
	}
	if s.To != nil && s.To.Before(s.From) {
		problems = append(problems, fmt.Errorf("to %s is before from %s", s.To, s.From))
	}
	if !slices.Contains([]string{"eligible", "roster", "eligible_minus_excused"}, s.AttendanceBase) {
		problems = append(problems, fmt.Errorf("attendance_base: unknown word %q", s.AttendanceBase))
	}
	for i, o := range s.Obligations {
		problems = append(problems, o.check(i)...)
	}
	problems = append(problems, s.Deadlines.check()...)
	return errors.Join(problems...)
}

func (o Obligation) check(index int) []error {
	var problems []error
	if !slices.Contains(org.Bodies, o.Body) {
		problems = append(problems, fmt.Errorf("obligations[%d].body: unknown word %q", index, o.Body))
	}
	for _, kind := range o.Kinds {
		if !slices.Contains(org.Kinds(), kind) {
			problems = append(problems, fmt.Errorf("obligations[%d].kinds: unknown word %q", index, kind))
		}
	}
	if o.Rhythm != Monthly && o.Rhythm != Quarterly {
		problems = append(problems, fmt.Errorf("obligations[%d].rhythm: unknown word %q", index, o.Rhythm))
	}
	if !slices.Contains([]string{"", "thematic", "extraordinary"}, o.Form) {
		problems = append(problems, fmt.Errorf("obligations[%d].form: unknown word %q", index, o.Form))
	}
	return problems
}

// joints reports where one set does not end on the day before the next begins.
func joints(sets []Set) []error {
	if len(sets) == 0 {
		return []error{errors.New("there is none")}
	}
	var problems []error
	if sets[0].From != earliest {
		problems = append(problems, fmt.Errorf("%s: no set is in force before %s", sets[0].ID, sets[0].From))
	}
	for i, s := range sets {
		last := i == len(sets)-1
		switch {
		case last && s.To != nil:
			problems = append(problems, fmt.Errorf("%s: no set is in force after %s", s.ID, s.To))
		case !last && (s.To == nil || !s.To.Before(sets[i+1].From)):
			problems = append(problems, fmt.Errorf("%s and %s overlap on %s", s.ID, sets[i+1].ID, sets[i+1].From))
		case !last && s.To.Add(1) != sets[i+1].From:
			problems = append(problems, fmt.Errorf("no set is in force from %s to %s", s.To.Add(1), sets[i+1].From.Add(-1)))
		}
	}
	return problems
}
