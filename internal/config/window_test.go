package config

import (
	"strings"
	"testing"
	"time"
)

func TestFreshProof(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]time.Duration{"": 5 * time.Minute, "off": 0, "1m": time.Minute, "1h30m": 90 * time.Minute, "12h": 12 * time.Hour} {
		environ := []string{"SOCHIBO_FRESH_PROOF=" + given}
		if given == "" {
			environ = nil
		}
		if c, err := Load(environ); err != nil || time.Duration(c.FreshProof) != want {
			t.Errorf("%q: %s, %v", given, time.Duration(c.FreshProof), err)
		}
	}
	for _, wrong := range []string{"0", "5", "59s", "13h", "-5m", "never", "OFF"} {
		if _, err := Load([]string{"SOCHIBO_FRESH_PROOF=" + wrong}); err == nil || !strings.Contains(err.Error(), "from 1m to 12h") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
