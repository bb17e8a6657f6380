package auth

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// Settings are what an installation decides about logging in.
type Settings struct {
	SecretKey   []byte        // 32 bytes that encrypt the secrets of one-time passwords; none: there are no one-time passwords
	RequireTOTP bool          // who accepts or returns needs a one-time password
	FreshProof  time.Duration // how old the last proof of the person may be for weighty acts in a login session; 0: any age will do

	// ContextWords returns what the user works with every day, such as the names of organisations; passwords are not made of it.
	ContextWords func(ctx context.Context, tx *database.Tx, user UserID) ([]string, error)
}

// Service keeps users, what they prove to be themselves with, their login sessions and tokens.
type Service struct {
	db       *database.DB
	settings Settings
	hasher   *hasher
	vault    vault
}

// New returns the service on the store.
func New(db *database.DB, _ calendar.Zone) *Service { return NewWith(db, Settings{}) }

// NewWith is New with settings.
func NewWith(db *database.DB, settings Settings) *Service {
	return &Service{db: db, settings: settings, hasher: newHasher(), vault: vault{key: settings.SecretKey}}
}

// CreateUser adds a user, who can do nothing until a role is granted. Only the installation may.
//
// Faults: forbidden, user_invalid, user_name_taken.
func (s *Service) CreateUser(ctx context.Context, actor Actor, name, fullName string) (User, error) {
	return audit.Write(ctx, s.db, actor.Act("user.create"), func(tx *database.Tx) (User, error) {
		if !actor.Installation {
			return User{}, ErrForbidden
		}
		return addUser(ctx, tx, name, fullName)
	})
}

func addUser(ctx context.Context, tx *database.Tx, name, fullName string) (User, error) {
	user := User{ID: NewUserID(), Name: name, FullName: fullName, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	if err := user.check(); err != nil {
		return User{}, err
	}
	return user, insertUser(ctx, tx, &user)
}

// UserByName returns the user of the name.
//
// Faults: user_unknown.
func (s *Service) UserByName(ctx context.Context, name string) (User, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (User, error) { return findUserByName(ctx, tx, name) })
}

// TokenInput asks for a token of a user within one of the user's grants.
type TokenInput struct {
	User      UserID
	GrantID   uuid.UUID
	Name      string
	ExpiresAt time.Time // the zero time means after 90 days
}

const (
	tokenLife    = 90 * 24 * time.Hour
	maxTokenLife = 365 * 24 * time.Hour
	maxTokenName = 100
)

// IssueToken makes a token and returns it with its text, which is kept nowhere. The installation may, and a user who is logged in, for
// one of the user's own grants: a token makes no further tokens. What a token may is looked up in the grant at each use.
//
// Faults: forbidden, login_session_needed, fresh_proof_needed, user_unknown, grant_unknown, token_expiry, token_invalid.
func (s *Service) IssueToken(ctx context.Context, actor Actor, in TokenInput) (Token, string, error) {
	var plaintext string
	token, err := audit.Write(ctx, s.db, actor.Act("token.issue"), func(tx *database.Tx) (Token, error) {
		switch {
		case actor.Installation:
		case actor.UserID != in.User:
			return Token{}, ErrForbidden
		case !actor.inSession():
			return Token{}, ErrSessionNeeded
		}
		if err := actor.CheckProof(); err != nil {
			return Token{}, err
		}
		token, err := in.token(tx.Now)
		if err != nil {
			return Token{}, err
		}
		if _, err = FindUser(ctx, tx, in.User); err != nil {
			return Token{}, err
		}
		if granted, err := grantOf(ctx, tx, in.GrantID, in.User); err != nil || !granted {
			return Token{}, either(err, ErrGrantUnknown)
		}
		if plaintext, err = newPlaintext(token.ID); err != nil {
			return Token{}, err
		}
		token.Hash = hashOf(plaintext)
		return token, insertToken(ctx, tx, &token)
	})
	return token, plaintext, err
}

func (in TokenInput) token(now time.Time) (Token, error) {
	name, err := text.Clean(in.Name)
	if err != nil {
		return Token{}, err
	}
	var faults fault.Fields
	if faults.Check(name != "", "/name", "field_required") {
		faults.Check(len([]rune(name)) <= maxTokenName, "/name", "text_too_long", fault.Args{"limit": maxTokenName})
	}
	if err := faults.Err(fault.Invalid, "token_invalid"); err != nil {
		return Token{}, err
	}
	expires := in.ExpiresAt.UTC().Truncate(time.Microsecond)
	if in.ExpiresAt.IsZero() {
		expires = now.Add(tokenLife)
	}
	if !expires.After(now) || expires.After(now.Add(maxTokenLife)) {
		return Token{}, ErrTokenExpiry
	}
	id, err := uuid.NewV7()
	return Token{ID: id, UserID: in.User, GrantID: in.GrantID, Name: name, CreatedAt: now, ExpiresAt: expires}, err
}

// ListTokens returns the tokens of a user, revoked and expired ones among them. The user and the installation may.
//
// Faults: forbidden.
func (s *Service) ListTokens(ctx context.Context, actor Actor, user UserID) ([]Token, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Token, error) {
		if !actor.Installation && actor.UserID != user {
			return nil, ErrForbidden
		}
		return listTokens(ctx, tx, user)
	})
}

// RevokeToken ends a token; one that is already revoked stays as it is. The user and the installation may.
//
// Faults: token_unknown.
func (s *Service) RevokeToken(ctx context.Context, actor Actor, id uuid.UUID) (Token, error) {
	return audit.Write(ctx, s.db, actor.Act("token.revoke"), func(tx *database.Tx) (Token, error) {
		token, err := findToken(ctx, tx, id)
		if err != nil {
			return Token{}, err
		}
		if !actor.Installation && actor.UserID != token.UserID {
			return Token{}, ErrTokenUnknown
		}
		if err := revokeToken(ctx, tx, id, tx.Now); err != nil {
			return Token{}, err
		}
		return findToken(ctx, tx, id)
	})
}

// Authenticate returns who holds the token, or is in the login session, of this text.
//
// Faults: unauthenticated.
func (s *Service) Authenticate(ctx context.Context, plaintext string) (Actor, error) {
	if strings.HasPrefix(plaintext, sessionPrefix) {
		return s.authenticateSession(ctx, plaintext)
	}
	id, ok := idOf(plaintext)
	if !ok {
		return Actor{}, ErrUnauthenticated
	}
	return database.Read(ctx, s.db, func(tx *database.Tx) (Actor, error) {
		found, err := findHolder(ctx, tx, id)
		if err != nil {
			return Actor{}, err
		}
		if !sameHash(found.Hash, hashOf(plaintext)) || !found.Usable(tx.Now) || found.DisabledAt != nil {
			return Actor{}, ErrUnauthenticated
		}
		return Actor{UserID: found.UserID, TokenID: found.ID, GrantID: found.GrantID, Name: found.UserName}, nil
	})
}

// either returns the first error that is one.
func either(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
