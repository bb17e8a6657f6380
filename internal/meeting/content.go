package meeting

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"sochibo/internal/calendar"
	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/text"
	"sochibo/internal/topic"
)

// The limits of a record, so that one request stays a request.
const (
	maxLines  = 500 // lines of one part of the minutes
	maxGuests = 100000
	maxBreak  = 24 * 60
	maxDrift  = 12 // months between the month a session is for and the month it was held in
	maxScore  = 100
	maxPlace  = 300
	maxReason = 2000
)

// Content is everything of a draft that its writers may set. Resolutions and Tasks are nil where the request leaves them alone.
type Content struct {
	Code           *string
	Body           org.Body
	Forms          []Form
	PeriodMonth    calendar.Month
	StartedAt      time.Time
	EndedAt        *time.Time
	BreakMinutes   *int
	Mode           *Mode
	Place          *string
	Title          *string
	ChairID        *member.ID
	MinutesTakerID *member.ID
	TopicID        *topic.ID
	ContentItems   []string
	DirectiveIDs   []directive.ID
	Guests         *int
	PreparedByID   *ID
	SelfScore      *int
	FeesReported   *bool
	Paper          *PaperReference
	Totals         *Totals
	Votes          []VoteDraft
	Agenda         []AgendaItem
	Opinions       []OpinionItem
	Conclusions    []string
	Resolutions    *[]resolution.Draft
	Tasks          *[]resolution.TaskDraft

	sameMinutes bool // agenda, opinions and conclusions are those stored, and are left as they are
}

// AgendaItem is a point of the agenda and who answers for it.
type AgendaItem struct {
	ContentItem   *string
	ResponsibleID *member.ID
	Text          *string
}

// OpinionItem is what somebody said.
type OpinionItem struct {
	MemberID *member.ID
	Text     string
}

// check cleans the texts of the content and notes what is wrong with it by itself, without the store.
func (c *Content) check(f *fault.Fields, zone calendar.Zone) {
	text.OptionalAt(f, "/code", &c.Code, text.MaxCode)
	text.OptionalAt(f, "/title", &c.Title, text.MaxTitle)
	text.OptionalAt(f, "/place", &c.Place, maxPlace)
	if f.Check(c.Body != "", "/body", "field_required") {
		checkWord(f, "/body", c.Body, org.Bodies)
	}
	if c.Mode != nil {
		checkWord(f, "/mode", *c.Mode, Modes())
	}
	c.checkForms(f)
	c.checkTime(f, zone)
	checkNumber(f, "/break_minutes", c.BreakMinutes, maxBreak)
	checkNumber(f, "/guests", c.Guests, maxGuests)
	checkNumber(f, "/self_score", c.SelfScore, maxScore)
	c.checkLists(f)
	c.checkMinutes(f)
	c.checkDecisions(f)
	c.checkVotes(f)
	if c.Totals != nil {
		totals := *c.Totals
		totals.check(f, "/totals")
		c.Totals = &totals
	}
}

func (c *Content) checkDecisions(f *fault.Fields) {
	if c.Resolutions != nil {
		drafts := slices.Clone(*c.Resolutions)
		checkCount(f, "/resolutions", len(drafts))
		for i := range drafts {
			drafts[i].Check(f, "/resolutions/"+strconv.Itoa(i))
		}
		c.Resolutions = &drafts
	}
	if c.Tasks != nil {
		drafts := slices.Clone(*c.Tasks)
		checkCount(f, "/tasks", len(drafts))
		for i := range drafts {
			drafts[i].Check(f, "/tasks/"+strconv.Itoa(i))
		}
		c.Tasks = &drafts
	}
}

func (c *Content) checkForms(f *fault.Fields) {
	if !f.Check(len(c.Forms) > 0, "/forms", "field_required") {
		return
	}
	known := true
	for i, form := range c.Forms {
		known = checkWord(f, "/forms/"+strconv.Itoa(i), form, AllForms()) && known
	}
	if _, possible := FormsOf(c.Forms); known {
		f.Check(possible, "/forms", "forms_combination", fault.Args{"forms": words(c.Forms)})
	}
}

