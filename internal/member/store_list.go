package member

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/org"
	"sochibo/internal/text"
)

// Order is the order of a list of members.
type Order string

// The orders: the Vietnamese order of names, or that of the last change.
const (
	ByName    Order = "name"
	ByUpdated Order = "updated"
)

// Filter says which members to list; zero fields do not narrow.
type Filter struct {
	Organization *org.ID // where the members are at home today
	Scope        string  // org.ScopeOwn, or that organisation with those below it
	Code         string
	Gender       Gender
	Status       StatusKind // holds today
	Query        string
	SameName     string // spelt like this, whatever the case and the place of the tone
	UpdatedSince *time.Time
	Order        Order
	After        *Position
	Limit        int
}

// Position is the last row of the page before.
type Position struct {
	SortKey   string
	UpdatedAt time.Time
	ID        ID
}

const (
	visibleHome = `id IN (SELECT s.member_id FROM membership s WHERE %s AND s.valid_from = coalesce(
		(SELECT max(p.valid_from) FROM membership p WHERE p.member_id = s.member_id AND p.valid_from <= ?),
		(SELECT min(p.valid_from) FROM membership p WHERE p.member_id = s.member_id)))`
	visibleHere = `id IN (SELECT h.member_id FROM member_status h
		WHERE h.status = 'temporarily_here' AND %s AND h.valid_from <= ? AND (h.valid_to IS NULL OR h.valid_to >= ?))`
	visibleOffice = `id IN (SELECT o.member_id FROM office o
		WHERE %s AND o.valid_from <= ? AND (o.valid_to IS NULL OR o.valid_to >= ?))`
	atHomeToday = `id IN (SELECT s.member_id FROM membership s
		WHERE %s AND s.valid_from <= ? AND (s.valid_to IS NULL OR s.valid_to >= ?))`
	statusToday = `id IN (SELECT s.member_id FROM member_status s
		WHERE s.status = ? AND s.valid_from <= ? AND (s.valid_to IS NULL OR s.valid_to >= ?))`
)

// visible is the condition under which the actor sees a member: by the home that counts today, as temporarily here, or in an office.
// Fault: forbidden for those who may see members nowhere.
func visible(ctx context.Context, tx *database.Tx, actor auth.Actor) (string, []any, error) {
	scope, err := org.Scope(ctx, tx, actor, auth.MemberRead)
	switch {
	case err != nil:
		return "", nil, err
	case scope.None():
		return "", nil, org.ErrForbidden
	case scope.All():
		return "1 = 1", nil, nil
	}
	day := tx.Today()
	home, args := scope.Where("s.organization_id")
	here, hereArgs := scope.Where("h.organization_id")
	office, officeArgs := scope.Where("o.organization_id")
	all := append(append([]any{}, args...), day)
	all = append(append(all, hereArgs...), day, day)
	all = append(append(all, officeArgs...), day, day)
	parts := []string{
		fmt.Sprintf(visibleHome, home), fmt.Sprintf(visibleHere, here), fmt.Sprintf(visibleOffice, office),
	}
	return "(" + strings.Join(parts, " OR ") + ")", all, nil
}

// findVisible returns a member the actor may see; fault: member_unknown.
func findVisible(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Member, error) {
	where, args, err := visible(ctx, tx, actor)
	if err != nil {
		return Member{}, err
	}
	found, err := database.Of[Member](database.Gorm(ctx, tx)).Where("id = ?", id).Where(where, args...).Find(ctx)
	if err != nil {
		return Member{}, fmt.Errorf("find member %s: %w", id, err)
	}
	if len(found) == 0 {
		return Member{}, ErrUnknown
	}
	return found[0], nil
}

// VisibleAll returns those of the members that exist and that the actor may see.
func VisibleAll(ctx context.Context, tx *database.Tx, actor auth.Actor, ids []ID) (map[ID]Member, error) {
	found := make(map[ID]Member, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	where, args, err := visible(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	members, err := database.Of[Member](database.Gorm(ctx, tx)).Where("id IN ?", ids).Where(where, args...).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("visible members: %w", err)
	}
	for _, m := range members {
		found[m.ID] = m
	}
	return found, nil
}

// list returns the members of the filter the actor may see, one more than the limit if there are more.
func list(ctx context.Context, tx *database.Tx, actor auth.Actor, filter Filter) ([]Member, error) {
	where, args, err := visible(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	q := database.Of[Member](database.Gorm(ctx, tx)).Where(where, args...)
	if filter.Organization != nil {
		condition, args := org.Narrow(ctx, tx, *filter.Organization, filter.Scope, "s.organization_id")
		q = q.Where(fmt.Sprintf(atHomeToday, condition), append(args, tx.Today(), tx.Today())...)
	}
	if filter.SameName != "" {
		same, err := sameName(ctx, tx, filter.SameName)
		if err != nil {
			return nil, err
		}
		q = q.Where("id IN ?", same)
	}
	q = filter.narrow(q, tx.Today())
	rows, err := filter.page(q).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return rows, nil
}

// sameName returns the members whose name is the same but for its spelling. Those with the same letters are few, so that the tones are
// compared here.
func sameName(ctx context.Context, tx *database.Tx, name string) ([]ID, error) {
	rows, err := database.Of[Member](database.Gorm(ctx, tx)).Where("search_key = ?", text.SearchKey(name)).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("members of one name: %w", err)
	}
	ids := []ID{{}} // no member has it, and a list must not be empty
	for _, m := range rows {
		if text.NameKey(m.FullName) == text.NameKey(name) {
			ids = append(ids, m.ID)
		}
	}
	return ids, nil
}

// narrow adds the conditions on the member's own columns.
func (filter Filter) narrow(q database.Rows[Member], day calendar.Date) database.Rows[Member] {
	if filter.Code != "" {
		q = q.Where("code = ?", filter.Code)
	}
	if filter.Gender != "" {
		q = q.Where("gender = ?", filter.Gender)
	}
	if filter.Status != "" {
		q = q.Where(statusToday, filter.Status, day, day)
	}
	if filter.Query != "" {
		q = q.Where(`search_key LIKE ? ESCAPE '\'`, text.LikePattern(filter.Query))
	}
	if filter.UpdatedSince != nil {
		q = q.Where("updated_at >= ?", *filter.UpdatedSince)
	}
	return q
}

// page orders the rows and cuts out those behind the position.
func (filter Filter) page(q database.Rows[Member]) database.Rows[Member] {
	if filter.Order == ByUpdated {
		if filter.After != nil {
			q = q.Where("(updated_at, id) > (?, ?)", filter.After.UpdatedAt, filter.After.ID)
		}
		return q.Order("updated_at, id").Limit(filter.Limit + 1)
	}
	if filter.After != nil {
		q = q.Where("(sort_key, id) > (?, ?)", filter.After.SortKey, filter.After.ID)
	}
	return q.Order("sort_key, id").Limit(filter.Limit + 1)
}
