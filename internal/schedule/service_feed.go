package schedule

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// ErrTooManyFeeds asks to revoke a feed before another is made.
var ErrTooManyFeeds = fault.With(fault.New(fault.Conflict, "calendar_feeds_too_many"), fault.Args{"limit": maxFeeds})

// OpenFeed makes a private address for one of the caller's own grants and returns it with its secret, which is kept nowhere. It takes a
// login session: a token makes no address that would outlive it.
//
// Faults: login_session_needed, calendar_feed_expiry, calendar_feeds_too_many, forbidden, calendar_feed_invalid (field_required,
// text_too_long, word_unknown, reference_unknown).
func (s *Service) OpenFeed(ctx context.Context, actor auth.Actor, in FeedInput) (Feed, string, error) {
	var secret string
	feed, err := audit.Write(ctx, s.db, actor.Act("calendar_feed.open"), func(tx *database.Tx) (Feed, error) {
		if actor.SessionID == uuid.Nil {
			return Feed{}, auth.ErrSessionNeeded
		}
		feed, err := in.row(actor.UserID, tx.Now)
		if err != nil {
			return Feed{}, err
		}
		if err := mayFeed(ctx, tx, actor, feed); err != nil {
			return Feed{}, err
		}
		if secret, err = newSecret(); err != nil {
			return Feed{}, err
		}
		feed.Hash = hashOf(secret)
		return feed, insertFeed(ctx, tx, &feed)
	})
	return feed, secret, err
}

// mayFeed asks whether the grant is one of the caller's own and reaches the organisation.
func mayFeed(ctx context.Context, tx *database.Tx, actor auth.Actor, feed Feed) error {
	var f fault.Fields
	own, err := org.GrantsOf(ctx, tx, actor)
	if err != nil {
		return err
	}
	if !f.Check(slices.ContainsFunc(own, func(g org.Grant) bool { return g.ID == feed.GrantID }), "/grant_id", "reference_unknown") {
		return f.Err(fault.Invalid, "calendar_feed_invalid")
	}
	err = org.Authorize(ctx, tx, feed.reader(), auth.ScheduleRead, feed.OrganizationID)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		f.Check(false, "/organization_id", "reference_unknown")
		return f.Err(fault.Invalid, "calendar_feed_invalid")
	}
	if err != nil {
		return err
	}
	n, err := countFeeds(ctx, tx, actor.UserID)
	if err == nil && n >= maxFeeds {
		err = ErrTooManyFeeds
	}
	return err
}

// Feeds returns a page of the caller's feeds, ended ones among them, and the cursor of the next one.
func (s *Service) Feeds(ctx context.Context, actor auth.Actor, page httpapi.Page) (list []Feed, next *string, err error) {
	list, err = database.Read(ctx, s.db, func(tx *database.Tx) ([]Feed, error) {
		rows, err := listFeeds(ctx, tx, actor.UserID, page)
		if err != nil {
			return nil, err
		}
		rows, next = httpapi.Cut(rows, page, func(f Feed) []string { return []string{f.ID.String()} })
		return rows, nil
	})
	return list, next, err
}

// CloseFeed ends one of the caller's feeds at once.
//
// Faults: calendar_feed_unknown.
func (s *Service) CloseFeed(ctx context.Context, actor auth.Actor, id uuid.UUID) error {
	_, err := audit.Write(ctx, s.db, actor.Act("calendar_feed.close"), func(tx *database.Tx) (struct{}, error) {
		feed, err := findFeed(ctx, tx, id)
		if err == nil && feed.UserID != actor.UserID {
			err = ErrFeedUnknown
		}
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, revokeFeed(ctx, tx, id)
	})
	return err
}

// ReadFeed returns the calendar at a private address. Whatever keeps it closed looks the same: a wrong secret, an end, a user who is
// disabled, a grant that no longer holds or no longer reaches the organisation.
//
// Faults: calendar_feed_unknown, schedule_too_large.
func (s *Service) ReadFeed(ctx context.Context, id uuid.UUID, secret string) ([]byte, error) {
	v, err := database.Read(ctx, s.db, func(tx *database.Tx) (View, error) {
		feed, err := findFeed(ctx, tx, id)
		if err != nil {
			return View{}, err
		}
		if !feed.usable(secret, tx.Now) {
			return View{}, ErrFeedUnknown
		}
		owner, err := auth.FindUser(ctx, tx, feed.UserID)
		if err != nil {
			return View{}, err
		}
		if owner.DisabledAt != nil {
			return View{}, ErrFeedUnknown
		}
		v, err := s.view(ctx, tx, feed.reader(), feed.OrganizationID, feed.Scope, feedPeriod(tx.Today()))
		if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Forbidden) {
			err = ErrFeedUnknown
		}
		return v, err
	})
	if err != nil {
		return nil, err
	}
	return v.Calendar(s.zone)
}
