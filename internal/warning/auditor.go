package warning

import (
	"slices"
	"strconv"

	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// enteredLate: a record that was first handed in long after the session.
func (f facts) enteredLate() []Warning {
	var found []Warning
	for _, s := range f.sessions {
		if s.SubmittedAt == nil || !f.period.Contains(s.PeriodMonth) {
			continue
		}
		day := f.zone.DateOf(*s.SubmittedAt)
		if days := day.Sub(s.HeldOn); days > longAfter {
			w := f.warn(EnteredLate, Warn, s.Body, s.PeriodMonth, day, s.MeetingID.String()).number("days", days).number("mark", longAfter)
			found = append(found, w.with("held_on", s.HeldOn.String()).shown(s.evidence(s.HeldOn.String()+" → "+day.String())))
		}
	}
	return found
}

// onRoll returns who stands on the frozen roll as a member of the body.
func (s session) onRoll() map[member.ID]bool {
	roll := map[member.ID]bool{}
	for _, row := range s.record.Roll {
		if row.Standing != member.Temporary {
			roll[row.MemberID] = true
		}
	}
	return roll
}

// frozen reports whether the session has a roll that can be held against rows of the organisation: a conference has members of all below.
func (s session) frozen() bool {
	return s.counted() && !s.TotalsOnly && s.Body != org.Conference && len(s.record.Roll) > 0
}

// belongs returns the rows by which somebody belongs to the body.
func (f facts) belongs(body org.Body) []stay {
	if body == org.Cell {
		return f.homes
	}
	return slices.DeleteFunc(slices.Clone(f.offices), func(s stay) bool { return s.Body != body })
}

// backdated: a roll that today's rows would not give any more. The figures stay those of the roll.
func (f facts) backdated() []Warning {
	var found []Warning
	for _, s := range f.sessions {
		if !s.frozen() || !f.period.Contains(s.PeriodMonth) {
			continue
		}
		roll, today, rows := s.onRoll(), map[member.ID]bool{}, f.belongs(s.Body)
		for _, row := range rows {
			if row.span().Contains(s.HeldOn) {
				today[row.MemberID] = true
			}
		}
		var evidence []Evidence
		only := f.only(roll, today)
		more := f.only(today, roll)
		for _, id := range slices.Concat(only, more) {
			evidence = append(evidence, f.difference(id, roll[id], s, rows)...)
		}
		if len(evidence) == 0 {
			continue
		}
		w := f.warn(BackdatedMembership, Warn, s.Body, s.PeriodMonth, s.HeldOn, s.MeetingID.String()).with("held_on", s.HeldOn.String())
		w = w.number("on_roll", len(only)).number("by_rows", len(more)).shown(s.evidence(strconv.Itoa(len(roll)) + " → " + strconv.Itoa(len(today))))
		found = append(found, w.shown(evidence...))
	}
	return found
}

// only returns who is in the first set and not in the second, in the order of ids.
func (f facts) only(first, second map[member.ID]bool) []member.ID {
	var ids []member.ID
	for id := range first {
		if !second[id] {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b member.ID) int { return slices.Compare(a.UUID[:], b.UUID[:]) })
	return ids
}

// difference shows one member of whom roll and rows say different things, and the rows.
func (f facts) difference(id member.ID, onRoll bool, s session, rows []stay) []Evidence {
	note := "– → " + s.HeldOn.String()
	if onRoll {
		note = s.HeldOn.String() + " → –"
	}
	shown := []Evidence{f.member(id, note)}
	for _, row := range rows {
		if row.MemberID != id {
			continue
		}
		e := Evidence{OfMembership, row.ID, "/api/v1/members/" + id.String() + "/memberships", row.span().String()}
		if s.Body != org.Cell {
			e.Type, e.Href = OfOffice, "/api/v1/members/"+id.String()+"/offices"
		}
		shown = append(shown, e)
	}
	return shown
}

// fullAttendance: everybody of the base came, session after session, for months.
func (f facts) fullAttendance() []Warning {
	var found []Warning
	var run []session
	flush := func() {
		months := map[calendar.Month]bool{}
		for _, s := range run {
			months[s.PeriodMonth] = true
		}
		if len(months) >= fullMonths && f.period.Contains(run[len(run)-1].PeriodMonth) {
			first, last := run[0], run[len(run)-1]
			w := f.warn(FullAttendance, Info, org.Cell, last.PeriodMonth, first.HeldOn, "").number("months", len(months)).number("mark", fullMonths)
			for _, s := range run {
				w = w.shown(s.evidence(s.PeriodMonth.String()))
			}
			found = append(found, w)
		}
		run = nil
	}
	for _, s := range f.byMonth() {
		if !s.cell() || !s.Forms.Has(meeting.Regular) {
			continue
		}
		if c := s.count(); c.Eligible < fullSessions || c.EligiblePresent != c.Eligible {
			flush()
			continue
		}
		run = append(run, s)
	}
	flush()
	return found
}

// identicalText: the minutes of several sessions have a longer text in common, letter by letter.
func (f facts) identicalText() []Warning {
	at := map[meeting.ID]session{}
	for _, s := range f.sessions {
		at[s.MeetingID] = s
	}
	groups := map[string][]session{}
	for _, t := range f.texts {
		s, known := at[t.MeetingID]
		if known && !slices.ContainsFunc(groups[t.Text], func(o session) bool { return o.MeetingID == s.MeetingID }) {
			groups[t.Text] = append(groups[t.Text], s)
		}
	}
	type pair struct{ first, last meeting.ID }
	texts, sittings := map[pair]int{}, map[pair][]session{}
	for _, group := range groups {
		if len(group) < 2 {
			continue
		}
		slices.SortFunc(group, func(a, b session) int { return a.StartedAt.Compare(b.StartedAt) })
		p := pair{group[0].MeetingID, group[len(group)-1].MeetingID}
		if texts[p]++; len(group) > len(sittings[p]) {
			sittings[p] = group
		}
	}
	var found []Warning
	for p, group := range sittings {
		last := at[p.last]
		if !f.period.Contains(last.PeriodMonth) {
			continue
		}
		w := f.warn(IdenticalText, Warn, last.Body, last.PeriodMonth, last.HeldOn, p.first.String()+" "+p.last.String())
		w = w.number("texts", texts[p]).number("sessions", len(group)).number("mark", shortestText)
		for _, s := range group {
			w = w.shown(s.evidence(s.HeldOn.String()))
		}
		found = append(found, w)
	}
	return found
}

// rosterJump: between two rolls of a cell that follow one another somebody appears or disappears, and no row says that the member came or
// went in those days.
func (f facts) rosterJump() []Warning {
	var found []Warning
	var before *session
	for i := range f.sessions {
		s := &f.sessions[i]
		if s.Body != org.Cell || !s.frozen() {
			continue
		}
		if before != nil && f.period.Contains(s.PeriodMonth) {
			if w, is := f.jump(*before, *s); is {
				found = append(found, w)
			}
		}
		before = s
	}
	return found
}

func (f facts) jump(before, s session) (w Warning, is bool) {
	was, is1 := before.onRoll(), s.onRoll()
	var evidence []Evidence
	appeared, gone := 0, 0
	for _, id := range f.only(is1, was) {
		if !f.moved(id, func(row stay) bool { return row.ValidFrom.After(before.HeldOn) && !row.ValidFrom.After(s.HeldOn) }) {
			appeared++
			evidence = append(evidence, f.member(id, "– → "+s.HeldOn.String()))
		}
	}
	for _, id := range f.only(was, is1) {
		if !f.moved(id, func(row stay) bool {
			return row.ValidTo != nil && !row.ValidTo.Before(before.HeldOn) && row.ValidTo.Before(s.HeldOn)
		}) {
			gone++
			evidence = append(evidence, f.member(id, before.HeldOn.String()+" → –"))
		}
	}
	if len(evidence) == 0 {
		return w, false
	}
	w = f.warn(RosterJump, Warn, org.Cell, s.PeriodMonth, s.HeldOn, s.MeetingID.String()).number("appeared", appeared).number("gone", gone)
	w = w.with("before", before.HeldOn.String()).with("held_on", s.HeldOn.String())
	return w.shown(before.evidence(before.HeldOn.String()), s.evidence(s.HeldOn.String())).shown(evidence...), true
}

// moved reports whether a row of the member's homes in the organisation tells of the change.
func (f facts) moved(id member.ID, tells func(stay) bool) bool {
	return slices.ContainsFunc(f.homes, func(row stay) bool { return row.MemberID == id && tells(row) })
}
