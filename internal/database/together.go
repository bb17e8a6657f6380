package database

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Statement is one of some that are sent together.
type Statement struct {
	SQL  string // with a question mark for each value, and no other question mark
	Args []any
	Read func(rows Found) error // reads what it answers, and must not use the transaction; nil where it answers nothing
}

// Found are the rows that a statement answers.
type Found interface {
	Next() bool
	Scan(into ...any) error
}

// Together sends statements none of which needs what another answers: at once on PostgreSQL, where they share one way to the server and
// back, one after the other on SQLite. They run in their order, each sees what those before it wrote, and the first that fails ends it.
func Together(ctx context.Context, tx *Tx, statements ...Statement) error {
	if len(statements) == 0 {
		return nil
	}
	send := sendSQLite
	if tx.engine == Postgres {
		send = sendPostgres
	}
	begun := time.Now()
	err := translateWith(tx.gorm, send(ctx, tx, statements))
	tx.gorm.Logger.Trace(ctx, begun, func() (string, int64) {
		texts := make([]string, len(statements))
		for i, s := range statements {
			texts[i] = s.SQL
		}
		return strings.Join(texts, "; "), -1
	}, err)
	return err
}

// Places writes the question marks of n values, in brackets.
func Places(n int) string {
	return "(" + strings.TrimSuffix(strings.Repeat("?,", n), ",") + ")"
}

// sendPostgres speaks to the driver itself, since database/sql sends one statement at a time. What goes wrong and panics is carried out
// of database/sql, which would wait for the end of the very transaction that asks.
func sendPostgres(ctx context.Context, tx *Tx, statements []Statement) (err error) {
	batch := &pgx.Batch{}
	for _, s := range statements {
		batch.Queue(numbered(s.SQL), s.Args...)
	}
	var panicked any
	gone := tx.conn.Raw(func(c any) error {
		conn, ok := c.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("unexpected driver %T", c)
		}
		results := conn.Conn().SendBatch(ctx, batch)
		defer func() {
			panicked = recover()
			err = cmp.Or(err, results.Close())
		}()
		for i := 0; i < len(statements) && err == nil; i++ {
			err = statements[i].receive(results)
		}
		return nil
	})
	if panicked != nil {
		panic(panicked) //nolint:forbidigo // it was caught on the way out of database/sql alone
	}
	return cmp.Or(gone, err)
}

func (s Statement) receive(results pgx.BatchResults) error {
	if s.Read == nil {
		_, err := results.Exec()
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := s.Read(rows); err != nil {
		return err
	}
	rows.Close() // what comes after the last row may be a failure
	return rows.Err()
}

func sendSQLite(ctx context.Context, tx *Tx, statements []Statement) error {
	for _, s := range statements {
		if err := s.send(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (s Statement) send(ctx context.Context, tx *Tx) (err error) {
	if s.Read == nil {
		_, err := tx.sql.ExecContext(ctx, s.SQL, s.Args...)
		return err
	}
	rows, err := tx.sql.QueryContext(ctx, s.SQL, s.Args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if err := s.Read(rows); err != nil {
		return err
	}
	return rows.Err()
}

// numbered writes $1, $2 and so on for the question marks.
func numbered(query string) string {
	var out strings.Builder
	out.Grow(len(query) + 3*strings.Count(query, "?"))
	n := 0
	for {
		before, after, found := strings.Cut(query, "?")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		n++
		out.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}
