package schedule

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/member"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// DelegateView is a delegate with the member's name.
type DelegateView struct {
	Delegate

	FullName string
}

// Assign lets a member follow an organisation for one above it.
//
// Faults: organization_unknown, forbidden, id_taken, code_taken, delegate_overlap, delegate_invalid (field_required, text_too_long,
// ends_before_start, reference_unknown, outside_organization_life, delegate_not_above, delegate_of_own_cell).
func (s *Service) Assign(ctx context.Context, actor auth.Actor, organization org.ID, in Assignment) (DelegateView, error) {
	return audit.Write(ctx, s.db, actor.Act("delegate.assign"), func(tx *database.Tx) (DelegateView, error) {
		if err := org.ShareTree(ctx, tx); err != nil {
			return DelegateView{}, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.DelegateWrite, organization); err != nil {
			return DelegateView{}, err
		}
		followed, err := org.Lock(ctx, tx, organization)
		if err != nil {
			return DelegateView{}, err
		}
		var f fault.Fields
		d := in.row(&f, organization, tx.Now)
		if f.Len() == 0 {
			if err := checkAssignment(ctx, tx, actor, &f, followed, &d); err != nil {
				return DelegateView{}, err
			}
		}
		if err := f.Err(fault.Invalid, "delegate_invalid"); err != nil {
			return DelegateView{}, err
		}
		if err := insertDelegate(ctx, tx, &d); err != nil {
			return DelegateView{}, err
		}
		return viewDelegate(ctx, tx, d)
	})
}

// checkAssignment notes what the store says against an assignment, and finds the superior where none is named.
func checkAssignment(
	ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, followed org.Organization, d *Delegate,
) error {
	f.Check(followed.ExistsOn(d.ValidFrom), "/from", "outside_organization_life", fault.Args{"organization": followed.Name})
	visible, err := member.VisibleAll(ctx, tx, actor, []member.ID{d.MemberID})
	if err != nil {
		return err
	}
	if _, ok := visible[d.MemberID]; f.Check(ok, "/member_id", "reference_unknown") {
		home, some, err := member.HomeOn(ctx, tx, d.MemberID, d.ValidFrom)
		if err != nil {
			return err
		}
		f.Check(!some || home != d.OrganizationID, "/member_id", "delegate_of_own_cell")
	}
	chain, err := org.ChainOn(ctx, tx, d.OrganizationID, d.ValidFrom)
	if err != nil {
		return err
	}
	above := chain[min(1, len(chain)):]
	if d.SuperiorID == (org.ID{}) && len(above) > 0 {
		d.SuperiorID = above[0]
	}
	f.Check(slices.Contains(above, d.SuperiorID), "/superior_id", "delegate_not_above")
	return nil
}

// EndAssignment sets the last day of an assignment, or takes it away.
//
// Faults: organization_unknown, forbidden, delegate_unknown, version_stale, delegate_overlap, delegate_attended_later, delegate_invalid
// (field_required, ends_before_start).
func (s *Service) EndAssignment(
	ctx context.Context, actor auth.Actor, organization org.ID, id uuid.UUID, match int64, to httpapi.Optional[calendar.Date],
) (DelegateView, error) {
	return s.changeDelegate(ctx, actor, "delegate.end", organization, id, match, func(tx *database.Tx, d *Delegate) error {
		to.Apply(&d.ValidTo)
		var f fault.Fields
		f.Check(to.Set, "/to", "field_required")
		f.Check(d.Span().Valid(), "/to", "ends_before_start")
		if err := f.Err(fault.Invalid, "delegate_invalid"); err != nil {
			return err
		}
		if err := refuseOverlap(ctx, tx, *d); err != nil {
			return err
		}
		recorded, err := attendedOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		for _, v := range recorded {
			if !d.Span().Contains(v.HeldOn) {
				return fault.With(ErrAttendedLater, fault.Args{"day": v.HeldOn.String()})
			}
		}
		return nil
	})
}

// changeDelegate changes an assignment whose version the caller has seen.
func (s *Service) changeDelegate(
	ctx context.Context, actor auth.Actor, act string, organization org.ID, id uuid.UUID, match int64,
	change func(*database.Tx, *Delegate) error,
) (DelegateView, error) {
	return audit.Write(ctx, s.db, actor.Act(act), func(tx *database.Tx) (DelegateView, error) {
		if err := org.Authorize(ctx, tx, actor, auth.DelegateWrite, organization); err != nil {
			return DelegateView{}, err
		}
		if _, err := org.Lock(ctx, tx, organization); err != nil {
			return DelegateView{}, err
		}
		d, err := findDelegate(ctx, tx, organization, id)
		if err != nil {
			return DelegateView{}, err
		}
		if d.Version != match {
			return DelegateView{}, fault.WithETag(ErrStale, httpapi.ETag(d.Version))
		}
		if err := change(tx, &d); err != nil {
			return DelegateView{}, err
		}
		if err := saveDelegate(ctx, tx, &d, match); err != nil {
			return DelegateView{}, err
		}
		return viewDelegate(ctx, tx, d)
	})
}

