package warning

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/schedule"
)

// DutyCode says what is owed.
type DutyCode string

// The duties: of whoever hands records in, of whoever writes them, of whoever receives them.
const (
	RegisterMonth   DutyCode = "register_month"
	MeetCommittee   DutyCode = "hold_committee_session"
	PostDocuments   DutyCode = "post_documents"
	MeetMonthly     DutyCode = "hold_session"
	MeetThematic    DutyCode = "hold_thematic_session"
	HandIn          DutyCode = "hand_in_record"
	CorrectRecord   DutyCode = "correct_record"
	RateSession     DutyCode = "rate_session"
	FinishTask      DutyCode = "finish_task"
	WriteRecord     DutyCode = "write_record"
	AnswerMonth     DutyCode = "answer_registration"
	ReceiveRecord   DutyCode = "receive_record"
	ConfirmGrade    DutyCode = "confirm_grade"
	RecordDelegates DutyCode = "record_delegate"
)

// DutyCodes returns every code in the order in which they are shown.
func DutyCodes() []DutyCode {
	return []DutyCode{
		RegisterMonth, MeetCommittee, PostDocuments, MeetMonthly, MeetThematic, HandIn, CorrectRecord, RateSession, FinishTask, WriteRecord,
		AnswerMonth, ReceiveRecord, ConfirmGrade, RecordDelegates,
	}
}

// DutyState says where a duty stands.
type DutyState string

// The states.
const (
	DutyOpen    DutyState = "open"
	DutyOverdue DutyState = "overdue"
	DutyDone    DutyState = "done"
)

// DutyStates returns every state.
func DutyStates() []DutyState { return []DutyState{DutyOpen, DutyOverdue, DutyDone} }

// Request is what settles a duty: the operation of the contract, and the example that shows its body, empty where it needs none.
type Request struct {
	Method    string
	Path      string
	Operation string
	Version   int64 // for If-Match, 0 where it needs none
}

// Duty is something owed in a month. DueOn is the last day for it, nil where no rule names one. Since is when it came up.
type Duty struct {
	Code         DutyCode
	Organization org.Organization
	Body         org.Body
	DueOn        *calendar.Date
	State        DutyState
	Request      Request
	MeetingID    *uuid.UUID
	subject      string
}

// dueAt returns the instant at which the day of the duty ends.
func (d Duty) dueAt(zone calendar.Zone) *time.Time {
	if d.DueOn == nil {
		return nil
	}
	end := zone.Start(d.DueOn.Add(1)).UTC()
	return &end
}

// may is what the caller may do for an organisation.
type may struct{ submit, write, receive bool }

// duties lists what whoever may do these things owes in the month, by deadline.
func (f facts) duties(month calendar.Month, who may) []Duty {
	var all []Duty
	if who.submit {
		all = append(all, f.monthly(month)...)
		for _, s := range f.of(month) {
			all = append(all, f.secretarys(s)...)
		}
		all = append(all, f.openTasks(month)...)
	}
	if who.write && !who.submit {
		for _, s := range f.of(month) {
			all = append(all, f.writers(s)...)
		}
	}
	if who.receive {
		all = append(all, f.superiors(month)...)
	}
	slices.SortStableFunc(all, func(a, b Duty) int {
		return cmp.Or(compareDays(a.DueOn, b.DueOn), cmp.Compare(slices.Index(DutyCodes(), a.Code), slices.Index(DutyCodes(), b.Code)),
			cmp.Compare(a.subject, b.subject))
	})
	return all
}

// compareDays puts what has no deadline last.
func compareDays(a, b *calendar.Date) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	default:
		return a.Compare(*b)
	}
}

// of returns the sessions that serve the month.
func (f facts) of(month calendar.Month) []session {
	return slices.DeleteFunc(slices.Clone(f.sessions), func(s session) bool { return s.PeriodMonth != month })
}

// duty makes one, and says by its deadline whether it is overdue.
func (f facts) duty(code DutyCode, body org.Body, due *calendar.Date, done bool, request Request) Duty {
	d := Duty{Code: code, Organization: f.organization, Body: body, DueOn: due, State: DutyOpen, Request: request}
	switch {
	case done:
		d.State = DutyDone
	case due != nil && f.today.After(*due):
		d.State = DutyOverdue
	}
	return d
}

// on is duty about a session.
func (f facts) on(s session, code DutyCode, due *calendar.Date, done bool, method, path, operation string) Duty {
	d := f.duty(code, s.Body, due, done, Request{method, "/api/v1/meetings/" + s.MeetingID.String() + path, operation, s.Version})
	d.MeetingID, d.subject = &s.MeetingID.UUID, s.MeetingID.String()
	return d
}

