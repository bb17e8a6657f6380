package app_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sochibo/internal/app"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/testkit/dbtest"
)

// TestLocalRuleSetsAreSealed changes and removes a local set behind the back of the program: verify names it, and from the next start on
// the log has a leaf about it.
func TestLocalRuleSetsAreSealed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		dir := t.TempDir()
		file := filepath.Join(dir, "local.yaml")
		const set = "id: local\ntitle: L\nparent: hd42-2025\norganization: '38'\nfrom: 2026-01-01\n"
		write := func(text string) {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		start := func() *app.App {
			return app.Over(db, config.Config{RulesDir: dir}, "test", slog.New(slog.DiscardHandler))
		}
		migrate := func() {
			if _, err := start().Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		wrong := func(want string) {
			t.Helper()
			found, err := start().Verify(t.Context(), app.VerifyOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var places []string
			for _, m := range found {
				places = append(places, m.Place)
			}
			if got := strings.Join(places, " "); got != want {
				t.Errorf("verify names %q, want %q", got, want)
			}
		}
		write(set)
		migrate()
		wrong("")
		write(set + "attendance_base: roster\n")
		wrong("rule_set local")
		migrate()
		wrong("")
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		wrong("rule_set local")
		migrate()
		migrate()
		wrong("")
		leaves, err := start().History(t.Context(), "local")
		if err != nil || len(leaves) != 3 {
			t.Errorf("%d leaves about the set, want 3: %v", len(leaves), err)
		}
		write(set + "rubric: {grades: [{id: good, title: T, from: 10}]}\n")
		if _, err := start().Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "local.yaml: rubric.grades[0].from: gap: no grade for less than 10 points") {
			t.Errorf("a set with a gap: %v", err)
		}
		if _, err := start().Handler(); err == nil {
			t.Error("a set with a gap is served")
		}
	})
}
