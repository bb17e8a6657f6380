package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "sochibo"

// source is one Go file of the module.
type source struct {
	path  string // from the root of the module, with slashes
	test  bool
	lines int
	files *token.FileSet
	tree  *ast.File
}

func parse(name string, content []byte) (*source, error) {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, name, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &source{
		path: name, test: strings.HasSuffix(name, "_test.go"), lines: strings.Count(string(content), "\n"), files: files, tree: tree,
	}, nil
}

// house is all that the rules look at.
type house struct {
	sources []*source
	excused map[exception]bool // exceptions that were needed
}

// room names the part of the house that a folder belongs to: fault, testkit/dbtest, cmd.
func room(folder string) string {
	if first, _, _ := strings.Cut(folder, "/"); first == "cmd" || first == "api" {
		return first
	}
	return strings.TrimPrefix(folder, "internal/")
}

func (s *source) room() string { return room(path.Dir(s.path)) }

func (s *source) base() string { return path.Base(s.path) }

// store reports whether the file is one of a slice's doors to the database.
func (s *source) store() bool { return strings.HasPrefix(s.base(), "store") }

// testkit reports whether the file serves tests alone.
func (s *source) testkit() bool { return s.test || strings.HasPrefix(s.room(), "testkit/") }

func (s *source) at(node ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.files.Position(node.Pos()).Line)
}

// imports returns the import specs by path.
func (s *source) imports() map[string]*ast.ImportSpec {
	found := map[string]*ast.ImportSpec{}
	for _, spec := range s.tree.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			found[name] = spec
		}
	}
	return found
}

// may reports whether an exception allows it, and remembers that it was needed.
func (h *house) may(rule, where string) bool {
	for _, e := range exceptions {
		if e.rule == rule && (e.where == where || strings.HasPrefix(where, e.where+"/")) {
			h.excused[e] = true
			return true
		}
	}
	return false
}

// packages groups the files by folder, in the order of the folders.
func (h *house) packages() (folders []string, files map[string][]*source) {
	files = map[string][]*source{}
	for _, s := range h.sources {
		folder := path.Dir(s.path)
		if files[folder] == nil {
			folders = append(folders, folder)
		}
		files[folder] = append(files[folder], s)
	}
	slices.Sort(folders)
	return folders, files
}

// root is the folder of go.mod above the package.
func root(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("there is no go.mod above the test")
		}
		folder = parent
	}
}

// load reads the Go files of the module. Folders of other modules, dot folders and testdata are none of it.
func load(t *testing.T) *house {
	t.Helper()
	top := root(t)
	h := &house{excused: map[exception]bool{}}
	err := filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return enter(top, name)
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		s, err := parse(filepath.ToSlash(relative), content)
		if err != nil {
			return err
		}
		h.sources = append(h.sources, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(h.sources) == 0 {
		t.Fatal("no source was found")
	}
	return h
}

func enter(top, name string) error {
	if name == top {
		return nil
	}
	base := filepath.Base(name)
	if strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

var createTable = regexp.MustCompile(`(?m)^CREATE TABLE (\w+) \(`)

// tables are those that the migrations make.
func tables(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root(t), "internal", "database", "migrations", "*", "*.sql"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	var found []string
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range createTable.FindAllSubmatch(content, -1) {
			found = append(found, string(match[1]))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// say writes down a violation.
func say(where, format string, args ...any) string {
	return where + ": " + fmt.Sprintf(format, args...)
}
