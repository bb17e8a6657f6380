package meeting

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/resolution"
)

// ErrChangesNothing refuses an amendment after which the record would be what it is.
var ErrChangesNothing = fault.New(fault.Invalid, "amendment_changes_nothing")

// Proposal is an accepted record as an amendment would make it, and the senders' keys of its resolutions and tasks, which are no part
// of a record.
type Proposal struct {
	Record Record
	Codes  map[uuid.UUID]string
}

// keptRoster is who may be on the roll of an amended record of the same day: those of the frozen roll, as they were frozen, and by name
// those whom the roster of the day has by now. Who is taken off and not on that roster either, leaves the roll altogether.
func keptRoster(frozen []RollRow, day roster, roll *RollInput) roster {
	off := make(map[member.ID]bool)
	if roll != nil {
		for _, e := range roll.Rows {
			off[e.MemberID] = e.Remove && !day.mayAttend(e.MemberID)
		}
	}
	var people, temporary []member.Person
	rows := make(map[member.ID]RollRow)
	for _, row := range frozen {
		p := member.Person{
			Member: member.Member{ID: row.MemberID}, Official: row.Official, Probationary: row.Probationary,
			Statuses: row.Statuses, Offices: row.Offices,
		}
		switch {
		case off[row.MemberID]:
		case row.Standing == member.Temporary:
			temporary = append(temporary, p)
		default:
			people, rows[row.MemberID] = append(people, p), row
		}
	}
	kept := newRoster(people, temporary, day.table)
	kept.frozen = rows
	for id, p := range day.on {
		if !kept.mayAttend(id) {
			kept.on[id] = p
		}
	}
	for id, p := range day.temporary {
		if !kept.mayAttend(id) {
			kept.temporary[id] = p
		}
	}
	return kept
}

// fixed notes what an amendment may not change: the body, since its meeting would be another one, and the sender's key.
func (c *Content) fixed(f *fault.Fields, m Meeting) {
	f.Check(c.Body == m.Body, "/body", "amendment_other_body")
	f.Check(deref(c.Code) == deref(m.Code), "/code", "amendment_code_fixed")
	if c.Resolutions != nil {
		for i, d := range *c.Resolutions {
			f.Check(d.NextNumber == "", "/resolutions/"+strconv.Itoa(i)+"/next_number", "amendment_number_open")
		}
	}
}

// propose puts the record together that the draft would give.
func (d *draft) propose(before Details, base Record, editors []auth.UserID) Proposal {
	var roll []RollRow
	if d.content.Totals == nil {
		_, roll = freeze(d.meeting.ID, d.rows, d.who)
	}
	after := before
	after.Totals, after.Votes = d.content.Totals, d.content.votes(d.meeting.ID)
	after.Meeting = d.meeting
	after.Meeting.RecordVersion = base.Number + 1
	after.ContentItems, after.DirectiveIDs = d.content.ContentItems, d.content.DirectiveIDs
	if !d.content.sameMinutes {
		after.Minutes = d.content.lines(d.meeting.ID)
	}
	p := Proposal{Codes: make(map[uuid.UUID]string)}
	if drafts := d.content.Resolutions; drafts != nil {
		after.Resolutions = resolution.Merged(before.Resolutions, *drafts)
		for _, x := range after.Resolutions {
			p.note(x.ID.UUID, x.Code)
		}
	}
	if drafts := d.content.Tasks; drafts != nil {
		after.Tasks = resolution.MergedTasks(before.Tasks, *drafts)
		for _, t := range after.Tasks {
			p.note(t.ID.UUID, t.Code)
		}
	}
	p.Record = assemble(after, roll, editors)
	if d.content.Resolutions == nil {
		p.Record.Resolutions = base.Resolutions
	}
	if d.content.Tasks == nil {
		p.Record.Tasks = base.Tasks // what became of a task since is no part of the record
	}
	return p
}

