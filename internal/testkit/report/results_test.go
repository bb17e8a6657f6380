package main

import (
	"strings"
	"testing"
)

const passing = `{"Action":"start","Package":"sochibo/internal/x"}
{"Action":"run","Package":"sochibo/internal/x","Test":"TestA"}
{"Action":"run","Package":"sochibo/internal/x","Test":"TestA/sqlite"}
{"Action":"pass","Package":"sochibo/internal/x","Test":"TestA/sqlite","Elapsed":0.1}
{"Action":"run","Package":"sochibo/internal/x","Test":"TestA/postgres"}
{"Action":"output","Package":"sochibo/internal/x","Test":"TestA/postgres","Output":"quiet\n"}
{"Action":"pass","Package":"sochibo/internal/x","Test":"TestA/postgres","Elapsed":0.1}
{"Action":"pass","Package":"sochibo/internal/x","Test":"TestA","Elapsed":0.2}
{"Action":"pass","Package":"sochibo/internal/x","Elapsed":1.5}
`

func TestRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, in, require, out, err string }{
		{"passed", passing, "sqlite,postgres", "       1         1         -      1.5 internal/x", ""},
		{"twice", passing + passing, "sqlite,postgres", "       2         2         -      3.0 internal/x", ""},
		{"failed the first time", strings.ReplaceAll(passing, `"pass","Package":"sochibo/internal/x","Elapsed"`,
			`"fail","Package":"sochibo/internal/x","Elapsed"`) + passing, "", "", "FAILED: internal/x"},
		{"engine absent", strings.ReplaceAll(passing, "postgres", "other"), "sqlite,postgres", "", "no test ran on postgres"},
		{
			"failed", strings.ReplaceAll(passing, `"pass","Package":"sochibo/internal/x","Test":"TestA/postgres"`,
				`"fail","Package":"sochibo/internal/x","Test":"TestA/postgres"`) +
				`{"Action":"fail","Package":"sochibo/internal/x","Elapsed":1}`, "",
			"--- internal/x TestA/postgres\nquiet", "FAILED: internal/x",
		},
		{"not built", `{"Action":"build-output","ImportPath":"x","Output":"bad code\n"}
{"Action":"fail","Package":"sochibo/internal/x","FailedBuild":"x"}`, "", "bad code", "FAILED: internal/x"},
		{"cut short", `{"Action":"run","Package":"sochibo/internal/x","Test":"TestA"}`, "", "", "FAILED: internal/x"},
		{"other words", "go: no such tool\n", "", "go: no such tool", "no package was tested"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := run(strings.NewReader(test.in), &out, test.require)
			if !strings.Contains(out.String(), test.out) {
				t.Errorf("printed %q, want %q in it", out.String(), test.out)
			}
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("got %v, want %q", err, test.err)
			}
		})
	}
}
