package directive

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// The faults of directives.
var (
	ErrUnknown   = fault.New(fault.NotFound, "directive_unknown")
	ErrStale     = fault.New(fault.Stale, "version_stale")
	ErrIDTaken   = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken = fault.New(fault.Conflict, "code_taken")
	ErrExists    = fault.New(fault.Conflict, "directive_exists")
)

// ID names a directive.
type ID struct{ uuid.UUID }

// NewID returns a fresh id; later ones sort after earlier ones.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// ParseID reads an id.
func ParseID(s string) (ID, error) {
	id, err := uuid.Parse(s)
	return ID{id}, err
}

// Directive is a document that meetings study.
type Directive struct {
	ID        ID `gorm:"primaryKey;autoIncrement:false"`
	Code      *string
	Number    string
	Issuer    *string
	IssuedOn  calendar.Date
	Title     *string
	SearchKey string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName names the table.
func (Directive) TableName() string { return "directive" }

// SearchKey returns the key under which a directive is found: its number and title without accents.
func SearchKey(number, title string) string {
	return text.SearchKey(strings.TrimSpace(number + " " + title))
}

// maxNumber is how long a number with its symbols may be.
const maxNumber = 100

// tidy cleans the directive's texts, makes the search key and notes what is wrong.
func (d *Directive) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &d.Code, text.MaxCode)
	// Folders of the exchange format list the codes of directives in one cell, separated by semicolons.
	f.Check(d.Code == nil || !strings.Contains(*d.Code, ";"), "/code", "code_with_semicolon")
	text.CleanAt(f, "/number", &d.Number, maxNumber)
	text.OptionalAt(f, "/issuer", &d.Issuer, text.MaxTitle)
	text.OptionalAt(f, "/title", &d.Title, text.MaxTitle)
	f.Check(d.Number != "", "/number", "field_required")
	f.Check(!d.IssuedOn.IsZero(), "/issued_on", "field_required")
	title := ""
	if d.Title != nil {
		title = *d.Title
	}
	d.SearchKey = SearchKey(d.Number, title)
}
