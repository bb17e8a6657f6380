package meeting

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/calendar"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// preparationRequest asks for a draft that is filled in.
type preparationRequest struct {
	ID          *ID            `json:"id"           swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Code        *string        `json:"code"         example:"HOP-2018-04" maxLength:"64" extensions:"x-nullable"`
	Body        org.Body       `json:"body"         swaggertype:"string" enums:"cell,cell_committee,party_committee,standing_committee,conference,inspection_commission" validate:"required"`
	Forms       []Form         `json:"forms"        swaggertype:"array,string" enums:"regular,thematic,extraordinary,congress,other" example:"regular" validate:"required"`
	PeriodMonth calendar.Month `json:"period_month" swaggertype:"string" example:"2018-04" validate:"required"`
	StartedAt   time.Time      `json:"started_at"   format:"date-time" example:"2018-04-03T14:00:00+07:00" validate:"required"`
} //@name PreparationInput

// preparedResponse is a fresh draft with what it was filled in from.
type preparedResponse struct {
	meetingResponse
	Proposal proposalResponse `json:"proposal"`
} //@name PreparedMeeting

// proposalResponse is the form for the roll call, and what is still open. Nobody is marked yet.
type proposalResponse struct {
	RuleSet           string         `json:"rule_set" example:"hd12-2018"` // whose content items the agenda has
	PreviousMeetingID *ID            `json:"previous_meeting_id" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Roster            []seatResponse `json:"roster"`
	Temporary         []seatResponse `json:"temporary"`                                             // temporarily here that day, not on the roster
	OpenTasks         []taskResponse `json:"open_tasks"`                                            // of earlier sessions of the body, the most urgent first
	BriefingIDs       []briefing.ID  `json:"briefing_ids" swaggertype:"array,string" format:"uuid"` // whose lines the agenda has; say so with addBriefingUse once they were used
} //@name MeetingProposal

// seatResponse is somebody to be ticked off, and how a tick would count.
type seatResponse struct {
	MemberID          member.ID           `json:"member_id"           swaggertype:"string" format:"uuid"`
	FullName          string              `json:"full_name"           example:"Nguyễn Văn An"`
	Official          bool                `json:"official"`
	Probationary      bool                `json:"probationary"`
	Statuses          []member.StatusKind `json:"statuses"            swaggertype:"array,string" enums:"exempt,temporarily_away,temporarily_here,suspended,detained,special_duty"`
	Offices           []member.OfficeKind `json:"offices"             swaggertype:"array,string" enums:"secretary,deputy_secretary,committee_member,commission_head,commission_deputy_head,commission_member"`
	StandingIfPresent member.Standing     `json:"standing_if_present" swaggertype:"string" enums:"base,roster,temporary"`
	StandingIfAbsent  member.Standing     `json:"standing_if_absent"  swaggertype:"string" enums:"base,roster,temporary"`
} //@name MeetingSeat

// prepareMeeting makes a draft that is filled in.
//
//	@Summary		Prepare a meeting
//	@Description	Makes a scheduled draft in one call: an agenda line for every content item that the rule set of the day asks a regular session for, one for every task of earlier sessions of the body that is still open, the lines of the briefings of the month by the organization and those above it, the secretary as chair, minutes taker and place of the session before, and for a cell the link to the committee's session of the month. The answer adds the roster of the day for the roll call; nobody is marked yet.
//	@ID				prepareMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Accept			json
//	@Produce		json
//	@Param			organization_id	path		string				true	"Organization"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool				false	"Say what would happen and write nothing"
//	@Param			body			body		preparationRequest	true	"Which session"
//	@Success		200				{object}	preparedResponse	"What would be prepared (dry run)"
//	@Success		201				{object}	preparedResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Router			/api/v1/organizations/{organization_id}/drafts [post]
func (s *Service) prepareMeeting(c *gin.Context) error {
	id, err := httpapi.PathUUID(c, "organization_id")
	if err != nil {
		return err
	}
	var body preparationRequest
	if err := httpapi.Bind(c, &body); err != nil {
		return err
	}
	in := Preparation{
		Code: body.Code, OrganizationID: org.ID{UUID: id}, Body: body.Body, Forms: body.Forms, PeriodMonth: body.PeriodMonth,
		StartedAt: body.StartedAt,
	}
	if body.ID != nil {
		in.ID = *body.ID
	}
	return httpapi.Write(c, func(ctx context.Context) (Prepared, error) {
		return s.Prepare(ctx, auth.Current(c), in)
	}, func(p Prepared) httpapi.Answer {
		return httpapi.Created("/api/v1/meetings/"+p.Meeting.ID.String(), p.Meeting.Version, wirePrepared(p))
	})
}

