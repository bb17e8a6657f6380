package auth

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/database"
)

// LoginInput is an attempt to log in.
type LoginInput struct {
	Name         string
	Password     string
	TOTP         string // a one-time password, or
	RecoveryCode string // a code that stands in for one
	Device       string // the secret of a device that is known, if the caller has one
	Address      string // where the attempt comes from
	Remember     bool   // make the device known
}

// Opened is a session that was just opened, with the texts that are kept nowhere.
type Opened struct {
	Session Session
	Token   string
	Device  string // of a device that is new
}

// suspect is who an attempt claims to be, and what it counts for.
type suspect struct {
	user       User
	exists     bool
	credential Credential
	subjects   subjects
	device     *device
}

// Login opens a session. The attempt is counted as a failure first and forgiven when it succeeds, so that parallel guesses count too.
//
// Faults: login_refused (whatever is wrong with name or password), second_factor_missing, login_throttled, password_busy.
func (s *Service) Login(ctx context.Context, in LoginInput) (Opened, error) {
	leave, err := s.hasher.enter(ctx)
	if err != nil {
		return Opened{}, err
	}
	defer leave()
	who, err := s.hearLogin(ctx, audit.Act{Name: "login.attempt", Actor: "anybody"}, in)
	if err != nil {
		return Opened{}, err
	}
	password := normalPassword(in.Password)
	if !s.hasher.check(password, who.credential.Password) || !who.exists || who.user.DisabledAt != nil {
		return Opened{}, ErrLoginRefused
	}
	if who.credential.secondFactor() && in.TOTP == "" && in.RecoveryCode == "" {
		return Opened{}, ErrFactorNeeded
	}
	rehashed := ""
	if s.hasher.outdated(*who.credential.Password) {
		rehashed = s.hasher.hash(password)
	}
	return s.open(ctx, in, who, rehashed)
}

// hearLogin counts the attempt and finds who it claims to be.
func (s *Service) hearLogin(ctx context.Context, act audit.Act, in LoginInput) (suspect, error) {
	return audit.Write(ctx, s.db, act, func(tx *database.Tx) (suspect, error) {
		who := suspect{subjects: strangers(in.Name, network(in.Address))}
		var err error
		if who.user, err = findUserByName(ctx, tx, in.Name); err != nil && !errors.Is(err, ErrUserUnknown) {
			return who, err
		}
		who.exists = err == nil
		// Who does not exist is asked about just as much, so that the time tells nothing.
		if who.credential, err = findCredential(ctx, tx, who.user.ID); err != nil {
			return who, err
		}
		if in.Device != "" {
			if who.device, err = findDevice(ctx, tx, who.user.ID, in.Device); err != nil {
				return who, err
			}
		}
		if who.device != nil {
			who.subjects = known("device", who.device.ID.String())
		}
		return who, hear(ctx, tx, who.subjects)
	})
}

// open opens the session of somebody whose password was right, unless it changed since.
func (s *Service) open(ctx context.Context, in LoginInput, who suspect, rehashed string) (Opened, error) {
	act := Actor{UserID: who.user.ID}.Act("login.open")
	return audit.Write(ctx, s.db, act, func(tx *database.Tx) (Opened, error) {
		credential, err := lockCredential(ctx, tx, who.user.ID)
		if err != nil {
			return Opened{}, err
		}
		user, err := FindUser(ctx, tx, who.user.ID)
		if err != nil {
			return Opened{}, err
		}
		if user.DisabledAt != nil || credential.Password == nil || *credential.Password != *who.credential.Password {
			return Opened{}, ErrLoginRefused
		}
		if credential.secondFactor() {
			if err := s.takeFactor(ctx, tx, &credential, in.TOTP, in.RecoveryCode); err != nil {
				return Opened{}, err
			}
		}
		if rehashed != "" {
			credential.Password = &rehashed
		}
		credential.LastLoginAt = &tx.Now
		if err := saveCredential(ctx, tx, credential); err != nil {
			return Opened{}, err
		}
		if err := forgive(ctx, tx, who.subjects.streak, who.subjects.account); err != nil {
			return Opened{}, err
		}
		return newSession(ctx, tx, user.ID, credential.secondFactor(), in.Remember && who.device == nil)
	})
}

// newSession opens a session under an id of its own, whatever the caller came with, and makes the device known.
func newSession(ctx context.Context, tx *database.Tx, user UserID, factor, remember bool) (Opened, error) {
	opened := Opened{Token: newSecret(sessionPrefix)}
	opened.Session = Session{
		ID: uuid.Must(uuid.NewV7()), UserID: user, Hash: hashOf(opened.Token), SecondFactor: factor,
		CreatedAt: tx.Now, LastUsedAt: tx.Now, ExpiresAt: tx.Now.Add(sessionLife),
	}
	if err := insertSession(ctx, tx, &opened.Session); err != nil || !remember {
		return opened, err
	}
	opened.Device = newSecret("")
	d := device{
		ID: uuid.Must(uuid.NewV7()), UserID: user, Hash: hashOf(opened.Device), CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(deviceLife),
	}
	return opened, insertDevice(ctx, tx, &d)
}

// authenticateSession returns who holds the session of this text.
func (s *Service) authenticateSession(ctx context.Context, plaintext string) (Actor, error) {
	found, err := database.Read(ctx, s.db, func(tx *database.Tx) (visitor, error) {
		found, err := findVisitor(ctx, tx, hashOf(plaintext))
		if err == nil && (!found.Usable(tx.Now) || found.DisabledAt != nil) {
			err = ErrUnauthenticated
		}
		return found, err
	})
	if err != nil {
		return Actor{}, err
	}
	s.noteUse(ctx, found.Session)
	return Actor{
		UserID: found.UserID, SessionID: found.ID, Name: found.UserName, SecondFactor: found.SecondFactor,
		NeedsFactor: s.settings.RequireTOTP, Stale: s.stale(found.Session),
	}, nil
}

// noteUse keeps the session from idling, at most once a minute. It leaves no leaf: the log tells who logged in and what they did, not
// that they looked. Where the store cannot write, reading goes on, and the session idles.
func (s *Service) noteUse(ctx context.Context, session Session) {
	if s.db.Now().Sub(session.LastUsedAt) < sessionTouch {
		return
	}
	_, _ = database.Write(ctx, s.db, func(tx *database.Tx) (struct{}, error) {
		return struct{}{}, touchSession(ctx, tx, session.ID)
	})
}

// Prune forgets attempts to log in that no limit counts any more.
func (s *Service) Prune(ctx context.Context) error {
	_, err := database.Write(ctx, s.db, func(tx *database.Tx) (time.Time, error) { return tx.Now, pruneSessions(ctx, tx) })
	return err
}
