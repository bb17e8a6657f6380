package activity

import (
	"context"

	"sochibo/internal/auth"
	"sochibo/internal/database"
	"sochibo/internal/summary"
)

// Assess returns the strengths and shortcomings of the period by the rules that come with the program.
//
// Faults: organization_unknown, forbidden, activity_too_large.
func (s *Service) Assess(ctx context.Context, actor auth.Actor, q Query) (Assessment, error) {
	return database.Read(ctx, s.db, func(tx *database.Tx) (Assessment, error) {
		o, err := authorized(ctx, tx, actor, q.Organization)
		if err != nil {
			return Assessment{}, err
		}
		sum, err := s.summaries.Compose(ctx, tx, actor, summary.Query{
			Organization: q.Organization, Period: q.Period, Scope: q.Scope, Basis: q.Basis, Base: summary.Eligible, Tree: summary.AtMeeting,
		})
		if err != nil {
			return Assessment{}, err
		}
		a, err := compose(ctx, tx, o, q)
		if err != nil {
			return Assessment{}, err
		}
		rows, err := tasksOf(ctx, tx, q)
		if err != nil {
			return Assessment{}, err
		}
		list, err := ruleBook()
		if err != nil {
			return Assessment{}, err
		}
		out := Assessment{
			Organization: a.Organization, Period: a.Period, Scope: q.Scope, Basis: q.Basis, RuleSets: sum.RuleSets,
		}
		out.Findings, err = assess(list, figuresOf(q, sum, a, completion(o, q, rows, tx.Today())), sum.RuleSets)
		return out, err
	})
}
