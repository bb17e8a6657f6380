package meeting

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/ledger"
	"sochibo/internal/resolution"
)

// Submit hands the record in: the roll, completed by roll if given, is frozen with the standings of the day, the bytes of record and
// roll are kept as the next version, and the sessions are posted.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_wrong_status, meeting_invalid with the places.
func (s *Service) Submit(ctx context.Context, actor auth.Actor, id ID, match int64, roll *RollInput) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.submit"), func(tx *database.Tx) (Details, error) {
		m, err := s.openPosting(ctx, tx, actor, auth.MeetingSubmit, id, match)
		if err != nil {
			return Details{}, err
		}
		if err := m.must(Scheduled, Held); err != nil {
			return Details{}, err
		}
		before, err := detailsOf(ctx, tx, m)
		if err != nil {
			return Details{}, err
		}
		d := draft{
			meeting: m, content: contentOf(before), before: before.Attendance, stored: before, roll: roll, at: "/attendance",
			submitting: true,
		}
		d.content.sameMinutes = true
		if err := s.check(ctx, tx, actor, &d); err != nil {
			return Details{}, err
		}
		if err := s.submit(ctx, tx, actor, &d); err != nil {
			return Details{}, err
		}
		return *d.submitted, nil
	})
}

// submit freezes and posts a checked draft whose locks are held.
func (s *Service) submit(ctx context.Context, tx *database.Tx, actor auth.Actor, d *draft) error {
	m := &d.meeting
	var frozen []Attendance
	var roll []RollRow
	if !m.TotalsOnly {
		frozen, roll = freeze(m.ID, d.rows, d.who)
	}
	m.Status, m.RecordVersion, m.ReturnedReason = Submitted, m.RecordVersion+1, nil
	if err := s.saveDraft(ctx, tx, actor, m); err != nil {
		return err
	}
	writeRoll := replace[Attendance]
	if d.fresh {
		writeRoll = add[Attendance]
	}
	if err := writeRoll(ctx, tx, m.ID, frozen); err != nil {
		return err
	}
	details, record, err := recordOf(ctx, tx, *m, roll)
	if err != nil {
		return err
	}
	if err := insertVersion(ctx, tx, record, actor.Editor(), nil); err != nil {
		return err
	}
	if err := noteEvent(ctx, tx, *m, ActSubmitted, actor.Editor(), nil); err != nil {
		return err
	}
	if details.Events, err = eventsOf(ctx, tx, m.ID); err != nil {
		return err
	}
	frozenRecord := record.normal()
	details.Record = &frozenRecord
	if details, err = name(ctx, tx, details); err != nil { // before the ledger's rows are locked, which many submissions share
		return err
	}
	d.submitted = &details
	return post(ctx, tx, *m, ledger.Submission, ledger.Submitted, Count(record))
}

// Withdraw takes a record back that nobody has accepted yet; the meeting is a draft again.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_wrong_status.
func (s *Service) Withdraw(ctx context.Context, actor auth.Actor, id ID, match int64) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.withdraw"), func(tx *database.Tx) (Details, error) {
		m, err := s.openPosting(ctx, tx, actor, auth.MeetingSubmit, id, match)
		if err != nil {
			return Details{}, err
		}
		if err := m.must(Submitted); err != nil {
			return Details{}, err
		}
		return s.reopen(ctx, tx, actor, m, ActWithdrawn, nil)
	})
}

// Return sends a record back to its writers, with the reason.
//
// Faults: meeting_unknown, forbidden, own_record, version_stale, meeting_wrong_status, meeting_invalid without a reason.
func (s *Service) Return(ctx context.Context, actor auth.Actor, id ID, match int64, reason string) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.return"), func(tx *database.Tx) (Details, error) {
		reason, err := cleanReason(reason)
		if err != nil {
			return Details{}, err
		}
		m, err := s.openReceiving(ctx, tx, actor, id, match)
		if err != nil {
			return Details{}, err
		}
		return s.reopen(ctx, tx, actor, m, ActReturned, &reason)
	})
}

// reopen turns a submitted record into a draft again: the roll thaws and the postings are reversed.
func (s *Service) reopen(ctx context.Context, tx *database.Tx, actor auth.Actor, m Meeting, act Act, reason *string) (Details, error) {
	m.Status = Held
	if act == ActReturned {
		m.ReturnedReason = reason
	}
	if err := save(ctx, tx, &m); err != nil {
		return Details{}, err
	}
	rows, err := rollOf(ctx, tx, m.ID)
	if err != nil {
		return Details{}, err
	}
	if err := replace(ctx, tx, m.ID, thaw(rows)); err != nil {
		return Details{}, err
	}
	if err := noteEvent(ctx, tx, m, act, actor.Editor(), reason); err != nil {
		return Details{}, err
	}
	cause := ledger.Withdrawal
	if act == ActReturned {
		cause = ledger.Return
	}
	if err := reverse(ctx, tx, m, cause); err != nil {
		return Details{}, err
	}
	return named(ctx, tx, m)
}

