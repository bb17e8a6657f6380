package warning

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// nothingForMonth: a body that owes a session of a month and has none, planned or held; while the month runs it weighs less.
func (f facts) nothingForMonth() []Warning {
	var found []Warning
	for month := range f.period.All() {
		if f.today.Before(month.First()) {
			continue
		}
		for _, body := range org.Bodies {
			some := slices.ContainsFunc(f.sessions, func(s session) bool {
				return s.Body == body && s.PeriodMonth == month && s.Forms.Has(meeting.Regular)
			})
			if some || !f.owes(body, month) {
				continue
			}
			severity, since := Info, month.First()
			if month.Ended(f.today) {
				severity, since = Serious, month.Add(1).First()
			}
			found = append(found, f.warn(NothingForMonth, severity, body, month, since, "").by(f.set(month.Last())).shown(f.itself(month.String())))
		}
	}
	return found
}

// count returns what the session counts.
func (s session) count() ledger.Counters { return meeting.Count(s.record) }

// attended returns who was present of the base that the rule set takes.
func (s session) attended(set rules.Set) (present, base int64) {
	c := s.count()
	switch set.AttendanceBase {
	case "roster":
		return c.RosterPresent, c.Roster
	case "eligible_minus_excused":
		return c.EligiblePresent, c.Eligible - c.EligibleExcused
	default:
		return c.EligiblePresent, c.Eligible
	}
}

// rates reports whether the rubric of the set is for the session.
func (s session) rates(set rules.Set) bool {
	var forms []string
	for _, form := range s.Forms.List() {
		forms = append(forms, string(form))
	}
	return s.counted() && set.Rubric != nil && set.Rubric.Rates(s.Body, forms)
}

// attendanceBelow: fewer came than the rubric in force on the day asks for. Before there was a rubric, nothing was asked for in numbers.
func (f facts) attendanceBelow() []Warning {
	var found []Warning
	for _, s := range f.sessions {
		set := f.set(s.HeldOn)
		if !f.period.Contains(s.PeriodMonth) || !s.rates(set) {
			continue
		}
		least, _ := set.Rubric.Bounds(rules.Attendance)
		present, base := s.attended(set)
		if least == nil || base == 0 || least.Holds(present, base) {
			continue
		}
		w := f.warn(AttendanceBelow, Warn, s.Body, s.PeriodMonth, s.HeldOn, s.MeetingID.String()).by(set)
		w = w.number("present", int(present)).number("base", int(base)).with("threshold", least.String()).with("held_on", s.HeldOn.String())
		found = append(found, w.shown(s.evidence(fmt.Sprintf("%d/%d", present, base))))
	}
	return found
}

// stages returns the standing self-rating of the version that counts, and whether it was confirmed.
func (f facts) stages(s session) (self *rated, confirmed bool) {
	for i, r := range f.ratings[s.MeetingID] {
		switch {
		case r.Stage == "self":
			self, confirmed = &f.ratings[s.MeetingID][i], false
		case self != nil:
			confirmed = true
		}
	}
	if self != nil && self.RecordVersion != s.RecordVersion {
		return nil, false
	}
	return self, confirmed
}

// gradeNotConfirmed: an accepted record whose cell has rated it, and nobody above has said anything to that.
func (f facts) gradeNotConfirmed() []Warning {
	var found []Warning
	for _, s := range f.sessions {
		self, confirmed := f.stages(s)
		if s.Status != meeting.Accepted || !f.period.Contains(s.PeriodMonth) || self == nil || confirmed {
			continue
		}
		w := f.warn(GradeNotConfirmed, Warn, s.Body, s.PeriodMonth, f.zone.DateOf(self.CreatedAt), s.MeetingID.String()).with("grade", self.Grade)
		w.RuleSet = self.RuleSet
		found = append(found, w.with("rule_set", self.RuleSet).with("held_on", s.HeldOn.String()).shown(f.rating(s, *self)))
	}
	return found
}

func (f facts) rating(s session, r rated) Evidence {
	return Evidence{OfRating, r.ID, "/api/v1/meetings/" + s.MeetingID.String() + "/rating", r.Grade}
}

