package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// copyPostgres takes every row out of one database, and puts it into the same tables of another with COPY, in one transaction. The
// time is that of the second half.
func (b *bench) copyPostgres(ctx context.Context, from, into string) (rows int64, took time.Duration, err error) {
	dir, err := os.MkdirTemp(b.dir, "copy-")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := within(ctx, from, func(conn *pgx.Conn) error { return copyOut(ctx, conn, dir) }); err != nil {
		return 0, 0, err
	}
	err = within(ctx, into, func(conn *pgx.Conn) error {
		begin := time.Now()
		rows, err = copyIn(ctx, conn, dir)
		took = time.Since(begin)
		return err
	})
	return rows, took, err
}

func within(ctx context.Context, address string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(do(conn), conn.Close(context.WithoutCancel(ctx)))
}

func copyOut(ctx context.Context, conn *pgx.Conn, dir string) error {
	for _, table := range written {
		file, err := os.Create(filepath.Join(dir, table))
		if err != nil {
			return err
		}
		_, err = conn.PgConn().CopyTo(ctx, file, "COPY "+table+" TO STDOUT (FORMAT binary)")
		if err := errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("copy %s: %w", table, err)
		}
	}
	return nil
}

func copyIn(ctx context.Context, conn *pgx.Conn, dir string) (rows int64, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, table := range written {
			file, err := os.Open(filepath.Join(dir, table))
			if err != nil {
				return err
			}
			tag, err := tx.Conn().PgConn().CopyFrom(ctx, file, "COPY "+table+" FROM STDIN (FORMAT binary)")
			if err := errors.Join(err, file.Close()); err != nil {
				return fmt.Errorf("copy %s: %w", table, err)
			}
			rows += tag.RowsAffected()
		}
		return nil
	})
	return rows, err
}
