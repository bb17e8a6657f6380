package briefing

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/text"
)

// The faults of briefings.
var (
	ErrUnknown    = fault.New(fault.NotFound, "briefing_unknown")
	ErrStale      = fault.New(fault.Stale, "version_stale")
	ErrIDTaken    = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken  = fault.New(fault.Conflict, "code_taken")
	ErrUseExists  = fault.New(fault.Conflict, "briefing_use_exists")
	ErrUseUnknown = fault.New(fault.NotFound, "briefing_use_unknown")
)

// ID names a briefing.
type ID struct{ uuid.UUID }

// NewID returns a fresh id; later ones sort after earlier ones.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// Briefing is what an organisation asks the meetings of a month, its own and those below, to take up.
type Briefing struct {
	ID             ID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	OrganizationID org.ID
	Month          calendar.Month
	Title          string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Lines          []Line `gorm:"-"`
}

// TableName names the table.
func (Briefing) TableName() string { return "briefing" }

// Line is one point: what to take up, under which content item, the directive to study and the address of material.
type Line struct {
	BriefingID  ID  `gorm:"primaryKey;autoIncrement:false"`
	Position    int `gorm:"primaryKey;autoIncrement:false"`
	ContentItem *string
	Text        string
	DirectiveID *directive.ID
	Address     *string
}

// TableName names the table.
func (Line) TableName() string { return "briefing_line" }

// Use says that a meeting used a briefing.
type Use struct {
	ID         uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	BriefingID ID
	MeetingID  uuid.UUID
	CreatedAt  time.Time
}

// TableName names the table.
func (Use) TableName() string { return "briefing_use" }

const (
	maxLines = 100
	maxText  = 4000
)

// tidy cleans the briefing's texts and notes what is wrong.
func (b *Briefing) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &b.Code, text.MaxCode)
	text.CleanAt(f, "/title", &b.Title, text.MaxTitle)
	f.Check(b.Title != "", "/title", "field_required")
	f.Check(!b.Month.IsZero(), "/month", "field_required")
	f.Check(len(b.Lines) > 0, "/lines", "field_required")
	f.Check(len(b.Lines) <= maxLines, "/lines", "list_too_long", fault.Args{"limit": maxLines})
	for i := range b.Lines {
		line, at := &b.Lines[i], "/lines/"+strconv.Itoa(i)
		line.BriefingID, line.Position = b.ID, i+1
		text.CleanLinesAt(f, at+"/text", &line.Text, maxText)
		f.Check(line.Text != "", at+"/text", "field_required")
		text.OptionalAddressAt(f, at+"/address", &line.Address)
		f.Check(line.ContentItem == nil || slices.Contains(rules.ContentItems(), *line.ContentItem), at+"/content_item", "word_unknown",
			fault.Args{"allowed": strings.Join(rules.ContentItems(), ", ")})
	}
}

// directives returns the directives that the lines name.
func (b *Briefing) directives() []directive.ID {
	var ids []directive.ID
	for _, line := range b.Lines {
		if line.DirectiveID != nil && !slices.Contains(ids, *line.DirectiveID) {
			ids = append(ids, *line.DirectiveID)
		}
	}
	return ids
}
