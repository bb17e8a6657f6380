package exchange_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/exchange"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
	"sochibo/internal/testkit/experiment"
)

// The bounds of a folder that is to be refused.
const (
	bombTime   = 2 * time.Second
	bombMemory = 200 << 20
)

// bomb is a folder that has to be refused for a reason.
type bomb struct {
	name string
	code string
	lay  func(tb testing.TB, dir string)
}

const membersHeader = "code,full_name,gender,born_on,admitted_on,official_on,card_number\n"

func file(name string, content func() []byte) func(testing.TB, string) {
	return func(tb testing.TB, dir string) {
		tb.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), content(), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

func members(parts ...string) func(testing.TB, string) {
	return file("members.csv", func() []byte { return []byte(strings.Join(parts, "")) })
}

// lain lays something that is no plain file where members.csv should be.
func lain(lay func(path string) error) func(testing.TB, string) {
	return func(tb testing.TB, dir string) {
		tb.Helper()
		if err := lay(filepath.Join(dir, "members.csv")); err != nil {
			tb.Fatal(err)
		}
	}
}

// sparse is a file of zeros that takes no space.
func sparse(size int64) func(testing.TB, string) {
	return lain(func(path string) error {
		made, err := os.Create(path)
		if err != nil {
			return err
		}
		defer made.Close() // only its size matters
		return made.Truncate(size)
	})
}

func bombs() []bomb {
	return []bomb{
		{"a line of 100 MiB", "row_too_long", members(membersHeader, strings.Repeat("a", 100<<20))},
		{"a quotation mark that is never closed", "row_too_long", members(membersHeader, `x,"`, strings.Repeat("a\n", 20<<20))},
		{"a header of 1,000,000 columns", "row_too_long", members(strings.Repeat("c,", 1_000_000), "\n")},
		{"a header of 100,000 columns", "columns_too_many", members(strings.Repeat("c,", 100_000), "\n")},
		{"a row of 400,000 cells", "cells_miscounted", members(membersHeader, strings.Repeat("c,", 400_000), "\n")},
		{"1,000,000 empty lines and a wrong row", "cells_miscounted", members(membersHeader, strings.Repeat("\n", 1_000_000), "x\n")},
		{"50,000 wrong rows", "cells_miscounted", members(membersHeader, strings.Repeat("x\n", 50_000))},
		{"a file of 3 GiB", "file_too_large", sparse(3 << 30)},
		{"zeros", "row_too_long", sparse(1 << 30)},
		{"NUL in a name", "text_control", members(membersHeader, "x,Nguyễn\x00Văn A,,,,,\n")},
		{"half a letter", "text_encoding", members(membersHeader, "x,Nguy\xe1\xbb,,,,,\n")},
		{"UTF-16", "column_unknown", members("\xff\xfec\x00o\x00d\x00e\x00,\x00")},
		{"a ZIP archive", "column_unknown", file("members.csv", zipped)},
		{"a link out of the folder", "file_not_regular", lain(func(path string) error { return os.Symlink("/etc/passwd", path) })},
		{"a link to itself", "file_not_regular", lain(func(path string) error { return os.Symlink(path, path) })},
		{"an endless device", "file_not_regular", lain(func(path string) error { return os.Symlink("/dev/zero", path) })},
		{"a pipe that nobody writes to", "file_not_regular", lain(func(path string) error { return syscall.Mkfifo(path, 0o600) })},
		{"a folder", "file_not_regular", lain(func(path string) error { return os.Mkdir(path, 0o700) })},
		{"nothing", "header_missing", members()},
	}
}

// zipped is an archive of 10 MiB of one letter, such as a workbook is made of.
func zipped() []byte {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	if entry, err := archive.Create("xl/sharedStrings.xml"); err == nil {
		_, _ = entry.Write(bytes.Repeat([]byte("a"), 10<<20))
	}
	_ = archive.Close()
	return out.Bytes()
}

// TestE53ImportBombs imports folders made to exhaust or to mislead. It runs apart from other tests, since it measures memory.
//
//nolint:paralleltest // as above
func TestE53ImportBombs(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := dbtest.Open(t, engine, database.Options{})
			wrong := 0
			for _, b := range bombs() {
				dir := t.TempDir()
				b.lay(t, dir)
				if !defused(t, db, b, dir) {
					wrong++
				}
				if err := os.RemoveAll(dir); err != nil {
					t.Error(err)
				}
			}
			experiment.Report(t, experiment.Result{ID: "E-53", Engine: string(engine), N: len(bombs()), Observed: wrong, Pass: wrong == 0})
		})
	}
}

func defused(t *testing.T, db *database.DB, b bomb, dir string) bool {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() // only read
	peak := watchHeap()
	began := time.Now()
	_, err = service(t, db).Import(t.Context(), auth.InstallationActor(), root.FS(), exchange.ImportOptions{})
	took, grown := time.Since(began), peak()
	named := false
	if f, ok := fault.As(err); ok && f.Code == "folder_invalid" {
		for _, field := range f.Fields {
			named = named || field.Code == b.code
		}
	}
	late := experiment.Long() && took > bombTime // a busy machine says nothing about time
	if !named || late || grown > bombMemory {
		t.Errorf("%s: %v after %s and %d MiB", b.name, explain(err), took, grown>>20)
		return false
	}
	return true
}

// watchHeap returns a function that ends the watch and says by how much the heap grew at most.
func watchHeap() func() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() uint64 { metrics.Read(sample); return sample[0].Value.Uint64() }
	before, most := read(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for {
			if now := read(); now > before {
				most = max(most, now-before)
			}
			select {
			case <-stop:
				return
			case <-ticker.C:
			}
		}
	}()
	return func() uint64 { close(stop); <-stopped; return most }
}
