package meeting

import (
	"github.com/go-json-experiment/json/jsontext"

	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/member"
)

// voteRequest is a vote as it was counted.
type voteRequest struct {
	Subject    *string     `json:"subject"     example:"Thông qua nghị quyết tháng" maxLength:"20000" extensions:"x-nullable"` // required, but for a session kept on paper
	For        *int        `json:"for"         example:"17" minimum:"0" maximum:"100000" validate:"required" extensions:"x-nullable"`
	Against    *int        `json:"against"     example:"1" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	Abstained  *int        `json:"abstained"   example:"0" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	Method     *VoteMethod `json:"method"      swaggertype:"string" enums:"show_of_hands,party_card,secret_ballot" extensions:"x-nullable"`
	Threshold  *Threshold  `json:"threshold"   swaggertype:"string" enums:"more_than_half,two_thirds" default:"more_than_half" extensions:"x-nullable"`
	StatedBase *int        `json:"stated_base" example:"20" minimum:"0" maximum:"100000" extensions:"x-nullable"` // the base the minutes name; a warning tells where the roll says otherwise
} //@name VoteInput

func voteInputs(requests []voteRequest) []VoteDraft {
	var drafts []VoteDraft
	for _, r := range requests {
		d := VoteDraft{Subject: r.Subject, For: r.For, Against: r.Against, Abstained: r.Abstained, Method: r.Method, StatedBase: r.StatedBase}
		if r.Threshold != nil {
			d.Threshold = *r.Threshold
		}
		drafts = append(drafts, d)
	}
	return drafts
}

// voteResponse is a vote with what follows from the roll. Base, votes needed and outcome are null where no base is known.
type voteResponse struct {
	Subject    *string     `json:"subject"     example:"Thông qua nghị quyết tháng" extensions:"x-nullable"`
	For        int         `json:"for"         example:"17"`
	Against    *int        `json:"against"     example:"1" extensions:"x-nullable"`
	Abstained  *int        `json:"abstained"   example:"0" extensions:"x-nullable"`
	Method     *VoteMethod `json:"method"      swaggertype:"string" enums:"show_of_hands,party_card,secret_ballot" extensions:"x-nullable"`
	Threshold  Threshold   `json:"threshold"   swaggertype:"string" enums:"more_than_half,two_thirds"`
	StatedBase *int        `json:"stated_base" example:"20" extensions:"x-nullable"`
	Base       *int        `json:"base"        example:"20" extensions:"x-nullable"`
	BaseFrom   *BaseSource `json:"base_from"   swaggertype:"string" enums:"roll,totals,stated" extensions:"x-nullable"`
	Needed     *int        `json:"needed"      example:"11" extensions:"x-nullable"`
	Adopted    *bool       `json:"adopted"     example:"true" extensions:"x-nullable"`
} //@name Vote

// totalsRequest are the numbers of a session of which no roll is known.
type totalsRequest struct {
	Roster       *int    `json:"roster"       example:"19" minimum:"0" maximum:"100000" validate:"required" extensions:"x-nullable"`
	Official     *int    `json:"official"     example:"18" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	Probationary *int    `json:"probationary" example:"1" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	Expected     *int    `json:"expected"     example:"18" minimum:"0" maximum:"100000" validate:"required" extensions:"x-nullable"` // in the attendance base
	Present      *int    `json:"present"      example:"17" minimum:"0" maximum:"100000" validate:"required" extensions:"x-nullable"`
	Excused      *int    `json:"excused"      example:"1" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	Unexcused    *int    `json:"unexcused"    example:"0" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	Temporary    *int    `json:"temporary"    example:"0" minimum:"0" maximum:"100000" extensions:"x-nullable"`
	Reason       *string `json:"reason"       example:"Sổ giấy năm 2014 chỉ ghi số người dự" maxLength:"2000" validate:"required" extensions:"x-nullable"` // why there is no roll
} //@name MeetingTotalsInput

