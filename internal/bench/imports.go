package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sochibo/internal/database"
)

// imports brings folders in through the program, and the rows that it wrote by the fastest way the engine has.
func (b *bench) imports(ctx context.Context) error {
	b.printf("\n### Import of a folder\n\n")
	b.printf("| engine | attendance rows | rows written | import | attendance rows per second | peak memory | the same rows bare | speed ÷ bare |\n")
	b.printf("|---|---:|---:|---:|---:|---:|---:|---:|\n")
	small, tenfold := filepath.Join(b.dir, "small"), filepath.Join(b.dir, "tenfold")
	if err := b.size.small.write(small); err != nil {
		return err
	}
	large := b.size.small
	if large.months = b.size.tenfold; large.months > 0 {
		if err := large.write(tenfold); err != nil {
			return err
		}
	}
	for _, s := range b.stores {
		peak, err := b.smallImports(ctx, s, small)
		if err == nil && large.months > 0 {
			err = b.tenfoldImport(ctx, s, large, tenfold, peak)
		}
		if err != nil {
			return fmt.Errorf("import, %s: %w", s.engine, err)
		}
	}
	return errors.Join(os.RemoveAll(small), os.RemoveAll(tenfold))
}

func (b *bench) smallImports(ctx context.Context, s store, folder string) (peak int64, err error) {
	var imported, copied spread
	var rows int64
	for n := range b.size.imports {
		b.say("%s: importing %s, %d of %d", s.engine, b.size.small, n+1, b.size.imports)
		from, took, most, err := b.importInto(ctx, s, fmt.Sprintf("import%d", n), folder)
		if err != nil {
			return 0, err
		}
		into, err := s.migrated(ctx, fmt.Sprintf("copy%d", n))
		if err != nil {
			return 0, err
		}
		again := copyFile
		if s.engine == database.Postgres {
			again = b.copyPostgres
		}
		count, bareTook, err := again(ctx, from, into)
		if err != nil {
			return 0, err
		}
		imported, copied, rows, peak = append(imported, took), append(copied, bareTook), count, max(peak, most)
	}
	attendances := b.size.small.attendances()
	b.printf("| %s | %d | %d | %s | %s | %s | %s | %s |\n", s.engine, attendances, rows, imported, imported.rates(attendances), mib(peak),
		copied, copied.over(imported))
	return peak, nil
}

func (b *bench) tenfoldImport(ctx context.Context, s store, large shape, folder string, before int64) error {
	b.say("%s: importing %s", s.engine, large)
	_, took, peak, err := b.importInto(ctx, s, "tenfold", folder)
	if err != nil {
		return err
	}
	growth := ""
	if before > 0 {
		growth = fmt.Sprintf(", %.2f× of the small import", float64(peak)/float64(before))
	}
	b.printf("| %s | %d | | %s | %s | %s%s | | |\n", s.engine, large.attendances(), short(took), spread{took}.rates(large.attendances()), mib(peak), growth)
	return nil
}

// importInto imports into a fresh database in a process of its own.
func (b *bench) importInto(ctx context.Context, s store, name, folder string) (address string, took time.Duration, peak int64, err error) {
	if address, err = s.migrated(ctx, name); err != nil {
		return "", 0, 0, err
	}
	c, err := b.start(ctx, address, "import", folder)
	if err != nil {
		return "", 0, 0, err
	}
	took, peak, err = c.toEnd()
	return address, took, peak, err
}

// written are the tables that the import of a made folder fills, each after those it refers to.
var written = []string{
	"organization", "placement", "member", "membership", "meeting", "meeting_content_item", "attendance", "record_version", "meeting_event",
	"ledger_path", "ledger_path_step", "ledger_entry", "balance",
}

// copyFile inserts every row of one file into another, table by table, in one transaction.
func copyFile(ctx context.Context, from, into string) (rows int64, took time.Duration, err error) {
	pool, err := bareSQLite(into, false)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	if _, err := pool.ExecContext(ctx, `ATTACH ? AS source`, filePath(from)); err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return 0, 0, err
	}
	for _, table := range written {
		result, err := tx.ExecContext(ctx, `INSERT INTO main.`+table+` SELECT * FROM source.`+table)
		if err != nil {
			return 0, 0, errors.Join(err, tx.Rollback())
		}
		n, err := result.RowsAffected()
		if err != nil {
			return 0, 0, errors.Join(err, tx.Rollback())
		}
		rows += n
	}
	err = tx.Commit()
	return rows, time.Since(begin), err
}