// Visiting says whether a delegate attended a session, with a short observation.
type Visiting struct {
	Attended    *bool
	Observation *string
}

// RecordVisit notes whether a delegate attended a session that has begun, in place of what was noted before.
//
// Faults: organization_unknown, forbidden, delegate_unknown, version_stale, meeting_unknown, delegate_not_for_session,
// delegate_session_not_held, delegate_invalid (field_required, text_too_long).
func (s *Service) RecordVisit(
	ctx context.Context, actor auth.Actor, organization org.ID, id uuid.UUID, of meeting.ID, match int64, in Visiting,
) (DelegateView, error) {
	return s.changeDelegate(ctx, actor, "delegate.attend", organization, id, match, func(tx *database.Tx, d *Delegate) error {
		observation := in.Observation
		var f fault.Fields
		f.Check(in.Attended != nil, "/attended", "field_required")
		text.OptionalAt(&f, "/observation", &observation, maxObservation)
		if err := f.Err(fault.Invalid, "delegate_invalid"); err != nil {
			return err
		}
		m, err := findSitting(ctx, tx, of)
		if err != nil {
			return err
		}
		if err := d.visits(m, tx); err != nil {
			return err
		}
		return keepVisit(ctx, tx, Visit{
			ID: uuid.Must(uuid.NewV7()), DelegateID: d.ID, MeetingID: of, Attended: *in.Attended, Observation: observation,
			RecordedBy: actor.Editor(), CreatedAt: tx.Now,
		})
	})
}

// visits refuses a session that is none of the delegate's, or has not taken place.
func (d Delegate) visits(m sitting, tx *database.Tx) error {
	switch {
	case m.OrganizationID != d.OrganizationID:
		return meeting.ErrUnknown
	case m.Body != followed(m.Kind) || !d.Span().Contains(m.HeldOn):
		return ErrSessionNotTheirs
	case m.Status == meeting.Cancelled || m.StartedAt.After(tx.Now):
		return ErrSessionNotHeld
	default:
		return nil
	}
}

func keepVisit(ctx context.Context, tx *database.Tx, v Visit) error {
	before, there, err := findVisit(ctx, tx, v.DelegateID, v.MeetingID)
	if err != nil {
		return err
	}
	if !there {
		return insertVisit(ctx, tx, &v)
	}
	v.ID, v.UpdatedAt = before.ID, &tx.Now
	return saveVisit(ctx, tx, &v)
}

// Visits are a delegate with the attendance that is recorded.
type Visits struct {
	DelegateView

	Sessions []Attended
}

// Delegate returns a delegate with the attendance at sessions and the observations.
//
// Faults: organization_unknown, forbidden, delegate_unknown.
func (s *Service) Delegate(ctx context.Context, actor auth.Actor, organization org.ID, id uuid.UUID) (Visits, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Visits, error) {
		if err := org.Authorize(ctx, tx, actor, auth.DelegateRead, organization); err != nil {
			return Visits{}, err
		}
		d, err := findDelegate(ctx, tx, organization, id)
		if err != nil {
			return Visits{}, err
		}
		view, err := viewDelegate(ctx, tx, d)
		if err != nil {
			return Visits{}, err
		}
		sessions, err := attendedOf(ctx, tx, id)
		return Visits{view, sessions}, err
	})
}

// Delegates returns a page of the delegates of the filter, and the cursor of the next one.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Delegates(ctx context.Context, actor auth.Actor, f DelegateFilter) (list []DelegateView, next *string, err error) {
	list, err = database.Read(ctx, s.db, func(tx *database.Tx) ([]DelegateView, error) {
		sight, err := within(ctx, tx, actor, auth.DelegateRead, f.Organization)
		if err != nil {
			return nil, err
		}
		rows, err := listDelegates(ctx, tx, sight, f)
		if err != nil {
			return nil, err
		}
		rows, next = httpapi.Cut(rows, f.Page, func(d Delegate) []string { return []string{d.ValidFrom.String(), d.ID.String()} })
		return viewDelegates(ctx, tx, rows)
	})
	return list, next, err
}

func viewDelegate(ctx context.Context, tx *database.Tx, d Delegate) (DelegateView, error) {
	views, err := viewDelegates(ctx, tx, []Delegate{d})
	if err != nil {
		return DelegateView{}, err
	}
	return views[0], nil
}

func viewDelegates(ctx context.Context, tx *database.Tx, rows []Delegate) ([]DelegateView, error) {
	ids := make([]member.ID, len(rows))
	for i, d := range rows {
		ids[i] = d.MemberID
	}
	known, err := member.LookupAll(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	views := make([]DelegateView, len(rows))
	for i, d := range rows {
		views[i] = DelegateView{d, known[d.MemberID].FullName}
	}
	return views, nil
}
