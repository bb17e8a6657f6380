package study

import (
	"iter"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
)

// getTopicCoverage shows what thematic sessions covered.
//
//	@Summary		Read the coverage of topics
//	@Description	The thematic sessions of the cells at and below an organization, whose records are in, by organization directly below, quarter and category of the topic, and the cells that owed one and had none. It follows the tree of each meeting's day, as the summary does, and adds up to the thematic sessions of its cells. Ask again for an organization below to see further down.
//	@ID				getTopicCoverage
//	@Tags			Topics
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			organization_id	path	string	true	"Organization"										format(uuid)
//	@Param			from			query	string	true	"First month"										format(month)	example(2018-01)
//	@Param			to				query	string	true	"Last month, included; at most 600 months"			format(month)	example(2018-06)
//	@Param			basis			query	string	false	"Count records that are in, or only accepted ones"	Enums(submitted, accepted)	default(submitted)
//	@Param			format			query	string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	Coverage
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	406	{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/topic-coverage [get]
func (s *Service) getTopicCoverage(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	id, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	period := q.Period()
	basis := ledger.Basis(q.StringOr("basis", "submitted", "submitted", "accepted"))
	if err := q.Err(); err != nil {
		return err
	}
	out, err := s.CoverageOf(c.Request.Context(), auth.Current(c), id, period, basis)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "topic-coverage.csv", coverageCells(out))
	}
	return httpapi.JSON(c, http.StatusOK, out)
}

func coverageCells(out Coverage) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{
			"organization_id", "code", "name", "quarter", "ho_chi_minh_study", "cell_building", "party_building", "session_quality",
			"political_task", "other", "none", "total", "cells_due", "cells_covered", "cells_without",
		}) {
			return
		}
		for _, row := range out.Rows {
			n := row.Sessions
			line := []string{row.Organization.ID.String(), or(row.Organization.Code), or(row.Organization.Name), row.Quarter.String()}
			for _, count := range []int64{
				n.HoChiMinhStudy, n.CellBuilding, n.PartyBuilding, n.SessionQuality, n.PoliticalTask, n.Other, n.None, n.Total,
			} {
				line = append(line, strconv.FormatInt(count, 10))
			}
			if !yield(append(line, row.Cells.cells()...)) {
				return
			}
		}
	}
}

// cells are what a table shows of the cells; nothing where they are not due.
func (c *Cells) cells() []string {
	if c == nil {
		return []string{"", "", ""}
	}
	without := make([]string, len(c.Without))
	for i, n := range c.Without {
		if without[i] = n.ID.String(); n.Code != nil {
			without[i] = *n.Code
		}
	}
	return []string{strconv.FormatInt(c.Due, 10), strconv.FormatInt(c.Covered, 10), strings.Join(without, "; ")}
}

