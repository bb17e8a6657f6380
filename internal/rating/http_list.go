package rating

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
	"sochibo/internal/summary"
)

// listRatings lists ratings.
//
//	@Summary		List the ratings of sessions
//	@Description	The standing judgements of counted sessions, of each stage the last one, in the order of the months. The organization is looked for in the tree of today.
//	@ID				listRatings
//	@Tags			Ratings
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	query		string	false	"Organization"				format(uuid)
//	@Param			scope			query		string	false	"With everything below"		Enums(subtree, own)	default(subtree)
//	@Param			from			query		string	false	"First month"				format(month)
//	@Param			to				query		string	false	"Last month"				format(month)
//	@Param			stage			query		string	false	"Who judged"				Enums(self, confirmed)
//	@Param			grade			query		string	false	"Grade"						example(good)
//	@Param			rule_set		query		string	false	"Rule set it is judged by"	example(hd42-2025)
//	@Param			limit			query		int		false	"Page size"					minimum(1)	maximum(200)	default(50)
//	@Param			after			query		string	false	"Cursor of the page before"
//	@Success		200				{object}	ratingList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Router			/api/v1/ratings [get]
func (s *Service) listRatings(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	f := Filter{
		Organization: org.ID{UUID: q.UUID("organization_id")}, Scope: q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn),
		From: q.Month("from"), To: q.Month("to"), Stage: Stage(q.String("stage", string(Self), string(Confirmed))),
		Grade: q.Text("grade"), RuleSet: q.Text("rule_set"),
	}
	page := q.Page(httpapi.KeyMonth, httpapi.KeyDate, httpapi.KeyUUID)
	if err := q.Err(); err != nil {
		return err
	}
	rows, next, err := s.List(c.Request.Context(), auth.Current(c), f, page)
	if err != nil {
		return err
	}
	list := ratingList{Data: make([]sessionRating, len(rows)), Next: next}
	for i, row := range rows {
		list.Data[i] = sessionRating{s.head(row.Rating, row.CurrentVersion), row.MeetingID, row.OrganizationID, row.PeriodMonth, row.HeldOn}
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// ratingSummary is the ratings of a year. Sessions are those that a rubric is for.
type ratingSummary struct {
	OrganizationID org.ID             `json:"organization_id" swaggertype:"string" format:"uuid"`
	Year           int                `json:"year"            example:"2026"`
	Scope          string             `json:"scope"           enums:"subtree,own"`
	RuleSet        string             `json:"rule_set"        example:"hd42-2025"` // in force on the last day of the year
	Sessions       int64              `json:"sessions"        example:"12"`
	Stages         []stageFigures     `json:"stages"`
	Cell           []cellYearResponse `json:"cell"` // what the year of the own cell comes to, where the rule set says
} //@name RatingSummary

// stageFigures are the ratings of one stage; unrated sessions are apart.
type stageFigures struct {
	Stage   Stage          `json:"stage"   swaggertype:"string" enums:"self,confirmed"`
	Rated   int64          `json:"rated"   example:"11"`
	Unrated int64          `json:"unrated" example:"1"`
	Grades  []gradeFigures `json:"grades"`
} //@name RatingFigures

// gradeFigures counts sessions of one grade; the rate is of the sessions rated.
type gradeFigures struct {
	RuleSet  string        `json:"rule_set" example:"hd42-2025"`
	Grade    string        `json:"grade"    example:"good"`
	Sessions int64         `json:"sessions" example:"8"`
	Outdated int64         `json:"outdated" example:"0"` // judged on an earlier version of the record
	Rate     summary.Ratio `json:"rate"`
} //@name GradeFigures

// cellYearResponse is the grade of a year in one stage, null where no rule gives one, and why.
type cellYearResponse struct {
	Stage Stage   `json:"stage" swaggertype:"string" enums:"self,confirmed"`
	Grade *string `json:"grade" example:"good" extensions:"x-nullable"`
	Why   string  `json:"why"   enums:"reached,unrated,too_few,too_low,other_grades"`
} //@name CellYear

// getRatingSummary counts the ratings of a year.
//
//	@Summary		Count the ratings of a year
//	@Description	Of the counted sessions that a rubric is for, those rated, by grade and by stage; unrated ones are apart. By the tree of the time. For the organization's own cell, what the year comes to, where its rule set has a yearly rule.
//	@ID				getRatingSummary
//	@Tags			Ratings
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"Organization"										format(uuid)
//	@Param			year			query		int		true	"Year of the months that the sessions are for"		minimum(1930)		maximum(2199)	example(2026)
//	@Param			scope			query		string	false	"With everything below, or the organization alone"	Enums(subtree, own)	default(subtree)
//	@Success		200				{object}	ratingSummary
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/rating-summary [get]
func (s *Service) getRatingSummary(c *gin.Context) error {
	id, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	q.Required("year")
	year := q.Int("year", firstYear, firstYear, lastYear)
	scope := q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn)
	if err := q.Err(); err != nil {
		return err
	}
	y, err := s.ForYear(c.Request.Context(), auth.Current(c), id, calendar.Year(year), scope)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, y.wire(year, scope))
}

// The years that a summary may be asked for.
const (
	firstYear = 1930
	lastYear  = 2199
)

func (y Year) wire(year int, scope string) ratingSummary {
	r := ratingSummary{
		OrganizationID: y.Organization.ID, Year: year, Scope: scope, RuleSet: y.RuleSet.ID, Sessions: y.Sessions, Cell: []cellYearResponse{},
	}
	for _, stage := range Stages() {
		f := y.Stages[stage]
		figures := stageFigures{Stage: stage, Rated: f.Rated, Unrated: y.Sessions - f.Rated, Grades: []gradeFigures{}}
		for _, g := range y.ordered(f.Grades) {
			figures.Grades = append(figures.Grades, gradeFigures{g.RuleSet, g.Grade, g.Sessions, g.Outdated, summary.NewRatio(g.Sessions, f.Rated)})
		}
		r.Stages = append(r.Stages, figures)
		if own, is := y.Own[stage]; is {
			cell := cellYearResponse{Stage: stage, Why: own.Why}
			if own.Grade != "" {
				cell.Grade = &own.Grade
			}
			r.Cell = append(r.Cell, cell)
		}
	}
	return r
}

// ordered sorts grades within their rule sets from the best, as far as the rule set of the year knows them.
func (y Year) ordered(grades []Graded) []Graded {
	if y.RuleSet.Rubric == nil {
		return grades
	}
	order := y.RuleSet.Rubric.GradeIDs()
	sorted := slices.Clone(grades)
	slices.SortStableFunc(sorted, func(a, b Graded) int {
		if a.RuleSet != b.RuleSet {
			return 0
		}
		return slices.Index(order, a.Grade) - slices.Index(order, b.Grade)
	})
	return sorted
}
