package warning

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/schedule"
)

// facts are all that is known of one organisation. Evaluation is pure: it looks at nothing else.
type facts struct {
	organization org.Organization
	period       calendar.Period
	today        calendar.Date
	zone         calendar.Zone
	sets         rules.Places
	owed         map[ledger.OwedMonth]ledger.Kept
	sessions     []session // by the day held, not cancelled, from the first month that matters to the last that is asked for
	registered   map[calendar.Month]registered
	tasks        []task
	homes        []stay // at home in the organisation, of all times
	offices      []stay // in its bodies, of all times
	terms        []calendar.Span
	people       map[member.ID]person
	ratings      map[meeting.ID][]rated
	texts        []repeated
	follows      []follow
}

// session is a meeting that is planned or was held. SubmittedAt is when its record was first handed in, NoticeAt when anything was first
// posted for it, both nil where it was not or nobody knows.
type session struct {
	MeetingID      meeting.ID
	OrganizationID org.ID
	Body           org.Body
	Forms          meeting.Forms
	PeriodMonth    calendar.Month
	HeldOn         calendar.Date
	StartedAt      time.Time
	EndedAt        *time.Time
	BreakMinutes   *int
	Status         meeting.Status
	ReturnedReason *string
	PreparedByID   *meeting.ID
	SelfScore      *int
	TotalsOnly     bool
	RecordVersion  int
	Version        int64
	SubmittedAt    *time.Time
	NoticeAt       *time.Time

	record meeting.Record `gorm:"-"` // forms, times, roll and totals alone
}

// counted reports whether the record is in and counts in figures.
func (s session) counted() bool {
	return (s.Status == meeting.Submitted || s.Status == meeting.Accepted) && s.Forms.Counted()
}

// cell reports whether it is a counted session of all members.
func (s session) cell() bool { return s.Body == org.Cell && s.counted() }

// imported reports whether nobody knows when the record came in.
func (s session) imported() bool { return s.RecordVersion > 0 && s.SubmittedAt == nil }

func (s session) evidence(note string) Evidence {
	return Evidence{OfMeeting, s.MeetingID.UUID, "/api/v1/meetings/" + s.MeetingID.String(), note}
}

// registered is what was registered of a month last.
type registered struct {
	ID             uuid.UUID
	OrganizationID org.ID
	Month          calendar.Month
	Status         schedule.RegistrationStatus
	RegisteredAt   time.Time
	Version        int64
}

// task is one that is open and past its day.
type task struct {
	ID             uuid.UUID
	OrganizationID org.ID
	MeetingID      meeting.ID
	Body           org.Body
	AssigneeID     *member.ID
	DueOn          calendar.Date
	Version        int64
}

// stay is a membership or an office with its days.
type stay struct {
	ID             uuid.UUID
	MemberID       member.ID
	OrganizationID org.ID
	Body           org.Body
	ValidFrom      calendar.Date
	ValidTo        *calendar.Date
}

func (s stay) span() calendar.Span { return calendar.Span{From: s.ValidFrom, To: s.ValidTo} }

// person is a member as far as a warning tells of one.
type person struct {
	ID         member.ID
	FullName   string
	OfficialOn *calendar.Date
}

// rated is a judgement of a session, without what it was made of.
type rated struct {
	ID            uuid.UUID
	MeetingID     meeting.ID
	Number        int
	Stage         string
	RecordVersion int
	RuleSet       string
	Grade         string
	CreatedAt     time.Time
}

// repeated is a text of the minutes of a meeting that the minutes of another one have too.
type repeated struct {
	OrganizationID org.ID
	MeetingID      meeting.ID
	Text           string
}

// follow is a delegate at a session, of whom nothing may be recorded yet.
type follow struct {
	DelegateID uuid.UUID
	MeetingID  meeting.ID
	MemberID   member.ID
	Version    int64
	Recorded   bool
}

func (f facts) set(day calendar.Date) rules.Set { return f.sets.On(f.organization.ID, day) }

