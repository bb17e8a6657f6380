package topic

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
	ID             ID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	OrganizationID *org.ID // the owner, which offers it to all below; nil: it is offered to everybody
	Category       Category
	Title          string
	Outline        *string
	DirectiveID    *directive.ID
	RetiredOn      *calendar.Date // from this day on it is offered no longer
	SearchKey      string
	SortKey        string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Links          []Link `gorm:"-"`
}

// Link leads to material for a topic.
type Link struct {
	TopicID  ID  `gorm:"primaryKey;autoIncrement:false"`
	Position int `gorm:"primaryKey;autoIncrement:false"`
	Title    string
	Address  string
}

// TableName names the table.
func (Link) TableName() string { return "topic_link" }

// maxLinks is how many links a topic may have.
const maxLinks = 50

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
	text.OptionalLinesAt(f, "/outline", &t.Outline, text.MaxLines)
	t.SearchKey, t.SortKey = Keys(t.Title)
	f.Check(len(t.Links) <= maxLinks, "/links", "list_too_long", fault.Args{"limit": maxLinks})
	for i := range t.Links {
		link, at := &t.Links[i], "/links/"+strconv.Itoa(i)
		link.TopicID, link.Position = t.ID, i+1
		text.CleanAt(f, at+"/title", &link.Title, text.MaxTitle)
		f.Check(link.Title != "", at+"/title", "field_required")
		text.AddressAt(f, at+"/address", &link.Address)
		f.Check(link.Address != "", at+"/address", "field_required")
	}
}

// Offered reports whether the topic is offered on the day, by an owner among those given or to everybody.
func (t Topic) Offered(by []org.ID, on calendar.Date) bool {
	if t.RetiredOn != nil && !on.Before(*t.RetiredOn) {
		return false
	}
	return t.OrganizationID == nil || slices.Contains(by, *t.OrganizationID)
}

// words returns the words of an enumeration as texts.
func words(all []Category) []string {
	texts := make([]string, len(all))
	for i, w := range all {
		texts[i] = string(w)
	}
	return texts
}
