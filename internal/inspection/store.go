package inspection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
)

// find returns the inspection; fault: inspection_unknown.
func find(ctx context.Context, tx *database.Tx, id ID) (Inspection, error) {
	i, err := database.Of[Inspection](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Inspection{}, ErrUnknown
	}
	if err != nil {
		return Inspection{}, fmt.Errorf("find inspection %s: %w", id, err)
	}
	return i, nil
}

// seen is the condition under which the actor sees what the column's organisation keeps of an inspection; fault: forbidden for those who may see
// none anywhere.
func seen(ctx context.Context, tx *database.Tx, actor auth.Actor, column string) (string, []any, error) {
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.InspectionRead)
	where, args := sight.ForRow().Where(column)
	return where, args, err
}

// findVisible returns an inspection whose inspecting organisation the actor may see; faults: inspection_unknown, forbidden.
func findVisible(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Inspection, error) {
	where, args, err := seen(ctx, tx, actor, "inspection.organization_id")
	if err != nil {
		return Inspection{}, err
	}
	i, err := find(ctx, tx, id)
	if err != nil {
		return Inspection{}, err
	}
	n, err := database.Of[Inspection](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Count(ctx, "*")
	if err == nil && n == 0 {
		err = ErrUnknown
	}
	return i, err
}

// insert stores a new inspection; faults: id_taken, code_taken.
func insert(ctx context.Context, tx *database.Tx, i *Inspection) error {
	audit.Touch(tx, Sealed(), i.ID)
	if _, err := find(ctx, tx, i.ID); err == nil {
		return ErrIDTaken
	} else if !errors.Is(err, ErrUnknown) {
		return err
	}
	if err := database.Of[Inspection](database.Gorm(ctx, tx)).Create(ctx, i); err != nil {
		return fmt.Errorf("insert inspection %s: %w", i.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// insertObject stores a new object of a round.
func insertObject(ctx context.Context, tx *database.Tx, o Object) error {
	audit.Touch(tx, Sealed(), o.InspectionID)
	if err := database.Of[Object](database.Gorm(ctx, tx)).Create(ctx, &o); err != nil {
		return fmt.Errorf("insert object of inspection %s: %w", o.InspectionID, err)
	}
	return nil
}

// objectsOf returns the objects of a round in the order in which they were added.
func objectsOf(ctx context.Context, tx *database.Tx, id ID) ([]Object, error) {
	rows, err := database.Of[Object](database.Gorm(ctx, tx)).Where("inspection_id = ?", id).Order("created_at, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("objects of inspection %s: %w", id, err)
	}
	return rows, nil
}

// AnyVersion is a match that every version meets.
const AnyVersion int64 = -1

const bump = `UPDATE inspection SET version = version + 1, updated_at = ?
	WHERE id = ? AND (CAST(? AS bigint) = -1 OR version = ?) RETURNING version`

// touch gives the inspection its next version because a part changed, and locks its row; AnyVersion takes any version.
// Fault: version_stale.
func touch(ctx context.Context, tx *database.Tx, i *Inspection, match int64) error {
	audit.Touch(tx, Sealed(), i.ID)
	var versions []int64
	if err := database.Gorm(ctx, tx).Raw(bump, tx.Now, i.ID, match, match).Scan(&versions).Error; err != nil {
		return fmt.Errorf("touch inspection %s: %w", i.ID, err)
	}
	if len(versions) == 0 {
		current, err := find(ctx, tx, i.ID)
		if err != nil {
			return err
		}
		return fault.WithETag(ErrStale, httpapi.ETag(current.Version))
	}
	i.Version, i.UpdatedAt = versions[0], tx.Now
	return nil
}

// Order is the order of a list of inspections.
type Order string

// The orders: the first day, or the last change.
const (
	ByFrom    Order = "from"
	ByUpdated Order = "updated"
)

// Filter says which inspections to list; zero fields do not narrow.
type Filter struct {
	Organization *org.ID // the inspecting one, today
	Scope        string  // org.ScopeOwn, or that organisation with those below it
	Code         string
	Body         org.Body
	Kind         Kind
	From         *calendar.Date // begins on this day or later
	To           *calendar.Date // begins on this day or earlier
	Query        string
	UpdatedSince *time.Time
	Order        Order
	After        *Position
	Limit        int
}

// Position is the last row of the page before.
type Position struct {
	From      calendar.Date
	UpdatedAt time.Time
	ID        ID
}

// ofOrganization is how many inspections an organisation makes, or remedies it owes, about.
const ofOrganization = 2

// list returns the inspections of the filter the actor may see, one more than the limit if there are more.
func list(ctx context.Context, tx *database.Tx, actor auth.Actor, filter Filter) ([]Inspection, error) {
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.InspectionRead)
	if err != nil {
		return nil, err
	}
	if sight, err = sight.Within(ctx, tx, org.Given(filter.Organization), filter.Scope, ofOrganization); err != nil {
		return nil, err
	}
	where, args := sight.Where("inspection.organization_id")
	q := database.Of[Inspection](database.Gorm(ctx, tx)).Where(where, args...)
	if q, err = database.Search(ctx, tx, filter.narrow(q), filter.Query); err != nil {
		return nil, err
	}
	rows, err := filter.page(q).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list inspections: %w", err)
	}
	return rows, nil
}

// narrow adds the conditions on the inspection's own columns.
func (filter Filter) narrow(q database.Rows[Inspection]) database.Rows[Inspection] {
	for column, word := range map[string]string{"code": filter.Code, "body": string(filter.Body), "kind": string(filter.Kind)} {
		if word != "" {
			q = q.Where(column+" = ?", word)
		}
	}
	if filter.From != nil {
		q = q.Where("from_on >= ?", *filter.From)
	}
	if filter.To != nil {
		q = q.Where("from_on <= ?", *filter.To)
	}
	if filter.UpdatedSince != nil {
		q = q.Where("updated_at >= ?", *filter.UpdatedSince)
	}
	return q
}

// page orders the rows and cuts out those behind the position.
func (filter Filter) page(q database.Rows[Inspection]) database.Rows[Inspection] {
	column, key := "from_on", any(nil)
	if filter.After != nil {
		key = filter.After.From
	}
	if filter.Order == ByUpdated {
		column = "updated_at"
		if filter.After != nil {
			key = filter.After.UpdatedAt
		}
	}
	if filter.After != nil {
		q = q.Where("("+column+", id) > (?, ?)", key, filter.After.ID)
	}
	return q.Order(column + ", id").Limit(filter.Limit + 1)
}
