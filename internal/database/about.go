package database

import (
	"context"
	"fmt"
	"math"
)

// pageRows is how many rows a page shows, about.
const pageRows = 50

// Few returns how many rows of a table are so few that what belongs to them, so many rows to each, is best found from them and sorted. Where it
// belongs to more of them, a list is best read in its order until the page is full. For n of N, that takes pageRows·N/n rows, and sorting n·rows.
func Few(ctx context.Context, tx *Tx, table string, rows int) (int, error) {
	all, err := about(ctx, tx, table)
	return int(math.Sqrt(float64(pageRows*all) / float64(rows))), err
}

// about returns about how many rows a table has, without counting them where that can be had.
func about(ctx context.Context, tx *Tx, table string) (int, error) {
	var rows int
	q := "SELECT coalesce(max(rowid), 0) FROM " + table // rows that were removed are in it
	if tx.Engine() == Postgres {
		q = "SELECT CAST(reltuples AS bigint) FROM pg_class WHERE oid = CAST('" + table + "' AS regclass)" // -1 until its statistics are there
	}
	err := Gorm(ctx, tx).Raw(q).Scan(&rows).Error
	if err == nil && rows < 0 {
		err = Gorm(ctx, tx).Raw("SELECT count(*) FROM " + table).Scan(&rows).Error
	}
	if err != nil {
		return 0, fmt.Errorf("about how many rows %s has: %w", table, err)
	}
	return rows, nil
}
