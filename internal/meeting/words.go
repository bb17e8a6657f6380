package meeting

import (
	"slices"
	"strings"
)

// Status is where a meeting stands on its way from plan to received record.
type Status string

// The statuses of a meeting.
const (
	Scheduled Status = "scheduled"
	Held      Status = "held"
	Submitted Status = "submitted"
	Accepted  Status = "accepted"
	Cancelled Status = "cancelled"
)

// Statuses returns every status.
func Statuses() []Status { return []Status{Scheduled, Held, Submitted, Accepted, Cancelled} }

// Form is what kind of session a sitting holds.
type Form string

// The forms of a session. Congress and Other are recorded, but count in no figure.
const (
	Regular       Form = "regular"
	Thematic      Form = "thematic"
	Extraordinary Form = "extraordinary"
	Congress      Form = "congress"
	Other         Form = "other"
)

// AllForms returns every form.
func AllForms() []Form { return []Form{Regular, Thematic, Extraordinary, Congress, Other} }

// Forms is the set of forms of one sitting, joined by semicolons in a fixed order.
type Forms string

// RegularThematic is the one combination there is: a sitting that holds two sessions.
const RegularThematic Forms = "regular;thematic"

// FormsOf joins forms in their fixed order and reports whether one sitting may hold them together.
func FormsOf(list []Form) (Forms, bool) {
	switch {
	case len(list) == 1 && slices.Contains(AllForms(), list[0]):
		return Forms(list[0]), true
	case len(list) == 2 && slices.Contains(list, Regular) && slices.Contains(list, Thematic):
		return RegularThematic, true
	default:
		return "", false
	}
}

// List returns the forms one by one.
func (f Forms) List() []Form {
	parts := strings.Split(string(f), ";")
	list := make([]Form, len(parts))
	for i, part := range parts {
		list[i] = Form(part)
	}
	return list
}

// Has reports whether the sitting holds a session of the form.
func (f Forms) Has(form Form) bool { return slices.Contains(f.List(), form) }

// Counted reports whether the forms count in figures; congresses and other gatherings never do.
func (f Forms) Counted() bool { return !f.Has(Congress) && !f.Has(Other) }

// Mode is how people met.
type Mode string

// The modes of a meeting.
const (
	InPerson Mode = "in_person"
	Online   Mode = "online"
	Hybrid   Mode = "hybrid"
)

// Modes returns every mode.
func Modes() []Mode { return []Mode{InPerson, Online, Hybrid} }

// AttendanceStatus is what the roll says of a member.
type AttendanceStatus string

// The attendance statuses. NotRecorded is written by submission alone: it is not absence.
const (
	Present     AttendanceStatus = "present"
	Excused     AttendanceStatus = "excused"
	Unexcused   AttendanceStatus = "unexcused"
	NotRecorded AttendanceStatus = "not_recorded"
)

// RecordedStatuses returns the statuses a roll may state.
func RecordedStatuses() []AttendanceStatus { return []AttendanceStatus{Present, Excused, Unexcused} }

// AttendanceStatuses returns every attendance status.
func AttendanceStatuses() []AttendanceStatus {
	return append(RecordedStatuses(), NotRecorded)
}

// ReasonKind is the kind of reason for an absence.
type ReasonKind string

// ReasonKinds returns every kind of reason.
func ReasonKinds() []ReasonKind {
	return []ReasonKind{"business_trip", "sick", "study", "leave", "family", "other"}
}

// Part is the part of the minutes a line belongs to.
type Part string

// The parts of the minutes, in their order.
const (
	Agenda     Part = "agenda"
	Opinion    Part = "opinion"
	Conclusion Part = "conclusion"
)

// Act is what was done with a meeting.
type Act string

// The acts a meeting remembers.
const (
	ActSubmitted Act = "submitted"
	ActWithdrawn Act = "withdrawn"
	ActReturned  Act = "returned"
	ActAccepted  Act = "accepted"
	ActCancelled Act = "cancelled"
	ActPostponed Act = "postponed"

	ActAmendmentRequested Act = "amendment_requested"
	ActAmended            Act = "amended"
	ActAmendmentRejected  Act = "amendment_rejected"
	ActAmendmentWithdrawn Act = "amendment_withdrawn"
)
