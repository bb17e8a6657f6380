package activity

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/directive"
	"sochibo/internal/org"
	"sochibo/internal/rules"
	"sochibo/internal/summary"
	"sochibo/internal/topic"
)

// Service answers what sessions were made of.
type Service struct {
	db        *database.DB
	summaries *summary.Service
}

// New returns the service; the summaries give the figures that balances tell.
func New(db *database.DB, summaries *summary.Service) *Service {
	return &Service{db: db, summaries: summaries}
}

// For returns what the sessions of the query were made of.
//
// Faults: organization_unknown, forbidden, activity_too_large.
func (s *Service) For(ctx context.Context, actor auth.Actor, q Query) (Activity, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Activity, error) {
		o, err := authorized(ctx, tx, actor, q.Organization)
		if err != nil {
			return Activity{}, err
		}
		return compose(ctx, tx, o, q)
	})
}

// authorized returns the organisation whose figures the actor may read.
func authorized(ctx context.Context, tx *database.Tx, actor auth.Actor, id org.ID) (org.Organization, error) {
	if err := org.Authorize(ctx, tx, actor, auth.SummaryRead, id); err != nil {
		return org.Organization{}, err
	}
	return org.Find(ctx, tx, id)
}

func compose(ctx context.Context, tx *database.Tx, o org.Organization, q Query) (Activity, error) {
	book, err := rules.Embedded()
	if err != nil {
		return Activity{}, err
	}
	if err := checkSize(ctx, tx, q); err != nil {
		return Activity{}, err
	}
	t := newTally(book, q.Threshold)
	if err := eachRecord(ctx, tx, q, t.add); err != nil {
		return Activity{}, err
	}
	out := Activity{
		Organization: named(o), Period: periodOf(q.Period), Scope: q.Scope, Basis: q.Basis, Base: summary.Eligible,
		Bodies: t.figures(), Links: q.links(),
	}
	for _, set := range book.Within(q.Period) {
		out.RuleSets = append(out.RuleSets, set.ID)
	}
	topics, err := topic.LookupAll(ctx, tx, keys(t.topics))
	if err != nil {
		return Activity{}, err
	}
	directives, err := directive.LookupAll(ctx, tx, keys(t.directives))
	out.Thematic, out.Directives = t.thematic(topics), t.studied(directives)
	return out, err
}

func keys[K comparable, V any](m map[K]V) []K {
	list := make([]K, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	return list
}

func named(o org.Organization) summary.Named {
	return summary.Named{ID: o.ID, Code: o.Code, Name: o.Name}
}

func periodOf(p calendar.Period) summary.PeriodOf {
	return summary.PeriodOf{From: p.From, To: p.To, Months: p.Months()}
}

// links leads to exactly the meetings that were counted.
func (q Query) links() summary.Links {
	v := url.Values{}
	v.Set("counted_for", q.Organization.String())
	v.Set("period_from", q.Period.From.String())
	v.Set("period_to", q.Period.To.String())
	v.Set("scope", string(q.Scope))
	v.Set("basis", string(q.Basis))
	return summary.Links{Meetings: "/api/v1/meetings?" + v.Encode()}
}

// CompletionOf returns what became of the tasks due in the period.
//
// Faults: organization_unknown, forbidden.
func (s *Service) CompletionOf(ctx context.Context, actor auth.Actor, q Query, by GroupBy) (Completion, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Completion, error) {
		o, err := authorized(ctx, tx, actor, q.Organization)
		if err != nil {
			return Completion{}, err
		}
		rows, err := tasksOf(ctx, tx, q)
		if err != nil {
			return Completion{}, err
		}
		out := completion(o, q, rows, tx.Today())
		switch out.GroupBy = by; by {
		case ByNothing:
		case ByChild:
			out.Groups, err = childGroups(ctx, tx, actor, rows)
		case ByMonth, ByQuarter, ByYear:
			out.Groups = timeGroups(rows, by)
		}
		return out, err
	})
}

func completion(o org.Organization, q Query, rows []taskCount, today calendar.Date) Completion {
	v := url.Values{}
	v.Set("organization_id", q.Organization.String())
	v.Set("scope", string(q.Scope))
	v.Set("due_from", q.Period.First().String())
	v.Set("due_to", q.Period.Last().String())
	return Completion{
		Organization: named(o), Period: periodOf(q.Period), Scope: q.Scope, Basis: q.Basis, Day: today,
		Tasks: sumOf(rows, func(taskCount) bool { return true }), Links: TaskLinks{"/api/v1/tasks?" + v.Encode()},
	}
}

// childGroups splits the counts by the child they came through; one out of the actor's reach is there with its id alone.
func childGroups(ctx context.Context, tx *database.Tx, actor auth.Actor, rows []taskCount) ([]TaskGroup, error) {
	var ids []org.ID
	for _, r := range rows {
		if !slices.Contains(ids, r.ViaID) {
			ids = append(ids, r.ViaID)
		}
	}
	sight, err := org.Scope(ctx, tx, actor, auth.OrganizationRead)
	if err != nil {
		return nil, err
	}
	seen, err := org.LookupSeen(ctx, tx, sight, ids)
	if err != nil {
		return nil, err
	}
	groups := make([]TaskGroup, len(ids))
	for i, id := range ids {
		groups[i] = TaskGroup{Key: id.String(), Tasks: sumOf(rows, func(r taskCount) bool { return r.ViaID == id })}
		if o, known := seen[id]; known {
			name := named(o)
			groups[i].Organization = &name
			if o.Code != nil {
				groups[i].Key = *o.Code
			}
		}
	}
	slices.SortFunc(groups, func(a, b TaskGroup) int { return strings.Compare(a.Key, b.Key) })
	return groups, nil
}
