package amendment

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// ID names an amendment.
type ID struct{ uuid.UUID }

// NewID returns a fresh id, in the order of time.
func NewID() ID { return ID{uuid.Must(uuid.NewV7())} }

// The faults of an amendment as a whole.
var (
	ErrUnknown  = fault.New(fault.NotFound, "amendment_unknown")
	ErrOpen     = fault.New(fault.Conflict, "amendment_open")
	ErrDecided  = fault.New(fault.Conflict, "amendment_decided")
	ErrOwn      = fault.New(fault.Forbidden, "own_amendment")
	ErrNotYours = fault.New(fault.Forbidden, "amendment_not_yours")
)

// Status is where an amendment stands.
type Status string

// The statuses of an amendment.
const (
	Requested Status = "requested"
	Confirmed Status = "confirmed"
	Rejected  Status = "rejected"
	Withdrawn Status = "withdrawn"
)

// ReasonCode says of what kind the mistake is.
type ReasonCode string

// ReasonCodes returns every reason.
func ReasonCodes() []ReasonCode {
	return []ReasonCode{"clerical_error", "missing_fact", "wrong_roll", "wrong_person", "other"}
}

// Amendment is a change of an accepted record that was asked for.
type Amendment struct {
	ID             ID `gorm:"primaryKey;autoIncrement:false"`
	MeetingID      meeting.ID
	BaseVersion    int
	Status         Status
	ReasonCode     ReasonCode
	Grounds        `gorm:"embedded"`
	Content        []byte // the record as it would be
	Codes          string // JSON: the senders' keys of its resolutions and tasks, by id
	RequestedBy    *auth.UserID
	RequestedAt    time.Time
	DecidedBy      *auth.UserID
	DecidedAt      *time.Time
	DecisionReason *string
}

// TableName names the table.
func (Amendment) TableName() string { return "amendment" }

// Input asks for an amendment.
type Input struct {
	Grounds

	ReasonCode     ReasonCode
	OrganizationID *org.ID // where the sender names one, it must be the meeting's
	Change         func(*meeting.Content)
	Roll           *meeting.RollInput
}

// check cleans the texts and notes what is wrong with the request beside the change itself.
func (in *Input) check(today calendar.Date) error {
	var f fault.Fields
	if f.Check(in.ReasonCode != "", "/reason_code", "field_required") {
		checkReason(&f, in.ReasonCode)
	}
	in.Grounds.Check(&f, today)
	return f.Err(fault.Invalid, "amendment_invalid")
}

func checkReason(f *fault.Fields, given ReasonCode) {
	names := make([]string, 0, len(ReasonCodes()))
	for _, code := range ReasonCodes() {
		if code == given {
			return
		}
		names = append(names, string(code))
	}
	f.Check(false, "/reason_code", "word_unknown", fault.Args{"value": string(given), "allowed": strings.Join(names, ", ")})
}

// below moves the places of a fault of the change to where the change stands in the request.
func below(err error, pointer string) error {
	f, ok := fault.As(err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	moved := *f
	moved.Fields = append([]fault.Field{}, f.Fields...)
	for i := range moved.Fields {
		moved.Fields[i].Pointer = pointer + moved.Fields[i].Pointer
	}
	return &moved
}

// proposal reads back what was proposed.
func (a Amendment) proposal() (meeting.Proposal, error) {
	record, err := meeting.ReadRecord(a.Content)
	if err != nil {
		return meeting.Proposal{}, fmt.Errorf("amendment %s: %w", a.ID, err)
	}
	p := meeting.Proposal{Record: record}
	if err := json.Unmarshal([]byte(a.Codes), &p.Codes); err != nil {
		return meeting.Proposal{}, fmt.Errorf("codes of amendment %s: %w", a.ID, err)
	}
	return p, nil
}

// keep writes a proposal into the amendment.
func (a *Amendment) keep(p meeting.Proposal) error {
	var err error
	if a.Content, err = meeting.Canonical(p.Record); err != nil {
		return err
	}
	codes, err := json.Marshal(p.Codes)
	a.Codes = string(codes)
	return err
}

// open refuses an amendment that was decided.
func (a Amendment) open() error {
	if a.Status == Requested {
		return nil
	}
	return fault.With(ErrDecided, fault.Args{"status": string(a.Status)})
}

// own reports whether the actor asked for it.
func (a Amendment) own(actor auth.Actor) bool {
	user := actor.Editor()
	return user != nil && a.RequestedBy != nil && *user == *a.RequestedBy || user == nil && a.RequestedBy == nil
}

// judge refuses the decision of somebody who asked for it; the installation, which is nobody, decides by itself.
func (a Amendment) judge(actor auth.Actor) error {
	if actor.Editor() != nil && a.own(actor) {
		return ErrOwn
	}
	return a.open()
}