// gradeAgainstCondition: a grade that the cell gave itself, or claims by the self-score of its record, although the records contradict an
// item of the grade's gate.
func (f facts) gradeAgainstCondition() []Warning {
	var found []Warning
	for _, s := range f.sessions {
		set := f.set(s.HeldOn)
		if !f.period.Contains(s.PeriodMonth) || !s.rates(set) {
			continue
		}
		var claimed *rules.Grade
		evidence := []Evidence{s.evidence("")}
		if self, _ := f.stages(s); self != nil && self.RuleSet == set.ID {
			claimed = set.Rubric.Grade(self.Grade)
			evidence = append(evidence, f.rating(s, *self))
		} else if s.SelfScore != nil {
			claimed = set.Rubric.Claims(*s.SelfScore)
			evidence[0].Note = strconv.Itoa(*s.SelfScore)
		}
		if claimed == nil {
			continue
		}
		failing := set.Rubric.Failing(*claimed, f.findings(s, set))
		if len(failing) == 0 {
			continue
		}
		w := f.warn(GradeAgainstCondition, Serious, s.Body, s.PeriodMonth, s.HeldOn, s.MeetingID.String()).by(set).with("grade", claimed.Title)
		found = append(found, w.with("conditions", conditions(failing)).with("held_on", s.HeldOn.String()).shown(evidence...))
	}
	return found
}

// conditions names the items and what was found of each.
func conditions(failing []rules.Line) string {
	parts := make([]string, len(failing))
	for i, line := range failing {
		if parts[i] = line.Title; line.Numerator != nil && line.Denominator != nil {
			parts[i] = fmt.Sprintf("%s (%d/%d)", line.Title, *line.Numerator, *line.Denominator)
		}
	}
	return strings.Join(parts, "; ")
}

// findings are those of a rating that need nothing but the roll, the times and the other sessions; the rest stays unknown.
func (f facts) findings(s session, set rules.Set) rules.Findings {
	c := s.count()
	present, base := s.attended(set)
	evidence := func(holds bool, n, d int64) rules.Evidence {
		return rules.Evidence{Known: true, Holds: holds, Numerator: n, Denominator: d}
	}
	found := rules.Findings{Measures: map[rules.Measure]rules.Evidence{}, Facts: map[rules.Fact]rules.Evidence{}, Occasions: map[rules.Occasion]bool{}}
	if base > 0 {
		found.Measures[rules.Attendance] = evidence(true, present, base)
	}
	if recorded := c.EligiblePresent+c.EligibleExcused+c.EligibleUnexcused == c.Eligible; recorded || c.EligibleUnexcused > 0 {
		found.Facts[rules.NobodyUnexcused] = evidence(c.EligibleUnexcused == 0, c.EligibleUnexcused, c.Eligible)
	}
	if minutes, known := s.record.Length(); known {
		required := set.Minutes.Required(s.Forms == meeting.RegularThematic)
		duration := evidence(minutes >= required, int64(minutes), int64(required))
		found.Facts[rules.DurationKept], found.Measures[rules.Duration] = duration, duration
	}
	if !s.TotalsOnly {
		found.Measures[rules.ExcusedRunning] = evidence(true, f.runUpTo(s), 1)
	}
	if set.Deadlines.Record != nil && s.SubmittedAt != nil {
		days := f.zone.DateOf(*s.SubmittedAt).Sub(s.HeldOn)
		found.Facts[rules.RecordInTime] = evidence(days <= *set.Deadlines.Record, int64(max(days, 0)), int64(*set.Deadlines.Record))
	}
	return found
}

// runUpTo returns the longest run of excused sessions of a member in the year, up to the session.
func (f facts) runUpTo(last session) int64 {
	runs, longest := meeting.Runs{}, int64(0)
	for _, s := range f.byMonth() {
		if !s.counted() || s.Body != last.Body || s.PeriodMonth.Year() != last.PeriodMonth.Year() {
			continue
		}
		longest = max(longest, runs.Add(s.record.Roll))
		if s.MeetingID == last.MeetingID {
			break
		}
	}
	return longest
}
