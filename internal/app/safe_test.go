package app_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"sochibo/internal/app"
	"sochibo/internal/config"
	"sochibo/internal/testkit/cluster"
	"sochibo/internal/testkit/experiment"
)

// TestE09SettingsGuard starts over stores that would lose or show records, each of which has to be refused by its name, and be let pass
// under that name alone.
func TestE09SettingsGuard(t *testing.T) {
	t.Parallel()
	durable, err := cluster.StartDurable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = durable.Stop() })
	careless, err := cluster.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = careless.Stop() })
	refusesOtherEncodings(t, careless.URL())
	readable := filepath.Join(t.TempDir(), "readable.db")
	if err := os.WriteFile(readable, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(readable, 0o604); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		engine, url string
		dangers     []string
	}{
		{"postgres", durable.URL(), nil},
		{"postgres", durable.URL() + "&synchronous_commit=off", []string{"postgres_synchronous_commit"}},
		{"postgres", careless.URL(), []string{"postgres_fsync", "postgres_full_page_writes", "postgres_synchronous_commit"}},
		{"sqlite", "sqlite:" + filepath.Join(t.TempDir(), "fresh.db"), nil},
		{"sqlite", "sqlite:" + readable, []string{"sqlite_file_readable"}},
	} {
		missed := 0
		if err := start(t.Context(), test.url, test.dangers...); err != nil {
			t.Errorf("%v are allowed: %v", test.dangers, err)
			missed++
		}
		for _, danger := range test.dangers {
			others := slices.DeleteFunc(config.Dangers(), func(name string) bool { return name == danger })
			if err := start(t.Context(), test.url, others...); err == nil || !strings.Contains(err.Error(), "SOCHIBO_ALLOW_UNSAFE="+danger+" ") {
				t.Errorf("%s: %v", danger, err)
				missed++
			}
		}
		experiment.Report(t, experiment.Result{ID: "E-09", Engine: test.engine, N: 1 + len(test.dangers), Observed: missed, Pass: missed == 0})
	}
}

// start opens the store and asks whether it is safe to serve.
func start(ctx context.Context, url string, allowed ...string) error {
	a, err := app.Open(ctx, config.Config{DatabaseURL: config.Secret(url), AllowUnsafe: allowed}, "test", slog.New(slog.NewJSONHandler(&bytes.Buffer{}, nil)))
	if err != nil {
		return err
	}
	defer a.Close() // nothing was written
	return a.CheckSafe(ctx)
}

func refusesOtherEncodings(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc")
	if err = errors.Join(err, conn.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := start(t.Context(), strings.Replace(url, "/postgres?", "/ascii?", 1), config.Dangers()...); err == nil || !strings.Contains(err.Error(), "UTF8") {
		t.Error(err)
	}
}
