package resolution

import (
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/text"
)

// TaskID names a task.
type TaskID struct{ uuid.UUID }

// NewTaskID returns a fresh id; later ones sort after earlier ones.
func NewTaskID() TaskID { return TaskID{uuid.Must(uuid.NewV7())} }

// ParseTaskID reads an id.
func ParseTaskID(s string) (TaskID, error) {
	id, err := uuid.Parse(s)
	return TaskID{id}, err
}

// TaskStatus says what became of a task.
type TaskStatus string

// The statuses of a task.
const (
	Open    TaskStatus = "open"
	Done    TaskStatus = "done"
	Dropped TaskStatus = "dropped"
)

// TaskStatuses returns every status of a task.
func TaskStatuses() []TaskStatus { return []TaskStatus{Open, Done, Dropped} }

// Task is what a meeting asked a member to do.
type Task struct {
	ID         TaskID `gorm:"primaryKey;autoIncrement:false"`
	Code       *string
	MeetingID  uuid.UUID
	Title      *string
	AssigneeID *member.ID
	DueOn      *calendar.Date
	Status     TaskStatus
	DoneOn     *calendar.Date
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time

	Report `gorm:"embedded"`
}

// Report is what is told of a task: its result, what shows it, and the member who reported it.
type Report struct {
	Result          *string
	Evidence        *string
	EvidenceAddress *string
	ReportedByID    *member.ID
}

// check cleans the texts and notes what is wrong with them below the pointer.
func (r *Report) check(f *fault.Fields, pointer string) {
	text.OptionalLinesAt(f, pointer+"/result", &r.Result, text.MaxLines)
	text.OptionalLinesAt(f, pointer+"/evidence", &r.Evidence, text.MaxLines)
	text.OptionalAddressAt(f, pointer+"/evidence_address", &r.EvidenceAddress)
}

// told reports whether any text is there.
func (r *Report) told() bool { return r.Result != nil || r.Evidence != nil || r.EvidenceAddress != nil }

// TableName names the table.
func (Task) TableName() string { return "task" }

// TaskDraft is a task as it is handed in; a zero ID asks for a new one, an empty Status means open.
type TaskDraft struct {
	ID         TaskID
	Code       *string
	Title      *string
	AssigneeID *member.ID
	DueOn      *calendar.Date
	Status     TaskStatus
	DoneOn     *calendar.Date

	Report
}

// Check cleans the draft's texts and notes what is wrong with it below the pointer, a missing title among it.
func (d *TaskDraft) Check(f *fault.Fields, pointer string) {
	d.tidy(f, pointer)
	f.Check(d.Title != nil, pointer+"/title", "field_required")
}

// tidy is Check for a task that stands already: an imported one may lack its title.
func (d *TaskDraft) tidy(f *fault.Fields, pointer string) {
	text.OptionalAt(f, pointer+"/code", &d.Code, text.MaxCode)
	text.OptionalLinesAt(f, pointer+"/title", &d.Title, text.MaxLines)
	d.Report.check(f, pointer)
	checkOutcome(f, pointer, d.Status, d.DoneOn)
}

// checkOutcome notes an unknown status, and a done day without being done.
func checkOutcome(f *fault.Fields, pointer string, status TaskStatus, doneOn *calendar.Date) {
	switch status {
	case "", Open, Done, Dropped:
	default:
		f.Check(false, pointer+"/status", "word_unknown", fault.Args{"allowed": "open, done, dropped"})
	}
	f.Check(doneOn == nil || status == Done, pointer+"/done_on", "done_on_without_done")
}

// row makes the row of the draft.
func (d *TaskDraft) row(meetingID uuid.UUID, now time.Time) Task {
	id, status := d.ID, d.Status
	if id == (TaskID{}) {
		id = NewTaskID()
	}
	if status == "" {
		status = Open
	}
	return Task{
		ID: id, Code: d.Code, MeetingID: meetingID, Title: d.Title, AssigneeID: d.AssigneeID, DueOn: d.DueOn,
		Status: status, DoneOn: d.DoneOn, Report: d.Report, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
}
