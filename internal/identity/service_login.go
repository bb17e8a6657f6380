package identity

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
)

// Begun is a login that goes on at the provider.
type Begun struct {
	URL       string
	Browser   string // the secret of the browser it began in, which is kept nowhere
	ExpiresAt time.Time
}

// Begin begins a login: it ends at returnTo. The address is that of the caller.
//
// Faults: provider_unconfigured, provider_unavailable, return_refused, login_throttled.
func (s *Service) Begin(ctx context.Context, returnTo, address string) (Begun, error) {
	if !s.settings.on() {
		return Begun{}, ErrOff
	}
	returnTo, err := s.settings.returnTo(returnTo)
	if err != nil {
		return Begun{}, err
	}
	known, err := s.provider.metadata(ctx)
	if err != nil {
		return Begun{}, err
	}
	act := audit.Act{Name: "login.begin", Actor: "anybody"}
	return audit.Write(ctx, s.db, act, func(tx *database.Tx) (Begun, error) {
		if err := auth.HearStranger(ctx, tx, address); err != nil {
			return Begun{}, err
		}
		x, state, browser := newExchange(tx.Now, returnTo)
		begun := Begun{URL: s.provider.authorization(known, x, state), Browser: browser, ExpiresAt: x.ExpiresAt}
		return begun, insertExchange(ctx, tx, &x)
	})
}

// Return is what a browser brings back from the provider.
type Return struct {
	State, Code string
	Issuer      string // who says so, where the provider says who (RFC 9207)
	Error       string // why there is no code
	Browser     string // the secret of the browser
	Address     string
}

// Finish opens a session for whoever the provider says has logged in, if an administrator has linked that person to a user. It also
// returns where the browser goes now, whether or not that succeeds.
//
// Faults: provider_unconfigured, login_throttled, login_exchange_refused, provider_refused, provider_unavailable, identity_refused,
// identity_unlinked, user_disabled.
func (s *Service) Finish(ctx context.Context, in Return) (opened auth.Opened, returnTo string, err error) {
	if !s.settings.on() {
		return auth.Opened{}, "/", ErrOff
	}
	x, err := s.hear(ctx, in)
	if err != nil {
		return auth.Opened{}, "/", err
	}
	if in.Error != "" {
		return auth.Opened{}, x.ReturnTo, fault.With(ErrProviderRefused, fault.Args{"reason": word(in.Error)})
	}
	known, err := s.provider.metadata(ctx)
	if err != nil {
		return auth.Opened{}, x.ReturnTo, err
	}
	who, err := s.provider.redeem(ctx, known, x, in.Code)
	if err != nil {
		return auth.Opened{}, x.ReturnTo, err
	}
	opened, err = s.open(ctx, who)
	return opened, x.ReturnTo, err
}

// hear counts the attempt and spends the exchange that it ends. What is refused has left its leaf, as a wrong password does.
//
// Faults: login_throttled, login_exchange_refused.
func (s *Service) hear(ctx context.Context, in Return) (Exchange, error) {
	act := audit.Act{Name: "login.attempt", Actor: "anybody"}
	x, err := audit.Write(ctx, s.db, act, func(tx *database.Tx) (*Exchange, error) {
		if err := auth.HearStranger(ctx, tx, in.Address); err != nil {
			return nil, err
		}
		return takeExchange(ctx, tx, in.State, in.Browser)
	})
	if err != nil {
		return Exchange{}, err
	}
	if x == nil || in.Issuer != "" && in.Issuer != s.settings.Issuer {
		return Exchange{}, ErrExchangeRefused
	}
	return *x, nil
}

// open opens the session of the user who the person is.
//
// Faults: identity_unlinked, user_disabled.
func (s *Service) open(ctx context.Context, who person) (auth.Opened, error) {
	linked := func(tx *database.Tx) (Identity, error) {
		i, err := find(ctx, tx, who.Input)
		if errors.Is(err, ErrUnlinked) {
			err = fault.With(err, fault.Args{"issuer": who.Issuer, "subject": who.Subject})
		}
		return i, err
	}
	i, err := database.Read(ctx, s.db, linked)
	if err != nil {
		return auth.Opened{}, err
	}
	act := auth.Actor{UserID: i.UserID}.Act("login.open")
	return audit.Write(ctx, s.db, act, func(tx *database.Tx) (auth.Opened, error) {
		now, err := linked(tx)
		if err != nil {
			return auth.Opened{}, err
		}
		if now.UserID != i.UserID {
			return auth.Opened{}, ErrExchangeRefused // linked anew between the two looks; the leaf would name another
		}
		return auth.OpenSession(ctx, tx, i.UserID, who.factor)
	})
}

// partingTimeout is how long logging out waits for a provider that has not been asked yet.
const partingTimeout = 2 * time.Second

// Leave ends the caller's session and returns the address at which the session with the provider ends as well, or nothing where the
// provider has none or cannot be reached: the session here ends all the same.
//
// Faults: login_session_needed, provider_unconfigured, return_refused.
func (s *Service) Leave(ctx context.Context, actor auth.Actor, returnTo string) (string, error) {
	if actor.SessionID == (auth.Actor{}).SessionID {
		return "", auth.ErrSessionNeeded
	}
	if !s.settings.on() {
		return "", ErrOff
	}
	returnTo, err := s.settings.returnTo(returnTo)
	if err != nil {
		return "", err
	}
	if _, err := audit.Write(ctx, s.db, actor.Act("login.close"), func(tx *database.Tx) (auth.Session, error) {
		return auth.CloseSession(ctx, tx, actor)
	}); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, partingTimeout)
	defer cancel()
	known, err := s.provider.metadata(ctx)
	if err != nil || known.endSession == "" {
		return "", nil // the session here has ended, which is what was asked
	}
	return s.settings.parting(known.endSession, returnTo), nil
}

// parting is the address at which the session with the provider ends (OpenID Connect RP-Initiated Logout).
func (s Settings) parting(endSession, returnTo string) string {
	if strings.HasPrefix(returnTo, "/") {
		returnTo = s.PublicURL + returnTo
	}
	query := url.Values{"client_id": {s.ClientID}, "post_logout_redirect_uri": {returnTo}}
	joint := "?"
	if strings.Contains(endSession, "?") {
		joint = "&"
	}
	return endSession + joint + query.Encode()
}
