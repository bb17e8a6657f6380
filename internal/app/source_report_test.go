package app_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sochibo/internal/auth"
	"sochibo/internal/exchange"
)

// TestSourceReport asks every request of docs/source-report.md on the sample, and compares the answers with what the page says.
func TestSourceReport(t *testing.T) {
	t.Parallel()
	blocks := guide(t, "../../docs/source-report.md")
	if len(blocks) < 15 {
		t.Fatalf("found only %d blocks of shell", len(blocks))
	}
	eachServer(t, func(t *testing.T, s server) {
		if _, err := s.Exchange.Import(t.Context(), auth.InstallationActor(), exchange.Sample(), exchange.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		printed := runBlocks(t, s, blocks)
		for i, b := range blocks {
			if diff := cmp.Diff(b.prints, printed[i]); diff != "" {
				t.Errorf("%s\nprints other than the page says (-says +prints):\n%s", b.code, diff)
			}
			if i > 0 && printed[i] == "" {
				t.Errorf("%s\nprints nothing", b.code)
			}
		}
	})
}
