package schedule

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/meeting"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/text"
)

// Service holds the use cases of the schedule.
type Service struct {
	db   *database.DB
	zone calendar.Zone
}

// New returns the service on the store.
func New(db *database.DB, zone calendar.Zone) *Service { return &Service{db: db, zone: zone} }

// RegistrationView is a registration with its sessions and its deadline.
type RegistrationView struct {
	Registration

	Sessions []Planned
	DueOn    *calendar.Date
	InTime   *bool
}

// Register registers a month: it schedules the sessions that are new, and keeps the dates of all that are named.
//
// Faults: organization_unknown, forbidden, registration_exists, id_taken, code_taken, registration_invalid with the places (those of
// meetings to be scheduled among them, outside_organization_life, reference_unknown, session_not_scheduled).
func (s *Service) Register(ctx context.Context, actor auth.Actor, organization org.ID, in Registering) (RegistrationView, error) {
	return audit.Write(ctx, s.db, actor.Act("registration.register"), func(tx *database.Tx) (RegistrationView, error) {
		if err := org.Authorize(ctx, tx, actor, auth.MeetingSubmit, organization); err != nil {
			return RegistrationView{}, err
		}
		if _, err := org.Lock(ctx, tx, organization); err != nil {
			return RegistrationView{}, err
		}
		asked := in
		r, sessions, err := s.plan(ctx, tx, actor, organization, asked)
		if err != nil {
			return RegistrationView{}, err
		}
		if err := insertRegistration(ctx, tx, &r, sessions); err != nil {
			return RegistrationView{}, err
		}
		return s.viewOf(ctx, tx, r)
	})
}

// plan checks what is to be registered and schedules the sessions that are new.
func (s *Service) plan(
	ctx context.Context, tx *database.Tx, actor auth.Actor, organization org.ID, in Registering,
) (Registration, []RegisteredSession, error) {
	var f fault.Fields
	in.check(&f)
	if err := f.Err(fault.Invalid, "registration_invalid"); err != nil {
		return Registration{}, nil, err
	}
	if err := refuseSecond(ctx, tx, organization, in.Month); err != nil {
		return Registration{}, nil, err
	}
	r := Registration{
		ID: in.ID, Code: in.Code, OrganizationID: organization, Month: in.Month, Status: Registered, RegisteredBy: actor.Editor(),
		RegisteredAt: tx.Now, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if r.ID == uuid.Nil {
		r.ID = uuid.Must(uuid.NewV7())
	}
	sessions := make([]RegisteredSession, len(in.Sessions))
	for i, planned := range in.Sessions {
		of, err := s.sitting(ctx, tx, actor, &f, r, planned, at(i))
		if err != nil {
			return r, nil, err
		}
		sessions[i] = RegisteredSession{
			ID: uuid.Must(uuid.NewV7()), RegistrationID: r.ID, MeetingID: of.ID, StartedAt: of.StartedAt, EndedAt: of.EndedAt,
			Place: of.Place, CreatedAt: tx.Now,
		}
	}
	return r, sessions, f.Err(fault.Invalid, "registration_invalid")
}

// sitting returns the meeting of a planned session: the one that is named, or a new one.
func (s *Service) sitting(
	ctx context.Context, tx *database.Tx, actor auth.Actor, f *fault.Fields, r Registration, planned PlannedSession, at string,
) (sitting, error) {
	if planned.MeetingID == nil {
		m, err := meeting.Plan(ctx, tx, s.zone, actor, planned.creation(r.OrganizationID, r.Month))
		return sitting{ID: m.ID, StartedAt: m.StartedAt, EndedAt: m.EndedAt, Place: m.Place}, below(f, err, at)
	}
	of, err := findSitting(ctx, tx, *planned.MeetingID)
	if err != nil && !errors.Is(err, meeting.ErrUnknown) {
		return of, err
	}
	if f.Check(err == nil && of.OrganizationID == r.OrganizationID, at+"/meeting_id", "reference_unknown") {
		f.Check(of.Status == meeting.Scheduled, at+"/meeting_id", "session_not_scheduled", fault.Args{"status": string(of.Status)})
	}
	return of, nil
}

// refuseSecond fails where the month is registered and that was not returned.
func refuseSecond(ctx context.Context, tx *database.Tx, organization org.ID, month calendar.Month) error {
	last, err := current(ctx, tx, organization, month)
	switch {
	case errors.Is(err, ErrRegistrationUnknown), err == nil && last.Status == Returned:
		return nil
	case err != nil:
		return err
	default:
		return fault.With(ErrRegistrationExists, fault.Args{"month": month.String(), "status": string(last.Status)})
	}
}

// Decide is the superior's answer to a registration: an agreement, or a return with its reason.
//
// Faults: organization_unknown, forbidden, registration_unknown, own_registration, version_stale, registration_decided,
// registration_invalid without a reason.
func (s *Service) Decide(
	ctx context.Context, actor auth.Actor, organization org.ID, id uuid.UUID, match int64, status RegistrationStatus, reason string,
) (RegistrationView, error) {
	name := map[RegistrationStatus]string{Agreed: "registration.agree", Returned: "registration.return"}[status]
	return audit.Write(ctx, s.db, actor.Act(name), func(tx *database.Tx) (RegistrationView, error) {
		why, err := reasonOf(status, reason)
		if err != nil {
			return RegistrationView{}, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.MeetingReceive, organization); err != nil {
			return RegistrationView{}, err
		}
		if _, err := org.Lock(ctx, tx, organization); err != nil {
			return RegistrationView{}, err
		}
		r, err := findRegistration(ctx, tx, organization, id)
		if err != nil {
			return RegistrationView{}, err
		}
		if r.Version != match {
			return RegistrationView{}, fault.WithETag(ErrStale, httpapi.ETag(r.Version))
		}
		if err := r.decide(status, actor.Editor(), tx.Now, why); err != nil {
			return RegistrationView{}, err
		}
		if err := saveDecision(ctx, tx, &r); err != nil {
			return RegistrationView{}, err
		}
		return s.viewOf(ctx, tx, r)
	})
}

// reasonOf tidies the reason of a return; an agreement has none.
func reasonOf(status RegistrationStatus, reason string) (*string, error) {
	if status != Returned {
		return nil, nil //nolint:nilnil // no reason and no fault
	}
	var f fault.Fields
	why := &reason
	text.OptionalAt(&f, "/reason", &why, maxReason)
	if f.Len() == 0 {
		f.Check(why != nil, "/reason", "field_required")
	}
	return why, f.Err(fault.Invalid, "registration_invalid")
}

// Registration returns a registration with its sessions.
//
// Faults: organization_unknown, forbidden, registration_unknown.
func (s *Service) Registration(ctx context.Context, actor auth.Actor, organization org.ID, id uuid.UUID) (RegistrationView, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (RegistrationView, error) {
		if err := org.Authorize(ctx, tx, actor, auth.ScheduleRead, organization); err != nil {
			return RegistrationView{}, err
		}
		r, err := findRegistration(ctx, tx, organization, id)
		if err != nil {
			return RegistrationView{}, err
		}
		return s.viewOf(ctx, tx, r)
	})
}

