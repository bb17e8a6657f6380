package summary

import (
	"iter"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

// complianceList is a page of organisations.
type complianceList struct {
	From calendar.Month   `json:"from" swaggertype:"string" format:"month" example:"2018-01"`
	To   calendar.Month   `json:"to"   swaggertype:"string" format:"month" example:"2018-04"`
	Data []complianceWire `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name ComplianceList

// complianceWire is an organisation with its bodies that owe a session, or have one, in the period.
type complianceWire struct {
	OrganizationID org.ID     `json:"organization_id" swaggertype:"string" format:"uuid"`
	Code           *string    `json:"code" extensions:"x-nullable" example:"VPUB-TH"`
	Name           string     `json:"name" example:"Chi bộ Tổng hợp"`
	Kind           org.Kind   `json:"kind" swaggertype:"string" enums:"central,provincial,superior,base_party,sectional_party,base_cell,cell"`
	Bodies         []bodyWire `json:"bodies"`
} //@name OrganizationCompliance

// bodyWire is the months of a body. Due, excused and covered are of the months that have ended, as in the summary.
type bodyWire struct {
	Body    org.Body        `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Due     int64           `json:"due" example:"4"`
	Excused int64           `json:"excused" example:"0"`
	Covered int64           `json:"covered" example:"3"`
	Rate    Ratio           `json:"rate"`
	Months  []monthCellWire `json:"months"`
} //@name BodyCompliance

// monthCellWire is where a body stands with the regular session of a month.
type monthCellWire struct {
	Month     calendar.Month `json:"month" swaggertype:"string" format:"month" example:"2018-04"`
	State     MonthState     `json:"state" swaggertype:"string" enums:"not_due,excused,open,nothing,scheduled,held,returned,submitted,accepted"`
	Late      *bool          `json:"late" extensions:"x-nullable"`                                      // whether the record missed its deadline; null: no deadline, still open, or unknown
	DueOn     *calendar.Date `json:"due_on" swaggertype:"string" format:"date" extensions:"x-nullable"` // the last day for the record
	MeetingID *meeting.ID    `json:"meeting_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Sessions  int            `json:"sessions" example:"1"` // regular sessions whose record is in
} //@name MonthCompliance

// getCompliance shows who met in which month.
//
//	@Summary		Map compliance by month
//	@Description	For the organization and those below it today, in the order of their names: how each body stands with the regular session of each month. `not_due` and `excused` come first; else the state of the session that has come farthest: `accepted`, `submitted`, `returned`, `held`, `scheduled`, or `open` while the month runs and `nothing` once it has ended. `late` says whether the record missed the deadline of the rule set of the session's day.
//	@Description	`due`, `excused` and `covered` are those of the summary. The pages are of organizations; as CSV there is a line for each body and a column for each month, where ` late` follows the state.
//	@ID				getCompliance
//	@Tags			Summaries
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	path		string	true	"Organization"												format(uuid)
//	@Param			from			query		string	true	"First month"												format(month)	example(2018-01)
//	@Param			to				query		string	true	"Last month, included; at most 36 months"					format(month)	example(2018-04)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			limit			query		int		false	"Organizations of a page, 50 unless given"					minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	complianceList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/compliance [get]
func (s *Service) getCompliance(c *gin.Context) error {
	format, of, period, page, err := readMap(c)
	if err != nil {
		return err
	}
	found, next, err := s.Compliance(c.Request.Context(), auth.Current(c), of, period, page)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "compliance.csv", complianceCells(found, period))
	}
	list := complianceList{From: period.From, To: period.To, Data: make([]complianceWire, len(found)), Next: next}
	for i, row := range found {
		list.Data[i] = wireRow(row)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// readMap reads what the routes about months of a reach have in common.
func readMap(c *gin.Context) (format string, of Reach, period calendar.Period, page httpapi.Page, err error) {
	if format, err = httpapi.Format(c, "json", "csv"); err != nil {
		return format, of, period, page, err
	}
	if of.Organization, err = org.PathID(c); err != nil {
		return format, of, period, page, err
	}
	q := httpapi.NewQuery(c)
	of.Scope = q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn)
	if period = q.Period(); !period.From.IsZero() && period.Months() > longestMap {
		q.Fail("to", "period_over_months", map[string]any{"limit": longestMap})
	}
	page = q.Page(httpapi.KeyText, httpapi.KeyUUID)
	return format, of, period, page, q.Err()
}

func wireRow(row OrganizationRow) complianceWire {
	o := row.Organization
	wire := complianceWire{OrganizationID: o.ID, Code: o.Code, Name: o.Name, Kind: o.Kind, Bodies: make([]bodyWire, len(row.Bodies))}
	for i, b := range row.Bodies {
		body := bodyWire{Body: b.Body, Due: b.Due, Excused: b.Excused, Covered: b.Covered, Rate: NewRatio(b.Covered, b.Due-b.Excused)}
		for _, month := range b.Months {
			body.Months = append(body.Months, monthCellWire(month))
		}
		wire.Bodies[i] = body
	}
	return wire
}

func complianceCells(found []OrganizationRow, period calendar.Period) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		head := []string{"organization_id", "code", "name", "body", "due", "excused", "covered"}
		for month := range period.All() {
			head = append(head, month.String())
		}
		if !yield(head) {
			return
		}
		for _, row := range found {
			for _, b := range row.Bodies {
				line := []string{row.Organization.ID.String(), or(row.Organization.Code), row.Organization.Name, string(b.Body)}
				for _, n := range []int64{b.Due, b.Excused, b.Covered} {
					line = append(line, strconv.FormatInt(n, 10))
				}
				for _, month := range b.Months {
					line = append(line, month.text())
				}
				if !yield(line) {
					return
				}
			}
		}
	}
}

// text is what a table shows of the month.
func (c MonthCell) text() string {
	if c.Late != nil && *c.Late && c.State != NotDue && c.State != Excused {
		return string(c.State) + " late"
	}
	return string(c.State)
}

// or returns the text, or nothing.
func or(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
