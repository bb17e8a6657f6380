package erasure

import (
	"context"
	"strconv"

	"sochibo/internal/amendment"
	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/ledger"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/schedule"
)

// Service keeps the erasures.
type Service struct {
	db   *database.DB
	zone calendar.Zone
}

// New returns the service on the store.
func New(db *database.DB, zone calendar.Zone) *Service { return &Service{db: db, zone: zone} }

// Request asks for an erasure, with its legal basis and the document it rests on. Nothing is erased yet.
//
// Faults: erasure_invalid with the places, forbidden, erasure_exists.
func (s *Service) Request(ctx context.Context, actor auth.Actor, in Input) (Erasure, error) {
	return audit.Write(ctx, s.db, actor.Act("erasure.request"), func(tx *database.Tx) (Erasure, error) {
		given := in
		if err := given.check(tx.Today()); err != nil {
			return Erasure{}, err
		}
		home, err := given.home(ctx, tx)
		if err == nil {
			err = authorize(ctx, tx, actor, auth.ErasureRequest, home)
		}
		if err != nil {
			return Erasure{}, given.unknown(err)
		}
		e := Erasure{
			ID: NewID(), Status: Requested, MemberID: given.MemberID, MeetingID: given.MeetingID, VersionNumber: given.Version,
			OrganizationID: home, LegalBasis: given.LegalBasis, Grounds: given.Grounds,
			RequestedBy: actor.Editor(), RequestedAt: tx.Now, Version: 1,
		}
		return e, insert(ctx, tx, &e)
	})
}

// home is the organisation of the subject, none for a member without one. Faults: member_unknown, meeting_unknown,
// record_version_unknown.
func (in Input) home(ctx context.Context, tx *database.Tx) (*org.ID, error) {
	if in.MemberID != nil {
		if _, err := member.Find(ctx, tx, *in.MemberID); err != nil {
			return nil, err
		}
		return member.HomeNow(ctx, tx, *in.MemberID)
	}
	m, err := meeting.OrganizationOf(ctx, tx, *in.MeetingID, *in.Version)
	return &m.OrganizationID, err
}

// unknown says that a subject does not exist or is out of the caller's reach.
func (in Input) unknown(err error) error {
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	pointer := "/subject/member_id"
	if in.MemberID == nil {
		pointer = "/subject/meeting_id"
	}
	var f fault.Fields
	f.Check(false, pointer, "reference_unknown")
	return f.Err(fault.Invalid, "erasure_invalid")
}

// authorize asks for the right on the subject's home and on the organisation above it, so that nobody erases what their own cell keeps,
// nor what the own reach does not cover; on the home alone where it has none above, and on the installation for a subject without a home.
func authorize(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, home *org.ID) error {
	if home == nil {
		sight, err := org.Scope(ctx, tx, actor, permission)
		if err == nil && !sight.All() {
			err = org.ErrForbidden
		}
		return err
	}
	chain, err := org.ChainOn(ctx, tx, *home, tx.Today())
	if err != nil {
		return err
	}
	if err := org.Authorize(ctx, tx, actor, permission, *home); err != nil || len(chain) < 2 {
		return err
	}
	return hidden(org.Authorize(ctx, tx, actor, permission, chain[1])) // the caller's reach may end below it
}

// Confirm carries an erasure out.
//
// Faults: erasure_unknown, forbidden, own_erasure, erasure_confirmed, erasure_ended, version_stale.
func (s *Service) Confirm(ctx context.Context, actor auth.Actor, id ID, match int64) (Erasure, error) {
	return audit.Write(ctx, s.db, actor.Act("erasure.confirm"), func(tx *database.Tx) (Erasure, error) {
		e, err := deciding(ctx, tx, actor, id, match)
		if err != nil {
			return Erasure{}, err
		}
		now := tx.Now
		e.Status, e.ConfirmedBy, e.ConfirmedAt = Confirmed, actor.Editor(), &now
		if e.MemberID != nil {
			name, _ := member.Pseudonym(e.ID.UUID)
			e.Pseudonym = &name
		}
		if err := decide(ctx, tx, &e, match); err != nil {
			return Erasure{}, err
		}
		return e, e.carryOut(ctx, tx)
	})
}

// Reject turns an erasure down, with the reason. Nothing is erased, and the subject may be asked about anew.
//
// Faults: erasure_unknown, forbidden, own_erasure, erasure_confirmed, erasure_ended, version_stale, erasure_invalid without a reason.
func (s *Service) Reject(ctx context.Context, actor auth.Actor, id ID, match int64, reason string) (Erasure, error) {
	return audit.Write(ctx, s.db, actor.Act("erasure.reject"), func(tx *database.Tx) (Erasure, error) {
		reason, err := cleanReason(reason)
		if err != nil {
			return Erasure{}, err
		}
		e, err := deciding(ctx, tx, actor, id, match)
		if err != nil {
			return Erasure{}, err
		}
		return e.end(ctx, tx, Rejected, actor, &reason)
	})
}

