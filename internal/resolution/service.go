package resolution

import (
	"context"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Service holds the use cases of resolutions and tasks.
type Service struct {
	db      *database.DB
	meeting audit.Kind // what the log commits to of a meeting, whose room stands to the right
	ballots Ballots
}

// New returns the service; the kind is that of meetings, which resolutions and tasks are added to, and ballots tells who votes in them.
func New(db *database.DB, meetings audit.Kind, ballots Ballots) *Service {
	return &Service{db: db, meeting: meetings, ballots: ballots}
}

// Record adds a resolution to a meeting whose record is still a draft; the actor becomes one of its editors.
//
// Faults: forbidden, meeting_counted, meeting_wrong_status, id_taken, code_taken, resolution_number_taken, resolution_series_full,
// resolution_invalid (field_required, reference_unknown, text_too_long, number_out_of_range, word_unknown, number_given_twice).
func (s *Service) Record(ctx context.Context, actor auth.Actor, meetingID uuid.UUID, draft Draft) (Resolution, error) {
	return audit.Write(ctx, s.db, actor.Act("resolution.record"), func(tx *database.Tx) (Resolution, error) {
		var f fault.Fields
		draft.Check(&f, "")
		m, err := checkMeeting(ctx, tx, actor, &f, meetingID)
		if err != nil {
			return Resolution{}, err
		}
		if err := f.Err(fault.Invalid, "resolution_invalid"); err != nil {
			return Resolution{}, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.MeetingWrite, m.OrganizationID); err != nil {
			return Resolution{}, err
		}
		if err := s.editMeeting(ctx, tx, actor, m); err != nil {
			return Resolution{}, err
		}
		n, err := newNumberer(ctx, tx, m.sitting())
		if err != nil {
			return Resolution{}, err
		}
		row := draft.row(meetingID, tx.Now)
		return row, n.insertNumbered(ctx, tx, &row, draft.NextNumber, false)
	})
}

// checkMeeting finds the meeting a request names, and notes at /meeting_id when there is none the actor may see.
func checkMeeting(ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, id uuid.UUID) (meeting, error) {
	if !f.Check(id != uuid.Nil, "/meeting_id", "field_required") {
		return meeting{}, nil
	}
	m, ok, err := findMeeting(ctx, tx, actor, id)
	if err == nil {
		f.Check(ok, "/meeting_id", "reference_unknown")
	}
	return m, err
}

// Get returns a resolution of a meeting the actor may see; faults: resolution_unknown, forbidden.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (Shown, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Shown, error) {
		row, ok, err := findVisible[Resolution](ctx, tx, actor, id.UUID)
		if err == nil && !ok {
			err = ErrUnknown
		}
		if err != nil {
			return Shown{}, err
		}
		all, err := s.shown(ctx, tx, []Resolution{row})
		if err != nil {
			return Shown{}, err
		}
		return all[0], nil
	})
}

// List returns the resolutions of the filter whose meetings the actor may see, one more than the limit if there are more; fault:
// forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor, filter Filter) ([]Shown, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Shown, error) {
		rows, err := listRows[Resolution](ctx, tx, actor, filter, "adopted_on")
		if err != nil {
			return nil, err
		}
		return s.shown(ctx, tx, rows)
	})
}

// RecordTask adds a task to a meeting whose record is still a draft; the actor becomes one of its editors.
//
// Faults: forbidden, meeting_counted, meeting_wrong_status, id_taken, code_taken, task_invalid (field_required, reference_unknown,
// text_too_long, word_unknown, done_on_without_done).
func (s *Service) RecordTask(ctx context.Context, actor auth.Actor, meetingID uuid.UUID, draft TaskDraft) (Task, error) {
	return audit.Write(ctx, s.db, actor.Act("task.record"), func(tx *database.Tx) (Task, error) {
		var f fault.Fields
		draft.Check(&f, "")
		m, err := checkMeeting(ctx, tx, actor, &f, meetingID)
		if err != nil {
			return Task{}, err
		}
		if err := checkPeople(ctx, tx, &f, draft); err != nil {
			return Task{}, err
		}
		f.Check(!m.OnPaper || !draft.told(), "/result", "paper_without_text")
		if err := f.Err(fault.Invalid, "task_invalid"); err != nil {
			return Task{}, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.TaskWrite, m.OrganizationID); err != nil {
			return Task{}, err
		}
		if err := s.editMeeting(ctx, tx, actor, m); err != nil {
			return Task{}, err
		}
		row := draft.row(meetingID, tx.Now)
		return row, insertTask(ctx, tx, &row)
	})
}

// checkPeople notes an assignee or reporter who does not exist.
func checkPeople(ctx context.Context, tx *database.Tx, f *fault.Fields, draft TaskDraft) error {
	for _, who := range []struct {
		pointer string
		id      *member.ID
	}{{"/assignee_id", draft.AssigneeID}, {"/reported_by_id", draft.ReportedByID}} {
		if who.id == nil {
			continue
		}
		known, err := member.LookupAll(ctx, tx, []member.ID{*who.id})
		if err != nil {
			return err
		}
		f.Check(len(known) == 1, who.pointer, "reference_unknown")
	}
	return nil
}

// GetTask returns a task of a meeting the actor may see; faults: task_unknown, forbidden.
func (s *Service) GetTask(ctx context.Context, actor auth.Actor, id TaskID) (Task, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Task, error) {
		return visibleTask(ctx, tx, actor, id)
	})
}

