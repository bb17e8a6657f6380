package warning

import (
	"cmp"
	"slices"
	"strings"

	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/schedule"
)

// notRegistered: a month that has not ended, after the day by which the cell registers it.
func (f facts) notRegistered() []Warning {
	var found []Warning
	for month := range f.period.All() {
		set := f.set(month.First())
		due := set.RegistrationDue(month)
		if month.Ended(f.today) || due == nil || !f.today.After(*due) || !f.owes(org.Cell, month) {
			continue
		}
		last, is := f.registered[month]
		if is && last.Status != schedule.Returned {
			continue
		}
		w := f.warn(MonthNotRegistered, Warn, org.Cell, month, due.Add(1), "").by(set).with("due_on", due.String())
		if is {
			w = w.shown(Evidence{
				OfRegistration, last.ID, "/api/v1/organizations/" + f.organization.ID.String() + "/registrations/" + last.ID.String(), string(last.Status),
			})
		}
		found = append(found, w.shown(f.itself(month.String())))
	}
	return found
}

// committeeNotMet: a regular session of the cell that was held or should have been, without a session of its committee before it.
func (f facts) committeeNotMet() []Warning {
	var found []Warning
	for _, s := range f.sessions {
		if s.Body != org.Cell || !s.Forms.Has(meeting.Regular) || !f.period.Contains(s.PeriodMonth) || s.HeldOn.After(f.today) || !f.inOffice(s.HeldOn) {
			continue
		}
		if !slices.ContainsFunc(f.sessions, s.preparedBy) {
			w := f.warn(CommitteeNotMet, Warn, org.CellCommittee, s.PeriodMonth, s.HeldOn, s.MeetingID.String()).by(f.set(s.HeldOn))
			found = append(found, w.with("held_on", s.HeldOn.String()).shown(s.evidence(s.HeldOn.String())))
		}
	}
	return found
}

// preparedBy reports whether the other session is one of the committee, held before for the same month, or named by the record.
func (s session) preparedBy(other session) bool {
	named := s.PreparedByID != nil && *s.PreparedByID == other.MeetingID
	return other.Body == org.CellCommittee && other.Status != meeting.Scheduled && (named || other.PeriodMonth == s.PeriodMonth) &&
		other.StartedAt.Before(s.StartedAt)
}

// documentsLate: nothing was posted for a session by the day, or only later.
func (f facts) documentsLate() []Warning {
	var found []Warning
	for _, s := range f.sessions {
		set := f.set(s.HeldOn)
		due := set.DocumentsDue(s.HeldOn)
		if due == nil || !f.today.After(*due) || !f.period.Contains(s.PeriodMonth) || s.imported() {
			continue
		}
		note := "–"
		if s.NoticeAt != nil {
			day := f.zone.DateOf(*s.NoticeAt)
			if !day.After(*due) {
				continue
			}
			note = day.String()
		}
		w := f.warn(DocumentsLate, Warn, s.Body, s.PeriodMonth, due.Add(1), s.MeetingID.String()).by(set)
		found = append(found, w.with("due_on", due.String()).with("held_on", s.HeldOn.String()).shown(s.evidence(note)))
	}
	return found
}

// recordLate: a record that is not in by its day, or came later; the latter weighs less.
func (f facts) recordLate() []Warning {
	var found []Warning
	for _, s := range f.sessions {
		set := f.set(s.HeldOn)
		due := set.RecordDue(s.HeldOn)
		if due == nil || !f.today.After(*due) || !f.period.Contains(s.PeriodMonth) || s.imported() {
			continue
		}
		severity, note := Warn, "–"
		if s.SubmittedAt != nil {
			day := f.zone.DateOf(*s.SubmittedAt)
			if !day.After(*due) {
				continue
			}
			severity, note = Info, day.String()
		}
		w := f.warn(RecordLate, severity, s.Body, s.PeriodMonth, due.Add(1), s.MeetingID.String()).by(set)
		found = append(found, w.with("due_on", due.String()).with("held_on", s.HeldOn.String()).shown(s.evidence(note)))
	}
	return found
}

// away is what the rolls of a month say of a member: whether somebody noted an absence without reason, and whether the member came or had a
// reason at any session of the month.
type away struct {
	without, with bool
	last          session
}

// memberAbsent: months of a year in which a member neither came to a session of the cell nor had a good reason. A month in which nothing was
// recorded of the member is none.
func (f facts) memberAbsent() []Warning {
	type key struct {
		who  member.ID
		year int
	}
	months := map[key]map[calendar.Month]away{}
	for _, s := range f.sessions {
		if !s.cell() {
			continue
		}
		for _, row := range s.record.Roll {
			if row.Standing != member.Base {
				continue
			}
			k := key{row.MemberID, s.PeriodMonth.Year()}
			if months[k] == nil {
				months[k] = map[calendar.Month]away{}
			}
			at := months[k][s.PeriodMonth]
			at.without = at.without || row.Status == meeting.Unexcused
			at.with = at.with || row.Status == meeting.Present || row.Status == meeting.Excused
			at.last = s
			months[k][s.PeriodMonth] = at
		}
	}
	var found []Warning
	for k, of := range months {
		if w, is := f.absent(k.who, of); is {
			found = append(found, w)
		}
	}
	return found
}

