package member

import (
	"context"
	"fmt"
	"slices"
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

// The orders: the Vietnamese order of names, that of the last change or, with a query, those first whose name holds exactly what was typed.
const (
	ByName    Order = "name"
	ByUpdated Order = "updated"
	ByMatch   Order = "match"
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
	Match     []string // its keys
	ID        ID
}

// The ways in which a member belongs to an organisation today, of which an actor sees the members: by the home that counts, as temporarily
// here, or in an office. Each begins with a place for what names the member from outside, and has one for the organisations.
const (
	seenAtHome = `SELECT s.member_id FROM membership s WHERE %s%s AND s.valid_from = coalesce(
		(SELECT max(p.valid_from) FROM membership p WHERE p.member_id = s.member_id AND p.valid_from <= ?),
		(SELECT min(p.valid_from) FROM membership p WHERE p.member_id = s.member_id))`
	seenHere = `SELECT h.member_id FROM member_status h
		WHERE %sh.status = 'temporarily_here' AND %s AND h.valid_from <= ? AND (h.valid_to IS NULL OR h.valid_to >= ?)`
	seenInOffice = `SELECT o.member_id FROM office o
		WHERE %s%s AND o.valid_from <= ? AND (o.valid_to IS NULL OR o.valid_to >= ?)`
	atHomeToday = `SELECT s.member_id FROM membership s
		WHERE %s%s AND s.valid_from <= ? AND (s.valid_to IS NULL OR s.valid_to >= ?)`
	statusToday = `id IN (SELECT s.member_id FROM member_status s
		WHERE s.status = ? AND s.valid_from <= ? AND (s.valid_to IS NULL OR s.valid_to >= ?))`
)

// belonging is a way of belonging to organisations: a query, the alias of its table, and how often it asks for the day.
type belonging struct {
	query, alias string
	days         int
}

// belongs returns the condition that a member belongs in one of the ways to organisations in the sight. From few organisations the members
// are gathered; where there are more, each member is asked.
func belongs(sight org.Sight, day calendar.Date, ways ...belonging) (sql string, args []any) {
	queries := make([]string, len(ways))
	for i, way := range ways {
		named := ""
		if !sight.Few() {
			named = way.alias + ".member_id = member.id AND "
		}
		within, more := sight.Where(way.alias + ".organization_id")
		queries[i] = fmt.Sprintf(way.query, named, within)
		args = append(args, more...)
		for range way.days {
			args = append(args, day)
		}
	}
	if sight.Few() {
		return "member.id IN (" + strings.Join(queries, " UNION ") + ")", args
	}
	return "(EXISTS (" + strings.Join(queries, database.PerRow+") OR EXISTS (") + database.PerRow + "))", args
}

// seen is the condition under which an actor with this sight sees a member.
func seen(sight org.Sight, day calendar.Date) (sql string, args []any) {
	if sight.All() {
		return "TRUE", nil
	}
	return belongs(sight, day, belonging{seenAtHome, "s", 1}, belonging{seenHere, "h", 2}, belonging{seenInOffice, "o", 2})
}

// homeWithin is the condition that a member is at home today in one of the organisations.
func homeWithin(within org.Sight, day calendar.Date) (sql string, args []any) {
	return belongs(within, day, belonging{atHomeToday, "s", 2})
}

// findVisible returns a member the actor may see; fault: member_unknown.
func findVisible(ctx context.Context, tx *database.Tx, actor auth.Actor, id ID) (Member, error) {
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.MemberRead)
	if err != nil {
		return Member{}, err
	}
	where, args := seen(sight.ForRow(), tx.Today())
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
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.MemberRead)
	if err != nil {
		return nil, err
	}
	where, args := seen(sight.ForRow(), tx.Today())
	members, err := database.Of[Member](database.Gorm(ctx, tx)).Where("id IN ?", ids).Where(where, args...).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("visible members: %w", err)
	}
	for _, m := range members {
		found[m.ID] = m
	}
	return found, nil
}

// ofOrganization is how many members a cell has, about.
const ofOrganization = 12