func visibleTask(ctx context.Context, tx *database.Tx, actor auth.Actor, id TaskID) (Task, error) {
	row, ok, err := findVisible[Task](ctx, tx, actor, id.UUID)
	if err == nil && !ok {
		err = ErrTaskUnknown
	}
	return row, err
}

// ListTasks returns the tasks of the filter whose meetings the actor may see, one more than the limit if there are more; fault:
// forbidden.
func (s *Service) ListTasks(ctx context.Context, actor auth.Actor, filter Filter) ([]Task, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Task, error) {
		return listRows[Task](ctx, tx, actor, filter, "due_on")
	})
}

// TaskChange is what an edit of a task alters; what is not set stays.
type TaskChange struct {
	Code            httpapi.Optional[string]
	Title           httpapi.Optional[string]
	AssigneeID      httpapi.Optional[member.ID]
	DueOn           httpapi.Optional[calendar.Date]
	Status          httpapi.Optional[TaskStatus]
	DoneOn          httpapi.Optional[calendar.Date]
	Result          httpapi.Optional[string]
	Evidence        httpapi.Optional[string]
	EvidenceAddress httpapi.Optional[string]
	ReportedByID    httpapi.Optional[member.ID]
}

// content reports whether the change touches what the meeting decided, not only what became of it.
func (c TaskChange) content() bool {
	return c.Code.Set || c.Title.Set || c.AssigneeID.Set || c.DueOn.Set
}

// apply returns the task as the change makes it, as a draft to be checked. A task that is no longer done loses its done day, one that
// becomes done without a day is done today.
func (c TaskChange) apply(t Task, today calendar.Date) TaskDraft {
	d := TaskDraft{
		ID: t.ID, Code: t.Code, Title: t.Title, AssigneeID: t.AssigneeID, DueOn: t.DueOn, Status: t.Status, DoneOn: t.DoneOn,
		Report: t.Report,
	}
	c.Code.Apply(&d.Code)
	c.Title.Apply(&d.Title)
	c.AssigneeID.Apply(&d.AssigneeID)
	c.DueOn.Apply(&d.DueOn)
	if c.Status.Set {
		d.Status = c.Status.Value
	}
	c.DoneOn.Apply(&d.DoneOn)
	c.Result.Apply(&d.Result)
	c.Evidence.Apply(&d.Evidence)
	c.EvidenceAddress.Apply(&d.EvidenceAddress)
	c.ReportedByID.Apply(&d.ReportedByID)
	switch {
	case c.DoneOn.Set:
	case d.Status != Done:
		d.DoneOn = nil
	case t.Status != Done:
		d.DoneOn = &today
	}
	return d
}

// EditTask changes a task if match is the current version. What became of it may change at any time, the rest only while the record of
// its meeting is a draft.
//
// Faults: task_unknown, forbidden, version_stale, meeting_counted, meeting_wrong_status, code_taken, task_invalid as in RecordTask.
func (s *Service) EditTask(ctx context.Context, actor auth.Actor, id TaskID, match int64, change TaskChange) (Task, error) {
	return audit.Write(ctx, s.db, actor.Act("task.edit"), func(tx *database.Tx) (Task, error) {
		t, err := visibleTask(ctx, tx, actor, id)
		if err != nil {
			return Task{}, err
		}
		onPaper, err := s.authorizeEdit(ctx, tx, actor, t, change)
		if err != nil {
			return Task{}, err
		}
		if t.Version != match {
			return Task{}, staleTask(ctx, tx, id)
		}
		var f fault.Fields
		draft := change.apply(t, tx.Today())
		draft.tidy(&f, "")
		f.Check(draft.Title != nil || !change.Title.Set, "/title", "field_required")
		f.Check(draft.Status != "", "/status", "field_required")
		f.Check(!onPaper || !draft.told(), "/result", "paper_without_text")
		if err := checkPeople(ctx, tx, &f, draft); err != nil {
			return Task{}, err
		}
		if err := f.Err(fault.Invalid, "task_invalid"); err != nil {
			return Task{}, err
		}
		t.Code, t.Title, t.AssigneeID, t.DueOn = draft.Code, draft.Title, draft.AssigneeID, draft.DueOn
		t.Status, t.DoneOn, t.Report = draft.Status, draft.DoneOn, draft.Report
		if err := saveTask(ctx, tx, &t); err != nil {
			return Task{}, err
		}
		return t, nil
	})
}

// editMeeting takes the next version of the draft that a resolution or task changes.
func (s *Service) editMeeting(ctx context.Context, tx *database.Tx, actor auth.Actor, m meeting) error {
	audit.Touch(tx, s.meeting, m.ID)
	return editMeeting(ctx, tx, actor, m)
}

// authorizeEdit lets pass who may write tasks there; a change of what the meeting decided is a change of its draft as well. It tells whether
// the text of the meeting is kept on paper.
func (s *Service) authorizeEdit(ctx context.Context, tx *database.Tx, actor auth.Actor, t Task, change TaskChange) (onPaper bool, err error) {
	m, _, err := findMeeting(ctx, tx, actor, t.MeetingID)
	if err != nil {
		return false, err
	}
	if err := org.Authorize(ctx, tx, actor, auth.TaskWrite, m.OrganizationID); err != nil || !change.content() {
		return m.OnPaper, err
	}
	return m.OnPaper, s.editMeeting(ctx, tx, actor, m)
}
