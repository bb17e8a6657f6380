package auth

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/fault"
)

// The faults of logging in and of passwords.
var (
	ErrLoginRefused         = fault.New(fault.Unauthenticated, "login_refused")
	ErrFactorNeeded         = fault.New(fault.Unauthenticated, "second_factor_missing")
	ErrCodeRefused          = fault.New(fault.Invalid, "one_time_code_refused")
	ErrSessionUnknown       = fault.New(fault.NotFound, "login_session_unknown")
	ErrSessionNeeded        = fault.New(fault.Forbidden, "login_session_needed")
	ErrTokenMayNotReceive   = fault.New(fault.Forbidden, "token_may_not_receive")
	ErrSecondFactorRequired = fault.New(fault.Forbidden, "second_factor_required")
	ErrProofNeeded          = fault.New(fault.Forbidden, "fresh_proof_needed")
	ErrOwnAccount           = fault.New(fault.Forbidden, "own_account")
	ErrStale                = fault.New(fault.Stale, "version_stale")
)

// Credential is what a user can prove to be that user with.
type Credential struct {
	UserID          UserID  `gorm:"primaryKey"`
	Password        *string // PHC text
	PasswordSetAt   *time.Time
	CodeHash        []byte // of the code that lets the user set a password
	CodeExpiresAt   *time.Time
	TotpSecret      []byte // encrypted
	TotpConfirmedAt *time.Time
	TotpStep        int64 // that of the last one-time password taken
	LastLoginAt     *time.Time
}

// TableName names the table of credentials.
func (Credential) TableName() string { return "user_credential" }

// secondFactor reports whether a one-time password is asked for.
func (c Credential) secondFactor() bool { return c.TotpConfirmedAt != nil }

// leastPassword is how long a new password must be.
func (c Credential) leastPassword() int {
	if c.secondFactor() {
		return MinPasswordWithFactor
	}
	return MinPassword
}

// recovery is a code that stands in for a one-time password, once.
type recovery struct {
	UserID UserID `gorm:"primaryKey"`
	Hash   []byte `gorm:"primaryKey"`
	UsedAt *time.Time
}

// TableName names the table of recovery codes.
func (recovery) TableName() string { return "recovery_code" }

// device is where a user has logged in before.
type device struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	UserID    UserID
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// TableName names the table of known devices.
func (device) TableName() string { return "known_device" }

// Session is a user who is logged in, until it ends, idles or grows too old.
type Session struct {
	ID           uuid.UUID `gorm:"primaryKey"`
	UserID       UserID
	Hash         []byte
	SecondFactor bool
	CreatedAt    time.Time
	LastUsedAt   time.Time
	ExpiresAt    time.Time
	EndedAt      *time.Time
	ConfirmedAt  *time.Time // when the user last proved again to be the one; opening the session was the first proof
}

// TableName names the table of login sessions.
func (Session) TableName() string { return "login_session" }

// How long a session lives, and how exactly its last use is known.
const (
	sessionIdle  = 30 * time.Minute
	sessionLife  = 12 * time.Hour
	sessionTouch = time.Minute
	deviceLife   = 365 * 24 * time.Hour
	codeLife     = 24 * time.Hour
)

// Usable reports whether the session can be used now.
func (s Session) Usable(now time.Time) bool {
	return s.EndedAt == nil && now.Before(s.ExpiresAt) && now.Sub(s.LastUsedAt) < sessionIdle && !now.Before(s.CreatedAt)
}

// provenAt is when the user last proved to be the one who acts in the session.
func (s Session) provenAt() time.Time {
	if s.ConfirmedAt != nil {
		return *s.ConfirmedAt
	}
	return s.CreatedAt
}

// SealedCredential is a user's credential as the log commits to it, with recovery codes and known devices.
func SealedCredential() audit.Kind {
	return audit.Kind{Name: "credential", Parts: []audit.Part{
		{Model: Credential{}, Key: "user_id"}, {Model: recovery{}, Key: "user_id"}, {Model: device{}, Key: "user_id"},
	}}
}

// SealedSession is a login session as the log commits to it. When it was last used changes too often for a leaf each time.
func SealedSession() audit.Kind {
	return audit.Kind{Name: "login_session", Parts: []audit.Part{{Model: Session{}, Key: "id", Omit: []string{"last_used_at"}}}}
}

const (
	sessionPrefix = "scs_" // a scanner sees what it has found
	secretBytes   = 32
	codeBytes     = 14 // 112 bits
)

// newSecret draws 256 bits as text.
func newSecret(prefix string) string {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // it never fails
	return prefix + base64.RawURLEncoding.EncodeToString(secret)
}

// newCode draws a code of 112 bits that a person can type: XXXXX-XXXXX-… in capitals and digits that are not mistaken for each other.
func newCode() string {
	secret := make([]byte, codeBytes)
	_, _ = rand.Read(secret) // it never fails
	plain := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	var groups []string
	for len(plain) > 0 {
		n := min(len(plain), 5)
		groups, plain = append(groups, plain[:n]), plain[n:]
	}
	return strings.Join(groups, "-")
}

// hashOfCode takes a code as it was typed: small letters, spaces and strokes do not count.
func hashOfCode(typed string) []byte {
	return hashOf(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(typed)))
}
