package auth

import (
	"context"

	"sochibo/internal/database"
)

// The functions below are parts of use cases of identity, where an identity provider says who somebody is.

// OpenSession opens a session for a user who has proved to be that user elsewhere; factor says whether with a second factor.
//
// Faults: user_unknown, user_disabled.
func OpenSession(ctx context.Context, tx *database.Tx, id UserID, factor bool) (Opened, error) {
	credential, err := lockCredential(ctx, tx, id)
	if err != nil {
		return Opened{}, err
	}
	user, err := FindUser(ctx, tx, id)
	if err != nil {
		return Opened{}, err
	}
	if user.DisabledAt != nil {
		return Opened{}, ErrUserDisabled
	}
	credential.LastLoginAt = &tx.Now
	if err := saveCredential(ctx, tx, credential); err != nil {
		return Opened{}, err
	}
	return newSession(ctx, tx, id, factor, false)
}

// CloseSession ends the present session.
//
// Faults: login_session_needed, login_session_unknown.
func CloseSession(ctx context.Context, tx *database.Tx, actor Actor) (Session, error) {
	if !actor.inSession() {
		return Session{}, ErrSessionNeeded
	}
	session, err := findSession(ctx, tx, actor.SessionID)
	if err != nil {
		return Session{}, err
	}
	return session, EndSession(ctx, tx, session)
}

// EndSessionsOf ends all sessions of the user.
func EndSessionsOf(ctx context.Context, tx *database.Tx, id UserID) error {
	if _, err := lockCredential(ctx, tx, id); err != nil {
		return err
	}
	return endSessionsOf(ctx, tx, id)
}

// HearStranger counts an attempt to log in for the address it comes from, of which there are 600 an hour.
//
// Faults: login_throttled.
func HearStranger(ctx context.Context, tx *database.Tx, address string) error {
	of := subject("address", network(address))
	if _, err := lockStreak(ctx, tx, of); err != nil {
		return err
	}
	return hearOne(ctx, tx, of, addressAttempts)
}
