package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/oauth2"

	"sochibo/internal/fault"
)

// The faults of a login that is under way.
var (
	ErrOff             = fault.New(fault.NotFound, "provider_unconfigured")
	ErrExchangeRefused = fault.New(fault.Forbidden, "login_exchange_refused")
	ErrProviderRefused = fault.New(fault.Forbidden, "provider_refused")
	ErrUnlinked        = fault.New(fault.Forbidden, "identity_unlinked")
)

// exchangeLife is how long somebody may take to log in at the provider.
const exchangeLife = 10 * time.Minute

// Exchange is a login that has been sent to the provider.
type Exchange struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	StateHash   []byte
	BrowserHash []byte
	Nonce       string
	Verifier    string // of PKCE
	ReturnTo    string
	CreatedAt   time.Time
	ExpiresAt   time.Time
	UsedAt      *time.Time
}

// TableName names the table of exchanges.
func (Exchange) TableName() string { return "login_exchange" }

// newExchange draws an exchange, with the state for the provider and the secret for the browser, which are kept nowhere.
func newExchange(now time.Time, returnTo string) (x Exchange, state, browser string) {
	state, browser = rand.Text(), rand.Text() // 128 bits each
	return Exchange{
		ID: uuid.Must(uuid.NewV7()), StateHash: hashOf(state), BrowserHash: hashOf(browser), Nonce: rand.Text(),
		Verifier: oauth2.GenerateVerifier(), ReturnTo: returnTo, CreatedAt: now, ExpiresAt: now.Add(exchangeLife),
	}, state, browser
}

// usable reports whether the exchange can end now in the browser with the secret.
func (x Exchange) usable(now time.Time, browser string) bool {
	return x.UsedAt == nil && now.Before(x.ExpiresAt) && !now.Before(x.CreatedAt) &&
		subtle.ConstantTimeCompare(x.BrowserHash, hashOf(browser)) == 1
}

func hashOf(secret string) []byte {
	hash := sha256.Sum256([]byte(secret))
	return hash[:]
}

const longestReturn = 500

// returnTo checks where a browser goes afterwards: a path of this server, or a page of an origin that is named for it.
//
// Faults: return_refused.
func (s Settings) returnTo(given string) (string, error) {
	if given == "" {
		return "/", nil
	}
	var faults fault.Fields
	faults.Check(len(given) <= longestReturn && visible(given) && s.mayReturn(given), "/return_to", "return_elsewhere")
	return given, faults.Err(fault.Invalid, "return_refused")
}

// mayReturn takes no address that browsers read otherwise than we do: a backslash is a stroke to them, and two strokes begin a host.
func (s Settings) mayReturn(given string) bool {
	u, err := url.Parse(given)
	if err != nil || strings.Contains(given, `\`) || u.User != nil {
		return false
	}
	if u.Scheme == "" && u.Host == "" {
		return strings.HasPrefix(given, "/") && !strings.HasPrefix(given, "//") && !strings.HasPrefix(u.Path, "//")
	}
	return slices.Contains(append(s.ReturnOrigins, s.origin()), u.Scheme+"://"+u.Host)
}

// origin is that of the server's public address.
func (s Settings) origin() string {
	u, err := url.Parse(s.PublicURL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
