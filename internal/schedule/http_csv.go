package schedule

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"sochibo/internal/calendar"
)

// scheduleRows are the sessions of a view as rows; times are those of the zone.
func scheduleRows(v View, zone calendar.Zone) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		header := []string{
			"meeting_id", "organization_id", "organization_name", "body", "forms", "period_month", "started_at", "ended_at", "mode", "place",
			"title", "topic_title", "chair_name", "status", "postponed", "cancelled_reason", "registration_status", "registered_started_at",
			"registered_place", "changed", "notice_due_on", "notice_posted_at", "notice_in_time", "record_due_on", "record_submitted_at",
			"record_in_time", "delegates", "clashes",
		}
		if !yield(header) {
			return
		}
		for _, s := range v.Sessions {
			if !yield(sessionRow(s, zone)) {
				return
			}
		}
	}
}

func sessionRow(s Session, zone calendar.Zone) []string {
	var delegates []string
	for _, d := range s.Delegates {
		delegates = append(delegates, d.FullName)
	}
	row := []string{
		s.MeetingID.String(), s.OrganizationID.String(), s.OrganizationName, string(s.Body), string(s.Forms), s.PeriodMonth.String(),
		local(&s.StartedAt, zone), local(s.EndedAt, zone), or(s.Mode), or(s.Place), or(s.Title), or(s.TopicTitle), or(s.ChairName),
		string(s.Status), strconv.FormatBool(s.Postponed), or(s.CancelledReason),
	}
	if r := s.Registered; r != nil {
		row = append(row, string(r.Status), local(&r.StartedAt, zone), or(r.Place), strconv.FormatBool(r.Changed))
	} else {
		row = append(row, "", "", "", "")
	}
	for _, d := range []Deadline{s.Notice, s.Record} {
		row = append(row, day(d.DueOn), local(d.DoneAt, zone), truth(d.InTime))
	}
	return append(row, strings.Join(delegates, "; "), strings.Join(words(s.Clashes), "; "))
}

// quarterRows are the counts of delegates' attendance as rows, one for each member and one for the whole.
func quarterRows(groups []Quarterly) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{"organization_id", "organization_name", "quarter", "member_id", "full_name", "sessions", "attended"}) {
			return
		}
		for _, q := range groups {
			head := []string{q.OrganizationID.String(), q.Name, q.Quarter.String()}
			if !yield(append(head[:3:3], "", "", strconv.Itoa(q.Sessions), strconv.Itoa(q.Attended))) {
				return
			}
			for _, m := range q.Members {
				if !yield(append(head[:3:3], m.MemberID.String(), m.FullName, strconv.Itoa(m.Sessions), strconv.Itoa(m.Attended))) {
					return
				}
			}
		}
	}
}

func local(t *time.Time, zone calendar.Zone) string {
	if t == nil {
		return ""
	}
	return zone.Local(*t).Format(time.RFC3339)
}

func day(d *calendar.Date) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func truth(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// or returns the text, or nothing.
func or[S ~string](s *S) string {
	if s == nil {
		return ""
	}
	return string(*s)
}