// Accept receives a record: what the version handed in counts is posted once more, as accepted.
//
// Faults: meeting_unknown, forbidden, own_record, version_stale, meeting_wrong_status.
func (s *Service) Accept(ctx context.Context, actor auth.Actor, id ID, match int64) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.accept"), func(tx *database.Tx) (Details, error) {
		m, err := s.openReceiving(ctx, tx, actor, id, match)
		if err != nil {
			return Details{}, err
		}
		version, err := findVersion(ctx, tx, id, m.RecordVersion)
		if err != nil {
			return Details{}, fmt.Errorf("version of submitted meeting %s: %w", id, err)
		}
		record, err := ReadRecord(version.Content)
		if err != nil {
			return Details{}, err
		}
		m.Status = Accepted
		if err := save(ctx, tx, &m); err != nil {
			return Details{}, err
		}
		if err := noteEvent(ctx, tx, m, ActAccepted, actor.Editor(), nil); err != nil {
			return Details{}, err
		}
		if err := post(ctx, tx, m, ledger.Acceptance, ledger.Accepted, Count(record)); err != nil {
			return Details{}, err
		}
		return named(ctx, tx, m)
	})
}

// openReceiving locks a submitted record for its superior, who must not be one of its editors.
func (s *Service) openReceiving(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, match int64) (Meeting, error) {
	m, err := s.openPosting(ctx, tx, actor, auth.MeetingReceive, id, match)
	if err != nil {
		return Meeting{}, err
	}
	editors, err := editorsOf(ctx, tx, id)
	if err != nil {
		return Meeting{}, err
	}
	if user := actor.Editor(); user != nil && slices.Contains(editors, *user) {
		return Meeting{}, ErrOwnRecord
	}
	return m, m.must(Submitted)
}

// Cancel gives a draft up, with the reason. What its roll recorded goes: nobody attended.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_counted, meeting_wrong_status, meeting_invalid without a reason.
func (s *Service) Cancel(ctx context.Context, actor auth.Actor, id ID, match int64, reason string) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.cancel"), func(tx *database.Tx) (Details, error) {
		reason, err := cleanReason(reason)
		if err != nil {
			return Details{}, err
		}
		m, err := s.open(ctx, tx, actor, auth.MeetingSubmit, id, match)
		if err != nil {
			return Details{}, err
		}
		if err := m.editable(); err != nil {
			return Details{}, err
		}
		m.Status, m.CancelledReason, m.TotalsOnly = Cancelled, &reason, false
		if err := s.saveDraft(ctx, tx, actor, &m); err != nil {
			return Details{}, err
		}
		if err := replace[Attendance](ctx, tx, id, nil); err != nil {
			return Details{}, err
		}
		if err := replace[Totals](ctx, tx, id, nil); err != nil {
			return Details{}, err
		}
		if err := noteEvent(ctx, tx, m, ActCancelled, actor.Editor(), &reason); err != nil {
			return Details{}, err
		}
		return named(ctx, tx, m)
	})
}

// Postpone gives a scheduled meeting a new date.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_counted, meeting_wrong_status, meeting_invalid with the places,
// resolution_number_taken where the new day lies in another term.
func (s *Service) Postpone(
	ctx context.Context, actor auth.Actor, id ID, match int64, startedAt time.Time, endedAt *time.Time,
) (Details, error) {
	return audit.Write(ctx, s.db, actor.Act("meeting.postpone"), func(tx *database.Tx) (Details, error) {
		m, err := s.open(ctx, tx, actor, auth.MeetingSubmit, id, match)
		if err != nil {
			return Details{}, err
		}
		if m.Status != Scheduled {
			return Details{}, postponable(m)
		}
		before, err := detailsOf(ctx, tx, m)
		if err != nil {
			return Details{}, err
		}
		d := draft{meeting: m, content: contentOf(before), before: before.Attendance, stored: before, at: "/attendance"}
		d.content.StartedAt, d.content.EndedAt, d.content.sameMinutes = startedAt, endedAt, true
		if err := s.check(ctx, tx, actor, &d); err != nil {
			return Details{}, err
		}
		d.meeting.Status, d.meeting.Postponed = Scheduled, true
		if err := s.saveDraft(ctx, tx, actor, &d.meeting); err != nil {
			return Details{}, err
		}
		if err := resolution.Renumber(ctx, tx, d.meeting.sitting(), false); err != nil {
			return Details{}, err
		}
		from := s.zone.Local(m.StartedAt).Format(time.RFC3339)
		if err := noteEvent(ctx, tx, d.meeting, ActPostponed, actor.Editor(), &from); err != nil {
			return Details{}, err
		}
		return named(ctx, tx, d.meeting)
	})
}

// postponable says why a meeting that is not scheduled cannot be postponed.
func postponable(m Meeting) error {
	if err := m.editable(); err != nil {
		return err
	}
	return m.must(Scheduled)
}
