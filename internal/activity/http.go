package activity

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
	"sochibo/internal/summary"
)

// Routes returns the routes of the room.
func (s *Service) Routes() []httpapi.Route {
	const one = "/organizations/{organization_id}"
	return []httpapi.Route{
		{Method: http.MethodGet, Path: one + "/activity", Permission: auth.SummaryRead, Handler: s.getActivity},
		{Method: http.MethodGet, Path: one + "/task-completion", Permission: auth.SummaryRead, Handler: s.getTaskCompletion},
		{Method: http.MethodGet, Path: one + "/assessment", Permission: auth.SummaryRead, Handler: s.getAssessment},
	}
}

// usualThreshold is the attendance in per cent that figures are compared with unless another is asked for.
const usualThreshold = 90

// readQuery reads what all routes of the room ask for; more reads the rest.
func readQuery(c *gin.Context, more func(in *httpapi.Query, q *Query)) (Query, error) {
	id, err := org.PathID(c)
	if err != nil {
		return Query{}, err
	}
	in := httpapi.NewQuery(c)
	q := Query{
		Organization: id, Period: in.Period(), Scope: summary.Scope(in.StringOr("scope", "subtree", "subtree", "own")),
		Basis: ledger.Basis(in.StringOr("basis", "submitted", "submitted", "accepted")), Threshold: usualThreshold,
	}
	more(in, &q)
	return q, in.Err()
}

// getActivity serves what sessions were made of.
//
//	@Summary		Read what the sessions of an organization were made of
//	@Description	Content items covered, directives studied, thematic sessions by topic, sessions prepared by the committee, tasks given, speakers, length, attendance by month, and absences by cause and by whether the absent member held an office in the organization on that day. It rests on the frozen records of exactly the meetings that the summary counts, which `links.meetings` leads to, and costs what it reads: at most 20,000 sessions in one answer.
//	@ID				getActivity
//	@Tags			Summaries
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	path		string	true	"Organization"												format(uuid)
//	@Param			from			query		string	true	"First month"												format(month)				example(2015-09)
//	@Param			to				query		string	true	"Last month, included; at most 600 months"					format(month)				example(2018-04)
//	@Param			scope			query		string	false	"With everything below, or the organization alone"			Enums(subtree, own)			default(subtree)
//	@Param			basis			query		string	false	"Count records that are in, or only accepted ones"			Enums(submitted, accepted)	default(submitted)
//	@Param			threshold		query		int		false	"Count sessions with this attendance in per cent or more"	minimum(0)					maximum(100)	default(90)
//	@Param			format			query		string	false	"Format of the answer"										Enums(json, csv)
//	@Success		200				{object}	Activity
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/activity [get]
func (s *Service) getActivity(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	q, err := readQuery(c, func(in *httpapi.Query, q *Query) { q.Threshold = in.Int("threshold", usualThreshold, 0, 100) })
	if err != nil {
		return err
	}
	out, err := s.For(c.Request.Context(), auth.Current(c), q)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "activity-"+q.Period.From.String()+"-"+q.Period.To.String()+".csv", out.cells())
	}
	return httpapi.JSON(c, http.StatusOK, out)
}

// getTaskCompletion serves what became of tasks.
//
//	@Summary		Read what became of the tasks of an organization
//	@Description	The tasks that counted meetings gave and that were due in the period: done on time of those due, done late, overdue and open; dropped ones apart. Tasks without a due day are in no figure. Meetings count by the tree of their day, as in the summary.
//	@ID				getTaskCompletion
//	@Tags			Tasks
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	path		string	true	"Organization"																	format(uuid)
//	@Param			from			query		string	true	"First month"																	format(month)				example(2015-09)
//	@Param			to				query		string	true	"Last month, included; at most 600 months"										format(month)				example(2018-04)
//	@Param			scope			query		string	false	"With everything below, or the organization alone"								Enums(subtree, own)			default(subtree)
//	@Param			basis			query		string	false	"Of records that are in, or only accepted ones"									Enums(submitted, accepted)	default(submitted)
//	@Param			group_by		query		string	false	"Split the figures: by when tasks were due, or by organization directly below"	Enums(month, quarter, year, child)
//	@Param			format			query		string	false	"Format of the answer"															Enums(json, csv)
//	@Success		200				{object}	Completion
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/task-completion [get]
func (s *Service) getTaskCompletion(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	var by GroupBy
	q, err := readQuery(c, func(in *httpapi.Query, _ *Query) {
		by = GroupBy(in.String("group_by", "month", "quarter", "year", "child"))
	})
	if err != nil {
		return err
	}
	out, err := s.CompletionOf(c.Request.Context(), auth.Current(c), q, by)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "task-completion.csv", out.cells())
	}
	return httpapi.JSON(c, http.StatusOK, out)
}

// getAssessment serves strengths and shortcomings.
//
//	@Summary		Read strengths and shortcomings by fixed rules
//	@Description	Each finding is a rule that comes with the program, with the figures it was tried on, one fixed Vietnamese sentence filled in with them, and the way to the evidence. Where a rule rests on a rule set, it is tried only if that set was in force in every month of the period; figures of other times are described, not judged. A rule with nothing to be tried on gives no finding.
//	@ID				getAssessment
//	@Tags			Summaries
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	path		string	true	"Organization"										format(uuid)
//	@Param			from			query		string	true	"First month"										format(month)				example(2015-09)
//	@Param			to				query		string	true	"Last month, included; at most 600 months"			format(month)				example(2018-04)
//	@Param			scope			query		string	false	"With everything below, or the organization alone"	Enums(subtree, own)			default(subtree)
//	@Param			basis			query		string	false	"Count records that are in, or only accepted ones"	Enums(submitted, accepted)	default(submitted)
//	@Param			format			query		string	false	"Format of the answer"								Enums(json, csv)
//	@Success		200				{object}	Assessment
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/assessment [get]
func (s *Service) getAssessment(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	q, err := readQuery(c, func(*httpapi.Query, *Query) {})
	if err != nil {
		return err
	}
	out, err := s.Assess(c.Request.Context(), auth.Current(c), q)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "assessment.csv", out.cells())
	}
	return httpapi.JSON(c, http.StatusOK, out)
}
