package warning

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/org"
)

// Code says what is amiss.
type Code string

// The codes, by whom they are for.
const (
	MonthNotRegistered     Code = "month_not_registered"
	CommitteeNotMet        Code = "committee_not_met"
	DocumentsLate          Code = "documents_late"
	RecordLate             Code = "record_late"
	MemberAbsent           Code = "member_absent"
	ExcusedRunning         Code = "excused_running"
	FewOfficialMembers     Code = "few_official_members"
	CommitteeMissing       Code = "committee_missing"
	QuarterWithoutThematic Code = "quarter_without_thematic"
	TaskOverdue            Code = "task_overdue"

	NothingForMonth       Code = "nothing_for_month"
	AttendanceBelow       Code = "attendance_below"
	GradeNotConfirmed     Code = "grade_not_confirmed"
	GradeAgainstCondition Code = "grade_against_condition"

	EnteredLate         Code = "entered_late"
	BackdatedMembership Code = "backdated_membership"
	FullAttendance      Code = "full_attendance"
	IdenticalText       Code = "identical_text"
	RosterJump          Code = "roster_jump"
)

// Codes returns every code in the order in which they are shown.
func Codes() []Code {
	return []Code{
		MonthNotRegistered, CommitteeNotMet, DocumentsLate, RecordLate, MemberAbsent, ExcusedRunning, FewOfficialMembers, CommitteeMissing,
		QuarterWithoutThematic, TaskOverdue, NothingForMonth, AttendanceBelow, GradeNotConfirmed, GradeAgainstCondition, EnteredLate,
		BackdatedMembership, FullAttendance, IdenticalText, RosterJump,
	}
}

// Audience is whom a warning is for.
type Audience string

// The audiences. What is for the secretary is seen by superiors and auditors too; what is for a superior or an auditor, by both of them.
const (
	ForSecretary Audience = "secretary"
	ForSuperior  Audience = "superior"
	ForAuditor   Audience = "auditor"
)

// Audiences returns every audience.
func Audiences() []Audience { return []Audience{ForSecretary, ForSuperior, ForAuditor} }

// Audience returns whom warnings of the code are for.
func (c Code) Audience() Audience {
	switch at := slices.Index(Codes(), c); {
	case at < slices.Index(Codes(), NothingForMonth):
		return ForSecretary
	case at < slices.Index(Codes(), EnteredLate):
		return ForSuperior
	default:
		return ForAuditor
	}
}

// Severity says how much a warning weighs.
type Severity string

// The severities, the lightest first.
const (
	Info    Severity = "info"
	Warn    Severity = "warning"
	Serious Severity = "serious"
)

// Severities returns every severity.
func Severities() []Severity { return []Severity{Info, Warn, Serious} }

// What is not data of a rule set, each with its source.
const (
	// Điều lệ Đảng, Điều 8: a member who without good reason stays away for three months of a year is struck off. Two are a warning.
	absentMonths  = 2
	struckOffFrom = 3
	// Điều lệ Đảng, Điều 21: an organisation is founded where there are three official members or more.
	fewestMembers = 3
	// Điều lệ Đảng, Điều 24: a cell with nine official members or more elects a committee.
	committeeFrom = 9

	// Marks of this program, which no text sets: what an auditor may look into is no fault of anybody.
	longAfter     = 30 // days between a session and its record
	fullMonths    = 6  // months running in which nobody was missing
	fullSessions  = 3  // the smallest base of which that says something
	shortestText  = 80 // letters; shorter texts repeat for good reason
	mostEvidence  = 50 // rows that one warning shows
	longestPeriod = 36 // months that are asked about at once, as of a schedule
	lookBack      = 12 // months in which a run that goes on is followed back
)

// EvidenceType is what a row of evidence is.
type EvidenceType string

// The types.
const (
	OfMeeting      EvidenceType = "meeting"
	OfMember       EvidenceType = "member"
	OfMembership   EvidenceType = "membership"
	OfOffice       EvidenceType = "office"
	OfTask         EvidenceType = "task"
	OfRegistration EvidenceType = "registration"
	OfOrganization EvidenceType = "organization"
	OfRating       EvidenceType = "rating"
)

// EvidenceTypes returns every type.
func EvidenceTypes() []EvidenceType {
	return []EvidenceType{OfMeeting, OfMember, OfMembership, OfOffice, OfTask, OfRegistration, OfOrganization, OfRating}
}

// Evidence is a row that shows what is amiss, where to read it, and what of it matters: numbers, days and names.
type Evidence struct {
	Type EvidenceType
	ID   uuid.UUID
	Href string
	Note string
}

// Warning is one thing that is amiss. Key names it among those of its organisation for as long as its cause lasts. RuleSet is the set that
// it rests on, empty where it rests on the Party's statute or on a mark of this program; Args fill the sentences.
type Warning struct {
	Key          string
	Code         Code
	Severity     Severity
	Organization org.Organization
	Body         org.Body
	Month        calendar.Month
	Since        calendar.Date
	RuleSet      string
	Args         map[string]string
	Evidence     []Evidence
}

// order sorts the warnings of one organisation by their keys.
func order(a, b Warning) int { return cmp.Compare(a.Key, b.Key) }

// Filter says which warnings a list shows; the zero value of a field but Organization, Scope and Period is no condition.
type Filter struct {
	Organization org.ID
	Scope        string
	Period       calendar.Period
	Audience     Audience
	Severity     Severity
	Code         Code
}

func (f Filter) takes(w Warning) bool {
	return (f.Audience == "" || w.Code.Audience() == f.Audience) && (f.Severity == "" || w.Severity == f.Severity) &&
		(f.Code == "" || w.Code == f.Code) && f.Period.Contains(w.Month)
}