func (p Proposal) note(id uuid.UUID, code *string) {
	if code != nil {
		p.Codes[id] = *code
	}
}

func (p Proposal) code(id uuid.UUID) *string {
	if code, has := p.Codes[id]; has {
		return &code
	}
	return nil
}

// sameAs reports whether both records say the same, whoever wrote them.
func (r Record) sameAs(other Record) (bool, error) {
	r, other = r.InPresentFormat(), other.InPresentFormat()
	r.Number, r.Editors = other.Number, other.Editors
	mine, err := Canonical(r)
	if err != nil {
		return false, err
	}
	theirs, err := Canonical(other)
	return bytes.Equal(mine, theirs), err
}

// with adds a user to those who wrote a record.
func with(editors []auth.UserID, user *auth.UserID) []auth.UserID {
	if user == nil || slices.Contains(editors, *user) {
		return editors
	}
	return append(slices.Clone(editors), *user)
}

// become makes the head of the meeting what the record says.
func (m *Meeting) become(r Record) {
	m.Forms, m.PeriodMonth, m.HeldOn, m.StartedAt, m.EndedAt = r.Forms, r.PeriodMonth, r.HeldOn, r.StartedAt, r.EndedAt
	m.BreakMinutes, m.Mode, m.Place, m.Title = r.BreakMinutes, r.Mode, r.Place, r.Title
	m.ChairID, m.MinutesTakerID, m.TopicID = r.ChairID, r.MinutesTakerID, r.TopicID
	m.Guests, m.PreparedByID, m.SelfScore = r.Guests, r.PreparedByID, r.SelfScore
	m.FeesReported, m.TotalsOnly = r.FeesReported, r.Totals != nil
	m.keepOnPaper(r.Paper)
	m.SearchKey, m.RecordVersion = SearchKey(r.Title), r.Number
}

// attendance returns the rows of the roll of the record.
func (r Record) attendance() []Attendance {
	rows := make([]Attendance, len(r.Roll))
	for i, row := range r.Roll {
		standing := row.Standing
		rows[i] = Attendance{
			MeetingID: r.MeetingID, MemberID: row.MemberID, Status: row.Status, ReasonKind: row.ReasonKind, Reason: row.Reason,
			Late: row.Late, LeftEarly: row.LeftEarly, Remote: row.Remote, Spoke: row.Spoke, Standing: &standing,
		}
	}
	return rows
}

// lines returns the minutes of the record as rows.
func (r Record) lines() []MinutesLine {
	rows := make([]MinutesLine, len(r.Minutes))
	for i, line := range r.Minutes {
		rows[i] = MinutesLine{r.MeetingID, line.Position, line.Part, line.ContentItem, line.MemberID, line.Text}
	}
	return rows
}

// lists returns content items and directives of the record as a content has them.
func (r Record) lists() Content {
	return Content{ContentItems: r.ContentItems, DirectiveIDs: r.DirectiveIDs, Totals: r.Totals}
}

func (p Proposal) resolutions() []resolution.Draft {
	drafts := make([]resolution.Draft, len(p.Record.Resolutions))
	for i, x := range p.Record.Resolutions {
		drafts[i] = resolution.Draft{
			ID: x.ID, Code: p.code(x.ID.UUID), Number: x.Number, AdoptedOn: x.AdoptedOn, Title: x.Title,
			VotesFor: x.VotesFor, VotesAgainst: x.VotesAgainst, VotesAbstained: x.VotesAbstained,
		}
	}
	return drafts
}

func (p Proposal) tasks() []resolution.TaskDraft {
	drafts := make([]resolution.TaskDraft, len(p.Record.Tasks))
	for i, t := range p.Record.Tasks {
		drafts[i] = resolution.TaskDraft{ID: t.ID, Code: p.code(t.ID.UUID), Title: t.Title, AssigneeID: t.AssigneeID, DueOn: t.DueOn}
	}
	return drafts
}
