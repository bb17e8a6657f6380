package auth

import (
	"context"
	"time"

	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// Confirmation proves again that it is the user who acts in a login session: by the password, a one-time password or a recovery code.
// Whatever is given has to be right.
type Confirmation struct {
	Password     string
	TOTP         string
	RecoveryCode string
	Device       string // the secret of a device that is known, if the caller has one
	Address      string // where the attempt comes from
}

func (in Confirmation) factor() bool { return in.TOTP != "" || in.RecoveryCode != "" }

func (in Confirmation) check() error {
	var f fault.Fields
	f.Check(in.Password != "" || in.factor(), "/password", "field_required")
	return f.Err(fault.Invalid, "confirmation_invalid")
}

// ConfirmSession notes in the caller's login session that the user has just proved to be the one. With a one-time password, or a recovery
// code in its place, the session is one with a second factor from then on. The attempt counts as one to log in does.
//
// Faults: login_session_needed, confirmation_invalid, login_refused (whatever is wrong with the proof), login_throttled, password_busy,
// totp_unconfigured, unauthenticated where the session ended meanwhile.
func (s *Service) ConfirmSession(ctx context.Context, actor Actor, in Confirmation) (Session, error) {
	if !actor.inSession() {
		return Session{}, ErrSessionNeeded
	}
	if err := in.check(); err != nil {
		return Session{}, err
	}
	who, err := s.hearConfirmation(ctx, actor, in)
	if err != nil {
		return Session{}, err
	}
	return writeOwn(ctx, s, actor, "login.confirm", func(tx *database.Tx, c *Credential) (Session, error) {
		session, err := findSession(ctx, tx, actor.SessionID)
		if err == nil && session.EndedAt != nil {
			err = ErrUnauthenticated
		}
		if err != nil {
			return Session{}, err
		}
		if in.Password != "" && (c.Password == nil || *c.Password != *who.credential.Password) {
			return Session{}, ErrLoginRefused // it was changed since
		}
		if err := s.takeFactorAgain(ctx, tx, c, in); err != nil {
			return Session{}, err
		}
		if err := confirmSession(ctx, tx, &session, in.factor()); err != nil {
			return Session{}, err
		}
		return session, forgive(ctx, tx, who.subjects.streak, who.subjects.account)
	})
}

// hearConfirmation counts the attempt as one to log in, and looks at the password if there is one.
func (s *Service) hearConfirmation(ctx context.Context, actor Actor, in Confirmation) (suspect, error) {
	if in.Password != "" {
		leave, err := s.hasher.enter(ctx)
		if err != nil {
			return suspect{}, err
		}
		defer leave()
	}
	who, err := s.hearLogin(ctx, actor.Act("login.proof"), LoginInput{Name: actor.Name, Device: in.Device, Address: in.Address})
	if err == nil && in.Password != "" && !s.hasher.check(normalPassword(in.Password), who.credential.Password) {
		err = ErrLoginRefused
	}
	return who, err
}

// takeFactorAgain takes the one-time password or recovery code of a confirmation, if there is one. A secret that was never confirmed
// proves nothing.
func (s *Service) takeFactorAgain(ctx context.Context, tx *database.Tx, c *Credential, in Confirmation) error {
	if !in.factor() {
		return nil
	}
	if !c.secondFactor() {
		return ErrLoginRefused
	}
	if err := s.takeFactor(ctx, tx, c, in.TOTP, in.RecoveryCode); err != nil {
		return err
	}
	return saveCredential(ctx, tx, *c)
}

// stale reports whether the last proof of the person in the session is too old for what is weighty.
func (s *Service) stale(session Session) bool {
	return s.settings.FreshProof > 0 && s.db.Now().Sub(session.provenAt()) > s.settings.FreshProof
}

// freshUntil is until when the session will do for what is weighty; nil is for as long as it lives.
func (s *Service) freshUntil(session Session) *time.Time {
	if s.settings.FreshProof == 0 {
		return nil
	}
	until := session.provenAt().Add(s.settings.FreshProof).UTC()
	return &until
}
