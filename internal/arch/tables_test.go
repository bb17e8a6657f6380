package arch

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	// verb is how a statement or a part of one begins; SQL is written with capital keywords.
	verb = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE|TABLE|TRUNCATE|REFERENCES)\s+(?:ONLY\s+)?("?[a-z_]+"?(?:\s+(?:AS\s+)?[a-z]\w*)?(?:\s*,\s*"?[a-z_]+"?(?:\s+(?:AS\s+)?[a-z]\w*)?)*)`)
	// careless is SQL in small letters.
	careless = regexp.MustCompile(`(?is)^\s*(?:select\s.*\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+(?:recursive\s+)?\w+.*\sas\s*\()`)
)

// byTable are the functions that take a table's name as a text.
var byTable = []string{"Table", "InsertAll"}

// checkTables: a table is named by the store files of its owner alone. A model may name its own table.
func checkTables(h *house) []string {
	var found []string
	for _, s := range h.sources {
		if s.testkit() || s.room() == "bench" {
			continue
		}
		own := modelNames(s)
		ast.Inspect(s.tree, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.Field:
				return n.Tag == nil
			case *ast.ImportSpec:
				return false
			case *ast.CallExpr:
				for _, name := range named(n) {
					found = append(found, h.judge(s, n, name, false)...)
				}
			case *ast.BasicLit:
				text, err := strconv.Unquote(n.Value)
				if n.Kind != token.STRING || err != nil {
					return true
				}
				for _, name := range mentioned(text) {
					found = append(found, h.judge(s, n, name, false)...)
				}
				if own[n] {
					found = append(found, h.judge(s, n, text, true)...)
				}
			}
			return true
		})
	}
	return found
}

// judge says whether the file may name the table.
func (h *house) judge(s *source, node ast.Node, table string, model bool) []string {
	owner, known := owners[table]
	switch {
	case !known:
		return nil
	case owner == s.room() && (model || s.store() || s.room() == "database"):
		return nil
	case owner == s.room():
		return []string{say(s.at(node), "the table %s is named outside store*.go", table)}
	case model:
		return []string{say(s.at(node), "the table %s belongs to %s and has its model there", table, owner)}
	case s.store() && (slices.Contains(readsAll, s.room()) || h.may("tables", s.room()+" "+table)):
		return nil
	default:
		return []string{say(s.at(node), "the table %s belongs to %s: ask that room", table, owner)}
	}
}

// mentioned returns the words of an SQL text that stand where a table's name does.
func mentioned(text string) []string {
	if careless.MatchString(text) {
		text = regexp.MustCompile(`(?i)\b(from|join|into|update|table)\b`).ReplaceAllStringFunc(text, strings.ToUpper)
	}
	var names []string
	for _, match := range verb.FindAllStringSubmatch(text, -1) {
		for _, part := range strings.Split(match[1], ",") {
			names = append(names, strings.Trim(strings.Fields(part)[0], `"`))
		}
	}
	return names
}

// named returns the tables that a call names in a text of their own.
func named(call *ast.CallExpr) []string {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(byTable, selector.Sel.Name) {
		return nil
	}
	var names []string
	for _, arg := range call.Args {
		if literal, ok := arg.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil && text != "" {
				names = append(names, strings.Fields(text)[0])
			}
		}
	}
	return names
}

// modelNames returns the texts that the TableName methods of a file return.
func modelNames(s *source) map[*ast.BasicLit]bool {
	texts := map[*ast.BasicLit]bool{}
	for _, decl := range s.tree.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Name.Name != "TableName" || f.Body == nil {
			continue
		}
		ast.Inspect(f.Body, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok {
				texts[literal] = true
			}
			return true
		})
	}
	return texts
}
