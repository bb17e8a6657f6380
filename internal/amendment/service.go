package amendment

import (
	"context"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/meeting"
	"sochibo/internal/text"
)

// Service keeps the amendments.
type Service struct {
	db   *database.DB
	zone calendar.Zone
}

// New returns the service on the store.
func New(db *database.DB, zone calendar.Zone) *Service { return &Service{db: db, zone: zone} }

// Detail is an amendment with what it changes; MeetingVersion is the version of the meeting it belongs to.
type Detail struct {
	Amendment

	Differences    []Difference
	MeetingVersion int64
}

// Request asks for a change of an accepted record. It is checked as a submission is and kept; nothing that counts changes.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_wrong_status, amendment_invalid and meeting_invalid with the places,
// amendment_open, amendment_changes_nothing.
func (s *Service) Request(ctx context.Context, actor auth.Actor, of meeting.ID, match int64, in Input) (Detail, error) {
	return audit.Write(ctx, s.db, actor.Act("amendment.request"), func(tx *database.Tx) (Detail, error) {
		given := in
		m, err := meeting.OpenAccepted(ctx, tx, actor, auth.MeetingSubmit, of, match)
		if err != nil {
			return Detail{}, err
		}
		if err := given.check(tx.Today()); err != nil {
			return Detail{}, err
		}
		if err := refuseSecond(ctx, tx, of); err != nil {
			return Detail{}, err
		}
		if err := given.sameOrganization(m); err != nil {
			return Detail{}, err
		}
		p, err := meeting.Propose(ctx, tx, s.zone, actor, m, given.Change, given.Roll)
		if err != nil {
			return Detail{}, below(err, "/change")
		}
		a := Amendment{
			ID: NewID(), MeetingID: of, BaseVersion: m.RecordVersion, Status: Requested, ReasonCode: given.ReasonCode,
			Grounds:     given.Grounds,
			RequestedBy: actor.Editor(), RequestedAt: tx.Now,
		}
		if err := a.keep(p); err != nil {
			return Detail{}, err
		}
		if err := insert(ctx, tx, &a); err != nil {
			return Detail{}, err
		}
		if err := meeting.Note(ctx, tx, &m, meeting.ActAmendmentRequested, actor.Editor(), &a.Explanation); err != nil {
			return Detail{}, err
		}
		return detailOf(ctx, tx, a, m)
	})
}

// sameOrganization refuses to move a meeting: its cell owes it, and another cell would have to submit it.
func (in Input) sameOrganization(m meeting.Meeting) error {
	var f fault.Fields
	f.Check(in.OrganizationID == nil || *in.OrganizationID == m.OrganizationID, "/change/organization_id", "amendment_other_organization")
	return f.Err(fault.Invalid, "meeting_invalid")
}

// detailOf adds what an amendment changes.
func detailOf(ctx context.Context, tx *database.Tx, a Amendment, m meeting.Meeting) (Detail, error) {
	base, err := meeting.RecordAt(ctx, tx, a.MeetingID, a.BaseVersion)
	if err != nil {
		return Detail{}, err
	}
	p, err := a.proposal()
	if err != nil {
		return Detail{}, err
	}
	changes, err := differences(base, p.Record)
	return Detail{a, changes, m.Version}, err
}

// List returns the amendments of a meeting, the first one first.
//
// Faults: meeting_unknown, forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor, of meeting.ID) ([]Amendment, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) ([]Amendment, error) {
		if _, err := meeting.Seen(ctx, tx, actor, of); err != nil {
			return nil, err
		}
		return list(ctx, tx, of)
	})
}

// Get returns an amendment with what it changes.
//
// Faults: meeting_unknown, forbidden, amendment_unknown.
func (s *Service) Get(ctx context.Context, actor auth.Actor, of meeting.ID, id ID) (Detail, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Detail, error) {
		m, err := meeting.Seen(ctx, tx, actor, of)
		if err != nil {
			return Detail{}, err
		}
		a, err := find(ctx, tx, of, id)
		if err != nil {
			return Detail{}, err
		}
		return detailOf(ctx, tx, a, m)
	})
}

