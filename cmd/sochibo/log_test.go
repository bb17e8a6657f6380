package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRotateTheKey follows the steps of docs/operations.md: a checkpoint of the old key, another key, and both keys verify both.
func TestRotateTheKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, u user) {
		dir := t.TempDir()
		first, second, checkpoints := filepath.Join(dir, "first.key"), filepath.Join(dir, "second.key"), filepath.Join(dir, "checkpoints.txt")
		u.refused(t, 1, []string{"key"}, "log", "rotate", second)
		oldKey := strings.TrimSpace(u.ok(t, "log", "key", first, "--origin", "so.example.org/log"))
		before := user{append([]string{"SOCHIBO_LOG_KEY_FILE=" + first}, u.environ...)}
		kept := before.ok(t, "log", "checkpoint")
		printed := before.ok(t, "log", "rotate", second)
		newKey, statement, _ := strings.Cut(printed, "\n\n")
		if !strings.HasPrefix(newKey, "so.example.org/log+") || !strings.Contains(statement, oldKey+"\n"+newKey+"\n") || strings.Count(statement, "— so.example.org/log ") != 2 {
			t.Errorf("rotate prints %s", printed)
		}
		if info, err := os.Stat(second); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the new key: %v, %v", info, err)
		}
		before.refused(t, 2, []string{"log_key_retired"}, "log", "checkpoint")
		after := user{append([]string{"SOCHIBO_LOG_KEY_FILE=" + second}, u.environ...)}
		kept += after.ok(t, "log", "checkpoint")
		if err := os.WriteFile(checkpoints, []byte(kept), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{oldKey, newKey} {
			if got := u.ok(t, "verify", "--since", checkpoints, "--key", key); got != "everything adds up\n" {
				t.Errorf("with %s: %s", key, got)
			}
		}
		after.refused(t, 2, []string{"in use"}, "log", "rotate", second)
		if got := u.run(t, "verify", "--key", "so.example.org/log+00000000+AAAA"); got.status != 2 || !strings.Contains(got.stderr, "--key") {
			t.Errorf("a key that is none: %+v", got)
		}
	})
}
