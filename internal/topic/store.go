package topic

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/text"
)

// Find returns the topic; fault: topic_unknown.
func Find(ctx context.Context, tx *database.Tx, id ID) (Topic, error) {
	t, err := database.Of[Topic](database.Gorm(ctx, tx)).Where("id = ?", id).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Topic{}, ErrUnknown
	}
	if err != nil {
		return Topic{}, fmt.Errorf("find topic %s: %w", id, err)
	}
	return t, nil
}

// LookupAll returns those of the topics that exist.
func LookupAll(ctx context.Context, tx *database.Tx, ids []ID) (map[ID]Topic, error) {
	found := make(map[ID]Topic, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := database.Of[Topic](database.Gorm(ctx, tx)).Where("id IN ?", ids).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up topics: %w", err)
	}
	for _, t := range rows {
		found[t.ID] = t
	}
	return found, nil
}

// insert stores a new topic; faults: id_taken, code_taken.
func insert(ctx context.Context, tx *database.Tx, t *Topic) error {
	audit.Touch(tx, Sealed(), t.ID)
	same, err := database.Of[Topic](database.Gorm(ctx, tx)).Where("id = ?", t.ID).Count(ctx, "*")
	if err != nil {
		return fmt.Errorf("look for topic %s: %w", t.ID, err)
	}
	if same > 0 {
		return ErrIDTaken
	}
	if err := database.Of[Topic](database.Gorm(ctx, tx)).Create(ctx, t); err != nil {
		return fmt.Errorf("insert topic %s: %w", t.ID, database.Taken(err, ErrCodeTaken))
	}
	return nil
}

// save stores the topic if its version is still the one that was read; faults: version_stale, code_taken.
func save(ctx context.Context, tx *database.Tx, t *Topic) error {
	audit.Touch(tx, Sealed(), t.ID)
	match := t.Version
	t.Version, t.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Topic](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", t.ID, match).
		Select("code", "category", "title", "directive_id", "search_key", "sort_key", "version", "updated_at").Updates(ctx, *t)
	if err != nil {
		return fmt.Errorf("save topic %s: %w", t.ID, database.Taken(err, ErrCodeTaken))
	}
	if n == 0 {
		return stale(ctx, tx, t.ID)
	}
	return nil
}

// stale says that the version asked for is not the current one, and names that.
func stale(ctx context.Context, tx *database.Tx, id ID) error {
	t, err := Find(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.WithETag(ErrStale, httpapi.ETag(t.Version))
}

// list returns the topics of the filter, one more than the limit if there are more.
func list(ctx context.Context, tx *database.Tx, filter Filter) ([]Topic, error) {
	q := database.Of[Topic](database.Gorm(ctx, tx)).Where("1 = 1")
	if filter.Code != "" {
		q = q.Where("code = ?", filter.Code)
	}
	if filter.Category != "" {
		q = q.Where("category = ?", filter.Category)
	}
	if filter.Directive != nil {
		q = q.Where("directive_id = ?", *filter.Directive)
	}
	if filter.Query != "" {
		q = q.Where(`search_key LIKE ? ESCAPE '\'`, text.LikePattern(filter.Query))
	}
	if filter.UpdatedSince != nil {
		q = q.Where("updated_at >= ?", *filter.UpdatedSince)
	}
	rows, err := filter.page(q).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	return rows, nil
}

// page orders the rows and cuts out those behind the position.
func (filter Filter) page(q database.Rows[Topic]) database.Rows[Topic] {
	column, key := "sort_key", any(nil)
	if filter.After != nil {
		key = filter.After.SortKey
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
