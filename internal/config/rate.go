package config

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Rate is how often one caller may do something, written as 20/s:120: 20 in each second, and 120 at once after a rest. The zero
// rate, written off, is no limit.
type Rate struct {
	Count int
	Per   time.Duration
	Burst int
}

var errRate = errors.New("must be a rate such as 20/s:120 (per s, m or h, and at once after a rest), or off")

// UnmarshalText reads the form of the settings.
func (r *Rate) UnmarshalText(text []byte) error {
	if string(text) == "off" {
		*r = Rate{}
		return nil
	}
	count, rest, _ := strings.Cut(string(text), "/")
	unit, burst, _ := strings.Cut(rest, ":")
	per := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
	many, err := strconv.ParseUint(count, 10, 16)
	atOnce, burstErr := strconv.ParseUint(burst, 10, 16)
	if err != nil || burstErr != nil || per == 0 || many == 0 || atOnce == 0 {
		return errRate
	}
	*r = Rate{Count: int(many), Per: per, Burst: int(atOnce)}
	return nil
}
