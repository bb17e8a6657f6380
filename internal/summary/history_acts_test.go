package summary_test

import (
	"fmt"
	"time"

	"sochibo/internal/amendment"
	"sochibo/internal/calendar"
	"sochibo/internal/inspection"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/structure"
)

// act is one thing that may happen in a history. do says what it did, and nothing where there was nothing to do.
type act struct {
	name   string
	weight int
	do     func(*story) (what string, err error)
}

func acts() []act {
	return []act{
		{"create", 30, (*story).create},
		{"submit", 14, (*story).submit},
		{"withdraw", 6, (*story).withdraw},
		{"return", 7, (*story).sendBack},
		{"accept", 10, (*story).accept},
		{"amend", 16, (*story).amend},
		{"cancel", 2, (*story).cancel},
		{"postpone", 3, (*story).postpone},
		{"edit", 8, (*story).edit},
		{"move", 12, (*story).move},
		{"dissolve", 8, (*story).dissolve},
		{"merge", 14, (*story).merge},
		{"found", 3, (*story).found},
		{"date founding", 4, (*story).dateFounding},
		{"transfer", 7, (*story).transfer},
		{"status", 4, (*story).status},
		{"end status", 2, (*story).endStatus},
		{"office", 4, (*story).office},
		{"install", 8, (*story).install},
		{"end term", 5, (*story).endTerm},
		{"excuse", 10, (*story).excuse},
		{"unexcuse", 4, (*story).unexcuse},
		{"inspect", 3, (*story).inspect},
		{"object", 3, (*story).object},
		{"pass", 6, (*story).pass},
	}
}

// sitting is a meeting as the acts need it.
type sitting struct {
	ID             meeting.ID
	OrganizationID org.ID
	Body           org.Body
	HeldOn         calendar.Date
	Version        int64
}

func (s *story) sitting(where string) (sitting, bool) {
	return some(s, rows[sitting](s, "SELECT id, organization_id, body, held_on, version FROM meeting WHERE "+where+" ORDER BY held_on, id"))
}

// began is an instant of the day, at times in its first or last minutes.
func (s *story) began(day calendar.Date) time.Time {
	minute := pick(s.r, []int{5, 23*60 + 50, 8 * 60, 14 * 60, 14 * 60})
	return day.Time().Add(time.Duration(minute-7*60) * time.Minute)
}

func (s *story) forms(body org.Body) []meeting.Form {
	forms := [][]meeting.Form{{meeting.Regular}, {meeting.Regular}, {meeting.Regular}, {meeting.Extraordinary}, {meeting.Congress}, {meeting.Other}}
	if body == org.Cell {
		forms = append(forms, []meeting.Form{meeting.Thematic}, []meeting.Form{meeting.Regular, meeting.Thematic})
	}
	return pick(s.r, forms)
}

func (s *story) create() (string, error) {
	o, _ := s.unit("TRUE")
	body := pick(s.r, org.Bodies)
	if o.Kind == org.KindCell || o.Kind == org.KindBaseCell {
		body = pick(s.r, []org.Body{org.Cell, org.Cell, org.CellCommittee})
	}
	month := s.month()
	day := month.First().Add(between(s.r, -4, 34))
	guests := s.r.IntN(3)
	in := meeting.Creation{
		OrganizationID: o.ID,
		Content:        meeting.Content{Body: body, Forms: s.forms(body), PeriodMonth: month, StartedAt: s.began(day), Guests: &guests},
		Submit:         chance(s.r, 65),
	}
	if in.Submit || chance(s.r, 50) {
		in.Roll = s.roll(o.ID, body, day)
	}
	d, err := s.meetings.Create(s.t.Context(), actor(), in)
	return fmt.Sprintf("%s %s of %s for %s on %s, %s", d.Meeting.ID, body, o.Code, month, day, d.Meeting.Status), err
}

func (s *story) submit() (string, error) {
	m, ok := s.sitting("status IN ('held', 'scheduled')")
	if !ok {
		return "", nil
	}
	if chance(s.r, 50) {
		d, err := s.meetings.RecordRoll(s.t.Context(), actor(), m.ID, m.Version, *s.roll(m.OrganizationID, m.Body, m.HeldOn), true)
		if err != nil {
			return "", err
		}
		m.Version = d.Meeting.Version
	}
	var roll *meeting.RollInput
	if chance(s.r, 50) {
		roll = s.roll(m.OrganizationID, m.Body, m.HeldOn)
	}
	_, err := s.meetings.Submit(s.t.Context(), actor(), m.ID, m.Version, roll)
	return m.ID.String(), err
}

