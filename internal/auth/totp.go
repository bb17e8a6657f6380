package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"sochibo/internal/fault"
)

// The faults of one-time passwords.
var (
	ErrTotpUnconfigured = fault.New(fault.Conflict, "totp_unconfigured")
	ErrTotpOn           = fault.New(fault.Conflict, "totp_on")
	ErrTotpOff          = fault.New(fault.Conflict, "totp_off")
	ErrTotpRefused      = fault.New(fault.Invalid, "totp_refused")
)

const (
	totpIssuer    = "sochibo"
	totpPeriod    = 30
	totpDigits    = 6
	totpSkew      = 1 // steps before and after the present one
	recoveryCodes = 10
	secretKeySize = 32
)

// vault encrypts what must not be read from the store alone.
type vault struct{ key []byte }

func (v vault) aead() (cipher.AEAD, error) {
	if len(v.key) != secretKeySize {
		return nil, ErrTotpUnconfigured
	}
	block, err := aes.NewCipher(v.key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal encrypts the text for one user; for another it does not open.
func (v vault) seal(user UserID, plain []byte) ([]byte, error) {
	aead, err := v.aead()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // it never fails
	return aead.Seal(nonce, nonce, plain, user.UUID[:]), nil
}

// open decrypts what seal made.
//
// Faults: totp_unconfigured.
func (v vault) open(user UserID, sealed []byte) ([]byte, error) {
	aead, err := v.aead()
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errors.New("an encrypted secret is too short")
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], user.UUID[:])
	if err != nil {
		return nil, fmt.Errorf("decrypt a secret (was the secret key changed?): %w", err)
	}
	return plain, nil
}

// stepOf finds the step whose one-time password was typed, later than the last one that was taken, so that each is good once.
func stepOf(secret []byte, typed string, last int64, now time.Time) (int64, bool, error) {
	typed = strings.ReplaceAll(strings.TrimSpace(typed), " ", "")
	encoded := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	present := now.Unix() / totpPeriod
	for step := present - totpSkew; step <= present+totpSkew; step++ {
		want, err := totp.GenerateCode(encoded, time.Unix(step*totpPeriod, 0).UTC())
		if err != nil {
			return 0, false, fmt.Errorf("make a one-time password: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(typed)) == 1 && step > last {
			return step, true, nil
		}
	}
	return 0, false, nil
}
