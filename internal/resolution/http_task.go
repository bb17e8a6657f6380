package resolution

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
)

// taskResponse is a task that a meeting gave.
type taskResponse struct {
	ID              TaskID         `json:"id"          swaggertype:"string" format:"uuid"`
	Code            *string        `json:"code"        example:"NV12" extensions:"x-nullable"`
	MeetingID       uuid.UUID      `json:"meeting_id"  swaggertype:"string" format:"uuid"`
	Title           *string        `json:"title"       example:"Chuẩn bị nội dung sinh hoạt chuyên đề quý II" extensions:"x-nullable"`
	AssigneeID      *member.ID     `json:"assignee_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DueOn           *calendar.Date `json:"due_on"      swaggertype:"string" format:"date" example:"2017-04-30" extensions:"x-nullable"`
	Status          TaskStatus     `json:"status"      swaggertype:"string" enums:"open,done,dropped"`
	DoneOn          *calendar.Date `json:"done_on"     swaggertype:"string" format:"date" extensions:"x-nullable"`
	Result          *string        `json:"result"           example:"Đã hoàn thành, chi bộ nhất trí" maxLength:"20000" extensions:"x-nullable"`
	Evidence        *string        `json:"evidence"         example:"Báo cáo số 12-BC/CB" maxLength:"20000" extensions:"x-nullable"` // what shows it
	EvidenceAddress *string        `json:"evidence_address" example:"https://vanban.example.vn/12-bc-cb.pdf" maxLength:"2000" extensions:"x-nullable"`
	ReportedByID    *member.ID     `json:"reported_by_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the member who reported it
	Version         int64          `json:"version"     example:"1"`
	CreatedAt       time.Time      `json:"created_at"  format:"date-time"`
	UpdatedAt       time.Time      `json:"updated_at"  format:"date-time"`
} //@name Task

func wireTask(t Task) taskResponse {
	return taskResponse{
		ID: t.ID, Code: t.Code, MeetingID: t.MeetingID, Title: t.Title, AssigneeID: t.AssigneeID, DueOn: t.DueOn, Status: t.Status,
		DoneOn: t.DoneOn, Result: t.Result, Evidence: t.Evidence, EvidenceAddress: t.EvidenceAddress, ReportedByID: t.ReportedByID, Version: t.Version, CreatedAt: t.CreatedAt.UTC(), UpdatedAt: t.UpdatedAt.UTC(),
	}
}

// recordTaskRequest is a task to add to a draft.
type recordTaskRequest struct {
	ID              TaskID         `json:"id"          swaggertype:"string" format:"uuid"`
	Code            *string        `json:"code"        example:"NV12" maxLength:"64" extensions:"x-nullable"`
	MeetingID       uuid.UUID      `json:"meeting_id"  swaggertype:"string" format:"uuid" validate:"required"`
	Title           string         `json:"title"       example:"Chuẩn bị nội dung sinh hoạt chuyên đề quý II" validate:"required"`
	AssigneeID      *member.ID     `json:"assignee_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DueOn           *calendar.Date `json:"due_on"      swaggertype:"string" format:"date" example:"2017-04-30" extensions:"x-nullable"`
	Status          TaskStatus     `json:"status"      swaggertype:"string" enums:"open,done,dropped"` // open unless given
	DoneOn          *calendar.Date `json:"done_on"     swaggertype:"string" format:"date" extensions:"x-nullable"`
	Result          *string        `json:"result"           example:"Đã hoàn thành, chi bộ nhất trí" maxLength:"20000" extensions:"x-nullable"`
	Evidence        *string        `json:"evidence"         example:"Báo cáo số 12-BC/CB" maxLength:"20000" extensions:"x-nullable"` // what shows it
	EvidenceAddress *string        `json:"evidence_address" example:"https://vanban.example.vn/12-bc-cb.pdf" maxLength:"2000" extensions:"x-nullable"`
	ReportedByID    *member.ID     `json:"reported_by_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the member who reported it
} //@name TaskInput

func (r recordTaskRequest) draft() TaskDraft {
	return TaskDraft{
		ID: r.ID, Code: r.Code, Title: &r.Title, AssigneeID: r.AssigneeID, DueOn: r.DueOn, Status: r.Status, DoneOn: r.DoneOn,
		Report: Report{r.Result, r.Evidence, r.EvidenceAddress, r.ReportedByID},
	}
}

