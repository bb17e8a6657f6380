package ledger

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// Routes returns the routes of the slice.
func (s *Service) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/ledger/entries", Permission: auth.LedgerRead, Handler: s.entries},
	}
}

type entryResponse struct {
	Number         int64            `json:"number" example:"215"`
	RecordedAt     time.Time        `json:"recorded_at" format:"date-time"`
	Cause          Cause            `json:"cause" swaggertype:"string" enums:"submission,withdrawal,return,acceptance,amendment,inspection,structure,settlement,import"`
	Source         Source           `json:"source" swaggertype:"string" enums:"meeting,obligation,inspection,inspection_object"`
	SourceID       string           `json:"source_id" format:"uuid"`
	VersionNumber  *int             `json:"version_number" extensions:"x-nullable"`
	Reverses       *int64           `json:"reverses" extensions:"x-nullable"`
	OrganizationID string           `json:"organization_id" format:"uuid"`
	Day            calendar.Date    `json:"day" swaggertype:"string" format:"date"`
	Month          calendar.Month   `json:"month" swaggertype:"string" example:"2015-09"`
	Body           org.Body         `json:"body" swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Basis          Basis            `json:"basis" swaggertype:"string" enums:"submitted,accepted,both"`
	Counters       map[string]int64 `json:"counters"`
} //@name LedgerEntry

type entryList struct {
	Data []entryResponse `json:"data"`
	Next *string         `json:"next" extensions:"x-nullable"`
} //@name LedgerEntryList

// entries serves the list of entries.
//
//	@Summary		List ledger entries
//	@Description	The entries behind the figures, in the order in which they were recorded. A counter that is 0 is left out. With `organization_id`, what was posted through that organization by the tree of the time, whatever stands below it today.
//	@ID				listLedgerEntries
//	@Tags			Ledger
//	@Security		Bearer
//	@Produce		json
//	@Param			organization_id	query		string	false	"Posted through this organization"			format(uuid)
//	@Param			from			query		string	false	"First month"								format(month)	example(2015-09)
//	@Param			to				query		string	false	"Last month"								format(month)	example(2018-04)
//	@Param			body			query		string	false	"Body"										Enums(cell, cell_committee, party_committee, standing_committee, conference, inspection_commission)
//	@Param			basis			query		string	false	"Basis"										Enums(submitted, accepted, both)
//	@Param			source			query		string	false	"Kind of the row that an entry comes from"	Enums(meeting, obligation, inspection, inspection_object)
//	@Param			source_id		query		string	false	"That row"									format(uuid)
//	@Param			standing		query		boolean	false	"Leave out reversals and what they reverse"
//	@Param			limit			query		integer	false	"Rows of a page"	minimum(1)	maximum(200)	default(50)
//	@Param			after			query		string	false	"Where the last page ended: its `next`"
//	@Success		200				{object}	entryList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/ledger/entries [get]
func (s *Service) entries(c *gin.Context) error {
	in := httpapi.NewQuery(c)
	f := Filter{
		Organization: org.ID{UUID: in.UUID("organization_id")},
		From:         in.Month("from"),
		To:           in.Month("to"),
		Body:         org.Body(in.String("body", "cell", "cell_committee", "party_committee", "standing_committee", "conference", "inspection_commission")),
		Basis:        Basis(in.String("basis", "submitted", "accepted", "both")),
		Source:       Source(in.String("source", "meeting", "obligation", "inspection", "inspection_object")),
		SourceID:     in.UUID("source_id"),
		Standing:     in.Bool("standing"),
		Page:         in.Page(httpapi.KeyInt),
	}
	if err := in.Err(); err != nil {
		return err
	}
	entries, next, err := s.Entries(c.Request.Context(), auth.Current(c), f)
	if err != nil {
		return err
	}
	out := entryList{Data: make([]entryResponse, len(entries)), Next: next}
	for i, e := range entries {
		out.Data[i] = e.response()
	}
	return httpapi.JSON(c, http.StatusOK, out)
}

func (e Entry) response() entryResponse {
	return entryResponse{
		Number: e.Number, RecordedAt: e.RecordedAt.UTC(), Cause: e.Cause, Source: e.Source, SourceID: e.SourceID.String(),
		VersionNumber: e.VersionNumber, Reverses: e.Reverses, OrganizationID: e.OrganizationID.String(),
		Day: e.Day, Month: e.Month, Body: e.Body, Basis: e.Basis, Counters: e.Named(),
	}
}
