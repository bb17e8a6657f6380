package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"sochibo/internal/app"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/config"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/testkit/dbtest"
)

// checkpointed is an installation that appends checkpoints to a file every five minutes.
func checkpointed(t *testing.T, engine database.Engine) (in logged, file string) {
	t.Helper()
	in, file = newLogged(t, engine), filepath.Join(t.TempDir(), "checkpoints.txt")
	return in.by(t, config.Config{LogKey: in.secrets[1], CheckpointEvery: config.Interval(5 * time.Minute), CheckpointFile: file}), file
}

func checkpointsIn(tb testing.TB, file string) [][]byte {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return audit.SplitNotes(text)
}

// TestCheckpointsByTheClock puts the clock forward: a checkpoint is signed after each five minutes in which the log grew, and none
// otherwise, also by a server that was started anew, and after a machine stopped in the middle of writing one.
func TestCheckpointsByTheClock(t *testing.T) {
	t.Parallel()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			in, file := checkpointed(t, engine)
			look := in.Housekeeper()
			step := func(what string, forward time.Duration, grow bool, want int) {
				t.Helper()
				in.clock.forward(forward)
				if grow {
					in.as(t, auth.RoleAuditor, "")
				}
				look(t.Context())
				if got := len(checkpointsIn(t, file)); got != want {
					t.Errorf("%s: %d checkpoints, want %d", what, got, want)
				}
			}
			step("at the start", 0, false, 1)
			step("nothing new", 6*time.Minute, false, 1)
			step("too early", time.Minute, true, 1)
			step("grown", 5*time.Minute, false, 2)
			look = in.Housekeeper()
			step("started anew", 0, false, 2)
			step("started anew and grown", 5*time.Minute, true, 3)
			if lines := in.wrong(t, must(os.ReadFile(file))); len(lines) > 0 {
				t.Errorf("since all checkpoints: %q", lines)
			}
			if err := os.Truncate(file, int64(len(must(os.ReadFile(file)))-70)); err != nil {
				t.Fatal(err)
			}
			look = in.Housekeeper()
			step("cut off", 0, true, 4)
			if lines := in.wrong(t, must(os.ReadFile(file))); len(lines) != 1 || !strings.Contains(lines[0], "checkpoint 3 of those given") {
				t.Errorf("since a file with one that was cut off: %q", lines)
			}
			in.failed.report(t)
		})
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// TestCheckpointFileThatCannotBeWritten is tried again at the next time.
func TestCheckpointFileThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	in, file := checkpointed(t, database.SQLite)
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	look := in.Housekeeper()
	look(t.Context())
	in.failed.forget()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	in.clock.forward(5 * time.Minute)
	look(t.Context())
	if n := len(checkpointsIn(t, file)); n != 1 {
		t.Errorf("%d checkpoints", n)
	}
	in.failed.report(t)
}

// TestSinceFindsWhatOneOfSeveralTells rewrites the log after several checkpoints were kept.
func TestSinceFindsWhatOneOfSeveralTells(t *testing.T) {
	t.Parallel()
	eachLogged(t, func(t *testing.T, in logged) {
		all := in.sign(t)
		in.as(t, auth.RoleAuditor, "")
		all = append(append(all, '\n'), in.sign(t)...)
		in.rewrite(t, "Chi bộ viết lại")
		all = append(all, in.sign(t)...)
		lines := in.wrong(t, all)
		if len(lines) != 2 || !strings.Contains(lines[0], "checkpoint 1 of those given") || !strings.Contains(lines[1], "checkpoint 2 of those given") {
			t.Errorf("%q", lines)
		}
		if lines := in.wrong(t, []byte("\n")); len(lines) != 1 {
			t.Errorf("an empty file: %q", lines)
		}
	})
}

// public returns the public text of a key.
func public(tb testing.TB, secret config.Secret) string {
	tb.Helper()
	return must(audit.PublicKey(secret.Reveal()))
}

// verify returns what verify finds with the key of somebody who kept it, and checkpoints that were kept.
func (in logged) verify(tb testing.TB, key config.Secret, since []byte) []string {
	tb.Helper()
	found, err := in.Verify(tb.Context(), app.VerifyOptions{Key: public(tb, key), Since: since})
	if err != nil {
		tb.Fatal(err)
	}
	var lines []string
	for _, m := range found {
		lines = append(lines, m.Place+": "+m.Detail)
	}
	return lines
}

// resign signs the text of a checkpoint with other keys.
func resign(tb testing.TB, signed []byte, secrets ...config.Secret) []byte {
	tb.Helper()
	text, _, _ := bytes.Cut(signed, []byte("\n\n"))
	var signers []note.Signer
	for _, secret := range secrets {
		signers = append(signers, must(note.NewSigner(secret.Reveal())))
	}
	return must(note.Sign(&note.Note{Text: string(text) + "\n"}, signers...))
}

