package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"sochibo/internal/fault"
)

// ErrPasswordBusy says that too many passwords are being checked at once.
var ErrPasswordBusy = fault.Retry(fault.New(fault.Unavailable, "password_busy"), 2*time.Second)

// cost is what one argon2id hash takes; a change of it makes every password be hashed anew at the next login.
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

const (
	saltBytes  = 16
	keyBytes   = 32
	hashQueue  = 2 * time.Second
	mostHashes = 4
)

// theCost is that of OWASP's ASVS 5.0, appendix C, with one thread.
func theCost() cost { return cost{memory: 47104, time: 1, threads: 1} }

// hasher makes and checks password hashes, a few at a time: each takes 46 MiB.
type hasher struct {
	cost  cost
	slots chan struct{}
	dummy string // the hash of nobody's password, so that an unknown name costs what a known one does
}

func newHasher() *hasher {
	h := &hasher{cost: theCost(), slots: make(chan struct{}, min(runtime.NumCPU(), mostHashes))}
	salt, key := make([]byte, saltBytes), make([]byte, keyBytes)
	_, _ = rand.Read(salt) // it never fails
	_, _ = rand.Read(key)
	h.dummy = h.cost.phc(salt, key)
	return h
}

// enter waits for a slot, two seconds at most.
//
// Faults: password_busy; the end of ctx.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	timer := time.NewTimer(hashQueue)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-timer.C:
		return nil, ErrPasswordBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash makes the PHC text of a password in normal form; the caller holds a slot.
func (h *hasher) hash(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // it never fails
	return h.cost.phc(salt, h.cost.key(password, salt))
}

// check reports whether the password in normal form is that of the PHC text; the caller holds a slot. Without a text as much work is
// done, for nothing.
func (h *hasher) check(password string, phc *string) bool {
	text := h.dummy
	if phc != nil {
		text = *phc
	}
	c, salt, want, err := parsePHC(text)
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(c.key(password, salt), want) == 1 && phc != nil
}

// outdated reports whether the PHC text was made at another cost.
func (h *hasher) outdated(phc string) bool {
	c, _, _, err := parsePHC(phc)
	return err != nil || c != h.cost
}

func (c cost) key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, keyBytes)
}

// phc writes salt and key as $argon2id$v=19$m=…,t=…,p=…$salt$key.
func (c cost) phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

func parsePHC(phc string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, fmt.Errorf("not an argon2id hash of version %d", argon2.Version)
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return c, nil, nil, fmt.Errorf("parameters of a hash: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, fmt.Errorf("salt of a hash: %w", err)
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) != keyBytes {
		return c, nil, nil, fmt.Errorf("key of a hash of %d bytes: %w", len(key), err)
	}
	return c, salt, key, nil
}
