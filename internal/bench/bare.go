package main

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"sochibo/internal/database"
)

// bare is a store without the program: pgx itself on PostgreSQL, database/sql on SQLite.
type bare interface {
	// transact runs do in one transaction, with the isolation that the program asks for.
	transact(ctx context.Context, readOnly bool, do func(sender) error) error
	close() error
}

// sender sends one statement, with a question mark for each parameter. ask reads all rows there are, and returns the first cell.
type sender interface {
	tell(ctx context.Context, sql string, args ...any) error
	ask(ctx context.Context, sql string, args ...any) (first any, err error)
}

func openBare(ctx context.Context, engine database.Engine, address string) (bare, error) {
	if engine == database.Postgres {
		pool, err := pgxpool.New(ctx, address)
		return barePostgres{pool}, err
	}
	read, err := bareSQLite(address, true)
	if err != nil {
		return nil, err
	}
	write, err := bareSQLite(address, false)
	return bareFile{read: read, write: write}, err
}

type barePostgres struct{ pool *pgxpool.Pool }

func (b barePostgres) transact(ctx context.Context, readOnly bool, do func(sender) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.ReadCommitted}
	if readOnly {
		options = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	}
	return pgx.BeginTxFunc(ctx, b.pool, options, func(tx pgx.Tx) error { return do(postgresSender{tx}) })
}

func (b barePostgres) close() error {
	b.pool.Close()
	return nil
}

type postgresSender struct{ tx pgx.Tx }

func (s postgresSender) tell(ctx context.Context, query string, args ...any) error {
	_, err := s.tx.Exec(ctx, numbered(query), args...)
	return err
}

func (s postgresSender) ask(ctx context.Context, query string, args ...any) (first any, err error) {
	rows, err := s.tx.Query(ctx, numbered(query), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = values[0]
		}
	}
	return first, rows.Err()
}

// numbered writes $1, $2 for the question marks.
func numbered(query string) string {
	var out strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			out.WriteString("$" + strconv.Itoa(n))
		}
		n++
		out.WriteString(part)
	}
	return out.String()
}

// bareFile has one connection for reading and one for writing, as the program has.
type bareFile struct{ read, write *sql.DB }

func (b bareFile) transact(ctx context.Context, readOnly bool, do func(sender) error) error {
	pool := b.write
	if readOnly {
		pool = b.read
	}
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: readOnly})
	if err != nil {
		return err
	}
	if err := do(fileSender{tx}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (b bareFile) close() error { return errors.Join(b.read.Close(), b.write.Close()) }

type fileSender struct{ tx *sql.Tx }

func (s fileSender) tell(ctx context.Context, query string, args ...any) error {
	_, err := s.tx.ExecContext(ctx, query, args...)
	return err
}

func (s fileSender) ask(ctx context.Context, query string, args ...any) (first any, err error) {
	rows, err := s.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		if first == nil {
			first = values[0]
		}
	}
	return first, rows.Err()
}
