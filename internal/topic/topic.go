package topic

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// The faults of topics.
var (
	ErrUnknown   = fault.New(fault.NotFound, "topic_unknown")
	ErrStale     = fault.New(fault.Stale, "version_stale")
	ErrIDTaken   = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken = fault.New(fault.Conflict, "code_taken")
)

// ID names a topic.
type ID struct{ uuid.UUID }

// NewID returns a fresh id; later ones sort after earlier ones.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// ParseID reads an id.
func ParseID(s string) (ID, error) {
	id, err := uuid.Parse(s)
	return ID{id}, err
}

// Category says what a topic is about.
type Category string

// The categories.
const (
	HoChiMinhStudy Category = "ho_chi_minh_study"
	CellBuilding   Category = "cell_building"
	PartyBuilding  Category = "party_building"
	SessionQuality Category = "session_quality"
	PoliticalTask  Category = "political_task"
	Other          Category = "other"
)

// Categories returns every category in the order of the exchange format.
func Categories() []Category {
	return []Category{HoChiMinhStudy, CellBuilding, PartyBuilding, SessionQuality, PoliticalTask, Other}
}

// Topic is what a thematic session can be about.
type Topic struct {
	ID          ID `gorm:"primaryKey;autoIncrement:false"`
	Code        *string
	Category    Category
	Title       string
	DirectiveID *directive.ID
	SearchKey   string
	SortKey     string
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName names the table.
func (Topic) TableName() string { return "topic" }

// Keys returns the search key and the sort key of a title; both are stored beside it.
func Keys(title string) (search, sort string) { return text.SearchKey(title), text.TitleKey(title) }

// tidy cleans the topic's texts, makes the keys and notes what is wrong.
func (t *Topic) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &t.Code, text.MaxCode)
	text.CleanAt(f, "/title", &t.Title, text.MaxTitle)
	f.Check(t.Title != "", "/title", "field_required")
	if f.Check(t.Category != "", "/category", "field_required") {
		f.Check(slices.Contains(Categories(), t.Category), "/category", "word_unknown",
			fault.Args{"allowed": strings.Join(words(Categories()), ", ")})
	}
	t.SearchKey, t.SortKey = Keys(t.Title)
}

// words returns the words of an enumeration as texts.
func words(all []Category) []string {
	texts := make([]string, len(all))
	for i, w := range all {
		texts[i] = string(w)
	}
	return texts
}
