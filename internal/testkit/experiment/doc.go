// Package experiment reports what an experiment of docs/reliability.md found, as one line of JSON.
//
// It owns the form of that line and the switch for the long forms. It calls no other room.
package experiment

import (
	"encoding/json"
	"os"
	"testing"
)

// Result is what one experiment found on one engine.
type Result struct {
	ID       string `json:"id"`
	Engine   string `json:"engine"`
	Seed     uint64 `json:"seed"`
	N        int    `json:"n"`        // trials
	Observed int    `json:"observed"` // of what the experiment counts, which Pass judges
	Pass     bool   `json:"pass"`
}

// Report prints the result and fails the test if the experiment did not pass.
func Report(tb testing.TB, r Result) {
	tb.Helper()
	line, err := json.Marshal(r)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Log(string(line))
	if !r.Pass {
		tb.Errorf("%s on %s did not pass", r.ID, r.Engine)
	}
}

// Long reports whether the long form is asked for, as make soak does.
func Long() bool { return os.Getenv("SOCHIBO_SOAK") != "" }
