package inspection

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/text"
)

// ErrFindingUnknown is a finding that the round does not have.
var ErrFindingUnknown = fault.New(fault.NotFound, "finding_unknown")

// Severity says how a finding weighs.
type Severity string

// The severities.
const (
	Strength    Severity = "strength"
	Shortcoming Severity = "shortcoming"
	Violation   Severity = "violation"
)

// Severities returns every severity.
func Severities() []Severity { return []Severity{Strength, Shortcoming, Violation} }

// Finding is what a round found: about one of its objects, or about the round as a whole where it names neither an organisation nor a
// member.
type Finding struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	InspectionID   ID
	OrganizationID *org.ID
	MemberID       *member.ID
	MeetingID      *meeting.ID // in which it was found
	ContentItem    *string
	Severity       Severity
	Text           string
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName names the table.
func (Finding) TableName() string { return "inspection_finding" }

// FindingInput is a finding to be added.
type FindingInput struct {
	ID             uuid.UUID // zero: a new one
	Code           *string
	OrganizationID *org.ID
	MemberID       *member.ID
	MeetingID      *meeting.ID
	ContentItem    *string
	Severity       Severity
	Text           string
}

// row makes the row and notes what is wrong with it.
func (in FindingInput) row(f *fault.Fields, id ID, now time.Time) Finding {
	found := Finding{
		ID: in.ID, Code: in.Code, InspectionID: id, OrganizationID: in.OrganizationID, MemberID: in.MemberID,
		MeetingID: in.MeetingID, ContentItem: in.ContentItem, Severity: in.Severity, Text: in.Text, CreatedAt: now, UpdatedAt: now,
	}
	if found.ID == uuid.Nil {
		found.ID = uuid.Must(uuid.NewV7())
	}
	found.tidy(f)
	return found
}

// tidy cleans the texts and notes what is wrong.
func (found *Finding) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &found.Code, text.MaxCode)
	text.CleanLinesAt(f, "/text", &found.Text, text.MaxLines)
	f.Check(found.Text != "", "/text", "field_required")
	checkWord(f, "/severity", found.Severity, Severities())
	if found.ContentItem != nil {
		checkWord(f, "/content_item", *found.ContentItem, rules.ContentItems())
	}
	f.Check(found.OrganizationID == nil || found.MemberID == nil, "/member_id", "object_of_other_type")
}

// isAbout notes an organisation or member that is no object of the round.
func (found Finding) isAbout(f *fault.Fields, objects []Object) {
	about := Object{OrganizationID: found.OrganizationID, MemberID: found.MemberID}
	known := slices.ContainsFunc(objects, about.sameAs)
	f.Check(known || found.OrganizationID == nil, "/organization_id", "no_object_of_round")
	f.Check(known || found.MemberID == nil, "/member_id", "no_object_of_round")
}

// FindingChange is what to change of a finding; what is absent stays.
type FindingChange struct {
	Code           httpapi.Optional[string]
	OrganizationID httpapi.Optional[org.ID]
	MemberID       httpapi.Optional[member.ID]
	MeetingID      httpapi.Optional[meeting.ID]
	ContentItem    httpapi.Optional[string]
	Severity       httpapi.Optional[Severity]
	Text           httpapi.Optional[string]
}

// apply changes the finding.
func (c FindingChange) apply(found *Finding) {
	c.Code.Apply(&found.Code)
	c.OrganizationID.Apply(&found.OrganizationID)
	c.MemberID.Apply(&found.MemberID)
	c.MeetingID.Apply(&found.MeetingID)
	c.ContentItem.Apply(&found.ContentItem)
	if c.Severity.Set {
		found.Severity = c.Severity.Value
	}
	if c.Text.Set {
		found.Text = c.Text.Value
	}
}

// Change is what to change of a round; what is absent stays. Its first day and its side cannot change, since it counts by them.
type Change struct {
	Code       httpapi.Optional[string]
	To         httpapi.Optional[calendar.Date]
	Title      httpapi.Optional[string]
	PlanItemID httpapi.Optional[uuid.UUID]
}

// apply changes the round and notes what is wrong with it.
func (c Change) apply(f *fault.Fields, i *Inspection) {
	c.Code.Apply(&i.Code)
	c.To.Apply(&i.ToOn)
	c.Title.Apply(&i.Title)
	c.PlanItemID.Apply(&i.PlanItemID)
	i.tidy(f)
}