// input is what the request says, nil where it says nothing.
func (r *totalsRequest) input() *Totals {
	if r == nil {
		return nil
	}
	must := func(n *int) int {
		if n == nil {
			return notGiven
		}
		return *n
	}
	return &Totals{
		Roster: must(r.Roster), Official: r.Official, Probationary: r.Probationary, Expected: must(r.Expected), Present: must(r.Present),
		Excused: value(r.Excused), Unexcused: value(r.Unexcused), Temporary: value(r.Temporary), Reason: deref(r.Reason),
	}
}

// totalsResponse are the numbers of a session of which no roll is known.
type totalsResponse struct {
	Roster       int    `json:"roster"       example:"19"`
	Official     *int   `json:"official"     example:"18" extensions:"x-nullable"`
	Probationary *int   `json:"probationary" example:"1" extensions:"x-nullable"`
	Expected     int    `json:"expected"     example:"18"`
	Present      int    `json:"present"      example:"17"`
	Excused      int    `json:"excused"      example:"1"`
	Unexcused    int    `json:"unexcused"    example:"0"`
	Temporary    int    `json:"temporary"    example:"0"`
	Reason       string `json:"reason"       example:"Sổ giấy năm 2014 chỉ ghi số người dự"`
} //@name MeetingTotals

// paperChange is a reference, or null for none.
type paperChange struct {
	PaperReference

	given httpapi.Optional[PaperReference]
} //@name PaperReferenceChange

// UnmarshalJSONFrom notes whether the member was there.
func (p *paperChange) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	return p.given.UnmarshalJSONFrom(decoder)
}

// totalsChange are totals, or null for none.
type totalsChange struct {
	totalsRequest

	given httpapi.Optional[totalsRequest]
} //@name MeetingTotalsChange

// UnmarshalJSONFrom notes whether the member was there.
func (t *totalsChange) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	return t.given.UnmarshalJSONFrom(decoder)
}

// remarkResponse is one fault or warning at one place, in both languages.
type remarkResponse struct {
	Pointer string `json:"pointer" example:"/votes/0/stated_base"`
	Code    string `json:"code"    example:"vote_base_differs"`
	Vi      string `json:"vi"      example:"Biên bản ghi 18 người có quyền biểu quyết, danh sách điểm danh cho 20."`
	En      string `json:"en"      example:"The minutes name a base of 18, the roll gives 20."`
} //@name Remark

func remarks(fields []fault.Field) []remarkResponse {
	list := make([]remarkResponse, len(fields))
	for i, f := range fields {
		list[i] = remarkResponse{f.Pointer, f.Code, sentence(f, "vi"), sentence(f, "en")}
	}
	return list
}

// wireRecord renders what is computed from the record.
func (r *meetingResponse) wireRecord(d Details) {
	if d.Totals != nil {
		r.Totals = &totalsResponse{
			d.Totals.Roster, d.Totals.Official, d.Totals.Probationary, d.Totals.Expected, d.Totals.Present, d.Totals.Excused,
			d.Totals.Unexcused, d.Totals.Temporary, d.Totals.Reason,
		}
	}
	record := Record{}.WithVotes(d.Votes) // of a cancelled meeting no base is known
	if d.Record != nil {
		record = *d.Record
	}
	for _, v := range record.Votes {
		r.Votes = append(r.Votes, voteResponse(v))
	}
	if d.Record != nil && !d.Meeting.Draft() {
		numbers := wireNumbers(NumbersOf(record), d.Names)
		r.Numbers = &numbers
	}
	r.Warnings = remarks(d.Warnings)
}

