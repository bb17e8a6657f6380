package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"hash/crc32"
	"math/big"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/fault"
)

// The faults of tokens.
var (
	ErrUnauthenticated = fault.New(fault.Unauthenticated, "unauthenticated")
	ErrTokenUnknown    = fault.New(fault.NotFound, "token_unknown")
	ErrTokenExpiry     = fault.New(fault.Invalid, "token_expiry")
	ErrGrantUnknown    = fault.New(fault.Invalid, "grant_unknown")
)

// Token lets a program act for a user within one grant of that user, until it expires or is revoked.
type Token struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	UserID    UserID
	GrantID   uuid.UUID
	Name      string
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt *time.Time
}

// TableName names the table of tokens.
func (Token) TableName() string { return "api_token" }

// Usable reports whether the token can be used now.
func (t Token) Usable(now time.Time) bool { return t.RevokedAt == nil && now.Before(t.ExpiresAt) }

// The text of a token is scb_ID_SECRET_SUM: where it is found in a log or a repository, scanners and people know what it is, and a
// slip in copying is seen before the store is asked.
const (
	tokenPrefix  = "scb"
	base         = 62
	idDigits     = 22
	secretDigits = 32
	sumDigits    = 6
)

// newPlaintext makes the text of a token.
func newPlaintext(id uuid.UUID) (string, error) {
	limit := new(big.Int).Exp(big.NewInt(base), big.NewInt(secretDigits), nil)
	secret, err := rand.Int(rand.Reader, limit)
	if err != nil {
		return "", fmt.Errorf("draw a secret: %w", err)
	}
	head := tokenPrefix + "_" + digits(new(big.Int).SetBytes(id[:]), idDigits) + "_" + digits(secret, secretDigits)
	return head + "_" + sum(head), nil
}

// idOf reads the id from the text of a token; the secret is not checked here.
func idOf(plaintext string) (uuid.UUID, bool) {
	parts := strings.Split(plaintext, "_")
	if len(parts) != 4 || parts[0] != tokenPrefix || len(parts[1]) != idDigits || len(parts[2]) != secretDigits {
		return uuid.UUID{}, false
	}
	if parts[3] != sum(strings.Join(parts[:3], "_")) {
		return uuid.UUID{}, false
	}
	number, ok := new(big.Int).SetString(parts[1], base)
	if !ok || number.Sign() < 0 || number.BitLen() > 128 {
		return uuid.UUID{}, false
	}
	var id uuid.UUID
	number.FillBytes(id[:])
	return id, true
}

func digits(number *big.Int, width int) string {
	text := number.Text(base)
	return strings.Repeat("0", width-len(text)) + text
}

func sum(head string) string {
	return digits(big.NewInt(int64(crc32.ChecksumIEEE([]byte(head)))), sumDigits)
}

func hashOf(plaintext string) []byte {
	hash := sha256.Sum256([]byte(plaintext))
	return hash[:]
}

func sameHash(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
