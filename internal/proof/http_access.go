package proof

import (
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
)

type accessResponse struct {
	ID             uuid.UUID     `json:"id" swaggertype:"string" format:"uuid"`
	Day            calendar.Date `json:"day" swaggertype:"string" format:"date"` // in the installation's zone
	RecordedAt     time.Time     `json:"recorded_at" format:"date-time"`
	UserID         uuid.UUID     `json:"user_id" swaggertype:"string" format:"uuid"`
	TokenID        *uuid.UUID    `json:"token_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	LoginSessionID *uuid.UUID    `json:"login_session_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RequestID      string        `json:"request_id"`
	Method         string        `json:"method" example:"GET"`
	Route          string        `json:"route" example:"/api/v1/members/{member_id}"`
	OrganizationID *uuid.UUID    `json:"organization_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // that was asked for, in the path or as a filter
	MemberID       *uuid.UUID    `json:"member_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MeetingID      *uuid.UUID    `json:"meeting_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ObjectID       *uuid.UUID    `json:"object_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // any other thing that was asked for
	Rows           *int64        `json:"rows" extensions:"x-nullable"`                                         // of a list
} //@name Access

type accessList struct {
	Data []accessResponse `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"`
} //@name AccessList

// listAccesses serves who read what.
//
//	@Summary		List who read data of persons
//	@Description	The readings of superiors, administrators and auditors, in the order in which they were recorded: who, when, by which token or login session, through which route, and the ids that were asked for. A list tells what it was narrowed to and how many rows it showed. No names. Rows are kept for 24 months.
//	@ID				listAccesses
//	@Tags			Transparency log
//	@Security		Bearer
//	@Produce		json,text/csv
//	@Param			from			query		string	false	"On this day or later"										format(date)
//	@Param			to				query		string	false	"On this day or earlier"									format(date)
//	@Param			user_id			query		string	false	"By this user"												format(uuid)
//	@Param			organization_id	query		string	false	"That asked for this organization"							format(uuid)
//	@Param			subject_id		query		string	false	"That asked for this member, meeting, user or other thing"	format(uuid)
//	@Param			limit			query		integer	false	"Rows of a page"											minimum(1)	maximum(200)	default(50)
//	@Param			after			query		string	false	"Where the last page ended: its `next`"
//	@Param			format			query		string	false	"The format, instead of Accept"	enums(json,csv)
//	@Success		200				{object}	accessList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/audit/accesses [get]
func (s *Service) listAccesses(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	f := audit.AccessFilter{
		From: q.Date("from"), To: q.Date("to"),
		UserID: filter(q, "user_id"), OrganizationID: filter(q, "organization_id"), SubjectID: filter(q, "subject_id"),
	}
	page := q.Page(httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	found, err := s.Accesses(c.Request.Context(), auth.Current(c), f, page)
	if err != nil {
		return err
	}
	return answer(c, format, found)
}

// filter reads an id; nil if there is none.
func filter(q *httpapi.Query, name string) *uuid.UUID {
	id := q.UUID(name)
	if !q.Has(name) {
		return nil
	}
	return &id
}

// listMemberAccesses serves who read a member's data.
//
//	@Summary		List who read a member's data
//	@Description	The readings that asked for this member, for administrators of the member's home and for auditors. A list that showed the member among others names what it was narrowed to and not each member: look for those with `listAccesses` and the organization.
//	@ID				listMemberAccesses
//	@Tags			Transparency log
//	@Security		Bearer
//	@Produce		json,text/csv
//	@Param			member_id	path		string	true	"-"					format(uuid)
//	@Param			limit		query		integer	false	"Rows of a page"	minimum(1)	maximum(200)	default(50)
//	@Param			after		query		string	false	"Where the last page ended: its `next`"
//	@Param			format		query		string	false	"The format, instead of Accept"	enums(json,csv)
//	@Success		200			{object}	accessList
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		406			{object}	httpapi.Problem
//	@Router			/api/v1/members/{member_id}/accesses [get]
func (s *Service) listMemberAccesses(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "member_id")
	if err != nil {
		return err
	}
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	page := q.Page(httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	found, err := s.AccessesTo(c.Request.Context(), auth.Current(c), member.ID{UUID: id}, page)
	if err != nil {
		return err
	}
	return answer(c, format, found)
}

func answer(c *gin.Context, format string, found Accesses) error {
	if format == "csv" {
		return httpapi.CSV(c, "accesses.csv", accessRows(found.Data))
	}
	list := accessList{Data: make([]accessResponse, len(found.Data)), Next: found.Next}
	for i, a := range found.Data {
		list.Data[i] = accessResponse{
			ID: a.ID, Day: a.Day, RecordedAt: a.RecordedAt.UTC(), UserID: a.UserID, TokenID: a.TokenID, LoginSessionID: a.SessionID,
			RequestID: a.RequestID, Method: a.Method, Route: a.Route, OrganizationID: a.OrganizationID, MemberID: a.MemberID,
			MeetingID: a.MeetingID, ObjectID: a.ObjectID, Rows: a.RowCount,
		}
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func accessRows(found []audit.Access) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{
			"id", "day", "recorded_at", "user_id", "token_id", "login_session_id", "request_id", "method", "route", "organization_id", "member_id",
			"meeting_id", "object_id", "rows",
		}) {
			return
		}
		for _, a := range found {
			rows := ""
			if a.RowCount != nil {
				rows = strconv.FormatInt(*a.RowCount, 10)
			}
			if !yield([]string{
				a.ID.String(), a.Day.String(), a.RecordedAt.UTC().Format(time.RFC3339Nano), a.UserID.String(), id(a.TokenID), id(a.SessionID),
				a.RequestID, a.Method, a.Route, id(a.OrganizationID), id(a.MemberID), id(a.MeetingID), id(a.ObjectID), rows,
			}) {
				return
			}
		}
	}
}

// id writes an id, or nothing.
func id(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}
