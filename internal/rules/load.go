package rules

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"sochibo/internal/calendar"
	"sochibo/internal/member"
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

// CountingOn returns who counts on the day, by the rule set in force.
func CountingOn(day calendar.Date) (member.Table, error) {
	book, err := Embedded()
	if err != nil {
		return nil, err
	}
	return book.On(day).Standing, nil
}

// earliest is the first day that the calendar can write; the oldest set holds from there.
var earliest = calendar.MustDate(fmt.Sprintf("%d-01-01", calendar.FirstYear))

type file struct {
	ID             string         `yaml:"id"`
	Title          string         `yaml:"title"`
	From           string         `yaml:"from"`
	To             string         `yaml:"to"`
	Sources        []string       `yaml:"sources"`
	AttendanceBase string         `yaml:"attendance_base"`
	Obligations    []Obligation   `yaml:"obligations"`
	ContentItems   []string       `yaml:"content_items"`
	Minutes        Minutes        `yaml:"minutes"`
	Deadlines      Deadlines      `yaml:"deadlines"`
	Standing       member.Table   `yaml:"standing"`
	Adoption       []fileAdoption `yaml:"adoption"`
	Rubric         *fileRubric    `yaml:"rubric"`
}

type fileAdoption struct {
	Rule   string     `yaml:"rule"`
	Bounds fileBounds `yaml:",inline"`
}

// Load reads every *.yaml of a folder as one rule set each and returns them as a book. It refuses, naming file and place: unknown
// keys and words, dates that are none, sets that leave a gap or overlap, and rubrics that do.
func Load(fsys fs.FS) (*Book, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	book := &Book{files: map[string][]byte{}}
	var problems []error
	for _, name := range names {
		s, content, err := read(fsys, name)
		if err != nil {
			problems = append(problems, inFile(name, err))
			continue
		}
		book.sets = append(book.sets, s)
		book.files[s.ID] = content
	}
	slices.SortFunc(book.sets, func(a, b Set) int { return a.From.Compare(b.From) })
	problems = append(problems, joints(book.sets)...)
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("rule sets: %w", err)
	}
	return book, nil
}

// inFile names the file before each problem.
func inFile(name string, err error) error {
	var several interface{ Unwrap() []error }
	if !errors.As(err, &several) {
		return fmt.Errorf("%s: %w", name, err)
	}
	var named []error
	for _, one := range several.Unwrap() {
		named = append(named, fmt.Errorf("%s: %w", name, one))
	}
	return errors.Join(named...)
}

func read(fsys fs.FS, name string) (Set, []byte, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Set{}, nil, err
	}
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return Set{}, nil, err
	}
	var n notes
	s := f.set(&n)
	s.SHA256 = digest(data)
	return s, data, errors.Join(n.problems...)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (f file) set(n *notes) Set {
	s := Set{
		ID: f.ID, Title: f.Title, Sources: f.Sources, AttendanceBase: f.AttendanceBase, Obligations: f.Obligations,
		ContentItems: f.ContentItems, Minutes: f.Minutes, Deadlines: f.Deadlines, Standing: f.Standing, rubric: f.Rubric,
	}
	checkID(n, s.ID)
	s.dates(n, f.From, f.To)
	for i, o := range s.Obligations {
		o.check(n, fmt.Sprintf("obligations[%d]", i))
	}
	s.check(n)
	s.adoption(n, f.Adoption)
	if f.Rubric != nil {
		s.Rubric = f.Rubric.rubric(n)
	}
	return s
}

// checkID asks for an id that is safe in file names, addresses and statements.
func checkID(n *notes, id string) {
	n.check(id != "" && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-.") == "", "id", "%q is not made of small letters, digits, - and .", id)
}

func (s *Set) dates(n *notes, from, to string) {
	s.From = earliest
	if from != "" {
		day, err := calendar.ParseDate(from)
		if n.check(err == nil, "from", "%q is not a day", from) {
			s.From = day
		}
	}
	if to != "" {
		day, err := calendar.ParseDate(to)
		if n.check(err == nil, "to", "%q is not a day", to) {
			s.To = &day
			n.check(!day.Before(s.From), "to", "%s is before from %s", to, s.From)
		}
	}
}

// check looks at what every set of the country has to say.
func (s Set) check(n *notes) {
	word(n, "attendance_base", s.AttendanceBase, bases())
	n.check(s.Minutes.Single >= 0 && s.Minutes.Combined >= s.Minutes.Single, "minutes", "a combined sitting is no shorter than a single one")
	s.Deadlines.check(n)
	for _, name := range member.TableWords() {
		row, is := s.Standing[name]
		if n.check(is, "standing."+name, "is missing") {
			word(n, "standing."+name+".base", row.Base, member.Whens())
			word(n, "standing."+name+".vote", row.Vote, member.Whens())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Standing)) {
		word(n, "standing."+name, name, member.TableWords())
	}
}

// bases are the words for whom presence is asked of.
func bases() []string { return []string{"eligible", "roster", "eligible_minus_excused"} }

func (s *Set) adoption(n *notes, list []fileAdoption) {
	for i, f := range list {
		at := fmt.Sprintf("adoption[%d]", i)
		low, high := f.Bounds.bounds(n, at)
		word(n, at+".rule", f.Rule, []string{MoreThanHalf, TwoThirds})
		if n.check(low != nil && high == nil, at, "needs above or at_least, and nothing else") {
			n.check(low.N < low.D || low.N == low.D && !low.Above, at, "nobody has more than all votes")
			s.Adoption = append(s.Adoption, Adoption{f.Rule, *low})
		}
	}
	for _, rule := range []string{MoreThanHalf, TwoThirds} {
		count := 0
		for _, a := range s.Adoption {
			count += boolean(a.Rule == rule)
		}
		n.check(count == 1, "adoption", "the rule %s stands %d times", rule, count)
	}
}

func (o Obligation) check(n *notes, at string) {
	word(n, at+".body", o.Body, org.Bodies)
	for _, kind := range o.Kinds {
		word(n, at+".kinds", kind, org.Kinds())
	}
	word(n, at+".rhythm", o.Rhythm, []Rhythm{Monthly, Quarterly})
	word(n, at+".form", o.Form, []string{"", "thematic", "extraordinary"})
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
