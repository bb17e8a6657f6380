package meeting

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/topic"
)

// ChangeRequest is what to change of a meeting; what is absent stays, null clears.
type ChangeRequest struct {
	Code           httpapi.Optional[string]         `json:"code"             swaggertype:"string" maxLength:"64" extensions:"x-nullable"`
	Body           httpapi.Optional[org.Body]       `json:"body"             swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission"`
	Forms          httpapi.Optional[[]Form]         `json:"forms"            swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"regular"`
	PeriodMonth    httpapi.Optional[calendar.Month] `json:"period_month"     swaggertype:"string" example:"2018-04"`
	StartedAt      httpapi.Optional[time.Time]      `json:"started_at"       swaggertype:"string" format:"date-time"`
	EndedAt        httpapi.Optional[time.Time]      `json:"ended_at"         swaggertype:"string" format:"date-time" extensions:"x-nullable"`
	BreakMinutes   httpapi.Optional[int]            `json:"break_minutes"    swaggertype:"integer" minimum:"0" maximum:"1440" extensions:"x-nullable"`
	Mode           httpapi.Optional[Mode]           `json:"mode"             swaggertype:"string" enums:"in_person,online,hybrid" extensions:"x-nullable"`
	Place          httpapi.Optional[string]         `json:"place"            swaggertype:"string" maxLength:"300" extensions:"x-nullable"`
	Title          httpapi.Optional[string]         `json:"title"            swaggertype:"string" maxLength:"500" extensions:"x-nullable"`
	ChairID        httpapi.Optional[member.ID]      `json:"chair_id"         swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	MinutesTakerID httpapi.Optional[member.ID]      `json:"minutes_taker_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	TopicID        httpapi.Optional[topic.ID]       `json:"topic_id"         swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ContentItems   httpapi.Optional[[]string]       `json:"content_items"    swaggertype:"array,string" enums:"last_month_tasks,member_thinking,propaganda,inspection_supervision,party_development,political_task,next_month_tasks,ho_chi_minh_study,resolution_tw4_review" example:"last_month_tasks"`
	DirectiveIDs   httpapi.Optional[[]directive.ID] `json:"directive_ids"    swaggertype:"array,string" format:"uuid"`
	Guests         httpapi.Optional[int]            `json:"guests"           swaggertype:"integer" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	PreparedByID   httpapi.Optional[ID]             `json:"prepared_by_id"   swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	SelfScore      httpapi.Optional[int]            `json:"self_score"       swaggertype:"integer" minimum:"0" maximum:"100" extensions:"x-nullable"`
	FeesReported   httpapi.Optional[bool]           `json:"fees_reported"    swaggertype:"boolean" extensions:"x-nullable"`
	PaperReference paperChange                      `json:"paper_reference"  extensions:"x-nullable"`
	Votes          []voteRequest                    `json:"votes"` // all of them
	Totals         totalsChange                     `json:"totals"           extensions:"x-nullable"`
	Agenda         []agendaRequest                  `json:"agenda"`
	Opinions       []opinionRequest                 `json:"opinions"`
	Conclusions    httpapi.Optional[[]string]       `json:"conclusions"      swaggertype:"array,string"`
	Resolutions    []resolutionRequest              `json:"resolutions"` // all of them: a row with a known id or code changes that one
	Tasks          []taskRequest                    `json:"tasks"`       // all of them: a row with a known id or code changes that one
} //@name MeetingChange

// Apply changes the content as the request asks.
func (r ChangeRequest) Apply(c *Content) {
	r.Code.Apply(&c.Code)
	set(r.Body, &c.Body)
	set(r.Forms, &c.Forms)
	set(r.PeriodMonth, &c.PeriodMonth)
	set(r.StartedAt, &c.StartedAt)
	r.EndedAt.Apply(&c.EndedAt)
	r.BreakMinutes.Apply(&c.BreakMinutes)
	r.Mode.Apply(&c.Mode)
	r.Place.Apply(&c.Place)
	r.Title.Apply(&c.Title)
	r.ChairID.Apply(&c.ChairID)
	r.MinutesTakerID.Apply(&c.MinutesTakerID)
	r.TopicID.Apply(&c.TopicID)
	set(r.ContentItems, &c.ContentItems)
	set(r.DirectiveIDs, &c.DirectiveIDs)
	r.Guests.Apply(&c.Guests)
	r.PreparedByID.Apply(&c.PreparedByID)
	r.SelfScore.Apply(&c.SelfScore)
	r.FeesReported.Apply(&c.FeesReported)
	r.PaperReference.given.Apply(&c.Paper)
	if totals := r.Totals.given; totals.Set {
		c.Totals = nil
		if !totals.Null {
			c.Totals = totals.Value.input()
		}
	}
	if r.Votes != nil {
		c.Votes = voteInputs(r.Votes)
	}
	if r.Agenda != nil {
		c.Agenda = agendaItems(r.Agenda)
	}
	if r.Opinions != nil {
		c.Opinions = opinionItems(r.Opinions)
	}
	set(r.Conclusions, &c.Conclusions)
	if r.Resolutions != nil {
		c.Resolutions = resolutionDrafts(r.Resolutions)
	}
	if r.Tasks != nil {
		c.Tasks = taskDrafts(r.Tasks)
	}
}

// set changes a member that cannot be unknown: null empties it, which the rules then refuse where it is required.
func set[T any](from httpapi.Optional[T], target *T) {
	if from.Set {
		*target = from.Value
	}
}

// editMeeting changes a draft.
//
//	@Summary		Change a draft
//	@Description	Changes a scheduled or held meeting. What is absent stays; null clears; a list replaces the whole list.
//	@ID				editMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			meeting_id	path		string			true	"Meeting"	format(uuid)
//	@Param			If-Match	header		string			true	"The version this change rests on"
//	@Param			dry_run		query		bool			false	"Say what would happen and write nothing"
//	@Param			body		body		ChangeRequest	true	"What changes"
//	@Success		200			{object}	meetingResponse
//	@Failure		400			{object}	httpapi.Problem
//	@Failure		401			{object}	httpapi.Problem
//	@Failure		403			{object}	httpapi.Problem
//	@Failure		404			{object}	httpapi.Problem
//	@Failure		409			{object}	httpapi.Problem
//	@Failure		412			{object}	httpapi.Problem
//	@Failure		413			{object}	httpapi.Problem
//	@Failure		415			{object}	httpapi.Problem
//	@Failure		422			{object}	httpapi.Problem
//	@Failure		428			{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id} [patch]
func (s *Service) editMeeting(c *gin.Context) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	var body ChangeRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Details, error) {
		return s.Edit(ctx, auth.Current(c), id, match, body.Apply)
	}, changed)
}
