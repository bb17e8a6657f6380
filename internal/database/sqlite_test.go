package database_test

import (
	"context"
	"errors"
	"os"
	command "os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
)

func TestFullDiskIsUnavailable(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.SQLite, database.Options{})
	mustExec(t, db, "CREATE TABLE big (data BLOB)")
	_, err := database.Write(t.Context(), db, func(tx *database.Tx) (int, error) {
		if err := exec(t.Context(), tx, "PRAGMA max_page_count = 1").Error; err != nil {
			return 0, err
		}
		return 0, exec(t.Context(), tx, "INSERT INTO big (data) VALUES (zeroblob(10000000))").Error
	})
	if !errors.Is(err, database.ErrUnavailable) {
		t.Error(err)
	}
}

// Another process, such as an import on the command line, holds the file's only write lock.
func TestAnotherWriterIsWaitedFor(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t, database.SQLite)
	here, there := mustOpenAt(t, url), mustOpenAt(t, url)
	mustExec(t, here, tableN)
	_, err := database.Write(t.Context(), here, func(tx *database.Tx) (int, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		if _, err := database.Write(ctx, there, insert(ctx, 1)); fault.KindOf(err) != fault.Timeout {
			t.Error(err)
		}
		return insert(t.Context(), 2)(tx)
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := database.Write(t.Context(), there, insert(t.Context(), 1)); err != nil {
		t.Error(err)
	}
}

// The driver's C library must be the one it was made with.
func TestLibcIsTheOneSQLiteWasMadeWith(t *testing.T) {
	t.Parallel()
	list := func(format, module string) string {
		out, err := command.CommandContext(t.Context(), "go", "list", "-m", "-f", format, module).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	text, err := os.ReadFile(list("{{.GoMod}}", "modernc.org/sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	wanted := regexp.MustCompile(`modernc\.org/libc (v\S+)`).FindSubmatch(text)
	if used := list("{{.Version}}", "modernc.org/libc"); wanted == nil || string(wanted[1]) != used {
		t.Errorf("go.mod has modernc.org/libc %s, the driver wants %s", used, wanted)
	}
}
