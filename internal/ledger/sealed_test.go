package ledger

import (
	"strings"
	"testing"
)

// TestLaterCountersChangeNoSealOfBefore: what an entry counted before there was more to count is sealed as it was.
func TestLaterCountersChangeNoSealOfBefore(t *testing.T) {
	t.Parallel()
	plain := Entry{Number: 1, Counters: Counters{Regular: 1, Sittings: 1, InspectedMembers: 2}}
	const fixed = 13 // columns before the counters
	fields := func(e Entry) []string {
		return strings.Split(strings.TrimSpace(string(sealedContent([]Entry{e}))), "|")
	}
	if got := fields(plain); len(got) != fixed+30 || got[len(got)-1] != "2" {
		t.Errorf("%d fields, the last is %s", len(got), got[len(got)-1])
	}
	for i := firstColumns; i < len(columns); i++ {
		later := plain
		*later.cells()[i] = -1
		if got := fields(later); len(got) != fixed+len(columns) || got[fixed+i] != "-1" {
			t.Errorf("%s is not sealed", columns[i])
		}
	}
}
