package resolution

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/member"
	"sochibo/internal/org"
)

// Order is the order of a list.
type Order string

// The orders: the day of adoption, the day something is due, the last change. Rows without the day come last.
const (
	ByAdopted Order = "adopted"
	ByDue     Order = "due"
	ByUpdated Order = "updated"
)

// Filter says which rows to list; zero fields do not narrow.
type Filter struct {
	Organization *org.ID // of the meeting, today
	Scope        string  // org.ScopeOwn, or that organisation with those below it
	Meeting      *uuid.UUID
	Code         string
	From         *calendar.Date // adopted or due on this day or later
	To           *calendar.Date // adopted or due on this day or earlier
	Assignee     *member.ID     // of tasks
	Status       TaskStatus     // of tasks
	UpdatedSince *time.Time
	Order        Order
	After        *Position
	Limit        int
}

// Position is the last row of the page before.
type Position struct {
	Day       calendar.Date
	UpdatedAt time.Time
	ID        uuid.UUID
}

// noDay stands for a missing day, so that rows without one come last.
func noDay() calendar.Date { return calendar.MustDate("2199-12-31") }

// day returns the day by which a row is sorted.
func day(d *calendar.Date) calendar.Date {
	if d == nil {
		return noDay()
	}
	return *d
}

// row is a table this room lists.
type row interface {
	Resolution | Task
	TableName() string
}

// ofMeetings is the condition that a row is of a meeting m for which the condition holds. The meetings of few organisations are gathered; where
// there are many, each row is asked.
func ofMeetings[R row](few bool, where string) string {
	if few {
		return "meeting_id IN (SELECT m.id FROM meeting m WHERE " + where + ")"
	}
	return "EXISTS (SELECT 1 FROM meeting m WHERE m.id = " + (*new(R)).TableName() + ".meeting_id AND " + where + database.PerRow + ")"
}

// ofOrganization is how many resolutions and tasks a cell has, about.
const ofOrganization = 30

// listRows returns the rows of the filter whose meetings the actor may see, one more than the limit if there are more; column is the
// day by which they are sorted.
func listRows[R row](ctx context.Context, tx *database.Tx, actor auth.Actor, filter Filter, column string) ([]R, error) {
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.MeetingRead)
	if err != nil {
		return nil, err
	}
	if sight, err = sight.Within(ctx, tx, org.Given(filter.Organization), filter.Scope, ofOrganization); err != nil {
		return nil, err
	}
	where, args := sight.WhereRecords("m.organization_id", "m.status")
	q := database.Of[R](database.Gorm(ctx, tx)).Where(ofMeetings[R](sight.Few(), where), args...)
	rows, err := page(narrow(q, filter, column), filter, column).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list what meetings decided: %w", err)
	}
	return rows, nil
}

// narrow adds the conditions on the row's own columns.
func narrow[R row](q database.Rows[R], filter Filter, column string) database.Rows[R] {
	if filter.Meeting != nil {
		q = q.Where("meeting_id = ?", *filter.Meeting)
	}
	if filter.Code != "" {
		q = q.Where("code = ?", filter.Code)
	}
	if filter.From != nil {
		q = q.Where(column+" >= ?", *filter.From)
	}
	if filter.To != nil {
		q = q.Where(column+" <= ?", *filter.To)
	}
	if filter.Assignee != nil {
		q = q.Where("assignee_id = ?", *filter.Assignee)
	}
	if filter.Status != "" {
		q = q.Where("status = ?", filter.Status)
	}
	if filter.UpdatedSince != nil {
		q = q.Where("updated_at >= ?", *filter.UpdatedSince)
	}
	return q
}

// page orders the rows and cuts out those behind the position.
func page[R row](q database.Rows[R], filter Filter, column string) database.Rows[R] {
	order, key := "coalesce("+column+", '"+noDay().String()+"')", any(nil)
	if filter.After != nil {
		key = filter.After.Day
	}
	if filter.Order == ByUpdated {
		order = "updated_at"
		if filter.After != nil {
			key = filter.After.UpdatedAt
		}
	}
	if filter.After != nil {
		q = q.Where("("+order+", id) > (?, ?)", key, filter.After.ID)
	}
	return q.Order(order + ", id").Limit(filter.Limit + 1)
}

// findVisible returns a row whose meeting the actor may see, and whether there is one.
func findVisible[R row](ctx context.Context, tx *database.Tx, actor auth.Actor, id uuid.UUID) (R, bool, error) {
	var none R
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.MeetingRead)
	if err != nil {
		return none, false, err
	}
	where, args := sight.ForRow().WhereRecords("m.organization_id", "m.status")
	found, err := database.Of[R](database.Gorm(ctx, tx)).Where("id = ?", id).Where(ofMeetings[R](false, where), args...).Find(ctx)
	if err != nil {
		return none, false, fmt.Errorf("find what a meeting decided: %w", err)
	}
	if len(found) == 0 {
		return none, false, nil
	}
	return found[0], true, nil
}
