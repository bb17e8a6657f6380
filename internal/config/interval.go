package config

import (
	"errors"
	"time"
)

// Interval is how often something is done, written as 5m or 90s. The zero interval, written off, is never.
type Interval time.Duration

var errInterval = errors.New("must be a time such as 5m or 90s, one second at least, or off")

// UnmarshalText reads the form of the settings.
func (i *Interval) UnmarshalText(text []byte) error {
	if string(text) == "off" {
		*i = 0
		return nil
	}
	d, err := time.ParseDuration(string(text))
	if err != nil || d < time.Second {
		return errInterval
	}
	*i = Interval(d)
	return nil
}
