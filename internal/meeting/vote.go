package meeting

import (
	"slices"
	"strconv"

	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/text"
)

// VoteMethod is how people voted.
type VoteMethod string

// VoteMethods returns every method.
func VoteMethods() []VoteMethod { return []VoteMethod{"show_of_hands", "party_card", "secret_ballot"} }

// Threshold is the share of the vote base that has to be for what is voted on.
type Threshold string

// The thresholds, by the names that every rule set has a rule for.
const (
	MoreThanHalf Threshold = rules.MoreThanHalf
	TwoThirds    Threshold = rules.TwoThirds
)

// Thresholds returns every threshold.
func Thresholds() []Threshold { return []Threshold{MoreThanHalf, TwoThirds} }

// BaseSource says what a vote base follows from.
type BaseSource string

// The sources: the roll with the standings of the day, the official members of the totals, or what the record states.
const (
	BaseOfRoll   BaseSource = "roll"
	BaseOfTotals BaseSource = "totals"
	BaseStated   BaseSource = "stated"
)

// BaseSources returns every source of a vote base.
func BaseSources() []BaseSource { return []BaseSource{BaseOfRoll, BaseOfTotals, BaseStated} }

// Vote is one vote of a meeting, as it was counted; counts that nobody knows are nil.
type Vote struct {
	MeetingID      ID  `gorm:"primaryKey;autoIncrement:false"`
	Position       int `gorm:"primaryKey;autoIncrement:false"`
	Subject        *string
	VotesFor       int
	VotesAgainst   *int
	VotesAbstained *int
	Method         *VoteMethod
	Threshold      Threshold
	StatedBase     *int
}

// TableName names the table.
func (Vote) TableName() string { return "meeting_vote" }

// VoteDraft is a vote as it is handed in. An empty threshold means more than half.
type VoteDraft struct {
	Subject    *string
	For        *int
	Against    *int
	Abstained  *int
	Method     *VoteMethod
	Threshold  Threshold
	StatedBase *int
}

// check cleans the subject and notes what is wrong with the vote by itself. A vote of a session kept on paper has no subject.
func (d *VoteDraft) check(f *fault.Fields, at string, onPaper bool) {
	before := f.Len()
	text.OptionalLinesAt(f, at+"/subject", &d.Subject, text.MaxLines)
	f.Check(d.Subject != nil || onPaper || f.Len() > before, at+"/subject", "field_required")
	f.Check(d.For != nil, at+"/for", "field_required")
	checkNumber(f, at+"/for", d.For, maxGuests)
	checkNumber(f, at+"/against", d.Against, maxGuests)
	checkNumber(f, at+"/abstained", d.Abstained, maxGuests)
	checkNumber(f, at+"/stated_base", d.StatedBase, maxGuests)
	if d.Method != nil {
		checkWord(f, at+"/method", *d.Method, VoteMethods())
	}
	if d.Threshold == "" {
		d.Threshold = MoreThanHalf
	}
	checkWord(f, at+"/threshold", d.Threshold, Thresholds())
}

func (c *Content) checkVotes(f *fault.Fields) {
	c.Votes = slices.Clone(c.Votes)
	checkCount(f, "/votes", len(c.Votes))
	for i := range c.Votes {
		c.Votes[i].check(f, "/votes/"+strconv.Itoa(i), c.Paper != nil)
	}
}

// votes returns the votes of the content as rows.
func (c *Content) votes(id ID) []Vote {
	rows := make([]Vote, len(c.Votes))
	for i, d := range c.Votes {
		rows[i] = Vote{id, i + 1, d.Subject, value(d.For), d.Against, d.Abstained, d.Method, d.Threshold, d.StatedBase}
	}
	return rows
}

// voteDrafts reads stored votes back.
func voteDrafts(rows []Vote) []VoteDraft {
	var drafts []VoteDraft
	for _, v := range rows {
		drafts = append(drafts, VoteDraft{v.Subject, &v.VotesFor, v.VotesAgainst, v.VotesAbstained, v.Method, v.Threshold, v.StatedBase})
	}
	return drafts
}

// RecordVote is one vote with what follows from the roll: the base, the votes needed and whether that many were for it. They are nil
// where no base is known.
type RecordVote struct {
	Subject    *string     `json:"subject"`
	For        int         `json:"for"`
	Against    *int        `json:"against"`
	Abstained  *int        `json:"abstained"`
	Method     *VoteMethod `json:"method"`
	Threshold  Threshold   `json:"threshold"`
	StatedBase *int        `json:"stated_base"`
	Base       *int        `json:"base"`
	BaseFrom   *BaseSource `json:"base_from"`
	Needed     *int        `json:"needed"`
	Adopted    *bool       `json:"adopted"`
}

