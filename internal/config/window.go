package config

import (
	"errors"
	"time"
)

// Window is for how long something counts, written as 5m or 1h30m. The zero window, written off, is for ever.
type Window time.Duration

const (
	shortestWindow = time.Minute
	longestWindow  = 12 * time.Hour
)

var errWindow = errors.New("must be a time from 1m to 12h such as 5m, or off")

// UnmarshalText reads the form of the settings.
func (w *Window) UnmarshalText(text []byte) error {
	if string(text) == "off" {
		*w = 0
		return nil
	}
	given, err := time.ParseDuration(string(text))
	if err != nil || given < shortestWindow || given > longestWindow {
		return errWindow
	}
	*w = Window(given)
	return nil
}
