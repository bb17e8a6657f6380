package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/account"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
)

// Settings are what an installation decides about its identity provider; without an issuer there is none.
type Settings struct {
	Issuer        string
	ClientID      string
	ClientSecret  string
	Name          string   // of the provider, as people know it
	PublicURL     string   // where browsers reach this server
	ReturnOrigins []string // whose pages a login may return to besides this server's
	FactorAMR     []string // values of amr that mean a second factor
	FactorACR     []string // values of acr that do
}

// on reports whether there is a provider.
func (s Settings) on() bool { return s.Issuer != "" }

// callbackPath is where the provider sends browsers back to.
const callbackPath = "/login-exchanges/callback"

// callback is the redirect URI that the provider has to know.
func (s Settings) callback() string { return s.PublicURL + "/api/v1" + callbackPath }

// Service holds the use cases of identities and of logging in through the provider.
type Service struct {
	db       *database.DB
	settings Settings
	provider *provider
}

// New returns the service on the store.
func New(db *database.DB, settings Settings) *Service {
	return &Service{db: db, settings: settings, provider: newProvider(settings, db.Now)}
}

// List returns the identities of a user.
//
// Faults: forbidden, user_unknown.
func (s *Service) List(ctx context.Context, actor auth.Actor, user auth.UserID) ([]Identity, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Identity, error) {
		if _, err := account.Seen(ctx, tx, actor, user); err != nil {
			return nil, err
		}
		return list(ctx, tx, user)
	})
}

// Link says that a person at a provider is this user, and may log in as such. Nobody does so for the own account.
//
// Faults: forbidden, user_unknown, own_identity, identity_invalid, identity_taken.
func (s *Service) Link(ctx context.Context, actor auth.Actor, user auth.UserID, in Input) (Identity, error) {
	return audit.Write(ctx, s.db, actor.Act("identity.link"), func(tx *database.Tx) (Identity, error) {
		if _, err := account.Administered(ctx, tx, actor, user); err != nil {
			return Identity{}, err
		}
		if actor.UserID == user && !actor.Installation {
			return Identity{}, ErrOwn
		}
		if err := in.check(); err != nil {
			return Identity{}, err
		}
		i := Identity{
			ID: uuid.Must(uuid.NewV7()), UserID: user, Issuer: in.Issuer, Subject: in.Subject, CreatedBy: actor.Editor(), CreatedAt: tx.Now,
		}
		return i, insert(ctx, tx, &i)
	})
}

// Unlink takes an identity away from a user, whose login sessions end, since some of them may be that person's.
//
// Faults: forbidden, user_unknown, identity_unknown.
func (s *Service) Unlink(ctx context.Context, actor auth.Actor, user auth.UserID, id uuid.UUID) (Identity, error) {
	return audit.Write(ctx, s.db, actor.Act("identity.unlink"), func(tx *database.Tx) (Identity, error) {
		if _, err := account.Administered(ctx, tx, actor, user); err != nil {
			return Identity{}, err
		}
		i, err := findOf(ctx, tx, user, id)
		if err != nil {
			return Identity{}, err
		}
		if err := remove(ctx, tx, i); err != nil {
			return Identity{}, err
		}
		return i, auth.EndSessionsOf(ctx, tx, user)
	})
}

// Prune forgets logins that can end no more.
func (s *Service) Prune(ctx context.Context) error {
	_, err := database.Write(ctx, s.db, func(tx *database.Tx) (time.Time, error) { return tx.Now, pruneExchanges(ctx, tx) })
	return err
}
