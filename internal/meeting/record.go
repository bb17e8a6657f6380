package meeting

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/ledger"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/topic"
)

// RecordFormat tags the bytes of a record version, so that a reader in fifty years knows what they are.
const RecordFormat = "sochibo/record/2"

// firstFormat are the bytes of versions that knew neither votes nor totals, paper or fees. They stay as they are and readable.
const firstFormat = "sochibo/record/1"

// Record is the content of one record version: everything that was handed in, by ids alone, with the roll as it stood on the day.
// The order of the fields is the order of the bytes; a changed field needs a new RecordFormat. What the second format added is left out
// where there is nothing to say, so that a version of the first format has the bytes it was read from.
type Record struct {
	Format         string             `json:"format"` // set by Canonical
	MeetingID      ID                 `json:"meeting_id"`
	Number         int                `json:"number"` // the number of the version, from 1
	OrganizationID org.ID             `json:"organization_id"`
	Body           org.Body           `json:"body"`
	Forms          Forms              `json:"forms"`
	PeriodMonth    calendar.Month     `json:"period_month"`
	HeldOn         calendar.Date      `json:"held_on"`
	StartedAt      time.Time          `json:"started_at"`
	EndedAt        *time.Time         `json:"ended_at"`
	BreakMinutes   *int               `json:"break_minutes"`
	Mode           *Mode              `json:"mode"`
	Place          *string            `json:"place"`
	Title          *string            `json:"title"`
	ChairID        *member.ID         `json:"chair_id"`
	MinutesTakerID *member.ID         `json:"minutes_taker_id"`
	TopicID        *topic.ID          `json:"topic_id"`
	ContentItems   []string           `json:"content_items"` // in the order of the record
	DirectiveIDs   []directive.ID     `json:"directive_ids"` // in the order of the record
	Guests         *int               `json:"guests"`
	PreparedByID   *ID                `json:"prepared_by_id"`
	SelfScore      *int               `json:"self_score"`
	FeesReported   *bool              `json:"fees_reported,omitempty"`
	Paper          *PaperReference    `json:"paper_reference,omitempty"`
	Totals         *Totals            `json:"totals,omitempty"`
	Roll           []RollRow          `json:"roll"`
	Minutes        []RecordLine       `json:"minutes"`
	Resolutions    []RecordResolution `json:"resolutions"`
	Tasks          []RecordTask       `json:"tasks"`
	Votes          []RecordVote       `json:"votes,omitempty"` // in the order of the record
	Editors        []auth.UserID      `json:"editors"`         // empty for an imported record
}

// RollRow is one member of a frozen roll: what was recorded, and what the member was on that day.
type RollRow struct {
	MemberID     member.ID           `json:"member_id"`
	Standing     member.Standing     `json:"standing"`
	Official     bool                `json:"official"`
	Probationary bool                `json:"probationary"`
	Statuses     []member.StatusKind `json:"statuses"`
	Offices      []member.OfficeKind `json:"offices"`
	Status       AttendanceStatus    `json:"status"`
	ReasonKind   *ReasonKind         `json:"reason_kind"`
	Reason       *string             `json:"reason"`
	Late         *bool               `json:"late"`
	LeftEarly    *bool               `json:"left_early"`
	Remote       *bool               `json:"remote"`
	Spoke        *bool               `json:"spoke"`
}

// RecordLine is one line of the minutes.
type RecordLine struct {
	Position    int        `json:"position"`
	Part        Part       `json:"part"`
	ContentItem *string    `json:"content_item"`
	MemberID    *member.ID `json:"member_id"`
	Text        *string    `json:"text"`
}

// RecordResolution is one resolution as it was handed in.
type RecordResolution struct {
	ID             resolution.ID  `json:"id"`
	Number         *string        `json:"number"`
	AdoptedOn      *calendar.Date `json:"adopted_on"`
	Title          *string        `json:"title"`
	VotesFor       *int           `json:"votes_for"`
	VotesAgainst   *int           `json:"votes_against"`
	VotesAbstained *int           `json:"votes_abstained"`
}