// fillInMeeting fills in a draft that stands already.
//
//	@Summary		Fill in a draft
//	@Description	Fills in a scheduled or held meeting, such as one that was registered, as `prepareMeeting` would: agenda, chair, minutes taker, place, mode and the committee's session, each only where the draft says nothing yet. The answer adds the roster of the day, the open tasks and the briefings of the month.
//	@ID				fillInMeeting
//	@Tags			Meetings
//	@Security		Bearer
//	@Produce		json
//	@Param			meeting_id		path		string	true	"Meeting"	format(uuid)
//	@Param			If-Match		header		string	true	"The version this change rests on"
//	@Param			Idempotency-Key	header		string	false	"Makes a repeated request answer like the first"
//	@Param			dry_run			query		bool	false	"Say what would happen and write nothing"
//	@Success		200				{object}	preparedResponse
//	@Failure		400				{object}	httpapi.Problem
//	@Failure		401				{object}	httpapi.Problem
//	@Failure		403				{object}	httpapi.Problem
//	@Failure		404				{object}	httpapi.Problem
//	@Failure		409				{object}	httpapi.Problem
//	@Failure		412				{object}	httpapi.Problem
//	@Failure		413				{object}	httpapi.Problem
//	@Failure		415				{object}	httpapi.Problem
//	@Failure		422				{object}	httpapi.Problem
//	@Failure		428				{object}	httpapi.Problem
//	@Router			/api/v1/meetings/{meeting_id}/preparation [post]
func (s *Service) fillInMeeting(c *gin.Context) error {
	id, match, err := target(c)
	if err != nil {
		return err
	}
	return httpapi.Write(c, func(ctx context.Context) (Prepared, error) {
		return s.FillIn(ctx, auth.Current(c), id, match)
	}, func(p Prepared) httpapi.Answer { return httpapi.OK(p.Meeting.Version, wirePrepared(p)) })
}

func wirePrepared(p Prepared) preparedResponse {
	r := preparedResponse{meetingResponse: wire(p.Details), Proposal: proposalResponse{
		RuleSet: p.RuleSet.ID, Roster: seats(p.Roster, p.RuleSet.Standing.Standing),
		Temporary: seats(p.Temporary, func(member.Person, bool) member.Standing { return member.Temporary }),
		OpenTasks: []taskResponse{}, BriefingIDs: []briefing.ID{},
	}}
	if p.Last != nil {
		r.Proposal.PreviousMeetingID = &p.Last.ID
	}
	for _, b := range p.Briefings {
		r.Proposal.BriefingIDs = append(r.Proposal.BriefingIDs, b.ID)
	}
	for _, t := range p.OpenTasks {
		r.Proposal.OpenTasks = append(r.Proposal.OpenTasks, wireTask(t))
	}
	return r
}

func seats(people []member.Person, standing func(member.Person, bool) member.Standing) []seatResponse {
	list := make([]seatResponse, len(people))
	for i, p := range people {
		list[i] = seatResponse{
			MemberID: p.Member.ID, FullName: p.Member.FullName, Official: p.Official, Probationary: p.Probationary, Statuses: p.Statuses,
			Offices: p.Offices, StandingIfPresent: standing(p, true), StandingIfAbsent: standing(p, false),
		}
	}
	return list
}
