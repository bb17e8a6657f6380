package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// cellsOf reads the cells of a made folder with what their submissions need.
func cellsOf(ctx context.Context, store bare, folder shape) ([]cell, error) {
	var cells []cell
	err := store.transact(ctx, true, func(s sender) error {
		for n := range folder.cells {
			c, err := cellOf(ctx, s, cellCode(n))
			if err != nil {
				return err
			}
			cells = append(cells, c)
		}
		return nil
	})
	return cells, err
}

func cellOf(ctx context.Context, s sender, code string) (cell, error) {
	text := func(query, arg string) string {
		first, err := s.ask(ctx, query, arg)
		if err != nil || first == nil {
			return ""
		}
		return fmt.Sprint(first)
	}
	var c cell
	c.id = text(`SELECT CAST(id AS text) FROM organization WHERE code = ?`, code)
	c.members = strings.Split(text(`SELECT string_agg(CAST(member_id AS text), ',') FROM membership WHERE organization_id = ?`, c.id), ",")
	c.path = text(`SELECT CAST(path_id AS text) FROM ledger_path_step WHERE depth = 0 AND organization_id = ?`, c.id)
	c.chain = text(`SELECT chain FROM ledger_path WHERE id = ?`, c.path)
	c.ancestors = strings.Split(c.chain, "/")
	if c.chain == "" || len(c.members) < 2 {
		return cell{}, errors.New("the folder was not loaded as it should be")
	}
	return c, nil
}

// settle lets PostgreSQL do now what its background would do in the middle of a measurement.
func settle(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, statement := range []string{"VACUUM ANALYZE", "CHECKPOINT"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
