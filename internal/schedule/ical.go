package schedule

import (
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"sochibo/internal/calendar"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
)

const (
	wallClock = "20060102T150405"
	// refreshEvery tells calendar programs how often to look again.
	refreshEvery = "PT1H"
)

// Calendar writes the sessions of a view as iCalendar (RFC 5545), in the zone. It names organisation, place and topic and no person, and
// nothing of a record: a calendar is read on telephones and by services that the installation does not know.
func (v View) Calendar(zone calendar.Zone) ([]byte, error) {
	labels, err := labelsOf("body", "meeting_form", "meeting_mode")
	if err != nil {
		return nil, err
	}
	cal := ics.NewCalendarFor("sochibo")
	cal.SetProductId("-//sochibo//schedule//VI")
	cal.SetCalscale("GREGORIAN")
	cal.SetName("Lịch sinh hoạt: " + oneLine(v.Organization.Name))
	cal.SetXWRTimezone(zone.String())
	cal.SetRefreshInterval(refreshEvery)
	cal.SetXPublishedTTL(refreshEvery)
	if len(v.Sessions) > 0 && zone.Location() != time.UTC {
		cal.AddVTimezone(timezone(zone, v.Sessions))
	}
	for _, s := range v.Sessions {
		cal.AddVEvent(s.event(zone, labels))
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows)), nil
}

// event writes one session.
func (s Session) event(zone calendar.Zone, labels map[string]string) *ics.VEvent {
	e := ics.NewEvent(s.MeetingID.String() + "@sochibo")
	e.SetDtStampTime(s.UpdatedAt)
	e.SetCreatedTime(s.CreatedAt)
	e.SetLastModifiedAt(s.UpdatedAt)
	e.SetSequence(int(s.Version - 1))
	setInstant(e, ics.ComponentPropertyDtStart, s.StartedAt, zone)
	setInstant(e, ics.ComponentPropertyDtEnd, s.ending(), zone)
	e.SetSummary(oneLine(s.summary(labels)))
	if s.Place != nil {
		e.SetLocation(oneLine(*s.Place))
	}
	e.SetDescription(s.description(zone, labels))
	e.SetStatus(s.state())
	e.SetClass(ics.ClassificationPrivate)
	e.AddProperty(ics.ComponentPropertyCategories, labels["body "+string(s.Body)])
	return e
}

// ending is the end of the event, which iCalendar wants after its start.
func (s Session) ending() time.Time {
	if until := s.until(); until.After(s.StartedAt) {
		return until
	}
	return s.StartedAt.Add(time.Minute)
}

// state tells a planned date from one that is sure: what the superior agreed to, or what was held.
func (s Session) state() ics.ObjectStatus {
	switch {
	case s.Status == meeting.Cancelled:
		return ics.ObjectStatusCancelled
	case s.Status == meeting.Scheduled && (s.Registered == nil || s.Registered.Status != Agreed):
		return ics.ObjectStatusTentative
	default:
		return ics.ObjectStatusConfirmed
	}
}

// summary is the title and the organisation; a session without a title is called by its body and forms.
func (s Session) summary(labels map[string]string) string {
	title := labels["body "+string(s.Body)] + ": " + joined(s.Forms, labels)
	if s.Title != nil {
		title = *s.Title
	}
	return title + " – " + s.OrganizationName
}

func joined(forms meeting.Forms, labels map[string]string) string {
	var names []string
	for _, form := range forms.List() {
		names = append(names, labels["meeting_form "+string(form)])
	}
	return strings.Join(names, ", ")
}

// description says what a calendar has no property for, a line each.
func (s Session) description(zone calendar.Zone, labels map[string]string) string {
	lines := []string{"Tổ chức: " + s.OrganizationName, "Hình thức: " + joined(s.Forms, labels)}
	if s.TopicTitle != nil {
		lines = append(lines, "Chuyên đề: "+*s.TopicTitle)
	}
	if s.Mode != nil {
		lines = append(lines, "Cách họp: "+labels["meeting_mode "+string(*s.Mode)])
	}
	if s.Registered != nil && s.Registered.Changed {
		lines = append(lines, "Đã đăng ký: "+zone.Local(s.Registered.StartedAt).Format("15:04 02/01/2006"))
	}
	for i, line := range lines {
		lines[i] = oneLine(line)
	}
	return strings.Join(lines, "\n")
}

// oneLine keeps a text on one line of a calendar.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// setInstant writes an instant as the clocks of the zone show it, and names the zone.
func setInstant(e *ics.VEvent, property ics.ComponentProperty, instant time.Time, zone calendar.Zone) {
	if zone.Location() == time.UTC {
		e.SetProperty(property, instant.UTC().Format(wallClock+"Z"))
		return
	}
	e.SetProperty(property, zone.Local(instant).Format(wallClock), ics.WithTZID(zone.String()))
}

// timezone describes the zone from the first to the last instant of the sessions, a part for each time its clocks were set.
func timezone(zone calendar.Zone, sessions []Session) *ics.VTimezone {
	tz := ics.NewTimezone(zone.String())
	first, last := sessions[0].StartedAt, sessions[0].ending()
	for _, s := range sessions {
		if s.ending().After(last) {
			last = s.ending()
		}
	}
	at := zone.Local(first)
	for {
		since, until := at.ZoneBounds()
		tz.Components = append(tz.Components, observance(at, since))
		if until.IsZero() || until.After(last) {
			return tz
		}
		at = until
	}
}

// observance is the part of a zone that holds at an instant, since another one.
func observance(at, since time.Time) ics.Component {
	name, to := at.Zone()
	from, onset := to, time.Date(calendar.FirstYear, 1, 1, 0, 0, 0, 0, time.UTC)
	if !since.IsZero() {
		_, from = since.Add(-time.Second).Zone()
		onset = since.In(time.FixedZone("", from))
	}
	part := ics.ComponentBase{}
	part.AddProperty(ics.ComponentPropertyDtStart, onset.Format(wallClock))
	part.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offset(from))
	part.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offset(to))
	part.AddProperty(ics.ComponentProperty(ics.PropertyTzname), name)
	if at.IsDST() {
		return &ics.Daylight{ComponentBase: part}
	}
	return &ics.Standard{ComponentBase: part}
}

// offset writes seconds east of Greenwich as iCalendar does.
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if rest := seconds % 60; rest > 0 {
		text += fmt.Sprintf("%02d", rest)
	}
	return text
}

// labelsOf returns the Vietnamese labels of enumerated words, by enumeration and word.
func labelsOf(names ...string) (map[string]string, error) {
	all, err := org.Enumerations()
	if err != nil {
		return nil, err
	}
	labels := make(map[string]string)
	for _, e := range all {
		for _, name := range names {
			if e.Name != name {
				continue
			}
			for _, w := range e.Words {
				labels[name+" "+w.Word] = w.Vi
			}
		}
	}
	return labels, nil
}
