package database

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteDialector teaches GORM the SQL of SQLite on the pure-Go driver. It has no migrator: the schema is SQL files.
type sqliteDialector struct {
	pool *sql.DB
}

// Name returns the engine's name.
func (d sqliteDialector) Name() string { return string(SQLite) }

// Initialize registers the statements SQLite knows, RETURNING among them.
func (d sqliteDialector) Initialize(db *gorm.DB) error {
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE", "RETURNING"},
	})
	db.ConnPool = d.pool
	db.ClauseBuilders["FOR"] = buildNothing
	db.ClauseBuilders["LIMIT"] = buildLimit
	return nil
}

// buildNothing leaves FOR UPDATE out: SQLite has one writer, and its transactions begin immediate.
func buildNothing(clause.Clause, clause.Builder) {}

// buildLimit writes the LIMIT that SQLite demands before an OFFSET.
func buildLimit(c clause.Clause, builder clause.Builder) {
	limit, ok := c.Expression.(clause.Limit)
	if !ok {
		return
	}
	if (limit.Limit == nil || *limit.Limit < 0) && limit.Offset > 0 {
		_, _ = builder.WriteString("LIMIT -1 ")
	}
	limit.Build(builder)
}

// Migrator returns nothing: the schema is SQL files.
func (d sqliteDialector) Migrator(*gorm.DB) gorm.Migrator { return nil }

// DataTypeOf returns the declared type, which only a migrator would need.
func (d sqliteDialector) DataTypeOf(field *schema.Field) string { return string(field.DataType) }

// DefaultValueOf returns what stands for a column's default in a list of values.
func (d sqliteDialector) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

// BindVarTo writes a placeholder.
func (d sqliteDialector) BindVarTo(writer clause.Writer, _ *gorm.Statement, _ any) {
	_ = writer.WriteByte('?')
}

// QuoteTo writes a name, or a dotted chain of names, in double quotes.
func (d sqliteDialector) QuoteTo(writer clause.Writer, name string) {
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			_ = writer.WriteByte('.')
		}
		_, _ = writer.WriteString(quote(strings.Trim(part, "\"`")))
	}
}

// quote makes an SQL identifier of a name.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Explain writes a statement for the log; the log gets no values.
func (d sqliteDialector) Explain(sql string, vars ...any) string {
	return logger.ExplainSQL(sql, nil, `'`, vars...)
}

// Translate names the constraint faults as GORM does for PostgreSQL.
//
// A foreign key that RESTRICTs is reported with the code of triggers, and so is a trigger of the schema that refuses a change; the
// text tells them apart.
func (d sqliteDialector) Translate(err error) error {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return err
	}
	var known error
	switch failed.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		known = gorm.ErrDuplicatedKey
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		known = gorm.ErrForeignKeyViolated
	case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		if strings.Contains(failed.Error(), "FOREIGN KEY constraint failed") {
			known = gorm.ErrForeignKeyViolated
		}
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		known = gorm.ErrCheckConstraintViolated
	}
	if known == nil || errors.Is(err, known) {
		return err
	}
	return fmt.Errorf("%w: %w", known, err)
}
