package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// localFile is a set that holds for a part of the tree. It may replace what is said here and nothing else: what is due, and who
// counts, is the same everywhere.
type localFile struct {
	ID             string      `yaml:"id"`
	Title          string      `yaml:"title"`
	Parent         string      `yaml:"parent"`
	Organization   string      `yaml:"organization"`
	From           string      `yaml:"from"`
	To             string      `yaml:"to"`
	Sources        []string    `yaml:"sources"`
	AttendanceBase string      `yaml:"attendance_base"`
	Rubric         *fileRubric `yaml:"rubric"`
}

// Books returns the sets that come with the program together with the local ones of a folder; an empty name is no folder.
func Books(dir string) (*Book, error) {
	book, err := Embedded()
	if err != nil || dir == "" {
		return book, err
	}
	return book.With(os.DirFS(dir))
}

// With returns the book with the local sets of a folder, one in each *.yaml. It refuses, naming file and place, what Load refuses,
// and: parents that there are not, days on which the parent is not in force, two sets of one organisation on one day.
func (b *Book) With(fsys fs.FS) (*Book, error) {
	if _, err := fs.ReadDir(fsys, "."); err != nil {
		return nil, fmt.Errorf("local rule sets: %w", err)
	}
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	whole := &Book{sets: b.sets, files: maps.Clone(b.files)}
	var problems []error
	for _, name := range names {
		s, content, err := whole.local(fsys, name)
		if err != nil {
			problems = append(problems, inFile(name, err))
			continue
		}
		whole.locals = append(whole.locals, s)
		whole.files[s.ID] = content
	}
	problems = append(problems, whole.clashes()...)
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("local rule sets: %w", err)
	}
	return whole, nil
}

func (b *Book) local(fsys fs.FS, name string) (Set, []byte, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Set{}, nil, err
	}
	var f localFile
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return Set{}, nil, err
	}
	var n notes
	n.check(f.ID == strings.TrimSuffix(name, ".yaml"), "id", "%q is not the name of the file", f.ID)
	checkID(&n, f.ID)
	_, taken := b.files[f.ID]
	n.check(!taken, "id", "there is a set %q already", f.ID)
	n.check(f.Title != "", "title", "is missing")
	n.check(f.Organization != "", "organization", "is missing: the code of the organisation that it holds for")
	n.check(f.From != "", "from", "is missing")
	parent, known := b.Find(f.Parent)
	if !n.check(known && parent.Parent == "", "parent", "there is no set %q that comes with the program", f.Parent) {
		return Set{}, nil, errors.Join(n.problems...)
	}
	s := f.below(&n, parent)
	s.SHA256 = digest(data)
	return s, data, errors.Join(n.problems...)
}

// below returns the set with everything of the parent that the file does not replace.
func (f localFile) below(n *notes, parent Set) Set {
	s := parent
	s.ID, s.Title, s.Parent, s.Organization, s.Sources, s.To = f.ID, f.Title, parent.ID, f.Organization, f.Sources, nil
	s.dates(n, f.From, f.To)
	if f.To == "" {
		s.To = parent.To
	}
	inside := !s.From.Before(parent.From) && (parent.To == nil || s.To != nil && !parent.To.Before(*s.To))
	n.check(inside, "from", "%s is in force from %s, and this set %s", parent.ID, parent.Span(), s.Span())
	if f.AttendanceBase != "" {
		s.AttendanceBase = f.AttendanceBase
		word(n, "attendance_base", s.AttendanceBase, bases())
	}
	if f.Rubric == nil {
		return s
	}
	var whole fileRubric
	if parent.rubric != nil {
		whole = *parent.rubric
	}
	whole = f.Rubric.over(whole)
	s.rubric, s.Rubric = &whole, whole.rubric(n)
	return s
}

// clashes reports two sets of one organisation on one day.
func (b *Book) clashes() []error {
	var problems []error
	for i, s := range b.locals {
		for _, o := range b.locals[:i] {
			if s.Organization == o.Organization && s.Span().Overlaps(o.Span()) {
				problems = append(problems, fmt.Errorf("%s.yaml: from: %s holds for organisation %s at the same time", s.ID, o.ID, s.Organization))
			}
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return problems
}