// VoteBase counts who has a vote on a roll; known is false where the roll does not tell whether somebody is official. In a cell and a
// conference it is the official members, present or not; the exempt and the away only when present; special duty does not take the
// vote, suspension and detention do: so says the table of the rule set. In any other body it is the members in office. Guests and the
// temporarily here never vote.
func VoteBase(table member.Table, body org.Body, roll []RollRow) (base int, known bool) {
	known = true
	for _, row := range roll {
		barred := slices.Contains(row.Statuses, member.Suspended) || slices.Contains(row.Statuses, member.Detained)
		p := member.Person{Official: row.Official, Probationary: row.Probationary, Statuses: row.Statuses}
		switch {
		case row.Standing == member.Temporary || barred:
		case body != org.Cell && body != org.Conference:
			base++
		case !row.Official && !row.Probationary:
			known = false
		case table.Votes(p, row.Status == Present):
			base++
		}
	}
	return base, known
}

// VoteBase returns how many have a vote, by the roll or the totals of the record; nil where neither tells.
func (r Record) VoteBase() *int {
	base, _ := baseOf(r)
	return base
}

// baseOf returns the vote base of a record and what it follows from, as far as anything is known.
func baseOf(r Record) (base *int, from BaseSource) {
	if r.Totals != nil {
		return r.Totals.Official, BaseOfTotals
	}
	table, err := rules.CountingOn(r.HeldOn)
	if err != nil {
		return nil, ""
	}
	if n, known := VoteBase(table, r.Body, r.Roll); known && len(r.Roll) > 0 {
		return &n, BaseOfRoll
	}
	return nil, ""
}

// ballot is by what the decisions of the record are adopted; nil where nobody knows who has a vote.
func (r *Record) ballot() *resolution.Ballot {
	if r == nil {
		return nil
	}
	base := r.VoteBase()
	set, err := ruleSet(r.HeldOn)
	if base == nil || err != nil {
		return nil
	}
	takes, known := set.Takes(string(MoreThanHalf))
	if !known {
		return nil
	}
	return &resolution.Ballot{Base: *base, Takes: takes}
}

// decided completes a vote with the base and what follows from it by the rule set.
func (v RecordVote) decided(base *int, from BaseSource, set rules.Set) RecordVote {
	if base == nil {
		base, from = v.StatedBase, BaseStated
	}
	v.Base, v.BaseFrom, v.Needed, v.Adopted = nil, nil, nil, nil
	if takes, known := set.Takes(string(v.Threshold)); base != nil && known {
		n, needed, adopted := *base, int(takes.Needed(int64(*base))), takes.Enough(int64(v.For), int64(*base))
		v.Base, v.BaseFrom, v.Needed, v.Adopted = &n, &from, &needed, &adopted
	}
	return v
}

// WithVotes returns the record with these votes, each completed by what follows from the roll or the totals of the record.
func (r Record) WithVotes(rows []Vote) Record {
	base, from := baseOf(r)
	set, _ := ruleSet(r.HeldOn) // they are checked before anything is served
	r.Votes = nil
	for _, v := range rows {
		r.Votes = append(r.Votes, RecordVote{
			Subject: v.Subject, For: v.VotesFor, Against: v.VotesAgainst, Abstained: v.VotesAbstained, Method: v.Method,
			Threshold: v.Threshold, StatedBase: v.StatedBase,
		}.decided(base, from, set))
	}
	return r
}

// voteRows returns the votes of the record as rows.
func (r Record) voteRows() []Vote {
	rows := make([]Vote, len(r.Votes))
	for i, v := range r.Votes {
		rows[i] = Vote{r.MeetingID, i + 1, v.Subject, v.For, v.Against, v.Abstained, v.Method, v.Threshold, v.StatedBase}
	}
	return rows
}

// checkVoteCounts refuses counts that cannot be: more votes of one kind than there are votes. Votes that are too many only together are
// a warning, since a hand of somebody without a vote may have been counted.
func checkVoteCounts(f *fault.Fields, r Record) {
	base, _ := baseOf(r)
	if base == nil {
		return
	}
	for i, v := range r.Votes {
		at := "/votes/" + strconv.Itoa(i)
		for _, count := range []struct {
			name string
			n    *int
		}{{"for", &v.For}, {"against", v.Against}, {"abstained", v.Abstained}} {
			f.Check(value(count.n) <= *base, at+"/"+count.name, "vote_impossible", fault.Args{"count": value(count.n), "base": *base})
		}
	}
}
