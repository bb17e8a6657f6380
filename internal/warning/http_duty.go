package warning

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// dutyList is what the caller owes; the pages are of organisations, so that one may be empty and have a next one.
type dutyList struct {
	Month calendar.Month `json:"month" swaggertype:"string" format:"month" example:"2026-03"`
	Data  []dutyWire     `json:"data"`
	Next  *string        `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name DutyList

// dutyWire is one thing owed.
type dutyWire struct {
	Code           DutyCode       `json:"code" swaggertype:"string" enums:"register_month,hold_committee_session,post_documents,hold_session,hold_thematic_session,hand_in_record,correct_record,rate_session,finish_task,write_record,answer_registration,receive_record,confirm_grade,record_delegate"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Name           string         `json:"name" example:"Chi bộ Tổng hợp"`
	Body           org.Body       `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	State          DutyState      `json:"state" swaggertype:"string" enums:"open,overdue,done"`
	DueOn          *calendar.Date `json:"due_on" swaggertype:"string" format:"date" extensions:"x-nullable"` // null: no rule names a day
	DueAt          *time.Time     `json:"due_at" format:"date-time" extensions:"x-nullable"`                 // the instant at which that day ends
	MeetingID      *uuid.UUID     `json:"meeting_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Request        requestWire    `json:"request"`
} //@name Duty

// requestWire is what settles a duty.
type requestWire struct {
	Method    string  `json:"method" enums:"POST,PATCH,PUT"`
	Path      string  `json:"path" example:"/api/v1/meetings/0198c0de-0000-7000-8000-000000000001/submission"`
	Operation string  `json:"operation" example:"submitMeeting"` // as the contract names it; it describes the body
	IfMatch   *string `json:"if_match" extensions:"x-nullable" example:"\"3\""`
} //@name DutyRequest

// listDuties lists what the caller owes.
//
//	@Summary		List the caller's duties
//	@Description	What the caller owes in a month, where the caller hands records in, writes them or receives them, by when, and the request that settles it. It is computed from what is kept at this moment; a day counts to its end. The pages are of organizations: one may be empty and still have a next one.
//	@ID				listDuties
//	@Tags			Warnings
//	@Security		Bearer
//	@Produce		json
//	@Param			month	query		string	false	"The month, the running one unless given"	format(month)	example(2026-03)
//	@Param			limit	query		int		false	"Organizations of a page, 50 unless given"	minimum(1)		maximum(200)
//	@Param			after	query		string	false	"The cursor of the page before"
//	@Success		200		{object}	dutyList
//	@Failure		400		{object}	httpapi.Problem
//	@Failure		401		{object}	httpapi.Problem
//	@Router			/api/v1/me/duties [get]
func (s *Service) listDuties(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	month := q.Month("month")
	page := q.Page(httpapi.KeyText, httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	if month.IsZero() {
		month = s.zone.MonthOf(s.db.Now())
	}
	found, next, err := s.Duties(c.Request.Context(), auth.Current(c), month, page)
	if err != nil {
		return err
	}
	list := dutyList{Month: month, Data: []dutyWire{}, Next: next}
	for _, of := range found {
		for _, d := range of.Duties {
			list.Data = append(list.Data, d.wire(s.zone))
		}
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func (d Duty) wire(zone calendar.Zone) dutyWire {
	wire := dutyWire{
		Code: d.Code, OrganizationID: d.Organization.ID, Name: d.Organization.Name, Body: d.Body, State: d.State, DueOn: d.DueOn,
		DueAt: d.dueAt(zone), MeetingID: d.MeetingID,
		Request: requestWire{Method: d.Request.Method, Path: d.Request.Path, Operation: d.Request.Operation},
	}
	if d.Request.Version > 0 {
		tag := httpapi.ETag(d.Request.Version)
		wire.Request.IfMatch = &tag
	}
	return wire
}
