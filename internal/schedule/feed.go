package schedule

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// The faults of calendar feeds.
var (
	ErrFeedUnknown = fault.New(fault.NotFound, "calendar_feed_unknown")
	ErrFeedExpiry  = fault.New(fault.Invalid, "calendar_feed_expiry")
)

// Feed is a private address at which a program reads the schedule of an organisation, within one grant of its owner.
type Feed struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	UserID         auth.UserID
	GrantID        uuid.UUID
	OrganizationID org.ID
	Scope          string
	Name           string
	Hash           []byte
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	ExpiresAt      time.Time
	RevokedAt      *time.Time
}

// TableName names the table.
func (Feed) TableName() string { return "calendar_feed" }

// usable reports whether the secret opens the feed at this instant.
func (f Feed) usable(secret string, now time.Time) bool {
	same := subtle.ConstantTimeCompare(f.Hash, hashOf(secret)) == 1
	return same && f.RevokedAt == nil && now.Before(f.ExpiresAt)
}

// reader is who reads the feed: its owner, with the one grant.
func (f Feed) reader() auth.Actor { return auth.Actor{UserID: f.UserID, GrantID: f.GrantID} }

// The secret of a feed is scf_ and 256 random bits, so that scanners know it where it is found.
const (
	secretPrefix = "scf_"
	secretBytes  = 32
	fileSuffix   = ".ics"
)

func newSecret() (string, error) {
	bits := make([]byte, secretBytes)
	if _, err := rand.Read(bits); err != nil {
		return "", err
	}
	return secretPrefix + base64.RawURLEncoding.EncodeToString(bits), nil
}

func hashOf(secret string) []byte {
	hash := sha256.Sum256([]byte(secret))
	return hash[:]
}

// secretIn returns the secret of the last part of an address.
func secretIn(file string) (string, bool) {
	secret, named := strings.CutSuffix(file, fileSuffix)
	return secret, named && strings.HasPrefix(secret, secretPrefix)
}

// The life of a feed.
const (
	feedLife    = 180 * 24 * time.Hour
	maxFeedLife = 365 * 24 * time.Hour
	maxFeedName = 100
	maxFeeds    = 20 // of one user, usable at a time
)

// The months around today that a feed shows.
const (
	monthsBack  = 3
	monthsAhead = 12
)

func feedPeriod(today calendar.Date) calendar.Period {
	return calendar.Period{From: today.Month().Add(-monthsBack), To: today.Month().Add(monthsAhead)}
}

// FeedInput asks for a feed.
type FeedInput struct {
	Name           string
	GrantID        uuid.UUID
	OrganizationID org.ID
	Scope          string    // empty: subtree
	ExpiresAt      time.Time // the zero time means after 180 days
}

// row makes the row and says what is wrong with it.
func (in FeedInput) row(user auth.UserID, now time.Time) (Feed, error) {
	var f fault.Fields
	name := &in.Name
	text.OptionalAt(&f, "/name", &name, maxFeedName)
	if f.Len() == 0 {
		f.Check(name != nil, "/name", "field_required")
	}
	f.Check(in.GrantID != uuid.Nil, "/grant_id", "field_required")
	f.Check(in.OrganizationID != org.ID{}, "/organization_id", "field_required")
	if in.Scope == "" {
		in.Scope = org.ScopeSubtree
	}
	checkWord(&f, "/scope", in.Scope, []string{org.ScopeSubtree, org.ScopeOwn})
	if err := f.Err(fault.Invalid, "calendar_feed_invalid"); err != nil {
		return Feed{}, err
	}
	expires := in.ExpiresAt.UTC().Truncate(time.Microsecond)
	if in.ExpiresAt.IsZero() {
		expires = now.Add(feedLife)
	}
	if !expires.After(now) || expires.After(now.Add(maxFeedLife)) {
		return Feed{}, ErrFeedExpiry
	}
	return Feed{
		ID: uuid.Must(uuid.NewV7()), UserID: user, GrantID: in.GrantID, OrganizationID: in.OrganizationID, Scope: in.Scope, Name: *name,
		CreatedAt: now, ExpiresAt: expires,
	}, nil
}

// tagOf is the entity tag of a calendar: programs that look every hour get nothing again while nothing has changed.
func tagOf(data []byte) string {
	hash := sha256.Sum256(data)
	return `"` + hex.EncodeToString(hash[:16]) + `"`
}