// Confirm makes an amendment the next version of the record: what the version before counted is taken back, what this one counts is
// posted, and the version before stays readable.
//
// Faults: meeting_unknown, forbidden, amendment_unknown, own_amendment, own_record, version_stale, amendment_decided, meeting_invalid
// where the tree no longer allows it, code_taken.
func (s *Service) Confirm(ctx context.Context, actor auth.Actor, of meeting.ID, id ID, match int64) (Detail, error) {
	return audit.Write(ctx, s.db, actor.Act("amendment.confirm"), func(tx *database.Tx) (Detail, error) {
		m, a, err := receiving(ctx, tx, actor, of, id, match)
		if err != nil {
			return Detail{}, err
		}
		p, err := a.proposal()
		if err != nil {
			return Detail{}, err
		}
		a.decided(tx, Confirmed, actor, nil)
		if err := decide(ctx, tx, &a); err != nil {
			return Detail{}, err
		}
		if err := meeting.Adopt(ctx, tx, &m, p, a.ID.UUID, a.RequestedBy, actor.Editor()); err != nil {
			return Detail{}, err
		}
		return detailOf(ctx, tx, a, m)
	})
}

// Reject turns an amendment down, with the reason.
//
// Faults: meeting_unknown, forbidden, amendment_unknown, own_amendment, own_record, version_stale, amendment_decided, amendment_invalid
// without a reason.
func (s *Service) Reject(ctx context.Context, actor auth.Actor, of meeting.ID, id ID, match int64, reason string) (Detail, error) {
	return audit.Write(ctx, s.db, actor.Act("amendment.reject"), func(tx *database.Tx) (Detail, error) {
		reason, err := cleanReason(reason)
		if err != nil {
			return Detail{}, err
		}
		m, a, err := receiving(ctx, tx, actor, of, id, match)
		if err != nil {
			return Detail{}, err
		}
		return turnDown(ctx, tx, actor, m, a, Rejected, &reason)
	})
}

// Withdraw takes back an amendment that waits; only who asked for it may.
//
// Faults: meeting_unknown, forbidden, amendment_unknown, amendment_not_yours, version_stale, amendment_decided.
func (s *Service) Withdraw(ctx context.Context, actor auth.Actor, of meeting.ID, id ID, match int64) (Detail, error) {
	return audit.Write(ctx, s.db, actor.Act("amendment.withdraw"), func(tx *database.Tx) (Detail, error) {
		m, err := meeting.OpenAccepted(ctx, tx, actor, auth.MeetingSubmit, of, match)
		if err != nil {
			return Detail{}, err
		}
		a, err := find(ctx, tx, of, id)
		if err != nil {
			return Detail{}, err
		}
		if !a.own(actor) {
			return Detail{}, ErrNotYours
		}
		if err := a.open(); err != nil {
			return Detail{}, err
		}
		return turnDown(ctx, tx, actor, m, a, Withdrawn, nil)
	})
}

// receiving locks the meeting for a superior who neither asked for the amendment nor wrote on any version of the record.
func receiving(
	ctx context.Context, tx *database.Tx, actor auth.Actor, of meeting.ID, id ID, match int64,
) (meeting.Meeting, Amendment, error) {
	m, err := meeting.OpenAccepted(ctx, tx, actor, auth.MeetingReceive, of, match)
	if err != nil {
		return m, Amendment{}, err
	}
	a, err := find(ctx, tx, of, id)
	if err != nil {
		return m, a, err
	}
	if err := a.judge(actor); err != nil {
		return m, a, err
	}
	return m, a, meeting.NotAnEditor(ctx, tx, actor, of)
}

// turnDown ends an amendment without a change of the record.
func turnDown(
	ctx context.Context, tx *database.Tx, actor auth.Actor, m meeting.Meeting, a Amendment, status Status, reason *string,
) (Detail, error) {
	a.decided(tx, status, actor, reason)
	if err := decide(ctx, tx, &a); err != nil {
		return Detail{}, err
	}
	act := meeting.ActAmendmentRejected
	if status == Withdrawn {
		act = meeting.ActAmendmentWithdrawn
	}
	if err := meeting.Note(ctx, tx, &m, act, actor.Editor(), reason); err != nil {
		return Detail{}, err
	}
	return detailOf(ctx, tx, a, m)
}

func (a *Amendment) decided(tx *database.Tx, status Status, actor auth.Actor, reason *string) {
	now := tx.Now
	a.Status, a.DecidedBy, a.DecidedAt, a.DecisionReason = status, actor.Editor(), &now, reason
}

func cleanReason(reason string) (string, error) {
	var f fault.Fields
	text.CleanLinesAt(&f, "/reason", &reason, maxExplanation)
	if f.Len() == 0 {
		f.Check(reason != "", "/reason", "field_required")
	}
	return reason, f.Err(fault.Invalid, "amendment_invalid")
}
