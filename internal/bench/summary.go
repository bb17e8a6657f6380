package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"sochibo/internal/auth"
	"sochibo/internal/database"
)

const zeroID = "00000000-0000-0000-0000-000000000000"

// asker is what the hand-written statements need to know of who asks.
type asker struct {
	user, grant, token, root string
	today                    string
}

// askerOf reads the ids of the one user there is.
func askerOf(ctx context.Context, store bare) (asker, error) {
	a := asker{today: time.Now().Format(time.DateOnly)}
	err := store.transact(ctx, true, func(s sender) error {
		for query, to := range map[string]*string{
			`SELECT CAST(id AS text) FROM user_account`:                                 &a.user,
			`SELECT CAST(id AS text) FROM role_grant`:                                   &a.grant,
			`SELECT CAST(id AS text) FROM api_token`:                                    &a.token,
			`SELECT CAST(id AS text) FROM organization WHERE code = '` + rootCode + `'`: &a.root,
		} {
			first, err := s.ask(ctx, query)
			if err != nil {
				return err
			}
			*to = fmt.Sprint(first)
		}
		return nil
	})
	return a, err
}

// authenticate is the transaction that every request begins with.
func (a asker) authenticate(ctx context.Context, store bare) error {
	return store.transact(ctx, true, func(s sender) error {
		_, err := s.ask(ctx, holderSQL, a.token)
		return err
	})
}

func (a asker) authorize(ctx context.Context, s sender, organization string) error {
	if _, err := s.ask(ctx, grantSQL, a.user, a.today, a.today, a.grant); err != nil {
		return err
	}
	_, err := s.ask(ctx, chainSQL, organization, a.today, a.today)
	return err
}

// summarize sends everything that a summary takes.
func (a asker) summarize(ctx context.Context, store bare, from, to string) error {
	if err := a.authenticate(ctx, store); err != nil {
		return err
	}
	return store.transact(ctx, true, func(s sender) error {
		if err := a.authorize(ctx, s, a.root); err != nil {
			return err
		}
		for _, next := range []struct {
			sql  string
			args []any
		}{
			{organizationSQL, []any{a.root}}, {headSQL, nil}, {balanceSQL(), []any{a.root, zeroID, from, to}}, {openingSQL(), []any{a.root, zeroID, from}},
		} {
			if _, err := s.ask(ctx, next.sql, next.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// balances sends the balance query alone.
func (a asker) balances(ctx context.Context, store bare, from, to string) error {
	return store.transact(ctx, true, func(s sender) error {
		_, err := s.ask(ctx, balanceSQL(), a.root, zeroID, from, to)
		return err
	})
}

// summaries asks for the summary of trees of different sizes.
func (b *bench) summaries(ctx context.Context) error {
	b.printf("\n### Summary of the whole tree over %d months\n\n", b.size.treeMonths)
	b.printf("| engine | cells | in the handler | over the loopback | its statements, bare | balance query alone | handler ÷ statements | loopback ÷ statements |\n")
	b.printf("|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, s := range b.stores {
		var medians []time.Duration
		for _, cells := range b.size.trees {
			median, err := b.summary(ctx, s, shape{cells: cells, members: 2, months: b.size.treeMonths})
			if err != nil {
				return fmt.Errorf("summary, %s, %d cells: %w", s.engine, cells, err)
			}
			medians = append(medians, median)
		}
		first, last := medians[0], medians[len(medians)-1]
		b.printf("| %s | %d → %d | %.2f× | | | | | |\n", s.engine, b.size.trees[0], b.size.trees[len(medians)-1], last.Seconds()/first.Seconds())
	}
	return nil
}

func (b *bench) summary(ctx context.Context, s store, folder shape) (median time.Duration, err error) {
	served, address, err := b.load(ctx, s, fmt.Sprintf("summary%d", folder.cells), folder)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, served.stop()) }()
	if err := served.admit(ctx, auth.RoleAuditor); err != nil {
		return 0, err
	}
	store, err := openBare(ctx, s.engine, address)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	who, err := askerOf(ctx, store)
	if err != nil {
		return 0, err
	}
	if s.engine == database.Postgres {
		if err := settle(ctx, address); err != nil {
			return 0, err
		}
	}
	n, from, to := b.size.summaries, month(0), month(folder.months-1)
	path := "/api/v1/organizations/" + who.root + "/summary?from=" + from + "&to=" + to
	spreads, err := taking(b.size.rounds,
		times(n, func() error { return served.inside(ctx, http.MethodGet, path, nil, http.StatusOK) }),
		times(n, func() error { return served.outside(ctx, http.MethodGet, path, nil, http.StatusOK) }),
		times(n, func() error { return who.summarize(ctx, store, from, to) }),
		times(n, func() error { return who.balances(ctx, store, from, to) }),
	)
	if err != nil {
		return 0, err
	}
	handler, loopback, statements, query := spreads[0].of(n), spreads[1].of(n), spreads[2].of(n), spreads[3].of(n)
	b.printf("| %s | %d | %s | %s | %s | %s | %s | %s |\n", s.engine, folder.cells, handler, loopback, statements, query,
		handler.over(statements), loopback.over(statements))
	return handler.median(), nil
}
