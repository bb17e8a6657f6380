package meeting

import (
	"iter"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// attendanceResponse is a row of a roll with what is needed to read it alone.
type attendanceResponse struct {
	MeetingID      ID             `json:"meeting_id"      swaggertype:"string" format:"uuid"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Body           org.Body       `json:"body"            swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Forms          []Form         `json:"forms"           swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"regular"`
	PeriodMonth    calendar.Month `json:"period_month"    swaggertype:"string" example:"2018-04"`
	HeldOn         calendar.Date  `json:"held_on"         swaggertype:"string" format:"date" example:"2018-04-03"`
	MeetingStatus  Status         `json:"meeting_status"  swaggertype:"string" enums:"scheduled,held,submitted,accepted,cancelled"`
	rowResponse
} //@name Attendance

// attendanceList is a page of attendance rows.
type attendanceList struct {
	Data []attendanceResponse `json:"data"`
	Next *string              `json:"next" extensions:"x-nullable"`
} //@name AttendanceList

// listAttendances lists attendance.
//
//	@Summary		List attendance
//	@Description	The rows of the rolls in the caller's reach, in the order of the days.
//	@ID				listAttendances
//	@Tags			Attendance
//	@Security		Bearer
//	@Produce		json,text/csv
//	@Param			meeting_id		query		string	false	"Of this meeting"										format(uuid)
//	@Param			member_id		query		string	false	"Of this member"										format(uuid)
//	@Param			organization_id	query		string	false	"Of this organization"									format(uuid)
//	@Param			scope			query		string	false	"With what is below it today (subtree), or it alone"	enums(subtree,own)	default(subtree)
//	@Param			body			query		string	false	"Of this body"											enums(cell,cell_committee,party_committee,standing_committee,conference,inspection_commission)
//	@Param			status			query		string	false	"With this status"										enums(present,excused,unexcused,not_recorded)
//	@Param			from			query		string	false	"For this month or later (YYYY-MM)"						format(month)
//	@Param			to				query		string	false	"For this month or earlier (YYYY-MM)"					format(month)
//	@Param			limit			query		int		false	"Rows on a page"										minimum(1)	maximum(200)	default(50)
//	@Param			after			query		string	false	"Where the last page ended"
//	@Param			format			query		string	false	"The format, instead of Accept"	enums(json,csv)
//	@Success		200				{object}	attendanceList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/attendances [get]
func (s *Service) listAttendances(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	f := AttendanceFilter{
		Meeting:      ID{q.UUID("meeting_id")},
		Member:       member.ID{UUID: q.UUID("member_id")},
		Organization: org.ID{UUID: q.UUID("organization_id")},
		Scope:        q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn),
		Body:         org.Body(q.String("body", texts(org.Bodies)...)),
		Status:       AttendanceStatus(q.String("status", texts(AttendanceStatuses())...)),
		From:         q.Month("from"),
		To:           q.Month("to"),
	}
	page := q.Page(httpapi.KeyDate, httpapi.KeyUUID, httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	rows, next, err := s.ListAttendance(c.Request.Context(), auth.Current(c), f, page)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "attendance.csv", attendanceCells(rows))
	}
	list := attendanceList{Data: make([]attendanceResponse, len(rows)), Next: next}
	for i, row := range rows {
		list.Data[i] = wireAttendance(row)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func wireAttendance(r AttendanceRow) attendanceResponse {
	return attendanceResponse{
		MeetingID: r.MeetingID, OrganizationID: r.OrganizationID, Body: r.Body, Forms: r.Forms.List(), PeriodMonth: r.PeriodMonth,
		HeldOn: r.HeldOn, MeetingStatus: r.MeetingStatus,
		rowResponse: rowResponse{
			MemberID: r.MemberID, FullName: r.FullName, Status: r.Status, ReasonKind: r.ReasonKind, Reason: r.Reason,
			Late: r.Late, LeftEarly: r.LeftEarly, Remote: r.Remote, Spoke: r.Spoke, Standing: r.Standing,
		},
	}
}

func attendanceCells(rows []AttendanceRow) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{
			"meeting_id", "organization_id", "body", "forms", "period_month", "held_on", "meeting_status", "member_id", "full_name",
			"status", "reason_kind", "reason", "late", "left_early", "remote", "spoke", "standing",
		}) {
			return
		}
		for _, r := range rows {
			if !yield([]string{
				r.MeetingID.String(), r.OrganizationID.String(), string(r.Body), string(r.Forms), r.PeriodMonth.String(),
				r.HeldOn.String(), string(r.MeetingStatus), r.MemberID.String(), r.FullName, string(r.Status), word(r.ReasonKind),
				deref(r.Reason), flag(r.Late), flag(r.LeftEarly), flag(r.Remote), flag(r.Spoke), word(r.Standing),
			}) {
				return
			}
		}
	}
}

func flag(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}