// Registrations returns a page of the registrations of the filter, and the cursor of the next one.
//
// Faults: organization_unknown, forbidden.
func (s *Service) Registrations(ctx context.Context, actor auth.Actor, f RegistrationFilter) (list []RegistrationView, next *string, err error) {
	list, err = database.Read(ctx, s.db, func(tx *database.Tx) ([]RegistrationView, error) {
		sight, err := within(ctx, tx, actor, auth.ScheduleRead, f.Organization)
		if err != nil {
			return nil, err
		}
		rows, err := listRegistrations(ctx, tx, sight, f)
		if err != nil {
			return nil, err
		}
		rows, next = httpapi.Cut(rows, f.Page, func(r Registration) []string { return []string{r.Month.String(), r.ID.String()} })
		return s.viewsOf(ctx, tx, rows)
	})
	return list, next, err
}

// within decides about the organisation and returns where else the actor has the permission.
func within(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id org.ID) (org.Sight, error) {
	if err := org.Authorize(ctx, tx, actor, permission, id); err != nil {
		return org.Sight{}, err
	}
	return org.Scope(ctx, tx, actor, permission)
}

func (s *Service) viewOf(ctx context.Context, tx *database.Tx, r Registration) (RegistrationView, error) {
	views, err := s.viewsOf(ctx, tx, []Registration{r})
	if err != nil {
		return RegistrationView{}, err
	}
	return views[0], nil
}

func (s *Service) viewsOf(ctx context.Context, tx *database.Tx, rows []Registration) ([]RegistrationView, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	sessions, err := plannedOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	book, err := rules.Embedded()
	if err != nil {
		return nil, err
	}
	views := make([]RegistrationView, len(rows))
	for i, r := range rows {
		done := s.zone.DateOf(r.RegisteredAt)
		due := book.RegistrationDue(r.Month)
		views[i] = RegistrationView{Registration: r, Sessions: sessions[r.ID], DueOn: due, InTime: inTime(due, &done, tx.Today())}
	}
	return views, nil
}

func equal[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