// Withdraw takes back an erasure that waits; only who asked for it may.
//
// Faults: erasure_unknown, forbidden, erasure_not_yours, erasure_confirmed, erasure_ended, version_stale.
func (s *Service) Withdraw(ctx context.Context, actor auth.Actor, id ID, match int64) (Erasure, error) {
	return audit.Write(ctx, s.db, actor.Act("erasure.withdraw"), func(tx *database.Tx) (Erasure, error) {
		e, err := visibleTo(ctx, tx, actor, auth.ErasureRequest, id)
		if err != nil {
			return Erasure{}, err
		}
		if !e.own(actor) {
			return Erasure{}, ErrNotYours
		}
		if err := e.open(); err != nil {
			return Erasure{}, err
		}
		if err := e.matches(match); err != nil {
			return Erasure{}, err
		}
		return e.end(ctx, tx, Withdrawn, actor, nil)
	})
}

// deciding returns an erasure that waits for somebody who may confirm or reject it.
func deciding(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID, match int64) (Erasure, error) {
	e, err := visibleTo(ctx, tx, actor, auth.ErasureConfirm, id)
	if err != nil {
		return Erasure{}, err
	}
	if err := e.judge(actor); err != nil {
		return Erasure{}, err
	}
	return e, e.matches(match)
}

// visibleTo returns an erasure in the caller's scope whose subject the caller has the permission for.
func visibleTo(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID) (Erasure, error) {
	e, err := visible(ctx, tx, actor, id)
	if err != nil {
		return Erasure{}, err
	}
	return e, hidden(authorize(ctx, tx, actor, permission, e.OrganizationID))
}

// matches refuses an act that rests on an earlier version.
func (e Erasure) matches(match int64) error {
	if e.Version != match {
		return fault.WithETag(ErrStale, httpapi.ETag(e.Version))
	}
	return nil
}

// end ends an erasure without carrying it out.
func (e Erasure) end(ctx context.Context, tx *database.Tx, status Status, actor auth.Actor, reason *string) (Erasure, error) {
	now := tx.Now
	e.Status, e.EndedBy, e.EndedAt, e.DecisionReason = status, actor.Editor(), &now, reason
	return e, decide(ctx, tx, &e, e.Version)
}

// hidden lets a caller who sees the subject or the erasure know that it is a right that is missing.
func hidden(err error) error {
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return org.ErrForbidden
	}
	return err
}

// carryOut erases. Drafts first, versions after them, so that the meetings are locked before their versions change.
func (e Erasure) carryOut(ctx context.Context, tx *database.Tx) error {
	if e.MemberID == nil {
		if err := meeting.ForgetTexts(ctx, tx, *e.MeetingID, *e.VersionNumber, e.ID.UUID); err != nil {
			return err
		}
		return amendment.ForgetTexts(ctx, tx, *e.MeetingID, *e.VersionNumber)
	}
	if err := member.Forget(ctx, tx, *e.MemberID, e.ID.UUID); err != nil {
		return err
	}
	if err := meeting.ForgetMember(ctx, tx, *e.MemberID, e.ID.UUID); err != nil {
		return err
	}
	if err := schedule.ForgetMember(ctx, tx, *e.MemberID); err != nil {
		return err
	}
	return amendment.ForgetMember(ctx, tx, *e.MemberID)
}

// Get returns an erasure in the caller's scope.
//
// Faults: erasure_unknown.
func (s *Service) Get(ctx context.Context, actor auth.Actor, id ID) (Erasure, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Erasure, error) { return visible(ctx, tx, actor, id) })
}

// List returns a page of the erasures in the caller's scope, the first one first, and the cursor of the next page.
//
// Faults: none of its own.
func (s *Service) List(ctx context.Context, actor auth.Actor, page httpapi.Page) ([]Erasure, *string, error) {
	rows, err := database.Read(ctx, s.db, func(tx *database.Tx) ([]Erasure, error) {
		sight, err := org.Scope(ctx, tx, actor, auth.ErasureRead)
		if err != nil {
			return nil, err
		}
		return list(ctx, tx, sight, page)
	})
	if err != nil {
		return nil, nil, err
	}
	data, next := httpapi.Cut(rows, page, func(e Erasure) []string {
		return []string{e.ID.String()}
	})
	return data, next, nil
}

// Report is what verify says of erasures: what is wrong, and, for information, what was erased and under which decision.
type Report struct {
	Wrong  []ledger.Mismatch
	Erased []string
}

// Verify looks whether every member and record version that names an erasure was erased by a confirmed one.
func (s *Service) Verify(ctx context.Context) (Report, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Report, error) {
		confirmed, err := confirmedByID(ctx, tx)
		if err != nil {
			return Report{}, err
		}
		versions, err := meeting.ErasedVersions(ctx, tx)
		if err != nil {
			return Report{}, err
		}
		var r Report
		for _, v := range versions {
			e, known := confirmed[ID{*v.ErasureID}]
			known = known && (e.MemberID != nil || *e.MeetingID == v.MeetingID && *e.VersionNumber == v.Number)
			r.note("record version "+strconv.Itoa(v.Number)+" of meeting "+v.MeetingID.String(), e, known)
		}
		members, err := member.Erased(ctx, tx)
		for id, erasure := range members {
			e, known := confirmed[ID{erasure}]
			r.note("member "+id.String(), e, known && e.MemberID != nil && *e.MemberID == id)
		}
		return r, err
	})
}

func (r *Report) note(place string, e Erasure, known bool) {
	if !known {
		r.Wrong = append(r.Wrong, ledger.Mismatch{Place: place, Detail: "is erased, but no confirmed erasure says so"})
		return
	}
	r.Erased = append(r.Erased, place+": erased under decision "+e.BasisNumber+" of "+e.BasisDate.String()+" (erasure "+e.ID.String()+")")
}