// RecordTask is one task as it was assigned; what became of it is no part of the record.
type RecordTask struct {
	ID         resolution.TaskID `json:"id"`
	Title      *string           `json:"title"`
	AssigneeID *member.ID        `json:"assignee_id"`
	DueOn      *calendar.Date    `json:"due_on"`
}

// Canonical returns the bytes of a record version: compact JSON with the fields in their fixed order, UTC instants, no HTML
// escaping and no line end; roll, resolutions, tasks and editors in the order of their ids, minutes in the order of their positions.
// Equal records have equal bytes, however their lists were ordered; absent lists are empty lists.
func Canonical(r Record) ([]byte, error) {
	r = r.normal()
	if err := r.sound(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return nil, fmt.Errorf("write record of meeting %s: %w", r.MeetingID, err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// normal returns the record in the one form in which it is written and read back.
func (r Record) normal() Record {
	if r.Format != firstFormat {
		r.Format = RecordFormat
	}
	r.StartedAt = r.StartedAt.UTC()
	if r.EndedAt != nil {
		ended := r.EndedAt.UTC()
		r.EndedAt = &ended
	}
	r.ContentItems = append([]string{}, r.ContentItems...)
	r.DirectiveIDs = append([]directive.ID{}, r.DirectiveIDs...)
	r.Roll = canonicalRoll(r.Roll)
	r.Minutes = sorted(r.Minutes, func(a, b RecordLine) int { return cmp.Compare(a.Position, b.Position) })
	r.Resolutions = sorted(r.Resolutions, func(a, b RecordResolution) int { return bytes.Compare(a.ID.UUID[:], b.ID.UUID[:]) })
	r.Tasks = sorted(r.Tasks, func(a, b RecordTask) int { return bytes.Compare(a.ID.UUID[:], b.ID.UUID[:]) })
	r.Editors = sorted(r.Editors, func(a, b auth.UserID) int { return bytes.Compare(a.UUID[:], b.UUID[:]) })
	return r
}

// ReadRecord reads the bytes of a record version back; Canonical of the result gives the same bytes. Of an erased version it returns
// what is left.
func ReadRecord(content []byte) (Record, error) {
	if stone, err := readErased(content); err != nil || stone != nil {
		if err != nil {
			return Record{}, err
		}
		return stone.Record, nil
	}
	var r Record
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return Record{}, fmt.Errorf("read record: %w", err)
	}
	return r, r.sound()
}

// sound refuses a format that is not known, and one that does not know what the record holds.
func (r Record) sound() error {
	switch later := r.FeesReported != nil || r.Paper != nil || r.Totals != nil || len(r.Votes) > 0; {
	case r.Format == RecordFormat, r.Format == firstFormat && !later:
		return nil
	case r.Format == firstFormat:
		return fmt.Errorf("record of meeting %s: %s knows neither votes nor totals, paper or fees", r.MeetingID, r.Format)
	default:
		return fmt.Errorf("record of meeting %s: the format %q is not known", r.MeetingID, r.Format)
	}
}

// InPresentFormat returns the record as the present format writes it, so that versions of both can be compared.
func (r Record) InPresentFormat() Record {
	r.Format = RecordFormat
	return r
}

// canonicalRoll sorts a roll by member, and statuses and offices within each row.
func canonicalRoll(roll []RollRow) []RollRow {
	roll = sorted(roll, func(a, b RollRow) int { return bytes.Compare(a.MemberID.UUID[:], b.MemberID.UUID[:]) })
	for i := range roll {
		roll[i].Statuses = slices.Compact(sorted(roll[i].Statuses, cmp.Compare[member.StatusKind]))
		roll[i].Offices = slices.Compact(sorted(roll[i].Offices, cmp.Compare[member.OfficeKind]))
	}
	return roll
}

// sorted returns a sorted copy that is never nil, so that it is written as a list.
func sorted[T any](list []T, by func(a, b T) int) []T {
	list = append([]T{}, list...)
	slices.SortStableFunc(list, by)
	return list
}

// Count returns what the record adds to the figures. A sitting of several forms is one session of each, but one sitting and one
// roll. A record whose forms do not count is never posted.
func Count(r Record) ledger.Counters {
	c := ledger.Counters{Sittings: 1, Guests: int64(value(r.Guests))}
	c.Regular = one(r.Forms.Has(Regular))
	c.Thematic = one(r.Forms.Has(Thematic))
	c.Extraordinary = one(r.Forms.Has(Extraordinary))
	if minutes, known := r.Length(); known {
		c.Minutes, c.Timed = int64(minutes), 1
	}
	c.PaperSittings = one(r.Paper != nil)
	if r.Totals != nil {
		countTotals(&c, *r.Totals)
		return c
	}
	for _, row := range r.Roll {
		countRow(&c, row)
	}
	c.Speakers = speakers(r)
	return c
}

// sitting is what the numbers of the record's decisions follow from.
func (r Record) sitting() resolution.Sitting {
	return resolution.Sitting{MeetingID: r.MeetingID.UUID, OrganizationID: r.OrganizationID, Body: r.Body, HeldOn: r.HeldOn}
}

// Length returns how long the sitting lasted without its breaks, in minutes; unknown when the end is missing.
func (r Record) Length() (minutes int, known bool) {
	return duration(r.StartedAt, r.EndedAt, r.BreakMinutes)
}

// countTotals adds what is known of a session without a roll, and notes beside it that no more is known. Whoever is on the roster and
// was not expected is not recorded.
func countTotals(c *ledger.Counters, t Totals) {
	present, excused, unexcused := int64(t.Present), int64(t.Excused), int64(t.Unexcused)
	c.Roster, c.RosterPresent, c.RosterExcused, c.RosterUnexcused = int64(t.Roster), present, excused, unexcused
	c.Eligible, c.EligiblePresent, c.EligibleExcused, c.EligibleUnexcused = int64(t.Expected), present, excused, unexcused
	c.Temporary = int64(t.Temporary)
	c.TotalsSittings, c.TotalsRoster, c.TotalsEligible, c.TotalsExcused = 1, c.Roster, c.Eligible, excused
}

// countRow adds one member: to the whole roster, to the base where the member stands in it, or to the temporary ones.
func countRow(c *ledger.Counters, row RollRow) {
	if row.Standing == member.Temporary {
		c.Temporary++
		return
	}
	present, excused, unexcused := one(row.Status == Present), one(row.Status == Excused), one(row.Status == Unexcused)
	c.Roster++
	c.RosterPresent += present
	c.RosterExcused += excused
	c.RosterUnexcused += unexcused
	if row.Standing == member.Base {
		c.Eligible++
		c.EligiblePresent += present
		c.EligibleExcused += excused
		c.EligibleUnexcused += unexcused
	}
}

// speakers counts the people present who spoke, by their row or by an opinion in the minutes, each once.
func speakers(r Record) int64 {
	spoke := make(map[member.ID]bool)
	for _, line := range r.Minutes {
		if line.Part == Opinion && line.MemberID != nil {
			spoke[*line.MemberID] = true
		}
	}
	var count int64
	for _, row := range r.Roll {
		if row.Status == Present && (spoke[row.MemberID] || row.Spoke != nil && *row.Spoke) {
			count++
		}
	}
	return count
}

// duration returns the minutes from start to end without the breaks; unknown when the end is missing.
func duration(started time.Time, ended *time.Time, breaks *int) (minutes int, known bool) {
	if ended == nil {
		return 0, false
	}
	return max(0, int(ended.Sub(started)/time.Minute)-value(breaks)), true
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

func value(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}