// condition is one that members belong to organisations in a sight.
type condition struct {
	sight org.Sight
	where func(org.Sight, calendar.Date) (sql string, args []any)
}

// conditions are those of the filter and of what the actor sees, the narrower first. The second says nothing where all of the first is in sight.
func (filter Filter) conditions(ctx context.Context, tx *database.Tx, actor auth.Actor) ([]condition, error) {
	sight, err := org.ScopeAnywhere(ctx, tx, actor, auth.MemberRead)
	if err != nil {
		return nil, err
	}
	visible := condition{sight, seen}
	if filter.Organization == nil {
		return []condition{visible}, nil
	}
	within := condition{org.Chosen(tx, *filter.Organization, filter.Scope), homeWithin}
	covered, err := sight.Covers(ctx, tx, *filter.Organization, filter.Scope)
	if covered {
		return []condition{within}, err
	}
	return []condition{within, visible}, err
}

// list returns the members of the filter the actor may see, one more than the limit if there are more.
func list(ctx context.Context, tx *database.Tx, actor auth.Actor, filter Filter) ([]Member, error) {
	conditions, err := filter.conditions(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	rows, drawn, err := filter.drawn(ctx, tx, conditions)
	if err == nil && !drawn {
		rows, err = filter.ordered(ctx, tx, conditions)
	}
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return rows, nil
}

// ordered reads the list from what is searched for or in its order.
func (filter Filter) ordered(ctx context.Context, tx *database.Tx, conditions []condition) (rows []Member, err error) {
	few, paged := false, slices.Clone(conditions)
	for i, c := range conditions {
		if paged[i].sight, err = c.sight.ForPage(ctx, tx, ofOrganization); err != nil {
			return nil, err
		}
		few = few || paged[i].sight.Few()
	}
	q, err := filter.sorted(ctx, tx, few)
	if err != nil {
		return nil, err
	}
	if q, err = filter.narrow(ctx, tx, q, paged); err != nil {
		return nil, err
	}
	return q.Limit(filter.Limit + 1).Find(ctx)
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

// narrow adds the conditions on where members belong and those on the member alone.
func (filter Filter) narrow(
	ctx context.Context, tx *database.Tx, q database.Rows[Member], conditions []condition,
) (database.Rows[Member], error) {
	for _, c := range conditions {
		where, args := c.where(c.sight, tx.Today())
		q = q.Where(where, args...)
	}
	if filter.SameName != "" {
		same, err := sameName(ctx, tx, filter.SameName)
		if err != nil {
			return q, err
		}
		q = q.Where("id IN ?", same)
	}
	if filter.Code != "" {
		q = q.Where("code = ?", filter.Code)
	}
	if filter.Gender != "" {
		q = q.Where("gender = ?", filter.Gender)
	}
	if filter.Status != "" {
		q = q.Where(statusToday, filter.Status, tx.Today(), tx.Today())
	}
	if filter.UpdatedSince != nil {
		q = q.Where("updated_at >= ?", *filter.UpdatedSince)
	}
	return q, nil
}

// sorted begins the list: what is searched for, in its order, from the position on.
func (filter Filter) sorted(ctx context.Context, tx *database.Tx, few bool) (database.Rows[Member], error) {
	all := database.Of[Member](database.Gorm(ctx, tx))
	after := filter.After
	if filter.Order == ByMatch {
		var match []string
		if after != nil {
			match = after.Match
		}
		return database.Matches(all, filter.Query, database.ParseMatch(match), few), nil
	}
	q, err := database.Search(ctx, tx, all, filter.Query)
	if err != nil {
		return q, err
	}
	if filter.Order == ByUpdated {
		if after != nil {
			q = q.Where("(updated_at, id) > (?, ?)", after.UpdatedAt, after.ID)
		}
		return q.Order("updated_at, id"), nil
	}
	if after != nil {
		q = q.Where("(sort_key, id) > (?, ?)", after.SortKey, after.ID)
	}
	return q.Order("sort_key, id"), nil
}

// match returns the keys of a row in the order of matches.
func (filter Filter) match(m Member) []string {
	return database.MatchOf(filter.Query, m.SearchKey, m.ID.String()).Keys()
}
