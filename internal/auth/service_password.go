package auth

import (
	"context"
	"crypto/subtle"
	"errors"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// SetPassword sets a password by the one-time code that the user was given. It ends the user's sessions and forgives failures.
//
// Faults: one_time_code_refused (whatever is wrong with user or code), password_invalid, login_throttled, password_busy.
func (s *Service) SetPassword(ctx context.Context, name, code, password, address string) error {
	password = normalPassword(password)
	if err := s.hearCode(ctx, address); err != nil {
		return err
	}
	if _, err := database.Read(ctx, s.db, func(tx *database.Tx) (struct{}, error) { // before the hash, which is dear
		_, err := s.newPassword(ctx, tx, name, code, password)
		return struct{}{}, err
	}); err != nil {
		return err
	}
	hash, err := s.hashed(ctx, password)
	if err != nil {
		return err
	}
	_, err = audit.Write(ctx, s.db, audit.Act{Name: "password.set", Actor: "anybody"}, func(tx *database.Tx) (struct{}, error) {
		c, err := s.newPassword(ctx, tx, name, code, password)
		if err != nil {
			return struct{}{}, err
		}
		if c, err = lockCredential(ctx, tx, c.UserID); err != nil {
			return struct{}{}, err
		}
		if !codeFits(c, code, tx) {
			return struct{}{}, ErrCodeRefused
		}
		return struct{}{}, keepPassword(ctx, tx, c, name, hash)
	})
	return err
}

// hearCode counts an attempt with a code for the address it comes from; a code is too long to be guessed otherwise.
func (s *Service) hearCode(ctx context.Context, address string) error {
	act := audit.Act{Name: "password.attempt", Actor: "anybody"}
	_, err := audit.Write(ctx, s.db, act, func(tx *database.Tx) (struct{}, error) { return struct{}{}, HearStranger(ctx, tx, address) })
	return err
}

// newPassword checks the code and the password that is to be set by it.
func (s *Service) newPassword(ctx context.Context, tx *database.Tx, name, code, password string) (Credential, error) {
	user, err := findUserByName(ctx, tx, name)
	if errors.Is(err, ErrUserUnknown) {
		return Credential{}, ErrCodeRefused
	}
	if err != nil {
		return Credential{}, err
	}
	c, err := findCredential(ctx, tx, user.ID)
	if err != nil {
		return Credential{}, err
	}
	if user.DisabledAt != nil || !codeFits(c, code, tx) {
		return Credential{}, ErrCodeRefused
	}
	return c, s.checkPassword(ctx, tx, user, c, password)
}

func codeFits(c Credential, code string, tx *database.Tx) bool {
	return c.CodeHash != nil && c.CodeExpiresAt != nil && tx.Now.Before(*c.CodeExpiresAt) &&
		subtle.ConstantTimeCompare(c.CodeHash, hashOfCode(code)) == 1
}

// checkPassword measures a new password of the user.
//
// Faults: password_invalid.
func (s *Service) checkPassword(ctx context.Context, tx *database.Tx, user User, c Credential, password string) error {
	words := []string{user.Name, user.FullName}
	if s.settings.ContextWords != nil {
		more, err := s.settings.ContextWords(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		words = append(words, more...)
	}
	return policy{least: c.leastPassword(), words: words, now: tx.Now}.check(password)
}

// keepPassword stores a hash: the code is spent, sessions end, devices are forgotten, and failures are forgiven.
func keepPassword(ctx context.Context, tx *database.Tx, c Credential, name, hash string) error {
	c.Password, c.PasswordSetAt, c.CodeHash, c.CodeExpiresAt = &hash, &tx.Now, nil, nil
	if err := saveCredential(ctx, tx, c); err != nil {
		return err
	}
	if err := removeDevices(ctx, tx, c.UserID); err != nil {
		return err
	}
	if err := endSessionsOf(ctx, tx, c.UserID); err != nil {
		return err
	}
	return forgive(ctx, tx, strangers(name, "").account)
}

func (s *Service) hashed(ctx context.Context, password string) (string, error) {
	leave, err := s.hasher.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return s.hasher.hash(password), nil
}

// ChangePassword changes the caller's password. All of the user's sessions end, the present one too.
//
// Faults: login_session_needed, login_refused, password_invalid, login_throttled, password_busy.
func (s *Service) ChangePassword(ctx context.Context, actor Actor, present, next string) error {
	checked, err := s.prove(ctx, actor, present)
	if err != nil {
		return err
	}
	next = normalPassword(next)
	if _, err := database.Read(ctx, s.db, func(tx *database.Tx) (struct{}, error) {
		return struct{}{}, s.checkOwn(ctx, tx, actor, next)
	}); err != nil {
		return err
	}
	hash, err := s.hashed(ctx, next)
	if err != nil {
		return err
	}
	_, err = writeOwn(ctx, s, actor, "password.change", func(tx *database.Tx, c *Credential) (struct{}, error) {
		if c.Password == nil || *c.Password != checked {
			return struct{}{}, ErrLoginRefused
		}
		if err := s.checkOwn(ctx, tx, actor, next); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, keepPassword(ctx, tx, *c, actor.Name, hash)
	})
	return err
}

func (s *Service) checkOwn(ctx context.Context, tx *database.Tx, actor Actor, password string) error {
	user, err := FindUser(ctx, tx, actor.UserID)
	if err != nil {
		return err
	}
	c, err := findCredential(ctx, tx, actor.UserID)
	if err != nil {
		return err
	}
	return s.checkPassword(ctx, tx, user, c, password)
}

// prove checks the password of somebody who is logged in and returns the hash that it fits.
//
// Faults: login_session_needed, login_refused, login_throttled, password_busy.
func (s *Service) prove(ctx context.Context, actor Actor, password string) (string, error) {
	if err := s.hearSelf(ctx, actor); err != nil {
		return "", err
	}
	c, err := database.Read(ctx, s.db, func(tx *database.Tx) (Credential, error) { return findCredential(ctx, tx, actor.UserID) })
	if err != nil {
		return "", err
	}
	leave, err := s.hasher.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	if !s.hasher.check(normalPassword(password), c.Password) {
		return "", ErrLoginRefused
	}
	_, err = database.Write(ctx, s.db, func(tx *database.Tx) (struct{}, error) {
		return struct{}{}, forgive(ctx, tx, selfSubjects(actor).streak)
	})
	return *c.Password, err
}

// hearSelf counts an attempt of somebody who is logged in to prove it again.
func (s *Service) hearSelf(ctx context.Context, actor Actor) error {
	_, err := audit.Write(ctx, s.db, actor.Act("login.proof"), func(tx *database.Tx) (struct{}, error) {
		if !actor.inSession() {
			return struct{}{}, ErrSessionNeeded
		}
		return struct{}{}, hear(ctx, tx, selfSubjects(actor))
	})
	return err
}

func selfSubjects(actor Actor) subjects { return known("self", actor.UserID.String()) }

// endOtherSessions ends the user's sessions but this one, which has a second factor from now on.
func endOtherSessions(ctx context.Context, tx *database.Tx, user UserID, keep uuid.UUID) error {
	if err := endSessionsOf(ctx, tx, user); err != nil {
		return err
	}
	return resumeSession(ctx, tx, keep)
}
