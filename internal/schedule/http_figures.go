package schedule

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// attendanceWire is what delegates attended in the months.
type attendanceWire struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Scope          string         `json:"scope"           enums:"subtree,own"`
	From           calendar.Month `json:"from"            swaggertype:"string" example:"2018-01"`
	To             calendar.Month `json:"to"              swaggertype:"string" example:"2018-06"`
	Groups         []quarterWire  `json:"groups"`
} //@name DelegateAttendance

// quarterWire counts the sessions of one organisation in one quarter.
type quarterWire struct {
	OrganizationID   org.ID           `json:"organization_id"   swaggertype:"string" format:"uuid"`
	OrganizationName string           `json:"organization_name" example:"Chi bộ Tổng hợp"`
	Quarter          calendar.Quarter `json:"quarter"           swaggertype:"string" example:"2018-Q1"`
	Sessions         int              `json:"sessions"          example:"3"` // held, with or without a record that is in
	Attended         int              `json:"attended"          example:"2"` // of these, by at least one delegate
	Delegates        []attendeeWire   `json:"delegates"`
} //@name DelegateAttendanceQuarter

// attendeeWire is a delegate with the sessions of the quarter for which attendance is recorded.
type attendeeWire struct {
	MemberID member.ID `json:"member_id" swaggertype:"string" format:"uuid"`
	FullName string    `json:"full_name" example:"Nguyễn Văn An"`
	Sessions int       `json:"sessions"  example:"3"` // for which it is recorded whether the delegate came
	Attended int       `json:"attended"  example:"2"`
} //@name DelegateAttendanceMember

// getDelegateAttendance counts what delegates attended.
//
//	@Summary		Count the attendance of delegates
//	@Description	Counts, for each cell and quarter, the sessions of the months that were held and those that a delegate attended, and who did. Congresses and other gatherings do not count. A session belongs to the quarter of its month; a quarter at either end holds the months asked for alone. Cells are those below the organization today.
//	@ID				getDelegateAttendance
//	@Tags			Delegates
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	path		string	true	"Organization"												format(uuid)
//	@Param			from			query		string	true	"First month"												format(month)	example(2018-01)
//	@Param			to				query		string	true	"Last month, included; at most 36 months"					format(month)	example(2018-06)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			format			query		string	false	"Format of the answer"										Enums(json, csv)
//	@Success		200				{object}	attendanceWire
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/delegate-attendance [get]
func (s *Service) getDelegateAttendance(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	organization, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	period, scope := months(q), scopeOf(q)
	if err := q.Err(); err != nil {
		return err
	}
	groups, err := s.Attendance(c.Request.Context(), auth.Current(c), organization, scope, period)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "delegate-attendance.csv", quarterRows(groups))
	}
	return httpapi.JSON(c, http.StatusOK, attendanceWire{organization, scope, period.From, period.To, wireQuarters(groups)})
}

func wireQuarters(groups []Quarterly) []quarterWire {
	wires := make([]quarterWire, len(groups))
	for i, q := range groups {
		wires[i] = quarterWire{q.OrganizationID, q.Name, q.Quarter, q.Sessions, q.Attended, make([]attendeeWire, len(q.Members))}
		for j, m := range q.Members {
			wires[i].Delegates[j] = attendeeWire(m)
		}
	}
	return wires
}