func (c *Content) checkTime(f *fault.Fields, zone calendar.Zone) {
	f.Check(!c.PeriodMonth.IsZero(), "/period_month", "field_required")
	if !f.Check(!c.StartedAt.IsZero(), "/started_at", "field_required") {
		return
	}
	c.StartedAt = instant(c.StartedAt)
	if !f.Check(readable(c.StartedAt), "/started_at", "instant_out_of_range") {
		return
	}
	if c.EndedAt != nil {
		ended := instant(*c.EndedAt)
		c.EndedAt = &ended
		f.Check(!ended.Before(c.StartedAt), "/ended_at", "ended_before_started")
		f.Check(readable(ended), "/ended_at", "instant_out_of_range")
	}
	if !c.PeriodMonth.IsZero() {
		held := zone.MonthOf(c.StartedAt)
		drift := held.Sub(c.PeriodMonth)
		f.Check(-maxDrift <= drift && drift <= maxDrift, "/period_month", "period_month_far",
			fault.Args{"limit": maxDrift, "held": held.String()})
	}
}

// readable keeps instants within the years the calendar reads, with a day to spare for zones.
func readable(t time.Time) bool {
	return t.Year() > calendar.FirstYear && t.Year() < calendar.LastYear
}

func (c *Content) checkLists(f *fault.Fields) {
	checkCount(f, "/content_items", len(c.ContentItems))
	seen := make(map[string]bool)
	for i, item := range c.ContentItems {
		pointer := "/content_items/" + strconv.Itoa(i)
		checkWord(f, pointer, item, rules.ContentItems())
		f.Check(!seen[item], pointer, "value_duplicate")
		seen[item] = true
	}
	checkCount(f, "/directive_ids", len(c.DirectiveIDs))
	studied := make(map[directive.ID]bool)
	for i, id := range c.DirectiveIDs {
		f.Check(!studied[id], "/directive_ids/"+strconv.Itoa(i), "value_duplicate")
		studied[id] = true
	}
}

func (c *Content) checkMinutes(f *fault.Fields) {
	if c.sameMinutes {
		return
	}
	c.Agenda, c.Opinions, c.Conclusions = slices.Clone(c.Agenda), slices.Clone(c.Opinions), slices.Clone(c.Conclusions)
	checkCount(f, "/agenda", len(c.Agenda))
	for i := range c.Agenda {
		pointer := "/agenda/" + strconv.Itoa(i)
		text.OptionalLinesAt(f, pointer+"/text", &c.Agenda[i].Text, text.MaxLines)
		if item := c.Agenda[i].ContentItem; item != nil {
			checkWord(f, pointer+"/content_item", *item, rules.ContentItems())
		}
	}
	checkCount(f, "/opinions", len(c.Opinions))
	for i := range c.Opinions {
		requiredLines(f, "/opinions/"+strconv.Itoa(i)+"/text", &c.Opinions[i].Text)
	}
	checkCount(f, "/conclusions", len(c.Conclusions))
	for i := range c.Conclusions {
		requiredLines(f, "/conclusions/"+strconv.Itoa(i), &c.Conclusions[i])
	}
}

func requiredLines(f *fault.Fields, pointer string, s *string) {
	before := f.Len()
	text.CleanLinesAt(f, pointer, s, text.MaxLines)
	f.Check(*s != "" || f.Len() > before, pointer, "field_required")
}

func checkCount(f *fault.Fields, pointer string, n int) {
	f.Check(n <= maxLines, pointer, "list_too_long", fault.Args{"limit": maxLines})
}

func checkNumber(f *fault.Fields, pointer string, n *int, limit int) {
	f.Check(n == nil || 0 <= *n && *n <= limit, pointer, "number_out_of_range", fault.Args{"least": 0, "most": limit})
}

// checkWord notes a word that is not one of the allowed ones.
func checkWord[W ~string](f *fault.Fields, pointer string, word W, allowed []W) bool {
	return f.Check(slices.Contains(allowed, word), pointer, "word_unknown", fault.Args{"value": string(word), "allowed": words(allowed)})
}

