package inspection

import (
	"iter"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// remedyList is a page of remedies.
type remedyList struct {
	Data []remedyResponse `json:"data"`
	Next *string          `json:"next" extensions:"x-nullable"` // the cursor of the next page
} //@name RemedyList

// listRemedies lists remedies.
//
//	@Summary		List remedies
//	@Description	Over all rounds: those that organizations in reach owe, and those that organizations in reach demanded, the earliest due first.
//	@ID				listRemedies
//	@Tags			Remedies
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	query		string	false	"Owed by this organization"									format(uuid)
//	@Param			scope			query		string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			inspection_id	query		string	false	"Of this inspection"										format(uuid)
//	@Param			code			query		string	false	"The remedy with this code"
//	@Param			status			query		string	false	"With this status"					Enums(open, done, dropped)
//	@Param			due_before		query		string	false	"Due before this day"				format(date)
//	@Param			limit			query		int		false	"Rows of a page, 50 unless given"	minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	remedyList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/remedies [get]
func (s *Service) listRemedies(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	filter, err := readRemedyFilter(c)
	if err != nil {
		return err
	}
	found, next, err := s.ListRemedies(c.Request.Context(), auth.Current(c), filter)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "remedies.csv", remedyRows(found))
	}
	list := remedyList{Data: make([]remedyResponse, len(found)), Next: next}
	for n, v := range found {
		list.Data[n] = wireRemedy(v)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func readRemedyFilter(c *gin.Context) (RemedyFilter, error) {
	q := httpapi.NewQuery(c)
	filter := RemedyFilter{
		Scope: q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn), Code: q.Text("code"),
		Status: RemedyStatus(q.String("status", words(RemedyStatuses())...)), DueBefore: q.Date("due_before"),
		Page: q.Page(httpapi.KeyDate, httpapi.KeyUUID),
	}
	if id := q.UUID("organization_id"); q.Has("organization_id") {
		filter.Organization = &org.ID{UUID: id}
	}
	if id := q.UUID("inspection_id"); q.Has("inspection_id") {
		filter.Inspection = &ID{id}
	}
	return filter, q.Err()
}

// remedyRows are remedies as a table; of the checks it names the last one.
func remedyRows(found []RemedyView) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{
			"id", "code", "inspection_id", "finding_id", "severity", "organization_id", "text", "due_on", "status", "overdue", "done_on", "outcome",
			"checked_on", "check_result", "version",
		}) {
			return
		}
		for _, v := range found {
			done, checked, result := "", "", ""
			if v.DoneOn != nil {
				done = v.DoneOn.String()
			}
			if n := len(v.Checks); n > 0 {
				checked, result = v.Checks[n-1].CheckedOn.String(), string(v.Checks[n-1].Result)
			}
			row := []string{
				v.Remedy.ID.String(), or(v.Remedy.Code), v.Finding.InspectionID.String(), v.FindingID.String(), string(v.Finding.Severity),
				v.OrganizationID.String(), v.Remedy.Text, v.DueOn.String(), string(v.Status), strconv.FormatBool(v.Late), done, or(v.Outcome),
				checked, result, strconv.FormatInt(v.Version, 10),
			}
			if !yield(row) {
				return
			}
		}
	}
}