// absent judges the months of one member in one year.
func (f facts) absent(who member.ID, of map[calendar.Month]away) (w Warning, is bool) {
	var missed []session
	for _, month := range of {
		if month.without && !month.with {
			missed = append(missed, month.last)
		}
	}
	if len(missed) < absentMonths {
		return w, false
	}
	slices.SortFunc(missed, func(a, b session) int { return a.PeriodMonth.Compare(b.PeriodMonth) })
	last, severity := missed[len(missed)-1], Warn
	if len(missed) >= struckOffFrom {
		severity = Serious
	}
	w = f.warn(MemberAbsent, severity, org.Cell, last.PeriodMonth, missed[absentMonths-1].HeldOn, who.String())
	w = w.with("member", f.name(who)).number("months", len(missed)).number("year", last.PeriodMonth.Year()).shown(f.member(who, ""))
	for _, s := range missed {
		w = w.shown(s.evidence(s.PeriodMonth.String()))
	}
	return w, true
}

// excusedRunning: more sessions of a year running from which a member was excused than the rule set allows.
func (f facts) excusedRunning() []Warning {
	type run struct {
		since, last session
		length      int64
		set         rules.Set
	}
	over := map[string]run{}
	runs, began, year := meeting.Runs{}, map[member.ID]session{}, 0
	who := map[string]member.ID{}
	for _, s := range f.byMonth() {
		if !s.cell() {
			continue
		}
		if s.PeriodMonth.Year() != year {
			runs, year = meeting.Runs{}, s.PeriodMonth.Year()
		}
		runs.Add(s.record.Roll)
		set := f.set(s.HeldOn)
		_, most := set.Rubric.Bounds(rules.ExcusedRunning)
		for _, row := range s.record.Roll {
			if runs[row.MemberID] == 1 {
				began[row.MemberID] = s
			}
			if most != nil && !most.Holds(runs[row.MemberID], 1) {
				key := row.MemberID.String() + " " + began[row.MemberID].MeetingID.String()
				over[key], who[key] = run{began[row.MemberID], s, runs[row.MemberID], set}, row.MemberID
			}
		}
	}
	var found []Warning
	for key, r := range over {
		w := f.warn(ExcusedRunning, Warn, org.Cell, r.last.PeriodMonth, r.since.HeldOn, key).by(r.set).with("member", f.name(who[key]))
		w = w.number("sessions", int(r.length)).shown(f.member(who[key], ""), r.since.evidence(r.since.HeldOn.String()), r.last.evidence(r.last.HeldOn.String()))
		found = append(found, w)
	}
	return found
}

// byMonth returns the sessions in the order of the months that they serve.
func (f facts) byMonth() []session {
	sorted := slices.Clone(f.sessions)
	slices.SortStableFunc(sorted, func(a, b session) int {
		return cmp.Or(a.PeriodMonth.Compare(b.PeriodMonth), a.HeldOn.Compare(b.HeldOn), strings.Compare(a.MeetingID.String(), b.MeetingID.String()))
	})
	return sorted
}

// fewMembers: what the statute asks of a cell's size, as it is today.
func (f facts) fewMembers() []Warning {
	o := f.organization
	if !f.now() || !o.Kind.May(org.Cell) || !o.ExistsOn(f.today) {
		return nil
	}
	n := f.official(f.today)
	few := func(day calendar.Date) bool { return f.official(day) < fewestMembers }
	many := func(day calendar.Date) bool { return f.official(day) >= committeeFrom && !f.inOffice(day) }
	w := func(code Code, severity Severity, since calendar.Date) []Warning {
		return []Warning{f.warn(code, severity, org.Cell, f.today.Month(), since, "").number("members", n).shown(f.itself(since.String()))}
	}
	switch {
	case few(f.today):
		return w(FewOfficialMembers, Serious, f.since(few))
	case many(f.today):
		return w(CommitteeMissing, Warn, f.since(many))
	default:
		return nil
	}
}

// quarterWithoutThematic: a quarter in its last month, or ended, in which the cell owes a thematic session and has held none.
func (f facts) quarterWithoutThematic() []Warning {
	var found []Warning
	for month := range f.period.All() {
		quarter := month.Quarter()
		set := f.set(month.Last())
		if month != quarter.Last() || f.today.Before(month.First()) || !set.Owes(f.organization.Kind, org.Cell, rules.Quarterly, string(meeting.Thematic)) {
			continue
		}
		due := false
		for i := range 3 {
			due = due || f.owes(org.Cell, quarter.First().Add(i))
		}
		held := slices.ContainsFunc(f.sessions, func(s session) bool {
			return s.Body == org.Cell && s.Forms.Has(meeting.Thematic) && s.PeriodMonth.Quarter() == quarter && s.Status != meeting.Scheduled
		})
		if !due || held {
			continue
		}
		severity := Info
		if month.Ended(f.today) {
			severity = Warn
		}
		w := f.warn(QuarterWithoutThematic, severity, org.Cell, month, month.First(), "").by(set).with("quarter", quarter.String())
		found = append(found, w.shown(f.itself(quarter.String())))
	}
	return found
}

// taskOverdue: an open task past its day.
func (f facts) taskOverdue() []Warning {
	var found []Warning
	for _, t := range f.tasks {
		if !t.DueOn.Before(f.today) || !f.period.Contains(t.DueOn.Month()) {
			continue
		}
		w := f.warn(TaskOverdue, Warn, t.Body, t.DueOn.Month(), t.DueOn.Add(1), t.ID.String()).with("due_on", t.DueOn.String())
		w = w.shown(Evidence{OfTask, t.ID, "/api/v1/tasks/" + t.ID.String(), t.DueOn.String()})
		if t.AssigneeID != nil {
			w = w.shown(f.member(*t.AssigneeID, ""))
		}
		found = append(found, w)
	}
	return found
}
