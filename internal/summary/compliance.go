package summary

import (
	"slices"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// longestMap is how many months one map of compliance shows.
const longestMap = 36

// MonthState is where a body stands with the regular session of a month.
type MonthState string

// The states. From Open on, the later one stands where several sessions serve the month.
const (
	NotDue    MonthState = "not_due"
	Excused   MonthState = "excused"
	Open      MonthState = "open"      // the month has not ended, and there is nothing yet
	Nothing   MonthState = "nothing"   // the month has ended, and there is nothing
	Scheduled MonthState = "scheduled" // a session is planned
	Held      MonthState = "held"      // it was held, its record is not in
	Returned  MonthState = "returned"  // its record was returned and has not come back
	Submitted MonthState = "submitted" // its record is in
	Accepted  MonthState = "accepted"  // its record was received
)

// MonthStates returns every state.
func MonthStates() []MonthState {
	return []MonthState{NotDue, Excused, Open, Nothing, Scheduled, Held, Returned, Submitted, Accepted}
}

// regular is a regular session of a month, as far as a map of compliance tells of it. SubmittedAt is when its record was first in, nil
// where it is not or nobody knows.
type regular struct {
	MeetingID      meeting.ID
	OrganizationID org.ID
	Body           org.Body
	PeriodMonth    calendar.Month
	HeldOn         calendar.Date
	Status         meeting.Status
	ReturnedReason *string
	RecordVersion  int
	SubmittedAt    *time.Time
}

// state is where the session stands.
func (r regular) state() MonthState {
	switch {
	case r.Status == meeting.Accepted:
		return Accepted
	case r.Status == meeting.Submitted:
		return Submitted
	case r.ReturnedReason != nil:
		return Returned
	case r.Status == meeting.Held:
		return Held
	default:
		return Scheduled
	}
}

// MonthCell is one month of a body. Late says whether the record of the session that stands for the month missed the deadline of the rule
// set of its day; nil where there is no deadline, it has not passed, or nobody knows when the record came in. Sessions are the regular
// sessions whose record is in.
type MonthCell struct {
	Month     calendar.Month
	State     MonthState
	Late      *bool
	DueOn     *calendar.Date
	MeetingID *meeting.ID
	Sessions  int
}

// BodyRow is the months of a body, with the figures of the ledger for those that have ended.
type BodyRow struct {
	Body    org.Body
	Due     int64
	Excused int64
	Covered int64
	Months  []MonthCell
}

// OrganizationRow is an organisation with its bodies that owe a session, or have one, in the period.
type OrganizationRow struct {
	Organization org.Organization
	Bodies       []BodyRow
	Secretary    *Officer
}

// Officer is who has to be reminded: the secretary in office today.
type Officer struct {
	OrganizationID org.ID
	MemberID       member.ID
	FullName       string
	Body           org.Body
	Office         member.OfficeKind
	SortKey        string
}

// mapOf is what a map of compliance is composed of.
type mapOf struct {
	period   calendar.Period
	today    calendar.Date
	zone     calendar.Zone
	owed     map[ledger.OwedMonth]ledger.Kept
	sessions map[ledger.OwedMonth][]regular
	due      func(heldOn calendar.Date) *calendar.Date // by when a record is in
}

// row composes what is shown of an organisation.
func (m mapOf) row(o org.Organization) OrganizationRow {
	row := OrganizationRow{Organization: o, Bodies: []BodyRow{}}
	for _, body := range org.Bodies {
		of, owes := m.body(o.ID, body)
		if owes {
			row.Bodies = append(row.Bodies, of)
		}
	}
	return row
}

// body composes the months of a body, and says whether there is anything to show.
func (m mapOf) body(id org.ID, body org.Body) (row BodyRow, owes bool) {
	row.Body = body
	for month := range m.period.All() {
		key := ledger.OwedMonth{Organization: id, Body: body, Month: month}
		kept, due := m.owed[key]
		row.Months = append(row.Months, m.cell(month, due, kept.Excused, m.sessions[key]))
		owes = owes || due || len(m.sessions[key]) > 0
		if due && month.Ended(m.today) {
			row.Due++
			row.Excused += one(kept.Excused)
			row.Covered += one(kept.Covered)
		}
	}
	return row, owes
}

// cell says how a month stands: whether it is due and set aside comes first, then the session that has come farthest, the earliest of
// several.
func (m mapOf) cell(month calendar.Month, due, excused bool, sessions []regular) MonthCell {
	c := MonthCell{Month: month, State: Open}
	if month.Ended(m.today) {
		c.State = Nothing
	}
	var best *regular
	for i := range sessions {
		if state := sessions[i].state(); state == Submitted || state == Accepted {
			c.Sessions++
		}
		if best == nil || slices.Index(MonthStates(), sessions[i].state()) > slices.Index(MonthStates(), best.state()) {
			best = &sessions[i]
		}
	}
	if best != nil {
		c.State, c.MeetingID = best.state(), &best.MeetingID
		c.Late, c.DueOn = m.late(*best)
	}
	switch {
	case !due:
		c.State = NotDue
	case excused:
		c.State = Excused
	}
	return c
}

// late judges the record of a session by the deadline of its day.
func (m mapOf) late(r regular) (late *bool, due *calendar.Date) {
	due = m.due(r.HeldOn)
	is := true
	switch state := r.state(); {
	case due == nil:
		return nil, nil
	case r.SubmittedAt != nil:
		is = m.zone.DateOf(*r.SubmittedAt).After(*due)
	case state == Submitted || state == Accepted || !m.today.After(*due):
		return nil, due
	}
	return &is, due
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// Missing is an ended month that is due and not excused, for which no record is in.
type Missing struct {
	Organization org.Organization
	Body         org.Body
	MonthCell

	Secretary *Officer
}

// missing lists what of the row is missing, the oldest month first.
func (r OrganizationRow) missing(today calendar.Date) []Missing {
	var found []Missing
	for _, body := range r.Bodies {
		for _, c := range body.Months {
			switch c.State {
			case Nothing, Scheduled, Held, Returned:
				if c.Month.Ended(today) {
					found = append(found, Missing{r.Organization, body.Body, c, r.Secretary})
				}
			case NotDue, Excused, Open, Submitted, Accepted:
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Missing) int { return a.Month.Compare(b.Month) })
	return found
}

// Awaiting is a record that is in and that the superior has neither received nor returned.
type Awaiting struct {
	MeetingID        meeting.ID
	OrganizationID   org.ID
	OrganizationCode *string
	OrganizationName string
	Body             org.Body
	Forms            meeting.Forms
	PeriodMonth      calendar.Month
	HeldOn           calendar.Date
	SubmittedAt      time.Time // the last time
	Version          int64
}
