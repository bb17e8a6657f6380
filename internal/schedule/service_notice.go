package schedule

import (
	"context"

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
)

// Posted is what was posted for a meeting, against its deadline: the first thing posted decides.
type Posted struct {
	MeetingID meeting.ID
	Items     []Notice
	DueOn     *calendar.Date
	InTime    *bool
}

// first is the day on which the first thing was posted, or nil.
func (s *Service) first(items []Notice) *calendar.Date {
	var first *calendar.Date
	for _, n := range items {
		if day := s.zone.DateOf(n.PostedAt); first == nil || day.Before(*first) {
			first = &day
		}
	}
	return first
}

// open finds a meeting on which the actor has the permission; who may not even read the schedule is told of no meeting.
func open(ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id meeting.ID) (sitting, error) {
	of, err := findSitting(ctx, tx, id)
	if err != nil {
		return of, err
	}
	err = org.Authorize(ctx, tx, actor, auth.ScheduleRead, of.OrganizationID)
	if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Forbidden) {
		return of, meeting.ErrUnknown
	}
	if err != nil || permission == auth.ScheduleRead {
		return of, err
	}
	return of, org.Authorize(ctx, tx, actor, permission, of.OrganizationID)
}

// Post notes what was posted for a meeting, after what is there.
//
// Faults: meeting_unknown, forbidden, meeting_wrong_status, notice_invalid with the places.
func (s *Service) Post(ctx context.Context, actor auth.Actor, of meeting.ID, in Posting) (Posted, error) {
	return audit.Write(ctx, s.db, actor.Act("notice.post"), func(tx *database.Tx) (Posted, error) {
		m, err := open(ctx, tx, actor, auth.MeetingWrite, of)
		if err != nil {
			return Posted{}, err
		}
		if _, err := org.Lock(ctx, tx, m.OrganizationID); err != nil {
			return Posted{}, err
		}
		if m.Status == meeting.Cancelled {
			return Posted{}, fault.With(meeting.ErrWrongStatus, fault.Args{"status": string(m.Status), "allowed": "scheduled, held, submitted, accepted"})
		}
		posting := Posting{PostedAt: in.PostedAt, Items: append([]PostedItem(nil), in.Items...)}
		var f fault.Fields
		posting.check(&f, tx.Now)
		if err := f.Err(fault.Invalid, "notice_invalid"); err != nil {
			return Posted{}, err
		}
		before, err := noticesOf(ctx, tx, of)
		if err != nil {
			return Posted{}, err
		}
		rows := make([]Notice, len(posting.Items))
		for i, item := range posting.Items {
			rows[i] = Notice{
				ID: uuid.Must(uuid.NewV7()), MeetingID: of, Position: after(before) + i + 1, Kind: item.Kind, Title: item.Title, Link: item.Link,
				PostedAt: posting.PostedAt, RecordedBy: actor.Editor(), CreatedAt: tx.Now,
			}
		}
		if err := insertNotices(ctx, tx, rows); err != nil {
			return Posted{}, err
		}
		return s.posted(m, append(before, rows...), tx.Today())
	})
}

// after is the last position there is.
func after(items []Notice) int {
	if len(items) == 0 {
		return 0
	}
	return items[len(items)-1].Position
}

func (s *Service) posted(m sitting, items []Notice, today calendar.Date) (Posted, error) {
	book, err := rules.Embedded()
	if err != nil {
		return Posted{}, err
	}
	due := book.DocumentsDue(m.HeldOn)
	return Posted{MeetingID: m.ID, Items: items, DueOn: due, InTime: inTime(due, s.first(items), today)}, nil
}

// Notices returns what was posted for a meeting.
//
// Faults: meeting_unknown.
func (s *Service) Notices(ctx context.Context, actor auth.Actor, of meeting.ID) (Posted, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Posted, error) {
		m, err := open(ctx, tx, actor, auth.ScheduleRead, of)
		if err != nil {
			return Posted{}, err
		}
		items, err := noticesOf(ctx, tx, of)
		if err != nil {
			return Posted{}, err
		}
		return s.posted(m, items, tx.Today())
	})
}
