package summary

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"sochibo/internal/auth"
	"sochibo/internal/calendar"
	"sochibo/internal/database"
	"sochibo/internal/ledger"
	"sochibo/internal/org"
	"sochibo/internal/rules"
)

// Service answers questions for summaries.
type Service struct {
	db   *database.DB
	zone calendar.Zone
}

// New returns the service.
func New(db *database.DB, zone calendar.Zone) *Service { return &Service{db: db, zone: zone} }

// For returns the figures that the query asks for.
//
// Faults: organization_unknown, forbidden, as_of_unknown.
func (s *Service) For(ctx context.Context, actor auth.Actor, q Query) (Summary, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Summary, error) {
		if err := org.Authorize(ctx, tx, actor, auth.SummaryRead, q.Organization); err != nil {
			return Summary{}, err
		}
		return s.Compose(ctx, tx, actor, q)
	})
}

// ForCode is For with the organisation named by its code.
func (s *Service) ForCode(ctx context.Context, actor auth.Actor, code string, q Query) (Summary, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Summary, error) {
		o, err := org.FindByCode(ctx, tx, code)
		if err != nil {
			return Summary{}, err
		}
		if err := org.Authorize(ctx, tx, actor, auth.SummaryRead, o.ID); err != nil {
			return Summary{}, err
		}
		q.Organization = o.ID
		return s.Compose(ctx, tx, actor, q)
	})
}

// Compose is For within a transaction of the caller, who has asked for the right to read. Faults: organization_unknown, as_of_unknown.
func (s *Service) Compose(ctx context.Context, tx *database.Tx, actor auth.Actor, q Query) (Summary, error) {
	o, err := org.Find(ctx, tx, q.Organization)
	if err != nil {
		return Summary{}, err
	}
	asOf, err := s.asOf(ctx, tx, q)
	if err != nil {
		return Summary{}, err
	}
	b, err := read(ctx, tx, q, asOf)
	if err != nil {
		return Summary{}, err
	}
	total := b.fold(func(org.ID) org.ID { return ledger.Total })
	out := Summary{
		Organization: named(o), Period: PeriodOf{q.Period.From, q.Period.To, q.Period.Months()},
		Scope: q.Scope, Basis: q.Basis, Base: q.Base, Tree: q.Tree, AsOf: asOf, GroupBy: q.GroupBy,
		Figures: total.figures(q.Period), Links: q.links(),
	}
	out.Headline = headline(out.Figures, total, q.Period)
	if out.RuleSets, err = ruleSets(q.Period); err != nil {
		return Summary{}, err
	}
	if q.GroupBy == ByChild {
		out.Groups, err = b.children(ctx, tx, actor, q)
		return out, err
	}
	out.Groups = total.groups(q.Period, q.GroupBy)
	return out, nil
}

// asOf finds where the ledger stood, and the day by which months count as ended then.
func (s *Service) asOf(ctx context.Context, tx *database.Tx, q Query) (AsOf, error) {
	head, err := ledger.At(ctx, tx, q.AsOfEntry, q.AsOfInstant)
	if err != nil {
		return AsOf{}, err
	}
	known := tx.Now
	switch {
	case q.AsOfEntry != 0:
		known = head.RecordedAt
	case !q.AsOfInstant.IsZero():
		known = q.AsOfInstant
	}
	return AsOf{Entry: head.Number, RecordedAt: head.RecordedAt.UTC(), Day: s.zone.Today(known)}, nil
}

// selection asks the ledger for what the query needs.
func (q Query) selection(asOf AsOf) ledger.Selection {
	selection := ledger.Selection{Organization: q.Organization, Part: ledger.Whole, Period: q.Period, Basis: q.Basis}
	switch {
	case q.Scope == OwnOnly:
		selection.Part = ledger.Own
	case q.Tree == Current:
		selection.Part = ledger.CurrentSubtree
	case q.GroupBy == ByChild:
		selection.Part = ledger.ByChild
	}
	if q.AsOfEntry != 0 || !q.AsOfInstant.IsZero() {
		selection.AsOf = asOf.Entry
	}
	return selection
}

