package org

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
	"sochibo/internal/text"
)

// Routes returns the routes that read organisations, say who is calling, and give rights.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/me", Permission: httpapi.SignedIn, Handler: s.getMe},
		{Method: http.MethodGet, Path: "/enumerations", Permission: httpapi.SignedIn, Handler: s.listEnumerations},
		{Method: http.MethodGet, Path: "/organizations", Permission: auth.OrganizationRead, Handler: s.listOrganizations},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}", Permission: auth.OrganizationRead, Handler: s.getOrganization},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/tree", Permission: auth.OrganizationRead, Handler: s.getTree},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/placements", Permission: auth.OrganizationRead, Handler: s.listPlacements},
		{Method: http.MethodGet, Path: "/organizations/{organization_id}/bodies", Permission: auth.OrganizationRead, Handler: s.listBodies},
		{
			Method: http.MethodGet, Path: "/organizations/{organization_id}/excused-months", Permission: auth.OrganizationRead,
			Handler: s.listExcusedMonths,
		},
		{Method: http.MethodGet, Path: "/grants", Permission: auth.GrantRead, Handler: s.listGrants, Persons: true},
		{Method: http.MethodPost, Path: "/grants", Permission: auth.GrantWrite, Handler: s.addGrant},
		{Method: http.MethodGet, Path: "/grants/{grant_id}", Permission: auth.GrantRead, Handler: s.getGrant, Persons: true},
		{Method: http.MethodPatch, Path: "/grants/{grant_id}", Permission: auth.GrantWrite, Handler: s.endGrant},
		{Method: http.MethodDelete, Path: "/grants/{grant_id}", Permission: auth.GrantWrite, Handler: s.revokeGrant},
	}
}

// PathID reads the organisation from the path.
func PathID(c *gin.Context) (ID, error) {
	id, err := httpapi.PathUUID(c, "organization_id")
	return ID{id}, err
}

// listOrganizations godoc
//
//	@Summary		List organizations
//	@Description	The organizations the caller can see, as they are today. By name in the Vietnamese order unless something is searched for or another order is asked for.
//	@ID				listOrganizations
//	@Tags			Organizations
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			kind			query		string	false	"Only this kind"									Enums(central, provincial, superior, base_party, sectional_party, base_cell, cell)
//	@Param			parent_id		query		string	false	"Only those directly below this organization today"	Format(uuid)
//	@Param			code			query		string	false	"Only the one with this code"
//	@Param			organization_id	query		string	false	"Only this organization and what is below it today"							Format(uuid)
//	@Param			scope			query		string	false	"With organization_id: the organization alone or its subtree"				Enums(subtree, own)	default(subtree)
//	@Param			q				query		string	false	"Words of the name, one after another, the last perhaps only begun; accents do not count"										maxlength(200)
//	@Param			updated_since	query		string	false	"Only those changed at this instant or later; the order is then updated"	Format(date-time)
//	@Param			sort			query		string	false	"The order; match, which is usual with q and possible only with it, shows those first whose name holds exactly what was typed"	Enums(name, code, updated, match)
//	@Param			limit			query		int		false	"How many at most"															minimum(1)					maximum(200)	default(50)
//	@Param			after			query		string	false	"The cursor of the page before"
//	@Param			format			query		string	false	"The format, if not by Accept"	Enums(json, csv)
//	@Success		200				{object}	organizationList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/organizations [get]
func (s *Service) listOrganizations(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	filter, err := readFilter(httpapi.NewQuery(c))
	if err != nil {
		return err
	}
	details, next, err := s.List(c.Request.Context(), auth.Current(c), filter)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "organizations.csv", organizationRows(details))
	}
	return httpapi.JSON(c, http.StatusOK, organizationList{Data: mapped(details, WireOf), Next: next})
}

func readFilter(q *httpapi.Query) (Filter, error) {
	filter := Filter{
		Kind:         Kind(q.String("kind", wordsOf(Kinds())...)),
		ParentID:     queryID(q, "parent_id"),
		Code:         q.Text("code"),
		Within:       queryID(q, "organization_id"),
		Scope:        q.StringOr("scope", ScopeSubtree, ScopeSubtree, ScopeOwn),
		Search:       q.Text("q"),
		UpdatedSince: q.Instant("updated_since"),
	}
	usual, orders := SortName, []string{SortName, SortCode, SortUpdated}
	if text.Searches(filter.Search) {
		usual, orders = SortMatch, append(orders, SortMatch)
	}
	if !filter.UpdatedSince.IsZero() {
		usual = SortUpdated
	}
	filter.Sort = q.StringOr("sort", usual, orders...)
	_, keys := sorting(filter.Sort)
	filter.Page = q.Page(keys...)
	return filter, q.Err()
}

