package summary

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// Routes returns the routes of the slice.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/summary", Permission: auth.SummaryRead, Handler: s.get},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/compliance", Permission: auth.SummaryRead, Handler: s.getCompliance},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/missing-records", Permission: auth.WarningRead, Handler: s.listMissingRecords, Persons: true},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/awaiting-records", Permission: auth.WarningRead, Handler: s.listAwaitingRecords},
	}
}

// get serves a summary.
//
//	@Summary		Read the summary of an organization
//	@Description	Sessions, compliance, thematic quarters, attendance, inspections and coverage of the organization and what stood below it, over months both included. Every rate is its numerator and denominator; `links.meetings` leads to exactly the meetings that were counted.
//	@Description	`as_of` asks for the figures as the ledger knew them at an entry number or an instant: the same question with the same `as_of` has the same answer for ever. `tree=current` uses today's tree for all times and costs what it touches.
//	@ID				getSummary
//	@Tags			Summaries
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Produce		application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
//	@Param			organization_id	path		string	true	"Organization"										format(uuid)
//	@Param			from			query		string	true	"First month"										format(month)		example(2015-09)
//	@Param			to				query		string	true	"Last month, included; at most 600 months"			format(month)		example(2018-04)
//	@Param			scope			query		string	false	"With everything below, or the organization alone"	Enums(subtree, own)	default(subtree)
//	@Param			group_by		query		string	false	"Split the figures"									Enums(month, quarter, year, child)
//	@Param			basis			query		string	false	"Count records that are in, or only accepted ones"	Enums(submitted, accepted)						default(submitted)
//	@Param			base			query		string	false	"Attendance base"									Enums(eligible, roster, eligible_minus_excused)	default(eligible)
//	@Param			tree			query		string	false	"The tree of the time, or today's"					Enums(at_meeting, current)						default(at_meeting)
//	@Param			as_of			query		string	false	"Ledger entry number, or RFC 3339 instant"
//	@Param			format			query		string	false	"Instead of an Accept header"	Enums(json, csv, xlsx)
//	@Success		200				{object}	Summary
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/summary [get]
func (s *Service) get(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv", "xlsx")
	if err != nil {
		return err
	}
	q, err := readQuery(c)
	if err != nil {
		return err
	}
	out, err := s.For(c.Request.Context(), auth.Current(c), q)
	if err != nil {
		return err
	}
	return respond(c, out, format)
}

func respond(c *gin.Context, out Summary, format string) error {
	lang := httpapi.Language(c)
	name := "summary-" + out.Period.From.String() + "-" + out.Period.To.String()
	switch format {
	case "csv":
		return httpapi.CSV(c, name+".csv", slices.Values(out.Records(lang)))
	case "xlsx":
		data, err := out.XLSX(lang)
		if err != nil {
			return err
		}
		return httpapi.File(c, name+".xlsx", format, data)
	default:
		return httpapi.JSON(c, http.StatusOK, out)
	}
}

func readQuery(c *gin.Context) (Query, error) {
	id, err := httpapi.PathUUID(c, "organization_id")
	if err != nil {
		return Query{}, err
	}
	in := httpapi.NewQuery(c)
	q := Query{
		Organization: org.ID{UUID: id},
		Period:       in.Period(),
		Scope:        Scope(in.StringOr("scope", "subtree", "subtree", "own")),
		GroupBy:      GroupBy(in.String("group_by", "month", "quarter", "year", "child")),
		Basis:        ledger.Basis(in.StringOr("basis", "submitted", "submitted", "accepted")),
		Base:         Base(in.StringOr("base", "eligible", "eligible", "roster", "eligible_minus_excused")),
		Tree:         Tree(in.StringOr("tree", "at_meeting", "at_meeting", "current")),
	}
	readAsOf(in, &q)
	return q, in.Err()
}

// readAsOf takes an entry number or an instant.
func readAsOf(in *httpapi.Query, q *Query) {
	value := in.String("as_of")
	if value == "" {
		return
	}
	if entry, err := strconv.ParseInt(value, 10, 64); err == nil && entry > 0 {
		q.AsOfEntry = entry
		return
	}
	instant, err := time.Parse(time.RFC3339Nano, value)
	if err != nil || instant.Year() < 1970 || instant.Year() > 2199 {
		in.Fail("as_of", "as_of_malformed")
		return
	}
	q.AsOfInstant = instant.UTC()
}
