package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// build makes the binary as make build does.
func (b *bench) build(ctx context.Context) error {
	b.say("building the program")
	b.program = filepath.Join(b.dir, "sochibo")
	return compile(ctx, b.program)
}

// compile builds the binary, as it is or with more arguments.
func compile(ctx context.Context, into string, more ...string) error {
	args := append([]string{"build", "-trimpath", "-tags", "nomsgpack", "-ldflags", "-s -w", "-o", into}, more...)
	cmd := exec.CommandContext(ctx, "go", append(args, "sochibo/cmd/sochibo")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	return nil
}

// introduce says where and when the figures were taken.
func (b *bench) introduce(ctx context.Context) error {
	parts := []string{
		time.Now().Format(time.DateOnly), runtime.GOOS + "/" + runtime.GOARCH, fmt.Sprintf("%d cores", runtime.NumCPU()),
	}
	for _, fact := range []string{
		fileField("/proc/cpuinfo", "model name"), memory(fileField("/proc/meminfo", "MemTotal")), runtime.Version(),
	} {
		if fact != "" {
			parts = append(parts, fact)
		}
	}
	for _, s := range b.stores {
		version, err := s.version(ctx)
		if err != nil {
			return err
		}
		parts = append(parts, version)
	}
	b.printf("Measured on %s.\n", strings.Join(parts, ", "))
	return nil
}

func (s store) version(ctx context.Context) (string, error) {
	address, err := s.migrated(ctx, "version")
	if err != nil {
		return "", err
	}
	store, err := openBare(ctx, s.engine, address)
	if err != nil {
		return "", err
	}
	defer store.close()
	query := map[string]string{"sqlite": `SELECT 'SQLite ' || sqlite_version()`, "postgres": `SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)`}
	var version any
	err = store.transact(ctx, true, func(tx sender) (err error) {
		version, err = tx.ask(ctx, query[string(s.engine)])
		return err
	})
	return fmt.Sprint(version), err
}

// fileField reads the first "name: value" of a file of /proc; empty where there is none.
func fileField(path, name string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// kib reads "123 kB"; 0 where nothing is known.
func kib(text string) int64 {
	number, _, _ := strings.Cut(text, " ")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func memory(total string) string {
	if kib(total) == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f GiB", float64(kib(total))/(1<<20))
}

// mib writes a number of KiB; what this system does not tell is a dash.
func mib(kib int64) string {
	if kib == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f MiB", float64(kib)/1024)
}
