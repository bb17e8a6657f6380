package inspection

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// share is a part of a whole, which may be none.
type share struct {
	Numerator   int `json:"numerator"   example:"2"`
	Denominator int `json:"denominator" example:"3"`
} //@name Share

// coverageResponse says which cells were inspected.
type coverageResponse struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	From           calendar.Month `json:"from"            swaggertype:"string" format:"month" example:"2015-09"`
	To             calendar.Month `json:"to"              swaggertype:"string" format:"month" example:"2018-04"`
	Inspected      share          `json:"inspected"`  // cells with a round in the months, of all cells
	Fulfilment     share          `json:"fulfilment"` // planned rounds of the months that were carried out, of all that were planned
	Cells          []coveredCell  `json:"cells"`
} //@name InspectionCoverage

// coveredCell is what rounds and plans say of one cell.
type coveredCell struct {
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	Code           *string        `json:"code"            extensions:"x-nullable"`
	Name           string         `json:"name"            example:"Chi bộ Tổng hợp"`
	Planned        int            `json:"planned"         example:"1"`                                                // planned rounds of the months that name the cell
	Rounds         int            `json:"rounds"          example:"1"`                                                // that began in the months with the cell as an object
	LastOn         *calendar.Date `json:"last_on"         swaggertype:"string" format:"date" extensions:"x-nullable"` // the first day of the last round until the end of the months; null: never inspected
} //@name InspectedCell

// getCoverage says which cells were inspected.
//
//	@Summary		Tell which cells were inspected
//	@Description	Of the cells at and below the organization today: planned rounds, rounds and the last one, by the organization and those below it. Either for the months from and to, or for the term of a body that is in office on a day, until the running month.
//	@ID				getInspectionCoverage
//	@Tags			Inspections
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	path		string	true	"Organization"															format(uuid)
//	@Param			from			query		string	false	"First month"															format(month)	example(2015-09)
//	@Param			to				query		string	false	"Last month, included"													format(month)	example(2018-04)
//	@Param			term_of			query		string	false	"Instead of months: the term of this body"								Enums(cell_committee, party_committee, standing_committee, conference, inspection_commission)
//	@Param			on				query		string	false	"With term_of: the day on which the term holds; today, unless given"	format(date)
//	@Success		200				{object}	coverageResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/inspection-coverage [get]
func (s *Service) getCoverage(c *gin.Context) error {
	id, err := org.PathID(c)
	if err != nil {
		return err
	}
	q := httpapi.NewQuery(c)
	var found Coverage
	if q.Has("term_of") {
		body, on := org.Body(q.String("term_of", words(org.Bodies[1:])...)), q.Date("on")
		if err := q.Err(); err != nil {
			return err
		}
		found, err = s.CoverageOfTerm(c.Request.Context(), auth.Current(c), id, body, on)
	} else {
		months := q.Period()
		if err := q.Err(); err != nil {
			return err
		}
		found, err = s.Coverage(c.Request.Context(), auth.Current(c), id, months)
	}
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, wireCoverage(found))
}

func wireCoverage(found Coverage) coverageResponse {
	cells := make([]coveredCell, len(found.Cells))
	for n, cell := range found.Cells {
		cells[n] = coveredCell{cell.ID, cell.Code, cell.Name, cell.Planned, cell.Rounds, cell.LastOn}
	}
	return coverageResponse{
		OrganizationID: found.Organization, From: found.Months.From, To: found.Months.To,
		Inspected: share{found.Inspected, found.Total}, Fulfilment: share{found.CarriedOut, found.Planned}, Cells: cells,
	}
}