func read(ctx context.Context, tx *database.Tx, q Query, asOf AsOf) (book, error) {
	selection := q.selection(asOf)
	rows, openings, err := ledger.Read(ctx, tx, selection)
	if err != nil {
		return book{}, err
	}
	b := book{rows: rows, openings: openings, today: asOf.Day, base: q.Base}
	if slices.ContainsFunc(rows, func(r ledger.Row) bool { return r.Rounds != 0 }) {
		b.objects, err = inspected(ctx, tx, selection)
	}
	return b, err
}

func ruleSets(period calendar.Period) ([]string, error) {
	all, err := rules.Embedded()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, set := range all.Within(period) {
		ids = append(ids, set.ID)
	}
	return ids, nil
}

func named(o org.Organization) Named { return Named{ID: o.ID, Code: o.Code, Name: o.Name} }

// groups splits the figures by time. A quarter or year is clipped to the period.
func (b book) groups(period calendar.Period, by GroupBy) []Group {
	var groups []Group
	for month := range period.All() {
		key := keyOf(month, by)
		if key == "" || len(groups) > 0 && groups[len(groups)-1].Key == key {
			continue
		}
		part := calendar.Period{From: month, To: month}
		for part.To.Before(period.To) && keyOf(part.To.Add(1), by) == key {
			part.To = part.To.Add(1)
		}
		groups = append(groups, Group{Key: key, Figures: b.figures(part)})
	}
	return groups
}

func keyOf(month calendar.Month, by GroupBy) string {
	switch by {
	case ByMonth:
		return month.String()
	case ByQuarter:
		return month.Quarter().String()
	case ByYear:
		return fmt.Sprintf("%04d", month.Year())
	case ByNothing, ByChild:
	}
	return ""
}

// children splits the figures by the child they came through; the organisation's own part stands under itself. A child out of the
// actor's reach is there with its id alone: its figures are in the total anyway.
func (b book) children(ctx context.Context, tx *database.Tx, actor auth.Actor, q Query) ([]Group, error) {
	if q.Scope == Subtree && q.Tree == Current {
		child, err := currentChildren(ctx, tx, q.Organization)
		if err != nil {
			return nil, err
		}
		b = b.fold(func(id org.ID) org.ID { return child[id] })
	}
	ids := b.vias()
	if !slices.Contains(ids, q.Organization) {
		ids = append(ids, q.Organization)
	}
	sight, err := org.Scope(ctx, tx, actor, auth.OrganizationRead)
	if err != nil {
		return nil, err
	}
	byID, err := org.LookupSeen(ctx, tx, sight, ids)
	if err != nil {
		return nil, err
	}
	groups := []Group{}
	for _, id := range ids {
		g := Group{Key: id.String(), Figures: b.part(id).figures(q.Period)}
		if o, seen := byID[id]; seen {
			name := named(o)
			g.Organization = &name
			if o.Code != nil {
				g.Key = *o.Code
			}
		}
		if id == q.Organization || !g.Figures.empty() {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(x, y Group) int { return strings.Compare(x.Key, y.Key) })
	return groups, nil
}

func (f Figures) empty() bool {
	return len(f.Sessions) == 0 && f.Inspections == Inspections{} && f.Coverage == Coverage{} && f.ThematicQuarters.Due == 0
}

// links leads to exactly the meetings that were counted.
func (q Query) links() Links {
	v := url.Values{}
	v.Set("counted_for", q.Organization.String())
	v.Set("period_from", q.Period.From.String())
	v.Set("period_to", q.Period.To.String())
	v.Set("scope", string(q.Scope))
	v.Set("basis", string(q.Basis))
	return Links{Meetings: "/api/v1/meetings?" + v.Encode()}
}
