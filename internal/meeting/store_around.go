package meeting

import (
	"context"
	"fmt"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// What follows is what a room to the right needs to judge a meeting by its record and by the meetings around it.

// Visible returns a meeting that the caller may read.
//
// Faults: meeting_unknown.
func Visible(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Meeting, error) {
	return (&Service{}).see(ctx, tx, actor, id)
}

// Hold keeps a meeting as it is until the transaction ends, for an act that changes nothing of it and that the caller may do; match is
// the version the caller has seen, nil where the act rests on something else.
//
// Faults: meeting_unknown, forbidden, version_stale, meeting_wrong_status for one whose status is none of those given.
func Hold(
	ctx context.Context, tx *database.Tx, actor auth.Actor, permission httpapi.Permission, id ID, match *int64, statuses ...Status,
) (Meeting, error) {
	m, err := (&Service{}).see(ctx, tx, actor, id)
	if err != nil {
		return m, err
	}
	if err := org.Authorize(ctx, tx, actor, permission, m.OrganizationID); err != nil {
		return m, err
	}
	if m, err = lock(ctx, tx, id); err != nil {
		return m, err
	}
	if match != nil {
		if err := m.stale(*match); err != nil {
			return m, err
		}
	}
	return m, m.must(statuses...)
}

// CountedIn returns the counted meetings of an organisation for the months, in the order in which they were held.
func CountedIn(ctx context.Context, tx *database.Tx, organization org.ID, months calendar.Period) ([]Meeting, error) {
	rows, err := database.Of[Meeting](database.Gorm(ctx, tx)).
		Where("organization_id = ? AND period_month BETWEEN ? AND ?", organization, months.From, months.To).
		Where("status IN ? AND forms NOT IN ?", []Status{Submitted, Accepted}, []Form{Congress, Other}).
		Order("period_month, held_on, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("counted meetings of %s: %w", organization, err)
	}
	return rows, nil
}

// VersionsOf returns the record versions of a meeting without their bytes, the first one first.
func VersionsOf(ctx context.Context, tx *database.Tx, id ID) ([]RecordVersion, error) {
	return listVersions(ctx, tx, id)
}
