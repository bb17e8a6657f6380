package topic

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sochibo/internal/audit"
	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/fault"
	"sochibo/internal/httpapi"
	"sochibo/internal/org"
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

// seen is the condition under which the actor sees a topic; fault: forbidden for those who may read no registry anywhere.
func seen(ctx context.Context, tx *database.Tx, actor auth.Actor) (string, []any, error) {
	if err := org.AuthorizeAnywhere(ctx, tx, actor, auth.RegistryRead); err != nil {
		return "", nil, err
	}
	sight, err := org.Scope(ctx, tx, actor, auth.RegistryRead)
	where, args := sight.ForRow().WhereOffered("topic.organization_id")
	return "(topic.organization_id IS NULL OR " + where + ")", args, err
}

// Seen returns a topic that the actor sees, with its links. Faults: topic_unknown, forbidden.
func Seen(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Topic, error) {
	where, args, err := seen(ctx, tx, actor)
	if err != nil {
		return Topic{}, err
	}
	t, err := database.Of[Topic](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Topic{}, ErrUnknown
	}
	if err != nil {
		return Topic{}, fmt.Errorf("find topic %s: %w", id, err)
	}
	one := []Topic{t}
	err = linked(ctx, tx, one)
	return one[0], err
}

// Offered returns the topics that an organisation is offered on a day, of itself, of all above it then, and of nobody, in the order of
// their titles.
func Offered(ctx context.Context, tx *database.Tx, to org.ID, on calendar.Date) ([]Topic, error) {
	chain, err := org.ChainOn(ctx, tx, to, on)
	if err != nil {
		return nil, err
	}
	rows, err := database.Of[Topic](database.Gorm(ctx, tx)).
		Where("organization_id IS NULL OR organization_id IN ?", chain).Order("sort_key, id").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("topics offered to %s: %w", to, err)
	}
	return slices.DeleteFunc(rows, func(t Topic) bool { return !t.Offered(chain, on) }), nil
}

// linked fills in the links of the topics.
func linked(ctx context.Context, tx *database.Tx, topics []Topic) error {
	at := make(map[ID]int, len(topics))
	ids := make([]ID, len(topics))
	for i, t := range topics {
		at[t.ID], ids[i] = i, t.ID
	}
	if len(ids) == 0 {
		return nil
	}
	links, err := database.Of[Link](database.Gorm(ctx, tx)).Where("topic_id IN ?", ids).Order("topic_id, position").Find(ctx)
	if err != nil {
		return fmt.Errorf("links of topics: %w", err)
	}
	for _, link := range links {
		t := &topics[at[link.TopicID]]
		t.Links = append(t.Links, link)
	}
	return nil
}

// relink makes the links of a topic the only ones stored.
func relink(ctx context.Context, tx *database.Tx, t *Topic) error {
	audit.Touch(tx, Sealed(), t.ID)
	if _, err := database.Of[Link](database.Gorm(ctx, tx)).Where("topic_id = ?", t.ID).Delete(ctx); err != nil {
		return fmt.Errorf("clear links of topic %s: %w", t.ID, err)
	}
	if len(t.Links) == 0 {
		return nil
	}
	if err := database.Of[Link](database.Gorm(ctx, tx)).CreateInBatches(ctx, &t.Links, len(t.Links)); err != nil {
		return fmt.Errorf("write links of topic %s: %w", t.ID, err)
	}
	return nil
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
	return relink(ctx, tx, t)
}

// save stores the topic if its version is still the one that was read; faults: version_stale, code_taken.
func save(ctx context.Context, tx *database.Tx, t *Topic) error {
	audit.Touch(tx, Sealed(), t.ID)
	match := t.Version
	t.Version, t.UpdatedAt = match+1, tx.Now
	n, err := database.Of[Topic](database.Gorm(ctx, tx)).Where("id = ? AND version = ?", t.ID, match).
		Select("code", "category", "title", "outline", "directive_id", "retired_on", "search_key", "sort_key", "version", "updated_at").
		Updates(ctx, *t)
	if err != nil {
		return fmt.Errorf("save topic %s: %w", t.ID, database.Taken(err, ErrCodeTaken))
	}
	if n == 0 {
		return stale(ctx, tx, t.ID)
	}
	return relink(ctx, tx, t)
}

// stale says that the version asked for is not the current one, and names that.
func stale(ctx context.Context, tx *database.Tx, id ID) error {
	t, err := Find(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.WithETag(ErrStale, httpapi.ETag(t.Version))
}

// list returns the topics of the filter that the actor sees, one more than the limit if there are more. Fault: forbidden.
func list(ctx context.Context, tx *database.Tx, actor auth.Actor, filter Filter) ([]Topic, error) {
	where, args, err := seen(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	q := database.Of[Topic](database.Gorm(ctx, tx)).Where(where, args...)
	if filter.OfferedTo != nil {
		chain, err := org.ChainOn(ctx, tx, *filter.OfferedTo, tx.Today())
		if err != nil {
			return nil, err
		}
		q = q.Where("(organization_id IS NULL OR organization_id IN ?) AND (retired_on IS NULL OR retired_on > ?)", chain, tx.Today())
	}
	if q, err = database.Search(ctx, tx, filter.narrow(tx, q), filter.Query); err != nil {
		return nil, err
	}
	rows, err := filter.page(q).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	return rows, linked(ctx, tx, rows)
}

// narrow adds the conditions on the topic's own columns.
func (filter Filter) narrow(tx *database.Tx, q database.Rows[Topic]) database.Rows[Topic] {
	if filter.Organization != nil {
		q = q.Where("organization_id = ?", *filter.Organization)
	}
	if filter.Retired != nil {
		q = q.Where("(retired_on IS NOT NULL AND retired_on <= ?) = ?", tx.Today(), *filter.Retired)
	}
	if filter.Code != "" {
		q = q.Where("code = ?", filter.Code)
	}
	if filter.Category != "" {
		q = q.Where("category = ?", filter.Category)
	}
	if filter.Directive != nil {
		q = q.Where("directive_id = ?", *filter.Directive)
	}
	if filter.UpdatedSince != nil {
		q = q.Where("updated_at >= ?", *filter.UpdatedSince)
	}
	return q
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
