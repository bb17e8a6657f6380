package inspection

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// sampleRoutes returns the routes of samples.
func (s *Service) sampleRoutes() []httpapi.Route {
	const (
		all = "/inspections/{inspection_id}/samples"
		one = all + "/{sample_id}"
	)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: all, Permission: auth.InspectionRead, Handler: s.listSamples},
		{Method: http.MethodPost, Path: all, Permission: auth.InspectionWrite, Handler: s.drawSample},
		{Method: http.MethodGet, Path: one, Permission: auth.InspectionRead, Handler: s.getSample},
		{Method: http.MethodGet, Path: one + "/population", Permission: auth.InspectionRead, Handler: s.listPopulation},
	}
}

// sampleHead is how a sample was drawn.
type sampleHead struct {
	ID           uuid.UUID      `json:"id"            swaggertype:"string" format:"uuid"`
	InspectionID ID             `json:"inspection_id" swaggertype:"string" format:"uuid"`
	Seed         string         `json:"seed"          example:"b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c"`
	SeedGiven    bool           `json:"seed_given"    example:"false"` // by whoever drew, who might have tried others before
	From         calendar.Month `json:"from"          swaggertype:"string" format:"month" example:"2018-01"`
	To           calendar.Month `json:"to"            swaggertype:"string" format:"month" example:"2018-03"`
	Body         *org.Body      `json:"body"          swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" extensions:"x-nullable"` // null: every body
	Entry        int64          `json:"entry"         example:"215"`                                                                                                                                // the last entry of the ledger that counted
	Count        int            `json:"count"         example:"3"`                                                                                                                                  // how many were asked for
	Population   int            `json:"population"    example:"9"`                                                                                                                                  // how many there were to draw from
	DrawnBy      *auth.UserID   `json:"drawn_by"      swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	CreatedAt    time.Time      `json:"created_at"    format:"date-time"`
} //@name InspectionSampleHead

func wireSample(s Sample) sampleHead {
	return sampleHead{
		ID: s.ID, InspectionID: s.InspectionID, Seed: s.Seed, SeedGiven: s.SeedGiven, From: s.FromMonth, To: s.ToMonth, Body: s.Body,
		Entry: s.Entry, Count: s.Wanted, Population: s.Population, DrawnBy: s.DrawnBy, CreatedAt: s.CreatedAt.UTC(),
	}
}

// rankedMeeting is a meeting with what it is chosen by.
type rankedMeeting struct {
	MeetingID uuid.UUID `json:"meeting_id" swaggertype:"string" format:"uuid"`
	Rank      string    `json:"rank"       example:"06ed4a1b0f3aa0e4f2a3c1a7c9a7c3f0b7f4ab3b2a1c5b6f9e7d8c6b5a493827"` // SHA-256 of the seed, a space and the id
} //@name RankedMeeting

func ranked(seed string, meetings []uuid.UUID) []rankedMeeting {
	list := make([]rankedMeeting, len(meetings))
	for n, id := range meetings {
		list[n] = rankedMeeting{id, Rank(seed, id)}
	}
	return list
}

// sampleResponse is a sample with what was drawn.
type sampleResponse struct {
	ID              uuid.UUID       `json:"id"               swaggertype:"string" format:"uuid"`
	Head            sampleHead      `json:"draw"`                                                      // everything that drawing it again takes
	OrganizationIDs []org.ID        `json:"organization_ids" swaggertype:"array,string" format:"uuid"` // from whose meetings, and those below, it was drawn
	Meetings        []rankedMeeting `json:"meetings"`                                                  // the smallest rank first
	Reproduced      bool            `json:"reproduced"       example:"true"`                           // drawn again from the ledger as it stood, it is the same
} //@name InspectionSample

func wireSampleView(v SampleView) sampleResponse {
	return sampleResponse{v.Sample.ID, wireSample(v.Sample), v.Organizations, ranked(v.Seed, v.Meetings), v.Reproduced}
}

// sampleList is the samples of a round.
type sampleList struct {
	Data []sampleHead `json:"data"`
	Next *string      `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name InspectionSampleList

// listSamples shows how the samples of a round were drawn.
//
//	@Summary	List the samples of an inspection
//	@ID			listInspectionSamples
//	@Tags		Inspections
//	@Security	Bearer
//	@Produce	json
//	@Param		inspection_id	path		string	true	"Inspection"	format(uuid)
//	@Success	200				{object}	sampleList
//	@Failure	400				{object}	httpapi.Problem
//	@Failure	401				{object}	httpapi.Problem
//	@Failure	403				{object}	httpapi.Problem
//	@Failure	404				{object}	httpapi.Problem
//	@Router		/api/v1/inspections/{inspection_id}/samples [get]
func (s *Service) listSamples(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	found, err := s.ListSamples(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	list := sampleList{Data: make([]sampleHead, len(found))}
	for n, sample := range found {
		list.Data[n] = wireSample(sample)
	}
	return httpapi.JSON(c, http.StatusOK, list)
}

// sampleRequest asks for a sample.
type sampleRequest struct {
	Count           int            `json:"count"            minimum:"1" maximum:"200" example:"3" validate:"required"`
	From            calendar.Month `json:"from"             swaggertype:"string" format:"month" example:"2018-01" validate:"required"`
	To              calendar.Month `json:"to"               swaggertype:"string" format:"month" example:"2018-03" validate:"required"`
	Body            *org.Body      `json:"body"             swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" extensions:"x-nullable"` // every body, unless given
	OrganizationIDs []org.ID       `json:"organization_ids" swaggertype:"array,string" format:"uuid"`                                                                                                     // objects of the round; all of them, unless given
	Seed            string         `json:"seed"             maxLength:"64" example:"b5bb9d8014a0f9b1"`                                                                                                    // made by the server, unless given
} //@name InspectionSampleInput

// drawSample draws meetings at random.
//
//	@Summary		Draw a sample of meetings
//	@Description	At random among the counted meetings of the round's organizations and those below them, by the tree of their days. The seed, the choice and the last ledger entry are kept and never change, so that anybody can draw the same sample again.
//	@ID				drawInspectionSample
//	@Tags			Inspections
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			inspection_id	path		string			true	"Inspection"	format(uuid)
//	@Param			Idempotency-Key	header		string			false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool			false	"Say what would happen and write nothing"
//	@Param			body			body		sampleRequest	true	"How many of which"
//	@Success		200				{object}	sampleResponse	"What would be drawn (dry run); a seed that the server makes is another one next time"
//	@Success		201				{object}	sampleResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/inspections/{inspection_id}/samples [post]
func (s *Service) drawSample(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	var body sampleRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (SampleView, error) {
		return s.DrawSample(ctx, auth.Current(c), id, SampleInput(body))
	}, func(v SampleView) httpapi.Answer {
		location := "/api/v1/inspections/" + id.String() + "/samples/" + v.Sample.ID.String()
		return httpapi.Answer{Status: http.StatusCreated, Location: location, Body: wireSampleView(v)}
	})
}

// getSample shows a sample and draws it again.
//
//	@Summary		Show a sample
//	@Description	It is drawn again from the ledger as it stood; `reproduced` says whether that gives the same.
//	@ID				getInspectionSample
//	@Tags			Inspections
//	@Security		Bearer
//	@Produce		json
//	@Param			inspection_id	path		string	true	"Inspection"	format(uuid)
//	@Param			sample_id		path		string	true	"Sample"		format(uuid)
//	@Success		200				{object}	sampleResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Router			/api/v1/inspections/{inspection_id}/samples/{sample_id} [get]
func (s *Service) getSample(c *gin.Context) error {
	of, id, err := samplePath(c)
	if err != nil {
		return err
	}
	v, err := s.GetSample(c.Request.Context(), auth.Current(c), of, id)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, wireSampleView(v))
}

