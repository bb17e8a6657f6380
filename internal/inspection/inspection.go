package inspection

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// The faults of inspections.
var (
	ErrUnknown   = fault.New(fault.NotFound, "inspection_unknown")
	ErrStale     = fault.New(fault.Stale, "version_stale")
	ErrIDTaken   = fault.New(fault.Conflict, "id_taken")
	ErrCodeTaken = fault.New(fault.Conflict, "code_taken")
)

// ID names an inspection.
type ID struct{ uuid.UUID }

// NewID returns a fresh id; later ones sort after earlier ones.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// ParseID reads an id.
func ParseID(s string) (ID, error) {
	id, err := uuid.Parse(s)
	return ID{id}, err
}

// Kind is the kind of an inspection.
type Kind string

// The kinds.
const (
	ComplianceInspection    Kind = "compliance_inspection"
	ViolationSignInspection Kind = "violation_sign_inspection"
	ThematicSupervision     Kind = "thematic_supervision"
	RegularSupervision      Kind = "regular_supervision"
)

// Kinds returns every kind in the order of the exchange format.
func Kinds() []Kind {
	return []Kind{ComplianceInspection, ViolationSignInspection, ThematicSupervision, RegularSupervision}
}

// Inspection is one round: a body of an organisation inspects from a day on.
type Inspection struct {
	ID             ID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	OrganizationID org.ID
	Body           org.Body
	Kind           Kind
	FromOn         calendar.Date
	ToOn           *calendar.Date
	Title          *string
	SearchKey      string
	PlanItemID     *uuid.UUID // the planned round that it carries out
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName names the table.
func (Inspection) TableName() string { return "inspection" }

// SearchKey returns the key under which an inspection is found: its title without accents.
func SearchKey(title string) string { return text.SearchKey(title) }

// ObjectType says what is inspected.
type ObjectType string

// The types of objects.
const (
	Organization ObjectType = "organization"
	Member       ObjectType = "member"
)

// ObjectTypes returns both types of objects.
func ObjectTypes() []ObjectType { return []ObjectType{Organization, Member} }

// Object is an organisation or a member that a round inspects.
type Object struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	InspectionID   ID
	ObjectType     ObjectType
	OrganizationID *org.ID
	MemberID       *member.ID
	CreatedAt      time.Time
}

// TableName names the table.
func (Object) TableName() string { return "inspection_object" }

// sameAs reports whether both are the same organisation or member.
func (o Object) sameAs(other Object) bool {
	switch {
	case o.OrganizationID != nil && other.OrganizationID != nil:
		return *o.OrganizationID == *other.OrganizationID
	case o.MemberID != nil && other.MemberID != nil:
		return *o.MemberID == *other.MemberID
	default:
		return false
	}
}

// Input is a round to be recorded.
type Input struct {
	ID             ID // zero: a new one
	Code           *string
	OrganizationID org.ID
	Body           org.Body
	Kind           Kind
	From           calendar.Date
	To             *calendar.Date
	Title          *string
	PlanItemID     *uuid.UUID
	Objects        []ObjectInput
}

// ObjectInput is an object to be added to a round.
type ObjectInput struct {
	ObjectType     ObjectType
	OrganizationID *org.ID
	MemberID       *member.ID
}

// row makes the row and notes what is wrong with it.
func (in Input) row(f *fault.Fields, now time.Time) Inspection {
	i := Inspection{
		ID: in.ID, Code: in.Code, OrganizationID: in.OrganizationID, Body: in.Body, Kind: in.Kind, FromOn: in.From, ToOn: in.To,
		Title: in.Title, PlanItemID: in.PlanItemID, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if i.ID == (ID{}) {
		i.ID = NewID()
	}
	i.tidy(f)
	f.Check(i.OrganizationID != (org.ID{}), "/organization_id", "field_required")
	checkWord(f, "/body", i.Body, org.Bodies)
	checkWord(f, "/kind", i.Kind, Kinds())
	f.Check(!i.FromOn.IsZero(), "/from", "field_required")
	return i
}

// tidy cleans the texts, fills the key for the search and notes what is wrong with what may change of a round.
func (i *Inspection) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &i.Code, text.MaxCode)
	text.OptionalAt(f, "/title", &i.Title, text.MaxTitle)
	f.Check(i.ToOn == nil || !i.ToOn.Before(i.FromOn), "/to", "ends_before_start")
	i.SearchKey = ""
	if i.Title != nil {
		i.SearchKey = SearchKey(*i.Title)
	}
}

// row makes the row of an object and notes at the pointer what is wrong with it.
func (in ObjectInput) row(f *fault.Fields, pointer string, id ID, now time.Time) Object {
	if checkWord(f, pointer+"/object_type", in.ObjectType, ObjectTypes()) {
		organization := in.ObjectType == Organization
		f.Check(!organization || in.OrganizationID != nil, pointer+"/organization_id", "field_required")
		f.Check(organization || in.OrganizationID == nil, pointer+"/organization_id", "object_of_other_type")
		f.Check(organization || in.MemberID != nil, pointer+"/member_id", "field_required")
		f.Check(!organization || in.MemberID == nil, pointer+"/member_id", "object_of_other_type")
	}
	return Object{
		ID: uuid.Must(uuid.NewV7()), InspectionID: id, ObjectType: in.ObjectType, OrganizationID: in.OrganizationID, MemberID: in.MemberID,
		CreatedAt: now,
	}
}

// checkWord notes a missing word, or one that is none of the allowed ones.
func checkWord[W ~string](f *fault.Fields, pointer string, word W, allowed []W) bool {
	return f.Check(word != "", pointer, "field_required") &&
		f.Check(slices.Contains(allowed, word), pointer, "word_unknown", fault.Args{"allowed": strings.Join(words(allowed), ", ")})
}

// words returns the words of an enumeration as texts.
func words[W ~string](all []W) []string {
	texts := make([]string, len(all))
	for i, w := range all {
		texts[i] = string(w)
	}
	return texts
}
