package recount

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// NormalForm is the folder as an export writes it: every file with all of its
// columns, instants at the installation's offset, numbers without ornament, and
// rows sorted by their keys in binary order. What is empty stays empty.
func NormalForm(f Folder) Folder {
	out := Folder{}
	for _, file := range Files() {
		out[file.Name] = []Row{}
		for _, row := range f[file.Name] {
			normal := Row{}
			for _, column := range file.Columns {
				normal[column] = normalCell(column, row[column])
			}
			out.add(file.Name, normal)
		}
		slices.SortFunc(out[file.Name], func(a, b Row) int { return compareKeys(file, a, b) })
	}
	return out
}

func compareKeys(file File, a, b Row) int {
	for _, column := range file.Key {
		if c := strings.Compare(a[column], b[column]); c != 0 {
			return c
		}
	}
	return 0
}

// normalCell is the one way of writing a cell; a cell that cannot be read is left as it is.
func normalCell(column, cell string) string {
	switch column {
	case "started_at", "ended_at":
		if at, err := time.Parse(time.RFC3339Nano, cell); err == nil {
			return at.In(Zone()).Format(time.RFC3339Nano)
		}
	case "break_minutes", "guests", "self_score", "position", "votes_for", "votes_against", "votes_abstained",
		"for", "against", "abstained", "stated_base", "roster", "official", "probationary", "expected", "present", "excused", "unexcused", "temporary":
		if n, err := strconv.Atoi(cell); err == nil {
			return strconv.Itoa(n)
		}
	case "late", "left_early", "remote", "spoke", "fees_reported":
		return strings.ToLower(cell)
	case "forms", "content_items", "directive_codes":
		parts := strings.Split(cell, ";")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		return strings.Join(parts, ";")
	}
	return cell
}

// Difference is one row in which two folders differ; Left or Right is nil where the row is missing.
type Difference struct {
	File        string
	Left, Right Row
}

// Differences compares two folders row by row in normal form, by the keys of the files.
func Differences(left, right Folder) []Difference {
	var found []Difference
	left, right = NormalForm(left), NormalForm(right)
	for _, file := range Files() {
		l, r := left[file.Name], right[file.Name]
		for len(l)+len(r) > 0 {
			d, order := Difference{File: file.Name}, 0
			switch {
			case len(r) == 0:
				order = -1
			case len(l) == 0:
				order = 1
			default:
				order = compareKeys(file, l[0], r[0])
			}
			if order <= 0 {
				d.Left, l = l[0], l[1:]
			}
			if order >= 0 {
				d.Right, r = r[0], r[1:]
			}
			if d.Left == nil || d.Right == nil || !sameRow(file, d.Left, d.Right) {
				found = append(found, d)
			}
		}
	}
	return found
}

func sameRow(file File, a, b Row) bool {
	return !slices.ContainsFunc(file.Columns, func(column string) bool { return a[column] != b[column] })
}