// upon does something with a meeting in the status.
func (s *story) upon(where string, do func(sitting) error) (string, error) {
	m, ok := s.sitting(where)
	if !ok {
		return "", nil
	}
	return m.ID.String(), do(m)
}

func (s *story) withdraw() (string, error) {
	return s.upon("status = 'submitted'", func(m sitting) error {
		_, err := s.meetings.Withdraw(s.t.Context(), actor(), m.ID, m.Version)
		return err
	})
}

func (s *story) sendBack() (string, error) {
	return s.upon("status = 'submitted'", func(m sitting) error {
		_, err := s.meetings.Return(s.t.Context(), actor(), m.ID, m.Version, "thiếu kết luận")
		return err
	})
}

func (s *story) accept() (string, error) {
	return s.upon("status = 'submitted'", func(m sitting) error {
		_, err := s.meetings.Accept(s.t.Context(), actor(), m.ID, m.Version)
		return err
	})
}

// amend asks for a change of an accepted record: of its roll, its month, day or form. What waited for a decision is mostly confirmed, at
// times rejected.
func (s *story) amend() (string, error) {
	if waiting, ok := some(s, rows[struct {
		ID        amendment.ID
		MeetingID meeting.ID
		Version   int64
	}](s, `SELECT a.id, a.meeting_id, m.version FROM amendment a JOIN meeting m ON m.id = a.meeting_id
		WHERE a.status = 'requested' ORDER BY a.requested_at, a.id`)); ok && chance(s.r, 70) {
		if chance(s.r, 15) {
			_, err := s.amendments.Reject(s.t.Context(), actor(), waiting.MeetingID, waiting.ID, waiting.Version, "chưa có văn bản")
			return "reject " + waiting.ID.String(), err
		}
		_, err := s.amendments.Confirm(s.t.Context(), actor(), waiting.MeetingID, waiting.ID, waiting.Version)
		return "confirm " + waiting.ID.String(), err
	}
	return s.upon("status = 'accepted'", func(m sitting) error {
		in := amendment.Input{
			Grounds: amendment.Grounds{
				Explanation: "biên bản ghi không đúng thực tế", BasisNumber: "1-CV", BasisDate: calendar.MustDate(string(s.today)),
			},
			ReasonCode: "wrong_roll", Change: func(*meeting.Content) {},
		}
		switch s.r.IntN(5) {
		case 0:
			by := between(s.r, -2, 1)
			in.Change = func(c *meeting.Content) { c.PeriodMonth = c.PeriodMonth.Add(by) }
		case 1:
			forms := s.forms(m.Body)
			in.Change = func(c *meeting.Content) { c.Forms = forms }
		case 2:
			day := m.HeldOn.Add(between(s.r, -20, 20))
			started := s.began(day)
			in.Change = func(c *meeting.Content) { c.StartedAt, c.EndedAt = started, nil }
			in.Roll = s.roll(m.OrganizationID, m.Body, day)
		default:
			in.Roll = s.roll(m.OrganizationID, m.Body, m.HeldOn)
		}
		_, err := s.amendments.Request(s.t.Context(), actor(), m.ID, m.Version, in)
		return err
	})
}

func (s *story) cancel() (string, error) {
	return s.upon("status IN ('held', 'scheduled')", func(m sitting) error {
		_, err := s.meetings.Cancel(s.t.Context(), actor(), m.ID, m.Version, "không đủ người")
		return err
	})
}

func (s *story) postpone() (string, error) {
	return s.upon("status = 'scheduled'", func(m sitting) error {
		_, err := s.meetings.Postpone(s.t.Context(), actor(), m.ID, m.Version, s.began(s.day(10, 30)), nil)
		return err
	})
}

// edit turns a draft, often one that was handed in before, into a meeting of another month, body, form or day.
func (s *story) edit() (string, error) {
	return s.upon("status IN ('held', 'scheduled')", func(m sitting) error {
		_, err := s.meetings.Edit(s.t.Context(), actor(), m.ID, m.Version, func(c *meeting.Content) {
			switch s.r.IntN(4) {
			case 0:
				c.PeriodMonth = c.PeriodMonth.Add(between(s.r, -2, 1))
			case 1:
				c.Forms = s.forms(c.Body)
			case 2:
				c.StartedAt, c.EndedAt = s.began(m.HeldOn.Add(between(s.r, -20, 20))), nil
			default:
				c.Body = pick(s.r, []org.Body{org.Cell, org.CellCommittee, org.PartyCommittee})
			}
		})
		return err
	})
}

