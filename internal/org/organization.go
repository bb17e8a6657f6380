package org

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/text"
)

// The faults of organisations.
var (
	ErrUnknown   = fault.New(fault.NotFound, "organization_unknown")
	ErrStale     = fault.New(fault.Stale, "version_stale")
	ErrIDTaken   = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken = fault.New(fault.Conflict, "code_taken")
)

// ID is the id of an organisation.
type ID struct{ uuid.UUID }

// NewID returns a fresh id, later ones sorting after earlier ones.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// ParseID reads an id from its text.
func ParseID(s string) (ID, error) {
	id, err := uuid.Parse(s)
	return ID{id}, err
}

// Compare orders ids as both engines do.
func (id ID) Compare(other ID) int { return slices.Compare(id.UUID[:], other.UUID[:]) }

// Kind is the level of an organisation; it says nothing about the depth in the tree.
type Kind string

// The kinds of organisation.
const (
	KindCentral        Kind = "central"
	KindProvincial     Kind = "provincial"
	KindSuperior       Kind = "superior"
	KindBaseParty      Kind = "base_party"
	KindSectionalParty Kind = "sectional_party"
	KindBaseCell       Kind = "base_cell"
	KindCell           Kind = "cell"
)

// Kinds returns every kind, the highest first.
func Kinds() []Kind {
	return []Kind{KindCentral, KindProvincial, KindSuperior, KindBaseParty, KindSectionalParty, KindBaseCell, KindCell}
}

// CellType says among whom a cell works.
type CellType string

// The types of cell.
const (
	CellNeighbourhood     CellType = "neighbourhood"
	CellAgency            CellType = "agency"
	CellStateEnterprise   CellType = "state_enterprise"
	CellPrivateEnterprise CellType = "private_enterprise"
	CellStudents          CellType = "students"
	CellArmedForces       CellType = "armed_forces"
)

// CellTypes returns every type of cell.
func CellTypes() []CellType {
	return []CellType{CellNeighbourhood, CellAgency, CellStateEnterprise, CellPrivateEnterprise, CellStudents, CellArmedForces}
}

// Organization is a Party organisation: a cell, a committee's organisation, or a level above.
type Organization struct {
	ID          ID `gorm:"primaryKey"`
	Code        *string
	Kind        Kind
	CellType    *CellType
	Name        string
	ShortName   *string
	SearchKey   string
	SortKey     string
	FoundedOn   *calendar.Date
	DissolvedOn *calendar.Date // the last day
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName names the table of organisations.
func (Organization) TableName() string { return "organization" }

// ExistsOn reports whether the organisation exists on the day; an unknown founding day is no bound.
func (o Organization) ExistsOn(day calendar.Date) bool {
	return (o.FoundedOn == nil || !day.Before(*o.FoundedOn)) && (o.DissolvedOn == nil || !day.After(*o.DissolvedOn))
}

// Life returns the days on which the organisation exists; where the founding day is unknown, since the earliest day there is.
func (o Organization) Life() calendar.Span {
	life := calendar.Span{From: calendar.NewMonth(calendar.FirstYear, time.January).First(), To: o.DissolvedOn}
	if o.FoundedOn != nil {
		life.From = *o.FoundedOn
	}
	return life
}

const (
	maxCode = 64
	maxName = 300
)

// Check cleans the texts, fills the keys for search and order, and notes what is wrong at the JSON pointers of the fields.
func (o *Organization) Check(faults *fault.Fields) {
	if faults.Check(o.Kind != "", "/kind", "field_required") {
		faults.Check(slices.Contains(Kinds(), o.Kind), "/kind", "word_unknown", allowed(Kinds()))
	}
	if o.CellType != nil {
		faults.Check(slices.Contains(CellTypes(), *o.CellType), "/cell_type", "word_unknown", allowed(CellTypes()))
		faults.Check(o.Kind.May(Cell), "/cell_type", "cell_type_without_cell")
	}
	if cleaned(faults, "/name", &o.Name, maxName) {
		faults.Check(o.Name != "", "/name", "field_required")
	}
	optional(faults, "/code", &o.Code, maxCode)
	optional(faults, "/short_name", &o.ShortName, maxName)
	if o.FoundedOn != nil && o.DissolvedOn != nil {
		faults.Check(!o.DissolvedOn.Before(*o.FoundedOn), "/dissolved_on", "dissolved_before_founded")
	}
	o.keys()
}

// keys fills what search and order go by.
func (o *Organization) keys() {
	words := []string{o.Name}
	for _, extra := range []*string{o.ShortName, o.Code} {
		if extra != nil {
			words = append(words, *extra)
		}
	}
	o.SearchKey = text.SearchKey(strings.Join(words, " "))
	o.SortKey = text.TitleKey(o.Name)
}

// cleaned cleans a text in place and reports whether it can be stored.
func cleaned(faults *fault.Fields, pointer string, value *string, limit int) bool {
	clean, err := text.Clean(*value)
	if err != nil {
		f := fault.Classify(err)
		faults.Add(fault.Field{Pointer: pointer, Code: f.Code, Args: f.Args}) //fault:codes text_encoding text_control text_invisible
		return false
	}
	*value = clean
	return faults.Check(len([]rune(clean)) <= limit, pointer, "text_too_long", fault.Args{"limit": limit})
}

// optional is cleaned for a text that may be missing; an empty one is a missing one.
func optional(faults *fault.Fields, pointer string, value **string, limit int) {
	if *value == nil {
		return
	}
	clean := **value
	cleaned(faults, pointer, &clean, limit)
	*value = &clean
	if clean == "" {
		*value = nil
	}
}

// allowed lists the words a field takes, for its message.
func allowed[W ~string](words []W) fault.Args {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = string(word)
	}
	return fault.Args{"allowed": strings.Join(list, ", ")}
}
