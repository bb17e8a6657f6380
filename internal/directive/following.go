package directive

import (
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// The faults of what organisations do with a directive.
var (
	ErrRequirementUnknown = fault.New(fault.NotFound, "study_requirement_unknown")
	ErrRequirementExists  = fault.New(fault.Conflict, "study_requirement_exists")
	ErrPlanUnknown        = fault.New(fault.NotFound, "implementing_plan_unknown")
	ErrPlanExists         = fault.New(fault.Conflict, "implementing_plan_exists")
)

// Requirement asks an organisation and all below it to study a directive by a day.
type Requirement struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	DirectiveID    ID
	OrganizationID org.ID // which requires it
	StudyBy        calendar.Date
	CreatedAt      time.Time
}

// TableName names the table.
func (Requirement) TableName() string { return "study_requirement" }

// Missed reports whether the day has passed.
func (r Requirement) Missed(today calendar.Date) bool { return r.StudyBy.Before(today) }

// Plan is the plan by which an organisation carries out a directive.
type Plan struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	DirectiveID    ID
	OrganizationID org.ID
	Number         string
	IssuedOn       calendar.Date
	Title          *string
	Address        *string
	CreatedAt      time.Time
}

// TableName names the table.
func (Plan) TableName() string { return "implementing_plan" }

// check notes what is wrong with a requirement of the directive.
func (r *Requirement) check(f *fault.Fields, d Directive) {
	if f.Check(!r.StudyBy.IsZero(), "/study_by", "field_required") {
		f.Check(!r.StudyBy.Before(d.IssuedOn), "/study_by", "deadline_before_issue")
	}
}

// tidy cleans the plan's texts and notes what is wrong.
func (p *Plan) tidy(f *fault.Fields) {
	text.CleanAt(f, "/number", &p.Number, maxNumber)
	f.Check(p.Number != "", "/number", "field_required")
	f.Check(!p.IssuedOn.IsZero(), "/issued_on", "field_required")
	text.OptionalAt(f, "/title", &p.Title, text.MaxTitle)
	text.OptionalAddressAt(f, "/address", &p.Address)
}
