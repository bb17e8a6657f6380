package identity

import (
	"net/url"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/fault"
)

// The faults of identities.
var (
	ErrUnknown = fault.New(fault.NotFound, "identity_unknown")
	ErrTaken   = fault.New(fault.Conflict, "identity_taken")
	// ErrOwn keeps a session that somebody else got hold of from making a way in of its own.
	ErrOwn = fault.New(fault.Forbidden, "own_identity")
)

// Identity says which user a person at an identity provider is.
type Identity struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	UserID    auth.UserID
	Issuer    string
	Subject   string
	CreatedBy *auth.UserID // nobody: the installation
	CreatedAt time.Time
}

// TableName names the table of identities.
func (Identity) TableName() string { return "user_identity" }

// Sealed is what the log commits to of an identity.
func Sealed() audit.Kind {
	return audit.Kind{Name: "identity", Parts: []audit.Part{{Model: Identity{}, Key: "id"}}}
}

const (
	longestIssuer  = 255
	longestSubject = 255 // as OpenID Connect Core 1.0 bounds it
)

// Input is an identity to link, as the provider writes it.
type Input struct {
	Issuer  string
	Subject string
}

// check says what is wrong with an identity. Nothing is cleaned: both are compared byte by byte.
func (in Input) check() error {
	var faults fault.Fields
	if faults.Check(in.Issuer != "", "/issuer", "field_required") {
		faults.Check(soundIssuer(in.Issuer), "/issuer", "issuer_malformed")
	}
	if faults.Check(in.Subject != "", "/subject", "field_required") {
		faults.Check(soundSubject(in.Subject), "/subject", "subject_malformed")
	}
	return faults.Err(fault.Invalid, "identity_invalid")
}

func soundIssuer(issuer string) bool {
	u, err := url.Parse(issuer)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.RawQuery == "" &&
		u.Fragment == "" && len(issuer) <= longestIssuer && visible(issuer)
}

// soundSubject reports whether the text can name a person: OpenID Connect takes up to 255 ASCII characters.
func soundSubject(subject string) bool {
	return subject != "" && len(subject) <= longestSubject && visible(subject)
}

// visible reports whether a text is ASCII without control characters; spaces may stand within.
func visible(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return text == "" || text[0] != ' ' && text[len(text)-1] != ' '
}
