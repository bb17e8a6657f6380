package rating

import (
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// ratingRequest is what a cell says of its own session.
type ratingRequest struct {
	Answers []answerRequest `json:"answers" validate:"required"`
	Vote    *voteRequest    `json:"vote"    extensions:"x-nullable"`
} //@name RatingInput

// answerRequest answers an item that a person has to judge: yes or no, or points, by its kind.
type answerRequest struct {
	Item   string `json:"item"   example:"discussion" validate:"required"`
	Yes    *bool  `json:"yes"    extensions:"x-nullable"`
	Points *int   `json:"points" example:"8" minimum:"0" extensions:"x-nullable"`
} //@name RatingAnswer

type voteRequest struct {
	For       int `json:"for"       example:"14" minimum:"0" validate:"required"`
	Against   int `json:"against"   example:"1"  minimum:"0"`
	Abstained int `json:"abstained" example:"1"  minimum:"0"`
} //@name RatingVoteInput

// decisionRequest confirms the grade that the cell gave itself, or sets another one with the reason.
type decisionRequest struct {
	Grade  string  `json:"grade"  example:"fair"`
	Reason *string `json:"reason" example:"Biên bản gửi muộn" maxLength:"2000" extensions:"x-nullable"`
} //@name RatingDecision

func (r ratingRequest) input() Input {
	in := Input{Answers: make([]rules.Answer, len(r.Answers))}
	for i, a := range r.Answers {
		in.Answers[i] = rules.Answer(a)
	}
	if r.Vote != nil {
		in.Vote = &Vote{r.Vote.For, r.Vote.Against, r.Vote.Abstained}
	}
	return in
}

// ratingResponse is the judgements of a session: the last of each stage worked out item by item, and all there ever were.
type ratingResponse struct {
	MeetingID       meeting.ID      `json:"meeting_id"        swaggertype:"string" format:"uuid"`
	Version         int             `json:"version"           example:"2"` // the number of the last judgement; a confirmation rests on it
	RecordVersion   int             `json:"record_version"    example:"1"`
	RecordSelfScore *int            `json:"record_self_score" example:"92" extensions:"x-nullable"` // what the minutes say; no figure counts it
	Self            *judgement      `json:"self"              extensions:"x-nullable"`
	Confirmed       *judgement      `json:"confirmed"         extensions:"x-nullable"`
	History         []judgementHead `json:"history"`
} //@name RatingDetail

// judgementHead is one judgement without its items. It is outdated where the record has a later version than the one that was judged.
type judgementHead struct {
	Number        int          `json:"number"         example:"1"`
	Stage         Stage        `json:"stage"          swaggertype:"string" enums:"self,confirmed"`
	RecordVersion int          `json:"record_version" example:"1"`
	Outdated      bool         `json:"outdated"`
	RuleSet       string       `json:"rule_set"       example:"hd42-2025"`
	Grade         string       `json:"grade"          example:"good"`
	Points        *int         `json:"points"         example:"92" extensions:"x-nullable"`
	Available     *int         `json:"available"      example:"95" extensions:"x-nullable"`
	Vote          *voteWire    `json:"vote"           extensions:"x-nullable"`
	Reason        *string      `json:"reason"         extensions:"x-nullable"`
	RatedBy       *auth.UserID `json:"rated_by"       swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	RatedAt       time.Time    `json:"rated_at"       format:"date-time"`
} //@name Judgement

// voteWire is how the cell voted. The base counts who may vote; the grade was adopted if more than half of it was for it.
type voteWire struct {
	For       int   `json:"for"       example:"14"`
	Against   int   `json:"against"   example:"1"`
	Abstained int   `json:"abstained" example:"1"`
	Base      *int  `json:"base"      example:"16" extensions:"x-nullable"`
	Adopted   *bool `json:"adopted"   extensions:"x-nullable"`
} //@name RatingVote

// judgement is one judgement with what it was computed from, which is missing where an import did not bring it.
type judgement struct {
	judgementHead
	RuleSetSHA256 *string       `json:"rule_set_sha256" extensions:"x-nullable"`
	GradeTitle    *string       `json:"grade_title"     example:"Tốt" extensions:"x-nullable"`
	HeldBack      *heldBackWire `json:"held_back"       extensions:"x-nullable"`
	Items         []itemWire    `json:"items"`
} //@name JudgementDetail

// heldBackWire is a better grade that the points were enough for, and the items whose full marks it lacked.
type heldBackWire struct {
	Grade string   `json:"grade" example:"good"`
	Items []string `json:"items" example:"record_in_time"`
} //@name HeldBackGrade

// itemWire is what one item came to. What is computed shows its numbers; one that is not available lowers the maximum.
type itemWire struct {
	Group       string         `json:"group"       example:"attendance"`
	Item        string         `json:"item"        example:"attendance"`
	Title       string         `json:"title"       example:"Tỷ lệ dự họp"`
	Kind        rules.ItemKind `json:"kind"        swaggertype:"string" enums:"bands,yes_no,number,condition"`
	Available   bool           `json:"available"`
	Computed    bool           `json:"computed"`
	Known       bool           `json:"known"`
	Numerator   *int64         `json:"numerator"   example:"18" extensions:"x-nullable"`
	Denominator *int64         `json:"denominator" example:"20" extensions:"x-nullable"`
	Yes         *bool          `json:"yes"         extensions:"x-nullable"`
	Points      int            `json:"points"      example:"10"`
	Max         int            `json:"max"         example:"10"`
	Full        bool           `json:"full"`
} //@name JudgedItem

// sessionRating is a judgement in a list, with the session it is of.
type sessionRating struct {
	judgementHead
	MeetingID      meeting.ID     `json:"meeting_id"      swaggertype:"string" format:"uuid"`
	OrganizationID org.ID         `json:"organization_id" swaggertype:"string" format:"uuid"`
	PeriodMonth    calendar.Month `json:"period_month"    swaggertype:"string" format:"month" example:"2026-03"`
	HeldOn         calendar.Date  `json:"held_on"         swaggertype:"string" format:"date"`
} //@name SessionRating

// ratingList is a list of judgements.
type ratingList struct {
	Data []sessionRating `json:"data"`
	Next *string         `json:"next" extensions:"x-nullable"`
} //@name SessionRatingList

func (s *Service) wire(d Detail) ratingResponse {
	r := ratingResponse{
		MeetingID: d.Meeting.ID, Version: d.Last, RecordVersion: d.Meeting.RecordVersion, RecordSelfScore: d.Meeting.SelfScore,
		History: make([]judgementHead, len(d.All)),
	}
	for i, row := range d.All {
		r.History[i] = s.head(row, d.Meeting.RecordVersion)
	}
	r.Self, r.Confirmed = s.worked(d, d.Self), s.worked(d, d.Confirmed)
	return r
}

func (s *Service) head(row Rating, version int) judgementHead {
	h := judgementHead{
		Number: row.Number, Stage: row.Stage, RecordVersion: row.RecordVersion, Outdated: row.RecordVersion != version, RuleSet: row.RuleSet,
		Grade: row.Grade, Points: row.Points, Available: row.Available, Reason: row.Reason, RatedBy: row.RatedBy, RatedAt: row.CreatedAt.UTC(),
	}
	if row.VotesFor != nil {
		h.Vote = &voteWire{For: *row.VotesFor, Against: or(row.VotesAgainst), Abstained: or(row.VotesAbstained), Base: row.VoteBase}
		if set, known := s.book.Find(row.RuleSet); known && row.VoteBase != nil {
			if takes, known := set.Takes(rules.MoreThanHalf); known {
				adopted := takes.Enough(int64(*row.VotesFor), int64(*row.VoteBase))
				h.Vote.Adopted = &adopted
			}
		}
	}
	return h
}

// worked shows a judgement with what it was computed from.
func (s *Service) worked(d Detail, row *Rating) *judgement {
	if row == nil {
		return nil
	}
	j := judgement{judgementHead: s.head(*row, d.Meeting.RecordVersion), Items: []itemWire{}}
	content, there := d.contents[row.Number]
	if !there {
		return &j
	}
	j.RuleSetSHA256 = &content.SHA256
	if content.Grade == row.Grade {
		j.GradeTitle = &content.GradeTitle
	}
	if content.HeldBack != nil {
		j.HeldBack = &heldBackWire{content.HeldBack.Grade, content.HeldBack.Items}
	}
	for _, line := range content.Lines {
		j.Items = append(j.Items, itemWire(line))
	}
	return &j
}

func or(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