// monthly are the duties that a month brings, whatever has been planned.
func (f facts) monthly(month calendar.Month) []Duty {
	var all []Duty
	here := "/api/v1/organizations/" + f.organization.ID.String()
	end := month.Last()
	held := func(body org.Body, form meeting.Form, within calendar.Period) bool {
		return slices.ContainsFunc(f.sessions, func(s session) bool {
			return s.Body == body && s.Forms.Has(form) && within.Contains(s.PeriodMonth) && s.Status != meeting.Scheduled
		})
	}
	only := calendar.Period{From: month, To: month}
	if due := f.set(month.First()).RegistrationDue(month); due != nil && f.owes(org.Cell, month) {
		last, is := f.registered[month]
		all = append(all, f.duty(RegisterMonth, org.Cell, due, is && last.Status != schedule.Returned,
			Request{http.MethodPost, here + "/registrations", "registerMonth", 0}))
	}
	for _, body := range org.Bodies {
		if !f.owes(body, month) {
			continue
		}
		code := MeetMonthly
		if body == org.CellCommittee {
			code = MeetCommittee
		}
		all = append(all, f.duty(code, body, &end, held(body, meeting.Regular, only), Request{http.MethodPost, here + "/drafts", "prepareMeeting", 0}))
	}
	quarter := month.Quarter()
	if month == quarter.Last() && f.owes(org.Cell, month) && f.set(end).Owes(f.organization.Kind, org.Cell, rules.Quarterly, string(meeting.Thematic)) {
		all = append(all, f.duty(MeetThematic, org.Cell, &end, held(org.Cell, meeting.Thematic, quarter.Period()),
			Request{http.MethodPost, here + "/drafts", "prepareMeeting", 0}))
	}
	return all
}

// secretarys are the duties about a session that is planned or held.
func (f facts) secretarys(s session) []Duty {
	var all []Duty
	set := f.set(s.HeldOn)
	if due := set.DocumentsDue(s.HeldOn); due != nil && !s.imported() {
		all = append(all, f.on(s, PostDocuments, due, s.NoticeAt != nil, http.MethodPost, "/notice", "postMeetingNotice"))
	}
	in := s.Status == meeting.Submitted || s.Status == meeting.Accepted
	switch {
	case s.ReturnedReason != nil && !in:
		all = append(all, f.on(s, CorrectRecord, nil, false, http.MethodPost, "/submission", "submitMeeting"))
	case in || !s.HeldOn.After(f.today):
		all = append(all, f.on(s, HandIn, set.RecordDue(s.HeldOn), in, http.MethodPost, "/submission", "submitMeeting"))
	}
	if s.rates(set) {
		self, _ := f.stages(s)
		all = append(all, f.on(s, RateSession, nil, self != nil, http.MethodPost, "/rating", "rateMeeting"))
	}
	return all
}

// openTasks are the tasks of earlier sessions that fall due in the month and are open.
func (f facts) openTasks(month calendar.Month) []Duty {
	var all []Duty
	for _, t := range f.tasks {
		if t.DueOn.Month() != month {
			continue
		}
		d := f.duty(FinishTask, t.Body, &t.DueOn, false, Request{http.MethodPatch, "/api/v1/tasks/" + t.ID.String(), "editTask", t.Version})
		d.subject = t.ID.String()
		all = append(all, d)
	}
	return all
}

// writers is what somebody owes who writes minutes and does not hand them in.
func (f facts) writers(s session) []Duty {
	if s.HeldOn.After(f.today) || s.Status == meeting.Submitted || s.Status == meeting.Accepted {
		return nil
	}
	return []Duty{f.on(s, WriteRecord, f.set(s.HeldOn).RecordDue(s.HeldOn), false, http.MethodPatch, "", "editMeeting")}
}

// superiors are the duties of whoever receives what the organisation hands in.
func (f facts) superiors(month calendar.Month) []Duty {
	var all []Duty
	if last, is := f.registered[month]; is && last.Status == schedule.Registered {
		path := "/api/v1/organizations/" + f.organization.ID.String() + "/registrations/" + last.ID.String() + "/agreement"
		d := f.duty(AnswerMonth, org.Cell, nil, false, Request{http.MethodPost, path, "agreeToRegistration", last.Version})
		d.subject = last.ID.String()
		all = append(all, d)
	}
	for _, s := range f.of(month) {
		self, confirmed := f.stages(s)
		if s.Status == meeting.Submitted || s.Status == meeting.Accepted {
			all = append(all, f.on(s, ReceiveRecord, nil, s.Status == meeting.Accepted, http.MethodPost, "/acceptance", "acceptMeeting"))
		}
		if s.Status == meeting.Accepted && self != nil {
			d := f.on(s, ConfirmGrade, nil, confirmed, http.MethodPost, "/rating-confirmation", "confirmRating")
			d.Request.Version = int64(self.Number)
			all = append(all, d)
		}
	}
	for _, d := range f.follows {
		all = append(all, f.visits(d, month)...)
	}
	return all
}

// visits is that it is recorded whether a delegate came to a session that was held, and what was observed.
func (f facts) visits(d follow, month calendar.Month) []Duty {
	var all []Duty
	for _, s := range f.of(month) {
		if s.MeetingID != d.MeetingID || s.HeldOn.After(f.today) {
			continue
		}
		path := "/api/v1/organizations/" + f.organization.ID.String() + "/delegates/" + d.DelegateID.String() + "/sessions/" + s.MeetingID.String()
		duty := f.duty(RecordDelegates, s.Body, nil, d.Recorded, Request{http.MethodPut, path, "recordDelegateAttendance", d.Version})
		duty.MeetingID, duty.subject = &s.MeetingID.UUID, s.MeetingID.String()+d.DelegateID.String()
		all = append(all, duty)
	}
	return all
}