func queryID(q *httpapi.Query, name string) *ID {
	if id := (ID{q.UUID(name)}); id != (ID{}) {
		return &id
	}
	return nil
}

// getOrganization godoc
//
//	@Summary		Get an organization
//	@Description	The organization with the one above it and its bodies in office, both as of today.
//	@ID				getOrganization
//	@Tags			Organizations
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"The organization"	Format(uuid)
//	@Success		200				{object}	Wire
//	@Header			200				{string}	ETag	"The version, for If-Match"
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id} [get]
func (s *Service) getOrganization(c *gin.Context) error {
	id, err := PathID(c)
	if err != nil {
		return err
	}
	detail, err := s.Get(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(detail.Version, WireOf(detail)))
}

// getTree godoc
//
//	@Summary		Get the tree below an organization
//	@Description	The organization with those below it, nested, as the tree was on a day. What the caller cannot see today is left out, with all below it.
//	@ID				getOrganizationTree
//	@Tags			Organizations
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"The organization"			Format(uuid)
//	@Param			on				query		string	false	"The day; today if absent"	Format(date)
//	@Param			depth			query		int		false	"How many levels below"		minimum(0)	maximum(100)	default(100)
//	@Success		200				{object}	treeNode
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/tree [get]
func (s *Service) getTree(c *gin.Context) error {
	id, err := PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	on, depth := q.Date("on"), q.Int("depth", maxDepth, 0, maxDepth)
	if err := q.Err(); err != nil {
		return err
	}
	tree, err := s.TreeOn(c.Request.Context(), auth.Current(c), id, on, depth)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, treeOf(tree))
}

// listPlacements godoc
//
//	@Summary		List where an organization stood
//	@Description	Every placement of the organization below another one, the earliest first. All of them come in one answer.
//	@ID				listPlacements
//	@Tags			Organizations
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"The organization"	Format(uuid)
//	@Success		200				{object}	placementList
//	@Header			200				{string}	ETag	"The organization's version, for If-Match"
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/placements [get]
func (s *Service) listPlacements(c *gin.Context) error {
	id, err := PathID(c)
	if err != nil {
		return err
	}
	parts, err := s.Placements(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(parts.Organization.Version, placementList{Data: mapped(parts.Rows, WireOfPlacement)}))
}

// listBodies godoc
//
//	@Summary		List the terms of an organization's bodies
//	@Description	When committees and commissions were and are in office. A cell exists as long as its organization and has no term. All terms come in one answer.
//	@ID				listBodyTerms
//	@Tags			Organizations
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"The organization"	Format(uuid)
//	@Param			body			query		string	false	"Only this body"	Enums(cell, cell_committee, party_committee, standing_committee, conference, inspection_commission)
//	@Success		200				{object}	termList
//	@Header			200				{string}	ETag	"The organization's version, for If-Match"
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/bodies [get]
func (s *Service) listBodies(c *gin.Context) error {
	return respondParts(c, s.Terms, func(rows []BodyTerm) any { return termList{Data: mapped(rows, WireOfTerm)} })
}

// listExcusedMonths godoc
//
//	@Summary		List an organization's excused months
//	@Description	The months set aside, in which no session was due. All of them come in one answer.
//	@ID				listExcusedMonths
//	@Tags			Organizations
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"The organization"	Format(uuid)
//	@Param			body			query		string	false	"Only this body"	Enums(cell, cell_committee, party_committee, standing_committee, conference, inspection_commission)
//	@Success		200				{object}	excusedMonthList
//	@Header			200				{string}	ETag	"The organization's version, for If-Match"
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/excused-months [get]
func (s *Service) listExcusedMonths(c *gin.Context) error {
	return respondParts(c, s.ExcusedMonths, func(rows []ExcusedMonth) any { return excusedMonthList{Data: mapped(rows, WireOfExcused)} })
}

// respondParts answers with the parts of an organisation, of one body or of all.
func respondParts[T any](
	c *gin.Context, ask func(context.Context, auth.Actor, ID, Body) (Parts[T], error), wire func([]T) any,
) error {
	id, err := PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	body := Body(q.String("body", wordsOf(Bodies)...))
	if err := q.Err(); err != nil {
		return err
	}
	parts, err := ask(c.Request.Context(), auth.Current(c), id, body)
	if err != nil {
		return err
	}
	return httpapi.Respond(c, httpapi.OK(parts.Organization.Version, wire(parts.Rows)))
}

func wordsOf[W ~string](words []W) []string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = string(word)
	}
	return list
}

func mapped[T, U any](rows []T, wire func(T) U) []U {
	list := make([]U, len(rows))
	for i, row := range rows {
		list[i] = wire(row)
	}
	return list
}

// joined writes a list into one cell.
func joined[W ~string](words []W) string { return strings.Join(wordsOf(words), ";") }
