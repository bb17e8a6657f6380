package meeting

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/briefing"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/resolution"
)

// Prepare adds a draft that is filled in from the roster of the day, the session before, the tasks that are still open, the agenda of
// the rule set, the briefings of the month and the session of the committee that prepares it.
//
// Faults: organization_unknown, forbidden, meeting_invalid with the places, id_taken, code_taken.
func (s *Service) Prepare(ctx context.Context, actor auth.Actor, in Preparation) (Prepared, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.prepare"), func(tx *database.Tx) (Prepared, error) {
		if err := org.Authorize(ctx, tx, actor, auth.MeetingWrite, in.OrganizationID); err != nil {
			return Prepared{}, err
		}
		d := draft{content: Content{Code: in.Code, Body: in.Body, Forms: in.Forms, PeriodMonth: in.PeriodMonth, StartedAt: in.StartedAt}}
		d.at, d.fresh = "/attendance", true
		var p Prepared
		if d.content.placed() {
			var err error
			if p, d.content, err = s.proposal(ctx, tx, actor, in); err != nil {
				return Prepared{}, err
			}
		}
		d.meeting = Meeting{
			ID: in.ID, OrganizationID: in.OrganizationID, Status: Scheduled, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if err := nameDraft(ctx, tx, &d.meeting); err != nil {
			return Prepared{}, err
		}
		if err := s.check(ctx, tx, actor, &d); err != nil {
			return Prepared{}, err
		}
		if err := s.insertDraft(ctx, tx, actor, &d); err != nil {
			return Prepared{}, err
		}
		var err error
		p.Details, err = named(ctx, tx, d.meeting)
		return p, err
	})
}

// FillIn fills in a draft that stands already, such as one that was registered: what is empty in it gets what Prepare would propose,
// and what is written in it stays.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_counted, meeting_wrong_status, meeting_invalid with the places.
func (s *Service) FillIn(ctx context.Context, actor auth.Actor, id ID, match int64) (Prepared, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.fill_in"), func(tx *database.Tx) (Prepared, error) {
		m, err := s.open(ctx, tx, actor, auth.MeetingWrite, id, match)
		if err != nil {
			return Prepared{}, err
		}
		if err := m.editable(); err != nil {
			return Prepared{}, err
		}
		p, proposed, err := s.proposal(ctx, tx, actor, Preparation{
			OrganizationID: m.OrganizationID, Body: m.Body, Forms: m.Forms.List(), PeriodMonth: m.PeriodMonth, StartedAt: m.StartedAt,
		})
		if err != nil {
			return Prepared{}, err
		}
		p.Details, err = s.edit(ctx, tx, actor, m, proposed.fill)
		return p, err
	})
}

// proposal gathers what a draft is filled in from.
func (s *Service) proposal(ctx context.Context, tx *database.Tx, actor auth.Actor, in Preparation) (Prepared, Content, error) {
	var p Prepared
	var err error
	day := s.zone.DateOf(in.StartedAt)
	if p.RuleSet, err = ruleSet(day); err != nil {
		return p, Content{}, err
	}
	if p.Roster, p.Temporary, err = rosterAndVisitors(ctx, tx, in, day); err != nil {
		return p, Content{}, err
	}
	sight, err := org.Scope(ctx, tx, actor, auth.MeetingRead)
	if err != nil {
		return p, Content{}, err
	}
	if p.Last, err = lastSession(ctx, tx, sight, in); err != nil {
		return p, Content{}, err
	}
	if p.OpenTasks, err = resolution.OpenBefore(ctx, tx, in.OrganizationID, in.Body, in.StartedAt); err != nil {
		return p, Content{}, err
	}
	if p.Briefings, err = briefing.For(ctx, tx, in.OrganizationID, in.PeriodMonth); err != nil {
		return p, Content{}, err
	}
	var committee *Meeting
	if in.Body == org.Cell {
		if committee, err = committeeSession(ctx, tx, sight, in); err != nil {
			return p, Content{}, err
		}
	}
	return p, p.content(in, committee), nil
}

func rosterAndVisitors(
	ctx context.Context, tx *database.Tx, in Preparation, day calendar.Date,
) (roster, visitors []member.Person, err error) {
	if roster, err = member.RosterOn(ctx, tx, in.OrganizationID, in.Body, day); err != nil {
		return nil, nil, err
	}
	visitors, err = member.TemporaryOn(ctx, tx, in.OrganizationID, day)
	return roster, visitors, err
}
