package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// leafless makes the same program with writes that leave no leaf: go build lays another text over the two files that seal and append. There
// is no such switch in the program itself.
func (b *bench) leafless(ctx context.Context) (program string, err error) {
	b.say("building the program without the leaf")
	folder, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "sochibo/internal/audit").Output()
	if err != nil {
		return "", fmt.Errorf("find the log's package: %w", err)
	}
	replace := map[string]string{}
	texts := map[string]string{}
	for _, change := range []struct{ file, from, into string }{
		// What seals the touched records, ahead or at the end, and appends the leaf does neither.
		{"seal.go", "func seal(ctx context.Context, tx *database.Tx, act Act) error {\n", "\treturn nil\n"},
		{"seal.go", "func SealAhead(ctx context.Context, tx *database.Tx) error {\n", "\treturn nil\n"},
		// What is touched with its content is not committed to.
		{"touch.go", "func TouchContent(tx *database.Tx, kind Kind, id string, content []byte) {\n", "\treturn\n"},
	} {
		path := filepath.Join(strings.TrimSpace(string(folder)), change.file)
		if texts[path] == "" {
			text, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			texts[path] = string(text)
		}
		if strings.Count(texts[path], change.from) != 1 {
			return "", fmt.Errorf("%s has no line %q", path, change.from)
		}
		texts[path] = strings.Replace(texts[path], change.from, change.from+change.into, 1)
	}
	for path, text := range texts {
		replace[path] = filepath.Join(b.dir, filepath.Base(path))
		if err := os.WriteFile(replace[path], []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	list, program := filepath.Join(b.dir, "overlay.json"), filepath.Join(b.dir, "sochibo-leafless")
	return program, errors.Join(os.WriteFile(list, overlay, 0o600), compile(ctx, program, "-overlay", list))
}
