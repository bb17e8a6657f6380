package member

import (
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// The faults of members.
var (
	ErrUnknown   = fault.New(fault.NotFound, "member_unknown")
	ErrStale     = fault.New(fault.Stale, "version_stale")
	ErrIDTaken   = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken = fault.New(fault.Conflict, "code_taken")
	ErrErased    = fault.New(fault.Conflict, "member_erased")
)

// ID names a member.
type ID struct{ uuid.UUID }

// NewID returns a fresh id; later ones sort after earlier ones.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// ParseID reads an id.
func ParseID(s string) (ID, error) {
	id, err := uuid.Parse(s)
	return ID{id}, err
}

// Gender is a word of the exchange format.
type Gender string

// The genders.
const (
	Male   Gender = "male"
	Female Gender = "female"
)

// Genders returns every gender.
func Genders() []Gender { return []Gender{Male, Female} }

// Member is a member of the Party: probationary from AdmittedOn, official from OfficialOn.
type Member struct {
	ID         ID `gorm:"primaryKey;autoIncrement:false"`
	Code       *string
	FullName   string
	SearchKey  string
	SortKey    string
	Gender     *Gender
	BornOn     *calendar.Date
	AdmittedOn *calendar.Date
	OfficialOn *calendar.Date
	CardNumber *string
	ErasureID  *uuid.UUID // the last decision that erased who the member is
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// TableName names the table.
func (Member) TableName() string { return "member" }

// Keys returns the search key and the sort key of a full name; both are stored beside it.
func Keys(fullName string) (search, sort string) {
	return text.SearchKey(fullName), text.SortKey(fullName)
}

// OfficialOnDay reports whether the member was official on the day.
func (m Member) OfficialOnDay(day calendar.Date) bool {
	return m.OfficialOn != nil && !day.Before(*m.OfficialOn)
}

// ProbationaryOnDay reports whether the member was admitted but not yet official on the day.
func (m Member) ProbationaryOnDay(day calendar.Date) bool {
	return m.AdmittedOn != nil && !day.Before(*m.AdmittedOn) && !m.OfficialOnDay(day)
}

// check notes what is wrong with the member's own cells.
func (m Member) check(f *fault.Fields) {
	f.Check(m.FullName != "", "/full_name", "field_required")
	if m.BornOn != nil && m.AdmittedOn != nil {
		f.Check(m.BornOn.Before(*m.AdmittedOn), "/admitted_on", "admitted_before_born")
	}
	if m.AdmittedOn != nil && m.OfficialOn != nil {
		f.Check(!m.OfficialOn.Before(*m.AdmittedOn), "/official_on", "official_before_admitted")
	}
}
