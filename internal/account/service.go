package account

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Service holds the use cases of administering users.
type Service struct {
	db *database.DB
}

// New returns the service.
func New(db *database.DB, _ calendar.Zone) *Service { return &Service{db: db} }

// Invited is a user with the one-time code by which the user sets a password. The code is kept nowhere.
type Invited struct {
	User auth.User
	Code string
}

// Create adds a user, who can do nothing until a role is granted.
//
// Faults: forbidden, user_invalid, user_name_taken.
func (s *Service) Create(ctx context.Context, actor auth.Actor, name, fullName string) (Invited, error) {
	return audit.Write(ctx, s.db, actor.Act("user.create"), func(tx *database.Tx) (Invited, error) {
		if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.UserWrite); err != nil {
			return Invited{}, err
		}
		user, code, err := auth.AddUser(ctx, tx, name, fullName)
		return Invited{User: user, Code: code}, err
	})
}

// Reset takes the user's password away, ends the user's sessions and returns a one-time code for another password. With forget it also
// turns one-time passwords off, which only the installation may.
//
// Faults: forbidden, user_unknown.
func (s *Service) Reset(ctx context.Context, actor auth.Actor, id auth.UserID, forget bool) (Invited, error) {
	return audit.Write(ctx, s.db, actor.Act("user.reset"), func(tx *database.Tx) (Invited, error) {
		user, err := Administered(ctx, tx, actor, id)
		if err != nil {
			return Invited{}, err
		}
		if forget {
			if !actor.Installation {
				return Invited{}, org.ErrForbidden
			}
			if err := auth.ForgetFactor(ctx, tx, user); err != nil {
				return Invited{}, err
			}
		}
		code, err := auth.ResetPassword(ctx, tx, user)
		return Invited{User: user, Code: code}, err
	})
}

// Get returns a user; faults: forbidden, user_unknown.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id auth.UserID) (auth.User, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (auth.User, error) { return Seen(ctx, tx, actor, id) })
}

// Edit changes a user if match is the current version. Disabling ends the user's sessions at once, and tokens work no more.
//
// Faults: forbidden, user_unknown, user_invalid, version_stale, own_account.
func (s *Service) Edit(ctx context.Context, actor auth.Actor, id auth.UserID, match int64, change auth.UserChange) (auth.User, error) {
	return audit.Write(ctx, s.db, actor.Act("user.edit"), func(tx *database.Tx) (auth.User, error) {
		user, err := Administered(ctx, tx, actor, id)
		if err != nil {
			return auth.User{}, err
		}
		return auth.EditUser(ctx, tx, actor, user, match, change)
	})
}

// List returns the users the actor administers, one more than the limit if there are more; fault: forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor, name string, page httpapi.Page) ([]auth.User, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]auth.User, error) {
		sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.UserRead)
		if err != nil {
			return nil, err
		}
		filter := auth.UserFilter{Name: name, Limit: page.Limit}
		filter.Where, filter.Args = sight.ForRow().WhereUser(auth.UserColumn)
		if page.After != nil {
			filter.After = page.After[0]
		}
		return auth.ListUsers(ctx, tx, filter)
	})
}

// Sessions returns the open login sessions of a user, or the actor's own if none is named; one more than the limit if there are more.
//
// Faults: forbidden, user_unknown.
func (s *Service) Sessions(ctx context.Context, actor auth.Actor, of *auth.UserID, page httpapi.Page) ([]auth.Session, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]auth.Session, error) {
		user := actor.UserID
		if of != nil && *of != user {
			other, err := Administered(ctx, tx, actor, *of)
			if err != nil {
				return nil, err
			}
			user = other.ID
		}
		filter := auth.SessionFilter{Where: auth.SessionColumn + " = ?", Args: []any{user}, Limit: page.Limit}
		if page.After != nil {
			var err error
			if filter.After, err = uuid.Parse(page.After[0]); err != nil {
				return nil, err
			}
		}
		return auth.ListSessions(ctx, tx, filter)
	})
}

// EndSession ends a login session: the actor's own, or one of a user the actor administers.
//
// Faults: login_session_unknown.
func (s *Service) EndSession(ctx context.Context, actor auth.Actor, id uuid.UUID) (auth.Session, error) {
	return audit.Write(ctx, s.db, actor.Act("login.end"), func(tx *database.Tx) (auth.Session, error) {
		session, err := auth.FindSession(ctx, tx, id)
		if err != nil {
			return auth.Session{}, err
		}
		if session.UserID != actor.UserID {
			if _, err := Administered(ctx, tx, actor, session.UserID); err != nil {
				return auth.Session{}, auth.ErrSessionUnknown
			}
		}
		return session, auth.EndSession(ctx, tx, session)
	})
}

// Seen returns a user whom the actor may see.
//
// Faults: forbidden, user_unknown.
func Seen(ctx context.Context, tx *database.Tx, actor auth.Actor, id auth.UserID) (auth.User, error) {
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.UserRead)
	if err != nil {
		return auth.User{}, err
	}
	where, args := sight.ForRow().WhereUser(auth.UserColumn)
	ok, err := auth.MatchesUser(ctx, tx, id, where, args...)
	switch {
	case err != nil:
		return auth.User{}, err
	case !ok:
		return auth.User{}, auth.ErrUserUnknown
	}
	return auth.FindUser(ctx, tx, id)
}

// Administered returns a user whom the actor may change.
//
// Faults: forbidden, user_unknown.
func Administered(ctx context.Context, tx *database.Tx, actor auth.Actor, id auth.UserID) (auth.User, error) {
	user, err := Seen(ctx, tx, actor, id)
	if err != nil {
		return auth.User{}, err
	}
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.UserWrite)
	if err != nil {
		return auth.User{}, err
	}
	where, args := sight.ForRow().WhereUserWithin(auth.UserColumn)
	ok, err := auth.MatchesUser(ctx, tx, id, where, args...)
	if err == nil && !ok {
		err = org.ErrForbidden
	}
	return user, err
}
