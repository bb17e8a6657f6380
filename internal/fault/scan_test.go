package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sinks are the calls that take a code, with the position of that argument. Functions that hand their own parameter on to a sink
// become sinks as well.
func sinks() map[string]int {
	return map[string]int{"New": 1, "Err": 1, "Check": 2, "Param": 2, "At": 1}
}

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// scan is what reading the module's source has found.
type scan struct {
	fset      *token.FileSet
	files     map[string][]*ast.File // by folder
	constants map[string]map[string]string
	sinks     map[string]int
	codes     map[string]token.Position
	unknown   []string
}

// scanModule reads every Go file below root that is no test and collects the fault codes.
func scanModule(tb testing.TB, root string) *scan {
	tb.Helper()
	s := &scan{
		fset: token.NewFileSet(), files: map[string][]*ast.File{},
		constants: map[string]map[string]string{}, sinks: sinks(),
	}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(s.fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s.addFile(filepath.Dir(path), file)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	for known := -1; known != len(s.sinks); {
		known = len(s.sinks)
		s.collect()
	}
	return s
}

func (s *scan) addFile(dir string, file *ast.File) {
	s.files[dir] = append(s.files[dir], file)
	if s.constants[dir] == nil {
		s.constants[dir] = map[string]string{}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if ok && len(spec.Names) == len(spec.Values) {
			for i, name := range spec.Names {
				if text, ok := literal(spec.Values[i]); ok {
					s.constants[dir][name.Name] = text
				}
			}
		}
		return true
	})
}

// collect walks all functions once; it is repeated until it finds no further sink.
func (s *scan) collect() {
	s.codes, s.unknown = map[string]token.Position{}, nil
	for dir, files := range s.files {
		for _, file := range files {
			directives := s.directives(file)
			for _, decl := range file.Decls {
				function, _ := decl.(*ast.FuncDecl)
				if at, ok := takesCode(function); ok {
					s.addSink(dir, function.Name.Name, at)
				}
				s.walk(dir, function, decl, directives)
			}
		}
	}
}

func (s *scan) directives(file *ast.File) bool {
	found := false
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if list, ok := strings.CutPrefix(comment.Text, "//fault:codes "); ok {
				found = true
				for code := range strings.FieldsSeq(list) {
					s.codes[code] = s.fset.Position(comment.Pos())
				}
			}
		}
	}
	return found
}

func (s *scan) walk(dir string, function *ast.FuncDecl, node ast.Node, directives bool) {
	ast.Inspect(node, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CallExpr:
			if at, ok := s.sink(dir, callee(node)); ok && at < len(node.Args) && s.isFault(node) {
				s.resolve(dir, function, node.Args[at], directives)
			}
		case *ast.CompositeLit:
			if !slices.Contains([]string{"Field", "Fault"}, typeName(node.Type)) {
				return true
			}
			for _, element := range node.Elts {
				pair, ok := element.(*ast.KeyValueExpr)
				if key, isIdent := pairKey(pair, ok); isIdent && key == "Code" {
					s.resolve(dir, function, pair.Value, directives)
				}
			}
		}
		return true
	})
}

// sink returns which argument of a call is a code. Names that a package keeps to itself mean nothing in another.
func (s *scan) sink(dir, name string) (int, bool) {
	if at, ok := s.sinks[name]; ok {
		return at, true
	}
	at, ok := s.sinks[dir+"."+name]
	return at, ok
}

func (s *scan) addSink(dir, name string, at int) {
	if !ast.IsExported(name) {
		name = dir + "." + name
	}
	if _, known := s.sinks[name]; !known {
		s.sinks[name] = at
	}
}

// isFault tells fault.New from the New of other packages.
func (s *scan) isFault(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if callee(call) != "New" {
		return true
	}
	if !ok {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && pkg.Name == "fault"
}

// resolve finds the codes an expression can stand for.
func (s *scan) resolve(dir string, function *ast.FuncDecl, expr ast.Expr, directives bool) {
	where := s.fset.Position(expr.Pos())
	if text, ok := literal(expr); ok {
		if codePattern.MatchString(text) {
			s.codes[text] = where
		}
		return
	}
	name := ""
	if ident, ok := expr.(*ast.Ident); ok {
		name = ident.Name
	}
	local := assigned(function, name)
	text, constant := s.constants[dir][name]
	at, parameter, isText := parameterIndex(function, name)
	switch {
	case parameter && !isText, codeOfAnother(expr):
	case len(local) > 0:
		for _, text := range local {
			s.codes[text] = where
		}
	case parameter:
		s.addSink(dir, function.Name.Name, at)
	case constant:
		s.codes[text] = where
	case filepath.Base(dir) != "fault" && !directives:
		s.unknown = append(s.unknown, where.String())
	}
}

// assigned returns the literals a local variable is given in a function.
func assigned(function *ast.FuncDecl, name string) []string {
	var found []string
	if function == nil || name == "" {
		return nil
	}
	ast.Inspect(function, func(node ast.Node) bool {
		assign, ok := node.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != len(assign.Rhs) {
			return true
		}
		for i, left := range assign.Lhs {
			if ident, ok := left.(*ast.Ident); ok && ident.Name == name {
				if text, ok := literal(assign.Rhs[i]); ok && codePattern.MatchString(text) {
					found = append(found, text)
				}
			}
		}
		return true
	})
	return found
}

// codeOfAnother reports x.Code: whoever filled x has named the code.
func codeOfAnother(expr ast.Expr) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	return ok && strings.EqualFold(selector.Sel.Name, "code")
}

func parameterIndex(function *ast.FuncDecl, name string) (at int, found, isText bool) {
	if function == nil || name == "" {
		return 0, false, false
	}
	for _, field := range function.Type.Params.List {
		for _, parameter := range field.Names {
			if parameter.Name == name {
				return at, true, typeName(field.Type) == "string"
			}
			at++
		}
	}
	return 0, false, false
}

// takesCode reports a function that is given a code with its arguments, wherever it keeps them.
func takesCode(function *ast.FuncDecl) (int, bool) {
	at, found, isText := parameterIndex(function, "code")
	if !found || !isText {
		return 0, false
	}
	for _, field := range function.Type.Params.List {
		kind := field.Type
		if variadic, ok := kind.(*ast.Ellipsis); ok {
			kind = variadic.Elt
		}
		if typeName(kind) == "Args" {
			return at, true
		}
	}
	return 0, false
}

func literal(expr ast.Expr) (string, bool) {
	lit, ok := expr.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func callee(call *ast.CallExpr) string {
	fun := call.Fun
	if index, ok := fun.(*ast.IndexExpr); ok {
		fun = index.X
	}
	return typeName(fun)
}

func typeName(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		return expr.Name
	case *ast.SelectorExpr:
		return expr.Sel.Name
	default:
		return ""
	}
}

func pairKey(pair *ast.KeyValueExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	ident, ok := pair.Key.(*ast.Ident)
	if !ok {
		return "", false
	}
	return ident.Name, true
}

// sorted returns the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