// owes reports whether the body owes a session in the month that is not set aside.
func (f facts) owes(body org.Body, month calendar.Month) bool {
	kept, due := f.owed[ledger.OwedMonth{Organization: f.organization.ID, Body: body, Month: month}]
	return due && !kept.Excused
}

// inOffice reports whether the cell has a committee on the day.
func (f facts) inOffice(day calendar.Date) bool {
	return slices.ContainsFunc(f.terms, func(t calendar.Span) bool { return t.Contains(day) })
}

// official counts the official members at home in the organisation on the day.
func (f facts) official(day calendar.Date) int {
	n := 0
	for _, home := range f.homes {
		if since := f.people[home.MemberID].OfficialOn; home.span().Contains(day) && since != nil && !day.Before(*since) {
			n++
		}
	}
	return n
}

// since returns the first day from which something that depends on homes, terms and days of admission has held without a break up to today.
func (f facts) since(holds func(calendar.Date) bool) calendar.Date {
	var days []calendar.Date
	note := func(span calendar.Span) {
		if days = append(days, span.From); span.To != nil {
			days = append(days, span.To.Add(1))
		}
	}
	for _, home := range f.homes {
		note(home.span())
		if official := f.people[home.MemberID].OfficialOn; official != nil {
			days = append(days, *official)
		}
	}
	for _, term := range f.terms {
		note(term)
	}
	slices.SortFunc(days, func(a, b calendar.Date) int { return b.Compare(a) })
	since := f.today
	for _, day := range days {
		if day.After(f.today) {
			continue
		}
		if !holds(day) {
			break
		}
		since = day
	}
	return since
}

// now reports whether the month of today is asked about, for what is true of today alone.
func (f facts) now() bool { return f.period.Contains(f.today.Month()) }

func (f facts) name(id member.ID) string { return f.people[id].FullName }

func (f facts) member(id member.ID, note string) Evidence {
	if note != "" {
		note = ": " + note
	}
	return Evidence{OfMember, id.UUID, "/api/v1/members/" + id.String(), f.name(id) + note}
}

func (f facts) itself(note string) Evidence {
	return Evidence{OfOrganization, f.organization.ID.UUID, "/api/v1/organizations/" + f.organization.ID.String(), note}
}

// warn begins a warning; subject tells it apart from others of its code in the month.
func (f facts) warn(code Code, severity Severity, body org.Body, month calendar.Month, since calendar.Date, subject string) Warning {
	return Warning{
		Key: month.String() + " " + string(code) + " " + string(body) + " " + subject, Code: code, Severity: severity,
		Organization: f.organization, Body: body, Month: month, Since: since, Args: map[string]string{},
	}
}

// by names the rule set that the warning rests on.
func (w Warning) by(set rules.Set) Warning {
	w.RuleSet = set.ID
	w.Args["rule_set"] = set.Title
	return w
}

// with adds a value that the sentences name.
func (w Warning) with(name, value string) Warning {
	w.Args[name] = value
	return w
}

func (w Warning) number(name string, value int) Warning { return w.with(name, strconv.Itoa(value)) }

// shown adds rows of evidence, as many as one warning shows.
func (w Warning) shown(rows ...Evidence) Warning {
	w.Evidence = append(w.Evidence, rows...)
	if len(w.Evidence) > mostEvidence {
		w.Evidence = w.Evidence[:mostEvidence]
	}
	return w
}

// warnings evaluates everything, in the order of the keys.
func (f facts) warnings() []Warning {
	all := slices.Concat(
		f.notRegistered(), f.committeeNotMet(), f.documentsLate(), f.recordLate(), f.memberAbsent(), f.excusedRunning(), f.fewMembers(),
		f.quarterWithoutThematic(), f.taskOverdue(),
		f.nothingForMonth(), f.attendanceBelow(), f.gradeNotConfirmed(), f.gradeAgainstCondition(),
		f.enteredLate(), f.backdated(), f.fullAttendance(), f.identicalText(), f.rosterJump(),
	)
	slices.SortFunc(all, order)
	return all
}
