package rating

import (
	"context"
	"slices"

	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
)

// subject is a session that is judged: its head, its record, the rule set, and the counted meetings of its organisation around it.
type subject struct {
	meeting meeting.Meeting
	record  meeting.Record
	set     rules.Set
	around  []meeting.Meeting
}

// findings gathers what the records say about the session.
func (s subject) findings(ctx context.Context, tx *database.Tx, zone calendar.Zone) (rules.Findings, error) {
	found := rules.Findings{
		Measures: map[rules.Measure]rules.Evidence{
			rules.Attendance: s.attendance(), rules.ContentCovered: s.content(), rules.Duration: s.duration(),
		},
		Facts: map[rules.Fact]rules.Evidence{
			rules.NobodyUnexcused: s.unexcused(), rules.DurationKept: s.duration(), rules.CommitteeMetFirst: s.committee(),
			rules.ConclusionsRecorded: s.conclusions(), rules.TasksAssigned: counted(len(s.record.Tasks)),
			rules.TopicNamed: s.topic(), rules.ThematicInQuarter: s.quarter(),
		},
		Occasions: map[rules.Occasion]bool{rules.ThematicSession: len(s.thematic(s.meeting.PeriodMonth, s.meeting.PeriodMonth)) > 0},
	}
	var err error
	if found.Facts[rules.RecordInTime], err = s.inTime(ctx, tx, zone); err != nil {
		return found, err
	}
	if found.Measures[rules.TasksOnTime], err = s.tasks(ctx, tx); err != nil {
		return found, err
	}
	if found.Measures[rules.ExcusedRunning], err = s.running(ctx, tx); err != nil {
		return found, err
	}
	found.Occasions[rules.CellCommittee], err = s.hasCommittee(ctx, tx)
	return found, err
}

func known(numerator, denominator int64) rules.Evidence {
	return rules.Evidence{Known: true, Numerator: numerator, Denominator: denominator}
}

func counted(n int) rules.Evidence {
	return rules.Evidence{Known: true, Holds: n > 0, Numerator: int64(n), Denominator: 1}
}

// attendance is present in the base of the rule set.
func (s subject) attendance() rules.Evidence {
	c := meeting.Count(s.record)
	switch s.set.AttendanceBase {
	case "roster":
		return known(c.RosterPresent, c.Roster)
	case "eligible_minus_excused":
		return known(c.EligiblePresent, c.Eligible-c.EligibleExcused)
	default:
		return known(c.EligiblePresent, c.Eligible)
	}
}

// unexcused holds if nobody of the base was absent without reason. While somebody is not recorded, nobody can say so.
func (s subject) unexcused() rules.Evidence {
	c := meeting.Count(s.record)
	recorded := c.EligiblePresent+c.EligibleExcused+c.EligibleUnexcused == c.Eligible
	return rules.Evidence{
		Known: recorded || c.EligibleUnexcused > 0, Holds: c.EligibleUnexcused == 0, Numerator: c.EligibleUnexcused, Denominator: c.Eligible,
	}
}

func (s subject) content() rules.Evidence {
	var covered int64
	for _, item := range s.set.ContentItems {
		if slices.Contains(s.record.ContentItems, item) {
			covered++
		}
	}
	return known(covered, int64(len(s.set.ContentItems)))
}

func (s subject) duration() rules.Evidence {
	minutes, is := s.record.Length()
	required := s.set.Minutes.Required(s.record.Forms == meeting.RegularThematic)
	return rules.Evidence{Known: is, Holds: minutes >= required, Numerator: int64(minutes), Denominator: int64(required)}
}

func (s subject) conclusions() rules.Evidence {
	n := 0
	for _, line := range s.record.Minutes {
		if line.Part == meeting.Conclusion {
			n++
		}
	}
	return counted(n)
}

