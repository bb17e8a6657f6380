package exchange

import (
	"context"
	"fmt"
	"strings"
)

// noteFaults begins every statement that notes faults found by a query.
const noteFaults = "INSERT INTO stage_fault (file, line, place, code, given, stored) SELECT DISTINCT "

// remark notes a fault for every row s that the rest of the statement (FROM … WHERE …) yields. The rows are moved all the same, so that
// what hangs on them can be checked; the import ends with the fault.
func (s *staging) remark(ctx context.Context, f *file, place, code, given, stored, rest string) (int64, error) {
	sql := noteFaults + "'" + f.name + "', s.line, '" + place + "', '" + code + "', " + given + ", " + stored + " FROM " + rest
	n, err := exec(ctx, s.tx, sql)
	if err != nil {
		return 0, fmt.Errorf("check %s of %s: %w", code, f.name, err)
	}
	return n, nil
}

// note is remark for rows that cannot be moved.
func (s *staging) note(ctx context.Context, f *file, place, code, given, stored, rest string) error {
	n, err := s.remark(ctx, f, place, code, given, stored, rest)
	if err != nil || n == 0 {
		return err
	}
	_, err = exec(ctx, s.tx, "UPDATE stage_"+f.name+" SET state = 2 WHERE state <> 2 AND line IN (SELECT line FROM stage_fault WHERE file = ?)", f.name)
	return err
}

// none stands for an argument that a fault does not have.
const none = "CAST(NULL AS text)"

// fillKnown gathers the codes that may be referred to: those of the folder, and those of the store that the folder names.
func (s *staging) fillKnown(ctx context.Context) error {
	d := dialectOf(s.tx)
	for i := range s.files {
		f := &s.files[i]
		if !f.coded() {
			continue
		}
		known, table := "known_"+f.name, f.table
		if err := execAll(ctx, s.tx, "codes of "+f.name,
			"INSERT INTO "+known+" (code, id, usable, stored) SELECT s.code, s.id, s.state < 2, FALSE FROM stage_"+f.name+
				" s WHERE s.code IS NOT NULL ORDER BY s.line ON CONFLICT (code) DO NOTHING",
			"UPDATE "+known+" SET id = t.id, stored = TRUE FROM "+table+" t WHERE t.code = "+known+".code",
			"UPDATE "+known+" SET id = t.id, stored = TRUE FROM "+table+" t WHERE NOT "+known+".stored AND t.code IS NULL AND t.id = "+
				d.asID(known+".code"),
		); err != nil {
			return err
		}
	}
	return s.eachReference(ctx, s.fillReferred)
}

// eachReference visits every column that refers to another file.
func (s *staging) eachReference(ctx context.Context, visit func(ctx context.Context, stage, column, refers string) error) error {
	for i := range s.files {
		f := &s.files[i]
		for _, c := range f.columns {
			if c.refers == "" || c.kind == manyCodes {
				continue
			}
			if err := visit(ctx, "stage_"+f.name, c.name, c.refers); err != nil {
				return err
			}
		}
	}
	return visit(ctx, stageDirectives, "code", "directives")
}

func (s *staging) fillReferred(ctx context.Context, stage, column, refers string) error {
	d := dialectOf(s.tx)
	known, table := "known_"+refers, findFile(s.files, refers).table
	unknown := stage + " s WHERE s." + column + " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " + known + " k WHERE k.code = s." + column + ")"
	if left, err := some(ctx, s.tx, unknown); err != nil || !left {
		s.resolved[stage+"."+column] = !left
		return err
	}
	missing := "(SELECT DISTINCT s." + column + " AS code FROM " + unknown + ") m"
	insert := "INSERT INTO " + known + " (code, id, usable, stored) SELECT m.code, t.id, TRUE, TRUE FROM " + missing
	return execAll(ctx, s.tx, "references to "+refers,
		insert+" JOIN "+table+" t ON t.code = m.code",
		insert+" JOIN "+table+" t ON t.code IS NULL AND t.id = "+d.asID("m.code"),
	)
}

// analyzeKnown lets the planner count the codes.
func (s *staging) analyzeKnown(ctx context.Context) error {
	var tables []string
	for i := range s.files {
		if s.files[i].coded() {
			tables = append(tables, "known_"+s.files[i].name)
		}
	}
	return execAll(ctx, s.tx, "count codes", analyze(s.tx, tables...))
}

// checkReferences notes codes that nobody has, and sets rows aside that cannot be written because of a faulty row they refer to.
//
//fault:codes reference_unknown
func (s *staging) checkReferences(ctx context.Context, f *file) error {
	stage := "stage_" + f.name + " s"
	for _, c := range f.columns {
		if c.refers == "" {
			continue
		}
		if err := s.setAside(ctx, f, &c); err != nil {
			return err
		}
		if s.resolved["stage_"+f.name+"."+c.name] {
			continue
		}
		rest := stage + " WHERE s." + c.name + " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM known_" + c.refers + " k WHERE k.code = s." + c.name + ")"
		given := "s." + c.name
		if c.kind == manyCodes {
			given = "l.code"
			rest = stage + " JOIN " + stageDirectives + " l ON l.line = s.line WHERE NOT EXISTS (SELECT 1 FROM known_" + c.refers +
				" k WHERE k.code = l.code)"
		}
		if c.makes() {
			if err := s.note(ctx, f, c.place(), "reference_unknown", given, none, rest); err != nil {
				return err
			}
			continue
		}
		if _, err := s.remark(ctx, f, c.place(), "reference_unknown", given, none, rest); err != nil {
			return err
		}
	}
	return nil
}

