package member

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

// StatusKind is what holds for a member beside being one.
type StatusKind string

// The statuses.
const (
	Exempt          StatusKind = "exempt"
	TemporarilyAway StatusKind = "temporarily_away"
	TemporarilyHere StatusKind = "temporarily_here"
	Suspended       StatusKind = "suspended"
	Detained        StatusKind = "detained"
	SpecialDuty     StatusKind = "special_duty"
)

// StatusKinds returns every status in the order of the exchange format.
func StatusKinds() []StatusKind {
	return []StatusKind{Exempt, TemporarilyAway, TemporarilyHere, Suspended, Detained, SpecialDuty}
}

// OfficeKind is the office a member holds in a body.
type OfficeKind string

// The offices; the last three are those of an inspection commission.
const (
	Secretary            OfficeKind = "secretary"
	DeputySecretary      OfficeKind = "deputy_secretary"
	CommitteeMember      OfficeKind = "committee_member"
	CommissionHead       OfficeKind = "commission_head"
	CommissionDeputyHead OfficeKind = "commission_deputy_head"
	CommissionMember     OfficeKind = "commission_member"
)

// OfficeKinds returns every office in the order of the exchange format.
func OfficeKinds() []OfficeKind {
	return []OfficeKind{Secretary, DeputySecretary, CommitteeMember, CommissionHead, CommissionDeputyHead, CommissionMember}
}

// FitsBody reports whether the office exists in the body: commissions have their own offices, all other bodies share theirs.
func (k OfficeKind) FitsBody(body org.Body) bool {
	commission := slices.Contains([]OfficeKind{CommissionHead, CommissionDeputyHead, CommissionMember}, k)
	return commission == (body == org.InspectionCommission)
}

// Membership says in which cell a member is at home; ValidTo is the last day, nil while it lasts.
type Membership struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	MemberID       ID
	OrganizationID org.ID
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date
	CreatedAt      time.Time
}

// TableName names the table.
func (Membership) TableName() string { return "membership" }

// Span returns the days on which the membership holds.
func (m Membership) Span() calendar.Span { return calendar.Span{From: m.ValidFrom, To: m.ValidTo} }

// Status is a status of a member with its days; only temporarily_here names an organisation, the receiving one.
type Status struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	MemberID       ID
	Status         StatusKind
	OrganizationID *org.ID
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date
	Basis          *string
	CreatedAt      time.Time
}

// TableName names the table.
func (Status) TableName() string { return "member_status" }

// Span returns the days on which the status holds.
func (s Status) Span() calendar.Span { return calendar.Span{From: s.ValidFrom, To: s.ValidTo} }

// Office is an office a member holds in a body of an organisation, with its days.
type Office struct {
	ID             uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	MemberID       ID
	OrganizationID org.ID
	Body           org.Body
	Office         OfficeKind
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date
	CreatedAt      time.Time
}

// TableName names the table.
func (Office) TableName() string { return "office" }

// Span returns the days on which the office is held.
func (o Office) Span() calendar.Span { return calendar.Span{From: o.ValidFrom, To: o.ValidTo} }
