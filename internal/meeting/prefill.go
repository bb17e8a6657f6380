package meeting

import (
	"cmp"
	"slices"
	"time"
	"unicode/utf8"

	"sochibo/internal/briefing"
	"sochibo/internal/calendar"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/text"
)

// Preparation asks for a draft that is filled in as far as the store knows; a zero ID asks for a fresh one.
type Preparation struct {
	ID             ID
	Code           *string
	OrganizationID org.ID
	Body           org.Body
	Forms          []Form
	PeriodMonth    calendar.Month
	StartedAt      time.Time
}

// Prepared is a fresh draft with what it was filled in from: who is to be ticked off, and what is still open.
type Prepared struct {
	Details

	RuleSet   rules.Set
	Roster    []member.Person
	Temporary []member.Person
	OpenTasks []resolution.Task
	Briefings []briefing.Briefing // of the month, by the organisation itself and those above
	Last      *Meeting            // the session before, nil where there is none
}

// taskItem is the content item under which the tasks of earlier sessions come up.
const taskItem = "last_month_tasks"

// content returns the draft as it is proposed: nobody is marked as present and nothing as covered, since nobody has met yet. Each filler
// adds what it knows, so that another source of a line is one more of them.
func (p Prepared) content(in Preparation, committee *Meeting) Content {
	c := Content{
		Code: in.Code, Body: in.Body, Forms: in.Forms, PeriodMonth: in.PeriodMonth, StartedAt: in.StartedAt,
		ChairID: p.chair(),
	}
	if committee != nil {
		c.PreparedByID = &committee.ID
	}
	for _, fill := range []func(*Content){p.fillFromLast, p.fillAgenda} {
		fill(&c)
	}
	return c
}

// fill puts what is proposed where the draft says nothing yet.
func (c Content) fill(draft *Content) {
	draft.Place, draft.Mode = cmp.Or(draft.Place, c.Place), cmp.Or(draft.Mode, c.Mode)
	draft.ChairID, draft.MinutesTakerID = cmp.Or(draft.ChairID, c.ChairID), cmp.Or(draft.MinutesTakerID, c.MinutesTakerID)
	draft.PreparedByID = cmp.Or(draft.PreparedByID, c.PreparedByID)
	if len(draft.Agenda) == 0 {
		draft.Agenda = c.Agenda
	}
}

// fillFromLast takes over what seldom changes from one session to the next.
func (p Prepared) fillFromLast(c *Content) {
	if p.Last == nil {
		return
	}
	c.Place, c.Mode = p.Last.Place, p.Last.Mode
	if taker := p.Last.MinutesTakerID; taker != nil && slices.ContainsFunc(p.Roster, func(m member.Person) bool { return m.Member.ID == *taker }) {
		c.MinutesTakerID = taker
	}
}

// fillAgenda gives a regular session a line for every content item of the rule set, one for every open task, and those of the briefings
// of the month, each under its content item.
func (p Prepared) fillAgenda(c *Content) {
	tasks := taskLines(p.OpenTasks)
	if !slices.Contains(c.Forms, Regular) {
		c.Agenda = tasks
		return
	}
	for _, item := range p.RuleSet.ContentItems {
		lines := p.briefed(func(asked *string) bool { return asked != nil && *asked == item })
		if item == taskItem {
			lines = append(tasks, lines...)
		}
		if len(lines) == 0 {
			lines = []AgendaItem{{ContentItem: &item}}
		}
		c.Agenda = append(c.Agenda, lines...)
	}
	c.Agenda = append(c.Agenda, p.briefed(func(asked *string) bool {
		return asked == nil || !slices.Contains(p.RuleSet.ContentItems, *asked)
	})...)
}

// briefed returns what the briefings ask to take up under such content items.
func (p Prepared) briefed(under func(item *string) bool) []AgendaItem {
	var lines []AgendaItem
	for _, b := range p.Briefings {
		for _, line := range b.Lines {
			if under(line.ContentItem) {
				lines = append(lines, AgendaItem{ContentItem: line.ContentItem, Text: &line.Text})
			}
		}
	}
	return lines
}

func taskLines(tasks []resolution.Task) []AgendaItem {
	item := taskItem
	var lines []AgendaItem
	for _, t := range tasks {
		lines = append(lines, AgendaItem{ContentItem: &item, ResponsibleID: t.AssigneeID, Text: quoted(t)})
	}
	return lines
}

// quoted is the line of a task: its title, and what was reported of it so far, where that fits.
func quoted(t resolution.Task) *string {
	if t.Title == nil || t.Result == nil {
		return t.Title
	}
	line := *t.Title + "\nKết quả đến nay: " + *t.Result
	if utf8.RuneCountInString(line) > text.MaxLines {
		return t.Title
	}
	return &line
}

// chair proposes who leads the body: its secretary, or the deputy; a commission has a head.
func (p Prepared) chair() *member.ID {
	for _, office := range []member.OfficeKind{"secretary", "commission_head", "deputy_secretary", "commission_deputy_head"} {
		for _, m := range p.Roster {
			if slices.Contains(m.Offices, office) {
				return &m.Member.ID
			}
		}
	}
	return nil
}