// move places an organisation elsewhere, mostly below one that may lead it, back-dated or ahead.
func (s *story) move() (string, error) {
	o, _ := s.unit("kind <> 'central'")
	parent, ok := s.unit("kind NOT IN ('cell', 'base_cell') AND kind <> ?", o.Kind)
	if !ok {
		return "", nil
	}
	in := structure.MoveInput{ParentID: parent.ID, From: s.day(400, 20)}
	if chance(s.r, 15) {
		in.To = s.maybe(100, in.From.Add(s.r.IntN(200)))
	}
	_, err := s.structure.Move(s.t.Context(), actor(), o.ID, o.Version, in)
	return fmt.Sprintf("%s below %s from %s", o.Code, parent.Code, in.From), err
}

func (s *story) dissolve() (string, error) {
	o, ok := s.unit("dissolved_on IS NULL")
	if !ok {
		return "", nil
	}
	in := structure.DissolveInput{On: s.day(20, 60)}
	_, err := s.structure.Dissolve(s.t.Context(), actor(), o.ID, o.Version, in)
	return fmt.Sprintf("%s on %s", o.Code, in.On), err
}

func (s *story) merge() (string, error) {
	o, ok := s.unit("dissolved_on IS NULL AND kind IN ('cell', 'base_cell', 'sectional_party', 'base_party')")
	if !ok {
		return "", nil
	}
	into, ok := s.unit("kind = ? AND id <> ?", o.Kind, o.ID)
	if !ok {
		return "", nil
	}
	in := structure.DissolveInput{On: s.day(10, 60), Into: &into.ID}
	_, err := s.structure.Dissolve(s.t.Context(), actor(), o.ID, o.Version, in)
	return fmt.Sprintf("%s into %s on %s", o.Code, into.Code, in.On), err
}

// found adds an organisation, and at once some members to a cell.
func (s *story) found() (string, error) {
	s.made++
	code, kind := fmt.Sprintf("mới-%d", s.made), pick(s.r, []org.Kind{org.KindCell, org.KindCell, org.KindBaseCell, org.KindSectionalParty})
	in := structure.FoundInput{Organization: org.Organization{Code: &code, Kind: kind, Name: "Chi bộ " + code, FoundedOn: s.maybe(90, s.day(300, 10))}}
	if parent, ok := s.unit("kind NOT IN ('cell', 'base_cell')"); ok && chance(s.r, 90) {
		in.ParentID = &parent.ID
	}
	d, err := s.structure.Found(s.t.Context(), actor(), in)
	if err != nil || !kind.May(org.Cell) {
		return code, err
	}
	for range 4 {
		who, _ := s.person()
		_, err := s.members.Transfer(s.t.Context(), actor(), who.ID, who.Version,
			member.MembershipInput{OrganizationID: d.ID, From: s.day(200, 0), CloseCurrent: true})
		if err != nil && !tolerable(err) {
			return code, err
		}
	}
	return code, nil
}

func (s *story) dateFounding() (string, error) {
	o, _ := s.unit("TRUE")
	day := s.maybe(85, s.day(900, 0))
	_, err := s.structure.Edit(s.t.Context(), actor(), o.ID, o.Version, structure.Change{
		FoundedOn: true, Apply: func(o *org.Organization) { o.FoundedOn = day },
	})
	return fmt.Sprint(o.Code, day), err
}

// transfer gives a member another home, mostly back-dated, so that rolls that are in differ from what they would be now.
func (s *story) transfer() (string, error) {
	who, _ := s.person()
	to, _ := s.unit("kind IN ('cell', 'base_cell')")
	in := member.MembershipInput{OrganizationID: to.ID, From: s.day(400, 30), CloseCurrent: chance(s.r, 90)}
	in.To = s.maybe(20, in.From.Add(s.r.IntN(300)))
	_, err := s.members.Transfer(s.t.Context(), actor(), who.ID, who.Version, in)
	return fmt.Sprintf("%s to %s from %s", who.ID, to.Code, in.From), err
}

func (s *story) status() (string, error) {
	who, _ := s.person()
	in := member.StatusInput{Status: pick(s.r, member.StatusKinds()), From: s.day(300, 10)}
	in.To = s.maybe(70, in.From.Add(s.r.IntN(200)))
	if in.Status == member.TemporarilyHere {
		to, _ := s.unit("kind IN ('cell', 'base_cell')")
		in.OrganizationID = &to.ID
	}
	_, err := s.members.AddStatus(s.t.Context(), actor(), who.ID, who.Version, in)
	return fmt.Sprintf("%s of %s from %s", in.Status, who.ID, in.From), err
}

func (s *story) endStatus() (string, error) {
	p, ok := some(s, rows[row](s, `SELECT p.id, p.member_id AS owner, p.valid_from AS "from", m.version
		FROM member_status p JOIN member m ON m.id = p.member_id ORDER BY m.code, p.valid_from`))
	if !ok {
		return "", nil
	}
	_, err := s.members.EndStatus(s.t.Context(), actor(), member.ID{UUID: p.Owner}, p.ID, p.Version, s.maybe(80, p.From.Add(s.r.IntN(300))))
	return p.ID.String(), err
}

