package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"sochibo/internal/fault"
)

// ErrThrottled says that there were too many failures; Retry-After says when to try again.
var ErrThrottled = fault.New(fault.TooMany, "login_throttled")

// The limits of guessing. An office shares one address, so the limit of addresses is wide.
const (
	freeFailures    = 4 // in a row; after the next one, waiting begins
	longestWait     = 15 * time.Minute
	attemptWindow   = time.Hour
	accountAttempts = 60
	addressAttempts = 600
	closedAfter     = 100 // failures in a row close the password path for unknown devices until a reset
	closedRetry     = time.Hour
)

// waitAfter is how long to wait after so many failures in a row: 2^k seconds from the fifth on, a quarter of an hour at most.
func waitAfter(failures int) time.Duration {
	if failures <= freeFailures {
		return 0
	}
	if failures >= 10 {
		return longestWait
	}
	return min(time.Second<<failures, longestWait)
}

// subjects are what an attempt counts for: hashes, since what is counted may be a name that nobody has.
type subjects struct {
	streak  string // whose failures in a row make it wait
	account string // whose attempts are 60 an hour, and whose failures in a row close it
	address string // whose attempts are 600 an hour; empty for a known device
	closes  bool
}

// strangers counts an attempt from an unknown device.
func strangers(name, network string) subjects {
	return subjects{
		streak: subject("pair", name, network), account: subject("account", name), address: subject("address", network), closes: true,
	}
}

// known counts an attempt from where the user has been before, which strangers' failures do not touch.
func known(what, id string) subjects {
	s := subject(what, id)
	return subjects{streak: s, account: s}
}

func subject(parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		hash.Write([]byte(part))
		hash.Write([]byte{0})
	}
	return parts[0] + ":" + hex.EncodeToString(hash.Sum(nil))
}

// network is the neighbourhood of an address: the /24 of an IPv4 address, the /48 of an IPv6 one.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	bits := 48
	if ip.Is4() {
		bits = 24
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}

// streak is how many attempts of a subject failed in a row, and before when none is heard.
type streak struct {
	Subject   string `gorm:"primaryKey;column:subject"`
	Failures  int
	NotBefore time.Time
	UpdatedAt time.Time
}

// TableName names the table of failures in a row.
func (streak) TableName() string { return "login_failure" }

// attempt is one attempt that was heard.
type attempt struct {
	ID      string `gorm:"primaryKey"`
	Subject string
	At      time.Time
}

// TableName names the table of attempts.
func (attempt) TableName() string { return "login_attempt" }