// numbersResponse is the numbers block of a record. Expected, present, excused, unexcused and not_recorded are the attendance base;
// outside_base are those of the roster beside it. Of a session entered by its totals, official and probationary may be null.
type numbersResponse struct {
	Roster          int              `json:"roster"           example:"22"`
	Official        *int             `json:"official"         example:"20" extensions:"x-nullable"`
	Probationary    *int             `json:"probationary"     example:"2" extensions:"x-nullable"`
	Exempt          int              `json:"exempt"           example:"0"`
	TemporarilyAway int              `json:"temporarily_away" example:"0"`
	Suspended       int              `json:"suspended"        example:"0"` // or detained
	SpecialDuty     int              `json:"special_duty"     example:"0"`
	Expected        int              `json:"expected"         example:"22"`
	Present         int              `json:"present"          example:"18"`
	Excused         int              `json:"excused"          example:"4"`
	Unexcused       int              `json:"unexcused"        example:"0"`
	NotRecorded     int              `json:"not_recorded"     example:"0"`
	OutsideBase     int              `json:"outside_base"     example:"0"`
	PresentOutside  int              `json:"present_outside"  example:"0"` // present though outside the base
	Late            int              `json:"late"             example:"1"`
	LeftEarly       int              `json:"left_early"       example:"0"`
	Remote          int              `json:"remote"           example:"0"`
	Temporary       int              `json:"temporary"        example:"0"`
	Speakers        int              `json:"speakers"         example:"5"`
	Guests          *int             `json:"guests"           example:"2" extensions:"x-nullable"`
	VoteBase        *int             `json:"vote_base"        example:"20" extensions:"x-nullable"`
	VoteBaseFrom    *BaseSource      `json:"vote_base_from"   swaggertype:"string" enums:"roll,totals,stated" extensions:"x-nullable"`
	Recorded        int              `json:"recorded"         example:"22"` // of those expected
	TotalsOnly      bool             `json:"totals_only"      example:"false"`
	OnPaper         bool             `json:"on_paper"         example:"false"`
	Absent          []absentResponse `json:"absent"`
} //@name Numbers

// absentResponse is somebody of the roster who was not there, or of whom nothing is recorded.
type absentResponse struct {
	MemberID   member.ID           `json:"member_id"   swaggertype:"string" format:"uuid"`
	FullName   string              `json:"full_name"   example:"Nguyễn Văn An"`
	Status     AttendanceStatus    `json:"status"      swaggertype:"string" enums:"excused,unexcused,not_recorded"`
	ReasonKind *ReasonKind         `json:"reason_kind" swaggertype:"string" enums:"business_trip,sick,study,leave,family,other" extensions:"x-nullable"`
	Reason     *string             `json:"reason"      example:"Đi công tác" extensions:"x-nullable"`
	Standing   member.Standing     `json:"standing"    swaggertype:"string" enums:"base,roster"`
	Statuses   []member.StatusKind `json:"statuses"    swaggertype:"array,string" enums:"exempt,temporarily_away,temporarily_here,suspended,detained,special_duty"`
} //@name Absent

func wireNumbers(n Numbers, names map[member.ID]string) numbersResponse {
	r := numbersResponse{
		Roster: n.Roster, Official: &n.Official, Probationary: &n.Probationary, Exempt: n.Exempt, TemporarilyAway: n.Away,
		Suspended: n.Suspended, SpecialDuty: n.SpecialDuty, Expected: n.Expected, Present: n.Present, Excused: n.Excused,
		Unexcused: n.Unexcused, NotRecorded: n.NotRecorded, OutsideBase: n.OutsideBase, PresentOutside: n.PresentOutside, Late: n.Late,
		LeftEarly: n.LeftEarly, Remote: n.Remote, Temporary: n.Temporary, Speakers: n.Speaker, Guests: n.Guests, VoteBase: n.VoteBase,
		VoteBaseFrom: n.BaseFrom, Recorded: n.Expected - n.NotRecorded, TotalsOnly: n.TotalsOnly, OnPaper: n.OnPaper,
	}
	if n.TotalsOnly {
		r.Official, r.Probationary = n.official, n.probationary
	}
	for _, row := range n.Absent {
		r.Absent = append(r.Absent, absentResponse{
			row.MemberID, names[row.MemberID], row.Status, row.ReasonKind, row.Reason, row.Standing, row.Statuses,
		})
	}
	return r
}