func (s *story) office() (string, error) {
	who, _ := s.person()
	o, _ := s.unit("TRUE")
	in := member.OfficeInput{
		OrganizationID: o.ID, Body: pick(s.r, []org.Body{org.CellCommittee, org.PartyCommittee, org.StandingCommittee}),
		Office: member.CommitteeMember, From: s.day(300, 10),
	}
	in.To = s.maybe(40, in.From.Add(s.r.IntN(300)))
	_, err := s.members.AddOffice(s.t.Context(), actor(), who.ID, who.Version, in)
	return fmt.Sprintf("%s of %s from %s", in.Body, o.Code, in.From), err
}

func (s *story) install() (string, error) {
	o, _ := s.unit("TRUE")
	in := structure.TermInput{Body: pick(s.r, []org.Body{org.CellCommittee, org.PartyCommittee, org.StandingCommittee}), From: s.day(400, 20)}
	in.To = s.maybe(50, in.From.Add(s.r.IntN(400)))
	_, err := s.structure.Install(s.t.Context(), actor(), o.ID, o.Version, in)
	return fmt.Sprintf("%s of %s from %s", in.Body, o.Code, in.From), err
}

func (s *story) endTerm() (string, error) {
	p, ok := some(s, rows[row](s, `SELECT p.id, p.organization_id AS owner, p.valid_from AS "from", o.version
		FROM body_term p JOIN organization o ON o.id = p.organization_id ORDER BY o.code, p.body, p.valid_from`))
	if !ok {
		return "", nil
	}
	to := s.maybe(70, s.day(300, 30))
	_, err := s.structure.EndTerm(s.t.Context(), actor(), org.ID{UUID: p.Owner}, p.Version, p.ID, to)
	return fmt.Sprint(p.Owner, to), err
}

func (s *story) excuse() (string, error) {
	o, _ := s.unit("TRUE")
	in := structure.ExcuseInput{Body: pick(s.r, []org.Body{org.Cell, org.Cell, org.CellCommittee, org.PartyCommittee}), Month: s.month()}
	_, err := s.structure.Excuse(s.t.Context(), actor(), o.ID, o.Version, in)
	return fmt.Sprintf("%s of %s for %s", in.Body, o.Code, in.Month), err
}

func (s *story) unexcuse() (string, error) {
	p, ok := some(s, rows[row](s, `SELECT p.id, p.organization_id AS owner, o.version
		FROM excused_month p JOIN organization o ON o.id = p.organization_id ORDER BY o.code, p.body, p.month`))
	if !ok {
		return "", nil
	}
	_, err := s.structure.Unexcuse(s.t.Context(), actor(), org.ID{UUID: p.Owner}, p.Version, p.ID)
	return p.ID.String(), err
}

func (s *story) inspected() inspection.ObjectInput {
	if who, _ := s.person(); chance(s.r, 50) {
		return inspection.ObjectInput{ObjectType: inspection.Member, MemberID: &who.ID}
	}
	o, _ := s.unit("TRUE")
	return inspection.ObjectInput{ObjectType: inspection.Organization, OrganizationID: &o.ID}
}

func (s *story) inspect() (string, error) {
	o, _ := s.unit("kind NOT IN ('cell', 'base_cell')")
	in := inspection.Input{
		OrganizationID: o.ID, Body: org.PartyCommittee, Kind: pick(s.r, inspection.Kinds()), From: s.day(300, 20),
		Objects: []inspection.ObjectInput{s.inspected()},
	}
	_, err := s.inspections.Record(s.t.Context(), actor(), in)
	return fmt.Sprintf("by %s from %s", o.Code, in.From), err
}

func (s *story) object() (string, error) {
	round, ok := some(s, rows[struct {
		ID      inspection.ID
		Version int64
	}](s, "SELECT id, version FROM inspection ORDER BY from_on, id"))
	if !ok {
		return "", nil
	}
	_, err := s.inspections.AddObject(s.t.Context(), actor(), round.ID, round.Version, s.inspected())
	return round.ID.String(), err
}

// pass lets some days go by, and remembers what was answered at the instant before.
func (s *story) pass() (string, error) {
	q := pick(s.r, choices())
	o, _ := s.unit("TRUE")
	over := around(s.size)
	q.Organization, q.From, q.To = o.Code, over.from, over.to
	s.remember(q, moment{instant: s.clock.now()})
	s.today = s.today.Plus(between(s.r, 1, 25))
	s.clock.set(s.today)
	return "to " + string(s.today), nil
}
