package rules

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Routes returns the routes of rule sets.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/rule-sets", Permission: httpapi.SignedIn, Handler: s.listRuleSets},
		{Method: http.MethodGet, Path: "/rule-sets/{rule_set_id}", Permission: httpapi.SignedIn, Handler: s.getRuleSet},
	}
}

// listRuleSets lists rule sets.
//
//	@Summary		List the rule sets
//	@Description	Those of the country, the oldest first, and then the local ones. With `organization_id` or `on` only the one in force for the organization on that day, by the tree of the day: the local set of the nearest organization above that has one, else that of the country.
//	@ID				listRuleSets
//	@Tags			Rules
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	query		string	false	"For whom a set is in force"		format(uuid)
//	@Param			on				query		string	false	"Day, today unless given"			format(date)
//	@Param			limit			query		int		false	"Rows of a page, 50 unless given"	minimum(1)	maximum(200)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Success		200				{object}	ruleSetList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/rule-sets [get]
func (s *Service) listRuleSets(c *gin.Context) error {
	q := httpapi.NewQuery(c)
	organization, on := org.ID{UUID: q.UUID("organization_id")}, q.Date("on")
	narrowed, page := q.Has("organization_id") || q.Has("on"), q.Page(httpapi.KeyText)
	if err := q.Err(); err != nil {
		return err
	}
	sets := s.List()
	if narrowed {
		set, err := s.Holding(c.Request.Context(), auth.Current(c), organization, on)
		if err != nil {
			return err
		}
		sets = []Set{set}
	}
	if page.After != nil {
		sets = sets[1+slices.IndexFunc(sets, func(set Set) bool { return set.ID == page.After[0] }):]
	}
	sets, next := httpapi.Cut(sets, page, func(set Set) []string { return []string{set.ID} })
	list := ruleSetList{Data: make([]ruleSetHead, len(sets)), Next: next}
	for i, set := range sets {
		list.Data[i] = headOf(set)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// getRuleSet shows a rule set.
//
//	@Summary		Show a rule set
//	@Description	Everything that the set says: who owes which sessions, who counts, how many votes it takes, and the rubric by which sessions are rated. `sha256` is of the file, which the transparency log commits to.
//	@ID				getRuleSet
//	@Tags			Rules
//	@Security		Bearer
//	@Produce		json
//	@Param			rule_set_id	path		string	true	"Rule set"	format(code)	example(hd42-2025)
//	@Success		200			{object}	ruleSetResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/rule-sets/{rule_set_id} [get]
func (s *Service) getRuleSet(c *gin.Context) error {
	if err := httpapi.NewQuery(c).Err(); err != nil {
		return err
	}
	set, err := s.Get(c.Param("rule_set_id"))
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, wire(set))
}
