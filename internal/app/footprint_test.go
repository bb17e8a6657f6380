package app_test

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// kept is what the process holds when it has nothing to do.
type kept struct {
	resident   int // bytes of memory
	goroutines int
}

// What a run may leave behind.
const (
	residentGrowth  = 50 << 20
	goroutineGrowth = 20
)

func footprint() kept {
	debug.FreeOSMemory()
	k := kept{goroutines: runtime.NumGoroutine()}
	if data, err := os.ReadFile("/proc/self/statm"); err == nil {
		if fields := strings.Fields(string(data)); len(fields) > 1 {
			pages, _ := strconv.Atoi(fields[1])
			k.resident = pages * os.Getpagesize()
		}
	}
	return k
}

// within fails the test if the process holds much more than before.
func (k kept) within(tb testing.TB, before kept) {
	tb.Helper()
	tb.Logf("resident %d MiB, before %d; goroutines %d, before %d", k.resident>>20, before.resident>>20, k.goroutines, before.goroutines)
	if k.resident > before.resident+residentGrowth || k.goroutines > before.goroutines+goroutineGrowth {
		tb.Errorf("the process has grown from %+v to %+v", before, k)
	}
}
