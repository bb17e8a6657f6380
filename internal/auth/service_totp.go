package auth

import (
	"context"
	"encoding/base32"

	"github.com/pquerna/otp/totp"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
)

// Enrolment is the secret of one-time passwords, which is shown once.
type Enrolment struct {
	Secret string // base32
	URL    string // otpauth://…
}

// EnrolTotp makes a secret, which counts for nothing until a code by it was confirmed.
//
// Faults: login_session_needed, fresh_proof_needed, totp_unconfigured, totp_on.
func (s *Service) EnrolTotp(ctx context.Context, actor Actor) (Enrolment, error) {
	return writeOwn(ctx, s, actor, "totp.enrol", func(tx *database.Tx, c *Credential) (Enrolment, error) {
		if err := actor.CheckProof(); err != nil { // with a secret of one's own, the next proof would be easy
			return Enrolment{}, err
		}
		if c.secondFactor() {
			return Enrolment{}, ErrTotpOn
		}
		key, err := totp.Generate(totp.GenerateOpts{Issuer: totpIssuer, AccountName: actor.Name})
		if err != nil {
			return Enrolment{}, err
		}
		secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key.Secret())
		if err != nil {
			return Enrolment{}, err
		}
		if c.TotpSecret, err = s.vault.seal(c.UserID, secret); err != nil {
			return Enrolment{}, err
		}
		return Enrolment{Secret: key.Secret(), URL: key.URL()}, saveCredential(ctx, tx, *c)
	})
}

// ConfirmTotp turns one-time passwords on and returns the recovery codes, which are kept nowhere. The present session counts as one
// with a second factor from now on; the user's other sessions end.
//
// Faults: login_session_needed, fresh_proof_needed, totp_unconfigured, totp_on, totp_off, totp_refused, login_throttled.
func (s *Service) ConfirmTotp(ctx context.Context, actor Actor, code string) ([]string, error) {
	if err := actor.CheckProof(); err != nil {
		return nil, err
	}
	if err := s.hearSelf(ctx, actor); err != nil {
		return nil, err
	}
	return writeOwn(ctx, s, actor, "totp.confirm", func(tx *database.Tx, c *Credential) ([]string, error) {
		switch {
		case c.secondFactor():
			return nil, ErrTotpOn
		case c.TotpSecret == nil:
			return nil, ErrTotpOff
		}
		if err := s.takeTotp(tx, c, code, ErrTotpRefused); err != nil {
			return nil, err
		}
		c.TotpConfirmedAt = &tx.Now
		if err := saveCredential(ctx, tx, *c); err != nil {
			return nil, err
		}
		codes, hashes := make([]string, recoveryCodes), make([][]byte, recoveryCodes)
		for i := range codes {
			codes[i] = newCode()
			hashes[i] = hashOfCode(codes[i])
		}
		if err := replaceRecovery(ctx, tx, c.UserID, hashes); err != nil {
			return nil, err
		}
		if err := endOtherSessions(ctx, tx, c.UserID, actor.SessionID); err != nil {
			return nil, err
		}
		return codes, forgive(ctx, tx, selfSubjects(actor).streak)
	})
}

// RemoveTotp turns one-time passwords off again. It needs the password and a one-time password or recovery code; a password that is
// too short to stand alone has to be changed first.
//
// Faults: login_session_needed, totp_off, login_refused, password_invalid, login_throttled, password_busy, totp_unconfigured.
func (s *Service) RemoveTotp(ctx context.Context, actor Actor, password, code, recoveryCode string) error {
	checked, err := s.prove(ctx, actor, password)
	if err != nil {
		return err
	}
	_, err = writeOwn(ctx, s, actor, "totp.remove", func(tx *database.Tx, c *Credential) (struct{}, error) {
		if !c.secondFactor() {
			return struct{}{}, ErrTotpOff
		}
		if c.Password == nil || *c.Password != checked {
			return struct{}{}, ErrLoginRefused
		}
		if err := s.takeFactor(ctx, tx, c, code, recoveryCode); err != nil {
			return struct{}{}, err
		}
		if err := (policy{least: MinPassword, now: tx.Now}).check(normalPassword(password)); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, dropTotp(ctx, tx, c)
	})
	return err
}

func dropTotp(ctx context.Context, tx *database.Tx, c *Credential) error {
	c.TotpSecret, c.TotpConfirmedAt = nil, nil // the last step stays: no code is good twice
	if err := saveCredential(ctx, tx, *c); err != nil {
		return err
	}
	return replaceRecovery(ctx, tx, c.UserID, nil)
}

// takeFactor takes a one-time password or a recovery code, each once.
//
// Faults: login_refused, totp_unconfigured.
func (s *Service) takeFactor(ctx context.Context, tx *database.Tx, c *Credential, code, recoveryCode string) error {
	if recoveryCode == "" {
		return s.takeTotp(tx, c, code, ErrLoginRefused)
	}
	used, err := useRecovery(ctx, tx, c.UserID, hashOfCode(recoveryCode))
	if err == nil && !used {
		return ErrLoginRefused
	}
	return err
}

func (s *Service) takeTotp(tx *database.Tx, c *Credential, code string, refused error) error {
	secret, err := s.vault.open(c.UserID, c.TotpSecret)
	if err != nil {
		return err
	}
	step, ok, err := stepOf(secret, code, c.TotpStep, tx.Now)
	if err != nil {
		return err
	}
	if !ok {
		return refused
	}
	c.TotpStep = step
	return nil
}

// writeOwn changes the caller's own credential, which takes a login session.
//
// Faults: login_session_needed; those of change.
func writeOwn[T any](
	ctx context.Context, s *Service, actor Actor, act string, change func(*database.Tx, *Credential) (T, error),
) (T, error) {
	return audit.Write(ctx, s.db, actor.Act(act), func(tx *database.Tx) (T, error) {
		var none T
		if !actor.inSession() {
			return none, ErrSessionNeeded
		}
		c, err := lockCredential(ctx, tx, actor.UserID)
		if err != nil {
			return none, err
		}
		return change(tx, &c)
	})
}

// NeedsSecondFactor reports whether a permission is for those alone who logged in with a second factor: to accept and to return.
func NeedsSecondFactor(permission httpapi.Permission) bool { return permission == MeetingReceive }

// CheckFactor decides whether what the caller has shown is enough for the permission.
//
// Faults: token_may_not_receive, second_factor_required.
func CheckFactor(ctx context.Context, tx *database.Tx, actor Actor, permission httpapi.Permission) error {
	switch {
	case actor.Installation || !NeedsSecondFactor(permission):
		return nil
	case actor.inSession():
		if actor.NeedsFactor && !actor.SecondFactor {
			return ErrSecondFactorRequired
		}
		return nil
	}
	people, err := peopleLogIn(ctx, tx)
	if err == nil && people {
		return ErrTokenMayNotReceive
	}
	return err
}