// apply writes the content onto the head of the meeting.
func (c *Content) apply(m *Meeting, zone calendar.Zone) {
	ended := m.EndedAt
	m.Code, m.Body, m.PeriodMonth = c.Code, c.Body, c.PeriodMonth
	m.Forms, _ = FormsOf(c.Forms)
	m.StartedAt, m.EndedAt, m.HeldOn = c.StartedAt, c.EndedAt, zone.DateOf(c.StartedAt)
	m.BreakMinutes, m.Mode, m.Place, m.Title = c.BreakMinutes, c.Mode, c.Place, c.Title
	m.ChairID, m.MinutesTakerID, m.TopicID = c.ChairID, c.MinutesTakerID, c.TopicID
	m.Guests, m.PreparedByID, m.SelfScore = c.Guests, c.PreparedByID, c.SelfScore
	m.FeesReported, m.TotalsOnly = c.FeesReported, c.Totals != nil
	m.keepOnPaper(c.Paper)
	m.SearchKey = SearchKey(c.Title)
	if m.Status == Scheduled && (ended == nil && c.EndedAt != nil || m.TotalsOnly) {
		m.Status = Held
	}
}

// SearchKey returns what a list of meetings is searched by: the title without accents.
func SearchKey(title *string) string {
	if title == nil {
		return ""
	}
	return text.SearchKey(*title)
}

// lines returns the minutes as rows, with one running number over agenda, opinions and conclusions.
func (c *Content) lines(id ID) []MinutesLine {
	var lines []MinutesLine
	add := func(part Part, item *string, who *member.ID, text *string) {
		lines = append(lines, MinutesLine{
			MeetingID: id, Position: len(lines) + 1, Part: part, ContentItem: item, MemberID: who, Text: text,
		})
	}
	for _, a := range c.Agenda {
		add(Agenda, a.ContentItem, a.ResponsibleID, a.Text)
	}
	for _, o := range c.Opinions {
		add(Opinion, nil, o.MemberID, &o.Text)
	}
	for _, text := range c.Conclusions {
		add(Conclusion, nil, nil, &text)
	}
	return lines
}

// contentOf reads the content back from a stored draft; resolutions and tasks stay nil, which leaves them alone.
func contentOf(d Details) Content {
	m := d.Meeting
	c := Content{
		Code: m.Code, Body: m.Body, Forms: m.Forms.List(), PeriodMonth: m.PeriodMonth, StartedAt: m.StartedAt, EndedAt: m.EndedAt,
		BreakMinutes: m.BreakMinutes, Mode: m.Mode, Place: m.Place, Title: m.Title, ChairID: m.ChairID,
		MinutesTakerID: m.MinutesTakerID, TopicID: m.TopicID, ContentItems: d.ContentItems, DirectiveIDs: d.DirectiveIDs,
		Guests: m.Guests, PreparedByID: m.PreparedByID, SelfScore: m.SelfScore, FeesReported: m.FeesReported, Paper: m.Paper(),
		Totals: d.Totals, Votes: voteDrafts(d.Votes),
	}
	for _, line := range d.Minutes {
		switch line.Part {
		case Agenda:
			c.Agenda = append(c.Agenda, AgendaItem{line.ContentItem, line.MemberID, line.Text})
		case Opinion:
			c.Opinions = append(c.Opinions, OpinionItem{line.MemberID, deref(line.Text)})
		case Conclusion:
			c.Conclusions = append(c.Conclusions, deref(line.Text))
		}
	}
	return c
}

// changed lets a caller change the content and notes whether the minutes are still those stored: an import may have brought lines
// that a request could not.
func (c Content) changed(change func(*Content)) Content {
	after := c
	change(&after)
	after.sameMinutes = reflect.DeepEqual(
		[]any{c.Agenda, c.Opinions, c.Conclusions}, []any{after.Agenda, after.Opinions, after.Conclusions})
	return after
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// instant brings a time into the form in which both engines keep it.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// cleanReason cleans the reason of an act and requires one.
func cleanReason(reason string) (string, error) {
	var f fault.Fields
	text.CleanLinesAt(&f, "/reason", &reason, maxReason)
	if f.Len() == 0 {
		f.Check(strings.TrimSpace(reason) != "", "/reason", "field_required")
	}
	return reason, f.Err(fault.Invalid, "meeting_invalid")
}