// populationList is what a sample was drawn from.
type populationList struct {
	Data []rankedMeeting `json:"data"`
	Next *string         `json:"next" extensions:"x-nullable"` // always null: the list is whole
} //@name InspectionPopulation

// listPopulation shows what a sample was drawn from.
//
//	@Summary		List what a sample was drawn from
//	@Description	Every meeting there was to draw from, in the order of the ids, with its rank. Sorted by rank, the first ones are the sample.
//	@ID				listSamplePopulation
//	@Tags			Inspections
//	@Security		Bearer
//	@Produce		json
//	@Produce		text/csv
//	@Param			inspection_id	path		string	true	"Inspection"			format(uuid)
//	@Param			sample_id		path		string	true	"Sample"				format(uuid)
//	@Param			format			query		string	false	"Format of the answer"	Enums(json, csv)
//	@Success		200				{object}	populationList
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		406				{object}	httpapi.Problem
//	@Router			/api/v1/inspections/{inspection_id}/samples/{sample_id}/population [get]
func (s *Service) listPopulation(c *gin.Context) error {
	format, err := httpapi.Format(c, "json", "csv")
	if err != nil {
		return err
	}
	of, id, err := samplePath(c)
	if err != nil {
		return err
	}
	sample, all, err := s.Population(c.Request.Context(), auth.Current(c), of, id)
	if err != nil {
		return err
	}
	if format == "csv" {
		return httpapi.CSV(c, "population.csv", populationRows(ranked(sample.Seed, all)))
	}
	return httpapi.JSON(c, http.StatusOK, populationList{Data: ranked(sample.Seed, all)})
}

func populationRows(all []rankedMeeting) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{"meeting_id", "rank"}) {
			return
		}
		for _, m := range all {
			if !yield([]string{m.MeetingID.String(), m.Rank}) {
				return
			}
		}
	}
}

// samplePath reads the ids of the inspection and of the sample from the path.
func samplePath(c *gin.Context) (ID, uuid.UUID, error) {
	of, err := pathID(c)
	if err != nil {
		return of, uuid.Nil, err
	}
	id, err := httpapi.PathUUID(c, "sample_id")
	return of, id, err
}
