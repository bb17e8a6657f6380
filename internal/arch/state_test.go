package arch

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// checkState: a variable of a package is given its value once, where it is declared, and holds no lock, pool, map of locks or channel.
func checkState(h *house) []string {
	var found []string
	folders, files := h.packages()
	for _, folder := range folders {
		declared := map[string]bool{}
		for _, s := range files[folder] {
			if s.testkit() {
				continue
			}
			found = append(found, h.declarations(s, declared)...)
		}
		for _, s := range files[folder] {
			if !s.testkit() {
				found = append(found, h.assignments(s, declared)...)
			}
		}
	}
	return found
}

// declarations looks at the variables that a file declares for its package and notes their names.
func (h *house) declarations(s *source, declared map[string]bool) []string {
	var found []string
	for _, decl := range s.tree.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok || general.Tok != token.VAR {
			continue
		}
		for _, spec := range general.Specs {
			value := spec.(*ast.ValueSpec)
			for i, name := range value.Names {
				declared[name.Name] = true
				var first ast.Expr
				if i < len(value.Values) {
					first = value.Values[i]
				}
				why := changeable(value.Type, first)
				if name.Name == "_" || why == "" || embeds(general, value) || h.may("state", s.path+" "+name.Name) {
					continue
				}
				found = append(found, say(s.at(name), "%s %s", name.Name, why))
			}
		}
	}
	return found
}

// embeds reports whether the compiler fills the variable from a file.
func embeds(general *ast.GenDecl, value *ast.ValueSpec) bool {
	for _, group := range []*ast.CommentGroup{general.Doc, value.Doc} {
		if group == nil {
			continue
		}
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//go:embed ") {
				return true
			}
		}
	}
	return false
}

// changeable says why a variable is made to be changed, or nothing.
func changeable(kind, first ast.Expr) string {
	if first == nil {
		return "has no value where it is declared, so somebody sets it later"
	}
	for _, e := range []ast.Expr{kind, first} {
		if name := mutable(e); name != "" {
			return "holds a " + name + ", which is there to be changed"
		}
	}
	return ""
}

// mutable names a type or constructor, at the top of an expression, of something that changes.
func mutable(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.UnaryExpr:
		return mutable(x.X)
	case *ast.StarExpr:
		return mutable(x.X)
	case *ast.CompositeLit:
		return mutable(x.Type)
	case *ast.ChanType:
		return "channel"
	case *ast.CallExpr:
		if f, ok := x.Fun.(*ast.Ident); ok && (f.Name == "make" || f.Name == "new") {
			return f.Name
		}
		return mutable(x.Fun)
	case *ast.IndexExpr:
		return mutable(x.X)
	case *ast.SelectorExpr:
		from, ok := x.X.(*ast.Ident)
		if !ok {
			return ""
		}
		once := x.Sel.Name == "OnceValue" || x.Sel.Name == "OnceValues"
		if from.Name == "sync" && !once || from.Name == "atomic" || from.Name == "rand" {
			return from.Name + "." + x.Sel.Name
		}
	}
	return ""
}

// assignments finds where a variable of the package, or one that another package exports, is changed.
func (h *house) assignments(s *source, declared map[string]bool) []string {
	var found []string
	for _, decl := range s.tree.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		own := locals(f)
		ast.Inspect(f.Body, func(node ast.Node) bool {
			for _, target := range changed(node) {
				name, foreign := s.variable(target, own, declared)
				if name == "" || h.may("state", s.path+" "+name) {
					continue
				}
				if foreign {
					found = append(found, say(s.at(target), "%s is a variable of another package", name))
				} else {
					found = append(found, say(s.at(target), "%s is a variable of the package and may not be changed", name))
				}
			}
			return true
		})
	}
	return found
}

// changed returns what a statement or call gives another value.
func changed(node ast.Node) []ast.Expr {
	switch n := node.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.SendStmt:
		return []ast.Expr{n.Chan}
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.Ident)
		if ok && (f.Name == "delete" || f.Name == "clear" || f.Name == "copy") && len(n.Args) > 0 {
			return n.Args[:1]
		}
	}
	return nil
}

// variable names the variable of a package at the root of an expression: one of this package, or an exported one of another.
func (s *source) variable(e ast.Expr, own, declared map[string]bool) (name string, foreign bool) {
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.SelectorExpr:
			from, ok := x.X.(*ast.Ident)
			if ok && !own[from.Name] && !declared[from.Name] && s.importsAs(from.Name) {
				return from.Name + "." + x.Sel.Name, true
			}
			e = x.X
		case *ast.Ident:
			if declared[x.Name] && !own[x.Name] {
				return x.Name, false
			}
			return "", false
		default:
			return "", false
		}
	}
}

// importsAs reports whether the file imports a package under the name.
func (s *source) importsAs(name string) bool {
	for imported, spec := range s.imports() {
		if spec.Name != nil {
			if spec.Name.Name == name {
				return true
			}
			continue
		}
		parts := strings.Split(imported, "/")
		if slices.Contains(parts[max(0, len(parts)-2):], name) {
			return true
		}
	}
	return false
}

// locals returns the names that a function declares anywhere; they hide variables of the package.
func locals(f *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	note := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok {
			names[id.Name] = true
		}
	}
	ast.Inspect(f, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.Field:
			for _, name := range n.Names {
				note(name)
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, left := range n.Lhs {
					note(left)
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				note(n.Key)
				note(n.Value)
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				note(name)
			}
		}
		return true
	})
	return names
}
