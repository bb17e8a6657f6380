package meeting

import (
	"context"
	"slices"
	"strconv"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/fault"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
	"sochibo/internal/rules"
	"sochibo/internal/topic"
)

// draft is a meeting on its way into the store: the head, what it is to hold, and its roll before and after.
type draft struct {
	meeting    Meeting
	content    Content
	before     []Attendance // the stored rows that stay unless roll says otherwise
	roll       *RollInput
	at         string // where the roll stands in the request
	submitting bool
	planned    bool     // its end lies ahead, and does not say that it was held
	fresh      bool     // nothing of it is stored yet
	submitted  *Details // as it is once it is handed in
	stored     Details  // what is stored of the meeting, empty for a fresh one
	frozen     *Record  // what an amendment changes; its roll stays but for the rows that change

	// set by check
	rows []Attendance
	who  roster
}

// check notes everything that is wrong with the draft, applies the content to the head and computes the roll. What can be judged
// without the store is judged even where the rest cannot.
func (s *Service) check(ctx context.Context, tx *database.Tx, actor auth.Actor, d *draft) error {
	var f fault.Fields
	before := d.meeting
	d.content.check(&f, s.zone)
	d.content.checkPaper(&f, d.stored)
	if d.roll != nil {
		d.roll.check(&f, d.at, d.frozen != nil)
	}
	if d.content.placed() {
		d.content.apply(&d.meeting, s.zone)
		if d.planned {
			d.meeting.Status = Scheduled
		}
		if err := s.checkRoll(ctx, tx, &f, d); err != nil {
			return err
		}
		d.checkTotals(&f, s.zone.Today(tx.Now))
		if err := d.content.checkItems(&f, d.meeting.HeldOn); err != nil {
			return err
		}
		if d.submitting {
			checkVoteCounts(&f, d.record())
		}
		if err := checkBody(ctx, tx, &f, d.meeting, d.submitting); err != nil {
			return err
		}
	}
	if err := s.checkReferences(ctx, tx, actor, &f, before, &d.content); err != nil {
		return err
	}
	return f.Err(fault.Invalid, "meeting_invalid")
}

// placed reports whether body and day are known, so that there is a roster to judge by.
func (c *Content) placed() bool {
	return slices.Contains(org.Bodies, c.Body) && readable(c.StartedAt)
}

func (s *Service) checkRoll(ctx context.Context, tx *database.Tx, f *fault.Fields, d *draft) error {
	var err error
	if d.who, err = rosterOf(ctx, tx, d.meeting); err != nil {
		return err
	}
	if d.frozen != nil && d.frozen.HeldOn == d.meeting.HeldOn && d.frozen.Totals == nil {
		d.who = keptRoster(d.frozen.Roll, d.who, d.roll)
	}
	d.rows = d.before
	if d.roll != nil {
		d.rows = d.roll.merged(d.meeting.ID, d.before, d.who)
	}
	if d.meeting.Status == Scheduled && len(d.rows) > 0 {
		d.meeting.Status = Held
	}
	if d.content.Totals != nil {
		return checkNamedOfficers(ctx, tx, f, d.meeting)
	}
	checkOfficers(f, d.meeting, d.who)
	checkRows(f, d.rows, d.roll, d.at, d.who)
	f.Check(!d.submitting || len(d.who.people) > 0, "/body", "roster_empty")
	return nil
}

// checkNamedOfficers notes a chair or minutes taker who does not exist. Where only totals are known, so may be the roster of that day.
func checkNamedOfficers(ctx context.Context, tx *database.Tx, f *fault.Fields, m Meeting) error {
	for _, officer := range []struct {
		pointer string
		id      *member.ID
	}{{"/chair_id", m.ChairID}, {"/minutes_taker_id", m.MinutesTakerID}} {
		if officer.id == nil {
			continue
		}
		known, err := member.LookupAll(ctx, tx, []member.ID{*officer.id})
		if err != nil {
			return err
		}
		f.Check(len(known) == 1, officer.pointer, "reference_unknown")
	}
	return nil
}

// checkItems notes content items that the rule set in force on the day does not know.
func (c *Content) checkItems(f *fault.Fields, on calendar.Date) error {
	set, err := ruleSet(on)
	if err != nil {
		return err
	}
	check := func(pointer, item string) {
		if slices.Contains(rules.ContentItems(), item) { // other words are noted already
			f.Check(slices.Contains(set.ContentItems, item), pointer, "content_item_not_asked", fault.Args{"item": item, "rule_set": set.ID})
		}
	}
	for i, item := range c.ContentItems {
		check("/content_items/"+strconv.Itoa(i), item)
	}
	if c.sameMinutes {
		return nil
	}
	for i, a := range c.Agenda {
		if a.ContentItem != nil {
			check("/agenda/"+strconv.Itoa(i)+"/content_item", *a.ContentItem)
		}
	}
	return nil
}

