package database_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

func TestPlaintextBeyondTheMachineIsSeen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ url, host string }{
		{"postgres://u@db.example/x", "db.example"},
		{"postgres://u@db.example/x?sslmode=disable", "db.example"},
		{"postgres://u@db.example/x?sslmode=allow", "db.example"},
		{"postgres://u@db.example/x?sslmode=prefer", "db.example"},
		{"postgres://u@127.0.0.1,10.0.0.7/x?sslmode=disable", "10.0.0.7"},
		{"postgres://u@db.example/x?sslmode=require", ""},
		{"postgres://u@db.example/x?sslmode=verify-full", ""},
		{"postgres://u@localhost/x", ""},
		{"postgres://u@[::1]/x", ""},
		{"postgres://u@/x?host=/var/run/postgresql", ""},
	} {
		if host, err := database.PlaintextHost(test.url); err != nil || host != test.host {
			t.Errorf("%s: %q, %v", test.url, host, err)
		}
	}
}

func TestSQLiteDangers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "so.db")
	db, err := database.Open(t.Context(), "sqlite:"+path, database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if found, err := db.Dangers(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("a fresh file: %v, %v", found, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if found, err := db.Dangers(t.Context()); err != nil || len(found) != 1 || found[0].Name != "sqlite_file_readable" {
		t.Errorf("a file for everybody: %v, %v", found, err)
	}
	if found, err := database.SQLiteDangers(path, "NFS"); err != nil || len(found) != 2 || found[0].Name != "sqlite_network_file" {
		t.Errorf("on NFS: %v, %v", found, err)
	}
	for magic, name := range map[uint32]string{0x6969: "NFS", 0xff534d42: "CIFS", 0xfe534d42: "SMB 2", 0xef53: "", 0x58465342: "", 0x01021994: "", 0x794c7630: ""} {
		if got := database.RemoteByMagic(magic); got != name {
			t.Errorf("%#x: %q", magic, got)
		}
	}
}

func TestSQLiteWithoutForeignKeysIsRefused(t *testing.T) {
	t.Parallel()
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "so.db")+"?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	if err := database.CheckSQLite(t.Context(), pool); err == nil || !strings.Contains(err.Error(), "foreign keys") {
		t.Error(err)
	}
}

// TestLogTextHoldsNoValues gives errors as drivers and parsers word them.
func TestLogTextHoldsNoValues(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		for _, statement := range []string{
			"INSERT INTO topic (id, code) VALUES ('bí mật', 'bí mật')",
			"SELECT CAST('bí \"mật\" nhất' AS uuid)",
			"SELECT 'bí mật",
		} {
			_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
				return 0, database.Gorm(t.Context(), tx).Exec(statement).Error
			})
			if text := database.LogText(err); err != nil && (strings.Contains(text, "mật") || len(text) < 8) {
				t.Errorf("%v is logged as %q", err, text)
			}
		}
	})
}