// thematic returns the thematic sessions of the body for the months, this one among them.
func (s subject) thematic(from, to calendar.Month) []meeting.Meeting {
	var found []meeting.Meeting
	for _, m := range s.around {
		within := !m.PeriodMonth.Before(from) && !m.PeriodMonth.After(to)
		if within && m.Body == s.meeting.Body && m.Forms.Has(meeting.Thematic) {
			found = append(found, m)
		}
	}
	return found
}

// topic holds if a thematic session of the month names its topic.
func (s subject) topic() rules.Evidence {
	n := 0
	for _, m := range s.thematic(s.meeting.PeriodMonth, s.meeting.PeriodMonth) {
		if m.TopicID != nil {
			n++
		}
	}
	return counted(n)
}

// quarter holds if the quarter has a thematic session by now. Before its last month, which may still bring one, the quarter before counts
// as well.
func (s subject) quarter() rules.Evidence {
	month := s.meeting.PeriodMonth
	quarter := month.Quarter()
	from := quarter.First()
	if month != quarter.Last() {
		from = quarter.Add(-1).First()
	}
	return counted(len(s.thematic(from, month)))
}

// committee holds if the cell committee met for the month before the session, or the record names its meeting.
func (s subject) committee() rules.Evidence {
	n := 0
	for _, m := range s.around {
		named := s.record.PreparedByID != nil && m.ID == *s.record.PreparedByID
		if m.Body == org.CellCommittee && (named || m.PeriodMonth == s.meeting.PeriodMonth) && m.StartedAt.Before(s.record.StartedAt) {
			n++
		}
	}
	return counted(n)
}

func (s subject) hasCommittee(ctx context.Context, tx *database.Tx) (bool, error) {
	o, err := org.Find(ctx, tx, s.meeting.OrganizationID)
	if err != nil {
		return false, err
	}
	terms, err := org.TermsOf(ctx, tx, o.ID)
	return org.InOffice(o, org.CellCommittee, terms, s.meeting.HeldOn), err
}

// inTime holds if the record was first handed in within the deadline. Of an imported record nobody knows when that was.
func (s subject) inTime(ctx context.Context, tx *database.Tx, zone calendar.Zone) (rules.Evidence, error) {
	versions, err := meeting.VersionsOf(ctx, tx, s.meeting.ID)
	if err != nil || len(versions) == 0 || versions[0].SubmittedBy == nil || s.set.Deadlines.Record == nil {
		return rules.Evidence{}, err
	}
	days, allowed := zone.DateOf(versions[0].RecordedAt).Sub(s.meeting.HeldOn), *s.set.Deadlines.Record
	return rules.Evidence{Known: true, Holds: days <= allowed, Numerator: int64(max(days, 0)), Denominator: int64(allowed)}, nil
}

// tasks are those of the body that fell due in the month, up to today.
func (s subject) tasks(ctx context.Context, tx *database.Tx) (rules.Evidence, error) {
	from, to := s.meeting.PeriodMonth.First(), s.meeting.PeriodMonth.Last()
	if tx.Today().Before(to) {
		to = tx.Today()
	}
	done, due, err := resolution.OnTime(ctx, tx, s.meeting.OrganizationID, s.meeting.Body, from, to)
	return known(done, due), err
}

// running is how many sessions of the year running, up to this one, some member was excused: the longest of all such runs.
func (s subject) running(ctx context.Context, tx *database.Tx) (rules.Evidence, error) {
	runs, longest := meeting.Runs{}, int64(0)
	for _, m := range s.around {
		if m.Body != s.meeting.Body || m.PeriodMonth.Year() != s.meeting.PeriodMonth.Year() {
			continue
		}
		record := s.record
		if m.ID != s.meeting.ID {
			var err error
			if record, err = meeting.RecordAt(ctx, tx, m.ID, m.RecordVersion); err != nil {
				return rules.Evidence{}, err
			}
		}
		longest = max(longest, runs.Add(record.Roll))
		if m.ID == s.meeting.ID {
			break
		}
	}
	return known(longest, 1), nil
}
