package auth

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// The functions below are parts of use cases of account, which decides who may.

// AddUser adds a user and returns the one-time code with which the user sets a password.
//
// Faults: user_invalid, user_name_taken.
func AddUser(ctx context.Context, tx *database.Tx, name, fullName string) (User, string, error) {
	user, err := addUser(ctx, tx, name, fullName)
	if err != nil {
		return User{}, "", err
	}
	code, err := ResetPassword(ctx, tx, user)
	return user, code, err
}

// ResetPassword takes the user's password away and returns a one-time code for another. The user's sessions end, known devices are
// forgotten, failures forgiven; one-time passwords stay on.
func ResetPassword(ctx context.Context, tx *database.Tx, user User) (string, error) {
	c, err := lockCredential(ctx, tx, user.ID)
	if err != nil {
		return "", err
	}
	code, expires := newCode(), tx.Now.Add(codeLife)
	c.Password, c.PasswordSetAt, c.CodeHash, c.CodeExpiresAt = nil, nil, hashOfCode(code), &expires
	if err := saveCredential(ctx, tx, c); err != nil {
		return "", err
	}
	if err := removeDevices(ctx, tx, user.ID); err != nil {
		return "", err
	}
	if err := endSessionsOf(ctx, tx, user.ID); err != nil {
		return "", err
	}
	return code, forgive(ctx, tx, strangers(user.Name, "").account)
}

// ForgetFactor turns the user's one-time passwords off, for somebody who has lost them with all recovery codes.
func ForgetFactor(ctx context.Context, tx *database.Tx, user User) error {
	c, err := lockCredential(ctx, tx, user.ID)
	if err != nil {
		return err
	}
	return dropTotp(ctx, tx, &c)
}

// UserChange is what an edit of a user alters; what is not set stays.
type UserChange struct {
	FullName httpapi.Optional[string]
	Disabled httpapi.Optional[bool]
}

// EditUser changes a user if match is the current version. Disabling ends the user's sessions at once.
//
// Faults: user_invalid, version_stale, own_account.
func EditUser(ctx context.Context, tx *database.Tx, actor Actor, user User, match int64, change UserChange) (User, error) {
	if user.Version != match {
		return User{}, fault.WithETag(ErrStale, httpapi.ETag(user.Version))
	}
	if change.Disabled.Set && actor.UserID == user.ID && !actor.Installation {
		return User{}, ErrOwnAccount
	}
	if change.FullName.Set {
		user.FullName = change.FullName.Value
	}
	switch {
	case change.Disabled.Set && !change.Disabled.Value:
		user.DisabledAt = nil
	case change.Disabled.Set && user.DisabledAt == nil:
		user.DisabledAt = &tx.Now
	}
	if err := user.check(); err != nil {
		return User{}, err
	}
	if err := saveUser(ctx, tx, &user); err != nil {
		return User{}, err
	}
	if user.DisabledAt != nil {
		if _, err := lockCredential(ctx, tx, user.ID); err != nil {
			return User{}, err
		}
		return user, endSessionsOf(ctx, tx, user.ID)
	}
	return user, nil
}

// UserFilter says which users to list: those for whom Where holds.
type UserFilter struct {
	Where string
	Args  []any
	Name  string
	After string // the name of the last row of the page before
	Limit int
}

// SessionFilter says which sessions to list: those of users for whom Where holds that have not ended.
type SessionFilter struct {
	Where string
	Args  []any
	After uuid.UUID
	Limit int
}

// EndSession ends a session; one that has ended stays as it is.
func EndSession(ctx context.Context, tx *database.Tx, session Session) error {
	if session.EndedAt != nil {
		return nil
	}
	return endSessions(ctx, tx, []Session{session})
}

// FindSession returns the session; fault: login_session_unknown.
func FindSession(ctx context.Context, tx *database.Tx, id uuid.UUID) (Session, error) {
	return findSession(ctx, tx, id)
}

// Logout ends the present session.
//
// Faults: login_session_needed, login_session_unknown.
func (s *Service) Logout(ctx context.Context, actor Actor) (Session, error) {
	return audit.Write(ctx, s.db, actor.Act("login.close"), func(tx *database.Tx) (Session, error) { return CloseSession(ctx, tx, actor) })
}

// usableSince is the last use before which a session has idled.
func usableSince(now time.Time) time.Time { return now.Add(-sessionIdle) }