// makes reports whether a row cannot be without what the column refers to.
func (c *column) makes() bool { return c.kind != manyCodes && (c.required || c.derived) }

// setAside keeps rows from being moved that refer to a row which is not moved itself.
func (s *staging) setAside(ctx context.Context, f *file, c *column) error {
	if !c.makes() {
		return nil
	}
	faulty := "known_" + c.refers + " WHERE NOT usable"
	if some, err := some(ctx, s.tx, faulty); err != nil || !some {
		return err
	}
	_, err := exec(ctx, s.tx, "UPDATE stage_"+f.name+" SET state = 2 WHERE state = 0 AND "+c.name+" IN (SELECT code FROM "+faulty+")")
	return err
}

// checkDuplicates notes the second and later rows of a key.
//
//fault:codes key_duplicate attendance_duplicate
func (s *staging) checkDuplicates(ctx context.Context, f *file) error {
	key := f.stagedKey()
	var given []string
	for i, name := range key {
		if f.column(f.key[i]).required {
			given = append(given, name+" IS NOT NULL")
		}
	}
	columns := strings.Join(key, ", ")
	place, twice := f.clash, f.twice
	if place == "" {
		place = f.key[0]
	}
	if twice == "" {
		twice = "key_duplicate"
	}
	rows := "(SELECT line, min(line) OVER (PARTITION BY " + columns + ") AS first FROM stage_" + f.name + " WHERE " + strings.Join(given, " AND ") + ") s"
	return s.note(ctx, f, place, twice, "CAST(s.first AS text)", none, rows+" WHERE s.line <> s.first")
}

// match writes the tables that join a staged row s with the row t of the store that has its key; references are joined as k0, k1, …
func (f *file) match() (tables string, storedOf func(c *column) (staged, stored string)) {
	var b strings.Builder
	b.WriteString("stage_" + f.name + " s")
	alias := make(map[string]string)
	for i := range f.columns {
		if c := &f.columns[i]; c.refers != "" && c.kind != manyCodes {
			alias[c.name] = fmt.Sprintf("k%d", i)
			fmt.Fprintf(&b, " LEFT JOIN known_%s k%d ON k%d.code = s.%s", c.refers, i, i, c.name)
		}
	}
	storedOf = func(c *column) (string, string) {
		switch {
		case alias[c.name] != "":
			return alias[c.name] + ".id", "t." + c.store
		case c.stored != "":
			return "s." + c.staged(), c.stored
		default:
			return "s." + c.staged(), "t." + c.in()
		}
	}
	if f.coded() {
		b.WriteString(" JOIN known_" + f.name + " own ON own.code = s.code AND own.stored JOIN " + f.table + " t ON t.id = own.id")
		return b.String(), storedOf
	}
	b.WriteString(" JOIN " + f.table + " t ON TRUE")
	for _, c := range f.matching() {
		staged, stored := storedOf(c)
		equal := " = "
		if !c.required && !c.since {
			equal = " IS NOT DISTINCT FROM "
		}
		b.WriteString(" AND " + stored + equal + staged)
	}
	if f.current != "" {
		b.WriteString(" AND " + f.current)
	}
	return b.String(), storedOf
}

// matching returns the columns that find a row of the same key in the store.
func (f *file) matching() []*column {
	var found []*column
	for _, name := range f.key {
		if c := f.column(name); !c.unstored {
			found = append(found, c)
		}
	}
	for i := range f.columns {
		if c := &f.columns[i]; c.derived && c.refers != "" {
			found = append(found, c)
		}
	}
	return found
}

// compare finds the rows that the store has already: equal ones are unchanged, others are faults that name both values.
//
//fault:codes row_differs
func (s *staging) compare(ctx context.Context, f *file) error {
	parent := f.key[0]
	known := "known_" + f.name
	if !f.coded() {
		known = "known_" + f.column(parent).refers
	}
	if stored, err := some(ctx, s.tx, known+" WHERE stored"); err != nil || !stored {
		return err
	}
	tables, storedOf := f.match()
	for i := range f.columns {
		c := &f.columns[i]
		if c.derived && c.refers == "" || c.name == "code" && f.coded() || isKey(f, c) {
			continue
		}
		mine, theirs := storedOf(c)
		given, stored := "CAST("+mine+" AS text)", "CAST("+theirs+" AS text)"
		if c.refers != "" && c.kind != manyCodes {
			given = "s." + c.name
			stored = "(SELECT " + canon(dialectOf(s.tx), "x") + " FROM " + findFile(s.files, c.refers).table + " x WHERE x.id = " + theirs + ")"
		}
		rest := tables + " WHERE s.state = 0 AND " + mine + " IS DISTINCT FROM " + theirs
		if err := s.note(ctx, f, c.place(), "row_differs", "coalesce("+given+", '')", "coalesce("+stored+", '')", rest); err != nil {
			return err
		}
	}
	_, err := exec(ctx, s.tx, "UPDATE stage_"+f.name+" SET state = 1 WHERE state = 0 AND line IN (SELECT s.line FROM "+tables+" WHERE s.state = 0)")
	return err
}

func isKey(f *file, c *column) bool {
	for _, m := range f.matching() {
		if m.name == c.name {
			return true
		}
	}
	return false
}

// canon is the text by which a row of a coded table is referred to: its code, or its id where it has none.
func canon(d dialect, alias string) string {
	return "coalesce(" + alias + ".code, " + d.binary("CAST("+alias+".id AS text)") + ")"
}
