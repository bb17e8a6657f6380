package arch

import (
	"go/ast"
	"path"
	"slices"
	"strings"
)

// rule looks at the house and names what breaks it, with the place.
type rule struct {
	name  string
	check func(*house) []string
}

var rules = []rule{
	{"imports", checkImports},
	{"gin", checkGin},
	{"gorm", checkGorm},
	{"tables", checkTables},
	{"state", checkState},
	{"init", checkInit},
	{"names", checkNames},
	{"doc", checkDoc},
	{"size", checkSize},
}

// checkImports: a room imports only what stands to its left.
func checkImports(h *house) []string {
	var found []string
	for _, s := range h.sources {
		for name, spec := range s.imports() {
			if !strings.HasPrefix(name, module+"/") {
				continue
			}
			if why := forbidden(s, room(strings.TrimPrefix(name, module+"/"))); why != "" {
				found = append(found, say(s.at(spec), "%s", why))
			}
		}
	}
	return found
}

// forbidden says why the file may not import the room, or nothing when it may.
func forbidden(s *source, target string) string {
	from := s.room()
	allowed, aside := besides[from]
	switch {
	case target == from, slices.Contains(allowed, target):
		return ""
	case target == "bench":
		return "the benchmarks are part of no program"
	case from == "testkit/recount":
		return "recount imports nothing of the project, so that it shares no fault with it"
	case strings.HasPrefix(target, "testkit/"):
		if s.testkit() || from == "bench" {
			return ""
		}
		return "the test kit is for tests alone"
	case s.test, slices.Contains(wiring, from):
		return ""
	case strings.HasPrefix(from, "testkit/") && (target == "api" || !slices.Contains(wiringOnly, target)):
		return ""
	case aside:
		return from + " may not import " + target
	case slices.Contains(wiringOnly, target):
		return target + " is imported by app and cmd alone"
	}
	left, right := slices.Index(order, target), slices.Index(order, from)
	switch {
	case right < 0:
		return "the room " + from + " has no place in the plan"
	case left < 0:
		return "no room in the line may import " + target
	case left < right:
		return ""
	case slices.Contains(leaves, from) && !slices.Contains(leaves, target):
		return from + " is a leaf room and may not know the slice " + target
	default:
		return from + " may not import " + target + ", which stands to its right"
	}
}

// checkGin: HTTP stays in http*.go, httpapi and app.
func checkGin(h *house) []string {
	return checkLibrary(h, "gin", "github.com/gin-gonic/", func(s *source) bool {
		return s.test || strings.HasPrefix(s.base(), "http") || s.room() == "httpapi" || s.room() == "app"
	})
}

// checkGorm: the ORM stays in store*.go and database.
func checkGorm(h *house) []string {
	return checkLibrary(h, "gorm", "gorm.io/", func(s *source) bool {
		return s.store() || s.room() == "database"
	})
}

func checkLibrary(h *house, name, prefix string, home func(*source) bool) []string {
	var found []string
	for _, s := range h.sources {
		for imported, spec := range s.imports() {
			if strings.HasPrefix(imported, prefix) && !home(s) && !h.may(name, s.path) {
				found = append(found, say(s.at(spec), "%s does not belong in this file", imported))
			}
		}
	}
	return found
}

// checkInit: nothing runs before main.
func checkInit(h *house) []string {
	var found []string
	for _, s := range h.sources {
		for _, decl := range s.tree.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == "init" && !h.may("init", s.path) {
				found = append(found, say(s.at(f), "init runs before anybody asked for it"))
			}
		}
	}
	return found
}

// checkNames: a room is called by what it holds.
func checkNames(h *house) []string {
	var found []string
	for _, s := range h.sources {
		name := strings.TrimSuffix(s.tree.Name.Name, "_test")
		if slices.Contains(banned, name) || slices.Contains(banned, path.Base(path.Dir(s.path))) {
			found = append(found, say(s.path, "a package %s says nothing about what it holds", name))
		}
	}
	return found
}

// checkDoc: every package says in doc.go, a command perhaps in main.go, what it owns, what is always true in it, and what it may call.
func checkDoc(h *house) []string {
	var found []string
	folders, files := h.packages()
	for _, folder := range folders {
		wanted := []string{"doc.go"}
		shipped := slices.DeleteFunc(slices.Clone(files[folder]), func(s *source) bool { return s.test })
		if len(shipped) == 0 {
			found = append(found, say(folder, "there are tests but no package"))
			continue
		}
		if shipped[0].tree.Name.Name == "main" {
			wanted = append(wanted, "main.go")
		}
		told := slices.ContainsFunc(shipped, func(s *source) bool { return slices.Contains(wanted, s.base()) && s.tree.Doc != nil })
		if !told {
			found = append(found, say(folder, "%s with a package comment is missing", strings.Join(wanted, " or ")))
		}
	}
	return found
}

// checkSize: what is too long does too much.
func checkSize(h *house) []string {
	var found []string
	for _, s := range h.sources {
		if !s.test && s.lines > maxFileLines {
			found = append(found, say(s.path, "%d lines, at most %d", s.lines, maxFileLines))
		}
		for _, decl := range s.tree.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil || s.test {
				continue
			}
			if n := s.files.Position(f.End()).Line - s.files.Position(f.Pos()).Line + 1; n > maxFuncLines {
				found = append(found, say(s.at(f), "%s has %d lines, at most %d", f.Name.Name, n, maxFuncLines))
			}
		}
	}
	return found
}
