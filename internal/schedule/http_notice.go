package schedule

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
)

// postedWire is what was posted for a meeting.
type postedWire struct {
	MeetingID meeting.ID     `json:"meeting_id" swaggertype:"string" format:"uuid"`
	DueOn     *calendar.Date `json:"due_on"     swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day in time; null where the rule set names none
	InTime    *bool          `json:"in_time"    extensions:"x-nullable"`                                    // by the first thing posted; null while that is open
	Items     []itemWire     `json:"items"`
} //@name MeetingNotice

// itemWire is the notice or a document.
type itemWire struct {
	ID         uuid.UUID    `json:"id"          swaggertype:"string" format:"uuid"`
	Position   int          `json:"position"    example:"1"`
	Kind       NoticeKind   `json:"kind"        swaggertype:"string" enums:"notice,document"`
	Title      string       `json:"title"       example:"Dự thảo nghị quyết tháng 6"`
	Link       *string      `json:"link"        example:"https://vanban.example.vn/du-thao.pdf" extensions:"x-nullable"`
	PostedAt   time.Time    `json:"posted_at"   format:"date-time"`
	RecordedBy *auth.UserID `json:"recorded_by" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RecordedAt time.Time    `json:"recorded_at" format:"date-time"`
} //@name NoticeItem

func wirePosted(p Posted) postedWire {
	wire := postedWire{MeetingID: p.MeetingID, DueOn: p.DueOn, InTime: p.InTime, Items: []itemWire{}}
	for _, n := range p.Items {
		wire.Items = append(wire.Items, itemWire{
			ID: n.ID, Position: n.Position, Kind: n.Kind, Title: n.Title, Link: n.Link, PostedAt: n.PostedAt.UTC(),
			RecordedBy: n.RecordedBy, RecordedAt: n.CreatedAt.UTC(),
		})
	}
	return wire
}

// noticeRequest is what was posted at one instant.
type noticeRequest struct {
	PostedAt *time.Time    `json:"posted_at" format:"date-time" example:"2018-06-02T08:00:00+07:00" extensions:"x-nullable"` // now when left out
	Items    []itemRequest `json:"items"     maxItems:"50" validate:"required"`
} //@name MeetingNoticeInput

// itemRequest is the notice or a document.
type itemRequest struct {
	Kind  NoticeKind `json:"kind"  swaggertype:"string" enums:"notice,document" validate:"required"`
	Title string     `json:"title" example:"Dự thảo nghị quyết tháng 6" maxLength:"500" validate:"required"`
	Link  *string    `json:"link"  example:"https://vanban.example.vn/du-thao.pdf" maxLength:"2000" extensions:"x-nullable"`
} //@name NoticeItemInput

func (r noticeRequest) posting() Posting {
	in := Posting{Items: make([]PostedItem, len(r.Items))}
	if r.PostedAt != nil {
		in.PostedAt = *r.PostedAt
	}
	for i, item := range r.Items {
		in.Items[i] = PostedItem(item)
	}
	return in
}

// getNotice shows what was posted for a meeting.
//
//	@Summary	Show what was posted for a meeting
//	@ID			getMeetingNotice
//	@Tags		Schedule
//	@Security	Bearer
//	@Produce	json
//	@Param		meeting_id	path		string	true	"Meeting"	format(uuid)
//	@Success	200			{object}	postedWire
//	@Failure	400			{object}	httpapi.Problem
//	@Failure	401			{object}	httpapi.Problem
//	@Failure	403			{object}	httpapi.Problem
//	@Failure	404			{object}	httpapi.Problem
//	@Router		/api/v1/meetings/{meeting_id}/notice [get]
func (s *Service) getNotice(c *gin.Context) error {
	id, err := meetingID(c)
	if err != nil {
		return err
	}
	p, err := s.Notices(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.Answer{Body: wirePosted(p)})
}

// postNotice notes what was posted.
//
//	@Summary		Note what was posted for a meeting
//	@Description	Notes when the notice of a meeting and its documents were posted, after what is noted already. The first thing posted decides whether the deadline of the rule set was kept.
//	@ID				postMeetingNotice
//	@Tags			Schedule
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id		path		string			true	"Meeting"	format(uuid)
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		noticeRequest	true	"What was posted"
//	@Success		200				{object}	postedWire		"What would be noted (dry run)"
//	@Success		201				{object}	postedWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/notice [post]
func (s *Service) postNotice(c *gin.Context) error {
	id, err := meetingID(c)
	if err != nil {
		return err
	}
	var body noticeRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Posted, error) {
		return s.Post(ctx, auth.Current(c), id, body.posting())
	}, func(p Posted) httpapi.Answer {
		return httpapi.Answer{Status: http.StatusCreated, Location: "/api/v1/meetings/" + id.String() + "/notice", Body: wirePosted(p)}
	})
}