// recordTask adds a task to a draft.
//
//	@Summary		Record a task
//	@Description	Adds a task to a meeting whose record has not been handed in.
//	@ID				recordTask
//	@Tags			Tasks
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		recordTaskRequest	true	"The task"
//	@Success		200				{object}	taskResponse		"What would be recorded (dry run)"
//	@Success		201				{object}	taskResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/tasks [post]
func (s *Service) recordTask(c *gin.Context) error {
	var body recordTaskRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Task, error) {
		return s.RecordTask(ctx, auth.Current(c), body.MeetingID, body.draft())
	}, func(t Task) httpapi.Answer {
		return httpapi.Created("/api/v1/tasks/"+t.ID.String(), t.Version, wireTask(t))
	})
}

// getTask shows one task.
//
//	@Summary	Show a task
//	@ID			getTask
//	@Tags		Tasks
//	@Security	Bearer
//	@Produce	json
//	@Param		task_id			path		string	true	"Task"	format(uuid)
//	@Param		If-None-Match	header		string	false	"The version already known"
//	@Success	200				{object}	taskResponse
//	@Success	304				"Not changed"
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/tasks/{task_id} [get]
func (s *Service) getTask(c *gin.Context) error {
	id, err := taskID(c)
	if err != nil {
		return err
	}
	t, err := s.GetTask(c.Request.Context(), auth.Current(c), id)
	if err != nil || httpapi.NotModified(c, t.Version) {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(t.Version, wireTask(t)))
}

// editTaskRequest is what to change of a task; what is absent stays, null clears.
type editTaskRequest struct {
	Code            httpapi.Optional[string]        `json:"code"        swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	Title           httpapi.Optional[string]        `json:"title"       swaggertype:"string"`
	AssigneeID      httpapi.Optional[member.ID]     `json:"assignee_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DueOn           httpapi.Optional[calendar.Date] `json:"due_on"      swaggertype:"string" format:"date" extensions:"x-nullable"`
	Status          httpapi.Optional[TaskStatus]    `json:"status"      swaggertype:"string" enums:"open,done,dropped"`
	DoneOn          httpapi.Optional[calendar.Date] `json:"done_on"     swaggertype:"string" format:"date" extensions:"x-nullable"`
	Result          httpapi.Optional[string]        `json:"result"           swaggertype:"string" maxLength:"20000" extensions:"x-nullable"`
	Evidence        httpapi.Optional[string]        `json:"evidence"         swaggertype:"string" maxLength:"20000" extensions:"x-nullable"`
	EvidenceAddress httpapi.Optional[string]        `json:"evidence_address" swaggertype:"string" maxLength:"2000" extensions:"x-nullable"`
	ReportedByID    httpapi.Optional[member.ID]     `json:"reported_by_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"`
} //@name TaskChange

// editTask changes a task.
//
//	@Summary		Change a task
//	@Description	What became of a task (`status`, `done_on`, `result`, `evidence`, `evidence_address`, `reported_by_id`) may change at any time, the rest only while the record of its meeting has not been handed in. A task that becomes done without `done_on` is done today.
//	@ID				editTask
//	@Tags			Tasks
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			task_id		path		string			true	"Task"	format(uuid)
//	@Param			If-Match	header		string			true	"The version this change rests on"
//	@Param			dry_run		query		bool			false	"Say what would happen and write nothing"
//	@Param			body		body		editTaskRequest	true	"What changes"
//	@Success		200			{object}	taskResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		409			{object}	httpapi.Problem
//	@Failure		412			{object}	httpapi.Problem
//	@Failure		413			{object}	httpapi.Problem
//	@Failure		415			{object}	httpapi.Problem
//	@Failure		422			{object}	httpapi.Problem
//	@Failure		428			{object}	httpapi.Problem
//	@Router			/api/v1/tasks/{task_id} [patch]
func (s *Service) editTask(c *gin.Context) error {
	id, err := taskID(c)
	if err != nil {
		return err
	}
	match, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var body editTaskRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Task, error) {
		return s.EditTask(ctx, auth.Current(c), id, match, TaskChange(body))
	}, func(t Task) httpapi.Answer { return httpapi.OK(t.Version, wireTask(t)) })
}

// taskID reads the task's id from the path.
func taskID(c *gin.Context) (TaskID, error) {
	id, err := httpapi.PathUUID(c, "task_id")
	return TaskID{id}, err
}
