package database_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{
		"no scheme":    "sochibo.db",
		"other scheme": "mysql://localhost/sochibo",
		"no file":      "sqlite:",
		"in memory":    "sqlite::memory:",
		"no folder":    "sqlite:" + filepath.Join(t.TempDir(), "absent", "sochibo.db"),
		"no database":  "sqlite:" + mustWrite(t, strings.Repeat("text, not a database\n", 100)),
		"no server":    "postgres://someone:secret-word@127.0.0.1:1/sochibo?connect_timeout=2",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, err := database.Open(t.Context(), url, database.Options{})
			if err == nil {
				t.Fatal("opened", db.Close())
			}
			if strings.Contains(err.Error(), "secret-word") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

func mustWrite(tb testing.TB, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func TestOldVersionsAreKnown(t *testing.T) {
	t.Parallel()
	for version, old := range map[string]bool{
		"3.51.2": true, "3.51.3": false, "3.51.10": false, "3.6.20": true, "4.0.0": false, "3.52": false, "3.51": true, "x": true,
	} {
		if database.Older(version, "3.51.3") != old {
			t.Errorf("%s: older is %v", version, !old)
		}
	}
}

func TestSQLiteFileIsPrivateWhateverItsName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sổ 100% ? #1&_pragma=x.db")
	db := mustOpenAt(t, "sqlite:"+path)
	mustMigrate(t, db)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() == 0 || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%d bytes, mode %v", info.Size(), info.Mode())
	}
}

func TestSQLiteSettings(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.SQLite, database.Options{})
	read := func(t *testing.T, tx *database.Tx, pragma string) int {
		t.Helper()
		var value int
		if err := database.Gorm(t.Context(), tx).Raw("SELECT * FROM pragma_" + pragma).Scan(&value).Error; err != nil {
			t.Fatal(err)
		}
		return value
	}
	check := func(tx *database.Tx) (int, error) {
		for pragma, want := range map[string]int{
			"synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "cell_size_check": 1, "busy_timeout": 5000,
		} {
			if got := read(t, tx, pragma); got != want {
				t.Errorf("%s is %d, not %d", pragma, got, want)
			}
		}
		return 0, nil
	}
	_, written := database.Write(t.Context(), db, check)
	_, readErr := database.Read(t.Context(), db, check)
	if err := errors.Join(written, readErr); err != nil {
		t.Error(err)
	}
}

type named struct {
	ID   int `gorm:"primaryKey;autoIncrement:false"`
	Name string
}

func TestGormSpeaksBothDialects(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		mustExec(t, db, "CREATE TABLE nameds (id integer PRIMARY KEY, name text NOT NULL)")
		got, err := database.Write(ctx, db, func(tx *database.Tx) ([]named, error) {
			rows := []named{{1, "a"}, {2, "b"}, {3, "c"}}
			if err := gorm.G[named](database.Gorm(ctx, tx)).CreateInBatches(ctx, &rows, 2); err != nil {
				return nil, err
			}
			if _, err := gorm.G[named](database.Gorm(ctx, tx)).Where("id = ?", 3).Update(ctx, "name", "d"); err != nil {
				return nil, err
			}
			if _, err := gorm.G[named](database.Gorm(ctx, tx)).Where("id = ?", 1).Delete(ctx); err != nil {
				return nil, err
			}
			return gorm.G[named](database.Gorm(ctx, tx)).Order("nameds.id").Offset(1).Find(ctx)
		})
		if err != nil || len(got) != 1 || got[0] != (named{3, "d"}) {
			t.Error(got, err)
		}
		_, err = database.Read(ctx, db, func(tx *database.Tx) (named, error) {
			return gorm.G[named](database.Gorm(ctx, tx)).Where("id = ?", 9).First(ctx)
		})
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			t.Error(err)
		}
	})
}

// A slow statement is logged, but not who it was about; nor is a statement that failed, since its error is returned.
func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			db := dbtest.Open(t, engine, database.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			_, _ = query[int](t.Context(), db, "SELECT absent FROM nowhere")
			if log.Len() != 0 {
				t.Errorf("a failure was logged: %s", log.String())
			}
			ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
			defer cancel()
			if _, err := query[int](ctx, db, heavy+" WHERE CAST(? AS text) <> ''", "Nguyen Van A"); err == nil {
				t.Fatal("the statement was not slow")
			}
			text := log.String()
			if !strings.Contains(text, "slow query") || strings.Contains(text, "Van A") {
				t.Errorf("logged: %s", text)
			}
		})
	}
}
