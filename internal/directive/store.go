package directive

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
)

// Find returns the directive; fault: directive_unknown.
func Find(ctx context.Context, tx *database.Tx, id ID) (Directive, error) {
	d, err := database.Of[Directive](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Directive{}, ErrUnknown
	}
	if err != nil {
		return Directive{}, fmt.Errorf("find directive %s: %w", id, err)
	}
	return d, nil
}

// LookupAll returns those of the directives that exist.
func LookupAll(ctx context.Context, tx *database.Tx, ids []ID) (map[ID]Directive, error) {
	found := make(map[ID]Directive, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := database.Of[Directive](database.Gorm(ctx, tx)).Where("id IN ?", ids).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up directives: %w", err)
	}
	for _, d := range rows {
		found[d.ID] = d
	}
	return found, nil
}

// refuseSecond fails where another directive of the issuer has the number and the day; fault: directive_exists. Folders may bring two
// such rows, under codes of their own, and stores from before this rule may hold them.
func refuseSecond(ctx context.Context, tx *database.Tx, d Directive) error {
	const same = "number = ? AND issued_on = ? AND coalesce(issuer, '') = coalesce(CAST(? AS text), '') AND id <> ?"
	found, err := database.Of[Directive](database.Gorm(ctx, tx)).Where(same, d.Number, d.IssuedOn, d.Issuer, d.ID).Order("id").Limit(1).Find(ctx)
	if err != nil {
		return fmt.Errorf("look for directive %s again: %w", d.ID, err)
	}
	if len(found) > 0 {
		return fault.With(ErrExists, fault.Args{"directive_id": found[0].ID.String()})
	}
	return nil
}

// insert stores a new directive; faults: id_taken, code_taken.
func insert(ctx context.Context, tx *database.Tx, d *Directive) error {
	audit.Touch(tx, Sealed(), d.ID)
	same, err := database.Of[Directive](database.Gorm(ctx, tx)).Where("id = ?", d.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for directive %s: %w", d.ID, err)
	}
	if same > 0 {
		return ErrIDTaken
	}
	if err := database.Of[Directive](database.Gorm(ctx, tx)).Create(ctx, d); err != nil {
		return fmt.Errorf("insert directive %s: %w", d.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// save stores the directive if its version is still the one that was read; faults: version_stale, code_taken.
func save(ctx context.Context, tx *database.Tx, d *Directive) error {
	audit.Touch(tx, Sealed(), d.ID)
	match := d.Version
	d.Version, d.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Directive](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", d.ID, match).
		Select("code", "number", "issuer", "issued_on", "title", "search_key", "version", "updated_at").Updates(ctx, *d)
	if err != nil {
		return fmt.Errorf("save directive %s: %w", d.ID, database.Taken(err, ErrCodeTaken))
	}
	if n == 0 {
		return stale(ctx, tx, d.ID)
	}
	return nil
}

// stale says that the version asked for is not the current one, and names that.
func stale(ctx context.Context, tx *database.Tx, id ID) error {
	d, err := Find(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.WithETag(ErrStale, httpapi.ETag(d.Version))
}

// list returns the directives of the filter, one more than the limit if there are more.
func list(ctx context.Context, tx *database.Tx, filter Filter) ([]Directive, error) {
	q := database.Of[Directive](database.Gorm(ctx, tx)).Where("1 = 1")
	if filter.Code != "" {
		q = q.Where("code = ?", filter.Code)
	}
	if filter.Number != "" {
		q = q.Where("number = ?", filter.Number)
	}
	if filter.From != nil {
		q = q.Where("issued_on >= ?", *filter.From)
	}
	if filter.To != nil {
		q = q.Where("issued_on <= ?", *filter.To)
	}
	if filter.UpdatedSince != nil {
		q = q.Where("updated_at >= ?", *filter.UpdatedSince)
	}
	q, err := database.Search(ctx, tx, q, filter.Query)
	if err != nil {
		return nil, err
	}
	rows, err := filter.page(q).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list directives: %w", err)
	}
	return rows, nil
}

// page orders the rows and cuts out those behind the position.
func (filter Filter) page(q database.Rows[Directive]) database.Rows[Directive] {
	column, key := "issued_on", any(nil)
	if filter.After != nil {
		key = filter.After.IssuedOn
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