// ruleSet returns the rule set in force on the day.
func ruleSet(on calendar.Date) (rules.Set, error) {
	book, err := rules.Embedded()
	if err != nil {
		return rules.Set{}, err
	}
	return book.On(on), nil
}

// record puts together what the draft would be as a record: the roll as it would be frozen, completed for everybody on the roster.
func (d *draft) record() Record {
	m := d.meeting
	r := Record{
		MeetingID: m.ID, Body: m.Body, Forms: m.Forms, HeldOn: m.HeldOn, Guests: m.Guests, ContentItems: d.content.ContentItems,
		Paper: m.Paper(), Totals: d.content.Totals,
	}
	if r.Totals == nil {
		_, r.Roll = freeze(m.ID, d.rows, d.who)
	}
	for _, line := range d.content.lines(m.ID) {
		r.Minutes = append(r.Minutes, RecordLine{line.Position, line.Part, line.ContentItem, line.MemberID, line.Text})
	}
	return r.WithVotes(d.content.votes(m.ID))
}

// checkBody notes a body that the organisation cannot have, a day on which the organisation does not exist, and, once the meeting
// was held, a body that was not in office.
func checkBody(ctx context.Context, tx *database.Tx, f *fault.Fields, m Meeting, submitting bool) error {
	organization, err := org.Find(ctx, tx, m.OrganizationID)
	if err != nil {
		return err
	}
	if !f.Check(organization.Kind.May(m.Body), "/body", "body_not_possible", fault.Args{"kind": string(organization.Kind)}) {
		return nil
	}
	exists := f.Check(organization.ExistsOn(m.HeldOn), "/started_at", "outside_organization_life", fault.Args{"held_on": m.HeldOn.String()})
	if !exists || !submitting && m.Status == Scheduled || m.Body == org.Cell || m.Body == org.Conference {
		return nil
	}
	terms, err := org.Terms(ctx, tx, m.OrganizationID, m.Body)
	if err != nil {
		return err
	}
	inOffice := slices.ContainsFunc(terms, func(t org.BodyTerm) bool { return t.Span().Contains(m.HeldOn) })
	f.Check(inOffice, "/body", "body_not_in_office", fault.Args{"held_on": m.HeldOn.String()})
	return nil
}

// checkReferences notes what the content names and the store does not know. What was there before is not judged again, since the
// caller of today may see less than the one who named it.
func (s *Service) checkReferences(
	ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, before Meeting, c *Content,
) error {
	if err := checkRegistries(ctx, tx, f, c); err != nil {
		return err
	}
	if !c.sameMinutes {
		if err := checkPeople(ctx, tx, f, c); err != nil {
			return err
		}
	}
	if c.Tasks != nil {
		if err := resolution.CheckAssignees(ctx, tx, f, "/tasks", *c.Tasks); err != nil {
			return err
		}
	}
	if c.PreparedByID == nil || before.PreparedByID != nil && *before.PreparedByID == *c.PreparedByID {
		return nil
	}
	_, err := s.see(ctx, tx, actor, *c.PreparedByID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	f.Check(err == nil && *c.PreparedByID != before.ID, "/prepared_by_id", "reference_unknown")
	return nil
}

func checkRegistries(ctx context.Context, tx *database.Tx, f *fault.Fields, c *Content) error {
	if c.TopicID != nil {
		known, err := topic.LookupAll(ctx, tx, []topic.ID{*c.TopicID})
		if err != nil {
			return err
		}
		_, ok := known[*c.TopicID]
		f.Check(ok, "/topic_id", "reference_unknown")
	}
	known, err := directive.LookupAll(ctx, tx, c.DirectiveIDs)
	if err != nil {
		return err
	}
	for i, id := range c.DirectiveIDs {
		_, ok := known[id]
		f.Check(ok, "/directive_ids/"+strconv.Itoa(i), "reference_unknown")
	}
	return nil
}

// checkPeople notes members of agenda and opinions who do not exist; guests of the superior may speak, so no roster is asked.
func checkPeople(ctx context.Context, tx *database.Tx, f *fault.Fields, c *Content) error {
	places := make(map[string]member.ID)
	var ids []member.ID
	name := func(pointer string, id *member.ID) {
		if id != nil {
			places[pointer], ids = *id, append(ids, *id)
		}
	}
	for i, a := range c.Agenda {
		name("/agenda/"+strconv.Itoa(i)+"/responsible_id", a.ResponsibleID)
	}
	for i, o := range c.Opinions {
		name("/opinions/"+strconv.Itoa(i)+"/member_id", o.MemberID)
	}
	if len(ids) == 0 {
		return nil
	}
	known, err := member.LookupAll(ctx, tx, ids)
	if err != nil {
		return err
	}
	for pointer, id := range places {
		_, ok := known[id]
		f.Check(ok, pointer, "reference_unknown")
	}
	return nil
}
