package meeting

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/httpapi"
)

// previewResponse is what a record counts, and of a draft what keeps it from being handed in.
type previewResponse struct {
	MeetingID ID               `json:"meeting_id" swaggertype:"string" format:"uuid"`
	Version   int64            `json:"meeting_version" example:"3"` // what a submission rests on
	Status    Status           `json:"status"     swaggertype:"string" enums:"scheduled,held,submitted,accepted,cancelled"`
	Frozen    bool             `json:"frozen"     example:"false"` // counted from the record that is in, not from a draft
	Numbers   *numbersResponse `json:"numbers"    extensions:"x-nullable"`
	Votes     []voteResponse   `json:"votes"`
	Warnings  []remarkResponse `json:"warnings"`
	Faults    []remarkResponse `json:"faults"` // why the draft cannot be handed in as it is
} //@name MeetingPreview

// getNumbers shows the numbers of a meeting.
//
//	@Summary		Show the numbers of a meeting
//	@Description	The numbers block of the record: the frozen one, or that of a draft as it would be if it were handed in now. Of a draft, every fault that would keep it from being handed in, and every warning; nothing is written. A cancelled meeting has no numbers.
//	@ID				getNumbers
//	@Tags			Meetings
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id	path		string	true	"Meeting"	format(uuid)
//	@Success		200			{object}	previewResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/numbers [get]
func (s *Service) getNumbers(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	p, err := s.Preview(c.Request.Context(), auth.Current(c), id)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, wirePreview(p))
}

func wirePreview(p Preview) previewResponse {
	r := previewResponse{
		MeetingID: p.Meeting.ID, Version: p.Meeting.Version, Status: p.Meeting.Status, Frozen: p.Record != nil && !p.Meeting.Draft(),
		Warnings: remarks(p.Warnings), Faults: remarks(p.Faults),
	}
	if p.Record == nil {
		return r
	}
	numbers := wireNumbers(NumbersOf(*p.Record), p.Names)
	r.Numbers = &numbers
	for _, v := range p.Record.Votes {
		r.Votes = append(r.Votes, voteResponse(v))
	}
	return r
}