// or returns the text, or nothing.
func or(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// suggestionList is what the next thematic session could be about, the most pressing first.
type suggestionList struct {
	Data []Suggestion `json:"data"`
	Next *string      `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name TopicSuggestionList

// listTopicSuggestions suggests what the next thematic session could be about.
//
//	@Summary		Suggest the next topic of an organization
//	@Description	In this order: directives that have to be studied and were not in a counted session; categories without a counted thematic session in the year, with at most three topics each; what cells of the same superior held in the year. Only topics that the organization is offered and has not held yet, each for the first reason there is. Ids of evidence alone tell nothing to whoever may not read what they name.
//	@ID				listTopicSuggestions
//	@Tags			Topics
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path	string	true	"Organization"	format(uuid)
//	@Param			on				query	string	false	"The day for which to suggest, today unless given"	format(date)
//	@Success		200				{object}	suggestionList
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/topic-suggestions [get]
func (s *Service) listTopicSuggestions(c *gin.Context) error {
	id, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	on := q.Date("on")
	if err := q.Err(); err != nil {
		return err
	}
	found, err := s.Suggest(c.Request.Context(), auth.Current(c), id, on)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, suggestionList{Data: found})
}

// cellWire is where a cell stands with a directive.
type cellWire struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code" extensions:"x-nullable" example:"VPUB-TH"`
	Name           *string        `json:"name" extensions:"x-nullable" example:"Chi bộ Tổng hợp"`
	State          State          `json:"state" swaggertype:"string" enums:"studied,late,waiting,overdue,not_studied"`
	StudyBy        *calendar.Date `json:"study_by" swaggertype:"string" format:"date" extensions:"x-nullable"`       // null: nobody requires it
	RequiredByID   *org.ID        `json:"required_by_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"` // the organization that requires it by that day
	Sessions       []studiedWire  `json:"sessions"`
} //@name DirectiveStudy

// studyList is where the cells stand with a directive.
type studyList struct {
	Data   []cellWire      `json:"data"`
	Counts map[State]int64 `json:"counts"`                       // cells by state
	Next   *string         `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name DirectiveStudyList

// listStudies shows which cells studied a directive.
//
//	@Summary		List who studied a directive
//	@Description	Every cell of today at and below the organization: `studied` or `late` by the day of its first counted session that names the directive, else `overdue` or `waiting` by the deadline, `not_studied` where nobody requires it. The deadline is the earliest that the cell or an organization above it sets.
//	@ID				listDirectiveStudies
//	@Tags			Directives
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			directive_id	path	string	true	"Directive"	format(uuid)
//	@Param			organization_id	query	string	true	"Organization"	format(uuid)
//	@Param			scope			query	string	false	"With the organizations below, or the organization alone"	Enums(subtree, own)
//	@Param			format			query	string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	studyList
//	@Failure	400	{object}	httpapi.Problem
//	@Failure	401	{object}	httpapi.Problem
//	@Failure	403	{object}	httpapi.Problem
//	@Failure	404	{object}	httpapi.Problem
//	@Failure	406	{object}	httpapi.Problem
//	@Router			/api/v1/directives/{directive_id}/studies [get]
func (s *Service) listStudies(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	id, err := httpapi.PathUUID(c, "directive_id")
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	q.Required("organization_id")
	of, scope := org.ID{UUID: q.UUID("organization_id")}, q.StringOr("scope", org.ScopeSubtree, org.ScopeSubtree, org.ScopeOwn)
	if err := q.Err(); err != nil {
		return err
	}
	found, err := s.StudiesOf(c.Request.Context(), auth.Current(c), directive.ID{UUID: id}, of, scope)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "studies.csv", studyCells(found))
	}
	list := studyList{Data: make([]cellWire, len(found)), Counts: map[State]int64{}}
	for _, state := range States() {
		list.Counts[state] = 0
	}
	for i, cell := range found {
		list.Data[i] = wireCell(cell)
		list.Counts[cell.State]++
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

func wireCell(c Cell) cellWire {
	row := cellWire{OrganizationID: c.Organization.ID, State: c.State, Sessions: wireStudied(c.Sessions)}
	if c.Seen {
		row.Code, row.Name = c.Code, &c.Name
	}
	if c.Requirement != nil {
		row.StudyBy, row.RequiredByID = &c.Requirement.StudyBy, &c.Requirement.OrganizationID
	}
	return row
}

func studyCells(found []Cell) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{"organization_id", "code", "name", "state", "study_by", "required_by_id", "sessions", "first_month", "first_held_on"}) {
			return
		}
		for _, cell := range found {
			wired := wireCell(cell)
			row := []string{cell.Organization.ID.String(), or(wired.Code), or(wired.Name), string(cell.State), "", "", strconv.Itoa(len(cell.Sessions)), "", ""}
			if r := cell.Requirement; r != nil {
				row[4], row[5] = r.StudyBy.String(), r.OrganizationID.String()
			}
			if len(cell.Sessions) > 0 {
				first := cell.Sessions[0]
				if row[7] = first.PeriodMonth.String(); first.Seen {
					row[8] = first.HeldOn.String()
				}
			}
			if !yield(row) {
				return
			}
		}
	}
}
