package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Parallel()
	given := func(string) string { return "postgres://given" }
	for _, test := range []struct {
		name   string
		args   []string
		status int
		output string
	}{
		{"hands the address on", []string{"--", "sh", "-c", "echo $SOCHIBO_TEST_POSTGRES_URL"}, 0, "postgres://given"},
		{"keeps the exit status", []string{"sh", "-c", "exit 7"}, 7, ""},
		{"no command", []string{"--"}, 2, "usage"},
		{"unknown command", []string{"--", "no-such-program"}, 2, "no-such-program"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			status := run(t.Context(), test.args, given, strings.NewReader(""), &out, &out)
			if status != test.status || !strings.Contains(out.String(), test.output) {
				t.Errorf("status %d: %s", status, out.String())
			}
		})
	}
}

func TestRunStartsACluster(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	none := func(string) string { return "" }
	script := `echo "$SOCHIBO_TEST_POSTGRES_URL"; test -S "$(echo "$SOCHIBO_TEST_POSTGRES_URL" | sed 's/.*host=//; s/&.*//; s/%2F/\//g')/.s.PGSQL.5432"`
	if status := run(t.Context(), []string{"--", "sh", "-c", script}, none, strings.NewReader(""), &out, &out); status != 0 {
		t.Errorf("status %d: %s", status, out.String())
	}
}
