package inspection

import (
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// The faults of remedies.
var (
	ErrRemedyUnknown     = fault.New(fault.NotFound, "remedy_unknown")
	ErrRemedyNotOpen     = fault.New(fault.Conflict, "remedy_not_open")
	ErrRemedyDropped     = fault.New(fault.Conflict, "remedy_dropped")
	ErrRemedyNotReported = fault.New(fault.Conflict, "remedy_not_reported")
	ErrChecked           = fault.New(fault.Conflict, "remedy_check_exists")
	ErrOwnRemedy         = fault.New(fault.Forbidden, "own_remedy")
)

// RemedyID names a remedy.
type RemedyID struct{ uuid.UUID }

// NewRemedyID returns a fresh id; later ones sort after earlier ones.
func NewRemedyID() RemedyID { return RemedyID{uuid.Must(uuid.NewV7())} }

// RemedyStatus says what became of a remedy.
type RemedyStatus string

// The statuses of a remedy.
const (
	RemedyOpen    RemedyStatus = "open"
	RemedyDone    RemedyStatus = "done"
	RemedyDropped RemedyStatus = "dropped"
)

// RemedyStatuses returns every status of a remedy.
func RemedyStatuses() []RemedyStatus { return []RemedyStatus{RemedyOpen, RemedyDone, RemedyDropped} }

// Remedy is what an organisation has to do about a finding, by a day.
type Remedy struct {
	ID             RemedyID `gorm:"primaryKey;autoIncrement:false"`
	Code           *string
	FindingID      uuid.UUID
	OrganizationID org.ID // which owes it
	Text           string
	DueOn          calendar.Date
	Status         RemedyStatus
	DoneOn         *calendar.Date // as reported; nil while it is open
	Outcome        *string        // what was reported last, also of one that a re-check opened again
	ReportedBy     *auth.UserID   // nil: nobody, or the installation
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName names the table.
func (Remedy) TableName() string { return "remedy" }

// Overdue reports whether the remedy is open after its day.
func (r Remedy) Overdue(today calendar.Date) bool {
	return r.Status == RemedyOpen && r.DueOn.Before(today)
}

// reportedBy reports whether the actor reported what became of the remedy.
func (r Remedy) reportedBy(actor auth.Actor) bool {
	user := actor.Editor()
	return user != nil && r.ReportedBy != nil && *r.ReportedBy == *user
}

// CheckResult is what a re-check found.
type CheckResult string

// The results of a re-check.
const (
	Remedied    CheckResult = "remedied"
	Partly      CheckResult = "partly"
	NotRemedied CheckResult = "not_remedied"
)

// CheckResults returns every result of a re-check.
func CheckResults() []CheckResult { return []CheckResult{Remedied, Partly, NotRemedied} }

// Check is a re-check of a remedy, which never changes.
type Check struct {
	ID        uuid.UUID `gorm:"primaryKey;autoIncrement:false"`
	RemedyID  RemedyID
	CheckedOn calendar.Date
	Result    CheckResult
	Text      *string
	CheckedBy *auth.UserID // nil: the installation
	CreatedAt time.Time
}

// TableName names the table.
func (Check) TableName() string { return "remedy_check" }

// RemedyInput is a remedy to be demanded.
type RemedyInput struct {
	ID             RemedyID // zero: a new one
	Code           *string
	FindingID      uuid.UUID
	OrganizationID org.ID
	Text           string
	DueOn          calendar.Date
}

// row makes the row and notes what is wrong with it.
func (in RemedyInput) row(f *fault.Fields, now time.Time) Remedy {
	r := Remedy{
		ID: in.ID, Code: in.Code, FindingID: in.FindingID, OrganizationID: in.OrganizationID, Text: in.Text, DueOn: in.DueOn,
		Status: RemedyOpen, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if r.ID == (RemedyID{}) {
		r.ID = NewRemedyID()
	}
	f.Check(r.FindingID != uuid.Nil, "/finding_id", "field_required")
	f.Check(r.OrganizationID != (org.ID{}), "/organization_id", "field_required")
	r.tidy(f)
	return r
}

// tidy cleans the texts and notes what is wrong with what is demanded.
func (r *Remedy) tidy(f *fault.Fields) {
	text.OptionalAt(f, "/code", &r.Code, text.MaxCode)
	text.CleanLinesAt(f, "/text", &r.Text, text.MaxLines)
	f.Check(r.Text != "", "/text", "field_required")
	f.Check(!r.DueOn.IsZero(), "/due_on", "field_required")
}

// RemedyChange is what to change of an open remedy; what is absent stays.
type RemedyChange struct {
	Code  httpapi.Optional[string]
	Text  httpapi.Optional[string]
	DueOn httpapi.Optional[calendar.Date]
}

// apply changes the remedy.
func (c RemedyChange) apply(r *Remedy) {
	c.Code.Apply(&r.Code)
	if c.Text.Set {
		r.Text = c.Text.Value
	}
	if c.DueOn.Set {
		r.DueOn = c.DueOn.Value
	}
}

// Outcome is what became of a remedy, as somebody reports it.
type Outcome struct {
	Status RemedyStatus // done or dropped
	DoneOn *calendar.Date
	Text   string // the evidence, or why it is dropped
}

// apply notes the outcome on the remedy and what is wrong with it; one that is done without a day is done today.
func (o Outcome) apply(f *fault.Fields, r *Remedy, i Inspection, today calendar.Date) {
	checkWord(f, "/status", o.Status, []RemedyStatus{RemedyDone, RemedyDropped})
	text.CleanLinesAt(f, "/text", &o.Text, text.MaxLines)
	f.Check(o.Text != "", "/text", "field_required")
	f.Check(o.DoneOn == nil || o.Status == RemedyDone, "/done_on", "done_on_without_done")
	if o.Status == RemedyDone && o.DoneOn == nil {
		o.DoneOn = &today
	}
	if o.DoneOn != nil {
		checkDay(f, "/done_on", *o.DoneOn, i, today)
	}
	r.Status, r.DoneOn, r.Outcome = o.Status, o.DoneOn, &o.Text
}

// checkDay notes a day before the round or after today.
func checkDay(f *fault.Fields, pointer string, day calendar.Date, i Inspection, today calendar.Date) {
	f.Check(!day.Before(i.FromOn), pointer, "before_round", fault.Args{"day": i.FromOn})
	f.Check(!day.After(today), pointer, "date_in_future")
}

// CheckInput is a re-check to be recorded.
type CheckInput struct {
	CheckedOn calendar.Date
	Result    CheckResult
	Text      *string
}

// row makes the row and notes what is wrong with it; without a day it is of today.
func (in CheckInput) row(f *fault.Fields, r Remedy, i Inspection, today calendar.Date, now time.Time) Check {
	c := Check{ID: uuid.Must(uuid.NewV7()), RemedyID: r.ID, CheckedOn: in.CheckedOn, Result: in.Result, Text: in.Text, CreatedAt: now}
	if c.CheckedOn.IsZero() {
		c.CheckedOn = today
	}
	text.OptionalLinesAt(f, "/text", &c.Text, text.MaxLines)
	checkWord(f, "/result", c.Result, CheckResults())
	checkDay(f, "/checked_on", c.CheckedOn, i, today)
	f.Check(r.DoneOn == nil || !c.CheckedOn.Before(*r.DoneOn), "/checked_on", "check_before_outcome")
	return c
}

// judge lets a re-check take effect: what is not remedied is open again.
//
// Faults: remedy_dropped, remedy_not_reported.
func (r *Remedy) judge(c Check) error {
	switch {
	case r.Status == RemedyDropped:
		return ErrRemedyDropped
	case c.Result == Remedied && r.Status != RemedyDone:
		return ErrRemedyNotReported
	case c.Result != Remedied:
		r.Status, r.DoneOn = RemedyOpen, nil
	}
	return nil
}