// TestRotation hands the log over twice. Whoever kept any of the keys can verify with it, and checkpoints of all keys prove that the log
// only grew; each key signs for its own time alone.
func TestRotation(t *testing.T) {
	t.Parallel()
	eachLogged(t, func(t *testing.T, in logged) {
		before := in
		kept := in.sign(t)
		in = in.rotated(t)
		in.as(t, auth.RoleAuditor, "")
		all := append(slices.Clone(kept), in.sign(t)...)
		for i, key := range in.secrets {
			if lines := in.verify(t, key, all); len(lines) > 0 {
				t.Errorf("with key %d of %d: %q", i+1, len(in.secrets), lines)
			}
		}
		if lines := in.verify(t, logKey(t), nil); !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "none of the keys") }) {
			t.Errorf("with the key of a stranger: %q", lines)
		}
		if _, err := before.Proofs.Checkpoint(t.Context()); fault.CodeOf(err) != "log_key_retired" {
			t.Errorf("a server with the old key signs: %v", err)
		}
		if _, _, err := before.RotateKey(t.Context(), logKey(t).Reveal()); fault.CodeOf(err) != "log_key_retired" {
			t.Errorf("a retired key hands over: %v", err)
		}
		if _, _, err := in.RotateKey(t.Context(), in.secrets[0].Reveal()); err == nil {
			t.Error("the first key comes back")
		}
		if _, _, err := in.RotateKey(t.Context(), in.secrets[2].Reveal()); err == nil {
			t.Error("a key follows on itself")
		}
		stranger, _, _ := audit.NewKey("another.test/log")
		if _, _, err := in.RotateKey(t.Context(), stranger); err == nil {
			t.Error("a key of another name follows")
		}
		n, found := 0, 0
		for name, forged := range map[string][]byte{
			"the first key for a later tree":      resign(t, in.sign(t), in.secrets[0]),
			"the second key for a later tree":     resign(t, in.sign(t), in.secrets[1]),
			"the third key for an earlier tree":   resign(t, kept, in.secrets[2]),
			"a stranger's key":                    resign(t, in.sign(t), logKey(t)),
			"all keys but the one that is needed": resign(t, in.sign(t), in.secrets[0], in.secrets[1]),
		} {
			for _, key := range in.secrets[1:] {
				if n++; len(in.verify(t, key, forged)) > 0 {
					found++
				} else {
					t.Errorf("%s passes", name)
				}
			}
		}
		in.report(t, "E-23b", n, found)
	})
}

// TestForgedRotation has an operator who lacks the key name a successor, in every way short of the old key's signature.
func TestForgedRotation(t *testing.T) {
	t.Parallel()
	eachLogged(t, func(t *testing.T, in logged) {
		thief := logKey(t)
		old, stolen := in.secrets[1], public(t, thief)
		n, found := 0, 0
		for _, try := range []struct {
			name          string
			from          config.Secret
			first, second config.Secret
		}{
			{"signed by the successor alone", old, thief, thief}, {"signed by a key that is retired", old, in.secrets[0], thief},
			{"handed over by a key that is retired", in.secrets[0], in.secrets[0], thief}, {"signed by two strangers", logKey(t), logKey(t), thief},
		} {
			undo := in.save(t)
			in.forge(t, public(t, try.from), stolen, try.first, try.second)
			forged := in.by(t, config.Config{LogKey: thief})
			checkpoint := resign(t, in.checkpointNow(t), thief)
			for _, key := range in.secrets {
				n++
				lines := strings.Join(forged.verify(t, key, checkpoint), "\n")
				if strings.Contains(lines, "log_rotation "+stolen) && strings.Contains(lines, "the checkpoint given") {
					found++
				} else {
					t.Errorf("%s: %s", try.name, lines)
				}
			}
			undo()
		}
		in.report(t, "E-23c", n, found)
	})
}

// forge writes a rotation as the program would, with a leaf that names the stolen key.
func (in logged) forge(t *testing.T, from, to string, signers ...config.Secret) {
	t.Helper()
	size, now := in.operator.texts(t, "SELECT CAST(size AS text) FROM log_head")[0], in.DB().Now()
	text := "sochibo/log-rotation/1\n" + size + "\n" + from + "\n" + to + "\n" + now.Format("2006-01-02T15:04:05.000000Z") + "\n"
	signed := resign(t, []byte(text+"\n"), signers...)
	in.operator.do(t, "INSERT INTO log_rotation (public_key, leaf_number, note, created_at) VALUES ('"+to+"', "+size+", '"+string(signed)+"', '"+
		now.Format("2006-01-02 15:04:05.999999999-07:00")+"')")
	act := auth.InstallationActor().Act("log.rotate")
	if _, err := audit.Write(t.Context(), in.DB(), act, func(tx *database.Tx) (struct{}, error) {
		audit.Touch(tx, audit.SealedRotation(), named(to))
		return struct{}{}, nil
	}); err != nil {
		t.Fatal(err)
	}
}

// named is a text as the id of a record.
type named string

func (n named) String() string { return string(n) }

// checkpointNow is a true checkpoint of the log as it is, by nobody in particular, which the store forgets again.
func (in logged) checkpointNow(t *testing.T) []byte {
	t.Helper()
	key := must(note.NewSigner(logKey(t).Reveal()))
	in.operator.do(t, "CREATE TABLE put_aside AS SELECT * FROM log_rotation")
	in.operator.do(t, "DELETE FROM log_rotation")
	signed, err := database.Write(t.Context(), in.DB(), func(tx *database.Tx) ([]byte, error) { return audit.Sign(t.Context(), tx, key) })
	if err != nil {
		t.Fatal(err)
	}
	in.operator.do(t, "INSERT INTO log_rotation SELECT * FROM put_aside")
	in.operator.do(t, "DROP TABLE put_aside")
	in.operator.do(t, "DELETE FROM log_checkpoint WHERE size = (SELECT size FROM log_head)")
	return signed
}
